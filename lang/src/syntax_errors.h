// What to say about a token that cannot stand where it stands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cst.h"
#include "recovery.h"
#include "token.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {

// Reports the syntax errors of one file, each mistake once, and decides which problems of single
// tokens are reported. Finish() must be called at the end.
class SyntaxErrors {
 public:
  SyntaxErrors(const TokenList& tokens, const Recovery& recovery, DiagnosticSink& sink)
      : tokens_(tokens), recovery_(recovery), sink_(sink) {}

  // `at` cannot stand here. `stack`: the open rules, outermost first; `expected`: what could stand
  // here.
  void Unexpected(std::span<const Frame> stack, std::uint32_t at,
                  std::span<const TokenKind> expected);
  // The same at the top of the file; `after_error`: the construct before it was already complained
  // about.
  void Misplaced(std::uint32_t at, bool after_error);
  // A closing brace came too early: items of what it closed follow at `at`.
  void ClosedTooEarly(std::uint32_t at);
  void HeadOutOfPlace(std::uint32_t at);
  void DeclarationTooLong(std::uint32_t at, std::uint32_t limit);
  // Where the last condition ended: the token after it.
  void ConditionEndsAt(std::uint32_t at) { condition_end_ = at; }
  // Parsing goes on at `at`.
  void ResumedAt(std::uint32_t at);
  void Finish();

  [[nodiscard]] std::size_t count() const { return count_; }
  // The token after what the last report was about; parsing cannot go on before it.
  [[nodiscard]] std::uint32_t told_end() const { return told_end_; }

 private:
  void Report(Diagnostic diagnostic);
  bool ReportLater(std::uint32_t at);
  bool ReportUnclosed(std::span<const Frame> stack, std::uint32_t at);
  bool ReportKnownSlip(std::uint32_t at, std::span<const TokenKind> expected);
  [[nodiscard]] std::string HintFor(std::uint32_t at, std::span<const TokenKind> expected,
                                    bool after_condition) const;
  void NotYet(std::uint32_t first, std::uint32_t last, const std::string& word);

  [[nodiscard]] TokenKind Kind(std::uint32_t at) const { return tokens_.tokens[at].kind; }
  [[nodiscard]] std::string_view Text(std::uint32_t at) const {
    return tokens_.TextOf(tokens_.tokens[at]);
  }
  [[nodiscard]] Span SpanAt(std::uint32_t at) const;
  [[nodiscard]] std::string Found(std::uint32_t at) const;

  const TokenList& tokens_;
  const Recovery& recovery_;
  DiagnosticSink& sink_;
  std::size_t count_ = 0;
  std::uint32_t condition_end_ = UINT32_MAX;
  std::uint32_t told_end_ = 0;
  std::uint32_t later_first_ = UINT32_MAX;  // a construct for later is being skipped from here on
  std::vector<std::pair<std::uint32_t, std::uint32_t>> skipped_;  // [first, end) tokens
};

}  // namespace writ::lang
