// `hook`, `checkpoint` and `compaction`: what comes between the steps of a run, and takes away at
// most (docs/semantics.md, M49 to M51).
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::HookThen;

namespace {

std::vector<lang::Name> AllThatAct(const HouseIndex& index, lang::Span at) {
  std::vector<lang::Name> acts;
  for (const auto& [name, capability] : index.capabilities) {
    if (capability->kind == lang::CapabilityKind::kAct && !capability->hands_over_to)
      acts.push_back({capability->name.text, at});
  }
  return acts;
}

ClauseKind KindOf(HookThen then) {
  switch (then) {
    case HookThen::kEscalate:
      return ClauseKind::kEscalate;
    case HookThen::kNotify:
      return ClauseKind::kNotify;
    case HookThen::kNote:
      return ClauseKind::kNote;
    default:
      return ClauseKind::kDeny;
  }
}

// False where nothing could be made of it.
bool IsWholeHook(const lang::Hook& tree, ExpandContext& context) {
  const std::string lacks = !tree.runs             ? "what it runs"
                            : !tree.passes         ? "how it lets something pass"
                            : tree.results.empty() ? "what else it can find"
                                                   : "";
  if (lacks.empty()) return true;
  context.reporter.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                                     "hook `" + tree.name.text + "` does not say " + lacks}
                              .Hint("write `hook NAME before CAPABILITY { runs \"…\"  passes fine  "
                                    "on suspicious escalate }`"));
  return false;
}

void RefuseWidening(const lang::Hook& tree, ExpandContext& context) {
  for (const lang::HookResult& result : tree.results) {
    if (result.then != HookThen::kAllow) continue;
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kHookWidens, result.span,
                   "hook `" + tree.name.text + "` would permit what it looks at"}
            .Hint("write `passes " + result.name.text +
                  "`: what a hook lets pass is decided by everything else"));
  }
}

// What it found comes from a tool, so no rule can permit anything for its sake (M18).
lang::Facts ResultFact(const lang::Hook& tree, const lang::Name& name) {
  lang::Facts facts = FactOf(name, lang::TypeKind::kEnum);
  facts.source.kind = lang::SourceKind::kTool;
  facts.lines.front().type.values.push_back(*tree.passes);
  for (const lang::HookResult& result : tree.results)
    facts.lines.front().type.values.push_back(result.name);
  return facts;
}

// What a compaction can lose, and whether this house has any of it.
struct Keepable {
  std::string_view word;
  bool needed;
};

std::array<Keepable, 5> Keepables(const HouseIndex& index) {
  return {{{"rules", true},
           {"approvals", index.has_approvals},
           {"evidence", index.has_evidence},
           {"classes", index.has_classes},
           {"consents", !index.consents.empty()}}};
}

void CheckKept(const lang::Compaction& tree, ExpandContext& context) {
  const auto all = Keepables(context.index);
  std::vector<std::string> words;
  for (const Keepable& one : all) words.emplace_back(one.word);
  for (const lang::Name& kept : tree.keeps) {
    if (std::ranges::find(words, kept.text) == words.end())
      context.reporter.UnknownName("part of a run", kept, words);
  }
  std::string dropped;
  for (const Keepable& one : all) {
    const bool kept =
        std::ranges::find(tree.keeps, one.word, &lang::Name::text) != tree.keeps.end();
    if (one.needed && !kept)
      dropped += (dropped.empty() ? "`" : ", `") + std::string(one.word) + "`";
  }
  if (dropped.empty()) return;
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kCompactionDrops, tree.span,
                 "rules here rest on what a shorter run would lose: " + dropped}
          .Hint("keep it as well: `compaction keeps " + JoinNames(tree.keeps, ", ") + ", …`"));
}

}  // namespace

void Expand(const lang::Hook& tree, ExpandContext context) {
  RefuseWidening(tree, context);
  if (!IsWholeHook(tree, context)) return;
  const lang::Name fact = {"hook." + tree.name.text, tree.name.span};
  context.out.implied.emplace_back(ResultFact(tree, fact), context.policy);
  ExpandedWord word = WordOf("hook", tree, context);
  word.declarations = {"fact " + fact.text + " from tool"};
  ExpandedBlock& block = word.Block(JoinNames(tree.before, "+"), "hook");
  block.targets = tree.before;
  for (const lang::HookResult& result : tree.results) {
    lang::Clause clause = ClauseOf(KindOf(result.then),
                                   Compare(CompareOp::kEqual, Named(fact.text, result.span),
                                           Named(result.name.text, result.span), result.span),
                                   result.span);
    clause.anchor = result.anchor;
    clause.reason = result.reason;
    block.clauses.push_back(std::move(clause));
  }
  context.out.words.push_back(std::move(word));
}

void Expand(const lang::Checkpoint& tree, ExpandContext context) {
  const lang::Span at = tree.name.span;
  const lang::Name taken = {"checkpoint." + tree.name.text, at};
  const lang::Name due = {taken.text + ".due", at};
  context.out.implied.emplace_back(EventOf(taken, "A run is saved", "host"), context.policy);
  lang::Meter meter;
  meter.name = due;
  meter.fold = lang::Fold::kExists;
  meter.target = tree.after.front();
  if (tree.after.size() > 1) {
    lang::Group group;
    group.name = due;
    group.members = tree.after;
    group.span = at;
    meter.target = due;
    context.out.implied.emplace_back(std::move(group), context.policy);
  }
  meter.per = {{"session", at}};
  meter.since = taken;
  meter.span = at;
  context.out.implied.emplace_back(std::move(meter), context.policy);
  ExpandedWord word;
  word.name = tree.name.text;
  word.prefix = "checkpoint " + tree.name.text + ": ";
  word.declarations = {"event " + taken.text + " from host",
                       "meter " + due.text + " = exists " + JoinNames(tree.after, ", ") +
                           " per session since " + taken.text};
  word.span = tree.span;
  word.policy = context.policy;
  word.reason = tree.reason ? &*tree.reason : nullptr;
  ExpandedBlock& block =
      word.Block(tree.capabilities.empty() ? "*" : JoinNames(tree.capabilities, "+"), "checkpoint");
  block.targets = tree.capabilities.empty() ? AllThatAct(context.index, at) : tree.capabilities;
  if (block.targets.empty()) return;
  block.clauses.push_back(ClauseOf(ClauseKind::kDeny, Named(due.text, tree.span), tree.span));
  context.out.words.push_back(std::move(word));
}

void Expand(const lang::Compaction& tree, ExpandContext context) {
  if (!context.out.counters.insert("compaction").second) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kDuplicateName, tree.span,
                                       "what a compaction keeps is said twice"}
                                .Hint("say it once, for the whole house"));
    return;
  }
  CheckKept(tree, context);
  ExpandedWord word;
  word.name = "compaction";
  word.prefix = "compaction: ";
  word.span = tree.span;
  word.policy = context.policy;
  word.reason = tree.reason ? &*tree.reason : nullptr;
  ExpandedBlock& block = word.Block("*", "keeps");
  block.targets = AllThatAct(context.index, tree.span);
  std::set<std::string_view> said;
  for (const lang::Name& kept : tree.keeps) {
    if (!said.insert(kept.text).second) continue;
    const lang::Name lost = {"compaction.lost." + kept.text, kept.span};
    context.out.implied.emplace_back(FactOf(lost, lang::TypeKind::kBool), context.policy);
    word.declarations.push_back("fact " + lost.text + " from host");
    block.clauses.push_back(ClauseOf(ClauseKind::kDeny, Named(lost.text, kept.span), kept.span));
  }
  if (!block.targets.empty()) context.out.words.push_back(std::move(word));
}

}  // namespace writ::compiler::check
