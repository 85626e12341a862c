// The translation check: for requests that visit every atom, each clause is read directly from the
// nodes, and the rows that the opened table reports must be those that docs/semantics.md M5 gives
// for that truth. Shares nothing with lowering but the program itself. Entry point:
// ScanTranslation.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lower_assert.h"
#include "lower_index.h"
#include "lower_matrix.h"
#include "relations.h"
#include "scan.h"
#include "scan_evaluate.h"
#include "scan_sample.h"
#include "writ/runtime/decide.h"

namespace writ::compiler {

using lang::ClauseKind;

namespace {

enum Row : std::uint8_t { kTrueRow = 1, kUnknownDeny = 2, kUnknownEscalate = 4, kUnknownNote = 8 };

template <typename Id>
bool Contains(const std::vector<Id>& ids, Id id) {
  return std::ranges::find(ids, id) != ids.end();
}

// A request in the runtime's own form. Borrows the sample.
struct RuntimeRequest {
  std::vector<runtime::Value> values;
  std::vector<std::vector<std::string_view>> texts;
  runtime::Request request;

  RuntimeRequest(const Program& program, const Sample& sample)
      : values(sample.values.size()), texts(sample.values.size()) {
    for (std::size_t f = 0; f < values.size(); ++f)
      Fill(program.vocabulary.facts[f].type, sample.values[f], f);
    request.capability = sample.capability, request.role = sample.role,
    request.now_ms = sample.now_ms;
    request.values = values.data();
  }
  void Fill(ValueType type, const SampleValue& from, std::size_t f) {
    runtime::Value& value = values[f];
    if (from.missing) return;
    if (type == ValueType::kId || type == ValueType::kText) {
      value.kind = runtime::ValueKind::kText, value.text = from.text.data(),
      value.size = static_cast<std::uint32_t>(from.text.size());
    } else if (type == ValueType::kIdSet) {
      texts[f].assign(from.texts.begin(), from.texts.end());
      value.kind = runtime::ValueKind::kTextSet, value.texts = texts[f].data(),
      value.size = static_cast<std::uint32_t>(texts[f].size());
    } else {
      value.kind = runtime::ValueKind::kNumber, value.number = from.number;
    }
  }
};

class CapabilityScan {
 public:
  CapabilityScan(const Program& program, const runtime::Table& table, CapabilityId capability,
                 const Applications::ForCapability& applied)
      : program_(program),
        table_(table),
        matrix_(table.Matrix(capability)),
        capability_(capability),
        applied_(applied),
        reads_(applied.clauses.size()),
        column_of_(matrix_.column_count(), kNoClause),
        words_(matrix_.word_count()) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> index;
    for (std::uint32_t i = 0; i < applied.clauses.size(); ++i) {
      const AppliedClause& a = applied.clauses[i];
      index[{a.clause->id.value, a.authority ? a.authority->id.value : kNoClause}] = i;
      if (a.clause->condition.valid()) reads_[i] = FactsOf(a.clause->condition);
    }
    for (const Region& region : program.regions)
      region_speaks_.push_back(HasInputsOf(region.condition));
    for (const Invariant& invariant : program.invariants)
      invariant_speaks_.push_back(AsksAbout(invariant, capability) &&
                                  HasInputsOf(invariant.condition));
    for (std::uint32_t c = 0; c < matrix_.column_count(); ++c) {
      const runtime::ColumnView column = matrix_.Column(c);
      if (column.kind == ColumnKind::kInvariant) continue;  // an exception notes what it lifts
      const auto at = index.find({column.clause.value, column.authority.value});
      if (at != index.end()) column_of_[c] = at->second;
    }
  }

  std::uint64_t Compare(const Sample& sample, DirectEvaluator& evaluator);

 private:
  static constexpr std::uint32_t kNoClause = 0xFFFFFFFFu;
  std::vector<FactId> FactsOf(ExprId condition) const;
  bool HasInputsOf(ExprId condition) const;
  std::uint8_t RowsOf(const AppliedClause& applied, std::size_t i, const Sample& sample,
                      DirectEvaluator& evaluator) const;
  bool Lifted(const Clause& clause, const Sample& sample, DirectEvaluator& evaluator) const;
  std::uint8_t UnknownRows(std::size_t i, const DirectEvaluator& evaluator) const;
  static std::uint8_t RowOf(const runtime::ColumnView& column);
  void CompareBase(const Sample& sample) const;
  void CompareNamed(DirectEvaluator& evaluator) const;
  void CompareWinner(const runtime::Decision& decision) const;
  bool IsSet(std::uint32_t c) const { return ((words_[c / 64] >> (c % 64)) & 1u) != 0; }
  void Fail(const std::string& what) const {
    AbortWithWords(
        __FILE_NAME__, __LINE__,
        "the table of `" + program_.vocabulary.capabilities[capability_.value].name + "`: " + what);
  }

  const Program& program_;
  const runtime::Table& table_;
  const runtime::MatrixView matrix_;
  CapabilityId capability_;
  const Applications::ForCapability& applied_;
  std::vector<std::vector<FactId>> reads_;
  std::vector<std::uint32_t> column_of_;  // by column: the applied clause
  std::vector<std::uint64_t> words_;
  std::vector<bool> region_speaks_, invariant_speaks_;  // of this capability
};

// M11: what reads an input speaks only of capabilities that have it.
bool CapabilityScan::HasInputsOf(ExprId condition) const {
  if (!condition.valid()) return true;
  const table::Capability& capability = program_.vocabulary.capabilities[capability_.value];
  for (const FactId f : FactsOf(condition)) {
    const bool input = program_.vocabulary.facts[f.value].source == Source::kInput;
    if (input && !Contains(capability.inputs, f) && !Contains(capability.optional_inputs, f))
      return false;
  }
  return true;
}

std::vector<FactId> CapabilityScan::FactsOf(ExprId condition) const {
  std::vector<FactId> facts;
  for (const ExprId e : PostOrder(program_, condition, [](ExprId) { return false; })) {
    const Node& node = program_.node(e);
    if ((node.kind == NodeKind::kFact || node.kind == NodeKind::kIsMissing) &&
        !Contains(facts, node.fact))
      facts.push_back(node.fact);
  }
  return facts;
}

std::uint8_t CapabilityScan::UnknownRows(std::size_t i, const DirectEvaluator& evaluator) const {
  std::uint8_t rows = 0;
  for (const FactId f : reads_[i]) {
    const MissingWord word = program_.vocabulary.facts[f.value].missing;
    if (word == MissingWord::kValue || !evaluator.Missing(f)) continue;
    rows |= word == MissingWord::kDeny ? kUnknownDeny : kUnknownEscalate;
  }
  if (rows == 0) Fail("a condition is unknown, and nothing that it reads is missing");
  return rows;
}

// M16.2.
bool CapabilityScan::Lifted(const Clause& clause, const Sample& sample,
                            DirectEvaluator& evaluator) const {
  return std::ranges::any_of(clause.lifted_by, [&](std::uint32_t e) {
    const Exception& exception = program_.exceptions[e];
    return Contains(exception.roles, sample.role) && sample.now_ms < exception.ends_ms &&
           evaluator.Condition(exception.up_to, false) == std::optional<bool>(true);
  });
}

std::uint8_t CapabilityScan::RowsOf(const AppliedClause& applied, std::size_t i,
                                    const Sample& sample, DirectEvaluator& evaluator) const {
  const Clause& clause = *applied.clause;
  if (applied.authority && !Contains(applied.authority->to, sample.role)) return 0;
  if (clause.kind == ClauseKind::kRequireEvidence)
    return std::ranges::all_of(clause.evidence, [&](EvidenceId e) { return evaluator.Fresh(e); })
               ? 0
               : kTrueRow;
  if (Lifted(clause, sample, evaluator)) return 0;
  const std::optional<bool> truth = evaluator.Condition(
      clause.condition, clause.kind != ClauseKind::kAllow && !clause.assumption);
  if (clause.assumption) return truth && *truth ? kTrueRow : 0;
  switch (clause.kind) {
    case ClauseKind::kConfirmation:
      return truth && *truth ? 0 : kTrueRow;
    case ClauseKind::kRequire:
    case ClauseKind::kCeiling:
    case ClauseKind::kLimit:
      if (!truth) return UnknownRows(i, evaluator);
      return *truth ? 0 : kTrueRow;
    case ClauseKind::kDeny:
    case ClauseKind::kEscalate:
      if (!truth) return UnknownRows(i, evaluator);
      return *truth ? kTrueRow : 0;
    case ClauseKind::kAllow:
      return truth && *truth ? kTrueRow : 0;
    case ClauseKind::kNote:
    case ClauseKind::kNotify:
      if (!truth) return kUnknownNote;
      return *truth ? kTrueRow : 0;
    case ClauseKind::kOtherwise:
    case ClauseKind::kRequireEvidence:
    case ClauseKind::kApproval:  // its stages are clauses of their own
    case ClauseKind::kLet:
      break;
  }
  return kTrueRow;
}

std::uint8_t CapabilityScan::RowOf(const runtime::ColumnView& column) {
  if ((column.flags & kColumnUnknown) == 0) return kTrueRow;
  if (column.kind != ColumnKind::kDecision) return kUnknownNote;
  return column.verdict == Verdict::kDeny ? kUnknownDeny : kUnknownEscalate;
}

std::uint64_t CapabilityScan::Compare(const Sample& sample, DirectEvaluator& evaluator) {
  const RuntimeRequest request(program_, sample);
  const runtime::Decision decision =
      runtime::Match(table_, nullptr, request.request, words_.data(), words_.size());
  if (decision.builtin != runtime::BuiltinRow::kNone &&
      decision.builtin != runtime::BuiltinRow::kUndecided)
    Fail("a well-formed request is refused before the rows");
  evaluator.Begin(sample);
  std::vector<std::uint8_t> wanted(applied_.clauses.size(), 0), found(applied_.clauses.size(), 0);
  bool allowed = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = RowsOf(applied_.clauses[i], i, sample, evaluator);
    allowed |= applied_.clauses[i].clause->kind == ClauseKind::kAllow && wanted[i] != 0;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (allowed && applied_.clauses[i].clause->kind == ClauseKind::kOtherwise) wanted[i] = 0;
  for (std::uint32_t c = 0; c < column_of_.size(); ++c)
    if (column_of_[c] != kNoClause && IsSet(c)) found[column_of_[c]] |= RowOf(matrix_.Column(c));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == found[i]) continue;
    Fail("`" + program_.vocabulary.clauses[applied_.clauses[i].clause->id.value].name +
         "` has rows " + std::to_string(found[i]) + " where its condition gives " +
         std::to_string(wanted[i]));
  }
  CompareBase(sample);
  CompareNamed(evaluator);
  CompareWinner(decision);
  return wanted.size();
}

// The rows that no author wrote.
void CapabilityScan::CompareBase(const Sample& sample) const {
  if (program_.vocabulary.capabilities[capability_.value].kind == CapabilityKind::kEvent) return;
  bool effective = false, expires = false, none = false, proposed = false, abstains = false;
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    if (!IsSet(c) || column_of_[c] != kNoClause) continue;
    const std::string_view name = table_.Clause(matrix_.Column(c).clause).name;
    effective |= name == "~effective";
    expires |= name == "~expires";
    none |= name == "~no_authority";
    proposed |= name == "~propose";
    abstains |= name == "~abstain";
  }
  const Authority* under = nullptr;
  for (const Authority* authority : applied_.authorities)
    if (Contains(authority->to, sample.role)) under = authority;
  if (none != (under == nullptr))
    Fail("`~no_authority` does not stand where no delegation or grant is");
  const bool early =
      program_.vocabulary.has_effective && sample.now_ms < program_.vocabulary.effective_ms;
  if (effective != early) Fail("`~effective` holds at another time");
  const auto end_ms = under ? under->EndOf(capability_, sample.role) : std::nullopt;
  const bool late = end_ms && sample.now_ms >= *end_ms;
  if (expires != late) Fail("`~expires` holds at another time");
  if (proposed != (under && Contains(under->propose, capability_)))
    Fail("`~propose` stands where nothing is proposed, or does not where something is");
  if (abstains != (under && Contains(under->abstain, capability_)))
    Fail("`~abstain` stands where nobody abstains, or does not where somebody does");
}

void CapabilityScan::CompareNamed(DirectEvaluator& evaluator) const {
  std::vector<bool> regions(program_.regions.size(), false),
      invariants(program_.vocabulary.invariants.size(), false);
  for (std::uint32_t c = matrix_.decision_column_count(); c < matrix_.column_count(); ++c) {
    const runtime::ColumnView column = matrix_.Column(c);
    if (column.kind == ColumnKind::kRegion && IsSet(c)) regions[column.name] = true;
    if (column.kind == ColumnKind::kInvariant && IsSet(c)) invariants[column.name] = true;
  }
  const auto holds = [&](ExprId condition, bool speaks) {
    return speaks && evaluator.Condition(condition, false) == std::optional<bool>(true);
  };
  for (std::size_t r = 0; r < regions.size(); ++r)
    if (holds(program_.regions[r].condition, region_speaks_[r]) != regions[r])
      Fail("region `" + program_.regions[r].name + "` contains another request");
  for (std::size_t i = 0; i < program_.invariants.size(); ++i) {
    const Invariant& invariant = program_.invariants[i];
    const auto& names = program_.vocabulary.invariants;
    const auto at = std::ranges::lower_bound(names, invariant.name) - names.begin();
    const bool speaks = invariant_speaks_[i] &&
                        (invariant.roles.empty() || Contains(invariant.roles, evaluator.role()));
    const bool wanted = invariant.unless ? speaks && !holds(invariant.condition, true)
                                         : holds(invariant.condition, speaks);
    if (wanted != invariants[static_cast<std::size_t>(at)])
      Fail("invariant `" + invariant.name + "` speaks of another request");
  }
}

// Of all rows that hold, none is more restrictive than the one that won.
void CapabilityScan::CompareWinner(const runtime::Decision& decision) const {
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    if (!IsSet(c)) continue;
    const runtime::ColumnView column = matrix_.Column(c);
    if (decision.builtin != runtime::BuiltinRow::kNone) Fail("a row holds, and nothing is decided");
    if (column.verdict > decision.verdict)
      Fail("a row that is more restrictive than the decision holds");
    if (column.verdict != Verdict::kEscalate || decision.verdict != Verdict::kEscalate) continue;
    if (Contains(program_.vocabulary.anchors[column.anchor.value].below, decision.anchor))
      Fail("a higher anchor is asked than the one that was chosen");
  }
}

}  // namespace

std::uint64_t ScanTranslation(const Program& program, const runtime::Table& table,
                              const ScanOptions& options) {
  const Applications applications = ApplyClauses(program);
  std::uint64_t spent = 0;
  DirectEvaluator evaluator(program);
  const SampleDomain domain(program, table);
  const auto count = static_cast<std::uint32_t>(applications.capabilities.size());
  for (std::uint32_t c = 0; c < count; ++c) {
    const Applications::ForCapability& applied = applications.capabilities[c];
    std::vector<RoleId> roles;
    for (const Authority* authority : applied.authorities)
      roles.insert(roles.end(), authority->to.begin(), authority->to.end());
    CapabilityScan scan(program, table, CapabilityId{c}, applied);
    Sampler sampler(domain, table, CapabilityId{c}, std::move(roles));
    const std::uint64_t share =
        options.max_evaluations / count / std::max<std::size_t>(1, applied.clauses.size()) + 1;
    const std::uint64_t requests = std::min<std::uint64_t>(
        {options.max_requests_per_capability, share, std::uint64_t{sampler.visits()} * 4 + 1});
    for (std::uint32_t i = 0; i < requests; ++i) spent += scan.Compare(sampler.Draw(i), evaluator);
  }
  return spent;
}

}  // namespace writ::compiler
