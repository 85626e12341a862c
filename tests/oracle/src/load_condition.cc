// Conditions of the dumped tree. Names stay names: what they mean depends on the request.
#include <stdexcept>

#include "load.h"

namespace writ::oracle {

namespace {

Op OpOf(const Json& json) {
  static const std::map<std::string, Op> kOps = {{"or", Op::kOr},
                                                 {"and", Op::kAnd},
                                                 {"not", Op::kNot},
                                                 {"in_set", Op::kInSet},
                                                 {"in_range", Op::kInRange},
                                                 {"in", Op::kIn},
                                                 {"is_missing", Op::kIsMissing},
                                                 {"starts_with", Op::kStartsWith},
                                                 {"matches", Op::kMatches},
                                                 {"add", Op::kAdd},
                                                 {"subtract", Op::kSubtract},
                                                 {"multiply", Op::kMultiply},
                                                 {"negate", Op::kNegate},
                                                 {"name", Op::kName},
                                                 {"literal", Op::kConstant},
                                                 {"equal", Op::kEqual},
                                                 {"not_equal", Op::kNotEqual},
                                                 {"less", Op::kLess},
                                                 {"less_equal", Op::kLessEqual},
                                                 {"greater", Op::kGreater},
                                                 {"greater_equal", Op::kGreaterEqual},
                                                 {"min", Op::kMin},
                                                 {"max", Op::kMax}};
  std::string word = TextOf(json, "kind");
  if (word == "compare") word = TextOf(json, "op");
  if (word == "call") word = TextOf(json, "name");
  const auto found = kOps.find(word);
  if (found == kOps.end()) throw std::runtime_error("the oracle does not know `" + word + "`");
  return found->second;
}

}  // namespace

// M9.5
Expr Loader::OfTheCase(const std::string& function, const std::string& target) {
  Meter meter;
  meter.name = function + "(" + target + ")";
  meter.fold = function == "first" ? Fold::kFirst : function == "last" ? Fold::kLast : Fold::kCount;
  meter.targets = Expand({target});
  meter.keys = {"case"};
  policy.meters[meter.name] = meter;
  Expr expr;
  expr.op = Op::kName;
  expr.name = meter.name;
  return expr;
}

Expr Loader::ReadExpr(const Json& json) {
  Expr expr;
  const std::string function = TextOf(json, "kind") == "call" ? TextOf(json, "name") : "";
  if (function == "done" || function == "own") {  // M9.5, M30.1
    expr.op = Op::kName;
    expr.name = Count(function, TextOf(json.at("operands").at(0), "name"), Json::object(), false);
    return expr;
  }
  if (function == "first" || function == "last") {
    return OfTheCase(function, TextOf(json.at("operands").at(0), "name"));
  }
  if (function == "approval") {
    expr.op = Op::kApproval;
    expr.name = TextOf(json.at("operands").at(0), "name");
    return expr;
  }
  const bool lookup =
      TextOf(json, "kind") == "call" && policy.lookups.contains(TextOf(json, "name"));
  expr.op = lookup ? Op::kLookup : OpOf(json);
  expr.negated = FlagOf(json, "negated");
  expr.name = TextOf(json, "name");
  if (json.contains("literal")) {
    expr.constant = ReadLiteral(json.at("literal"));
    policy.constants.push_back(expr.constant);
  }
  if (json.contains("operands")) {
    for (const Json& operand : json.at("operands")) expr.operands.push_back(ReadExpr(operand));
  }
  SpellOutGroups(expr);
  return expr;
}

// M4.1: `capability = GROUP` and `capability in GROUP` ask for one of its members.
void Loader::SpellOutGroups(Expr& expr) const {
  const bool asks = expr.op == Op::kEqual || expr.op == Op::kNotEqual || expr.op == Op::kInSet ||
                    expr.op == Op::kIn;
  if (!asks || expr.operands[0].name != "capability") return;
  std::vector<std::string> names;
  for (std::size_t i = 1; i < expr.operands.size(); ++i)
    names.push_back(expr.operands[i].op == Op::kName ? expr.operands[i].name
                                                     : ToString(expr.operands[i].constant));
  expr.negated = expr.negated != (expr.op == Op::kNotEqual);
  expr.op = Op::kInSet;
  expr.operands.resize(1);
  for (const std::string& name : Expand(names)) {
    Expr member;
    member.op = Op::kName;
    member.name = name;
    expr.operands.push_back(member);
  }
}

Condition Always() {
  Condition always{Expr(), std::make_shared<Lets>(), {}, {}, {}};
  always.expr.op = Op::kAnd;
  return always;
}

Condition Loader::ReadCondition(const Json& expr, std::shared_ptr<const Lets> lets) {
  return {ReadExpr(expr), std::move(lets), {}, {}, {}};
}

}  // namespace writ::oracle
