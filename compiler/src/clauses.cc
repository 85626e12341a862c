// Clauses: the same checks wherever they stand. A clause reads what the capabilities it applies to
// have; on an event it decides nothing; and it gets a name that does not depend on the order of
// anything but the clauses of its kind in its own block (docs/semantics.md, M3.4).
#include "authority.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

std::string_view KindInName(ClauseKind kind) {
  switch (kind) {
    case ClauseKind::kRequire:
      return "require";
    case ClauseKind::kRequireEvidence:
      return "evidence";
    case ClauseKind::kDeny:
      return "deny";
    case ClauseKind::kLimit:
      return "limit";
    case ClauseKind::kEscalate:
      return "escalate";
    case ClauseKind::kAllow:
      return "allow";
    case ClauseKind::kOtherwise:
      return "otherwise";
    case ClauseKind::kNote:
      return "note";
    case ClauseKind::kNotify:
      return "notify";
    case ClauseKind::kLet:
      return "let";
    case ClauseKind::kConfirmation:
      return "confirmation";
    case ClauseKind::kCeiling:
      return "ceiling";
    case ClauseKind::kApproval:
      return "approval";
  }
  return "";
}

runtime::Trigger Convert(const std::optional<lang::Trigger>& trigger) {
  if (!trigger) return runtime::Trigger::kNone;
  switch (*trigger) {
    case lang::Trigger::kThreshold:
      return runtime::Trigger::kThreshold;
    case lang::Trigger::kAmbiguity:
      return runtime::Trigger::kAmbiguity;
    case lang::Trigger::kNovelty:
      return runtime::Trigger::kNovelty;
    case lang::Trigger::kConflict:
      return runtime::Trigger::kConflict;
  }
  return runtime::Trigger::kNone;
}

}  // namespace

runtime::Verdict ConvertVerdict(lang::Verdict verdict) {
  switch (verdict) {
    case lang::Verdict::kAllow:
      return runtime::Verdict::kAllow;
    case lang::Verdict::kEscalate:
      return runtime::Verdict::kEscalate;
    case lang::Verdict::kDeny:
      return runtime::Verdict::kDeny;
  }
  return runtime::Verdict::kDeny;
}

void CollectReads(ExprId id, const std::vector<Node>& nodes, const std::vector<CheckedLet>& lets,
                  const Facts& facts, Reads& reads) {
  struct Step {
    ExprId id;
    std::optional<lang::Span> through;
  };  // a let is read where it is named
  std::vector<Step> open = {{id, std::nullopt}};
  std::set<std::uint32_t> entered;
  const auto need = [&](FactId fact, FactId through, lang::Span span) {
    reads.needs.emplace(fact.value, std::pair(through, span));
  };
  while (!open.empty()) {
    const Step step = open.back();
    open.pop_back();
    if (!step.id.valid()) continue;
    const Node& node = nodes[step.id.value];
    const lang::Span span = step.through.value_or(node.span);
    if (node.kind == NodeKind::kFact || node.kind == NodeKind::kIsMissing) {
      reads.facts.emplace(node.fact.value, span);
      for (const FactId fact : facts.needs[node.fact.value]) need(fact, node.fact, span);
    } else if (node.kind == NodeKind::kLet && entered.insert(node.let.value).second) {
      open.push_back({lets[node.let.value].value, span});
    }
    for (const ExprId operand : node.operands) open.push_back({operand, step.through});
  }
}

Reads AuthorityChecker::ReadsOf(ExprId id) const {
  Reads reads;
  CollectReads(id, expr_.nodes, expr_.lets, facts_, reads);
  return reads;
}

bool AuthorityChecker::HasInput(CapabilityId capability, FactId fact) const {
  const Facts::Inputs& inputs = facts_.inputs[capability.value];
  return Contains(inputs.required, fact) || Contains(inputs.optional, fact);
}

bool AuthorityChecker::HasInputs(ExprId condition,
                                 const std::vector<CapabilityId>& capabilities) const {
  if (!condition.valid()) return true;
  const Reads reads = ReadsOf(condition);
  return std::ranges::all_of(reads.needs, [&](const auto& need) {
    return std::ranges::all_of(capabilities,
                               [&](CapabilityId c) { return HasInput(c, FactId{need.first}); });
  });
}

void AuthorityChecker::RequireInputs(ExprId condition,
                                     const std::vector<CapabilityId>& capabilities,
                                     std::string_view what) {
  if (!condition.valid()) return;
  for (const auto& [input, place] : ReadsOf(condition).needs) {
    for (const CapabilityId capability : capabilities) {
      if (HasInput(capability, FactId{input})) continue;
      const std::string& name = facts_.facts[input].name;
      const std::string& through = facts_.fact(place.first).name;
      reporter_.Report(Diagnostic{DiagnosticKind::kLacksInput, place.second,
                                  std::string(what) + " reads `" + name + "`" +
                                      (through == name ? "" : " (through `" + through + "`)") +
                                      ", and `" + deed(capability).name + "` has no such input"}
                           .At(DeedSpan(capability), "declared here")
                           .Hint("name the capabilities that have it, or declare a fact `" + name +
                                 "` from host"));
      break;
    }
  }
}

AnchorId AuthorityChecker::FindAnchor(const lang::Name& name) {
  if (const auto index = words_.names.anchors.Index(name.text)) return AnchorId{*index};
  reporter_.UnknownName("anchor", name, words_.names.anchors.Names());
  return {};
}

RoleId AuthorityChecker::FindRole(const lang::Name& name) {
  if (const auto index = words_.names.roles.Index(name.text)) return RoleId{*index};
  reporter_.UnknownName("role", name, words_.names.roles.Names());
  return {};
}

// A local name must not hide another one: whoever reads a clause should not have to ask which is
// meant.
void AuthorityChecker::CheckLocalLets(const std::vector<const lang::Let*>& trees,
                                      const LocalLets* outer) {
  std::map<std::string_view, lang::Span> seen;
  for (const lang::Let* let : trees) {
    const std::string_view name = let->name.text;
    std::optional<lang::Span> first;
    if (const auto at = seen.find(name); at != seen.end()) first = at->second;
    for (const LocalLets* locals = outer; locals && !first; locals = locals->parent) {
      if (const auto at = locals->lets.find(name); at != locals->lets.end())
        first = expr_.lets[at->second.value].span;
    }
    if (const auto* threshold = words_.names.thresholds.Find(name); threshold && !first)
      first = threshold->span;
    if (const auto fact = facts_.Find(name); fact && !first) first = facts_.spans[fact->value];
    seen.emplace(name, let->name.span);
    if (!first) continue;
    reporter_.Report(Diagnostic{DiagnosticKind::kDuplicateName, let->name.span,
                                "`" + std::string(name) + "` is declared twice"}
                         .At(*first, "first declared here"));
  }
}

void AuthorityChecker::AddBlock(const Block& block, const std::vector<lang::Clause>& trees,
                                LocalLets& locals, std::vector<Clause>& out) {
  std::vector<const lang::Let*> lets;
  for (const lang::Clause& tree : trees) {
    if (tree.kind != ClauseKind::kLet || !tree.let) continue;
    lets.push_back(&*tree.let);
    if (IsStrict(block.policy)) RefuseBareNumbers(tree.let->value);
  }
  locals.parent = block.outer;
  CheckLocalLets(lets, block.outer);
  expr_.AddLets(lets, Scope{.policy = block.policy, .locals = &locals}, locals);
  std::array<std::uint32_t, 13> numbers{};
  for (const lang::Clause& tree : trees) {
    if (tree.kind == ClauseKind::kLet) continue;
    CheckKind(block, tree);
    if (!CountPlacements(block, tree)) return;
    const std::size_t kind = block.kind.empty() ? static_cast<std::size_t>(tree.kind) : 0;
    if (tree.kind == ClauseKind::kApproval) {
      AddStages(block, tree, ++numbers[kind], out);
    } else {
      out.push_back(CheckClause(block, tree, locals, ++numbers[kind]));
    }
  }
}

// Each clause keeps the capabilities that it applies to; clauses for very many of them would fill
// the memory.
bool AuthorityChecker::CountPlacements(const Block& block, const lang::Clause& tree) {
  constexpr std::size_t kMaxPlacements = 20'000'000;
  const bool fitted = placements_ <= kMaxPlacements;
  placements_ += block.capabilities->size();
  if (placements_ <= kMaxPlacements) return true;
  if (fitted) {
    reporter_.Report(Diagnostic{DiagnosticKind::kTooLarge, tree.span,
                                "clauses and the capabilities that they apply to make more than " +
                                    std::to_string(kMaxPlacements) + " pairs"});
  }
  return false;
}

ClauseKind AuthorityChecker::KindIn(const Block& block, const lang::Clause& tree) {
  const bool note = block.notes && tree.kind == ClauseKind::kDeny && !tree.else_deny;
  return note ? ClauseKind::kNote : tree.kind;
}

void AuthorityChecker::CheckKind(const Block& block, const lang::Clause& tree) {
  const ClauseKind kind = KindIn(block, tree);
  if (kind == ClauseKind::kNote || kind == ClauseKind::kNotify) return;
  if (tree.kind == ClauseKind::kCeiling && block.guard) {
    reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.span,
                                "a ceiling bounds what a delegation hands on, and a guard hands "
                                "nothing on"}
                         .Hint("write `require …`"));
  }
  if (block.guard && (tree.kind == ClauseKind::kAllow || tree.kind == ClauseKind::kOtherwise)) {
    reporter_.Report(Diagnostic{
        DiagnosticKind::kGuardAllows, tree.span,
        "guard `" + block.guard->name.text + "` cannot permit anything: guards only restrict"}
                         .Hint("move this clause into the delegation that it is about"));
  }
  for (const CapabilityId id : *block.capabilities) {
    if (deed(id).kind != CapabilityKind::kEvent) continue;
    reporter_.Report(
        Diagnostic{DiagnosticKind::kEventDecides, tree.span,
                   "nobody asks for event `" + deed(id).name + "`, so nothing can be decided on it"}
            .At(DeedSpan(id), "declared here")
            .Hint(!block.word   ? "write `note when …` or `notify ANCHOR when …`"
                  : block.notes ? "write `else note` or `else notify ANCHOR`"
                                : "name events and capabilities apart"));
    return;
  }
}

Clause AuthorityChecker::CheckClause(const Block& block, const lang::Clause& tree,
                                     const LocalLets& locals, std::uint32_t number) {
  Clause clause;
  clause.kind = KindIn(block, tree);
  clause.else_deny = tree.else_deny;
  clause.otherwise = ConvertVerdict(tree.otherwise);
  clause.trigger = Convert(tree.trigger);
  clause.capabilities =
      tree.kind == ClauseKind::kCeiling && block.ceilings ? *block.ceilings : *block.capabilities;
  clause.block = block.name;
  clause.span = tree.span;
  clause.id = AddTableClause(block, tree, std::to_string(number), clause.has_own_reason);
  if (tree.anchor) clause.anchor = FindAnchor(*tree.anchor);
  if (tree.kind == ClauseKind::kRequireEvidence) CheckEvidenceClause(block, tree, clause);
  if (tree.party) {
    const RoleId party = FindRole(*tree.party);
    if (party.valid() && people_.roles[party.value].kind != RoleKind::kParty) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kWrongKind, tree.party->span,
                     "only an outside party confirms, and `" + tree.party->text + "` is none"}
              .At(words_.names.roles[party.value].span, "declared here")
              .Hint("what a person of the house decides is an escalation"));
    }
    clause.condition = expr_.Confirmation(*tree.party);
  }
  if (tree.condition) {
    if (IsStrict(block.policy)) RefuseBareNumbers(*tree.condition);
    conditional_.emplace(clause.id.value, &*tree.condition);
    clause.condition =
        expr_.Condition(*tree.condition, Scope{.policy = block.policy, .locals = &locals});
    RequireInputs(clause.condition, clause.capabilities, "this clause");
    if (tree.kind == ClauseKind::kLimit) CheckSums(clause);
  }
  return clause;
}

void AuthorityChecker::CheckEvidenceClause(const Block& block, const lang::Clause& tree,
                                           Clause& clause) {
  for (const lang::Name& name : tree.evidence) {
    const auto index = words_.names.evidence.Index(name.text);
    if (!index) {
      reporter_.UnknownName("evidence", name, words_.names.evidence.Names());
      continue;
    }
    clause.evidence.push_back(EvidenceId{*index});
    expr_.used_evidence[*index] = true;
    for (const FactId input : facts_.evidence_needs[*index]) {
      const auto lacking = std::ranges::find_if(
          *block.capabilities, [&](CapabilityId id) { return !HasInput(id, input); });
      if (lacking == block.capabilities->end()) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kLacksInput, name.span,
                                  "evidence `" + name.text + "` is about `" +
                                      facts_.fact(input).name + "`, and `" + deed(*lacking).name +
                                      "` has no such input"}
                           .At(DeedSpan(*lacking), "declared here")
                           .Hint("name the capabilities that have it, or declare a fact `" +
                                 facts_.fact(input).name + "` from host"));
    }
  }
}

bool AuthorityChecker::IsStrict(std::uint32_t policy) const {
  return words_.house.options.strict || words_.house.policies[policy]->strict;
}

// M22. The parser bounds the depth.
void AuthorityChecker::RefuseBareNumbers(const lang::Expr& expr) {
  using lang::LiteralKind;
  const auto written = [](const lang::Literal& literal) {
    return literal.kind != LiteralKind::kBool && literal.kind != LiteralKind::kText &&
           literal.span.end > literal.span.begin;  // else it is part of a larger word
  };
  if (expr.literal && written(*expr.literal)) {
    reporter_.Report(Diagnostic{DiagnosticKind::kBareNumber, expr.span,
                                "a number that decides has a name, and this one has none"}
                         .Hint("write `threshold NAME = " +
                               OneLine(words_.house.sources.Text(expr.literal->span)) +
                               "`, and NAME here"));
  }
  for (const lang::Expr& operand : expr.operands) RefuseBareNumbers(operand);
}

void AuthorityChecker::CheckSums(const Clause& clause) {
  if (!clause.condition.valid()) return;
  for (const auto& [fact, span] : ReadsOf(clause.condition).facts) {
    const MeterId id = facts_.facts[fact].meter;
    if (!id.valid()) continue;
    const table::Meter& meter = facts_.meters[id.value];
    if (meter.fold != Fold::kSum || meter.including_this) continue;
    const auto counted = std::ranges::find_if(clause.capabilities, [&](CapabilityId c) {
      return std::ranges::find(meter.targets, c) != meter.targets.end();
    });
    if (counted == clause.capabilities.end()) continue;
    reporter_.Report(Diagnostic{DiagnosticKind::kSumWithoutThis, span,
                                "`" + meter.name + "` leaves out the present `" +
                                    deed(*counted).name + "`, which can exceed the limit"}
                         .At(facts_.spans[fact], "declared here")
                         .Hint("add `including this` to the meter"));
  }
}

ClauseId AuthorityChecker::AddTableClause(const Block& block, const lang::Clause& tree,
                                          const std::string& number, bool& own_reason) {
  const lang::SourceSet& sources = words_.house.sources;
  table::Clause clause;
  clause.name = out_.owners[block.owner.value].name + "/" + std::string(block.name) + "/" +
                std::string(block.kind.empty() ? KindInName(tree.kind) : block.kind) + "." + number;
  clause.words = OneLine(sources.Text(tree.span));
  if (block.word) clause.words = block.word->prefix + clause.words;
  own_reason = tree.reason.has_value();
  if (tree.reason)
    clause.reason = tree.reason->text;
  else if (block.guard && block.guard->reason)
    clause.reason = block.guard->reason->text;
  else if (block.word && block.word->reason)
    clause.reason = block.word->reason->text;
  clause.file = BaseName(sources.Path(lang::FileId{tree.span.file}));
  clause.line = sources.LineColumn(tree.span).line;
  clause.authority = block.owner;
  clause.trigger = Convert(tree.trigger);
  out_.clauses.push_back(std::move(clause));
  return ClauseId{static_cast<std::uint32_t>(out_.clauses.size() - 1)};
}

void AuthorityChecker::SortClauses() {
  std::vector<std::uint32_t> order(out_.clauses.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  // No two names are equal, unless a duplicate was reported.
  std::ranges::sort(order, {}, [&](std::uint32_t i) {
    return std::tuple(std::string_view(out_.clauses[i].name), i);
  });
  std::vector<table::Clause> sorted;
  std::vector<ClauseId> renamed(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    renamed[order[i]] = ClauseId{i};
    sorted.push_back(std::move(out_.clauses[order[i]]));
  }
  out_.clauses = std::move(sorted);
  const auto rename = [&](std::vector<Clause>& clauses) {
    for (Clause& clause : clauses) clause.id = renamed[clause.id.value];
  };
  for (Authority& authority : out_.authorities) rename(authority.clauses);
  for (Guard& guard : out_.guards) rename(guard.clauses);
}

}  // namespace writ::compiler::check
