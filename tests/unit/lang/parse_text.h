// Helpers of the tests of this folder.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "writ/lang/parse.h"

namespace writ::lang {

struct Parsed {
  SourceSet sources;
  std::optional<Ast> ast;
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> codes;  // of the diagnostics, in their order
};

inline Parsed ParseText(std::string text, const ParseOptions& options = {}) {
  Parsed parsed;
  const FileId file = parsed.sources.AddText("test.writ", std::move(text));
  DiagnosticSink sink;
  parsed.ast = Parse(parsed.sources, file, sink, options);
  parsed.diagnostics = sink.Sorted();
  for (const Diagnostic& diagnostic : parsed.diagnostics)
    parsed.codes.emplace_back(Info(diagnostic.kind).code);
  return parsed;
}

// `text` after a policy header.
inline Parsed ParseBody(const std::string& text, const ParseOptions& options = {}) {
  return ParseText("policy test.policy 1.0.0\n" + text + "\n", options);
}

}  // namespace writ::lang
