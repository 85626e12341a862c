// Lines are found first, of what both sides read; then cut, and each side's atoms found again among
// those of the line. Entry points: Lines, Lines::Member, Lines::Denied.
#include "lines.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace writ::certificate {

using namespace writ::runtime;

namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kFresh = 2;

std::uint32_t AtomAmong(const Slice<std::int64_t>& cuts, std::int64_t value) {
  return 1 + static_cast<std::uint32_t>(std::upper_bound(cuts.begin(), cuts.end(), value) -
                                        cuts.begin());
}

// The least number of an atom, and the greatest.
std::int64_t Lowest(const std::vector<std::int64_t>& cuts, std::uint32_t atom) {
  return atom == 1 ? kLowest : cuts[atom - 2];
}
std::int64_t Highest(const std::vector<std::int64_t>& cuts, std::uint32_t atom) {
  if (atom > cuts.size()) return kHighest;
  return cuts[atom - 1] == kLowest ? kLowest : cuts[atom - 1] - 1;
}

}  // namespace

Lines::Lines(ClauseMaker& maker, const std::vector<Side>& sides, Asked asked)
    : maker_(maker), sides_(sides), asked_(std::move(asked)), ties_(asked_.ties) {
  if (ties_ != nullptr) {
    refusal_ = ties_->Differs(sides[0].capability, sides[1].capability);
    if (!refusal_.empty()) return;
    before_.assign(sides[1].table->fact_count(), kNothing);
    for (std::uint32_t f = 0; f < ties_->fact.size(); ++f)
      if (ties_->fact[f] != kNothing && !IsApart(0, FactId{f})) before_[ties_->fact[f]] = f;
  }
  for (std::size_t s = 0; s < sides_.size(); ++s) {
    if (!Has(s)) continue;
    NumberCode(s);
    for (std::uint32_t d = 0; d < Matrix(s).dimension_count(); ++d) {
      const DimensionView dimension = Matrix(s).Dimension(d);
      line_of_[s].push_back(LineAt(KeyOf(s, dimension)));
      AddCuts(s, dimension, lines_[line_of_[s].back()]);
    }
  }
  for (std::size_t s = 0; s < sides_.size(); ++s)
    if (Has(s) && sides_[s].decides) FindDenials(s);
  for (Line& line : lines_) Finish(line);
  for (std::size_t s = 0; s < sides_.size(); ++s) {
    for (std::uint32_t d = 0; d < line_of_[s].size(); ++d) {
      const Line& line = lines_[line_of_[s][d]];
      std::vector<std::uint32_t>& own = own_[s].emplace_back();
      for (const std::uint32_t atom : line.atoms)
        own.push_back(OwnAtom(line, s, Matrix(s).Dimension(d), atom));
    }
    if (Has(s) && sides_[s].decides) TieEvidence(s);
  }
}

// --- what is one thing

// What is worked out alike of the same has one number, on either side.
void Lines::NumberCode(std::size_t s) {
  for (std::uint32_t i = 0; i < Matrix(s).instruction_count(); ++i) {
    const InstructionView in = Matrix(s).Instruction(i);
    const OpShape shape = ShapeOf(in.op);
    std::string key = std::to_string(static_cast<int>(in.op)) + Operand(s, shape.a, in.a) +
                      Operand(s, shape.b, in.b) + " " + std::to_string(in.immediate);
    const auto add = [&](bool has, std::string_view text) {
      key += has ? " " + std::to_string(text.size()) + ":" + std::string(text) : " -";
    };
    add(true, in.text);
    add(in.has_substitute_a, in.substitute_a);
    add(in.has_substitute_b, in.substitute_b);
    code_[s].push_back(
        known_code_.try_emplace(key, static_cast<std::uint32_t>(known_code_.size())).first->second);
  }
}

std::string Lines::Operand(std::size_t s, OperandKind kind, std::uint32_t operand) const {
  const bool tied = ties_ != nullptr && s == 0;
  std::uint32_t now = tied ? kNothing : operand;
  switch (kind) {
    case OperandKind::kNone:
      return " -";
    case OperandKind::kValue:
      return " =" + std::to_string(code_[s][operand]);
    case OperandKind::kFact:
      if (tied && !IsApart(s, FactId{operand}) && ties_->SameNumbers(FactId{operand}))
        now = ties_->fact[operand];
      break;
    case OperandKind::kEvidence:
      if (tied && ties_->SameEvidence(EvidenceId{operand})) now = ties_->evidence[operand];
      break;
    case OperandKind::kPattern:
      if (tied) now = ties_->pattern[operand];
      break;
  }
  return now == kNothing ? " old " + std::to_string(operand) : " " + std::to_string(now);
}

Lines::Key Lines::FactKey(std::size_t s, FactId fact) const {
  if (IsRole(Fact(s, fact))) return {DimensionKind::kRole, 0, 0};
  const bool tied =
      ties_ != nullptr && s == 0 && ties_->fact[fact.value] != kNothing && !IsApart(s, fact);
  return tied ? Key{DimensionKind::kFact, 1, ties_->fact[fact.value]}
              : Key{DimensionKind::kFact, s, fact.value};
}

Lines::Key Lines::EvidenceKey(std::size_t s, std::uint32_t evidence) const {
  const bool tied = ties_ != nullptr && s == 0 && ties_->evidence[evidence] != kNothing;
  return tied ? Key{DimensionKind::kEvidence, 1, ties_->evidence[evidence]}
              : Key{DimensionKind::kEvidence, s, evidence};
}

Lines::Key Lines::KeyOf(std::size_t s, const DimensionView& dimension) const {
  switch (static_cast<DimensionKind>(dimension.kind)) {
    case DimensionKind::kFact:
      return FactKey(s, FactId{dimension.index});
    case DimensionKind::kDerived:
      return {DimensionKind::kDerived, 0, code_[s][dimension.index]};
    case DimensionKind::kEvidence:
      return EvidenceKey(s, dimension.index);
    case DimensionKind::kRole:
      break;
  }
  return {DimensionKind::kRole, 0, 0};
}

Lines::Line* Lines::Find(const Key& key) {
  const auto at = place_.find(key);
  return at == place_.end() ? nullptr : &lines_[at->second];
}

std::size_t Lines::LineAt(const Key& key) {
  const auto [at, added] = place_.try_emplace(key, lines_.size());
  if (!added) return at->second;
  Line& line = lines_.emplace_back();
  const auto [kind, side, index] = key;
  line.kind = kind;
  switch (kind) {
    case DimensionKind::kFact:
      line.fact[side] = FactId{index};
      if (ties_ != nullptr && side == 1 && before_[index] != kNothing)
        line.fact[0] = FactId{before_[index]};
      ShapeFact(line);
      break;
    case DimensionKind::kRole:
      AddRoles(line);
      break;
    case DimensionKind::kEvidence:
      line.form = Form::kValue;
      line.values = {{0, 0}, {1, 1}};
      break;
    case DimensionKind::kDerived:
      break;
  }
  return at->second;
}

void Lines::AddRoles(Line& line) {
  line.form = Form::kValue;
  const std::uint32_t last = sides_.back().table->role_count();
  std::vector<bool> met(last, false);
  if (ties_ != nullptr) {
    for (std::uint32_t r = 0; r < ties_->role.size(); ++r) {
      const std::uint32_t now = ties_->role[r];
      line.values.push_back({r, now == kNothing ? last : now});
      if (now != kNothing) met[now] = true;
    }
  }
  const std::size_t s = sides_.size() - 1;
  const std::uint32_t other = sides_[0].table->role_count();
  for (std::uint32_t r = 0; r <= last; ++r) {
    if (r < last && met[r]) continue;
    std::array<std::uint32_t, kMostSides>& one = line.values.emplace_back();
    one[0] = other;
    one[s] = r;
  }
}

// Of the same kind on both sides: Ties::Differs has been asked.
void Lines::ShapeFact(Line& line) {
  const std::size_t s = line.fact[sides_.size() - 1].valid() ? sides_.size() - 1 : 0;
  const FactView view = Fact(s, line.fact[s]);
  const bool both = sides_.size() == 2 && line.fact[0].valid() && line.fact[1].valid();
  const auto count = [&](std::uint32_t n) {
    line.form = Form::kValue;
    for (std::uint32_t v = 0; v < n; ++v) line.values.push_back({v, v});
  };
  switch (view.type) {
    case ValueType::kBool:
      return count(2);
    case ValueType::kRole:
      return count(sides_[s].table->role_count() + 1);
    case ValueType::kEnum:
      break;
    case ValueType::kId:
    case ValueType::kText:
      line.form = Form::kText;
      return;
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      line.form = Form::kPresence;
      return;
    default:
      for (std::size_t side = 0; both && side < kMostSides; ++side) {
        const FactView own = Fact(side, line.fact[side]),
                       other = Fact(1 - side, line.fact[1 - side]);
        if (own.low != other.low) line.cut_set.insert(own.low);
        if (own.high != other.high && own.high != kHighest) line.cut_set.insert(own.high + 1);
      }
      return;
  }
  if (!both) return count(view.value_count);
  line.form = Form::kValue;
  std::vector<bool> met(view.value_count, false);
  for (std::uint32_t v = 0; v < Fact(0, line.fact[0]).value_count; ++v) {
    const std::uint32_t now = ties_->Value(line.fact[0], v);
    line.values.push_back({v, now});
    if (now != kNothing) met[now] = true;
  }
  for (std::uint32_t v = 0; v < view.value_count; ++v)
    if (!met[v]) line.values.push_back({kNothing, v});
}

void Lines::AddCuts(std::size_t s, const DimensionView& dimension, Line& line) {
  const AtomMapView map = sides_[s].table->AtomMap(dimension.atoms);
  if (line.form == Form::kText) {
    for (std::uint32_t i = 0; i + 2 < map.atom_count; ++i)
      line.text_set.emplace(sides_[s].table->AtomString(dimension.atoms, i));
  } else if (line.form == Form::kNumber) {
    if (map.kind == AtomMapKind::kCuts)
      line.cut_set.insert(map.cuts.begin(), map.cuts.end());
    else
      line.cut_set.insert(1);  // a boolean that is worked out
  }
}

// --- what is checked before the rows

bool Lines::InSignature(std::size_t s, FactId fact) const {
  for (std::uint32_t i = 0; Has(s) && i < Matrix(s).signature_count(); ++i)
    if (Matrix(s).Signature(i).fact == fact) return true;
  return false;
}

bool Lines::Requires(std::size_t s, FactId fact) const {
  for (std::uint32_t i = 0; i < Matrix(s).signature_count(); ++i)
    if (Matrix(s).Signature(i).fact == fact && Matrix(s).Signature(i).required) return true;
  return false;
}

// Where it is missing there is no request that counts: both sides deny it, or one does that has to
// take it.
bool Lines::AreAsked(const Line& line) const {
  bool one = false, all = true;
  for (std::size_t s = 0; s < sides_.size(); ++s) {
    if (!Has(s)) continue;
    const bool requires_it = line.fact[s].valid() && Requires(s, line.fact[s]);
    one = one || requires_it;
    all = all && requires_it;
  }
  return asked_.by_both ? one : all;
}

// What it reads may be missing though the request gives it, or there though it does not.
bool Lines::IsKept(std::size_t s, FactId fact) const {
  return Fact(s, fact).evidence.valid() || Fact(s, fact).meter.valid();
}

void Lines::FindDenials(std::size_t s) {
  for (std::uint32_t i = 0; i < Matrix(s).signature_count(); ++i) {
    const SignatureView signature = Matrix(s).Signature(i);
    const FactView view = Fact(s, signature.fact);
    if (IsNow(view) || IsRole(view)) continue;
    const Key key = FactKey(s, signature.fact);
    const std::size_t line = LineAt(key);
    if (!Requires(s, signature.fact) || AreAsked(lines_[line])) continue;
    if (IsKept(s, signature.fact)) {
      refusal_ = "`" + std::string(view.name) + "` is required by one of the tables alone";
    } else {
      wanted_[s].push_back(line);
    }
  }
}

std::int32_t Lines::Denied(std::size_t s) {
  if (!Has(s)) return maker_.True();
  Clause some;
  for (const std::size_t line : wanted_[s]) some.push_back(OnlyAtom(lines_[line], 0));
  for (std::uint32_t i = 0; i < Matrix(s).signature_count(); ++i) {
    const FactId fact = Matrix(s).Signature(i).fact;
    Line* const line = Find(FactKey(s, fact));
    if (line == nullptr || line->kind != DimensionKind::kFact || IsNow(Fact(s, fact))) continue;
    std::vector<bool> in;
    for (const std::uint32_t atom : line->atoms) in.push_back(IsMalformed(*line, s, atom));
    some.push_back(MemberOf(*line, in));
  }
  return maker_.Or(std::move(some));
}

// --- atoms

bool Lines::IsMalformed(const Line& line, std::size_t s, std::uint32_t atom) const {
  if (atom == 0 || line.kind != DimensionKind::kFact || !line.fact[s].valid()) return false;
  if (line.form == Form::kValue) return line.values[atom - 1][s] == kNothing;
  const FactView view = Fact(s, line.fact[s]);
  if (line.form != Form::kNumber || view.meter.valid() || IsNow(view)) return false;
  return Highest(line.cuts, atom) < view.low || Lowest(line.cuts, atom) > view.high;
}

bool Lines::IsPossible(const Line& line, std::uint32_t atom) const {
  if (line.kind == DimensionKind::kDerived) return true;
  if (line.kind != DimensionKind::kFact) return atom != 0;
  bool suits = false, known = false, kept = false, header = false, now = false;
  for (std::size_t s = 0; s < sides_.size(); ++s) {
    if (!sides_[s].decides || !line.fact[s].valid()) continue;
    const FactView view = Fact(s, line.fact[s]);
    known = true;
    kept = kept || IsKept(s, line.fact[s]);
    suits = suits || !IsMalformed(line, s, atom);
    now = now || IsNow(view);
    header = header || (view.source == Source::kHeader && view.name == "header" &&
                        line.form == Form::kValue && atom > 0 && line.values[atom - 1][s] != 0);
  }
  if (atom == 0) return !now && (kept || !AreAsked(line));
  if (asked_.valid_header && header) return false;
  return suits || !known;
}

void Lines::Finish(Line& line) {
  line.cuts.assign(line.cut_set.begin(), line.cut_set.end());
  line.texts.assign(line.text_set.begin(), line.text_set.end());
  std::size_t size = 2;  // missing, present
  if (line.form == Form::kNumber) size = line.cuts.size() + 2;
  if (line.form == Form::kValue) size = line.values.size() + 1;
  if (line.form == Form::kText) size = line.texts.size() + 2;
  for (std::uint32_t atom = 0; atom < size; ++atom)
    if (IsPossible(line, atom)) line.atoms.push_back(atom);
  if (line.atoms.empty()) maker_.Add({});
  for (std::size_t k = 1; k < line.atoms.size(); ++k) {
    const std::int32_t variable = maker_.NewVariable();
    if (k == 1) line.before = variable;
    if (k > 1) maker_.Add({-(variable - 1), variable});
  }
}

// kNothing: the side denies what it does not know.
std::uint32_t Lines::OwnAtom(const Line& line, std::size_t s, const DimensionView& dimension,
                             std::uint32_t atom) const {
  if (atom == 0) return 0;
  if (IsMalformed(line, s, atom)) return InSignature(s, line.fact[s]) ? kNothing : 0;
  const AtomMapView map = sides_[s].table->AtomMap(dimension.atoms);
  std::int64_t value = 0;
  switch (line.form) {
    case Form::kNumber:
      value = Highest(line.cuts, atom);
      break;
    case Form::kValue:
      value = line.values[atom - 1][s];
      break;
    case Form::kText: {
      const std::uint32_t known = map.atom_count - 2;
      if (atom > line.texts.size()) return known + 1;
      for (std::uint32_t i = 0; i < known; ++i)
        if (sides_[s].table->AtomString(dimension.atoms, i) == line.texts[atom - 1]) return 1 + i;
      return known + 1;
    }
    case Form::kPresence:
      return 1;
  }
  if (map.kind == AtomMapKind::kCuts) return AtomAmong(map.cuts, value);
  return 1 + static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, map.atom_count - 2));
}

// Facts from evidence are there only while it is fresh, and it is fresh only where what it is about
// is given.
void Lines::TieEvidence(std::size_t s) {
  const Table& table = *sides_[s].table;
  for (std::uint32_t e = 0; e < table.evidence_count(); ++e) {
    Line* const evidence = Find(EvidenceKey(s, e));
    if (evidence == nullptr) continue;
    const std::int32_t fresh = OnlyAtom(*evidence, kFresh);
    const auto missing = [&](FactId fact) {
      Line* const line = Find(FactKey(s, fact));
      const bool may_be = line != nullptr && line->kind == DimensionKind::kFact &&
                          !IsNow(Fact(s, fact)) && !Fact(s, fact).meter.valid() &&
                          std::ranges::find(line->atoms, 0u) != line->atoms.end();
      return may_be ? OnlyAtom(*line, 0) : 0;
    };
    for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
      if (table.Fact(FactId{f}).evidence != EvidenceId{e}) continue;
      if (const std::int32_t literal = missing(FactId{f}); literal != 0)
        maker_.Add({fresh, literal});
    }
    for (const FactId wanted : table.Evidence(EvidenceId{e}).about_wanted) {
      if (IsKept(s, wanted)) continue;
      if (const std::int32_t literal = missing(wanted); literal != 0)
        maker_.Add({-fresh, -literal});
    }
  }
}

void Lines::Order(FactId fact, bool falling, bool may_miss) {
  Line* const first = Find({DimensionKind::kFact, 0, fact.value});
  Line* const second = Find({DimensionKind::kFact, 1, fact.value});
  const auto missing = [&](Line* line) {
    const bool may_be = line != nullptr && !line->atoms.empty() && line->atoms[0] == 0;
    return may_be ? OnlyAtom(*line, 0) : maker_.False();
  };
  if (!may_miss) {
    maker_.Add({-missing(first)});
    maker_.Add({-missing(second)});
  }
  if (first == nullptr || second == nullptr || first->cuts != second->cuts ||
      first->atoms != second->atoms)
    return;
  if (may_miss) maker_.Add({-missing(first), missing(second)});
  if (may_miss) maker_.Add({missing(first), -missing(second)});
  const std::int32_t least = falling ? second->before : first->before;
  const std::int32_t most = falling ? first->before : second->before;
  for (std::int32_t k = 0; k + 1 < static_cast<std::int32_t>(first->atoms.size()); ++k)
    maker_.Add({-(most + k), least + k});
}

// --- members

// Adds what says "the atom lies before place k" to a clause, or its negation. False: the clause is
// met anyway.
bool Lines::Append(const Line& line, std::size_t k, bool positive, Clause* clause) {
  const bool all = k == line.atoms.size();
  if (k == 0 || all) return positive != all;
  const auto variable = line.before + static_cast<std::int32_t>(k) - 1;
  clause->push_back(positive ? variable : -variable);
  return true;
}

std::int32_t Lines::MemberOf(Line& line, const std::vector<bool>& in) {
  if (std::ranges::find(in, false) == in.end()) return maker_.True();
  if (std::ranges::find(in, true) == in.end()) return maker_.False();
  const auto [at, is_new] = line.members.try_emplace(in, 0);
  if (!is_new) return at->second;
  const std::int32_t variable = at->second = maker_.NewVariable();
  for (std::size_t k = 0; k < in.size();) {
    std::size_t end = k;
    while (end < in.size() && in[end] == in[k]) ++end;
    // The atom is not among k..end, or the set is as they are.
    Clause clause = {in[k] ? variable : -variable};
    if (Append(line, k, true, &clause) && Append(line, end, false, &clause))
      maker_.Add(std::move(clause));
    k = end;
  }
  return variable;
}

std::int32_t Lines::OnlyAtom(Line& line, std::uint32_t atom) {
  std::vector<bool> in;
  for (const std::uint32_t a : line.atoms) in.push_back(a == atom);
  return MemberOf(line, in);
}

std::int32_t Lines::Member(std::size_t s, std::uint32_t d, const std::vector<bool>& atoms) {
  std::vector<bool> in;
  for (const std::uint32_t own : own_[s][d]) in.push_back(own != kNothing && atoms[own]);
  return MemberOf(lines_[line_of_[s][d]], in);
}

}  // namespace writ::certificate
