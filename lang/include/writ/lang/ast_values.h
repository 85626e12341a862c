// The smallest parts of a syntax tree: values, types and conditions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "writ/lang/span.h"

namespace writ::lang {

// ------------------------------------------------------------------------------------- values

enum class LiteralKind : std::uint8_t {
  kBool,       // text: "true" or "false" (`yes`, `no` are the same)
  kNumber,     // text: digits with an optional leading '-' and an optional fraction, without '_'
  kMoney,      // text as kNumber; unit: three capitals, "EUR"
  kDuration,   // text: whole number; unit: ms s min h d w | second minute hour day week month year
  kDate,       // text: "2026-10-01"
  kTimestamp,  // text: "2026-10-01T12:00:00Z"
  kText,       // text: the string's content
  kWord,       // text: an enumerator, where only a value can stand
  kMissing,    // the word `missing` in an example
  kWords,      // words: { a, "b" } in an example or as a missing word: a set
};

struct Literal {
  LiteralKind kind = LiteralKind::kNumber;
  std::string text;
  std::string unit;
  std::vector<Name> words;
  Span span;
  friend bool operator==(const Literal&, const Literal&) = default;
};

// ------------------------------------------------------------------------------------- types

enum class TypeKind : std::uint8_t {
  kBool,
  kInteger,
  kDecimal,
  kMoney,
  kDuration,
  kTime,
  kId,
  kText,
  kRole,
  kSet,
  kEnum,
  kNamed,
};

struct TypeRef {
  TypeKind kind = TypeKind::kBool;
  std::uint32_t scale = 0;     // kDecimal: digits after the point
  std::string currency;        // kMoney
  std::vector<Name> values;    // kEnum, in the order written
  std::vector<Former> was;     // of its values
  bool ordered = false;        // kEnum: written with '<'
  std::optional<Literal> low;  // `in low..high`, both inclusive
  std::optional<Literal> high;
  std::vector<TypeRef> element;  // kSet: exactly one
  std::optional<Name> named;     // kNamed
  Span span;
  friend bool operator==(const TypeRef&, const TypeRef&) = default;
};

// ------------------------------------------------------------------------------------- conditions

enum class ExprKind : std::uint8_t {
  kOr,          // operands: 2 or more
  kAnd,         // operands: 2 or more
  kNot,         // operands: 1
  kCompare,     // operands: left, right; op
  kInSet,       // operands: left, then each member; negated
  kInRange,     // operands: left, low, high (inclusive); negated
  kIn,          // operands: left, a name of set type; negated       (`x in tags`)
  kIsMissing,   // operands: 1; negated
  kMatches,     // operands: 1, then a text literal; negated; name: `domain`, where it is one
  kStartsWith,  // operands: 1, then a text literal; negated
  kAdd,
  kSubtract,
  kMultiply,  // operands: left, right
  kNegate,    // operands: 1
  kCall,      // name: min, max, done, ...; operands: the arguments
  kName,      // name
  kLiteral,   // literal (never kWord, kMissing or kWords: a bare word in a condition is a kName)
};

enum class CompareOp : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual
};

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  CompareOp op = CompareOp::kEqual;
  bool negated = false;
  std::optional<Name> name;
  std::optional<Literal> literal;
  std::vector<Expr> operands;
  Span span;
  friend bool operator==(const Expr&, const Expr&) = default;
};

// ------------------------------------------------------------------------------------- decisions

enum class Trigger : std::uint8_t { kThreshold, kAmbiguity, kNovelty, kConflict };
enum class Verdict : std::uint8_t { kAllow, kEscalate, kDeny };

}  // namespace writ::lang
