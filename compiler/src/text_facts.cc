// Entry point: TextFacts.
#include "text_facts.h"

#include <algorithm>

namespace writ::compiler {

using runtime::FactId;
using runtime::Source;

std::vector<bool> TextFacts(const std::vector<table::Fact>& facts,
                            const std::vector<table::Meter>& meters) {
  std::vector<bool> text;
  text.reserve(facts.size());
  for (const table::Fact& fact : facts)
    text.push_back(fact.source == Source::kTool || fact.source == Source::kModel);
  const auto brings = [&](FactId id) { return id.valid() && text[id.value]; };
  for (const table::Meter& meter : meters) {
    const bool reads = brings(meter.value) || std::ranges::any_of(meter.keys, brings);
    if (reads && meter.fact.valid()) text[meter.fact.value] = true;
  }
  return text;
}

}  // namespace writ::compiler
