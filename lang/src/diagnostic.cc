// The registry of kinds and the sink. Rendering is in `render_text.cc` and `render_json.cc`.
#include "writ/lang/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "llvm/ADT/StringRef.h"

namespace writ::lang {
namespace {

constexpr DiagnosticInfo MakeInfo(DiagnosticKind kind, std::string_view code, Severity severity,
                                  std::string_view title) {
  return {kind, code, severity, title};
}

constexpr std::array kInfos = {
#define WRIT_DIAGNOSTIC(enumerator, code, severity, title) \
  MakeInfo(DiagnosticKind::enumerator, code, Severity::severity, title),
#include "writ/lang/diagnostic_kind.def"
#undef WRIT_DIAGNOSTIC
};

auto Order(const Diagnostic& d) {
  return std::tie(d.span.file, d.span.begin, d.span.end, d.kind, d.message);
}

template <typename Candidates>
std::optional<std::string> Nearest(std::string_view word, const Candidates& candidates) {
  // Longer words are no slips of the keyboard, and distance is quadratic.
  constexpr std::size_t kMaxLength = 100;
  if (word.empty() || word.size() > kMaxLength) return std::nullopt;
  const auto limit = static_cast<unsigned>(std::max<std::size_t>(1, (word.size() + 1) / 3));
  unsigned best = limit + 1;
  std::optional<std::string> nearest;
  for (const std::string_view candidate : candidates) {
    const unsigned distance =
        llvm::StringRef(word).edit_distance(llvm::StringRef(candidate), true, limit);
    // Every letter changed is another word.
    if (distance >= best || distance >= candidate.size() || candidate == word) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace

std::span<const DiagnosticInfo> AllDiagnosticKinds() { return kInfos; }

const DiagnosticInfo& Info(DiagnosticKind kind) { return kInfos[static_cast<std::size_t>(kind)]; }

std::optional<DiagnosticKind> KindByCode(std::string_view code) {
  for (const DiagnosticInfo& info : kInfos) {
    if (info.code == code) return info.kind;
  }
  return std::nullopt;
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

void DiagnosticSink::Report(Diagnostic diagnostic) {
  if (Info(diagnostic.kind).severity == Severity::kError) ++error_count_;
  if (Full()) return;
  if (diagnostics_.size() == max_count_) {
    diagnostic =
        Diagnostic{DiagnosticKind::kTooManyErrors, diagnostic.span,
                   "more than " + std::to_string(max_count_) + " mistakes; the rest is not shown"};
    if (error_count_ == 0) ++error_count_;
  }
  diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> DiagnosticSink::Sorted() const {
  std::vector<Diagnostic> sorted(
      diagnostics_.begin(), diagnostics_.begin() + static_cast<std::ptrdiff_t>(
                                                       std::min(max_count_, diagnostics_.size())));
  std::sort(sorted.begin(), sorted.end(),
            [](const Diagnostic& a, const Diagnostic& b) { return Order(a) < Order(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return Order(a) == Order(b); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  if (Full()) sorted.push_back(diagnostics_.back());
  return sorted;
}

std::optional<std::string> NearestName(std::string_view word,
                                       std::span<const std::string> candidates) {
  return Nearest(word, candidates);
}

std::optional<std::string> NearestName(std::string_view word,
                                       std::span<const std::string_view> candidates) {
  return Nearest(word, candidates);
}

}  // namespace writ::lang
