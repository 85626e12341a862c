// An interpreter of conditions that is meant to be obviously right: one value per node, operands
// first, missing as nothing. Entry point: DirectEvaluator::Condition.
#include "scan_evaluate.h"

#include <algorithm>

#include "dates.h"
#include "lower_assert.h"
#include "lower_index.h"
#include "set_text.h"

namespace writ::compiler {
namespace {

bool IsText(ValueType type) { return type == ValueType::kId || type == ValueType::kText; }
bool IsSet(ValueType type) { return type == ValueType::kIdSet || type == ValueType::kEnumSet; }

}  // namespace

DirectEvaluator::DirectEvaluator(const Program& program)
    : program_(program), known_(program.nodes.size()) {
  for (const table::Pattern& pattern : program.vocabulary.patterns) {
    auto tree = ReadPattern(pattern.text);
    WRIT_CHECK(tree.has_value(), "a pattern that was compiled can be read");
    patterns_.push_back(*std::move(tree));
  }
}

void DirectEvaluator::Begin(const Sample& sample) {
  sample_ = &sample;
  ++request_;
}

std::optional<bool> DirectEvaluator::Condition(ExprId condition, bool substitute) {
  if (!condition.valid()) return true;
  const auto [entry, fresh] = order_.try_emplace(condition.value);
  if (fresh) entry->second = PostOrder(program_, condition, [](ExprId) { return false; });
  for (const ExprId e : entry->second) {
    Known& known = known_[e.value];
    if (known.request[substitute] == request_) continue;
    known.value[substitute] = Compute(program_.node(e), substitute);
    known.request[substitute] = request_;
  }
  const Number value = Ready(condition, substitute);
  if (!value) return std::nullopt;
  return *value != 0;
}

bool DirectEvaluator::Fresh(EvidenceId evidence) const {
  const table::Evidence& e = program_.vocabulary.evidence[evidence.value];
  const SampleValue& at = sample_->values[e.at.value];
  if (at.missing || at.number > sample_->now_ms) return false;
  const std::int64_t start =
      e.within_months != 0
          ? check::MonthsBefore(sample_->now_ms, program_.vocabulary.zone, e.within_months)
          : sample_->now_ms - e.within_ms;
  if (at.number < start) return false;
  for (std::size_t i = 0; i < e.about_given.size(); ++i) {
    const SampleValue& given = sample_->values[e.about_given[i].value];
    const SampleValue& wanted = sample_->values[e.about_wanted[i].value];
    if (given.missing || wanted.missing || given.number != wanted.number ||
        given.text != wanted.text)
      return false;
  }
  return true;
}

bool DirectEvaluator::Missing(FactId fact) const {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  if (declared.source == Source::kBuiltin && (declared.name == "now" || declared.name == "role"))
    return false;
  if (declared.source == Source::kEvidence && declared.evidence.valid() &&
      !Fresh(declared.evidence))
    return true;
  if (declared.source == Source::kMeter && declared.meter.valid())
    return !MeterNumber(declared, fact);
  return sample_->values[fact.value].missing;
}

DirectEvaluator::Number DirectEvaluator::MeterNumber(const table::Fact& fact, FactId id) const {
  const table::Meter& meter = program_.vocabulary.meters[fact.meter.value];
  const SampleValue& before = sample_->values[id.value];
  Number value = before.missing ? Number{} : Number{before.number};
  const bool counts = meter.including_this &&
                      std::ranges::find(meter.targets, sample_->capability) != meter.targets.end();
  if (counts) {
    Number input;
    if (meter.value.valid() && !sample_->values[meter.value.value].missing)
      input = sample_->values[meter.value.value].number;
    switch (meter.fold) {
      case Fold::kCount:
        if (value) value = *value + 1;
        break;
      case Fold::kSum:
        value = value && input ? Number{*value + *input} : Number{};
        break;
      case Fold::kExists:
        if (value) value = 1;
        break;
      case Fold::kLast:
        value = meter.value.valid() ? input : Number{sample_->now_ms};
        break;
      case Fold::kFirst:     // never includes this
      case Fold::kDistinct:  // what is given has this request in it
        break;
    }
  }
  if (value) value = std::clamp(*value, fact.low, std::max(fact.low, fact.high));
  return value;
}

DirectEvaluator::Number DirectEvaluator::FactNumber(FactId fact, bool substitute) const {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  if (IsText(declared.type) || IsSet(declared.type))
    return std::nullopt;  // read by the nodes above
  if (declared.source == Source::kBuiltin && declared.name == "now") return sample_->now_ms;
  if (declared.source == Source::kBuiltin && declared.name == "role")
    return sample_->role.valid() ? sample_->role.value
                                 : static_cast<std::int64_t>(program_.vocabulary.roles.size());
  if (Missing(fact)) {
    if (substitute && declared.missing == runtime::MissingWord::kValue) return declared.substitute;
    return std::nullopt;
  }
  if (declared.source == Source::kMeter && declared.meter.valid())
    return MeterNumber(declared, fact);
  return sample_->values[fact.value].number;
}

DirectEvaluator::Number DirectEvaluator::Ready(ExprId id, bool substitute) const {
  const Known& known = known_[id.value];
  WRIT_CHECK(known.request[substitute] == request_, "operands are evaluated first");
  return known.value[substitute];
}

ExprId DirectEvaluator::Resolve(ExprId id) const {
  while (program_.node(id).kind == NodeKind::kLet)
    id = program_.lets[program_.node(id).let.value].value;
  return id;
}

DirectEvaluator::Number DirectEvaluator::Compute(const Node& node, bool substitute) const {
  switch (node.kind) {
    case NodeKind::kBool:
    case NodeKind::kNumber:
      return node.number;
    case NodeKind::kAnd:
    case NodeKind::kOr: {
      const std::int64_t settles = node.kind == NodeKind::kAnd ? 0 : 1;
      bool unknown = false;
      for (const ExprId operand : node.operands) {
        const Number value = Ready(operand, substitute);
        if (value && (*value != 0) == (settles != 0)) return settles;
        unknown |= !value;
      }
      if (unknown) return std::nullopt;
      return 1 - settles;
    }
    case NodeKind::kNot: {
      const Number value = Ready(node.operands[0], substitute);
      return value ? Number{*value == 0 ? 1 : 0} : Number{};
    }
    case NodeKind::kEqual:
    case NodeKind::kLess:
    case NodeKind::kLessEqual:
    case NodeKind::kInValues:
      return Compare(node, substitute);
    case NodeKind::kTextEqual:
    case NodeKind::kTextPrefix:
    case NodeKind::kInTexts:
      return Texts(node, substitute);
    case NodeKind::kMatches:
      return Matches(node, substitute);
    case NodeKind::kSetHas:
      return SetHas(node, substitute);
    case NodeKind::kIsMissing:
      return Missing(node.fact) ? 1 : 0;
    case NodeKind::kFresh:
      return Fresh(node.evidence) ? 1 : 0;
    case NodeKind::kCapabilityIn:
      return std::ranges::find(node.capabilities, sample_->capability) != node.capabilities.end()
                 ? 1
                 : 0;
    case NodeKind::kRoleIn:
      return std::ranges::find(node.roles, sample_->role) != node.roles.end() ? 1 : 0;
    case NodeKind::kFact:
      return FactNumber(node.fact, substitute);
    case NodeKind::kLet:
      return Ready(program_.lets[node.let.value].value, substitute);
    case NodeKind::kAdd:
    case NodeKind::kSubtract:
    case NodeKind::kMultiply:
    case NodeKind::kMin:
    case NodeKind::kMax:
      return Fold(node, substitute);
    case NodeKind::kNegate: {
      const Number value = Ready(node.operands[0], substitute);
      return value ? Number{-*value} : Number{};
    }
    case NodeKind::kText:
      return std::nullopt;
  }
  return std::nullopt;
}

DirectEvaluator::Number DirectEvaluator::Fold(const Node& node, bool substitute) const {
  Number result = Ready(node.operands[0], substitute);
  for (std::size_t i = 1; i < node.operands.size() && result; ++i) {
    const Number next = Ready(node.operands[i], substitute);
    if (!next) return std::nullopt;
    switch (node.kind) {
      case NodeKind::kAdd:
        result = *result + *next;
        break;
      case NodeKind::kSubtract:
        result = *result - *next;
        break;
      case NodeKind::kMultiply:
        result = *result * *next;
        break;
      case NodeKind::kMin:
        result = std::min(*result, *next);
        break;
      default:
        result = std::max(*result, *next);
        break;
    }
  }
  return result;
}

DirectEvaluator::Number DirectEvaluator::Compare(const Node& node, bool substitute) const {
  const Number left = Ready(node.operands[0], substitute);
  if (!left) return std::nullopt;
  if (node.kind == NodeKind::kInValues)
    return std::ranges::find(node.values, *left) != node.values.end() ? 1 : 0;
  const Number right = Ready(node.operands[1], substitute);
  if (!right) return std::nullopt;
  if (node.kind == NodeKind::kEqual) return *left == *right ? 1 : 0;
  return (node.kind == NodeKind::kLess ? *left < *right : *left <= *right) ? 1 : 0;
}

std::optional<std::string> DirectEvaluator::TextOf(ExprId id, bool substitute) const {
  const Node& node = program_.node(Resolve(id));
  if (node.kind == NodeKind::kText) return node.texts[0];
  const table::Fact& fact = program_.vocabulary.facts[node.fact.value];
  if (!Missing(node.fact)) return sample_->values[node.fact.value].text;
  if (substitute && fact.missing == runtime::MissingWord::kValue) return fact.substitute_text;
  return std::nullopt;
}

DirectEvaluator::Number DirectEvaluator::Texts(const Node& node, bool substitute) const {
  const std::optional<std::string> left = TextOf(node.operands[0], substitute);
  if (!left) return std::nullopt;
  if (node.kind == NodeKind::kInTexts)
    return std::ranges::find(node.texts, *left) != node.texts.end() ? 1 : 0;
  const std::optional<std::string> right = TextOf(node.operands[1], substitute);
  if (!right) return std::nullopt;
  return (node.kind == NodeKind::kTextEqual ? *left == *right : left->starts_with(*right)) ? 1 : 0;
}

// By following places through the pattern's tree, where the table has an automaton.
DirectEvaluator::Number DirectEvaluator::Matches(const Node& node, bool substitute) const {
  const std::optional<std::string> text = TextOf(node.operands[0], substitute);
  if (!text) return std::nullopt;
  return MatchesTree(patterns_[static_cast<std::size_t>(node.number)], *text) ? 1 : 0;
}

DirectEvaluator::Number DirectEvaluator::SetHas(const Node& node, bool substitute) const {
  const Node& set = program_.node(Resolve(node.operands[0]));
  const Node& member = program_.node(Resolve(node.operands[1]));
  const table::Fact& declared = program_.vocabulary.facts[set.fact.value];
  const SampleValue& value = sample_->values[set.fact.value];
  std::int64_t bits = value.number;
  std::vector<std::string> members = value.texts;
  if (Missing(set.fact)) {
    if (!substitute || declared.missing != runtime::MissingWord::kValue) return std::nullopt;
    bits = declared.substitute;
    if (declared.type == ValueType::kIdSet) members = SetMembers(declared.substitute_text);
  }
  if (declared.type == ValueType::kEnumSet) return (bits >> member.number) & 1;
  const std::optional<std::string> text = TextOf(node.operands[1], substitute);
  if (!text) return std::nullopt;
  return std::ranges::find(members, *text) != members.end() ? 1 : 0;
}

}  // namespace writ::compiler
