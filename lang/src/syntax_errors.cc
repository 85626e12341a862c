// A good message says what stands there, what could stand there, and nothing else. The parser knows
// the second as a set of up to a hundred tokens; here it becomes words: all names are "a name", all
// values "a value", and where more than a handful is left, the phrase of the rule. Before that come
// the cases in which something better is known: a word for later, a brace that was forgotten, a
// slip with a usual cause.
#include "syntax_errors.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace writ::lang {
namespace {

// More alternatives than this are a list that nobody reads.
constexpr std::size_t kMaxAlternatives = 4;

constexpr std::array kPhrases = {
#define WRIT_RULE(name, phrase) std::string_view(phrase),
#include "rule.def"
#undef WRIT_RULE
};

bool Contains(std::span<const TokenKind> kinds, TokenKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool MayBeName(TokenKind kind) {
  return (kind >= TokenKind::kAbove && kind <= TokenKind::kZone) || kind == TokenKind::kWord ||
         kind == TokenKind::kLater || kind == TokenKind::kDottedName ||
         kind == TokenKind::kCurrency || kind == TokenKind::kUnit;
}

bool IsValue(TokenKind kind) {
  switch (kind) {
    case TokenKind::kInt:
    case TokenKind::kDecimal:
    case TokenKind::kDuration:
    case TokenKind::kDate:
    case TokenKind::kTimestamp:
    case TokenKind::kString:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
    case TokenKind::kBroken:
      return true;
    default:
      return false;
  }
}

std::string Quote(std::string_view word) { return "`" + std::string(word) + "`"; }

std::string InWords(TokenKind kind) {
  switch (kind) {
    case TokenKind::kString:
      return "a text in quotes";
    case TokenKind::kInt:
    case TokenKind::kDecimal:
      return "a number";
    case TokenKind::kDuration:
      return "a duration such as `24 hours`";
    case TokenKind::kDate:
    case TokenKind::kTimestamp:
      return "a date such as `2026-10-01`";
    case TokenKind::kSize:
      return "a size such as `2GiB`";
    case TokenKind::kDigest:
      return "a digest, `sha256:…`";
    case TokenKind::kVersion:
      return "a version such as `1.4.0`";
    case TokenKind::kCurrency:
      return "a currency such as `EUR`";
    case TokenKind::kUnit:
      return "a unit such as `hours`";
    case TokenKind::kEnd:
      return "the end of the file";
    default:
      return MayBeName(kind) && Spelling(kind).empty() ? "a name" : Quote(Spelling(kind));
  }
}

// The alternatives as words, each once.
std::vector<std::string> Alternatives(std::span<const TokenKind> expected) {
  const bool name = Contains(expected, TokenKind::kWord);
  const bool value = Contains(expected, TokenKind::kString) && Contains(expected, TokenKind::kInt);
  std::vector<std::string> words;
  if (value) words.emplace_back("a value");
  if (name) words.emplace_back("a name");
  for (const TokenKind kind : expected) {
    if ((name && MayBeName(kind)) || (value && IsValue(kind)) || kind == TokenKind::kBroken)
      continue;
    if (kind == TokenKind::kInt && Contains(expected, TokenKind::kDuration)) continue;
    std::string word = InWords(kind);
    if (std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(std::move(word));
  }
  return words;
}

std::string Join(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

std::string Expected(std::span<const Frame> stack, std::span<const TokenKind> expected) {
  const std::vector<std::string> words = Alternatives(expected);
  if (!words.empty() && words.size() <= kMaxAlternatives) return Join(words);
  for (std::size_t i = stack.size(); i-- > 0;) {
    std::string phrase(Phrase(stack[i].rule));
    if (phrase.empty()) continue;
    return IsContainer(stack[i].rule) ? phrase + ", or `}`" : phrase;
  }
  return "something else";
}

// The keyword that a misspelt word was meant to be: one of those expected, else one that continues
// a clause.
std::optional<std::string> NearestKeyword(std::string_view word,
                                          std::span<const TokenKind> expected) {
  std::vector<std::string_view> candidates;
  for (const TokenKind kind : expected) {
    const std::string_view spelling = Spelling(kind);
    if (spelling.size() > 1 && spelling[0] >= 'a' && spelling[0] <= 'z')
      candidates.push_back(spelling);
  }
  for (const TokenKind kind :
       {TokenKind::kWhen, TokenKind::kWithin, TokenKind::kUnder, TokenKind::kAnd, TokenKind::kElse,
        TokenKind::kBecause, TokenKind::kMissing, TokenKind::kFrom, TokenKind::kExpires,
        TokenKind::kReports, TokenKind::kIdentity}) {
    candidates.push_back(Spelling(kind));
  }
  return NearestName(word, candidates);
}

}  // namespace

std::string_view Phrase(Rule rule) { return kPhrases[static_cast<std::size_t>(rule)]; }

Span SyntaxErrors::SpanAt(std::uint32_t at) const {
  const Token& token = tokens_.tokens[at];
  // The end of a file is shown behind its last word, not in the emptiness below.
  if (token.kind == TokenKind::kEnd && at > 0) {
    const Token& last = tokens_.tokens[at - 1];
    return {tokens_.file, last.end, last.end};
  }
  return tokens_.SpanOf(token);
}

std::string SyntaxErrors::Found(std::uint32_t at) const {
  switch (Kind(at)) {
    case TokenKind::kEnd:
      return "the end of the file";
    case TokenKind::kString:
      return "a text";
    default: {
      // A name can be as long as the file.
      constexpr std::size_t kMaxShown = 60;
      const std::string_view text = Text(at);
      return text.size() > kMaxShown ? Quote(std::string(text.substr(0, kMaxShown)) + "…")
                                     : Quote(text);
    }
  }
}

void SyntaxErrors::Report(Diagnostic diagnostic) {
  ++count_;
  sink_.Report(std::move(diagnostic));
}

void SyntaxErrors::NotYet(std::uint32_t first, std::uint32_t last, const std::string& word) {
  later_first_ = first;
  told_end_ = last + 1;
  Report({DiagnosticKind::kNotYet, tokens_.SpanOf(first, last),
          Quote(word) + " is part of the language, but this version cannot compile it yet"});
}

bool SyntaxErrors::ReportLater(std::uint32_t at) {
  const auto text_before = [&](std::string_view word) { return at > 0 && Text(at - 1) == word; };
  if (Kind(at) == TokenKind::kLater) {
    const std::string word(Text(at));
    const std::string_view after = Text(at + 1);
    if (word == "hands" && after == "over") return NotYet(at, at + 1, "hands over to"), true;
    if (word == "runs" && after == "in") return NotYet(at, at + 1, "runs in"), true;
    if (word == "dead" && after == "letters") return NotYet(at, at + 1, "dead letters"), true;
    if (word == "undone" && after == "by") return NotYet(at, at + 1, "undone by"), true;
    return NotYet(at, at, word), true;
  }
  // `require approval of_board`: the word was taken for a name until it went on.
  if (Kind(at) != TokenKind::kEnd && Kind(at) != TokenKind::kRBrace) {
    for (const std::string_view word : {"approval", "sandbox"}) {
      if (!text_before(word)) continue;
      const bool required = at > 1 && Kind(at - 2) == TokenKind::kRequire;
      return NotYet(required ? at - 2 : at - 1, at - 1,
                    (required ? "require " : "") + std::string(word)),
             true;
    }
  }
  return false;
}

bool SyntaxErrors::ReportUnclosed(std::span<const Frame> stack, std::uint32_t at) {
  const Frame* container = recovery_.Container(stack, at);
  if (container == nullptr || !recovery_.CanOnlyFollow(container->rule, at)) return false;
  ++count_;
  if (container->rule == Rule::kRest) return true;
  const std::uint32_t brace = recovery_.OpeningBrace(*container);
  const std::string what(Text(container->first));
  Diagnostic diagnostic{DiagnosticKind::kMissingBrace, SpanAt(at),
                        "`}` is missing before " + Found(at)};
  diagnostic.labels.push_back({SpanAt(brace), "this brace of " + Quote(what) + " is never closed"});
  diagnostic.hints.push_back("close it with `}`");
  sink_.Report(std::move(diagnostic));
  return true;
}

bool SyntaxErrors::ReportKnownSlip(std::uint32_t at, std::span<const TokenKind> expected) {
  const TokenKind kind = Kind(at);
  const TokenKind before = at > 0 ? Kind(at - 1) : TokenKind::kEnd;
  if (before == TokenKind::kIs && Contains(expected, TokenKind::kKnown)) {
    Report(Diagnostic{DiagnosticKind::kIsForEquals, tokens_.SpanOf(at - 1, at),
                      "`is` asks only whether a value is missing or known"}
               .Hint("write `= " + std::string(Text(at)) + "` to compare"));
    return true;
  }
  if (before == TokenKind::kCurrency && (kind == TokenKind::kInt || kind == TokenKind::kDecimal)) {
    const std::string amount = std::string(Text(at)) + " " + std::string(Text(at - 1));
    Report(Diagnostic{DiagnosticKind::kCurrencySign, tokens_.SpanOf(at - 1, at),
                      "the currency follows the number"}
               .Hint("write `" + amount + "`"));
    return true;
  }
  return false;
}

void SyntaxErrors::Unexpected(std::span<const Frame> stack, std::uint32_t at,
                              std::span<const TokenKind> expected) {
  // What is broken has been complained about already; it still spoils its surroundings.
  if (Kind(at) == TokenKind::kStray || Kind(at) == TokenKind::kBroken) {
    ++count_;
    return;
  }
  if (ReportLater(at) || ReportUnclosed(stack, at) || ReportKnownSlip(at, expected)) return;
  if (Kind(at) == TokenKind::kWhen &&
      std::ranges::find(stack, Rule::kSequence, &Frame::rule) != stack.end()) {
    Report(Diagnostic{DiagnosticKind::kUnexpected, SpanAt(at),
                      "in a sequence `when` comes right after what is needed"}
               .Hint("write `B needs A when CONDITION, one each`: the condition before any comma"));
    return;
  }
  std::string wanted = Expected(stack, expected);
  const bool after_condition =
      condition_end_ == at && !stack.empty() && IsContainer(stack.back().rule);
  if (after_condition)
    wanted = "the next clause after this condition, `and`, `or`, or a reason in quotes";
  Diagnostic diagnostic{DiagnosticKind::kUnexpected, SpanAt(at),
                        "expected " + wanted + ", found " + Found(at)};
  std::string hint = HintFor(at, expected, after_condition);
  if (!hint.empty()) diagnostic.hints.push_back(std::move(hint));
  Report(std::move(diagnostic));
}

std::string SyntaxErrors::HintFor(std::uint32_t at, std::span<const TokenKind> expected,
                                  bool after_condition) const {
  const bool word = !Text(at).empty() && Text(at)[0] >= 'a' && Text(at)[0] <= 'z';
  if (word && Kind(at) != TokenKind::kUnit) {
    if (const auto near = NearestKeyword(Text(at), expected))
      return "did you mean " + Quote(*near) + "?";
  }
  if (after_condition && (IsValue(Kind(at)) || MayBeName(Kind(at)))) {
    return "a sign such as `=` or `<=` may be missing before " + Found(at);
  }
  if (Contains(expected, TokenKind::kWord) && word && !Spelling(Kind(at)).empty()) {
    return Found(at) + " is a word of the language and cannot be a name";
  }
  if (Contains(expected, TokenKind::kWord) && word && Kind(at) == TokenKind::kUnit)
    return Found(at) + " is a unit and cannot be a name here";
  if (at > 0 && Kind(at - 1) == TokenKind::kComma && Kind(at) == TokenKind::kRBrace) {
    return "there is no comma after the last one";
  }
  return {};
}

void SyntaxErrors::Misplaced(std::uint32_t at, bool after_error) {
  if (Kind(at) == TokenKind::kStray || Kind(at) == TokenKind::kBroken) return;
  if (ReportLater(at) || ReportKnownSlip(at, {})) return;
  if (Kind(at) == TokenKind::kRBrace) {
    if (after_error) return;
    Report(Diagnostic{DiagnosticKind::kStrayBrace, SpanAt(at), "this `}` closes nothing"}.Hint(
        "delete it"));
    return;
  }
  if (after_error && !tokens_.tokens[at].starts_line) return;
  Diagnostic diagnostic{
      DiagnosticKind::kUnexpected, SpanAt(at),
      "expected a declaration such as `threshold`, `capability` or `delegation`, found " +
          Found(at)};
  if (Kind(at) == TokenKind::kWord) {
    if (const auto near = NearestName(Text(at), Keywords())) {
      diagnostic.hints.push_back("did you mean " + Quote(*near) + "?");
    }
  }
  Report(std::move(diagnostic));
}

void SyntaxErrors::ClosedTooEarly(std::uint32_t at) {
  if (at > 0 && Kind(at - 1) == TokenKind::kRBrace) {
    Report(Diagnostic{DiagnosticKind::kStrayBrace, SpanAt(at - 1),
                      "this `}` closes too early: what follows belongs inside"}
               .At(SpanAt(at), "this stands outside of everything")
               .Hint("delete it, or open a block before it"));
    return;
  }
  Report({DiagnosticKind::kUnexpected, SpanAt(at),
          Found(at) + " belongs inside a delegation or guard"});
}

void SyntaxErrors::HeadOutOfPlace(std::uint32_t at) {
  Report(Diagnostic{DiagnosticKind::kHeadOutOfPlace, SpanAt(at),
                    Found(at) + " belongs to the head of the policy"}
             .Hint("move it up, before the first declaration"));
}

void SyntaxErrors::DeclarationTooLong(std::uint32_t at, std::uint32_t limit) {
  Report(Diagnostic{DiagnosticKind::kDeclarationTooLong, SpanAt(at),
                    "this declaration has more than " + std::to_string(limit) + " words and signs"}
             .Hint("split it into several"));
}

void SyntaxErrors::ResumedAt(std::uint32_t at) {
  if (later_first_ != UINT32_MAX && later_first_ < at) skipped_.emplace_back(later_first_, at);
  later_first_ = UINT32_MAX;
}

void SyntaxErrors::Finish() {
  // Both lists are in the order of the text.
  auto range = skipped_.begin();
  for (const TokenProblem& problem : tokens_.problems) {
    while (range != skipped_.end() && range->second <= problem.token_index) ++range;
    if (range != skipped_.end() && range->first <= problem.token_index) continue;
    Report(problem.diagnostic);
  }
}

}  // namespace writ::lang
