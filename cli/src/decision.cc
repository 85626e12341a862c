#include "decision.h"

#include <fmt/format.h>

#include "writ/analysis/witness.h"

namespace writ::cli {
namespace {

const char* Name(runtime::Verdict verdict) {
  switch (verdict) {
    case runtime::Verdict::kAllow:
      return "allow";
    case runtime::Verdict::kEscalate:
      return "escalate";
    case runtime::Verdict::kDeny:
      return "deny";
  }
  return "deny";
}

const char* Name(runtime::Trigger trigger) {
  switch (trigger) {
    case runtime::Trigger::kNone:
      return "";
    case runtime::Trigger::kThreshold:
      return "threshold";
    case runtime::Trigger::kAmbiguity:
      return "ambiguity";
    case runtime::Trigger::kNovelty:
      return "novelty";
    case runtime::Trigger::kConflict:
      return "conflict";
  }
  return "";
}

}  // namespace

nlohmann::ordered_json DecisionJson(const runtime::Table& table,
                                    const runtime::Decision& decision) {
  nlohmann::ordered_json json{{"verdict", Name(decision.verdict)},
                              {"decision", analysis::DescribeDecision(table, decision)}};
  if (decision.anchor.valid()) json["anchor"] = table.Anchor(decision.anchor).name;
  if (decision.clause.valid()) {
    const runtime::ClauseView clause = table.Clause(decision.clause);
    json["clause"] = clause.name;
    if (!clause.words.empty()) json["words"] = clause.words;
    if (!clause.reason.empty()) json["reason"] = clause.reason;
    if (clause.line != 0) json["place"] = fmt::format("{}:{}", clause.file, clause.line);
    if (clause.trigger != runtime::Trigger::kNone) json["trigger"] = Name(clause.trigger);
  }
  if (decision.authority.valid()) {
    json["under"] = table.Authority(decision.authority).name;
    for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
      const runtime::StatementView said = table.Statement(i);
      if (said.of == runtime::StatementOf::kAuthority && said.index == decision.authority.value &&
          said.word == runtime::StatementWord::kOwner)
        json["owner"] = said.text;
    }
  }
  if (decision.fact.valid()) json["fact"] = table.Fact(decision.fact).name;
  return json;
}

}  // namespace writ::cli
