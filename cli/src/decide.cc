// `writ decide`: requests in, decisions out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <istream>
#include <map>
#include <memory>
#include <ostream>

#include "context.h"
#include "decision.h"
#include "load.h"
#include "request.h"
#include "writ/analysis/table_page.h"

namespace writ::cli {
namespace {

struct DecideFlags {
  std::string table, now, requests, arguments;
  std::vector<std::string> words;  // ROLE CAPABILITY NAME=VALUE…
};

// Which columns read what no model is to see; each capability is looked at once.
class CriticColumns {
 public:
  explicit CriticColumns(const runtime::Table& table) : table_(table) {}

  bool Decided(runtime::CapabilityId capability, const runtime::Decision& decision) {
    if (decision.fact.valid() && table_.Fact(decision.fact).for_critics) return true;
    if (!capability.valid() || decision.builtin != runtime::BuiltinRow::kNone) return false;
    const auto [at, added] = known_.try_emplace(capability.value);
    if (added) at->second = analysis::ColumnsForCritics(table_, capability);
    return decision.column < at->second.size() && at->second[decision.column];
  }

 private:
  const runtime::Table& table_;
  std::map<std::uint32_t, std::vector<bool>> known_;  // by capability, by column
};

// `where`: "line 3: ", or empty.
Exit DecideOne(const Context& context, const runtime::Table& table, WrittenRequest written,
               CriticColumns& for_critics, const std::string& where) {
  const auto bound = BoundRequest::Bind(table, std::move(written));
  if (!bound)
    return context.Fail(Exit::kUsage, where + bound.error(),
                        "writ explain TABLE ROLE CAPABILITY names the facts it reads");
  const runtime::Decision decision = runtime::Decide(table, nullptr, bound->Get());
  for (const std::string& why : bound->malformed()) context.err << "writ: " << where << why << '\n';
  nlohmann::ordered_json json = DecisionJson(table, decision);
  if (context.json) {
    // What was asked for in the end belongs to the record of the decision.
    for (const evals::DerivedInput& input : bound->derived()) {
      json["derived"][std::string(table.Fact(input.fact).name)] =
          evals::FormatValue(table, input.fact, input.value);
    }
    if (bound->Get().capability.valid()) {
      auto carried_out = CarriedOutJson(table, bound->Get().capability);
      if (!carried_out.is_null()) json["carried_out"] = std::move(carried_out);
    }
    // Whoever speaks to a model leaves out why: the words, the reason, the fact.
    if (for_critics.Decided(bound->Get().capability, decision)) json["for_critics"] = true;
    context.out << json.dump() << '\n';
  } else {
    context.out << json["decision"].get<std::string>();
    if (json.contains("reason")) context.out << ": " << json["reason"].get<std::string>();
    context.out << '\n';
  }
  return Exit::kPass;
}

// One JSON object a line; a bad line is named, and the rest is still decided.
Exit DecideLines(const Context& context, const runtime::Table& table, std::istream& lines) {
  Exit worst = Exit::kPass;
  CriticColumns for_critics(table);
  std::string line;
  for (std::uint64_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("line {}: ", number);
    auto written = ParseJsonRequest(line);
    if (!written) {
      worst =
          context.Fail(Exit::kUsage, where + written.error(), "writ decide --help shows a request");
      continue;
    }
    worst = std::max(worst, DecideOne(context, table, *std::move(written), for_critics, where));
  }
  return worst;
}

Exit Decide(const Context& context, const DecideFlags& options) {
  const auto table = LoadTable(context, options.table);
  if (!table) return table.error();
  if (options.requests == "-") return DecideLines(context, (*table)->table, context.in);
  if (!options.requests.empty()) {
    std::ifstream file(options.requests);
    if (!file)
      return context.Fail(Exit::kFiles, fmt::format("`{}` cannot be read", options.requests),
                          "check the path and its permissions");
    return DecideLines(context, (*table)->table, file);
  }
  auto written = WrittenFromWords(options.words, options.now);
  if (!written)
    return context.Fail(Exit::kUsage, written.error(),
                        "write: writ decide TABLE ROLE CAPABILITY NAME=VALUE ...");
  if (const auto taken = TakeArguments(options.arguments, *written); !taken)
    return context.Fail(Exit::kUsage, taken.error(), "write: --arguments '{\"name\": value, ...}'");
  CriticColumns for_critics((*table)->table);
  return DecideOne(context, (*table)->table, *std::move(written), for_critics, "");
}

}  // namespace

void AddDecide(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<DecideFlags>();
  CLI::App* verb = app.add_subcommand("decide", "decide requests: allow, escalate or deny");
  verb->footer(
      "Examples:\n  writ decide refunds.wtb refund_agent get_order order=A1\n"
      "  writ decide refunds.wtb --requests requests.jsonl --format json\n\n"
      "A line of requests: {\"role\": \"refund_agent\", \"capability\": \"get_order\", \"now\": "
      "\"2026-11-02T10:00:00Z\",\n"
      "                     \"facts\": {\"order\": \"A1\", \"pressure.loop\": \"none\", "
      "\"confidence\": null}}\n"
      "Beside the facts, \"arguments\": {...} gives the call's arguments, from which the policy "
      "derives inputs.\n"
      "What is not named, and null, is missing. The exit code says whether all were decided, not "
      "how.");
  verb->add_option("TABLE", options->table, "table (.wtb) or policy (.writ)")->required();
  auto* words = verb->add_option("REQUEST", options->words, "ROLE CAPABILITY NAME=VALUE ...");
  verb->add_option("--requests", options->requests, "JSON lines to decide; - for standard input")
      ->type_name("FILE")
      ->excludes(words);
  verb->add_option("--now", options->now, "when it is asked; the clock if not given")
      ->type_name("TIME");
  verb->add_option("--arguments", options->arguments,
                   "the call's arguments, from which the policy derives inputs")
      ->type_name("JSON")
      ->excludes("--requests");
  verb->callback([&context, options, exit] { *exit = Decide(context, *options); });
}

}  // namespace writ::cli
