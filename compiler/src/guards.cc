// Guards: clauses that hold whatever a delegation says. Which capabilities one selects is settled
// here: `where` reads only what a capability declares about itself, so it is evaluated once for
// each. An assumption is a guard as well, and so are the rows of a larger word.
#include "authority.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

void AuthorityChecker::AddGuard(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Guard& tree = *owner.guard;
  const std::vector<CapabilityId> selected = Select(tree, owner.policy);
  Guard guard;
  guard.id = id;
  guard.span = tree.span;
  LocalLets locals;
  AddBlock({.owner = id,
            .policy = owner.policy,
            .name = "*",
            .capabilities = &selected,
            .guard = &tree,
            .outer = &expr_.global},
           tree.clauses, locals, guard.clauses);
  out_.table[id.value].kind = AuthorityKind::kGuard;
  out_.guards.push_back(std::move(guard));
}

// One clause for all capabilities that have the inputs it reads (docs/semantics.md, M17).
void AuthorityChecker::AddAssumption(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Assume& tree = *owner.assume;
  Guard guard;
  guard.id = id;
  guard.span = tree.span;
  guard.assumption = true;
  Clause clause;
  clause.kind = ClauseKind::kDeny;
  clause.block = "*";
  clause.assumption = true;
  clause.span = tree.span;
  clause.condition =
      expr_.Condition(tree.condition, Scope{.policy = owner.policy, .locals = &expr_.global});
  clause.has_own_reason = tree.reason.has_value();
  if (IsStrict(owner.policy)) RefuseBareNumbers(tree.condition);
  std::vector<FactId> inputs;
  if (clause.condition.valid()) {
    for (const auto& [input, place] : ReadsOf(clause.condition).needs)
      inputs.push_back(FactId{input});
  }
  for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
    const CapabilityId capability{i};
    if (deed(capability).kind != CapabilityKind::kEvent &&
        std::ranges::all_of(inputs, [&](FactId input) { return HasInput(capability, input); }))
      clause.capabilities.push_back(capability);
  }
  const lang::SourceSet& sources = words_.house.sources;
  out_.clauses.push_back({.name = owner.name + "/*/assume.1",
                          .words = OneLine(sources.Text(tree.span)),
                          .reason = tree.reason ? tree.reason->text : std::string(),
                          .file = BaseName(sources.Path(lang::FileId{tree.span.file})),
                          .line = sources.LineColumn(tree.span).line,
                          .authority = id});
  clause.id = ClauseId{static_cast<std::uint32_t>(out_.clauses.size() - 1)};
  guard.clauses.push_back(std::move(clause));
  out_.table[id.value].kind = AuthorityKind::kGuard;
  out_.guards.push_back(std::move(guard));
}

// A larger word has a block of clauses for each of the names that it is about.
void AuthorityChecker::AddWord(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const ExpandedWord& word = *owner.word;
  Guard guard;
  guard.id = id;
  guard.span = word.span;
  std::vector<std::vector<CapabilityId>> targets;
  for (const ExpandedBlock& block : word.blocks) {
    targets.push_back(
        FindAllDeeds(block.targets, words_.names, deeds_, "capability, event or group", reporter_));
    const bool events = std::ranges::all_of(targets.back(), [&](CapabilityId target) {
      return deed(target).kind == CapabilityKind::kEvent;
    });
    LocalLets locals;
    AddBlock({.owner = id,
              .policy = owner.policy,
              .name = block.name,
              .capabilities = &targets.back(),
              .outer = &expr_.global,
              .word = &word,
              .kind = block.kind,
              .notes = events},
             block.clauses, locals, guard.clauses);
  }
  if (word.sides) CheckSides(word, targets);
  out_.table[id.value].kind = AuthorityKind::kGuard;
  out_.guards.push_back(std::move(guard));
}

// Whoever did something on two sides could never do it again.
void AuthorityChecker::CheckSides(const ExpandedWord& word,
                                  const std::vector<std::vector<CapabilityId>>& sides) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto both = std::ranges::find_if(
          sides[i], [&](CapabilityId capability) { return Contains(sides[j], capability); });
      if (both == sides[i].end()) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kOverlappingSides,
                                  word.blocks[i].targets.front().span,
                                  "`" + deed(*both).name +
                                      "` is on two sides: it would have to be kept "
                                      "separate from itself"}
                           .At(word.blocks[j].targets.front().span, "the other side")
                           .Hint("name each capability on one side"));
      return;
    }
  }
}

// Cases that are dated earlier (docs/semantics.md, M10.1).
void AuthorityChecker::AddCaseStart(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Policy& policy = *owner.since;
  const lang::Span span = policy.effective->span;
  const auto date = ReadInstant(*policy.effective, words_.Zone(owner.policy), reporter_);
  AddBound(id, expr_.DatedBefore("first(" + policy.cases_since->text + ")", date.value_or(0), span),
           span,
           "effective " + policy.effective->text + " for cases since " + policy.cases_since->text,
           "the case began before the policy took effect");
}

// Requests of anybody else, or of nobody (docs/semantics.md, M23.6).
void AuthorityChecker::AddTenant(AuthorityId id) {
  const lang::Text& tenant = *out_.owners[id.value].tenant->tenant;
  AddBound(id, expr_.IsOtherThan("tenant", tenant), tenant.span, "tenant \"" + tenant.text + "\"",
           "the policy is another tenant's");
}

void AuthorityChecker::AddBound(AuthorityId id, ExprId condition, lang::Span span,
                                std::string words, std::string reason) {
  const lang::SourceSet& sources = words_.house.sources;
  Guard guard;
  guard.id = id;
  guard.span = span;
  guard.assumption = true;
  Clause clause;
  clause.kind = ClauseKind::kDeny;
  clause.block = "*";
  clause.assumption = true;
  clause.has_own_reason = true;
  clause.span = span;
  clause.condition = condition;
  for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
    if (deeds_.capabilities[i].kind != CapabilityKind::kEvent)
      clause.capabilities.push_back(CapabilityId{i});
  }
  out_.clauses.push_back({.name = out_.owners[id.value].name,
                          .words = std::move(words),
                          .reason = std::move(reason),
                          .file = BaseName(sources.Path(lang::FileId{span.file})),
                          .line = sources.LineColumn(span).line,
                          .authority = id});
  clause.id = ClauseId{static_cast<std::uint32_t>(out_.clauses.size() - 1)};
  guard.clauses.push_back(std::move(clause));
  out_.table[id.value].kind = AuthorityKind::kPolicy;
  out_.guards.push_back(std::move(guard));
}

std::vector<CapabilityId> AuthorityChecker::Select(const lang::Guard& tree, std::uint32_t policy) {
  if (!tree.every && !tree.where) {
    if (tree.capabilities.empty()) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                     "guard `" + tree.name.text + "` does not say what it is for"}
              .Hint("write `for every capability`, `for capability where …`, or `for NAME, NAME`"));
    }
    return FindAllDeeds(tree.capabilities, words_.names, deeds_, "capability, event or group",
                        reporter_);
  }
  ExprId where;
  if (tree.where) {
    where = expr_.Condition(*tree.where, Scope{.policy = policy, .asks = Asks::kOnlyAttributes});
    if (!where.valid()) return {};
  }
  std::vector<CapabilityId> selected;
  for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
    if (deeds_.capabilities[i].kind == CapabilityKind::kEvent) continue;
    if (!where.valid() || Holds(where, CapabilityId{i})) selected.push_back(CapabilityId{i});
  }
  if (selected.empty() && !deeds_.capabilities.empty()) {
    reporter_.Report(Diagnostic{DiagnosticKind::kUnused,
                                tree.where ? tree.where->span : tree.name.span,
                                "guard `" + tree.name.text + "` selects no capability"});
  }
  return selected;
}

bool AuthorityChecker::Holds(ExprId where, CapabilityId capability) const {
  const Node& node = expr_.nodes[where.value];
  const auto holds = [&](ExprId operand) { return Holds(operand, capability); };
  switch (node.kind) {
    case NodeKind::kBool:
      return node.number != 0;
    case NodeKind::kAnd:
      return std::ranges::all_of(node.operands, holds);
    case NodeKind::kOr:
      return std::ranges::any_of(node.operands, holds);
    case NodeKind::kNot:
      return !holds(node.operands[0]);
    case NodeKind::kCapabilityIn:
      return Contains(node.capabilities, capability);
    default:
      return false;  // nothing else can be written where only words of the capability are read
  }
}

}  // namespace writ::compiler::check
