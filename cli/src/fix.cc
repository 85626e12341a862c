// Entry point: Fix.
#include "fix.h"

#include <fmt/format.h>

#include <string_view>

#include "writ/analysis/witness.h"

namespace writ::cli {
namespace {

class Fixer {
 public:
  explicit Fixer(const runtime::Table& table) : table_(table) {}

  std::expected<Fixed, std::string> Run(WrittenRequest written) {
    if (auto taken = TakeEvidence(written); !taken) return std::unexpected(taken.error());
    const std::vector<WrittenFact> facts = written.facts;
    const bool now = written.now.has_value();
    const auto bound = BoundRequest::Bind(table_, std::move(written));
    if (!bound) return std::unexpected(bound.error());
    for (const WrittenFact& fact : facts) Value(table_.FindFact(fact.name), *bound);
    for (const evals::DerivedInput& input : bound->derived()) Value(input.fact, *bound);
    if (now) {
      const runtime::FactId clock = table_.FindFact("now");
      out_.where.facts.push_back(analysis::Exactly(clock, bound->Get().now_ms));
      Say("now", analysis::FormatNumber(runtime::ValueType::kTime, "", 0, bound->Get().now_ms));
    }
    out_.malformed = bound->malformed();
    return std::move(out_);
  }

 private:
  void Say(std::string_view name, std::string value) {
    for (const auto& [other, said] : out_.given)
      if (other == name) return;
    out_.given.emplace_back(name, std::move(value));
  }

  // `evidence.E=fresh`, `evidence.E=stale`: without saying when it was obtained.
  std::expected<void, std::string> TakeEvidence(WrittenRequest& written) {
    std::vector<WrittenFact> others;
    for (WrittenFact& fact : written.facts) {
      const bool word = !fact.missing && (fact.value == "fresh" || fact.value == "stale");
      if (!word || !fact.name.starts_with("evidence.")) {
        others.push_back(std::move(fact));
        continue;
      }
      const std::string name = fact.name.substr(std::string_view("evidence.").size());
      std::uint32_t at = 0;
      while (at < table_.evidence_count() && table_.Evidence({at}).name != name) ++at;
      if (at == table_.evidence_count())
        return std::unexpected(fmt::format("the policy has no evidence `{}`", name));
      out_.where.evidence.push_back({runtime::EvidenceId{at}, fact.value == "fresh"});
      Say(fact.name, fact.value);
    }
    written.facts = std::move(others);
    return {};
  }

  void Value(runtime::FactId fact, const BoundRequest& bound) {
    const runtime::Value& value = bound.values()[fact.value];
    analysis::FactRestriction fixed = analysis::Present(fact);
    switch (value.kind) {
      case runtime::ValueKind::kMissing:
        fixed = analysis::Missing(fact);
        break;
      case runtime::ValueKind::kNumber:
        fixed = analysis::Exactly(fact, value.number);
        break;
      case runtime::ValueKind::kText:
        fixed.text = std::string(value.text, value.size);
        break;
      case runtime::ValueKind::kTextSet:
        fixed.texts.emplace(value.texts, value.texts + value.size);
        break;
      case runtime::ValueKind::kMalformed:
        fixed.malformed = true;
        break;
    }
    out_.where.facts.push_back(std::move(fixed));
    Say(table_.Fact(fact).name, evals::FormatValue(table_, fact, value));
  }

  const runtime::Table& table_;
  Fixed out_;
};

}  // namespace

std::expected<Fixed, std::string> Fix(const runtime::Table& table, WrittenRequest written) {
  return Fixer(table).Run(std::move(written));
}

}  // namespace writ::cli
