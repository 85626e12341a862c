// A request that a claim rules out, as clauses over the table's rows.
//
// Each dimension has one atom. Its atoms stand in a line with a variable for each place between two
// neighbours, "the atom lies before"; each set of atoms that a row names has a variable that is
// true exactly if the atom is in it. What the table's words alone exclude is left out: an input
// that is required is not missing, a number lies in its range. Everything that is not excluded here
// counts as possible, so that a mistake of omission can only make a proof fail.
//
// Entry points: ClausesOf, ClaimsOf.
#include <algorithm>
#include <map>
#include <utility>

#include "writ/certificate/certificate.h"

namespace writ::certificate {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMostLiterals = 20'000'000;

struct Line {
  std::vector<std::uint32_t> atoms;  // that are possible, ascending
  std::int32_t before = 0;           // variable: the atom is the first; the next ones follow it
};

class Describer {
 public:
  Describer(const Table& table, CapabilityId capability, bool in_force)
      : table_(table), matrix_(table.Matrix(capability)), in_force_(in_force) {}

  // False: too large.
  bool Run(const Claim& claim, std::uint32_t invariant) {
    for (std::uint32_t d = 0; d < matrix_.dimension_count(); ++d) AddLine(d);
    TieEvidence();
    claim.kind == ClaimKind::kDecided ? NothingDecides() : Breaks(invariant, claim.verdict);
    return literals_ <= kMostLiterals;
  }
  Clauses Take() { return std::move(out_); }

 private:
  std::int32_t NewVariable() { return ++out_.variables; }
  void Add(Clause clause) {
    literals_ += clause.size();
    if (literals_ <= kMostLiterals) out_.clauses.push_back(std::move(clause));
  }

  // --- dimensions

  bool IsRequired(FactId fact) const {
    for (std::uint32_t i = 0; i < matrix_.signature_count(); ++i)
      if (matrix_.Signature(i).fact == fact && matrix_.Signature(i).required) return true;
    const FactView view = table_.Fact(fact);
    return view.source == Source::kBuiltin && (view.name == "now" || view.name == "role");
  }

  static bool IsNumber(ValueType type) {
    return type == ValueType::kInteger || type == ValueType::kDecimal ||
           type == ValueType::kMoney || type == ValueType::kDuration || type == ValueType::kTime;
  }

  bool IsPossible(const DimensionView& dimension, std::uint32_t atom) const {
    if (static_cast<DimensionKind>(dimension.kind) == DimensionKind::kDerived) return true;
    if (static_cast<DimensionKind>(dimension.kind) != DimensionKind::kFact) return atom != 0;
    const FactId fact{dimension.index};
    const FactView view = table_.Fact(fact);
    if (atom == 0) return !IsRequired(fact);
    // Claims about invariants are about requests whose header is in order, or not there.
    const AtomMapView map = table_.AtomMap(dimension.atoms);
    if (in_force_ && view.source == Source::kHeader && view.name == "header" &&
        map.kind == AtomMapKind::kDirect)
      return atom == 1;
    if (!IsNumber(view.type) || view.meter.valid() || map.kind != AtomMapKind::kCuts) return true;
    const bool too_low = atom - 1 < map.cuts.size() && map.cuts[atom - 1] <= view.low;
    const bool too_high = atom > 1 && map.cuts[atom - 2] > view.high;
    return !too_low && !too_high;
  }

  void AddLine(std::uint32_t d) {
    const DimensionView dimension = matrix_.Dimension(d);
    Line line;
    for (std::uint32_t atom = 0; atom < dimension.atom_count; ++atom)
      if (IsPossible(dimension, atom)) line.atoms.push_back(atom);
    if (line.atoms.empty()) Add({});
    for (std::size_t k = 1; k < line.atoms.size(); ++k) {
      const std::int32_t variable = NewVariable();
      if (k == 1) line.before = variable;
      if (k > 1) Add({-(variable - 1), variable});
    }
    lines_.push_back(std::move(line));
    members_.emplace_back();
  }

  // Adds what says "the atom lies before place k" to a clause, or its negation. False: the clause
  // is met anyway.
  static bool Append(const Line& line, std::size_t k, bool positive, Clause* clause) {
    const bool all = k == line.atoms.size();
    if (k == 0 || all) return positive != all;
    const auto variable = line.before + static_cast<std::int32_t>(k) - 1;
    clause->push_back(positive ? variable : -variable);
    return true;
  }

  // A variable that is true exactly if the dimension's atom is in the set; 0: it always is.
  std::int32_t Member(std::uint32_t d, const std::vector<bool>& in) {
    if (std::ranges::find(in, false) == in.end()) return 0;
    const auto [at, is_new] = members_[d].try_emplace(in, 0);
    if (!is_new) return at->second;
    const Line& line = lines_[d];
    const std::int32_t variable = at->second = NewVariable();
    for (std::size_t k = 0; k < in.size();) {
      std::size_t end = k;
      while (end < in.size() && in[end] == in[k]) ++end;
      // The atom is not among k..end, or the set is as they are.
      Clause clause = {in[k] ? variable : -variable};
      if (Append(line, k, true, &clause) && Append(line, end, false, &clause))
        Add(std::move(clause));
      k = end;
    }
    return variable;
  }

  std::int32_t OnlyAtom(std::uint32_t d, std::uint32_t atom) {
    std::vector<bool> in;
    for (const std::uint32_t a : lines_[d].atoms) in.push_back(a == atom);
    return Member(d, in);
  }
  bool MayBe(std::uint32_t d, std::uint32_t atom) const {
    return std::ranges::find(lines_[d].atoms, atom) != lines_[d].atoms.end();
  }

  // Facts from evidence are there only while it is fresh, and it is fresh only where what it is
  // about is given.
  void TieEvidence() {
    constexpr std::uint32_t kFresh = 2;
    for (std::uint32_t e = 0; e < matrix_.dimension_count(); ++e) {
      const DimensionView evidence = matrix_.Dimension(e);
      if (static_cast<DimensionKind>(evidence.kind) != DimensionKind::kEvidence) continue;
      const EvidenceView view = table_.Evidence(EvidenceId{evidence.index});
      if (!MayBe(e, kFresh)) continue;
      const std::int32_t fresh = OnlyAtom(e, kFresh);
      if (fresh == 0) continue;
      for (std::uint32_t d = 0; d < matrix_.dimension_count(); ++d) {
        const DimensionView dimension = matrix_.Dimension(d);
        if (static_cast<DimensionKind>(dimension.kind) != DimensionKind::kFact) continue;
        const FactId fact{dimension.index};
        if (!MayBe(d, 0)) continue;
        const std::int32_t missing = OnlyAtom(d, 0);
        if (missing == 0) continue;
        const EvidenceId from = table_.Fact(fact).evidence;
        if (from.valid() && from.value == evidence.index) Add({fresh, missing});
        for (const FactId wanted : view.about_wanted)
          if (wanted == fact) Add({-fresh, -missing});
      }
    }
  }

  // --- rows

  // What has to be true for the column to hold. False: it never does.
  bool NeedsOf(std::uint32_t column, Clause* needs) {
    for (std::uint32_t d = 0; d < matrix_.dimension_count(); ++d) {
      std::vector<bool> in;
      for (const std::uint32_t atom : lines_[d].atoms)
        in.push_back((matrix_.Bits(d, atom)[column / 64] >> (column % 64) & 1) != 0);
      if (std::ranges::find(in, true) == in.end()) return false;
      if (const std::int32_t member = Member(d, in); member != 0) needs->push_back(member);
    }
    return true;
  }

  // The column does not hold, or one of `unless` does.
  void Forbid(std::uint32_t column, const Clause& unless) {
    Clause needs;
    if (!NeedsOf(column, &needs)) return;
    for (std::int32_t& literal : needs) literal = -literal;
    needs.insert(needs.end(), unless.begin(), unless.end());
    Add(std::move(needs));
  }

  // A variable whose truth makes the column hold; 0: it never holds.
  std::int32_t Claiming(std::uint32_t column) {
    Clause needs;
    if (!NeedsOf(column, &needs)) return 0;
    const std::int32_t variable = NewVariable();
    for (const std::int32_t need : needs) Add({-variable, need});
    return variable;
  }

  bool TakesPart(std::uint32_t column) const {
    return !in_force_ || (matrix_.Column(column).flags & kColumnEffective) == 0;
  }
  bool Is(std::uint32_t column, ColumnFlags flag) const {
    return (matrix_.Column(column).flags & flag) != 0;
  }

  void NothingDecides() {
    for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) Forbid(c, {});
  }

  // A variable whose truth makes some `allow when` hold.
  std::int32_t SomeAllowWhen() {
    const std::int32_t variable = NewVariable();
    Clause some = {-variable};
    for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
      if (!Is(c, kColumnAllowWhen) || !TakesPart(c)) continue;
      if (const std::int32_t one = Claiming(c); one != 0) some.push_back(one);
    }
    Add(std::move(some));
    return variable;
  }

  bool IsAssumed(const ColumnView& column) const {
    if (!column.clause.valid()) return false;
    const std::string_view name = table_.Clause(column.clause).name;
    const std::size_t slash = name.rfind('/');
    return name.starts_with("~cases/") ||
           (slash != std::string_view::npos && name.substr(slash).starts_with("/assume."));
  }

  // A column of the invariant holds, and the one that decides has the verdict. Columns stand in
  // order of restrictiveness, so nothing stricter holds and something of the verdict does.
  void Breaks(std::uint32_t invariant, Verdict verdict) {
    Clause condition;
    for (std::uint32_t c = matrix_.decision_column_count(); c < matrix_.column_count(); ++c) {
      const ColumnView column = matrix_.Column(c);
      if (column.kind != ColumnKind::kInvariant || column.name != invariant ||
          column.verdict != verdict)
        continue;
      if (const std::int32_t holds = Claiming(c); holds != 0) condition.push_back(holds);
    }
    Add(std::move(condition));
    const std::int32_t allow_when = SomeAllowWhen();
    // Denied is also what nothing decides.
    const std::int32_t nothing = verdict == Verdict::kDeny ? NewVariable() : 0;
    Clause decides;
    if (nothing != 0) decides.push_back(nothing);
    for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
      if (!TakesPart(c)) continue;
      const ColumnView column = matrix_.Column(c);
      Clause unless;
      if (Is(c, kColumnOtherwise)) unless.push_back(allow_when);
      if (column.verdict > verdict) Forbid(c, unless);
      if (verdict == Verdict::kDeny && IsAssumed(column)) Forbid(c, unless);
      if (nothing != 0) {
        unless.push_back(-nothing);
        Forbid(c, unless);
      }
      if (column.verdict != verdict) continue;
      const std::int32_t one = Claiming(c);
      if (one == 0) continue;
      decides.push_back(one);
      for (std::uint32_t a = 0; Is(c, kColumnOtherwise) && a < matrix_.decision_column_count(); ++a)
        if (Is(a, kColumnAllowWhen) && TakesPart(a)) Forbid(a, {-one});
    }
    Add(std::move(decides));
  }

  const Table& table_;
  const MatrixView matrix_;
  const bool in_force_;
  Clauses out_;
  std::size_t literals_ = 0;
  std::vector<Line> lines_;
  std::vector<std::map<std::vector<bool>, std::int32_t>> members_;  // by dimension
};

constexpr std::uint32_t kNone = 0xFFFFFFFFu;

std::uint32_t FindInvariant(const Table& table, std::string_view name) {
  for (std::uint32_t i = 0; i < table.invariant_count(); ++i)
    if (table.Invariant(i) == name) return i;
  return kNone;
}

bool IsRelation(const Table& table, std::uint32_t invariant) {
  for (std::uint32_t i = 0; i < table.relation_count(); ++i)
    if (table.Relation(i).invariant == invariant) return true;
  return false;
}

bool IsOrdered(const MatrixView& matrix) {
  for (std::uint32_t c = 1; c < matrix.decision_column_count(); ++c)
    if (matrix.Column(c - 1).verdict < matrix.Column(c).verdict) return false;
  return true;
}

// The invariant says something about what is decided so.
bool Asks(const MatrixView& matrix, std::uint32_t invariant, Verdict verdict) {
  for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c) {
    const ColumnView column = matrix.Column(c);
    if (column.kind == ColumnKind::kInvariant && column.name == invariant &&
        column.verdict == verdict)
      return true;
  }
  return false;
}

constexpr const char* kVerdicts[] = {"allow", "escalate", "deny"};

}  // namespace

std::string Text(const Claim& claim) {
  if (claim.kind == ClaimKind::kDecided)
    return "every request of `" + claim.capability + "` is decided";
  return "invariant `" + claim.invariant + "`: never " +
         kVerdicts[static_cast<std::size_t>(claim.verdict)] + " `" + claim.capability +
         "` where its condition holds";
}

std::vector<Claim> ClaimsOf(const Table& table) {
  std::vector<Claim> claims;
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    if (table.Capability({c}).kind == CapabilityKind::kEvent) continue;
    const std::string name(table.Capability({c}).name);
    claims.push_back({ClaimKind::kDecided, name, "", Verdict::kAllow});
    const MatrixView matrix = table.Matrix({c});
    for (std::uint32_t i = 0; i < table.invariant_count(); ++i) {
      if (table.Invariant(i).starts_with('~') || IsRelation(table, i)) continue;
      for (const Verdict verdict : {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}) {
        if (Asks(matrix, i, verdict))
          claims.push_back({ClaimKind::kNever, name, std::string(table.Invariant(i)), verdict});
      }
    }
  }
  return claims;
}

std::expected<Clauses, std::string> ClausesOf(const Table& table, const Claim& claim) {
  const CapabilityId capability = table.FindCapability(claim.capability);
  if (!capability.valid() || table.Capability(capability).kind == CapabilityKind::kEvent)
    return std::unexpected("the table does not decide `" + claim.capability + "`");
  std::uint32_t invariant = kNone;
  if (claim.kind == ClaimKind::kNever) {
    invariant = FindInvariant(table, claim.invariant);
    if (invariant == kNone || claim.invariant.starts_with('~') || IsRelation(table, invariant))
      return std::unexpected("the table has no invariant `" + claim.invariant +
                             "` of one decision");
    if (!Asks(table.Matrix(capability), invariant, claim.verdict))
      return std::unexpected("the invariant does not speak of `" + claim.capability + "`");
    if (!IsOrdered(table.Matrix(capability)))
      return std::unexpected("the rows do not stand in order of restrictiveness");
  }
  Describer describer(table, capability, claim.kind == ClaimKind::kNever);
  if (!describer.Run(claim, invariant)) return std::unexpected("the table is too large");
  return describer.Take();
}

}  // namespace writ::certificate
