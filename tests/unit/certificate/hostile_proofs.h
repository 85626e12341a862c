// Proofs of damaged tables, and the judge of what is accepted: whatever a certificate proves of a
// table that the runtime opens has to be so for every request that is tried. Header only, as the
// fuzz target uses it as well.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "small_proofs.h"
#include "writ/runtime/decide.h"

namespace writ::test {

using namespace runtime;

// `act` with what SmallModel has not: a required input, an enumeration, something worked out, an
// `allow when` with what is otherwise, a row that is off in force, an assumption, and a note.
inline table::Model RuleModel() {
  table::Model m = SmallModel();
  m.facts[0].source = Source::kInput;
  m.facts[1] = {};
  m.facts[1].name = "mood", m.facts[1].type = ValueType::kEnum;
  m.facts[1].values = {"calm", "loud", "wild"};
  m.facts.emplace_back().name = "sure";
  m.facts[2].high = 1;
  m.invariants = {"bounded", "known", "low", "quiet", "served"};
  for (const char* name : {"asked", "cannot/*/assume.1", "told"}) {
    m.clauses.emplace_back().name = name;
    m.clauses.back().words = name;
  }
  m.atom_maps.push_back({AtomMapKind::kDirect, 3, {}, {}});
  m.atom_maps.push_back({AtomMapKind::kDirect, 2, {}, {}});
  m.capabilities.resize(1);
  m.capabilities[0].name = "act";
  m.capabilities[0].inputs = {{0}};
  m.matrices.clear();
  table::Matrix& matrix = m.matrices.emplace_back();
  matrix.signature = {{{0}, true}};
  matrix.code.resize(3);
  matrix.code[0].op = Op::kFact;
  matrix.code[1].op = Op::kConst, matrix.code[1].immediate = 7;
  matrix.code[2].op = Op::kLess, matrix.code[2].a = 0, matrix.code[2].b = 1;
  matrix.dimensions = {{table::DimensionKind::kFact, 0, {0}},
                       {table::DimensionKind::kFact, 1, {1}},
                       {table::DimensionKind::kFact, 2, {2}},
                       {table::DimensionKind::kDerived, 2, {2}}};
  const auto row = [&](Verdict verdict, std::uint8_t flags,
                       std::vector<table::Constraint> constraints) -> table::Column& {
    table::Column& column = matrix.columns.emplace_back();
    column.verdict = verdict, column.flags = flags;
    column.constraints = std::move(constraints);
    if (verdict != Verdict::kDeny) column.anchor = {0};
    return column;
  };
  const table::Constraint high = {0, {false, false, true}}, wild = {1, {false, false, false, true}},
                          unsaid = {1, {true, false, false, false}},
                          sure = {2, {false, false, true}}, much = {3, {true, true, false}};
  row(Verdict::kDeny, 0, {wild}).clause = {1};
  row(Verdict::kDeny, kColumnEffective, {unsaid});
  row(Verdict::kDeny, 0, {much});
  row(Verdict::kEscalate, kColumnOtherwise, {high}).clause = {0};
  row(Verdict::kAllow, kColumnAllowWhen, {sure});
  row(Verdict::kAllow, kColumnOtherwise, {});
  const auto note = [&](ColumnKind kind, Verdict verdict, std::uint32_t name,
                        const table::Constraint& where) {
    table::Column& column = matrix.columns.emplace_back();
    column.kind = kind, column.verdict = verdict, column.name = name;
    column.constraints = {where};
    return &column;
  };
  // The second and the third are not so.
  note(ColumnKind::kInvariant, Verdict::kAllow, 0, much);
  note(ColumnKind::kInvariant, Verdict::kAllow, 1, unsaid);
  note(ColumnKind::kInvariant, Verdict::kAllow, 2, high);
  note(ColumnKind::kInvariant, Verdict::kDeny, 3, wild);
  note(ColumnKind::kInvariant, Verdict::kEscalate, 4, sure);
  note(ColumnKind::kNote, Verdict::kAllow, 0, high)->clause = {2};
  return m;
}

// --- what is so

// Requests over the words of one table, with numbers from 0 to 10, around all that is cut there; a
// share of them, spread evenly, where these are too many.
class Requests {
 public:
  explicit Requests(const Table& table, bool valid_header) : table_(table) {
    for (std::uint32_t f = 0; f < table.fact_count(); ++f) AddFact({f}, valid_header);
  }

  // `visit` returns false to end it.
  void Each(const std::function<bool(Request&, std::vector<Value>&)>& visit) const {
    constexpr std::uint64_t kMost = 600;
    std::uint64_t all = table_.role_count() + 1;
    for (const auto& axis : axes_) all = std::min<std::uint64_t>(all * axis.size(), 1u << 30);
    const std::uint64_t tried = std::min(all, kMost);
    std::vector<Value> values(axes_.size());
    for (std::uint64_t i = 0; i < tried; ++i) {
      std::uint64_t number = all / tried * i + (all > tried ? i % (all / tried) : 0);
      Request request;
      request.role = {static_cast<std::uint32_t>(number % (table_.role_count() + 1))};
      if (request.role.value == table_.role_count()) request.role = {};
      number /= table_.role_count() + 1;
      for (std::size_t f = 0; f < axes_.size(); number /= axes_[f].size(), ++f)
        values[f] = axes_[f][number % axes_[f].size()];
      request.now_ms = static_cast<std::int64_t>(i % 8) * 1000;
      request.values = values.data();
      if (!visit(request, values)) return;
    }
  }

 private:
  static Value Number(std::int64_t number) {
    Value value;
    value.kind = ValueKind::kNumber, value.number = number;
    return value;
  }
  void AddFact(FactId id, bool valid_header) {
    const FactView fact = table_.Fact(id);
    std::vector<Value>& axis = axes_.emplace_back(1);
    if (valid_header && fact.name == "header") return axis.push_back(Number(0));
    if (fact.type == ValueType::kText || fact.type == ValueType::kId) {
      axis.push_back({});
      axis.back().kind = ValueKind::kText, axis.back().text = "a", axis.back().size = 1;
    } else if (fact.type != ValueType::kIdSet) {
      for (const std::int64_t number : {0, 1, 2, 3, 4, 5, 6, 7, 9, 10})
        axis.push_back(Number(number));
    }
  }

  const Table& table_;
  std::vector<std::vector<Value>> axes_;
};

// What one table says of a request.
struct Said {
  Decision decision;
  std::vector<bool> holds;  // by column: what it asks of the request is so; empty: no row is asked
};

inline Said Ask(const Table& table, CapabilityId capability, const Request& asked) {
  Request request = asked;
  request.capability = capability;
  Said said{Decide(table, nullptr, request), {}};
  std::array<std::uint32_t, kMaxDimensions> atoms;
  if (!capability.valid() || !MapAtoms(table, nullptr, request, atoms.data(), atoms.size()))
    return said;
  const MatrixView matrix = table.Matrix(capability);
  for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
    bool holds = true;
    for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d)
      holds = holds && (matrix.Bits(d, atoms[d])[c / 64] >> (c % 64) & 1) != 0;
    said.holds.push_back(holds);
  }
  return said;
}

// True if both read one request alike, number by number: two tables are judged by that alone.
inline bool HaveTheSameWords(const Table& a, const Table& b) {
  if (a.fact_count() != b.fact_count() || a.role_count() != b.role_count() ||
      a.anchor_count() != b.anchor_count() || a.former_name_count() + b.former_name_count() != 0 ||
      a.evidence_count() + b.evidence_count() + a.meter_count() + b.meter_count() != 0)
    return false;
  for (std::uint32_t f = 0; f < a.fact_count(); ++f) {
    const FactView x = a.Fact({f}), y = b.Fact({f});
    if (std::tuple(x.name, x.type, x.scale, x.unit, x.value_count, x.missing, x.substitute,
                   x.substitute_text,
                   x.source) != std::tuple(y.name, y.type, y.scale, y.unit, y.value_count,
                                           y.missing, y.substitute, y.substitute_text, y.source))
      return false;
    for (std::uint32_t v = 0; v < x.value_count; ++v)
      if (a.FactValue({f}, v) != b.FactValue({f}, v)) return false;
  }
  for (std::uint32_t r = 0; r < a.role_count(); ++r)
    if (a.Role({r}).name != b.Role({r}).name) return false;
  for (std::uint32_t i = 0; i < a.anchor_count(); ++i)
    if (a.Anchor({i}).name != b.Anchor({i}).name) return false;
  return true;
}

class Judge {
 public:
  explicit Judge(const certificate::About& about) : about_(about) {}

  // A request, or two, of which the claim is not so.
  [[nodiscard]] bool Refutes(const certificate::Claim& claim) const {
    const Table& table = *about_.table;
    const CapabilityId capability = table.FindCapability(claim.capability);
    bool refuted = false;
    const bool all_headers = claim.kind == certificate::ClaimKind::kDecided ||
                             claim.kind == certificate::ClaimKind::kAlike ||
                             claim.kind == certificate::ClaimKind::kOwed;
    Requests(table, !all_headers).Each([&](Request& request, std::vector<Value>& values) {
      request.as_in_force = claim.kind != certificate::ClaimKind::kDecided;
      switch (claim.kind) {
        case certificate::ClaimKind::kDecided:
          refuted = Ask(table, capability, request).decision.builtin == BuiltinRow::kUndecided;
          break;
        case certificate::ClaimKind::kNever:
          refuted = IsBreach(claim, capability, request);
          break;
        case certificate::ClaimKind::kAsked:
          refuted = IsAnswer(claim, capability, request);
          break;
        case certificate::ClaimKind::kAlike:
        case certificate::ClaimKind::kOwed:
          refuted = Differs(claim, capability, request);
          break;
        case certificate::ClaimKind::kRelated:
          refuted = IsPair(table.Relation(claim.relation), request, values);
          break;
      }
      return !refuted;
    });
    return refuted;
  }

 private:
  static bool IsAssumed(const Table& table, CapabilityId capability, const Said& said) {
    const MatrixView matrix = table.Matrix(capability);
    for (std::uint32_t c = 0; c < matrix.decision_column_count() && c < said.holds.size(); ++c) {
      const ColumnView column = matrix.Column(c);
      if (!said.holds[c] || !column.clause.valid()) continue;
      const std::string_view name = table.Clause(column.clause).name;
      const std::size_t slash = name.rfind('/');
      if (name.starts_with("~cases/") || name.starts_with("~tenant/") ||
          (slash != std::string_view::npos && name.substr(slash).starts_with("/assume.")))
        return true;
    }
    return false;
  }

  // An invariant column that `wanted` names holds.
  template <typename Wanted>
  static bool Meets(const Table& table, CapabilityId capability, const Said& said, Wanted wanted) {
    const MatrixView matrix = table.Matrix(capability);
    for (std::uint32_t c = matrix.decision_column_count(); c < said.holds.size(); ++c)
      if (said.holds[c] && matrix.Column(c).kind == ColumnKind::kInvariant &&
          wanted(matrix.Column(c)))
        return true;
    return false;
  }

  bool IsBreach(const certificate::Claim& claim, CapabilityId capability,
                const Request& request) const {
    const Table& table = *about_.table;
    const Said said = Ask(table, capability, request);
    return said.decision.verdict == claim.verdict &&
           Meets(table, capability, said,
                 [&](const ColumnView& column) {
                   return table.Invariant(column.name) == claim.words &&
                          column.verdict == claim.verdict;
                 }) &&
           !(claim.verdict == Verdict::kDeny && IsAssumed(table, capability, said));
  }

  bool IsAnswer(const certificate::Claim& claim, CapabilityId capability,
                const Request& request) const {
    const auto question =
        std::ranges::find(about_.questions, claim.words, &certificate::Question::words);
    const Table &table = *about_.table, &condition = *question->condition;
    if (!HaveTheSameWords(table, condition)) return false;
    const CapabilityId asked = condition.FindCapability(claim.capability);
    const Said said = Ask(table, capability, request);
    return said.decision.verdict == claim.verdict &&
           Meets(condition, asked, Ask(condition, asked, request),
                 [](const ColumnView&) { return true; }) &&
           !(claim.verdict == Verdict::kDeny && IsAssumed(table, capability, said));
  }

  static bool IsTheRow(const Table& table, CapabilityId capability, const Decision& decision,
                       std::uint32_t row) {
    const bool none = decision.builtin != BuiltinRow::kNone;
    if (none || row == certificate::Region::kNoRow)
      return none && row == certificate::Region::kNoRow;
    const ColumnView column = table.Matrix(capability).Column(row);
    return column.clause == decision.clause && column.verdict == decision.verdict &&
           (column.verdict == Verdict::kDeny || column.anchor == decision.anchor);
  }

  using Owed = std::set<std::tuple<ColumnKind, std::uint32_t, std::string_view>>;
  static Owed OwedBy(const Table& table, CapabilityId capability, const Said& said) {
    Owed owed;
    const MatrixView matrix = table.Matrix(capability);
    for (std::uint32_t c = matrix.decision_column_count(); c < said.holds.size(); ++c) {
      const ColumnView column = matrix.Column(c);
      const bool to = column.kind == ColumnKind::kNotify;
      if (!said.holds[c] || (!to && column.kind != ColumnKind::kNote)) continue;
      std::string_view words;
      if (column.clause.valid()) {
        const ClauseView clause = table.Clause(column.clause);
        words = clause.reason.empty() ? clause.words : clause.reason;
      }
      owed.emplace(column.kind, to ? column.anchor.value : 0, words);
    }
    return owed;
  }

  bool Differs(const certificate::Claim& claim, CapabilityId now, const Request& request) const {
    const std::array<const Table*, 2> tables = {about_.before, about_.table};
    if (!HaveTheSameWords(*tables[0], *tables[1])) return false;
    const std::array<CapabilityId, 2> own = {tables[0]->FindCapability(claim.capability), now};
    std::array<Said, 2> said;
    for (std::size_t s = 0; s < 2; ++s) {
      if (!own[s].valid() || tables[s]->Capability(own[s]).kind == CapabilityKind::kEvent)
        return false;
      said[s] = Ask(*tables[s], own[s], request);
    }
    const Decision &a = said[0].decision, &b = said[1].decision;
    if (a.builtin == BuiltinRow::kMalformed && b.builtin == BuiltinRow::kMalformed) return false;
    if (claim.kind == certificate::ClaimKind::kOwed) {
      return !said[0].holds.empty() && !said[1].holds.empty() &&
             OwedBy(*tables[0], own[0], said[0]) != OwedBy(*tables[1], own[1], said[1]);
    }
    if (a.verdict == b.verdict && (a.verdict == Verdict::kDeny || a.anchor == b.anchor))
      return false;
    return std::ranges::none_of(claim.regions, [&](const certificate::Region& region) {
      return IsTheRow(*tables[0], own[0], a, region.before) &&
             IsTheRow(*tables[1], own[1], b, region.now);
    });
  }

  static bool Breaks(const Table& table, const RelationView& relation, const Decision& first,
                     const Decision& second) {
    if (relation.kind != RelationKind::kMonotone)
      return first.verdict == relation.verdict[0] &&
             (second.verdict == relation.verdict[1]) == (relation.kind == RelationKind::kDisjoint);
    if (first.verdict != second.verdict) return second.verdict < first.verdict;
    if (first.verdict != Verdict::kEscalate || first.anchor == second.anchor) return false;
    const Slice<AnchorId> below = table.Anchor(second.anchor).below;
    return std::ranges::find(below, first.anchor) == below.end();
  }

  // The request, and each with another value of the fact that is spoken of.
  bool IsPair(const RelationView& relation, const Request& request,
              const std::vector<Value>& values) const {
    const Table& table = *about_.table;
    if (table.evidence_count() + table.meter_count() != 0) return false;
    const bool monotone = relation.kind == RelationKind::kMonotone;
    if (monotone && table.Fact(relation.fact).source == Source::kBuiltin) return false;
    const Said first = Ask(table, relation.capability[0], request);
    std::vector<Value> others = values;
    Request other = request;
    other.values = others.data();
    for (std::int64_t number = 0; number <= (monotone ? 10 : 0); ++number) {
      if (monotone) {
        const Value& now = values[relation.fact.value];
        Value& then = others[relation.fact.value];
        if (now.kind != ValueKind::kNumber) return false;
        then = now, then.number = number;
        if (relation.falling ? number > now.number : number < now.number) continue;
      }
      const Said second = Ask(table, relation.capability[1], other);
      if (IsRefutedBy(relation, first, second)) return true;
    }
    return false;
  }

  bool IsRefutedBy(const RelationView& relation, const Said& first, const Said& second) const {
    const Table& table = *about_.table;
    const auto [a, b] = relation.capability;
    const auto speaks = [&](const ColumnView& column) { return column.name == relation.invariant; };
    const bool monotone = relation.kind == RelationKind::kMonotone;
    if (first.holds.empty() || second.holds.empty() || IsAssumed(table, a, first) ||
        IsAssumed(table, b, second) || !Breaks(table, relation, first.decision, second.decision))
      return false;
    const bool met = Meets(table, a, first, speaks), met_then = Meets(table, b, second, speaks);
    return monotone ? met && met_then : met;
  }

  const certificate::About& about_;
};

// --- what is tried

// A table, with what is compared with it or asked of it.
struct HostileCase {
  table::Model table;
  std::optional<table::Model> before, condition;
};

inline const std::vector<HostileCase>& HostileCases() {
  static const std::vector<HostileCase> cases = [] {
    table::Model fewer = RuleModel(), asks = RuleModel();
    fewer.version = "2.0.0";
    std::swap(fewer.matrices[0].columns[0], fewer.matrices[0].columns[2]);
    table::Matrix& asked = asks.matrices[0];
    asked.columns.erase(asked.columns.begin(), asked.columns.end() - 4);
    asked.columns.resize(2);
    return std::vector<HostileCase>{{SmallModel(), {}, {}},   {RuleModel(), {}, {}},
                                    {RelatedModel(), {}, {}}, {SmallModel(), {}, ConditionModel()},
                                    {RuleModel(), {}, asks},  {NextModel(), SmallModel(), {}},
                                    {fewer, RuleModel(), {}}};
  }();
  return cases;
}

// An input is a list of bytes:
//   which case; how many edits of a table (and of which of two); how many variables the proof goes
//   through; which claim; a region, where tables are compared; edits, of the table and then of the
//   certificate: an offset of 2 bytes, and a byte.
struct HostileOutcome {
  bool opened = false, refuted = false;
  std::vector<certificate::Claim> accepted;
};

inline std::vector<unsigned char> WrittenOnce(std::size_t number, bool other) {
  static std::map<std::pair<std::size_t, bool>, std::vector<unsigned char>> written;
  const auto [at, added] = written.try_emplace({number, other});
  if (added) {
    const HostileCase& one = HostileCases()[number];
    at->second =
        table::WriteTable(other ? one.before ? *one.before : *one.condition : one.table).value();
  }
  return at->second;
}

// Through all cases of the first variables, which are those of what a request is made of.
inline std::string WriteProof(const certificate::About& about, const certificate::Claim& claim,
                              std::int32_t variables) {
  static std::map<std::int32_t, std::vector<certificate::Clause>> all_cases;
  const auto clauses = certificate::ClausesOf(about, claim);
  if (clauses) variables = std::min(variables, clauses->variables);
  const auto [at, added] = all_cases.try_emplace(variables);
  if (added) at->second = AllCases(variables);
  return certificate::WriteCertificate(about, {{claim, at->second}});
}

inline HostileOutcome TryHostile(std::span<const std::uint8_t> data) {
  constexpr std::size_t kHead = 5;
  HostileOutcome outcome;
  if (data.size() < kHead) return outcome;
  const std::size_t number = data[0] % HostileCases().size();
  const HostileCase& one = HostileCases()[number];
  std::array<std::vector<unsigned char>, 2> bytes = {WrittenOnce(number, false), {}};
  const bool two = one.before || one.condition;
  if (two) bytes[1] = WrittenOnce(number, true);
  std::vector<unsigned char>& damaged = bytes[two ? data[1] & 1 : 0];
  std::size_t at = kHead;
  for (unsigned edits = data[1] / 2 % 5; edits > 0 && at + 2 < data.size(); --edits, at += 3)
    damaged[(std::size_t{data[at]} << 8 | data[at + 1]) % damaged.size()] = data[at + 2];
  std::array<Table, 2> tables;
  for (std::size_t s = 0; s < (two ? 2 : 1); ++s) {
    table::SealTable(bytes[s]);
    if (Table::Open(bytes[s].data(), bytes[s].size(), &tables[s]).code != OpenCode::kOk)
      return outcome;
  }
  outcome.opened = true;
  certificate::About about =
      one.before ? certificate::About(tables[1], tables[0]) : certificate::About(tables[0]);
  if (one.condition)
    about.questions = {
        {"asked", &tables[1], {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}}};
  std::vector<certificate::Claim> claims = certificate::ClaimsOf(about);
  if (claims.empty()) return outcome;
  certificate::Claim& claim = claims[data[3] % claims.size()];
  if (claim.kind == certificate::ClaimKind::kAlike && (data[4] & 1) != 0)
    claim.regions = {{data[4] / 2 % 8 - 1U, data[4] / 16 - 1U}};
  std::string proof = WriteProof(about, claim, data[2] % 10);
  for (; at + 2 < data.size(); at += 3)
    proof[(std::size_t{data[at]} << 8 | data[at + 1]) % proof.size()] =
        static_cast<char>(data[at + 2]);
  certificate::SealCertificate(&proof);
  const auto checked = certificate::CheckCertificate(about, proof);
  if (!checked) return outcome;
  outcome.accepted = checked->claims;
  for (const certificate::Claim& accepted : outcome.accepted)
    outcome.refuted = outcome.refuted || Judge(about).Refutes(accepted);
  return outcome;
}

}  // namespace writ::test
