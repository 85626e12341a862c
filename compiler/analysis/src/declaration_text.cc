#include "declaration_text.h"

#include "space_impl.h"
#include "writ/analysis/statement_text.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;

std::string NameToday(const Table& table, NameOf of, FactId fact, std::uint32_t index) {
  switch (of) {
    case NameOf::kFact:
      return std::string(table.Fact(FactId{index}).name);
    case NameOf::kRole:
      return std::string(table.Role(RoleId{index}).name);
    case NameOf::kAnchor:
      return std::string(table.Anchor(AnchorId{index}).name);
    case NameOf::kCapability:
      return std::string(table.Capability(CapabilityId{index}).name);
    case NameOf::kEvidence:
      return std::string(table.Evidence(EvidenceId{index}).name);
    case NameOf::kValue:
      return std::string(table.FactValue(fact, index));
  }
  return {};
}

namespace {

// True if something is called so now.
bool IsNameToday(const Table& table, NameOf of, std::string_view name, FactId fact) {
  std::uint32_t count = 0;
  switch (of) {
    case NameOf::kFact:
      count = table.fact_count();
      break;
    case NameOf::kRole:
      count = table.role_count();
      break;
    case NameOf::kAnchor:
      count = table.anchor_count();
      break;
    case NameOf::kCapability:
      count = table.capability_count();
      break;
    case NameOf::kEvidence:
      count = table.evidence_count();
      break;
    case NameOf::kValue:
      count = table.Fact(fact).value_count;
      break;
  }
  for (std::uint32_t i = 0; i < count; ++i)
    if (NameToday(table, of, fact, i) == name) return true;
  return false;
}

}  // namespace

// A reader takes former names that others have now, though no writer makes them.
std::string NameIn(const Table& newer, NameOf of, std::string_view name, FactId fact) {
  const std::uint32_t index = newer.FindFormer(of, name, fact);
  return index == kNotFound || IsNameToday(newer, of, name, fact)
             ? std::string(name)
             : NameToday(newer, of, fact, index);
}

const char* KindName(CapabilityKind kind) {
  static constexpr const char* kKinds[] = {"observe", "recall", "think_support",
                                           "act",     "verify", "event"};
  return kKinds[static_cast<std::size_t>(kind)];
}

const char* RiskName(Risk risk) {
  static constexpr const char* kRisks[] = {"read_only", "local_write", "network", "delegated",
                                           "destructive"};
  return kRisks[static_cast<std::size_t>(risk)];
}

std::string RoleNames(const Table& table, const Slice<RoleId>& roles) {
  std::string text;
  for (const RoleId role : roles)
    text += (text.empty() ? "" : ", ") + std::string(table.Role(role).name);
  return text;
}

std::string TypeText(const Table& table, FactId id) {
  static constexpr const char* kTypes[] = {"bool",  "enum",     "integer",   "decimal",
                                           "money", "duration", "time",      "id",
                                           "text",  "role",     "set of id", "set"};
  const FactView fact = table.Fact(id);
  std::string text = kTypes[static_cast<std::size_t>(fact.type)];
  if (fact.type == ValueType::kMoney) text += "(" + std::string(fact.unit) + ")";
  if (fact.type == ValueType::kDecimal) text += "(" + std::to_string(fact.scale) + ")";
  for (std::uint32_t v = 0; v < fact.value_count; ++v) {
    text += (v == 0 ? " { " : fact.ordered ? " < " : ", ") + std::string(table.FactValue(id, v));
  }
  if (fact.value_count > 0) text += " }";
  switch (fact.type) {
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
      text += " in " + FormatNumber(fact.type, fact.unit, fact.scale, fact.low) + ".." +
              FormatNumber(fact.type, fact.unit, fact.scale, fact.high);
      break;
    case ValueType::kBool:
    case ValueType::kEnum:
    case ValueType::kTime:
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kRole:
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      break;
  }
  return text;
}

std::string FactText(const Table& table, FactId id) {
  const FactView fact = table.Fact(id);
  std::string text = TypeText(table, id);
  if (fact.evidence.valid())
    text += " from evidence " + std::string(table.Evidence(fact.evidence).name);
  if (fact.for_critics) text += " for critics";
  if (fact.missing == MissingWord::kEscalate) text += " missing escalate";
  if (fact.missing == MissingWord::kValue) text += " missing " + SubstituteText(table, id);
  return text;
}

std::string SubstituteText(const Table& table, FactId id) {
  const FactView fact = table.Fact(id);
  ConcreteValue value{ValueKind::kNumber, fact.substitute, std::string(fact.substitute_text), {}};
  if (IsTextType(fact.type)) value.kind = ValueKind::kText;
  return FormatValue(table, id, value);
}

std::string MeterText(const Table& table, const MeterView& meter) {
  static constexpr const char* kFolds[] = {"count", "sum", "last", "exists", "first", "distinct"};
  std::string text = kFolds[static_cast<std::size_t>(meter.fold)];
  for (const CapabilityId target : meter.targets)
    text += " " + std::string(table.Capability(target).name);
  if (meter.value.valid()) text += "." + std::string(table.Fact(meter.value).name);
  for (const FactId key : meter.keys) text += " per " + std::string(table.Fact(key).name);
  for (const CapabilityId since : meter.since)
    text += " since " + std::string(table.Capability(since).name);
  if (meter.windowed()) text += " within " + FormatWindow(meter.window_ms, meter.window_months);
  return text + (meter.including_this ? " including this" : "");
}

std::string AnchorText(const Table& table, AnchorId id) {
  const AnchorView anchor = table.Anchor(id);
  std::string text = "held by " + std::string(table.Role(anchor.held_by).name);
  if (!anchor.also_held_by.empty()) text += ", " + RoleNames(table, anchor.also_held_by);
  if (!anchor.deputies.empty()) text += " deputies " + RoleNames(table, anchor.deputies);
  if (anchor.within_ms > 0)
    text += " within " + FormatNumber(ValueType::kDuration, "", 0, anchor.within_ms);
  for (const AnchorId below : anchor.below)
    text += " above " + std::string(table.Anchor(below).name);
  for (std::uint32_t i = 0; i < anchor.absorbs_count; ++i)
    text += (i == 0 ? " absorbs " : ", ") + std::string(table.AnchorAbsorbs(id, i));
  if (!anchor.channel.empty()) text += " reached by " + std::string(anchor.channel);
  if (!anchor.asks_first.empty()) text += " asks " + std::string(anchor.asks_first) + " first";
  if (anchor.next_deputy) text += " on silence the next deputy";
  if (anchor.silence == Verdict::kEscalate && anchor.silence_anchor.valid())
    text += " on silence escalate to " + std::string(table.Anchor(anchor.silence_anchor).name);
  return text;
}

std::string EvidenceText(const Table& table, const EvidenceView& evidence) {
  std::string text = "by";
  for (const CapabilityId by : evidence.by) text += " " + std::string(table.Capability(by).name);
  for (const FactId about : evidence.about_wanted)
    text += " about " + std::string(table.Fact(about).name);
  return text + " within " + FormatWindow(evidence.within_ms, evidence.within_months);
}

// ` = sum "$.methods[*].amount"`; empty where the input is given as it is.
static std::string DerivationText(const Table& table, CapabilityId capability, FactId input) {
  static constexpr const char* kFolds[] = {"count", "sum",      "min",   "max",
                                           "first", "distinct", "digest"};
  for (std::uint32_t i = 0; i < table.derivation_count(); ++i) {
    const DerivationView view = table.Derivation(i);
    if (view.capability != capability || view.fact != input) continue;
    return std::string(" = ") + kFolds[static_cast<std::size_t>(view.fold)] + " \"" +
           std::string(view.path) + "\"";
  }
  return "";
}

std::string CapabilityText(const Table& table, CapabilityId id) {
  const CapabilityView capability = table.Capability(id);
  std::string text = std::string("kind ") + KindName(capability.kind);
  text += std::string(" risk ") + RiskName(capability.risk);
  const auto add = [&](const char* word, FactId input) {
    text += word + std::string(table.Fact(input).name) + DerivationText(table, id, input);
  };
  for (const FactId input : capability.inputs) add(" input ", input);
  for (const FactId input : capability.optional_inputs) add(" optional ", input);
  if (capability.irreversible) text += " irreversible";
  if (!capability.system.empty()) text += " system " + std::string(capability.system);
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (said.of != runtime::StatementOf::kCapability || said.index != id.value) continue;
    text += " " + std::string(StatementPhrase(said.word)) + " " + std::string(said.text);
  }
  return text;
}

std::string RoleText(const Table& table, const RoleView& role) {
  static constexpr const char* kKinds[] = {"human", "agent", "coordinator", "party"};
  std::string text = kKinds[static_cast<std::size_t>(role.kind)];
  if (role.reports_to.valid())
    text += " reports to " + std::string(table.Role(role.reports_to).name);
  if (!role.identity.empty()) text += " identity " + std::string(role.identity);
  return text;
}

}  // namespace writ::analysis
