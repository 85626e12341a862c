// Types and values of facts, and what a value written in the policy's spelling is worth as one of a
// type.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "writ/oracle/number.h"

namespace writ::oracle {

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
};

struct Type {
  TypeKind kind = TypeKind::kBool;
  int scale = 0;                              // of numbers: digits after the point
  std::string currency;                       // kMoney
  std::vector<std::string> values;            // kEnum, in the order declared
  bool ordered = false;                       // kEnum
  std::map<std::string, std::string> called;  // kEnum: other names of its values
  std::string any_other;                      // kEnum: what any other name means; empty: nothing
  Number low, high;                           // of numbers: both inclusive, at `scale`
  std::shared_ptr<const Type> element;        // kSet
};

bool IsNumeric(TypeKind kind);  // integer, decimal, money, duration, time
// Digits after the point of a currency (M6.1).
int MinorDigits(const std::string& currency);
// Without a range of its own (M6.1).
void SetDefaultRange(Type& type);

// A value that is present. A *word* is a name that stands beside an enum, a role or a capability
// and gets its meaning from there (M6.3).
struct Value {
  enum class Kind : std::uint8_t { kTruth, kNumber, kText, kEnum, kWord, kSet };
  Kind kind = Kind::kTruth;
  bool truth = false;
  Number number;     // kNumber: any unit; the policy has been checked
  std::string text;  // kText, kEnum, kWord
  std::vector<std::string>
      values;  // kEnum: the declared values, for their order; kSet: its members

  static Value Truth(bool truth);
  static Value Of(Number number);
  static Value Text(std::string text);
};

bool Equal(const Value& a, const Value& b);
// REQUIRES: numbers, or values of one ordered enum, at least one of them no bare word.
bool Less(const Value& a, const Value& b);

// "200.01 EUR", "true", "gold", "\"A1\"", "2026-10-01T12:00:00Z", "90 minutes", "{ a, b }" as a
// value of `type`. Nothing if it is none: malformed (M6.2).
std::optional<Value> ParseValue(const Type& type, const std::string& text);
std::string ToString(const Value& value);

}  // namespace writ::oracle
