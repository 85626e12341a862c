// Questions that a table is asked in the words of its policy, long after it was written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"
#include "writ/runtime/table.h"
#include "writ/table/write.h"

namespace writ::compiler {

// The vocabulary of a table as declarations of the language: enough to write conditions over it.
// Ends in a line end.
[[nodiscard]] std::string DeclarationsOf(const runtime::Table&);

// A question about a table: where it is asked, and what must not come out there.
struct CompiledQuestion {
  table::WrittenTable condition;  // for analysis::AskTable
  std::vector<runtime::Verdict> verdicts;
};

// `question`: what an invariant says, "never allow issue_refund when amount > 500 EUR"; with `even
// with approval` at its end, what would be escalated counts as allowed. Mistakes go to the sink and
// give nothing.
[[nodiscard]] std::optional<CompiledQuestion> CompileQuestion(const runtime::Table&,
                                                              std::string_view question,
                                                              lang::SourceSet&,
                                                              lang::DiagnosticSink&);

}  // namespace writ::compiler
