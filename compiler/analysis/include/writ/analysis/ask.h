// A question put to a table that was written without it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/coverage.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// What one capability answers to "is it ever decided so where the condition is true?".
struct AskedCapability {
  std::string capability;               // of a question about two: both, "look, refund"
  Outcome outcome = Outcome::kUnknown;  // kNone: never, proved; kFound: `request` is one
  std::string request, decision;        // kFound; "any request" where nothing matters
  std::string why;                      // kUnknown
};

// `conditions`: a table over names of `table` whose invariant columns say where the question is
// asked, by capability; its rows that decide are not looked at. What both call by one name is one
// thing. Asked of the table as in force, with a header that is valid or not there, and of
// capabilities that both have. `verdicts`: the decisions that must not come out. A table of
// conditions with relations is asked these instead.
[[nodiscard]] std::vector<AskedCapability> AskTable(const runtime::Table& table,
                                                    const runtime::Table& conditions,
                                                    const std::vector<runtime::Verdict>& verdicts,
                                                    Budget&);

}  // namespace writ::analysis
