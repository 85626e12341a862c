// `writ table --expand`: to which meters and rows the larger words of a policy compile.
#include "table_expand.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "load.h"
#include "writ/compiler/larger_words.h"
#include "writ/lang/house.h"

namespace writ::cli {
namespace {

using compiler::LargerWord;
using nlohmann::ordered_json;

ordered_json Json(const std::vector<LargerWord>& words) {
  ordered_json all = ordered_json::array();
  for (const LargerWord& word : words) {
    ordered_json rows = ordered_json::array();
    for (const LargerWord::Row& row : word.rows)
      rows.push_back({{"clause", row.name}, {"words", row.words}, {"means", row.means}});
    all.push_back({{"word", word.what},
                   {"file", word.file},
                   {"line", word.line},
                   {"declarations", word.declarations},
                   {"rows", rows}});
  }
  return {{"larger_words", all}};
}

std::string Text(const std::vector<LargerWord>& words) {
  if (words.empty()) return "there are no larger words: each rule is what it says\n";
  std::string text;
  for (const LargerWord& word : words) {
    text += fmt::format("{}{}  {}:{}\n", text.empty() ? "" : "\n", word.what, word.file, word.line);
    for (const std::string& declaration : word.declarations)
      text += fmt::format("  {}\n", declaration);
    for (const LargerWord::Row& row : word.rows) {
      text += fmt::format("  {}\n    {}\n", row.words, row.means);
      if (!row.name.empty()) text += fmt::format("    named {}\n", row.name);
    }
  }
  return text;
}

}  // namespace

Exit PrintExpansion(const Context& context, const std::string& path) {
  if (!IsPolicy(path))
    return context.Fail(Exit::kUsage, "a table has no larger words any more: they are rows in it",
                        "give the policy (.writ)");
  const CompiledPolicy policy = CompilePolicy(path, {});
  if (!policy.compiled) return ReportDiagnostics(context, policy);
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const lang::LoadResult loaded = LoadHouse(path, {}, sources, sink);
  if (!loaded.house)
    return context.Fail(Exit::kFiles, "the policy could not be read again",
                        "check that nothing rewrites it meanwhile");
  std::vector<const lang::Policy*> policies;
  for (const lang::HousePolicy& member : loaded.house->policies) policies.push_back(&member.policy);
  const std::vector<LargerWord> words = compiler::DescribeLargerWords(policies, sources);
  context.out << (context.json ? Json(words).dump(2) + "\n" : Text(words));
  return Exit::kPass;
}

}  // namespace writ::cli
