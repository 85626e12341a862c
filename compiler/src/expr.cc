// Expressions get a shape (what they are) and nodes (what they compute), bottom up, in one walk.
// What is wrong is said where it is found and becomes `kBroken`, which silences everything above
// it. The parser bounds the depth of expressions, so the walk may recurse.
//
// Bare words are resolved from the outside in: words of the capability where they may be asked for,
// lets of the block, of the delegation, of the policy, thresholds, facts. What remains is a
// `kWord`, and what stands beside it says what it means.
#include "expr.h"

#include <array>

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::ExprKind;
using lang::LiteralKind;
using runtime::ValueType;

namespace {

Shape ShapeOf(const table::Fact& fact) {
  Shape shape;
  switch (fact.type) {
    case ValueType::kBool:
      shape.kind = ShapeKind::kBool;
      break;
    case ValueType::kEnum:
      shape.kind = ShapeKind::kEnum;
      break;
    case ValueType::kInteger:
    case ValueType::kDecimal:
      shape.kind = ShapeKind::kNumber;
      break;
    case ValueType::kMoney:
      shape.kind = ShapeKind::kMoney;
      break;
    case ValueType::kDuration:
      shape.kind = ShapeKind::kDuration;
      break;
    case ValueType::kTime:
      shape.kind = ShapeKind::kTime;
      break;
    case ValueType::kId:
      shape.kind = ShapeKind::kId;
      break;
    case ValueType::kText:
      shape.kind = ShapeKind::kText;
      break;
    case ValueType::kRole:
      shape.kind = ShapeKind::kRole;
      break;
    case ValueType::kIdSet:
      shape.kind = ShapeKind::kIdSet;
      break;
    case ValueType::kEnumSet:
      shape.kind = ShapeKind::kEnumSet;
      break;
  }
  shape.ordered = fact.ordered;
  shape.values = &fact.values;
  shape.unit = fact.unit;
  return shape;
}

constexpr std::array<std::pair<std::string_view, Attribute>, 4> kAttributes = {{
    {"capability", Attribute::kCapability},
    {"kind", Attribute::kKind},
    {"risk", Attribute::kRisk},
    {"system", Attribute::kSystem},
}};

}  // namespace

ExprChecker::ExprChecker(const Words& words, const People& people, const Deeds& deeds,
                         const Facts& facts, Reporter& reporter)
    : words_(words), people_(people), deeds_(deeds), facts_(facts), reporter_(reporter) {
  used_facts.resize(facts.facts.size());
  used_thresholds.resize(words.names.thresholds.size());
  for (const std::uint32_t threshold : facts.window_thresholds) used_thresholds[threshold] = true;
  used_evidence.resize(words.names.evidence.size());
  for (const auto& entry : words.names.thresholds)
    thresholds_.push_back(ReadThreshold(*entry.tree, entry.policy));
  used_approvals.resize(words.names.approvals.size());
  used_lookups.resize(words.names.lookups.size());
  for (const auto& entry : words.names.lookups)
    lookups_.push_back(ReadLookup(*entry.tree, entry.policy));
  for (const table::Fact& fact : facts.facts) value_names_.push_back(fact.name);
  for (std::string& name : words.names.thresholds.Names()) value_names_.push_back(std::move(name));
  for (std::string& name : words.names.lets.Names()) value_names_.push_back(std::move(name));
}

// ------------------------------------------------------------------------------------- makers

ExprId ExprChecker::Constant(Number number, lang::Span span, std::vector<std::string> thresholds) {
  Node node;
  node.kind = NodeKind::kNumber;
  node.number = node.low = node.high = number.digits;
  node.scale = number.scale;
  node.texts = std::move(thresholds);
  node.span = span;
  return Add(std::move(node));
}

Operand ExprChecker::Bool(NodeKind kind, std::vector<ExprId> operands, lang::Span span) {
  Node node;
  node.kind = kind;
  node.operands = std::move(operands);
  node.high = 1;
  node.span = span;
  return Operand{.shape = {.kind = ShapeKind::kBool}, .id = Add(std::move(node)), .span = span};
}

ExprId ExprChecker::True(lang::Span span) {
  const Operand always = Bool(NodeKind::kBool, {}, span);
  nodes[always.id.value].number = nodes[always.id.value].low = 1;
  return always.id;
}

ExprId ExprChecker::DatedBefore(std::string_view first, std::int64_t date, lang::Span span) {
  const auto case_date = facts_.Find(first), now = facts_.Find("now");
  if (!case_date || facts_.broken[case_date->value] || !now) return {};
  const ExprId limit = Constant({date, 0}, span);
  Node missing;
  missing.kind = NodeKind::kIsMissing;
  missing.fact = *case_date;
  missing.high = 1;
  missing.span = span;
  const ExprId none_yet = Add(std::move(missing));
  const auto before = [&](FactId time) {
    return Bool(NodeKind::kLess, {FactOperand(time, span, {}).id, limit}, span).id;
  };
  const ExprId still = Bool(NodeKind::kAnd, {none_yet, before(*now)}, span).id;
  return Bool(NodeKind::kOr, {before(*case_date), still}, span).id;
}

ExprId ExprChecker::IsOtherThan(std::string_view fact, const lang::Text& id) {
  const auto given = facts_.Find(fact);
  if (!given) return {};
  Node missing;
  missing.kind = NodeKind::kIsMissing;
  missing.fact = *given;
  missing.high = 1;
  missing.span = id.span;
  Node text;
  text.kind = NodeKind::kText;
  text.texts = {id.text};
  text.span = id.span;
  const ExprId not_given = Add(std::move(missing));
  const ExprId wanted = Add(std::move(text));
  const Operand same =
      Bool(NodeKind::kTextEqual, {FactOperand(*given, id.span, {}).id, wanted}, id.span);
  return Bool(NodeKind::kOr, {not_given, Bool(NodeKind::kNot, {same.id}, id.span).id}, id.span).id;
}

ExprId ExprChecker::Confirmation(const lang::Name& party) {
  const auto fact = facts_.Find("confirmation." + party.text);
  return fact ? FactOperand(*fact, party.span, {}).id : ExprId{};
}

Operand ExprChecker::Negated(bool negated, Operand operand, lang::Span span) {
  if (!negated || !operand.Is(ShapeKind::kBool)) return operand;
  return Bool(NodeKind::kNot, {operand.id}, span);
}

Operand ExprChecker::CapabilityIn(std::vector<CapabilityId> capabilities, lang::Span span) {
  Operand in = Bool(NodeKind::kCapabilityIn, {}, span);
  MakeSet(capabilities);
  nodes[in.id.value].capabilities = std::move(capabilities);
  return in;
}

std::string ExprChecker::Shown(lang::Span span) const {
  constexpr std::size_t kLongest = 60;
  std::string shown = OneLine(words_.house.sources.Text(span));
  if (shown.size() > kLongest) {
    std::size_t cut = kLongest;
    while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0) == 0x80)
      --cut;  // never inside a character
    shown = shown.substr(0, cut) + "…";
  }
  return "`" + shown + "`";
}

std::string ExprChecker::DescribeShape(const Operand& operand) const {
  switch (operand.shape.kind) {
    case ShapeKind::kBroken:
      return "refused";
    case ShapeKind::kBool:
      return "true or false";
    case ShapeKind::kEnum:
    case ShapeKind::kEnumSet: {
      Type type;
      type.kind = operand.Is(ShapeKind::kEnum) ? ValueType::kEnum : ValueType::kEnumSet;
      type.ordered = operand.shape.ordered;
      type.values = *operand.shape.values;
      return Describe(type);
    }
    case ShapeKind::kNumber:
      return "a number";
    case ShapeKind::kMoney:
      return "money(" + std::string(operand.shape.unit) + ")";
    case ShapeKind::kDuration:
      return "a duration";
    case ShapeKind::kTime:
      return "a time";
    case ShapeKind::kId:
      return "an id";
    case ShapeKind::kText:
    case ShapeKind::kTextLiteral:
      return "a text";
    case ShapeKind::kRole:
    case ShapeKind::kActingRole:
      return "a role";
    case ShapeKind::kIdSet:
      return "a set of ids";
    case ShapeKind::kWord:
      return "a word";
    case ShapeKind::kMonths:
      return "a window of months";
    case ShapeKind::kAttribute:
      return "a word of the capability";
  }
  return "";
}

// ------------------------------------------------------------------------------------- the walk

ExprId ExprChecker::Condition(const lang::Expr& expr, const Scope& scope) {
  const Operand operand = Check(expr, scope);
  if (operand.Is(ShapeKind::kBool)) return operand.id;
  if (operand.Is(ShapeKind::kWord)) {
    UnknownValueName(operand.word, scope);
  } else if (!operand.Is(ShapeKind::kBroken)) {
    reporter_.Report(Diagnostic{
        DiagnosticKind::kTypeMismatch, expr.span,
        "a condition is true or false, and " + Shown(expr.span) + " is " + DescribeShape(operand)}
                         .Hint("compare it with something"));
  }
  return {};
}

Operand ExprChecker::Check(const lang::Expr& expr, const Scope& scope) {
  switch (expr.kind) {
    case ExprKind::kOr:
    case ExprKind::kAnd:
      return CheckJunction(expr, scope);
    case ExprKind::kNot:
      return CheckNot(expr, scope);
    case ExprKind::kCompare:
      return CheckCompare(expr, scope);
    case ExprKind::kInSet:
      return CheckInSet(expr, scope);
    case ExprKind::kInRange:
      return CheckInRange(expr, scope);
    case ExprKind::kIn:
      return CheckIn(expr, scope);
    case ExprKind::kIsMissing:
      return CheckIsMissing(expr, scope);
    case ExprKind::kMatches:
      return CheckMatches(expr, scope);
    case ExprKind::kStartsWith:
      return CheckStartsWith(expr, scope);
    case ExprKind::kAdd:
    case ExprKind::kSubtract:
    case ExprKind::kMultiply:
    case ExprKind::kNegate:
      return CheckArithmetic(expr, scope);
    case ExprKind::kCall:
      return CheckCall(expr, scope);
    case ExprKind::kName:
      return expr.name ? CheckName(*expr.name, scope) : Broken(expr.span);
    case ExprKind::kLiteral:
      return expr.literal ? CheckLiteral(*expr.literal, scope) : Broken(expr.span);
  }
  return Broken(expr.span);
}

Operand ExprChecker::CheckJunction(const lang::Expr& expr, const Scope& scope) {
  std::vector<ExprId> operands;
  for (const lang::Expr& operand : expr.operands) operands.push_back(Condition(operand, scope));
  if (!std::ranges::all_of(operands, &ExprId::valid)) return Broken(expr.span);
  return Bool(expr.kind == ExprKind::kOr ? NodeKind::kOr : NodeKind::kAnd, std::move(operands),
              expr.span);
}

Operand ExprChecker::CheckNot(const lang::Expr& expr, const Scope& scope) {
  const ExprId operand = Condition(expr.operands[0], scope);
  return operand.valid() ? Bool(NodeKind::kNot, {operand}, expr.span) : Broken(expr.span);
}

Operand ExprChecker::CheckIsMissing(const lang::Expr& expr, const Scope& scope) {
  const Operand operand = Check(expr.operands[0], scope);
  if (operand.Is(ShapeKind::kWord)) UnknownValueName(operand.word, scope);
  if (operand.Is(ShapeKind::kWord) || operand.Is(ShapeKind::kBroken)) return Broken(expr.span);
  if (!IsFact(operand)) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, expr.operands[0].span,
                   "only a fact can be missing, and " + Shown(expr.operands[0].span) + " is none"}
            .Hint("ask for the facts that it is made of"));
    return Broken(expr.span);
  }
  const FactId fact = At(operand.id).fact;
  const Operand missing = Bool(NodeKind::kIsMissing, {}, expr.span);
  nodes[missing.id.value].fact = fact;
  return Negated(expr.negated, missing, expr.span);
}

Operand ExprChecker::CheckCall(const lang::Expr& expr, const Scope& scope) {
  const std::string_view name = expr.name ? std::string_view(expr.name->text) : std::string_view();
  if (FoldOfCall(name)) {
    if (expr.operands.size() == 1 && expr.operands[0].name &&
        expr.operands[0].kind == ExprKind::kName) {
      const auto fact = facts_.Find(expr.name->text + "(" + expr.operands[0].name->text + ")");
      return fact ? FactOperand(*fact, expr.span, {}) : Broken(expr.span);
    }
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, expr.span,
                   "`" + expr.name->text + "` asks about one capability, event or group"}
            .Hint("write `" + expr.name->text + "(CAPABILITY)`"));
    return Broken(expr.span);
  }
  if (name == "approval" && expr.operands.size() == 1 && expr.operands[0].name)
    return CheckApproval(*expr.operands[0].name, expr.span);
  if (name == "min" || name == "max") {
    std::vector<Operand> operands;
    for (const lang::Expr& operand : expr.operands) {
      operands.push_back(Check(operand, scope));
      if (!operands.back().Is(ShapeKind::kWord)) continue;
      UnknownValueName(operands.back().word, scope);
      operands.back() = Broken(operand.span);
    }
    return CheckExtreme(name == "min" ? NodeKind::kMin : NodeKind::kMax, operands, expr.span);
  }
  if (const auto lookup = words_.names.lookups.Index(name))
    return CheckLookup(expr, scope, *lookup);
  std::vector<std::string> known = words_.names.lookups.Names();
  known.insert(known.end(), {"min", "max", "done", "own", "first", "last"});
  if (expr.name) reporter_.UnknownName("function", *expr.name, known);
  return Broken(expr.span);
}

// ------------------------------------------------------------------------------------- names

Operand ExprChecker::CheckName(const lang::Name& name, const Scope& scope) {
  if (auto attribute = CheckAttributeWord(name, scope)) return *std::move(attribute);
  if (scope.asks != Asks::kOnlyAttributes) {
    if (const LetId* let = FindLet(name.text, scope.locals ? scope.locals : &global))
      return LetOperand(*let, name.span, name.text);
    if (const auto threshold = words_.names.thresholds.Index(name.text))
      return ThresholdOperand(*threshold, name.span, name.text);
    if (const auto fact = facts_.Find(name.text)) return FactOperand(*fact, name.span, name.text);
  }
  return Operand{.shape = {.kind = ShapeKind::kWord}, .word = name, .span = name.span};
}

std::optional<Operand> ExprChecker::CheckAttributeWord(const lang::Name& name, const Scope& scope) {
  if (scope.asks == Asks::kNothing) return std::nullopt;
  const bool all = scope.asks == Asks::kOnlyAttributes;
  if (all && name.text == "irreversible") {
    std::vector<CapabilityId> found;
    for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
      if (deeds_.capabilities[i].irreversible) found.push_back(CapabilityId{i});
    }
    return CapabilityIn(std::move(found), name.span);
  }
  for (const auto& [word, attribute] : kAttributes) {
    if (word != name.text || (!all && attribute != Attribute::kCapability)) continue;
    return Operand{.shape = {.kind = ShapeKind::kAttribute, .attribute = attribute},
                   .span = name.span};
  }
  return std::nullopt;
}

Operand ExprChecker::FactOperand(FactId fact, lang::Span span, std::string_view bare) {
  used_facts[fact.value] = true;
  if (facts_.broken[fact.value]) return Broken(span);
  const table::Fact& declared = facts_.fact(fact);
  Node node;
  node.kind = NodeKind::kFact;
  node.fact = fact;
  node.low = declared.low;
  node.high = declared.high;
  node.scale = declared.scale;
  node.span = span;
  Operand operand{
      .shape = ShapeOf(declared), .id = Add(std::move(node)), .span = span, .bare = bare};
  if (bare == "role" && declared.source == runtime::Source::kBuiltin)
    operand.shape.kind = ShapeKind::kActingRole;
  return operand;
}

const LetId* ExprChecker::FindLet(std::string_view name, const LocalLets* locals) const {
  for (; locals; locals = locals->parent) {
    const auto at = locals->lets.find(name);
    if (at != locals->lets.end()) return &at->second;
  }
  return nullptr;
}

Operand ExprChecker::LetOperand(LetId let, lang::Span span, std::string_view bare) {
  used_lets.insert(let.value);
  const CheckedLet& checked = lets[let.value];
  if (checked.shape.kind == ShapeKind::kBroken) return Broken(span);
  Node node;
  node.kind = NodeKind::kLet;
  node.let = let;
  node.low = At(checked.value).low;
  node.high = At(checked.value).high;
  node.scale = At(checked.value).scale;
  node.span = span;
  return Operand{.shape = checked.shape, .id = Add(std::move(node)), .span = span, .bare = bare};
}

Operand ExprChecker::ThresholdOperand(std::uint32_t index, lang::Span span, std::string_view bare) {
  used_thresholds[index] = true;
  const Threshold& threshold = thresholds_[index];
  const std::string name(bare);
  Operand operand{.shape = threshold.shape, .span = span, .bare = bare};
  switch (threshold.shape.kind) {
    case ShapeKind::kBool:
      operand = Bool(NodeKind::kBool, {}, span);
      nodes[operand.id.value].number = threshold.number.digits;
      nodes[operand.id.value].low = nodes[operand.id.value].high = threshold.number.digits;
      return operand;
    case ShapeKind::kBroken:
      return Broken(span);
    case ShapeKind::kMonths:
      ReportNoLength(name, span);
      return Broken(span);
    case ShapeKind::kWord:
      operand.word = {threshold.text, span};
      operand.bare = {};
      return operand;
    case ShapeKind::kTextLiteral: {
      Node node;
      node.kind = NodeKind::kText;
      node.texts = {threshold.text, name};
      node.span = span;
      operand.id = Add(std::move(node));
      return operand;
    }
    default:
      operand.id = Constant(threshold.number, span, {name});
      return operand;
  }
}

void ExprChecker::ReportNoLength(const std::string& threshold, lang::Span span) {
  reporter_.Report(Diagnostic{DiagnosticKind::kNoLength, span,
                              "`" + threshold + "` is in months, which have no length of their own"}
                       .Hint("give the threshold in days; or count back from now, with `within " +
                             threshold + "` in a meter or evidence"));
}

void ExprChecker::UnknownValueName(const lang::Name& name, const Scope& scope) {
  if (scope.asks == Asks::kOnlyAttributes) {
    const std::array<std::string, 5> words = {"capability", "kind", "risk", "system",
                                              "irreversible"};
    reporter_.UnknownName("word of a capability", name, words);
    return;
  }
  std::vector<std::string> candidates;
  for (const LocalLets* locals = scope.locals; locals && locals->parent; locals = locals->parent) {
    for (const auto& [let, id] : locals->lets) candidates.emplace_back(let);
  }
  candidates.insert(candidates.end(), value_names_.begin(), value_names_.end());
  reporter_.UnknownName("fact, threshold or let", name, candidates);
}

// ------------------------------------------------------------------------------------- literals

ExprChecker::Threshold ExprChecker::ReadThreshold(const lang::Threshold& tree,
                                                  std::uint32_t policy) {
  if (tree.value.kind == LiteralKind::kWord)
    return {.shape = {.kind = ShapeKind::kWord}, .text = tree.value.text};
  if (CalendarMonths(tree.value)) return {.shape = {.kind = ShapeKind::kMonths}};
  const Operand operand = CheckLiteral(tree.value, Scope{.policy = policy});
  if (operand.Is(ShapeKind::kBroken)) return {};
  const Node& node = At(operand.id);
  if (operand.Is(ShapeKind::kTextLiteral)) return {.shape = operand.shape, .text = node.texts[0]};
  return {.shape = operand.shape, .number = {node.number, node.scale}};
}

Operand ExprChecker::CheckLiteral(const lang::Literal& literal, const Scope& scope) {
  Operand operand{.span = literal.span};
  const auto number = [&](ShapeKind kind, std::optional<Number> value) {
    if (!value) return;
    operand.shape.kind = kind;
    operand.id = Constant(*value, literal.span);
  };
  const auto whole = [](std::optional<std::int64_t> value) {
    return value ? std::optional(Number{*value, 0}) : std::nullopt;
  };
  switch (literal.kind) {
    case LiteralKind::kBool:
      operand = Bool(NodeKind::kBool, {}, literal.span);
      nodes[operand.id.value].number = nodes[operand.id.value].low = nodes[operand.id.value].high =
          literal.text == "true" ? 1 : 0;
      break;
    case LiteralKind::kNumber: {
      const auto value = ReadNumber(literal.text);
      if (!value)
        reporter_.Report(Diagnostic{DiagnosticKind::kOverflow, literal.span,
                                    "this number does not fit 64 bits"});
      number(ShapeKind::kNumber, value);
      break;
    }
    case LiteralKind::kMoney: {
      Type type = IntegerType(INT64_MIN, INT64_MAX);
      type.kind = ValueType::kMoney;
      type.unit = literal.unit;
      type.scale = CurrencyScale(literal.unit);
      const auto value =
          ReadValue(literal, type, "money in " + literal.unit, words_, scope.policy, reporter_);
      if (value) number(ShapeKind::kMoney, Number{value->number, type.scale});
      operand.shape.unit = literal.unit;
      break;
    }
    case LiteralKind::kDuration:
      number(ShapeKind::kDuration, whole(ReadDuration(literal, reporter_)));
      break;
    case LiteralKind::kDate:
    case LiteralKind::kTimestamp:
      number(ShapeKind::kTime, whole(ReadInstant(literal, words_.Zone(scope.policy), reporter_)));
      break;
    case LiteralKind::kText: {
      Node node;
      node.kind = NodeKind::kText;
      node.texts = {literal.text};
      node.span = literal.span;
      operand.shape.kind = ShapeKind::kTextLiteral;
      operand.id = Add(std::move(node));
      break;
    }
    case LiteralKind::kWord:
    case LiteralKind::kMissing:
    case LiteralKind::kWords:
      break;  // never in a condition
  }
  return operand;
}

}  // namespace writ::compiler::check
