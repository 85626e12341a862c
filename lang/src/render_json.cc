// Diagnostics for machines; the format is described in the header.
#include <utility>

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {
namespace {

llvm::StringRef Ref(std::string_view text) { return {text.data(), text.size()}; }

llvm::json::Value PlaceOf(const Span& span, const SourceSet& sources) {
  if (span.file >= sources.file_count()) return nullptr;
  const Place begin = sources.LineColumn(span);
  const Place end = sources.EndLineColumn(span);
  return llvm::json::Object{
      {"path", Ref(sources.Path(static_cast<FileId>(span.file)))},
      {"begin", span.begin},
      {"end", span.end},
      {"line", begin.line},
      {"column", begin.column},
      {"end_line", end.line},
      {"end_column", end.column},
  };
}

void PutTexts(llvm::json::Object& object, llvm::StringRef key,
              const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  llvm::json::Array array;
  for (const std::string& text : texts) array.push_back(text);
  object[key] = std::move(array);
}

llvm::json::Object ToJson(const Diagnostic& diagnostic, const SourceSet& sources) {
  const DiagnosticInfo& info = Info(diagnostic.kind);
  llvm::json::Object object{
      {"code", Ref(info.code)},
      {"severity", Ref(SeverityName(info.severity))},
      {"title", Ref(info.title)},
      {"message", diagnostic.message},
      {"place", PlaceOf(diagnostic.span, sources)},
  };
  if (!diagnostic.labels.empty()) {
    llvm::json::Array labels;
    for (const Label& label : diagnostic.labels) {
      labels.push_back(
          llvm::json::Object{{"place", PlaceOf(label.span, sources)}, {"text", label.text}});
    }
    object["labels"] = std::move(labels);
  }
  PutTexts(object, "notes", diagnostic.notes);
  PutTexts(object, "hints", diagnostic.hints);
  if (!diagnostic.witness.empty()) object["witness"] = diagnostic.witness;
  return object;
}

}  // namespace

std::string RenderJson(const DiagnosticSink& sink, const SourceSet& sources) {
  std::int64_t errors = 0;
  std::int64_t warnings = 0;
  llvm::json::Array array;
  for (const Diagnostic& diagnostic : sink.Sorted()) {
    const Severity severity = Info(diagnostic.kind).severity;
    errors += severity == Severity::kError ? 1 : 0;
    warnings += severity == Severity::kWarning ? 1 : 0;
    array.push_back(ToJson(diagnostic, sources));
  }
  const llvm::json::Value root = llvm::json::Object{
      {"errors", errors}, {"warnings", warnings}, {"diagnostics", std::move(array)}};
  std::string text;
  llvm::raw_string_ostream out(text);
  out << root;
  out.flush();
  return text;
}

}  // namespace writ::lang
