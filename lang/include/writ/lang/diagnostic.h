// What is said about a policy: registered kinds, exact ranges, and what to write instead.
//
// Every kind is a row of `diagnostic_kind.def`, for this library and for the compiler alike.
// Messages are lower case, without a full stop, in the policy's words, with words of the policy in
// backticks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/lang/source_set.h"

namespace writ::lang {

enum class Severity : std::uint8_t { kError, kWarning, kNote };

enum class DiagnosticKind : std::uint16_t {
#define WRIT_DIAGNOSTIC(enumerator, code, severity, title) enumerator,
#include "writ/lang/diagnostic_kind.def"
#undef WRIT_DIAGNOSTIC
};

struct DiagnosticInfo {
  DiagnosticKind kind;
  std::string_view code;  // "not-yet"; stable, the anchor of its section in docs/diagnostics.md
  Severity severity;
  std::string_view title;  // one line: the situation in general
};

// All registered kinds, in the order of the .def file.
[[nodiscard]] std::span<const DiagnosticInfo> AllDiagnosticKinds();
[[nodiscard]] const DiagnosticInfo& Info(DiagnosticKind kind);
[[nodiscard]] std::optional<DiagnosticKind> KindByCode(std::string_view code);
// "error", "warning", "note".
[[nodiscard]] std::string_view SeverityName(Severity severity);

// A second place that belongs to the matter.
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  DiagnosticKind kind{};
  Span span;
  std::string message;
  std::vector<Label> labels;
  std::vector<std::string> notes;
  std::vector<std::string> hints;  // what to write instead
  std::string witness;             // a concrete request in the policy's words, or empty

  // For building one in a single expression: `Diagnostic{kind, span, text}.Hint("…")`.
  Diagnostic&& Hint(std::string text) && {
    hints.push_back(std::move(text));
    return std::move(*this);
  }
  Diagnostic&& Note(std::string text) && {
    notes.push_back(std::move(text));
    return std::move(*this);
  }
  Diagnostic&& At(Span where, std::string text) && {
    labels.push_back({where, std::move(text)});
    return std::move(*this);
  }
  Diagnostic&& Witness(std::string request) && {
    witness = std::move(request);
    return std::move(*this);
  }
};

// Collects diagnostics of one run. Not thread-safe. What is reported once is kept, up to
// `max_count`; the next one becomes a single `too-many-errors`, and the rest is only counted.
class DiagnosticSink {
 public:
  // A thousand is more than anybody mends between two runs.
  static constexpr std::size_t kDefaultMaxCount = 1000;

  explicit DiagnosticSink(std::size_t max_count = kDefaultMaxCount) : max_count_(max_count) {}

  void Report(Diagnostic diagnostic);

  [[nodiscard]] bool HasErrors() const { return error_count_ > 0; }
  // Also those beyond the cap.
  [[nodiscard]] std::size_t error_count() const { return error_count_; }
  [[nodiscard]] bool Full() const { return diagnostics_.size() > max_count_; }

  // By file, position and kind, each once; `too-many-errors` is last.
  [[nodiscard]] std::vector<Diagnostic> Sorted() const;

 private:
  std::size_t max_count_;
  std::size_t error_count_ = 0;
  std::vector<Diagnostic> diagnostics_;
};

// For people. One block per diagnostic:
//
//   error[not-yet]: `exception` is part of the language, but this version cannot compile it yet
//     --> refunds.writ:12:1
//      |
//   12 | exception holiday_credit to refunding {
//      | ^~~~~~~~~
//      help: …
//      for example: …
[[nodiscard]] std::string RenderText(const DiagnosticSink& sink, const SourceSet& sources,
                                     bool color = false);

// For machines, one line of JSON:
//   { "errors": 1, "warnings": 0, "diagnostics": [ {
//       "code": "not-yet", "severity": "error", "title": "…", "message": "…",
//       "place": PLACE, "labels": [ { "place": PLACE, "text": "…" } ],
//       "notes": ["…"], "hints": ["…"], "witness": "…" } ] }
//   PLACE = { "path": "…", "begin": 10, "end": 19,          bytes, half-open
//             "line": 12, "column": 1, "end_line": 12, "end_column": 10 }   1-based, columns in
//             code points
// Empty lists and an empty witness are left out.
[[nodiscard]] std::string RenderJson(const DiagnosticSink& sink, const SourceSet& sources);

// The candidate that `word` is most probably a slip of: at most a third of its letters differ (one,
// in a word of three). Ties go to the first. Nothing if no candidate is near.
[[nodiscard]] std::optional<std::string> NearestName(std::string_view word,
                                                     std::span<const std::string> candidates);
[[nodiscard]] std::optional<std::string> NearestName(std::string_view word,
                                                     std::span<const std::string_view> candidates);

}  // namespace writ::lang
