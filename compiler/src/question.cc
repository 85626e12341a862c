// A question is compiled as an invariant of a policy that declares the table's words and nothing
// else; its rows then stand beside the table's own. Entry points: CompileQuestion, DeclarationsOf.
#include "writ/compiler/question.h"

#include <algorithm>
#include <utility>

#include "relations.h"
#include "writ/analysis/witness.h"
#include "writ/compiler/compile.h"
#include "writ/lang/parse.h"

namespace writ::compiler {

using runtime::Table;

namespace {

constexpr std::string_view kEvenWithApproval = "even with approval";

std::string Enumeration(const Table& table, FactId id) {
  const runtime::FactView fact = table.Fact(id);
  std::string text = "{ ";
  for (std::uint32_t v = 0; v < fact.value_count; ++v)
    text += (v == 0 ? "" : fact.ordered ? " < " : ", ") + std::string(table.FactValue(id, v));
  return text + " }";
}

std::string TypeOf(const Table& table, FactId id) {
  const runtime::FactView fact = table.Fact(id);
  const auto range = [&] {
    return " in " + analysis::FormatNumber(fact.type, fact.unit, fact.scale, fact.low) + ".." +
           analysis::FormatNumber(fact.type, fact.unit, fact.scale, fact.high);
  };
  switch (fact.type) {
    case ValueType::kBool:
      return "bool";
    case ValueType::kEnum:
      return Enumeration(table, id);
    case ValueType::kInteger:
      return "integer" + range();
    case ValueType::kDecimal:
      return "decimal(" + std::to_string(fact.scale) + ")" + range();
    case ValueType::kMoney:
      return "money(" + std::string(fact.unit) + ")" + range();
    case ValueType::kDuration:
      return "duration" + range();
    case ValueType::kTime:
      return "time";
    case ValueType::kId:
      return "id";
    case ValueType::kText:
      return "text";
    case ValueType::kRole:
      return "role";
    case ValueType::kIdSet:
      return "set of id";
    case ValueType::kEnumSet:
      return "set of " + Enumeration(table, id);
  }
  return "bool";
}

std::string CapabilityOf(const Table& table, const runtime::CapabilityView& capability) {
  const std::string name(capability.name);
  const std::string system = capability.system.empty() ? "house" : std::string(capability.system);
  if (capability.kind == CapabilityKind::kEvent) return "event " + name + " from " + system + "\n";
  std::string inputs;
  const auto add = [&](FactId fact, const char* optional) {
    inputs += (inputs.empty() ? "  input " : ", ") + std::string(table.Fact(fact).name) + ": " +
              TypeOf(table, fact) + optional;
  };
  for (const FactId fact : capability.inputs) add(fact, "");
  for (const FactId fact : capability.optional_inputs) add(fact, " optional");
  return "capability " + name + " { kind observe  risk read_only  system " + system + inputs +
         " }\n";
}

// Facts that the language brings by itself, or with another declaration.
bool IsDeclaredElsewhere(const runtime::FactView& fact) {
  return fact.source == Source::kBuiltin || fact.source == Source::kInput ||
         (fact.source == Source::kHeader && fact.name == "header") ||
         fact.name.find('(') != std::string_view::npos || fact.name.starts_with("confirmation.");
}

}  // namespace

std::string DeclarationsOf(const Table& table) {
  static constexpr const char* kKinds[] = {"human", "agent", "coordinator", "party"};
  std::string text = "policy question 1.0.0\n\"What a table is asked.\"\n";
  if (!table.zone().empty()) text += "zone \"" + std::string(table.zone()) + "\"\n";
  for (std::uint32_t r = 0; r < table.role_count(); ++r)
    text += "role " + std::string(table.Role(RoleId{r}).name) + " " +
            kKinds[static_cast<std::size_t>(table.Role(RoleId{r}).kind)] + "\n";
  for (std::uint32_t t = 0; t < table.threshold_count(); ++t)
    text += "threshold " + std::string(table.Threshold(t).name) + " = " +
            std::string(table.Threshold(t).value) + "\n";
  for (std::uint32_t c = 0; c < table.capability_count(); ++c)
    text += CapabilityOf(table, table.Capability(CapabilityId{c}));
  for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
    const runtime::FactView fact = table.Fact(FactId{f});
    if (IsDeclaredElsewhere(fact)) continue;
    const std::string name(fact.name);
    if (name.starts_with("pressure.")) {
      text += "pressure " + name.substr(9) + " " + Enumeration(table, FactId{f}) + "\n";
    } else if (name == "mode" && fact.source == Source::kHeader) {
      text += "modes " + Enumeration(table, FactId{f}) + "\n";
    } else {
      text += "fact " + name + " : " + TypeOf(table, FactId{f}) + " from host missing deny\n";
    }
  }
  return text;
}

std::optional<CompiledQuestion> CompileQuestion(const Table& table, std::string_view question,
                                                lang::SourceSet& sources,
                                                lang::DiagnosticSink& sink) {
  while (!question.empty() && question.back() == ' ') question.remove_suffix(1);
  if (question.find_first_of("\r\n") != std::string_view::npos) {  // one invariant, and no more
    sink.Report(lang::Diagnostic{lang::DiagnosticKind::kUnexpected, {}, "a question is one line"});
    return std::nullopt;
  }
  const bool even = question.ends_with(kEvenWithApproval);
  if (even) question.remove_suffix(kEvenWithApproval.size());
  const lang::FileId file = sources.AddText(
      "question", DeclarationsOf(table) + "invariant question: " + std::string(question) + "\n");
  const std::optional<lang::Ast> ast = lang::Parse(sources, file, sink);
  if (!ast || sink.HasErrors()) return std::nullopt;
  std::vector<const lang::Policy*> policies;
  for (const lang::Policy& policy : ast->policies) policies.push_back(&policy);
  const std::optional<Program> program = Check(policies, sources, sink);
  if (!program || sink.HasErrors() || program->invariants.size() != 1) return std::nullopt;
  std::optional<table::Model> model = Lower(*program, sink);
  if (!model) return std::nullopt;
  for (table::Matrix& matrix : model->matrices) {
    std::erase_if(matrix.columns,
                  [](const table::Column& c) { return c.kind != ColumnKind::kInvariant; });
  }
  auto condition = table::WriteAndOpen(*model);
  if (!condition) return std::nullopt;
  std::vector<Verdict> verdicts = Forbidden(program->invariants[0]);
  if (even && verdicts[0] == Verdict::kAllow) verdicts.push_back(Verdict::kEscalate);
  return CompiledQuestion{std::move(*condition), std::move(verdicts)};
}

}  // namespace writ::compiler
