// One pass over the bytes, by hand rather than by ANTLR, for three reasons. Ranges are byte ranges
// from the start, with no code points to convert back. The slips of people who write numbers
// (`1,000`, `80%`, `3€`,
// `==`, “quotes”) are recognised where they can be told apart, and each leaves the token that was
// meant, so that one slip is one message and the parser goes on as if it had been written properly.
// And it reads an order of magnitude more bytes a second than the generated lexer.
//
// Entry point: Lex.
#include "lexer.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "number_slips.h"

namespace writ::lang {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c); }
bool IsNonAscii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Bytes of the code point that starts with `lead`. REQUIRES: valid UTF-8.
std::size_t CodePointLength(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Signs of other notations, the token that was meant, and how it is written here.
struct ForeignSign {
  std::string_view sign;
  TokenKind meant;
};
constexpr std::array kForeignSigns = {
    ForeignSign{"==", TokenKind::kEqual},       ForeignSign{"≤", TokenKind::kLessEqual},
    ForeignSign{"≥", TokenKind::kGreaterEqual}, ForeignSign{"≠", TokenKind::kNotEqual},
    ForeignSign{"=<", TokenKind::kLessEqual},   ForeignSign{"=>", TokenKind::kGreaterEqual},
    ForeignSign{"<>", TokenKind::kNotEqual},    ForeignSign{"&&", TokenKind::kAnd},
    ForeignSign{"||", TokenKind::kOr},          ForeignSign{"&", TokenKind::kAnd},
    ForeignSign{"|", TokenKind::kOr},           ForeignSign{"×", TokenKind::kStar},
    ForeignSign{"→", TokenKind::kArrow},        ForeignSign{"−", TokenKind::kMinus},
    ForeignSign{"–", TokenKind::kMinus},        ForeignSign{"…", TokenKind::kRange},
};

struct Sign {
  std::string_view text;
  TokenKind kind;
};
// Signs of one character with which nothing else starts.
constexpr std::string_view kPlainSigns = "{}(),:+*";
// Longer ones first.
constexpr std::array kSigns = {
    Sign{"..", TokenKind::kRange},        Sign{"->", TokenKind::kArrow},
    Sign{"!=", TokenKind::kNotEqual},     Sign{"<=", TokenKind::kLessEqual},
    Sign{">=", TokenKind::kGreaterEqual}, Sign{"{", TokenKind::kLBrace},
    Sign{"}", TokenKind::kRBrace},        Sign{"(", TokenKind::kLParen},
    Sign{")", TokenKind::kRParen},        Sign{",", TokenKind::kComma},
    Sign{":", TokenKind::kColon},         Sign{"=", TokenKind::kEqual},
    Sign{"<", TokenKind::kLess},          Sign{">", TokenKind::kGreater},
    Sign{"+", TokenKind::kPlus},          Sign{"-", TokenKind::kMinus},
    Sign{"*", TokenKind::kStar},
};

constexpr std::array<std::string_view, 10> kForeignQuotes = {"“", "”", "„", "‟", "«",
                                                             "»", "‘", "’", "‚", "'"};
constexpr std::array<std::string_view, 3> kSpaces = {"\u00A0", "\u202F",
                                                     "\u3000"};  // no-break, narrow, wide

// Characters that are not seen, or that reorder what is seen: a page must not read otherwise than
// it means.
bool IsHidden(std::string_view c) {
  return (c >= "\u200B" && c <= "\u200F") || (c >= "\u202A" && c <= "\u202E") ||
         (c >= "\u2060" && c <= "\u2069") || c == "\uFEFF" || c == "\u00AD";
}

class Lexer {
 public:
  Lexer(std::uint32_t file, std::string_view text) { list_.file = file, list_.text = text; }

  TokenList Run() && {
    list_.tokens.reserve(list_.text.size() / 6 + 16);
    while (SkipSpace()) Next();
    Add(TokenKind::kEnd, at_);
    return std::move(list_);
  }

 private:
  [[nodiscard]] char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < list_.text.size() ? list_.text[at_ + ahead] : '\0';
  }
  [[nodiscard]] std::string_view Rest() const { return list_.text.substr(at_); }

  void Add(TokenKind kind, std::size_t begin) {
    const bool at_margin = begin == 0 || list_.text[begin - 1] == '\n';
    list_.tokens.push_back({kind, line_is_fresh_, line_is_fresh_ && at_margin,
                            static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
    line_is_fresh_ = false;
  }

  // About the token that is being read. The diagnostic's range is [begin, end).
  void Problem(DiagnosticKind kind, std::size_t begin, std::size_t end, std::string message,
               std::string hint) {
    Diagnostic diagnostic{
        kind,
        {list_.file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
        std::move(message)};
    if (!hint.empty()) diagnostic.hints.push_back(std::move(hint));
    list_.problems.push_back(
        {static_cast<std::uint32_t>(list_.tokens.size()), std::move(diagnostic)});
  }

  // False at the end of the text.
  bool SkipSpace() {
    while (at_ < list_.text.size()) {
      const char c = list_.text[at_];
      if (c == '\n') {
        line_is_fresh_ = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '/' && Peek(1) == '/') {
        SkipComment(at_ + 2);
      } else if (!IsNonAscii(c) || !SkipWideSpace()) {
        return true;
      }
    }
    return false;
  }

  bool SkipWideSpace() {
    for (const std::string_view space : kSpaces) {
      if (!Rest().starts_with(space)) continue;
      at_ += space.size();
      return true;
    }
    return false;
  }

  // To the end of the line.
  void SkipComment(std::size_t begin) {
    at_ = std::min(list_.text.find('\n', begin), list_.text.size());
    CheckHidden(begin, at_);
  }

  void CheckHidden(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i += CodePointLength(list_.text[i])) {
      if (!IsNonAscii(list_.text[i])) continue;
      const std::size_t length = CodePointLength(list_.text[i]);
      if (!IsHidden(list_.text.substr(i, length))) continue;
      Problem(DiagnosticKind::kHiddenCharacter, i, i + length,
              "a character that is not seen stands here", "delete it; a policy reads as it means");
      return;
    }
  }

  void Next() {
    const char c = Peek();
    if (IsWordStart(c)) return Word();
    if (IsDigit(c)) return Number();
    if (c == '"') return Quoted();
    const bool plain = kPlainSigns.find(c) != std::string_view::npos;
    if (!plain && ForeignNotation()) return;
    for (const Sign& sign : kSigns) {
      if (sign.text.front() != c || !Rest().starts_with(sign.text)) continue;
      const std::size_t begin = at_;
      at_ += sign.text.size();
      return Add(sign.kind, begin);
    }
    Stray();
  }

  // A dotted name is one token, and after a dot nothing is reserved.
  void Word() {
    const std::size_t begin = at_;
    bool dotted = false;
    for (;;) {
      while (IsWordPart(Peek())) ++at_;
      if (Peek() != '.' || !IsWordStart(Peek(1))) break;
      dotted = true;
      ++at_;
    }
    const std::string_view text = list_.text.substr(begin, at_ - begin);
    if (text == "sha256" && Peek() == ':' && IsWordPart(Peek(1))) return Digest(begin);
    if (dotted) return Add(TokenKind::kDottedName, begin);
    if (text == "m" && !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::kInt) {
      return BareM(begin);
    }
    const bool capitals = text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) {
                            return c >= 'A' && c <= 'Z';
                          });
    Add(capitals ? TokenKind::kCurrency : KeywordKind(text), begin);
  }

  // What follows the colon is looked at by the builder.
  void Digest(std::size_t begin) {
    ++at_;
    while (IsWordPart(Peek())) ++at_;
    Add(TokenKind::kDigest, begin);
  }

  // `2GiB`, which no duration or amount is written like. 0: there is none here.
  [[nodiscard]] std::size_t SizeLength() const {
    std::size_t length = 0;
    while (IsDigit(Peek(length)) || Peek(length) == '_') ++length;
    const char prefix = Peek(length);
    const bool unit = (prefix == 'K' || prefix == 'M' || prefix == 'G' || prefix == 'T') &&
                      Peek(length + 1) == 'i' && Peek(length + 2) == 'B';
    return unit && !IsWordPart(Peek(length + 3)) ? length + 3 : 0;
  }

  // `5 m`: the number becomes minutes, as most people mean it.
  void BareM(std::size_t begin) {
    Problem(DiagnosticKind::kBareM, begin, at_, "`m` could be minutes or months",
            "write `minutes` or `months`");
    Add(TokenKind::kUnit, begin);
  }

  void Number() {
    const std::size_t begin = at_;
    if (const std::size_t size = SizeLength(); size > 0) {
      at_ += size;
      return Add(TokenKind::kSize, begin);
    }
    const NumberToken number = ReadNumber(list_.text, begin, AfterPolicyName());
    at_ = begin + number.size_bytes;
    for (const NumberSlip& slip : number.slips) {
      Problem(slip.kind, begin + slip.begin, begin + slip.end, slip.message, slip.hint);
    }
    Add(number.kind, begin);
  }

  // `policy acme.refunds` or `use acme.org` stands before: three numbers with dots are a version.
  [[nodiscard]] bool AfterPolicyName() const {
    const std::size_t count = list_.tokens.size();
    if (count < 2) return false;
    const TokenKind head = list_.tokens[count - 2].kind;
    return head == TokenKind::kPolicy || head == TokenKind::kUse || head == TokenKind::kSkill ||
           list_.TextOf(list_.tokens[count - 2]) == "amends" ||
           list_.TextOf(list_.tokens[count - 2]) == "narrows";
  }

  void Quoted() {
    const std::size_t begin = at_++;
    for (;; ++at_) {
      const char c = Peek();
      if (at_ >= list_.text.size() || c == '\n') {
        if (list_.text[at_ - 1] == '\r') --at_;
        Problem(DiagnosticKind::kUnterminatedText, begin, at_, "this text has no closing quote",
                "close it with `\"` on the same line");
        break;
      }
      if (c == '"') {
        ++at_;
        break;
      }
      if (c == '\\') {
        const char escaped = Peek(1);
        if (escaped == '"' || escaped == '\\' || escaped == 'n' || escaped == 't') {
          ++at_;
        } else {
          Problem(DiagnosticKind::kBadEscape, at_, at_ + 1, "a backslash stands for nothing here",
                  "write `\\\\` for a backslash, `\\\"` for a quote");
        }
      }
    }
    CheckHidden(begin, at_);
    Add(TokenKind::kString, begin);
  }

  bool ForeignNotation() {
    const std::size_t begin = at_;
    const std::string_view rest = Rest();
    for (const std::string_view quote : kForeignQuotes) {
      if (rest.starts_with(quote)) return CurlyQuoted(quote), true;
    }
    for (const ForeignSign& foreign : kForeignSigns) {
      if (!rest.starts_with(foreign.sign)) continue;
      at_ += foreign.sign.size();
      const bool logic = foreign.meant == TokenKind::kAnd || foreign.meant == TokenKind::kOr;
      Problem(logic ? DiagnosticKind::kSignForWord : DiagnosticKind::kForeignSign, begin, at_,
              "`" + std::string(foreign.sign) + "` is not a sign of this language",
              "write `" + std::string(Spelling(foreign.meant)) + "`");
      return Add(foreign.meant, begin), true;
    }
    if (rest.starts_with("!") && !rest.starts_with("!=")) {
      ++at_;
      Problem(DiagnosticKind::kSignForWord, begin, at_, "`!` is not a sign of this language",
              "write `not`");
      return Add(TokenKind::kNot, begin), true;
    }
    return SquareBracket() || PercentSign() || CurrencySignFirst() || ForeignComment();
  }

  // `80 %`, and `80%` is a slip of numbers.
  bool PercentSign() {
    if (Peek() != '%' || list_.tokens.empty() || line_is_fresh_) return false;
    const TokenKind before = list_.tokens.back().kind;
    if (before != TokenKind::kInt && before != TokenKind::kDecimal) return false;
    ++at_;
    Problem(DiagnosticKind::kPercent, list_.tokens.back().begin, at_, "there are no percentages",
            "write a share as a number from 0 to 1: `0.80`");
    list_.problems.back().token_index -= 1;
    return true;
  }

  // `3 €`, and `3€` is a slip of numbers.
  bool CurrencySignLast() {
    const std::string number(list_.TextOf(list_.tokens.back()));
    Problem(DiagnosticKind::kCurrencySign, list_.tokens.back().begin, at_,
            "an amount of money names its currency",
            "write `" + number + " EUR`, with the currency's three letters");
    list_.problems.back().token_index -= 1;
    list_.tokens.back().kind = TokenKind::kBroken;
    list_.tokens.back().end = static_cast<std::uint32_t>(at_);
    return true;
  }

  // `[a, b]` becomes the set that was meant.
  bool SquareBracket() {
    const std::size_t begin = at_;
    const bool opens = Peek() == '[';
    if (!opens && (Peek() != ']' || open_brackets_ == 0)) return false;
    ++at_;
    if (opens) {
      Problem(DiagnosticKind::kStrayCharacter, begin, at_, "`[` means nothing here",
              "a set is written `{ a, b }`");
    }
    opens ? ++open_brackets_ : --open_brackets_;
    return Add(opens ? TokenKind::kLBrace : TokenKind::kRBrace, begin), true;
  }

  // `€3` is read as the amount that was meant.
  bool CurrencySignFirst() {
    const std::size_t begin = at_;
    const std::size_t sign = CurrencySignLength(Rest());
    if (sign == 0) return false;
    at_ += sign;
    if (!list_.tokens.empty() && !line_is_fresh_) {
      const TokenKind before = list_.tokens.back().kind;
      if (before == TokenKind::kInt || before == TokenKind::kDecimal) return CurrencySignLast();
    }
    while (Peek() == ' ') ++at_;
    if (!IsDigit(Peek())) {
      at_ = begin;
      return false;
    }
    const NumberToken number = ReadNumber(list_.text, at_, false);
    at_ += number.size_bytes;
    Problem(DiagnosticKind::kCurrencySign, begin, at_, "an amount of money names its currency",
            "write `200 EUR`, with the three letters of the currency after the number");
    Add(TokenKind::kBroken, begin);
    return true;
  }

  // “A text”, closed by any such quote on its line.
  void CurlyQuoted(std::string_view open) {
    const std::size_t begin = at_;
    at_ += open.size();
    const std::size_t line_end = std::min(list_.text.find('\n', at_), list_.text.size());
    std::size_t close = line_end;
    std::size_t close_size = 0;
    for (const std::string_view quote : kForeignQuotes) {
      const std::size_t found = list_.text.find(quote, at_);
      if (found < close) close = found, close_size = quote.size();
    }
    if (const std::size_t found = list_.text.find('"', at_); found < close) {
      close = found, close_size = 1;
    }
    at_ = close + close_size;
    Problem(DiagnosticKind::kCurlyQuotes, begin, at_, "texts stand between straight double quotes",
            "write `\"`; word processors turn it into curly quotes");
    Add(TokenKind::kString, begin);
  }

  bool ForeignComment() {
    const std::size_t begin = at_;
    if (Peek() == '#') {
      Problem(DiagnosticKind::kForeignComment, begin, begin + 1, "`#` does not start a comment",
              "write `//`");
      SkipComment(begin);
      return true;
    }
    if (!Rest().starts_with("/*")) return false;
    const std::size_t close = list_.text.find("*/", begin + 2);
    at_ = close == std::string_view::npos ? list_.text.size() : close + 2;
    Problem(DiagnosticKind::kForeignComment, begin, begin + 2, "`/*` does not start a comment",
            "write `//` in front of each line");
    return true;
  }

  void Stray() {
    const std::size_t begin = at_;
    at_ += CodePointLength(Peek());
    const std::string_view text = list_.text.substr(begin, at_ - begin);
    if (IsHidden(text)) return CheckHidden(begin, at_);
    if (text == ";") {
      Problem(DiagnosticKind::kStrayCharacter, begin, at_, "nothing is closed with `;`",
              "delete it; each clause starts with a word of its own");
      return;
    }
    std::string hint;
    if (text == "%") hint = "write a share as a number from 0 to 1: `0.80`";
    if (text == ".") hint = "a dotted name has no spaces: `order.total`";
    const bool control = static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F;
    Problem(DiagnosticKind::kStrayCharacter, begin, at_,
            control ? "a control character means nothing here"
                    : "`" + std::string(text) + "` means nothing here",
            std::move(hint));
    Add(TokenKind::kStray, begin);
  }

  TokenList list_;
  std::size_t at_ = 0;
  std::size_t open_brackets_ = 0;
  bool line_is_fresh_ = true;
};

}  // namespace

TokenList Lex(std::uint32_t file, std::string_view text) { return Lexer(file, text).Run(); }

}  // namespace writ::lang
