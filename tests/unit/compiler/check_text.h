// Helpers of the checker's tests: text in, Program and diagnostics out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/compiler/check.h"
#include "writ/lang/parse.h"

namespace writ::compiler {

// What a case or a page asks for in a line of its own: `// as of 2026-11-20`.
inline CheckOptions OptionsIn(const std::string& text) {
  constexpr std::string_view kAsOf = "// as of ";
  CheckOptions options;
  const std::size_t at = text.find(kAsOf);
  if (at != std::string::npos) options.as_of = text.substr(at + kAsOf.size(), 10);
  return options;
}

struct Checked {
  std::optional<Program> program;
  std::vector<std::string> codes;  // of all diagnostics, in their order
  std::string text;                // as people see them
};

// The first text is compiled, the others are used by it. A header is put before a text that has
// none.
inline Checked CheckTexts(std::vector<std::string> texts, const CheckOptions& options = {}) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  std::vector<lang::Ast> trees;
  for (std::string& text : texts) {
    if (!text.starts_with("policy "))
      text.insert(0, "policy test.policy" + std::to_string(trees.size()) + " 1.0.0\n");
    if (auto tree = lang::Parse(sources, sources.AddText("policy.writ", std::move(text)), sink))
      trees.push_back(std::move(*tree));
  }
  std::vector<const lang::Policy*> policies;
  for (const lang::Ast& tree : trees) policies.push_back(&tree.policies[0]);
  Checked checked;
  if (!sink.HasErrors()) checked.program = Check(policies, sources, sink, options);
  for (const lang::Diagnostic& diagnostic : sink.Sorted())
    checked.codes.emplace_back(lang::Info(diagnostic.kind).code);
  checked.text = lang::RenderText(sink, sources);
  return checked;
}

inline Checked CheckText(std::string text, const CheckOptions& options = {}) {
  return CheckTexts({std::move(text)}, options);
}

}  // namespace writ::compiler
