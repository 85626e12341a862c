// `writ explain`: one decision, why it is that one, and what would have to be otherwise for
// another.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "context.h"
#include "decision.h"
#include "load.h"
#include "request.h"
#include "table_page.h"
#include "writ/analysis/counterfactual.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/calendar.h"

namespace writ::cli {
namespace {

using analysis::CapabilityPage;
using analysis::PageRow;
using nlohmann::ordered_json;

struct ExplainFlags {
  std::string table, now, arguments;
  std::vector<std::string> words;
};

const PageRow* RowOf(const std::vector<PageRow>& rows, std::uint32_t column) {
  for (const PageRow& row : rows) {
    if (std::ranges::find(row.columns, column) != row.columns.end()) return &row;
  }
  return nullptr;
}

std::string When(const PageRow& row) {
  return row.when.empty() ? WhenAlways(row) : Joined(row.when, " or ");
}

// Collects what is said about one request, as JSON that the text is printed from.
class Explainer {
 public:
  Explainer(const runtime::Table& table, const BoundRequest& bound)
      : table_(table), request_(bound.Get()) {}

  ordered_json Run() {
    if (!request_.capability.valid()) {
      ordered_json json = DecisionJson(table_, runtime::Decide(table_, nullptr, request_));
      json["facts"] = ordered_json::object();
      for (const char* key : {"missing", "lost", "regions", "duties", "otherwise"})
        json[key] = ordered_json::array();
      return json;
    }
    page_ = analysis::DescribeCapability(table_, request_.capability);
    const std::size_t words = table_.Matrix(request_.capability).word_count();
    bits_.resize(words);
    decision_ = runtime::Match(table_, nullptr, request_, bits_.data(), bits_.size());
    ordered_json json = DecisionJson(table_, decision_);
    if (const PageRow* row = RowOf(page_.rows, decision_.column);
        row != nullptr && decision_.builtin == runtime::BuiltinRow::kNone) {
      json["when"] = When(*row);
    }
    Asked(json);
    json["facts"] = Facts();
    json["missing"] = Missing();
    json["lost"] = Lost();
    json["regions"] = Regions();
    json["duties"] = Duties();
    Otherwise(json);
    return json;
  }

 private:
  bool Holds(std::uint32_t column) const { return (bits_[column / 64] >> (column % 64) & 1) != 0; }

  void Asked(ordered_json& json) const {
    if (decision_.verdict != runtime::Verdict::kEscalate || !decision_.anchor.valid()) return;
    for (const analysis::PageAnchor& anchor : page_.anchors) {
      if (anchor.name != table_.Anchor(decision_.anchor).name) continue;
      std::string text = Joined(anchor.held_by);
      if (!anchor.deputies.empty()) text += ", then " + Joined(anchor.deputies);
      if (const std::string reached = ReachedBy(anchor); !reached.empty()) text += "; " + reached;
      json["asked"] = text + "; on silence " + anchor.silence;
    }
  }

  // What the capability reads, as given: the first thing to check when a decision surprises.
  ordered_json Facts() const {
    ordered_json facts = ordered_json::object();
    const runtime::MatrixView matrix = table_.Matrix(request_.capability);
    for (std::uint32_t i = 0; i < matrix.signature_count(); ++i) {
      const runtime::FactId fact = matrix.Signature(i).fact;
      const std::string_view name = table_.Fact(fact).name;
      if (name == "now" || name == "role" || IsUnrecordedHeader(fact)) continue;
      facts[std::string(name)] = evals::FormatValue(table_, fact, request_.values[fact.value]);
    }
    return facts;
  }

  // One that is not there denies under `strict` alone, and is the row then.
  bool IsUnrecordedHeader(runtime::FactId fact) const {
    return table_.Fact(fact).source == runtime::Source::kHeader &&
           table_.Fact(fact).name == "header" &&
           request_.values[fact.value].kind == runtime::ValueKind::kMissing;
  }

  std::string WhyStale(runtime::EvidenceId id) const {
    const runtime::EvidenceView view = table_.Evidence(id);
    const runtime::Value& at = request_.values[view.at.value];
    if (at.kind != runtime::ValueKind::kNumber) return "it was not given";
    if (at.number > request_.now_ms) return "it is dated after the request";
    if (at.number <
        runtime::WindowStart(table_, request_.now_ms, view.within_ms, view.within_months)) {
      return fmt::format("it is older than {}",
                         analysis::FormatWindow(view.within_ms, view.within_months));
    }
    return "it is about something else";
  }

  // What counts against the request because nobody said it.
  ordered_json Missing() const {
    ordered_json missing = ordered_json::array();
    for (std::uint32_t e = 0; e < table_.evidence_count(); ++e) {
      const runtime::EvidenceId id{e};
      const bool read = std::ranges::any_of(
          page_.evidence, [&](const auto& item) { return item.name == table_.Evidence(id).name; });
      if (!read || analysis::IsFresh(table_, id, request_)) continue;
      missing.push_back({{"name", fmt::format("evidence {}", table_.Evidence(id).name)},
                         {"means", "not fresh: " + WhyStale(id)}});
    }
    for (const analysis::PageFact& fact : page_.facts) {
      const runtime::FactId id = table_.FindFact(fact.name);
      const runtime::FactView view = table_.Fact(id);
      const bool stale =
          view.evidence.valid() && !analysis::IsFresh(table_, view.evidence, request_);
      if (fact.source == "run" || IsUnrecordedHeader(id) ||
          (request_.values[id.value].kind != runtime::ValueKind::kMissing && !stale))
        continue;
      const bool word = fact.missing == "deny" || fact.missing == "escalate";
      missing.push_back(
          {{"name", fact.name}, {"means", word ? "its word is " + fact.missing : fact.missing}});
    }
    return missing;
  }

  ordered_json Lost() const {
    ordered_json lost = ordered_json::array();
    if (decision_.builtin != runtime::BuiltinRow::kNone) return lost;
    const PageRow* winner = RowOf(page_.rows, decision_.column);
    for (const PageRow& row : page_.rows) {
      if (&row == winner) continue;
      const auto held =
          std::ranges::find_if(row.columns, [&](std::uint32_t c) { return Holds(c); });
      if (held == row.columns.end()) continue;
      ordered_json one{{"decision", row.decision}, {"when", When(row)}, {"clauses", row.clauses}};
      if (row.line != 0) one["place"] = PlaceOf(row);
      one["why"] = analysis::WhyItLost(table_, decision_, *held);
      lost.push_back(std::move(one));
    }
    return lost;
  }

  ordered_json Regions() const {
    ordered_json regions = ordered_json::array();
    const runtime::MatrixView matrix = table_.Matrix(request_.capability);
    for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
      const runtime::ColumnView column = matrix.Column(c);
      if (column.kind != runtime::ColumnKind::kRegion || !Holds(c)) continue;
      if (std::string name(table_.Region(column.name));
          std::ranges::find(regions, ordered_json(name)) == regions.end())
        regions.push_back(std::move(name));
    }
    return regions;
  }

  ordered_json Duties() const {
    ordered_json duties = ordered_json::array();
    for (const PageRow& row : page_.duties) {
      if (std::ranges::none_of(row.columns, [&](std::uint32_t c) { return Holds(c); })) continue;
      duties.push_back({{"duty", row.decision}, {"words", row.words}, {"place", PlaceOf(row)}});
    }
    return duties;
  }

  void Otherwise(ordered_json& json) const {
    const analysis::Counterfactuals found = analysis::FindCounterfactuals(table_, request_);
    json["otherwise"] = ordered_json::array();
    static constexpr const char* kWhat[] = {"fact", "evidence", "role", "now"};
    for (const analysis::Counterfactual& one : found.nearest) {
      ordered_json changes = ordered_json::array();
      for (const analysis::FactChange& change : one.changes) {
        changes.push_back({{"what", kWhat[static_cast<std::size_t>(change.what)]},
                           {"name", change.name},
                           {"from", change.from},
                           {"to", change.to}});
      }
      json["otherwise"].push_back({{"decision", analysis::DescribeDecision(table_, one.decision)},
                                   {"changes", std::move(changes)}});
    }
    json["otherwise_complete"] = found.complete;
  }

  const runtime::Table& table_;
  const runtime::Request request_;
  CapabilityPage page_;
  std::vector<std::uint64_t> bits_;
  runtime::Decision decision_;
};

std::string ChangeText(const ordered_json& change) {
  const auto get = [&](const char* key) { return change[key].get<std::string>(); };
  if (get("what") == "evidence")
    return fmt::format("evidence {} obtained now, about this request", get("name"));
  if (get("from") == "missing")
    return fmt::format("{} = {} (it is missing)", get("name"), get("to"));
  return fmt::format("{} = {} instead of {}", get("name"), get("to"), get("from"));
}

void PrintList(const Context& context, const char* title, const ordered_json& list,
               const auto& line) {
  if (list.empty()) return;
  context.out << title << '\n';
  for (const auto& item : list) context.out << "  " << line(item) << '\n';
}

void PrintOtherwise(const Context& context, const ordered_json& json) {
  PrintList(context, "it would be otherwise", json["otherwise"], [](const ordered_json& item) {
    std::string text = item["decision"].get<std::string>() + " with ";
    for (std::size_t i = 0; i < item["changes"].size(); ++i)
      text += (i == 0 ? "" : ", and ") + ChangeText(item["changes"][i]);
    return text;
  });
  if (!json.value("otherwise_complete", true))
    context.out << "  the search was cut short: a smaller change may exist\n";
}

void Print(const Context& context, const ordered_json& json) {
  context.out << json["decision"].get<std::string>() << '\n';
  const auto line = [&](const char* label, const char* key) {
    if (json.contains(key))
      context.out << fmt::format("  {:<8} {}\n", label, json[key].get<std::string>());
  };
  line("when", "when");
  line("because", "reason");
  line("clause", "words");
  line("where", "place");
  line("named", "clause");
  line("under", "under");
  line("owner", "owner");
  line("asked", "asked");
  if (!json["facts"].empty()) context.out << "it reads\n";
  for (const auto& [name, value] : json["facts"].items()) {
    context.out << fmt::format("  {} = {}\n", name, value.get<std::string>());
  }
  const auto text = [](const ordered_json& item, const char* key) {
    return item[key].get<std::string>();
  };
  PrintList(context, "it lacks", json["missing"], [&](const ordered_json& item) {
    return fmt::format("{}: {}", text(item, "name"), text(item, "means"));
  });
  PrintList(context, "these rows hold too, and lost", json["lost"], [&](const ordered_json& item) {
    const std::string place =
        item.contains("place") ? " (" + text(item, "place") + ")" : std::string();
    const std::string when = text(item, "when");
    const bool bare = when == "always" || when == "in every other case";
    return fmt::format("{}{}{}{}: {}", text(item, "decision"), bare ? " " : " when ", when, place,
                       text(item, "why"));
  });
  PrintList(context, "besides", json["duties"], [&](const ordered_json& item) {
    return fmt::format("{}: {} ({})", text(item, "duty"), text(item, "words"), text(item, "place"));
  });
  PrintList(context, "it lies in", json["regions"],
            [](const ordered_json& item) { return "region " + item.get<std::string>(); });
  PrintOtherwise(context, json);
}

Exit Explain(const Context& context, const ExplainFlags& options) {
  const auto loaded = LoadTable(context, options.table);
  if (!loaded) return loaded.error();
  const runtime::Table& table = (*loaded)->table;
  auto written = WrittenFromWords(options.words, options.now);
  if (!written)
    return context.Fail(Exit::kUsage, written.error(),
                        "write: writ explain TABLE ROLE CAPABILITY NAME=VALUE ...");
  if (const auto taken = TakeArguments(options.arguments, *written); !taken)
    return context.Fail(Exit::kUsage, taken.error(), "write: --arguments '{\"name\": value, ...}'");
  const auto bound = BoundRequest::Bind(table, *std::move(written));
  if (!bound)
    return context.Fail(Exit::kUsage, bound.error(), "writ table TABLE shows what it can read");
  for (const std::string& why : bound->malformed()) context.err << "writ: " << why << '\n';
  const ordered_json json = Explainer(table, *bound).Run();
  if (context.json)
    context.out << json.dump(2) << '\n';
  else
    Print(context, json);
  return Exit::kPass;
}

}  // namespace

void AddExplain(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<ExplainFlags>();
  CLI::App* verb = app.add_subcommand(
      "explain", "say why a request is decided as it is, and what would change that");
  verb->footer(
      "Example:\n  writ explain refunds.wtb refund_agent get_order order=A1 "
      "pressure.loop=rising\n\n"
      "Shows the row that decided with its place in the policy, what was read and what is missing, "
      "the rows that\n"
      "lost and why, and the smallest changes that would give another decision. Each of these was "
      "decided again.");
  verb->add_option("TABLE", options->table, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("REQUEST", options->words, "ROLE CAPABILITY NAME=VALUE ...")->required();
  verb->add_option("--now", options->now, "when it is asked; the clock if not given")
      ->type_name("TIME");
  verb->add_option("--arguments", options->arguments,
                   "the call's arguments, from which the policy derives inputs")
      ->type_name("JSON");
  verb->callback([&context, options, exit] { *exit = Explain(context, *options); });
}

}  // namespace writ::cli
