#include "decision.h"

#include <fmt/format.h>

#include "writ/analysis/statement_text.h"
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

void PutSaid(nlohmann::ordered_json& json, runtime::StatementWord word, std::string_view text) {
  std::string key(analysis::StatementPhrase(word));
  std::ranges::replace(key, ' ', '_');
  if (word != runtime::StatementWord::kStoppedBy) {
    json[key] = text;
  } else {
    json[key].push_back(text);  // there may be several
  }
}

nlohmann::ordered_json CarriedOutJson(const runtime::Table& table, runtime::CapabilityId id) {
  nlohmann::ordered_json json;
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (said.of != runtime::StatementOf::kCapability || said.index != id.value ||
        said.word < runtime::StatementWord::kRunsIn)
      continue;
    PutSaid(json, said.word, said.text);
    if (said.word != runtime::StatementWord::kRunsIn) continue;
    const std::string name = std::string(said.text) + ": ";
    for (std::uint32_t p = 0; p < table.statement_count(); ++p) {
      const runtime::StatementView box = table.Statement(p);
      if (box.word == runtime::StatementWord::kSandbox && box.text.starts_with(name))
        json["sandbox"] = box.text.substr(name.size());
    }
  }
  return json;
}

}  // namespace writ::cli
