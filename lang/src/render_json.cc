// Diagnostics for machines; the format is described in the header.
#include <algorithm>
#include <string>
#include <vector>

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm_text.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {
namespace {

// Written as it is read, without a tree in between; keys are in the order of the alphabet.
using Json = llvm::json::OStream;

void PutPlace(Json& json, const Span& span, const SourceSet& sources) {
  if (span.file >= sources.file_count()) return json.attribute("place", nullptr);
  const Place begin = sources.LineColumn(span);
  const Place end = sources.EndLineColumn(span);
  json.attributeObject("place", [&] {
    json.attribute("begin", span.begin);
    json.attribute("column", begin.column);
    json.attribute("end", span.end);
    json.attribute("end_column", end.column);
    json.attribute("end_line", end.line);
    json.attribute("line", begin.line);
    json.attribute("path", Ref(sources.Path(static_cast<FileId>(span.file))));
  });
}

void PutTexts(Json& json, llvm::StringRef key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.attributeArray(key, [&] {
    for (const std::string& text : texts) json.value(text);
  });
}

void PutLabels(Json& json, const std::vector<Label>& labels, const SourceSet& sources) {
  if (labels.empty()) return;
  json.attributeArray("labels", [&] {
    for (const Label& label : labels) {
      json.object([&] {
        PutPlace(json, label.span, sources);
        json.attribute("text", label.text);
      });
    }
  });
}

void Put(Json& json, const Diagnostic& diagnostic, const SourceSet& sources) {
  const DiagnosticInfo& info = Info(diagnostic.kind);
  json.object([&] {
    json.attribute("code", Ref(info.code));
    PutTexts(json, "hints", diagnostic.hints);
    PutLabels(json, diagnostic.labels, sources);
    json.attribute("message", diagnostic.message);
    PutTexts(json, "notes", diagnostic.notes);
    PutPlace(json, diagnostic.span, sources);
    json.attribute("severity", Ref(SeverityName(info.severity)));
    json.attribute("title", Ref(info.title));
    if (!diagnostic.witness.empty()) json.attribute("witness", diagnostic.witness);
  });
}

}  // namespace

std::string RenderJson(const DiagnosticSink& sink, const SourceSet& sources) {
  const std::vector<Diagnostic> diagnostics = sink.Sorted();
  const auto count = [&](Severity severity) {
    return static_cast<std::int64_t>(std::ranges::count_if(
        diagnostics, [&](const Diagnostic& d) { return Info(d.kind).severity == severity; }));
  };
  std::string text;
  llvm::raw_string_ostream out(text);
  Json json(out);
  json.object([&] {
    json.attributeArray("diagnostics", [&] {
      for (const Diagnostic& diagnostic : diagnostics) Put(json, diagnostic, sources);
    });
    json.attribute("errors", count(Severity::kError));
    json.attribute("warnings", count(Severity::kWarning));
  });
  out.flush();
  return text;
}

}  // namespace writ::lang
