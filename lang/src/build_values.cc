// Names, texts, values and types.
#include <algorithm>
#include <charconv>

#include "build.h"

namespace writ::lang {
namespace {

std::string WithoutUnderscores(std::string_view digits) {
  std::string text(digits);
  std::erase(text, '_');
  return text;
}

// Digits at the front.
std::size_t NumberLength(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789_."), text.size());
}

std::string Unescape(std::string_view quoted) {
  if (quoted.starts_with('"')) {
    quoted.remove_prefix(1);
    if (quoted.ends_with('"')) quoted.remove_suffix(1);
  }
  std::string text;
  text.reserve(quoted.size());
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '\\' || i + 1 == quoted.size()) {
      text += quoted[i];
      continue;
    }
    const char escaped = quoted[++i];
    text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
  }
  return text;
}

// The number and, behind it, its unit or currency.
void ReadQuantity(Builder& b, CstReader node, Literal& literal) {
  const TokenKind kind = node.Kind();
  const std::string_view text = b.Text(node.TakeToken());
  if (kind == TokenKind::kDuration) {
    const std::size_t digits = NumberLength(text);
    literal.kind = LiteralKind::kDuration;
    literal.text += WithoutUnderscores(text.substr(0, digits));
    literal.unit = text.substr(digits);
    if (literal.unit == "m") literal.unit = "min";  // already refused
    return;
  }
  literal.text += WithoutUnderscores(text);
  if (node.At(TokenKind::kCurrency)) {
    literal.kind = LiteralKind::kMoney;
    literal.unit = b.Text(node.TakeToken());
  } else if (node.At(TokenKind::kUnit)) {
    literal.kind = LiteralKind::kDuration;
    literal.unit = b.Text(node.TakeToken());
    if (literal.unit.ends_with('s')) literal.unit.pop_back();
    if (literal.unit == "m") literal.unit = "minute";  // already refused
  }
}

void ReadParameter(Builder& b, CstReader node, TypeRef& type) {
  node.Eat(TokenKind::kLParen);
  const TokenKind kind = node.Kind();
  const std::uint32_t token = node.TakeToken();
  const std::string_view text = b.Text(token);
  if (type.kind == TypeKind::kDecimal && kind == TokenKind::kInt) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), type.scale);
    if (error == std::errc() && end == text.data() + text.size()) return;
  }
  if (type.kind == TypeKind::kMoney && kind == TokenKind::kCurrency) {
    type.currency = text;
    return;
  }
  const bool takes_one = type.kind == TypeKind::kDecimal || type.kind == TypeKind::kMoney;
  b.Report(Diagnostic{DiagnosticKind::kBadType, b.SpanAt(token),
                      takes_one ? "`" + std::string(text) + "` cannot stand in these parentheses"
                                : "only `decimal` and `money` have something in parentheses"}
               .Hint("write `decimal(2)` for two digits after the point, `money(EUR)` for amounts "
                     "in euros"));
}

void ReadRange(Builder& b, CstReader node, TypeRef& type) {
  node.Eat(TokenKind::kIn);
  type.low = BuildValue(b, node.TakeChild());
  node.Eat(TokenKind::kRange);
  type.high = BuildValue(b, node.TakeChild());
  switch (type.kind) {
    case TypeKind::kInteger:
    case TypeKind::kDecimal:
    case TypeKind::kMoney:
    case TypeKind::kDuration:
    case TypeKind::kNamed:
      return;
    case TypeKind::kBool:
    case TypeKind::kTime:
    case TypeKind::kId:
    case TypeKind::kText:
    case TypeKind::kRole:
    case TypeKind::kSet:
    case TypeKind::kEnum:
      break;
  }
  b.Report(
      {DiagnosticKind::kBadType, node.span(), "only numbers, money and durations have a range"});
}

TypeKind KindOfType(std::string_view word) {
  constexpr Choice<TypeKind> kTypes[] = {
      {"bool", TypeKind::kBool},
      {"integer", TypeKind::kInteger},
      {"decimal", TypeKind::kDecimal},
      {"money", TypeKind::kMoney},
      {"duration", TypeKind::kDuration},
      {"time", TypeKind::kTime},
      {"id", TypeKind::kId},
      {"text", TypeKind::kText},
      {"role", TypeKind::kRole},
      {"set", TypeKind::kSet},
  };
  for (const auto& type : kTypes) {
    if (type.word == word) return type.value;
  }
  return TypeKind::kNamed;
}

void RequireParameter(Builder& b, const TypeRef& type, bool has_one, Span word) {
  if (has_one || (type.kind != TypeKind::kDecimal && type.kind != TypeKind::kMoney)) return;
  const bool money = type.kind == TypeKind::kMoney;
  b.Report(Diagnostic{DiagnosticKind::kBadType, word,
                      money ? "`money` does not say in which currency"
                            : "`decimal` does not say how many digits follow the point"}
               .Hint(money ? "write `money(EUR)`" : "write `decimal(2)`"));
}

}  // namespace

void ReportUnknownWord(Builder& b, const Name& name, std::string_view what,
                       const std::vector<std::string_view>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += "`" + std::string(words[i]) + "`";
  }
  Diagnostic diagnostic{DiagnosticKind::kUnknownWord, name.span,
                        "`" + name.text + "` is not " + std::string(what)};
  if (const auto near = NearestName(name.text, words)) {
    diagnostic.hints.push_back("did you mean `" + *near + "`?");
  } else {
    diagnostic.hints.push_back("write " + list);
  }
  b.Report(std::move(diagnostic));
}

void ReportTwice(Builder& b, std::string_view what, Span first, Span again) {
  b.Report(
      Diagnostic{DiagnosticKind::kSaidTwice, again, "`" + std::string(what) + "` is said twice"}.At(
          first, "the first one is here"));
}

void Once(Builder& b, std::optional<Span>& first, std::string_view what, Span span) {
  if (first) return ReportTwice(b, what, *first, span);
  first = span;
}

void ReportNotYet(Builder& b, Span span, std::string_view word) {
  b.Report({DiagnosticKind::kNotYet, span,
            "`" + std::string(word) +
                "` is part of the language, but this version cannot compile it yet"});
}

Name NameAt(Builder& b, std::uint32_t token) {
  return {std::string(b.Text(token)), b.SpanAt(token)};
}

Name TakeDottedName(Builder& b, CstReader& node) {
  if (!node.At(TokenKind::kDottedName)) return TakeName(b, node);
  return NameAt(b, node.TakeToken());
}

void TakeFormer(Builder& b, CstReader& node, const Name& now, std::vector<Former>& was) {
  while (auto child = node.Take(Rule::kWas)) {
    child->Eat(TokenKind::kWas);
    was.push_back({now, TakeName(b, *child)});
  }
}

Name BuildName(Builder& b, CstReader node) { return NameAt(b, node.node().first); }

Name TakeName(Builder& b, CstReader& node) { return BuildName(b, node.TakeChild()); }

std::vector<Name> BuildNames(Builder& b, CstReader node) {
  std::vector<Name> names;
  do {
    names.push_back(TakeName(b, node));
  } while (node.Eat(TokenKind::kComma));
  return names;
}

Text TextAt(Builder& b, std::uint32_t token) {
  const std::string_view text = b.Text(token);
  const bool quoted = b.tokens.tokens[token].kind == TokenKind::kString;
  return {quoted ? Unescape(text) : std::string(text), b.SpanAt(token)};
}

std::optional<Text> TakeOptionalText(Builder& b, CstReader& node) {
  if (!node.At(TokenKind::kString)) return std::nullopt;
  return TextAt(b, node.TakeToken());
}

Literal LiteralAt(Builder& b, std::uint32_t token) {
  Literal literal;
  literal.text = b.Text(token);
  literal.span = b.SpanAt(token);
  switch (b.tokens.tokens[token].kind) {
    case TokenKind::kDate:
      literal.kind = LiteralKind::kDate;
      break;
    case TokenKind::kTimestamp:
      literal.kind = LiteralKind::kTimestamp;
      break;
    case TokenKind::kString:
      literal.kind = LiteralKind::kText;
      literal.text = TextAt(b, token).text;
      break;
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      literal.kind = LiteralKind::kBool;
      literal.text = b.tokens.tokens[token].kind == TokenKind::kTrue ? "true" : "false";
      break;
    default:
      literal.kind = LiteralKind::kWord;
      break;
  }
  return literal;
}

Literal BuildValue(Builder& b, CstReader node) {
  Literal literal;
  const Span span = node.span();
  if (node.node().rule == Rule::kQuantity || node.node().rule == Rule::kDuration) {
    ReadQuantity(b, node, literal);
  } else {
    if (node.Eat(TokenKind::kMinus)) literal.text = "-";
    if (node.At(Rule::kQuantity)) {
      ReadQuantity(b, node.TakeChild(), literal);
    } else if (node.ChildRule() == Rule::kDuration) {
      literal = BuildValue(b, node.TakeChild());
    } else {
      literal = LiteralAt(b, node.ChildRule() ? node.TakeChild().node().first : node.TakeToken());
    }
  }
  literal.span = span;
  return literal;
}

Literal BuildSetValue(Builder& b, CstReader node) {
  Literal literal;
  literal.kind = LiteralKind::kWords;
  literal.span = node.span();
  node.Eat(TokenKind::kLBrace);
  while (!node.Eat(TokenKind::kRBrace)) {
    CstReader member = node.TakeChild();
    if (member.At(TokenKind::kString)) {
      const Text text = TextAt(b, member.TakeToken());
      literal.words.push_back({text.text, text.span});
    } else {
      literal.words.push_back(TakeName(b, member));
    }
    node.Eat(TokenKind::kComma);
  }
  return literal;
}

TypeRef BuildEnumeration(Builder& b, CstReader node) {
  TypeRef type;
  type.kind = TypeKind::kEnum;
  type.span = node.span();
  node.Eat(TokenKind::kLBrace);
  do {
    type.values.push_back(TakeName(b, node));
    TakeFormer(b, node, type.values.back(), type.was);
    if (node.At(TokenKind::kLess)) type.ordered = true;
  } while (node.Eat(TokenKind::kLess) || node.Eat(TokenKind::kComma));
  return type;
}

TypeRef BuildType(Builder& b, CstReader node) {
  const Span span = node.span();
  if (const auto enumeration = node.Take(Rule::kEnumeration))
    return BuildEnumeration(b, *enumeration);
  TypeRef type;
  type.span = span;
  const Name word = TakeName(b, node);
  type.kind = KindOfType(word.text);
  if (type.kind == TypeKind::kNamed) type.named = word;
  if (node.Eat(TokenKind::kOf)) {
    if (type.kind != TypeKind::kSet) {
      b.Report(Diagnostic{DiagnosticKind::kBadType, word.span, "only a `set` is of something"}.Hint(
          "write `set of TYPE`"));
    }
    type.element.push_back(BuildType(b, node.TakeChild()));
    return type;
  }
  if (type.kind == TypeKind::kSet) {
    b.Report(Diagnostic{DiagnosticKind::kBadType, word.span, "`set` does not say of what"}.Hint(
        "write `set of TYPE`"));
  }
  const auto parameter = node.Take(Rule::kParameter);
  if (parameter) ReadParameter(b, *parameter, type);
  RequireParameter(b, type, parameter.has_value(), word.span);
  if (const auto range = node.Take(Rule::kRange)) ReadRange(b, *range, type);
  return type;
}

}  // namespace writ::lang
