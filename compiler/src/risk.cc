// Each axis asks for a class, and the greatest is the capability's; what is stated must not be
// less.
#include "risk.h"

#include <algorithm>

#include "capabilities.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::RiskAxis;
using runtime::Risk;

constexpr std::size_t kAxes = 5;

Risk Convert(lang::Risk risk) {
  switch (risk) {
    case lang::Risk::kReadOnly:
      return Risk::kReadOnly;
    case lang::Risk::kLocalWrite:
      return Risk::kLocalWrite;
    case lang::Risk::kNetwork:
      return Risk::kNetwork;
    case lang::Risk::kDelegated:
      return Risk::kDelegated;
    case lang::Risk::kDestructive:
      return Risk::kDestructive;
  }
  return Risk::kDestructive;
}

const lang::RiskPart* Find(const lang::Capability& tree, RiskAxis axis) {
  const auto at = std::ranges::find(tree.axes, axis, &lang::RiskPart::axis);
  return at == tree.axes.end() ? nullptr : &*at;
}

bool Says(const lang::Capability& tree, RiskAxis axis, std::string_view value) {
  const lang::RiskPart* part = Find(tree, axis);
  return part && part->value == value;
}

Risk AskedBy(const lang::Capability& tree, const lang::RiskPart& part) {
  switch (part.axis) {
    case RiskAxis::kEffect:
      return part.value == "external" ? Risk::kNetwork
             : part.value == "local"  ? Risk::kLocalWrite
                                      : Risk::kReadOnly;
    case RiskAxis::kAuthority:
      return part.value == "delegated" ? Risk::kDelegated : Risk::kReadOnly;
    case RiskAxis::kReversible:
      return part.value == "no" ? Risk::kDestructive : Risk::kReadOnly;
    case RiskAxis::kInteraction:
      return part.value == "open" ? Risk::kNetwork : Risk::kReadOnly;
    case RiskAxis::kData:
      return part.value == "all" && !Says(tree, RiskAxis::kEffect, "none") ? Risk::kDestructive
                                                                           : Risk::kReadOnly;
  }
  return Risk::kDestructive;
}

std::string AxisWord(RiskAxis axis) {
  constexpr std::string_view kWords[] = {"effect", "authority", "reversible", "interaction",
                                         "data"};
  return std::string(kWords[static_cast<std::size_t>(axis)]);
}

void ReportLacking(const lang::Capability& tree, Reporter& reporter) {
  std::string lacking;
  for (std::size_t i = 0; i < kAxes; ++i) {
    const auto axis = static_cast<RiskAxis>(i);
    if (!Find(tree, axis)) lacking += (lacking.empty() ? "`" : ", `") + AxisWord(axis) + "`";
  }
  reporter.Report(Diagnostic{
      DiagnosticKind::kIncomplete, tree.axes.front().span,
      "the risk of capability `" + tree.name.text + "` cannot be worked out without " + lacking}
                      .Hint("say all five axes, or the class as well: `risk network, effect: …`"));
}

void ReportContradiction(const lang::Capability& tree, lang::Span span, std::string_view is,
                         std::string_view said, Reporter& reporter) {
  reporter.Report(Diagnostic{DiagnosticKind::kRiskUnderstated, span,
                             "capability `" + tree.name.text + "` is " + std::string(is) +
                                 ", and says `" + std::string(said) + "`"}
                      .Hint("say what it is"));
}

void CheckContradictions(const lang::Capability& tree, bool irreversible, Reporter& reporter) {
  if (tree.irreversible && Says(tree, RiskAxis::kReversible, "yes")) {
    ReportContradiction(tree, Find(tree, RiskAxis::kReversible)->span, "`irreversible`",
                        "reversible: yes", reporter);
  }
  const bool acts = tree.kind == lang::CapabilityKind::kAct;
  if ((acts || irreversible) && Says(tree, RiskAxis::kEffect, "none")) {
    ReportContradiction(tree, Find(tree, RiskAxis::kEffect)->span,
                        acts ? "`kind act`" : "irreversible", "effect: none", reporter);
  }
}

}  // namespace

RiskOf CheckRisk(const lang::Capability& tree, Reporter& reporter) {
  RiskOf out;
  out.irreversible = tree.irreversible || Says(tree, RiskAxis::kReversible, "no");
  if (tree.risk) out.risk = Convert(*tree.risk);
  const lang::RiskPart* worst = nullptr;
  for (const lang::RiskPart& part : tree.axes) {
    if (!worst || AskedBy(tree, part) > AskedBy(tree, *worst)) worst = &part;
  }
  if (worst) {
    const Risk least = AskedBy(tree, *worst);
    if (out.risk && *out.risk < least) {
      reporter.Report(Diagnostic{DiagnosticKind::kRiskUnderstated, worst->span,
                                 "`" + AxisWord(worst->axis) + ": " + worst->value +
                                     "` makes capability `" + tree.name.text + "` at least `" +
                                     std::string(RiskWord(least)) + "`, and it says `" +
                                     std::string(RiskWord(*out.risk)) + "`"}
                          .Hint("write `risk " + std::string(RiskWord(least)) + "`"));
    }
    if (!out.risk && tree.axes.size() < kAxes) ReportLacking(tree, reporter);
    out.risk = std::max(out.risk.value_or(least), least);
    CheckContradictions(tree, out.irreversible, reporter);
  }
  const bool said = Find(tree, RiskAxis::kEffect) != nullptr;
  const bool writes = out.risk == Risk::kLocalWrite || out.risk == Risk::kDelegated ||
                      out.risk == Risk::kDestructive;
  out.has_effect = out.irreversible || (said ? !Says(tree, RiskAxis::kEffect, "none") : writes);
  return out;
}

}  // namespace writ::compiler::check
