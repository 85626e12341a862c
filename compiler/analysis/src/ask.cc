// The conditions stand beside the table's rows in one joined matrix, as notes. Entry point:
// AskTable.
#include "writ/analysis/ask.h"

#include <array>
#include <utility>

#include "join.h"
#include "writ/analysis/relation.h"
#include "writ/analysis/space.h"
#include "writ/analysis/witness.h"
#include "writ/table/write.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kConditions = 0, kTable = 1;  // the newer side's words count

struct Pending {
  CapabilityId id;
  JoinedMatrix matrix;
};

Restriction ValidHeader(const Table& joined) {
  Restriction restriction;
  const FactId header = joined.FindFact("header");
  if (header.valid()) restriction.facts.push_back({.fact = header, .low = 0, .high = 0});
  return restriction;
}

AskedCapability Ask(const Table& joined, const Pending& one, const std::vector<Verdict>& verdicts,
                    Budget& budget) {
  AskedCapability asked;
  asked.capability = joined.Capability(one.id).name;
  asked.outcome = Outcome::kNone;
  const Space space(joined, one.id, ValidHeader(joined));
  ColumnSet condition = space.NoColumns();
  for (std::uint32_t c = one.matrix.decisions; c < one.matrix.columns.size(); ++c)
    if (one.matrix.columns[c].own[kConditions] != kNoIndex) condition.Add(c);
  for (const Verdict verdict : verdicts) {
    Where where;
    where.holds = {condition};
    // What nothing decides is denied as well. So is what is assumed not to occur, which refutes
    // nothing (M17), as in FindInvariantBreach.
    if (verdict == Verdict::kDeny) {
      where.none_of = space.AssumptionColumns();
      where.not_winner = space.ColumnsWith(Verdict::kAllow);
      *where.not_winner |= space.ColumnsWith(Verdict::kEscalate);
    } else {
      where.winner = space.ColumnsWith(verdict);
    }
    const Answer answer = FindWhere(space, where, budget);
    if (answer.outcome == Outcome::kNone) continue;
    asked.outcome = answer.outcome;
    asked.why = answer.why;
    if (answer.outcome == Outcome::kUnknown) continue;
    const std::string request = Describe(joined, *answer.witness);
    asked.request = request.empty() ? "any request" : request;
    asked.decision = DescribeDecision(joined, answer.witness->decision);
    return asked;
  }
  return asked;
}

AskedCapability Ask(const Table& joined, std::uint32_t relation, Budget& budget) {
  const RelationView view = joined.Relation(relation);
  const RelationAnswer answer = FindRelationBreach(joined, view, budget);
  AskedCapability asked;
  for (std::size_t side = 0; side < kSides; ++side) {
    const std::string_view name = joined.Capability(view.capability[side]).name;
    if (name != asked.capability) asked.capability += (side == 0 ? "" : ", ") + std::string(name);
  }
  asked.outcome = answer.outcome;
  asked.why = answer.why;
  if (!answer.breach) return asked;
  asked.request = answer.breach->shared.empty() ? "any request" : answer.breach->shared;
  for (std::size_t side = 0; side < kSides; ++side)
    asked.decision += (side == 0 ? "" : "; ") + SideText(joined, view, *answer.breach, side);
  return asked;
}

// The relations of the conditions, in the numbers of the joined model.
std::vector<table::Relation> JoinRelations(const Table& conditions, const SideNumbers& numbers) {
  std::vector<table::Relation> relations;
  for (std::uint32_t i = 0; i < conditions.relation_count(); ++i) {
    const RelationView view = conditions.Relation(i);
    table::Relation& joined = relations.emplace_back();
    joined.invariant = view.invariant;
    joined.kind = view.kind;
    joined.verdict = view.verdict;
    joined.falling = view.falling;
    for (std::size_t side = 0; side < kSides; ++side)
      joined.capability[side] = numbers.capability[view.capability[side].value];
    if (view.fact.valid()) joined.fact = numbers.fact[view.fact.value];
  }
  return relations;
}

}  // namespace

std::vector<AskedCapability> AskTable(const Table& table, const Table& conditions,
                                      const std::vector<Verdict>& verdicts, Budget& budget) {
  const std::array<const Table*, kSides> tables = {&conditions, &table};
  JoinedVocabulary vocabulary = JoinVocabularies(tables, JoinMode::kConditions);
  vocabulary.model.relations = JoinRelations(conditions, vocabulary.side[kConditions]);
  const bool related = !vocabulary.model.relations.empty();
  std::vector<Pending> pending;
  for (std::uint32_t c = 0; c < vocabulary.model.capabilities.size(); ++c) {
    const std::string& name = vocabulary.model.capabilities[c].name;
    const std::array<CapabilityId, kSides> own = {conditions.FindCapability(name),
                                                  table.FindCapability(name)};
    if (!own[kConditions].valid() || !own[kTable].valid()) continue;
    Pending one{CapabilityId{c}, JoinMatrices(vocabulary, tables, own, JoinMode::kConditions)};
    if (one.matrix.columns.size() == one.matrix.decisions && !related) continue;  // not asked about
    vocabulary.model.matrices[c] = one.matrix.matrix;
    pending.push_back(std::move(one));
  }
  std::vector<AskedCapability> answers;
  const auto joined = table::WriteAndOpen(vocabulary.model);
  if (!joined) {
    for (const Pending& one : pending)
      answers.push_back({vocabulary.model.capabilities[one.id.value].name, Outcome::kUnknown, "",
                         "", joined.error().what});
    return answers;
  }
  for (std::uint32_t i = 0; i < joined->table.relation_count(); ++i)
    answers.push_back(Ask(joined->table, i, budget));
  if (related) return answers;
  for (const Pending& one : pending) answers.push_back(Ask(joined->table, one, verdicts, budget));
  return answers;
}

}  // namespace writ::analysis
