// Source text: whatever the bytes are, parsing ends, nothing crashes, every range lies in the file,
// no tree without an error is lost, and what was parsed or reported can be dumped and rendered.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "writ/lang/dump.h"
#include "writ/lang/parse.h"

namespace {

using namespace writ::lang;  // NOLINT(google-build-using-namespace): a fuzz target is one function

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SourceSet sources;
  DiagnosticSink sink;
  const FileId file =
      sources.AddText("fuzz.writ", std::string(reinterpret_cast<const char*>(data), size));
  const std::optional<Ast> ast = Parse(sources, file, sink);
  Require(ast.has_value() || sink.HasErrors());
  for (const Diagnostic& diagnostic : sink.Sorted()) {
    Require(diagnostic.span.begin <= diagnostic.span.end);
    Require(diagnostic.span.end <= sources.Text(file).size());
    Require(!diagnostic.message.empty());
  }
  if (sink.HasErrors()) Require(!RenderText(sink, sources).empty());
  if (sink.HasErrors()) Require(!RenderJson(sink, sources).empty());
  if (ast) Require(!DumpJson(*ast).empty());
  return 0;
}
