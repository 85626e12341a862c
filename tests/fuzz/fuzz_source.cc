// Source text: whatever the bytes are, parsing ends, nothing crashes, every range lies in the file,
// no tree without an error is lost, and what was parsed or reported can be dumped and rendered.
// What has no mistake can be formatted; that changes no tree, and nothing the second time.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "writ/lang/dump.h"
#include "writ/lang/format.h"
#include "writ/lang/parse.h"

namespace {

using namespace writ::lang;  // NOLINT(google-build-using-namespace): a fuzz target is one function

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireFormattedTheSame(const SourceSet& sources, FileId file, const Ast& tree) {
  DiagnosticSink sink;
  const std::optional<std::string> once = Format(sources, file, sink);
  Require(once.has_value());
  SourceSet again;
  const FileId formatted = again.AddText("fuzz.writ", *once);
  Require(Parse(again, formatted, sink) == tree);
  Require(Format(again, formatted, sink) == once);
}

}  // namespace

// A fifth of the time goes into recording where each piece of memory came from, and into keeping
// frames of functions that have returned. The long inputs, which are few, ask for both.
extern "C" const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "malloc_context_size=3:detect_stack_use_after_return=0";
}

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
  // One in four, which is slower and finds as much.
  if (ast && !sink.HasErrors() && size % 4 == 0) RequireFormattedTheSame(sources, file, *ast);
  return 0;
}
