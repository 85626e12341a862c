// What `writ show` prints for an agent or a coordinator may be handed to a model, so it says
// nothing of facts that are for critics (docs/semantics.md, M53): that a row reads one, and no
// more.
#include <algorithm>
#include <set>
#include <string_view>

#include "show_page.h"

namespace writ::cli {

using analysis::PageRow;

namespace {

constexpr const char* kWithheld = "something holds that only critics read";

// `columns`: those that read such a fact, whether or not it is fixed here.
void Withhold(const std::vector<bool>& columns, PageRow& row) {
  const auto reads = [&](std::uint32_t c) { return c < columns.size() && columns[c]; };
  if (std::ranges::none_of(row.columns, reads)) return;
  std::vector<std::string> told;
  for (std::size_t i = 0; i < row.when.size(); ++i)
    if (!row.for_critics[i]) told.push_back(std::move(row.when[i]));
  if (told.empty() || told.size() < row.when.size()) told.emplace_back(kWithheld);
  row.when = std::move(told);
  row.clauses.clear();
  row.words.clear();
  row.reason.clear();
  row.trigger.clear();
  row.file.clear();
  row.line = 0;
}

// The same request without them.
std::string Told(const runtime::Table& table, const std::set<std::string_view>& names,
                 const std::string& example) {
  constexpr std::string_view kBetween = ", ";
  std::string told;
  for (std::size_t at = 0; at < example.size();) {
    const std::size_t end = std::min(example.find(kBetween, at), example.size());
    const std::string pair = example.substr(at, end - at);
    at = end + kBetween.size();
    const auto named =
        std::ranges::find_if(names, [&](std::string_view name) { return pair.contains(name); });
    if (named == names.end()) {
      if (!told.empty()) told += kBetween;
      told += pair;
      continue;
    }
    // Where such a value ends in a line of others, only a number or a word says.
    const runtime::ValueType type = table.Fact(table.FindFact(*named)).type;
    if (type == runtime::ValueType::kText || type == runtime::ValueType::kId ||
        type == runtime::ValueType::kIdSet || type == runtime::ValueType::kEnumSet)
      return {};
  }
  return told;
}

}  // namespace

void WithholdFromModels(const runtime::Table& table, ShowDocument& document) {
  if (document.kind != RoleKindName(runtime::RoleKind::kAgent) &&
      document.kind != RoleKindName(runtime::RoleKind::kCoordinator))
    return;
  std::set<std::string_view> names;
  for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
    const runtime::FactView fact = table.Fact({f});
    if (fact.for_critics) names.insert(fact.name);
  }
  if (names.empty()) return;
  std::erase_if(document.given, [&](const auto& given) { return names.contains(given.first); });
  for (analysis::Standing& standing : document.standings) {
    const std::vector<bool> columns =
        analysis::ColumnsForCritics(table, table.FindCapability(standing.page.name));
    for (PageRow& row : standing.page.rows) Withhold(columns, row);
    for (PageRow& row : standing.page.duties) Withhold(columns, row);
    for (std::string& example : standing.examples) example = Told(table, names, example);
    if (names.contains(standing.builtin_fact)) standing.builtin_fact = "a fact";
  }
}

}  // namespace writ::cli
