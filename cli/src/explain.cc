// `writ explain`: one decision, and why it is that one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "context.h"
#include "decision.h"
#include "load.h"
#include "request.h"
#include "writ/analysis/table_diff.h"
#include "writ/analysis/witness.h"

namespace writ::cli {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string table, now;
  std::vector<std::string> words;
};

// Rows that hold for the request but did not win, most restrictive first, and the regions it lies in.
ordered_json OtherRows(const runtime::Table& table, const runtime::Decision& decision, const std::vector<std::uint64_t>& bits) {
  ordered_json rows = ordered_json::array();
  const runtime::MatrixView matrix = table.Matrix(decision.capability);
  for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
    if (c == decision.column || (bits[c / 64] >> (c % 64) & 1) == 0) continue;
    rows.push_back(analysis::DescribeColumn(table, decision.capability, c));
  }
  return rows;
}

// What the capability reads, as given: the first thing to check when a decision surprises.
ordered_json FactsRead(const runtime::Table& table, runtime::CapabilityId capability, const BoundRequest& bound) {
  ordered_json facts = ordered_json::object();
  const runtime::MatrixView matrix = table.Matrix(capability);
  for (std::uint32_t i = 0; i < matrix.signature_count(); ++i) {
    const runtime::FactId fact = matrix.Signature(i).fact;
    const std::string_view name = table.Fact(fact).name;
    if (name == "now" || name == "role") continue;
    facts[std::string(name)] = evals::FormatValue(table, fact, bound.values()[fact.value]);
  }
  return facts;
}

void Print(const Context& context, const ordered_json& json) {
  context.out << json["decision"].get<std::string>() << '\n';
  const auto line = [&](const char* label, const char* key) {
    if (json.contains(key)) context.out << fmt::format("  {:<8} {}\n", label, json[key].get<std::string>());
  };
  line("because", "reason");
  line("clause", "words");
  line("where", "place");
  line("named", "clause");
  line("under", "under");
  if (!json["facts"].empty()) {
    context.out << "it reads\n";
    for (const auto& [name, value] : json["facts"].items()) context.out << fmt::format("  {} = {}\n", name, value.get<std::string>());
  }
  if (!json["other_rows"].empty()) {
    context.out << "these rows hold too\n";
    for (const auto& row : json["other_rows"]) context.out << "  " << row.get<std::string>() << '\n';
  }
}

Exit Explain(const Context& context, const Options& options) {
  const auto loaded = LoadTable(context, options.table);
  if (!loaded) return loaded.error();
  const runtime::Table& table = (*loaded)->table;
  auto written = WrittenFromWords(options.words, options.now);
  if (!written) return context.Fail(Exit::kUsage, written.error(), "write: writ explain TABLE ROLE CAPABILITY NAME=VALUE ...");
  const auto bound = BoundRequest::Bind(table, *std::move(written));
  if (!bound) return context.Fail(Exit::kUsage, bound.error(), "writ table TABLE shows what it can read");
  for (const std::string& why : bound->malformed()) context.err << "writ: " << why << '\n';

  const runtime::Request request = bound->Get();
  const std::size_t words = request.capability.valid() ? table.Matrix(request.capability).word_count() : 0;
  std::vector<std::uint64_t> bits(words);
  const runtime::Decision decision = runtime::Match(table, nullptr, request, bits.data(), bits.size());
  ordered_json json = DecisionJson(table, decision);
  json["facts"] = request.capability.valid() ? FactsRead(table, request.capability, *bound) : ordered_json::object();
  json["other_rows"] = words == 0 ? ordered_json::array() : OtherRows(table, decision, bits);
  if (context.json) context.out << json.dump(2) << '\n';
  else Print(context, json);
  return Exit::kPass;
}

}  // namespace

void AddExplain(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("explain", "say why a request is decided as it is");
  verb->footer("Example:\n  writ explain refunds.wtb refund_agent get_order order=A1 pressure.loop=rising\n\n"
               "Shows the row that decided with its place in the policy, the facts that were read, and the rows that lost.");
  verb->add_option("TABLE", options->table, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("REQUEST", options->words, "ROLE CAPABILITY NAME=VALUE ...")->required();
  verb->add_option("--now", options->now, "when it is asked; the clock if not given")->type_name("TIME");
  verb->callback([&context, options, exit] { *exit = Explain(context, *options); });
}

}  // namespace writ::cli
