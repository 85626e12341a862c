// What a capability says of itself that stands for rows: that it brings a person in, that it runs
// code, and how often it is tried again (docs/semantics.md, M34.3, M39, M41).
#include <algorithm>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

ExpandedWord WordOf(std::string_view what, const lang::Capability& tree, lang::Span span,
                    const ExpandContext& context) {
  ExpandedWord word;
  word.name = std::string(what) + "(" + tree.name.text + ")";
  word.prefix = "capability " + tree.name.text + ": ";
  word.span = span;
  word.policy = context.policy;
  return word;
}

void Add(ExpandedWord word, const lang::Capability& tree, std::string_view kind,
         lang::Clause clause, ExpandContext& context) {
  ExpandedBlock& block = word.Block(tree.name.text, kind);
  block.targets = {tree.name};
  block.clauses.push_back(std::move(clause));
  context.out.words.push_back(std::move(word));
}

void ExpandHandOver(const lang::Capability& tree, ExpandContext& context) {
  const lang::Span at = tree.hands_over_to->span;
  ExpandedWord word = WordOf("hands_over", tree, at, context);
  word.reason = tree.title ? &*tree.title : nullptr;
  lang::Clause clause = ClauseOf(ClauseKind::kNotify, Always(at), at);
  clause.anchor = tree.hands_over_to;
  Add(std::move(word), tree, "notify", std::move(clause), context);
}

// Code that reaches others is in touch with them, whatever it was written for.
void CheckReach(const lang::Capability& tree, const lang::Sandbox& sandbox,
                ExpandContext& context) {
  if (sandbox.network != lang::NetworkUse::kOutbound) return;
  const bool closed = std::ranges::any_of(tree.axes, [](const lang::RiskPart& part) {
    return part.axis == lang::RiskAxis::kInteraction && part.value == "none";
  });
  if (!closed && (!tree.risk || *tree.risk >= lang::Risk::kNetwork)) return;
  context.reporter.Report(Diagnostic{
      DiagnosticKind::kRiskUnderstated, tree.runs_code->span,
      "code that `" + tree.name.text + "` runs reaches the network, and its risk says less"}
                              .At(sandbox.network_span, "sandbox `" + sandbox.name.text + "`")
                              .Hint("write `risk network` at least, or `network none`"));
}

void ExpandCode(const lang::Capability& tree, ExpandContext& context) {
  const lang::RunsCode& runs = *tree.runs_code;
  if (!runs.sandbox) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kCodeWithoutSandbox, runs.span,
                                       "`" + tree.name.text + "` runs code, and nothing holds it"}
                                .Hint("write `runs code in SANDBOX`"));
    return;
  }
  const auto sandbox = context.index.sandboxes.find(runs.sandbox->text);
  if (sandbox == context.index.sandboxes.end()) {
    std::vector<std::string> known;
    for (const auto& [name, box] : context.index.sandboxes) known.emplace_back(name);
    context.reporter.UnknownName("sandbox", *runs.sandbox, known);
    return;
  }
  CheckReach(tree, *sandbox->second, context);
  ExpandedWord word = WordOf("runs_code", tree, runs.span, context);
  word.reason = sandbox->second->title ? &*sandbox->second->title : nullptr;
  const std::string fact = "sandbox." + runs.sandbox->text;
  word.declarations = {"fact " + fact + " from host"};
  Add(std::move(word), tree, "sandbox",
      ClauseOf(ClauseKind::kDeny, Not(Named(fact, runs.span)), runs.span), context);
}

// False where a case would be lost.
bool CheckDeadLetters(const lang::Capability& tree, ExpandContext& context) {
  const auto refuse = [&](lang::Span span, std::string what, std::string hint) {
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kDeadLetterNowhere, span, std::move(what)}.Hint(
            std::move(hint)));
    return false;
  };
  if (!tree.dead_letters_to)
    return refuse(tree.retry->span,
                  "what still fails of `" + tree.name.text + "` after that goes nowhere",
                  "write `dead letters to ANCHOR` beside it");
  const lang::Name& to = *tree.dead_letters_to;
  if (context.index.anchors.contains(to.text)) return true;
  if (context.index.roles.contains(to.text))
    return refuse(to.span, "`" + to.text + "` is a role, and nobody has to answer there",
                  "name an anchor: it is held by a person, and says how he is reached");
  std::vector<std::string> known;
  for (const auto& [name, anchor] : context.index.anchors) known.emplace_back(name);
  context.reporter.UnknownName("anchor", to, known);
  return false;
}

void ExpandRetry(const lang::Capability& tree, ExpandContext& context) {
  const lang::Retry& retry = *tree.retry;
  const bool acts = !tree.kind || *tree.kind == lang::CapabilityKind::kAct;
  if (acts && tree.idempotent_by.empty()) {
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kRetryWithoutKey, retry.span,
                   "a second `" + tree.name.text + "` could take effect twice"}
            .Hint("write `idempotent by INPUT`: two requests with the same are one"));
  }
  if (retry.times.text == "0") {
    context.reporter.Report(Diagnostic{DiagnosticKind::kOutOfRange, retry.times.span,
                                       "what is never tried again needs no `retry`"});
  }
  if (!CheckDeadLetters(tree, context)) return;
  const lang::Name tried = {"retry." + tree.name.text + ".tried", retry.span};
  context.out.implied.emplace_back(FactOf(tried, lang::TypeKind::kInteger), context.policy);
  ExpandedWord word = WordOf("retry", tree, retry.span, context);
  word.declarations = {"fact " + tried.text + " from host"};
  lang::Clause clause = ClauseOf(
      ClauseKind::kEscalate,
      Compare(CompareOp::kGreater, Named(tried.text, retry.span), Valued(retry.times), retry.span),
      retry.span);
  clause.anchor = tree.dead_letters_to;
  Add(std::move(word), tree, "retry", std::move(clause), context);
}

}  // namespace

void Expand(const lang::Capability& tree, ExpandContext context) {
  if (!tree.sends_on.empty()) CheckSending(tree, context);
  if (tree.hands_over_to) ExpandHandOver(tree, context);
  if (tree.runs_code) ExpandCode(tree, context);
  if (tree.retry) {
    ExpandRetry(tree, context);
  } else if (tree.dead_letters_to) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.dead_letters_to->span,
                                       "`" + tree.name.text + "` is never tried again"}
                                .Hint("write `retry 3 times within 10 minutes` beside it"));
  }
}

}  // namespace writ::compiler::check
