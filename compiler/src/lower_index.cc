// Every condition that asks one fact becomes a set of that fact's values. A comparison whose sides
// are factor * fact + offset is solved for the fact exactly, so `amount * 2 <= 10` and an integer
// beside a decimal cut the fact itself. Entry point: ProgramIndex.
#include "lower_index.h"

#include <algorithm>
#include <limits>

#include "lower_assert.h"

namespace writ::compiler {
namespace {

__extension__ typedef __int128 Wide;
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

bool Fits(Wide value) { return value >= kMin && value <= kMax; }
Wide FloorDivide(Wide a, Wide b) {
  const Wide quotient = a / b;
  return quotient - ((a % b != 0 && ((a < 0) != (b < 0))) ? 1 : 0);
}

// Closed interval of the v with factor * v + offset <= bound.
Interval AtMost(Wide factor, Wide offset, Wide bound) {
  if (factor == 0) return offset <= bound ? Interval{kMin, kMax} : Interval{1, 0};
  const Wide room = bound - offset;
  if (factor > 0) {
    const Wide high = FloorDivide(room, factor);
    if (high < kMin) return {1, 0};
    return {kMin, static_cast<std::int64_t>(std::min<Wide>(high, kMax))};
  }
  const Wide low = -FloorDivide(room, -factor);  // ceil(room / factor) with factor < 0
  if (low > kMax) return {1, 0};
  return {static_cast<std::int64_t>(std::max<Wide>(low, kMin)), kMax};
}

void AddEqual(Wide factor, Wide offset, Wide wanted, std::vector<Interval>& out) {
  const Wide room = wanted - offset;
  if (factor == 0) {
    if (room == 0) out.push_back({kMin, kMax});
  } else if (room % factor == 0 && Fits(room / factor)) {
    const auto value = static_cast<std::int64_t>(room / factor);
    out.push_back({value, value});
  }
}

void Normalise(std::vector<Interval>& intervals) {
  std::erase_if(intervals, [](const Interval& i) { return i.low > i.high; });
  std::ranges::sort(intervals, {}, &Interval::low);
  std::vector<Interval> joined;
  for (const Interval& i : intervals) {
    if (!joined.empty() && (joined.back().high == kMax || i.low <= joined.back().high + 1)) {
      joined.back().high = std::max(joined.back().high, i.high);
    } else {
      joined.push_back(i);
    }
  }
  intervals = std::move(joined);
}

bool IsComparison(NodeKind kind) {
  return kind == NodeKind::kEqual || kind == NodeKind::kLess || kind == NodeKind::kLessEqual ||
         kind == NodeKind::kInValues;
}

}  // namespace

std::vector<Interval> SolveComparison(const Node& node, std::int64_t factor, std::int64_t offset) {
  std::vector<Interval> result;
  if (node.kind == NodeKind::kLess) result.push_back(AtMost(factor, offset, -1));
  if (node.kind == NodeKind::kLessEqual) result.push_back(AtMost(factor, offset, 0));
  if (node.kind == NodeKind::kEqual) AddEqual(factor, offset, 0, result);
  if (node.kind == NodeKind::kInValues)
    for (const std::int64_t value : node.values) AddEqual(factor, offset, value, result);
  Normalise(result);
  return result;
}

bool FactTest::Holds(std::int64_t number) const {
  return std::ranges::any_of(
      intervals, [&](const Interval& i) { return i.low <= number && number <= i.high; });
}
bool FactTest::Holds(const std::string& text) const {
  return std::ranges::binary_search(texts, text);
}

namespace {

FactId FindFact(const Program& program, Source source, std::string_view name) {
  const auto& facts = program.vocabulary.facts;
  for (std::uint32_t f = 0; f < facts.size(); ++f)
    if (facts[f].source == source && facts[f].name == name) return FactId{f};
  return {};
}

}  // namespace

FactId FactNow(const Program& program) { return FindFact(program, Source::kBuiltin, "now"); }
FactId FactHeader(const Program& program) { return FindFact(program, Source::kHeader, "header"); }

std::optional<std::int64_t> Authority::EndOf(CapabilityId capability, RoleId role) const {
  for (const End& end : ends_with)
    if (end.capability == capability && end.role == role) return end.ms;
  return expires_ms;
}

std::span<const ExprId> Operands(const Program& program, const Node& node) {
  if (node.kind == NodeKind::kLet) return {&program.lets[node.let.value].value, 1};
  return node.operands;
}

ProgramIndex::ProgramIndex(const Program& program)
    : program_(program), visited_(program.nodes.size()), affine_(program.nodes.size()) {
  const auto& facts = program.vocabulary.facts;
  for (std::uint32_t f = 0; f < facts.size(); ++f)
    if (facts[f].source == Source::kBuiltin && facts[f].type == ValueType::kRole &&
        facts[f].name == "role")
      role_fact_ = FactId{f};
  MarkRoots();
}

void ProgramIndex::MarkRoots() {
  const auto visit = [this](ExprId root) {
    if (!root.valid()) return;
    for (const ExprId id :
         PostOrder(program_, root, [this](ExprId e) { return bool{visited_[e.value]}; }))
      Visit(id);
  };
  for (const Authority& authority : program_.authorities)
    for (const Clause& clause : authority.clauses) visit(clause.condition);
  for (const Guard& guard : program_.guards)
    for (const Clause& clause : guard.clauses) visit(clause.condition);
  for (const Exception& exception : program_.exceptions) visit(exception.up_to);
  for (const Region& region : program_.regions) visit(region.condition);
  for (const Invariant& invariant : program_.invariants) visit(invariant.condition);
}

void ProgramIndex::Visit(ExprId id) {
  visited_[id.value] = true;
  const Node& node = program_.node(id);
  affine_[id.value] = Combine(node);
  std::optional<FactTest> test = MakeTest(node);
  if (!test) return;
  test_of_[id.value] = static_cast<std::uint32_t>(tests_.size());
  tests_.push_back(std::move(*test));
}

ExprId ProgramIndex::Resolve(ExprId id) const {
  while (program_.node(id).kind == NodeKind::kLet)
    id = program_.lets[program_.node(id).let.value].value;
  return id;
}

bool ProgramIndex::IsBoolean(ExprId id) const {
  const Node& node = ResolvedNode(id);
  switch (node.kind) {
    case NodeKind::kBool:
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kNot:
    case NodeKind::kEqual:
    case NodeKind::kLess:
    case NodeKind::kLessEqual:
    case NodeKind::kTextEqual:
    case NodeKind::kTextPrefix:
    case NodeKind::kMatches:
    case NodeKind::kInValues:
    case NodeKind::kInTexts:
    case NodeKind::kSetHas:
    case NodeKind::kIsMissing:
    case NodeKind::kFresh:
    case NodeKind::kCapabilityIn:
    case NodeKind::kRoleIn:
      return true;
    case NodeKind::kFact:
      return fact(node.fact).type == ValueType::kBool;
    case NodeKind::kNumber:
    case NodeKind::kLet:
    case NodeKind::kAdd:
    case NodeKind::kSubtract:
    case NodeKind::kMultiply:
    case NodeKind::kMin:
    case NodeKind::kMax:
    case NodeKind::kNegate:
    case NodeKind::kText:
      return false;
  }
  return false;
}

std::optional<std::int64_t> ProgramIndex::Constant(ExprId id) const {
  const Affine form = AffineOf(id);
  if (form.form != Affine::kConstant) return std::nullopt;
  return form.offset;
}

ProgramIndex::Affine ProgramIndex::AffineOf(ExprId id) const { return affine_[id.value]; }

ProgramIndex::Affine ProgramIndex::Combine(const Node& node) const {
  if (node.kind == NodeKind::kNumber || node.kind == NodeKind::kBool)
    return {Affine::kConstant, {}, 0, node.number};
  if (node.kind == NodeKind::kFact) {
    const ValueType type = fact(node.fact).type;
    if (type == ValueType::kId || type == ValueType::kText || type == ValueType::kIdSet ||
        type == ValueType::kEnumSet)
      return {};
    return {Affine::kFact, node.fact, 1, 0};
  }
  if (node.kind == NodeKind::kLet) return AffineOf(program_.lets[node.let.value].value);
  if (node.kind != NodeKind::kAdd && node.kind != NodeKind::kSubtract &&
      node.kind != NodeKind::kMultiply && node.kind != NodeKind::kNegate)
    return {};
  Affine sum = AffineOf(node.operands[0]);
  if (node.kind == NodeKind::kNegate) {
    if (sum.form == Affine::kNone || sum.factor == kMin || sum.offset == kMin) return {};
    return {sum.form, sum.fact, -sum.factor, -sum.offset};
  }
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    const Affine next = AffineOf(node.operands[i]);
    if (sum.form == Affine::kNone || next.form == Affine::kNone) return {};
    Wide factor = 0, offset = 0;
    if (node.kind == NodeKind::kMultiply) {
      if (sum.form == Affine::kFact && next.form == Affine::kFact) return {};
      const Affine& whole = next.form == Affine::kConstant ? sum : next;
      const Wide by = next.form == Affine::kConstant ? next.offset : sum.offset;
      factor = whole.factor * by, offset = whole.offset * by;
    } else {
      if (sum.form == Affine::kFact && next.form == Affine::kFact && sum.fact != next.fact)
        return {};
      const Wide sign = node.kind == NodeKind::kAdd ? 1 : -1;
      factor = sum.factor + sign * next.factor, offset = sum.offset + sign * next.offset;
    }
    if (!Fits(factor) || !Fits(offset)) return {};
    const bool reads = sum.form == Affine::kFact || next.form == Affine::kFact;
    sum = {reads ? Affine::kFact : Affine::kConstant,
           sum.form == Affine::kFact ? sum.fact : next.fact, static_cast<std::int64_t>(factor),
           static_cast<std::int64_t>(offset)};
  }
  return sum;
}

std::pair<std::int64_t, std::int64_t> ProgramIndex::ValuesOf(FactId f) const {
  switch (fact(f).type) {
    case ValueType::kBool:
      return {0, 1};
    case ValueType::kEnum:
      return {0, static_cast<std::int64_t>(fact(f).values.size()) - 1};
    case ValueType::kRole:
      return {0, static_cast<std::int64_t>(program_.vocabulary.roles.size())};
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
      return {fact(f).low, fact(f).high};
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      break;
  }
  return {0, 0};
}

std::optional<FactTest> ProgramIndex::MakeTest(const Node& node) const {
  if (node.kind == NodeKind::kFact && fact(node.fact).type == ValueType::kBool)
    return FactTest{node.fact, {{1, 1}}, {}};
  if (node.kind == NodeKind::kTextEqual || node.kind == NodeKind::kInTexts)
    return MakeTextTest(node);
  if (!IsComparison(node.kind)) return std::nullopt;
  const Affine left = AffineOf(node.operands[0]);
  const Affine right = node.kind == NodeKind::kInValues ? Affine{Affine::kConstant, {}, 0, 0}
                                                        : AffineOf(node.operands[1]);
  if (left.form == Affine::kNone || right.form == Affine::kNone) return std::nullopt;
  if (left.form == Affine::kConstant && right.form == Affine::kConstant) return std::nullopt;
  if (left.form == Affine::kFact && right.form == Affine::kFact && left.fact != right.fact)
    return std::nullopt;
  const Wide factor = static_cast<Wide>(left.factor) - right.factor,
             offset = static_cast<Wide>(left.offset) - right.offset;
  if (!Fits(factor) || !Fits(offset)) return std::nullopt;
  const FactId asked = left.form == Affine::kFact ? left.fact : right.fact;
  const auto [low, high] = ValuesOf(asked);
  return FactTest{asked,
                  Clip(SolveComparison(node, static_cast<std::int64_t>(factor),
                                       static_cast<std::int64_t>(offset)),
                       low, high),
                  {}};
}

std::optional<FactTest> ProgramIndex::MakeTextTest(const Node& node) const {
  const Node& left = ResolvedNode(node.operands[0]);
  if (node.kind == NodeKind::kInTexts) {
    WRIT_CHECK(left.kind == NodeKind::kFact, "membership in texts is asked of a fact");
    FactTest test{left.fact, {}, node.texts};
    std::ranges::sort(test.texts);
    return test;
  }
  const Node& right = ResolvedNode(node.operands[1]);
  if (left.kind == NodeKind::kFact && right.kind == NodeKind::kText)
    return FactTest{left.fact, {}, right.texts};
  if (left.kind == NodeKind::kText && right.kind == NodeKind::kFact)
    return FactTest{right.fact, {}, left.texts};
  return std::nullopt;
}

const FactTest* ProgramIndex::Test(ExprId id) const {
  const auto found = test_of_.find(id.value);
  return found == test_of_.end() ? nullptr : &tests_[found->second];
}

const Reads& ProgramIndex::ReadsOf(ExprId id) const {
  const auto [entry, fresh] = reads_.try_emplace(id.value);
  if (!fresh) return entry->second;
  Reads& reads = entry->second;
  for (const ExprId e : PostOrder(program_, id, [](ExprId) { return false; })) {
    const Node& node = program_.node(e);
    if (node.kind == NodeKind::kFact || node.kind == NodeKind::kIsMissing)
      reads.facts.push_back(node.fact);
    if (node.kind == NodeKind::kFresh) reads.evidence.push_back(node.evidence);
  }
  const auto tidy = [](auto& ids) {
    std::ranges::sort(ids, [](auto a, auto b) { return a < b; });
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  };
  tidy(reads.facts);
  tidy(reads.evidence);
  return reads;
}

bool ProgramIndex::IsAlwaysGiven(FactId f) const {
  return fact(f).source == Source::kBuiltin && (IsRoleFact(f) || fact(f).name == "now");
}

std::vector<table::AtomMap> ProgramIndex::FactAtomMaps() const {
  std::vector<table::AtomMap> maps(program_.vocabulary.facts.size());
  for (std::uint32_t f = 0; f < maps.size(); ++f) {
    const table::Fact& fact = program_.vocabulary.facts[f];
    switch (fact.type) {
      case ValueType::kBool:
        maps[f].size = 2;
        break;
      case ValueType::kEnum:
        maps[f].size = static_cast<std::uint32_t>(fact.values.size());
        break;
      case ValueType::kRole:
        maps[f].size = static_cast<std::uint32_t>(program_.vocabulary.roles.size()) + 1;
        break;
      case ValueType::kInteger:
      case ValueType::kDecimal:
      case ValueType::kMoney:
      case ValueType::kDuration:
      case ValueType::kTime:
        maps[f].kind = AtomMapKind::kCuts;
        break;
      case ValueType::kId:
      case ValueType::kText:
        maps[f].kind = AtomMapKind::kStrings;
        break;
      case ValueType::kIdSet:
      case ValueType::kEnumSet:
        break;  // asked by booleans alone
    }
  }
  for (const FactTest& test : tests_) {
    table::AtomMap& map = maps[test.fact.value];
    const table::Fact& asked = fact(test.fact);
    if (map.kind == AtomMapKind::kCuts) AddCuts(test.intervals, asked.low, asked.high, map.cuts);
    map.strings.insert(map.strings.end(), test.texts.begin(), test.texts.end());
  }
  // The dates on which policy and authorities begin and end are cuts of `now`.
  if (const FactId now = FactNow(program_); now.valid()) {
    if (program_.vocabulary.has_effective)
      maps[now.value].cuts.push_back(program_.vocabulary.effective_ms);
    for (const Authority& authority : program_.authorities) {
      if (authority.expires_ms) maps[now.value].cuts.push_back(*authority.expires_ms);
      for (const Authority::End& end : authority.ends_with) maps[now.value].cuts.push_back(end.ms);
    }
    for (const Exception& exception : program_.exceptions)
      maps[now.value].cuts.push_back(exception.ends_ms);
  }
  for (table::AtomMap& map : maps) {
    SortUnique(map.cuts);
    std::ranges::sort(map.strings);
    map.strings.erase(std::unique(map.strings.begin(), map.strings.end()), map.strings.end());
  }
  return maps;
}

void SortUnique(std::vector<std::int64_t>& cuts) {
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
}

std::vector<Interval> Clip(const std::vector<Interval>& intervals, std::int64_t low,
                           std::int64_t high) {
  if (low >= high) return intervals;
  std::vector<Interval> inside;
  for (const Interval& i : intervals) {
    const Interval part{std::max(i.low, low), std::min(i.high, high)};
    if (part.low <= part.high) inside.push_back(part);
  }
  return inside;
}

void AddCuts(const std::vector<Interval>& intervals, std::int64_t low, std::int64_t high,
             std::vector<std::int64_t>& cuts) {
  if (low >= high) low = kMin, high = kMax;
  for (const Interval& i : intervals) {
    if (i.low > low && i.low <= high) cuts.push_back(i.low);
    if (i.high >= low && i.high < high) cuts.push_back(i.high + 1);
  }
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> AtomsOf(
    const std::vector<Interval>& intervals, const std::vector<std::int64_t>& cuts) {
  const auto atom = [&](std::int64_t value) {
    return 1u + static_cast<std::uint32_t>(std::ranges::upper_bound(cuts, value) - cuts.begin());
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;
  for (const Interval& i : intervals) runs.emplace_back(atom(i.low), atom(i.high) + 1);
  return runs;
}

}  // namespace writ::compiler
