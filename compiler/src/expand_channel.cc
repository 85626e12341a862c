// `channel NAME { carries up to CLASS }` and `sends on NAME`: what may leave, and by which way
// (docs/semantics.md, M45).
#include <algorithm>
#include <array>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::DataClass;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// The fact in which the class of what is sent is read.
constexpr std::string_view kContent = "content.class";
constexpr std::array<std::string_view, 5> kDataClasses = {"public", "internal", "confidential",
                                                          "pii", "health"};

// Where nobody says what it is, it is the worst.
lang::Facts ClassFact(lang::Span at) {
  lang::Facts facts = FactOf({std::string(kContent), at}, lang::TypeKind::kEnum);
  lang::FactLine& line = facts.lines.front();
  for (const std::string_view word : kDataClasses)
    line.type.values.push_back({std::string(word), at});
  line.type.ordered = true;
  line.missing.emplace();
  line.missing->word = lang::MissingWord::kValue;
  line.missing->value.emplace();
  line.missing->value->kind = lang::LiteralKind::kWord;
  line.missing->value->text = kDataClasses.back();
  line.missing->value->span = line.missing->span = at;
  return facts;
}

// What leaves the house has an effect there, and reaches somebody.
void CheckSender(const lang::Capability& tree, ExpandContext& context) {
  if (tree.kind && *tree.kind != lang::CapabilityKind::kAct) {
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kEffectOnObservation, tree.sends_span,
                   "`" + tree.name.text + "` only looks or thinks, and yet sends something out"}
            .Hint("what has an effect is `kind act`"));
    return;
  }
  const bool closed = std::ranges::any_of(tree.axes, [](const lang::RiskPart& part) {
    return (part.axis == lang::RiskAxis::kInteraction && part.value == "none") ||
           (part.axis == lang::RiskAxis::kEffect && part.value != "external");
  });
  if (!closed && (!tree.risk || *tree.risk >= lang::Risk::kNetwork)) return;
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kRiskUnderstated, tree.sends_span,
                 "what `" + tree.name.text + "` sends leaves the house, and its risk says less"}
          .Hint("write `risk network` at least"));
}

// A row for each capability that sends on it; the channels share one fact.
void AddRows(const lang::Channel& tree, const std::vector<const lang::Capability*>& senders,
             ExpandContext& context) {
  if (*tree.carries == DataClass::kHealth) return;  // nothing is above
  if (context.out.counters.insert(std::string(kContent)).second)
    context.out.implied.emplace_back(ClassFact(tree.name.span), context.policy);
  const lang::Span at = tree.carries_span;
  const std::string limit(ClassWord(*tree.carries));
  ExpandedWord word = WordOf("channel", tree, context);
  word.declarations = {"fact " + std::string(kContent) + " from host"};
  for (const lang::Capability* sender : senders) {
    lang::Clause clause = ClauseOf(
        tree.above == lang::Verdict::kEscalate ? ClauseKind::kEscalate : ClauseKind::kDeny,
        Compare(CompareOp::kGreater, Named(std::string(kContent), at), Named(limit, at), at), at);
    clause.anchor = tree.anchor;
    ExpandedBlock& block = word.Block(sender->name.text, "carries");
    block.targets = {sender->name};
    block.clauses.push_back(std::move(clause));
  }
  context.out.words.push_back(std::move(word));
}

}  // namespace

std::string_view ClassWord(lang::DataClass data_class) {
  return kDataClasses[static_cast<std::size_t>(data_class)];
}

void CheckSending(const lang::Capability& tree, ExpandContext& context) {
  CheckSender(tree, context);
  for (const lang::Name& name : tree.sends_on) {
    if (context.index.channels.contains(name.text)) continue;
    std::vector<std::string> known;
    for (const auto& [known_name, other] : context.index.channels) known.emplace_back(known_name);
    context.reporter.UnknownName("channel", name, known);
  }
}

void Expand(const lang::Channel& tree, ExpandContext context) {
  if (!tree.carries) {
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                   "channel `" + tree.name.text + "` does not say what may leave by it"}
            .Hint("write `carries up to public`, or `internal`, `confidential`, `pii`, `health`"));
  }
  std::vector<const lang::Capability*> senders;
  for (const auto& [name, capability] : context.index.capabilities) {
    const auto& on = capability->sends_on;
    if (std::ranges::find(on, tree.name.text, &lang::Name::text) != on.end())
      senders.push_back(capability);
  }
  if (!senders.empty()) {
    if (tree.carries) AddRows(tree, senders, context);
    return;
  }
  if (context.policy != 0) return;
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kUnused, tree.name.span,
                 "nothing is sent on channel `" + tree.name.text + "`"}
          .Hint("write `sends on " + tree.name.text + "` in a capability, or leave it out"));
}

}  // namespace writ::compiler::check
