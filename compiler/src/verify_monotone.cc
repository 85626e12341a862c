// What gets worse never loosens (M21): along each pressure and along the mode, a higher value never
// gives a less restrictive decision. Where every row that restricts goes on to hold at the higher
// value, there is nothing to ask. Else each pair of values becomes a table in which one request is
// decided at the lower value, and the rows at the higher one stand beside it as notes.
//
// The order is that of M3.1, and what nothing decides counts as denied. An escalation to an anchor
// that has no rank beside the other is not at least as restrictive: `above` says which is. So the
// order goes on from value to value, and neighbours are enough to ask. Entry point: CheckMonotone.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rank.h"
#include "verify.h"
#include "verify_product.h"
#include "writ/table/write.h"

namespace writ::compiler {

using analysis::Answer;
using analysis::ColumnSet;
using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// Verdict, and anchor of an escalation: one degree of restriction.
struct Level {
  Verdict verdict = Verdict::kDeny;
  AnchorId anchor;
  friend bool operator==(const Level&, const Level&) = default;
};

Level LevelOf(Verdict verdict, AnchorId anchor) {
  return {verdict, verdict == Verdict::kEscalate ? anchor : AnchorId{}};
}

// What all questions of a run share.
struct MonotoneRun {
  VerifyContext& context;
  std::optional<table::Model> base;  // the vocabulary, with empty matrices; made when needed
  std::set<std::pair<std::uint32_t, std::uint32_t>> reported;  // clauses at the two values
};

// One fact in one capability.
class MonotoneCheck {
 public:
  MonotoneCheck(MonotoneRun& run, CapabilityId capability, FactId fact)
      : run_(run),
        context_(run.context),
        capability_(capability),
        fact_(fact),
        values_(static_cast<std::uint32_t>(context_.model.facts[fact.value].values.size())),
        use_(context_.model, context_.model.matrices[capability.value], fact, values_) {}

  void Run();

 private:
  const table::Column& Column(std::uint32_t c) const { return use_.matrix().columns[c]; }
  Level LevelAt(std::uint32_t c) const { return LevelOf(Column(c).verdict, Column(c).anchor); }
  bool Looser(const Level& a, const Level& b) const;
  bool MayBeOpen() const;
  std::vector<bool> Suspects(std::uint32_t low, std::uint32_t high) const;
  bool CheckPair(std::uint32_t low, std::uint32_t high);
  bool AskLevel(const analysis::Space& space, const std::vector<bool>* suspects, const Level& level,
                std::uint32_t low, std::uint32_t high);
  bool Settled(const Answer& answer, std::uint32_t low, std::uint32_t high);
  bool Report(analysis::Witness witness, std::uint32_t low, std::uint32_t high);
  bool Unproved(const std::string& why);
  std::string ValueName(std::uint32_t v) const {
    return context_.model.facts[fact_.value].values[v];
  }
  runtime::Decision DecideAt(analysis::Witness& witness, std::uint32_t v) const;

  MonotoneRun& run_;
  VerifyContext& context_;
  CapabilityId capability_;
  FactId fact_;
  std::uint32_t values_;
  FactUse use_;
  std::vector<std::uint32_t> origin_;  // by column of the product
};

// `a` is not at least as restrictive as `b`.
bool MonotoneCheck::Looser(const Level& a, const Level& b) const {
  if (a.verdict != b.verdict) return a.verdict < b.verdict;
  return a.verdict == Verdict::kEscalate &&
         !AtLeastAsHigh(context_.model.anchors, a.anchor, b.anchor);
}

// Under some delegation a request may be left undecided, and so denied.
bool MonotoneCheck::MayBeOpen() const {
  const auto& applications = context_.applications.capabilities[capability_.value];
  return std::ranges::any_of(applications.authorities, [&](const Authority* authority) {
    return MayHaveGap(*authority, capability_, applications.clauses);
  });
}

// Columns that may decide at `low` and be gone at `high`: those that the higher value does not
// admit, and each `otherwise` where an `allow when` comes up. Whatever else decides at `low` still
// holds at `high`. None: proved.
std::vector<bool> MonotoneCheck::Suspects(std::uint32_t low, std::uint32_t high) const {
  bool lifted = false;
  for (std::uint32_t c = 0; c < use_.decision_count(); ++c) {
    const Admission& a = use_.admissions()[c];
    lifted |= (Column(c).flags & kColumnAllowWhen) != 0 && a.possible[high] && !a.always[low];
  }
  std::vector<bool> suspects(use_.decision_count(), false);
  for (std::uint32_t c = 0; c < use_.decision_count(); ++c) {
    if (Column(c).verdict == Verdict::kAllow) continue;
    const Admission& a = use_.admissions()[c];
    const bool goes = a.possible[low] && !a.always[high];
    suspects[c] = goes || (lifted && (Column(c).flags & kColumnOtherwise) != 0);
  }
  return suspects;
}

void MonotoneCheck::Run() {
  if (!use_.Reads()) return;
  for (std::uint32_t low = 0; low + 1 < values_; ++low)
    if (CheckPair(low, low + 1)) return;
}

// True: something was reported, and more of the same fact and capability would not help.
bool MonotoneCheck::CheckPair(std::uint32_t low, std::uint32_t high) {
  if (!context_.budget.Spend(1 + use_.decision_count() / 64))
    return Unproved("the budget of " + std::to_string(context_.budget.limit) + " steps ran out");
  const std::vector<bool> suspects = Suspects(low, high);
  const bool open = MayBeOpen();
  if (!open && std::ranges::find(suspects, true) == suspects.end()) return false;
  if (!run_.base) {
    run_.base = context_.model;
    run_.base->matrices.assign(run_.base->matrices.size(), {});
  }
  table::Matrix& matrix = run_.base->matrices[capability_.value];
  matrix = use_.Product(low, high, origin_);
  const auto written = table::WriteAndOpen(*run_.base);
  matrix = {};
  if (!written) return Unproved(written.error().what);
  context_.budget.Spend(origin_.size());
  const analysis::Space space(written->table, capability_);
  std::vector<Level> asked;
  for (std::uint32_t c = 0; c < suspects.size(); ++c) {
    if (!suspects[c] || std::ranges::find(asked, LevelAt(c)) != asked.end()) continue;
    asked.push_back(LevelAt(c));
    if (AskLevel(space, &suspects, LevelAt(c), low, high)) return true;
  }
  return open && AskLevel(space, nullptr, Level{}, low, high);
}

// Decided at this level by a suspect, or by nothing where none are given; and at the higher value
// something looser holds, and nothing that is not, or only an `otherwise` that an `allow when`
// switches off.
bool MonotoneCheck::AskLevel(const analysis::Space& space, const std::vector<bool>* suspects,
                             const Level& level, std::uint32_t low, std::uint32_t high) {
  const ColumnSet none = space.NoColumns();
  ColumnSet winner = none, looser = none, strict = none, strict_otherwise = none, allow_when = none;
  for (std::uint32_t i = 0; i < origin_.size(); ++i) {
    const std::uint32_t c = origin_[i];
    if (i < space.decision_column_count()) {
      if (!suspects || ((*suspects)[c] && LevelAt(c) == level)) winner.Add(i);
      continue;
    }
    const std::uint8_t flags = Column(c).flags;
    if ((flags & kColumnAllowWhen) != 0) allow_when.Add(i);
    if (Looser(LevelAt(c), level)) {
      looser.Add(i);
    } else {
      ((flags & kColumnOtherwise) != 0 ? strict_otherwise : strict).Add(i);
    }
  }
  if (suspects && winner.Empty()) return false;
  const auto ask = [&](const ColumnSet& holds, const ColumnSet& none_of) {
    if (holds.Empty()) return false;
    analysis::Where where;
    where.holds = {holds};
    where.none_of = none_of;
    if (suspects) where.winner = winner;
    if (!suspects) *where.none_of |= winner;
    return Settled(analysis::FindWhere(space, where, context_.budget), low, high);
  };
  if (!strict_otherwise.Empty() && ask(allow_when, strict)) return true;
  strict |= strict_otherwise;
  return ask(looser, strict);
}

bool MonotoneCheck::Settled(const Answer& answer, std::uint32_t low, std::uint32_t high) {
  switch (answer.outcome) {
    case Outcome::kNone:
      return false;
    case Outcome::kFound:
      return Report(*answer.witness, low, high);
    case Outcome::kUnknown:
      break;
  }
  return Unproved(answer.why);
}

bool MonotoneCheck::Unproved(const std::string& why) {
  ReportUnproved(context_, context_.program.capability_spans[capability_.value],
                 Quoted(context_.model.capabilities[capability_.value].name) +
                     " becomes less strict as " + Quoted(context_.model.facts[fact_.value].name) +
                     " rises",
                 why);
  return true;
}

runtime::Decision MonotoneCheck::DecideAt(analysis::Witness& witness, std::uint32_t v) const {
  witness.values[fact_.value] = {runtime::ValueKind::kNumber, v, "", {}};
  return runtime::Decide(context_.table, nullptr, analysis::WitnessRequest(witness).request());
}

bool MonotoneCheck::Report(analysis::Witness witness, std::uint32_t low, std::uint32_t high) {
  const runtime::Decision before = DecideAt(witness, low), after = DecideAt(witness, high);
  if (!Looser(LevelOf(after.verdict, after.anchor), LevelOf(before.verdict, before.anchor)))
    return Unproved("the runtime decides the request that was found otherwise");
  if (!run_.reported.emplace(before.clause.value, after.clause.value).second) return true;
  const std::string fact = Quoted(context_.model.facts[fact_.value].name);
  const auto author = [&](ClauseId id) {
    return id.value < context_.clause_of.size() ? context_.clause_of[id.value] : nullptr;
  };
  const Clause* blamed = author(before.clause) ? author(before.clause) : author(after.clause);
  Diagnostic diagnostic{
      DiagnosticKind::kLooserUnderPressure,
      blamed ? blamed->span : context_.program.capability_spans[capability_.value],
      Quoted(context_.model.capabilities[capability_.value].name) + " becomes less strict as " +
          fact + " rises from " + Quoted(ValueName(low)) + " to " + Quoted(ValueName(high))};
  const auto describe = [&](const runtime::Decision& decision) {
    return analysis::DescribeDecision(context_.table, decision);
  };
  for (const auto& [v, decision] : {std::pair{low, before}, std::pair{high, after}})
    diagnostic.notes.push_back("at " + Quoted(ValueName(v)) + ": " + describe(decision) + ", " +
                               DecidedBy(context_, decision));
  if (const Clause* clause = author(after.clause); clause && clause != blamed)
    diagnostic.labels.push_back({clause->span, "decides at " + Quoted(ValueName(high))});
  diagnostic.hints.push_back("let what restricts at " + Quoted(ValueName(low)) +
                             " hold for all that is worse, for example with `>= " + ValueName(low) +
                             "`; let what allows name the better values, with `<=`");
  const std::string request = analysis::Describe(context_.table, witness);
  const std::string& name = context_.model.facts[fact_.value].name;
  diagnostic.witness = (request.empty() ? "any request" : request) + "; with " + name + " = " +
                       ValueName(low) + ": " + describe(before) + "; with " + name + " = " +
                       ValueName(high) + ": " + describe(after);
  context_.sink.Report(std::move(diagnostic));
  return true;
}

// Each pressure, the mode that the header gives, and the class of what is sent.
bool GetsWorse(const table::Fact& fact) {
  return fact.type == ValueType::kEnum && fact.ordered &&
         (fact.name.starts_with("pressure.") || fact.name == "content.class" ||
          (fact.name == "mode" && fact.source == Source::kHeader));
}

}  // namespace

void CheckMonotone(VerifyContext& context) {
  std::vector<FactId> facts;
  for (std::uint32_t f = 0; f < context.model.facts.size(); ++f)
    if (GetsWorse(context.model.facts[f])) facts.push_back(FactId{f});
  if (facts.empty()) return;
  MonotoneRun run{context, std::nullopt, {}};
  for (std::uint32_t c = 0; c < context.model.matrices.size(); ++c) {
    if (context.model.capabilities[c].kind == CapabilityKind::kEvent) continue;
    for (const FactId fact : facts) MonotoneCheck(run, CapabilityId{c}, fact).Run();
  }
}

}  // namespace writ::compiler
