// M6.3, M6.5, M6.6 and M7: conditions, with three truth values after Kleene. "Nothing" is missing,
// or unknown.
#include "situation.h"
#include "writ/oracle/pattern.h"

namespace writ::oracle {

Truth Situation::Evaluate(const Condition& condition, bool substitute) const {
  static const Lets kNone;
  const Maybe value = Worth(condition.expr, condition.lets ? *condition.lets : kNone, substitute);
  if (!value) return std::nullopt;
  return value->truth;
}

std::optional<Value> Situation::Worth(const Expr& expr, const Lets& lets, bool substitute) const {
  switch (expr.op) {
    case Op::kConstant:
      return expr.constant;
    case Op::kName:
      return NameWorth(expr.name, lets, substitute);
    case Op::kOr:
    case Op::kAnd:
    case Op::kNot:
      return Joined(expr, lets, substitute);
    case Op::kIsMissing:  // as given, before substitution
      return Value::Truth(Worth(expr.operands[0], lets, false).has_value() == expr.negated);
    case Op::kInSet:
    case Op::kInRange:
    case Op::kIn:
      return Contained(expr, lets, substitute);
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kNegate:
    case Op::kMin:
    case Op::kMax:
      return Calculated(expr, lets, substitute);
    case Op::kApproval: {
      const Truth granted = Granted(expr.name, substitute);
      return granted ? Maybe(Value::Truth(*granted)) : std::nullopt;
    }
    case Op::kLookup:
      return LookedUp(expr, lets, substitute);
    default:
      return Compared(expr, lets, substitute);
  }
}

// The let of the block, then of the policy; a threshold; a fact; else a bare word (M6.3).
std::optional<Value> Situation::NameWorth(const std::string& name, const Lets& lets,
                                          bool substitute) const {
  static const Lets kNone;
  if (const auto let = lets.find(name); let != lets.end())
    return Worth(let->second, lets, substitute);
  if (const auto let = policy_.lets.find(name); let != policy_.lets.end())
    return Worth(let->second, kNone, substitute);
  if (const auto threshold = policy_.thresholds.find(name); threshold != policy_.thresholds.end())
    return threshold->second;
  if (name == "capability") return Value::Text(request_.capability);  // M11
  const auto fact = policy_.facts.find(name);
  if (fact == policy_.facts.end()) {
    Value word = Value::Text(name);
    word.kind = Value::Kind::kWord;
    return word;
  }
  const Maybe value = ValueOf(name);
  if (!value && substitute && WordOf(name) == MissingWord::kValue) return fact->second.substitute;
  return value;
}

std::optional<Value> Situation::Joined(const Expr& expr, const Lets& lets, bool substitute) const {
  if (expr.op == Op::kNot) {
    const Maybe value = Worth(expr.operands[0], lets, substitute);
    return value ? Maybe(Value::Truth(!value->truth)) : std::nullopt;
  }
  const bool settles = expr.op == Op::kOr;  // one true operand settles an `or`, one false an `and`
  bool unknown = false;
  for (const Expr& operand : expr.operands) {
    const Maybe value = Worth(operand, lets, substitute);
    if (value && value->truth == settles) return Value::Truth(settles);
    unknown = unknown || !value;
  }
  return unknown ? std::nullopt : Maybe(Value::Truth(!settles));
}

std::optional<Value> Situation::Compared(const Expr& expr, const Lets& lets,
                                         bool substitute) const {
  const Maybe left = Worth(expr.operands[0], lets, substitute);
  const Maybe right = Worth(expr.operands[1], lets, substitute);
  if (!left || !right) return std::nullopt;
  switch (expr.op) {
    case Op::kEqual:
      return Value::Truth(Equal(*left, *right));
    case Op::kNotEqual:
      return Value::Truth(!Equal(*left, *right));
    case Op::kLess:
      return Value::Truth(Less(*left, *right));
    case Op::kLessEqual:
      return Value::Truth(!Less(*right, *left));
    case Op::kGreater:
      return Value::Truth(Less(*right, *left));
    case Op::kGreaterEqual:
      return Value::Truth(!Less(*left, *right));
    case Op::kMatches:
      return Value::Truth(Matches(left->text, right->text, expr.name == "domain") != expr.negated);
    default:  // kStartsWith
      return Value::Truth(left->text.starts_with(right->text) != expr.negated);
  }
}

// M6.5: `x in { a, b }` is `x = a or x = b`, `x in lo..hi` is `lo <= x and x <= hi`.
std::optional<Value> Situation::Contained(const Expr& expr, const Lets& lets,
                                          bool substitute) const {
  Maybe inside;
  if (expr.op == Op::kIn) {
    const Maybe member = Worth(expr.operands[0], lets, substitute);
    const Maybe set = Worth(expr.operands[1], lets, substitute);
    if (!member || !set) return std::nullopt;
    inside = Value::Truth(false);
    for (const std::string& one : set->values) inside->truth = inside->truth || one == member->text;
  } else {
    Expr written;
    written.op = expr.op == Op::kInSet ? Op::kOr : Op::kAnd;
    for (std::size_t i = 1; i < expr.operands.size(); ++i) {
      Expr part;
      part.op = expr.op == Op::kInSet ? Op::kEqual : i == 1 ? Op::kGreaterEqual : Op::kLessEqual;
      part.operands = {expr.operands[0], expr.operands[i]};
      written.operands.push_back(part);
    }
    inside = Joined(written, lets, substitute);
  }
  if (inside && expr.negated) inside->truth = !inside->truth;
  return inside;
}

std::optional<Value> Situation::Calculated(const Expr& expr, const Lets& lets,
                                           bool substitute) const {
  std::vector<Value> operands;
  for (const Expr& operand : expr.operands) {
    const Maybe value = Worth(operand, lets, substitute);
    if (!value) return std::nullopt;
    operands.push_back(*value);
  }
  Value result = operands[0];
  if (expr.op == Op::kNegate) result.number.units = -result.number.units;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    const Value& next = operands[i];
    if (expr.op == Op::kAdd) result.number = Add(result.number, next.number);
    if (expr.op == Op::kSubtract) result.number = Subtract(result.number, next.number);
    if (expr.op == Op::kMultiply) result.number = Multiply(result.number, next.number);
    if (expr.op == Op::kMin && Less(next, result)) result = next;
    if (expr.op == Op::kMax && Less(result, next)) result = next;
  }
  return result;
}

// M19: nothing where a key is missing.
std::optional<Value> Situation::LookedUp(const Expr& expr, const Lets& lets,
                                         bool substitute) const {
  const Lookup& lookup = policy_.lookups.at(expr.name);
  std::vector<Value> keys;
  for (const Expr& operand : expr.operands) {
    const Maybe key = Worth(operand, lets, substitute);
    if (!key) return std::nullopt;
    keys.push_back(*key);
  }
  for (const auto& [row, cells] : lookup.rows) {
    if (!Equal(row, keys[0])) continue;
    if (lookup.columns.empty()) return cells[0];
    for (std::size_t i = 0; i < lookup.columns.size(); ++i) {
      if (Equal(lookup.columns[i], keys[1])) return cells[i];
    }
  }
  return std::nullopt;
}

std::set<std::string> NamesIn(const Expr& expr) {
  std::set<std::string> names;
  if (expr.op == Op::kName) names.insert(expr.name);
  for (const Expr& operand : expr.operands) names.merge(NamesIn(operand));
  return names;
}

}  // namespace writ::oracle
