// Questions that a table is asked in the words of its policy, long after it was written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/ask.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

// The vocabulary of a table as declarations of the language: enough to write conditions over it.
// Ends in a line end.
[[nodiscard]] std::string DeclarationsOf(const runtime::Table&);

// `question`: what an invariant says, "never allow issue_refund when amount > 500 EUR"; with `even
// with approval` at its end, what would be escalated counts as allowed. Mistakes go to the sink and
// give nothing.
[[nodiscard]] std::optional<std::vector<analysis::AskedCapability>> AskQuestion(
    const runtime::Table&, std::string_view question, lang::SourceSet&, lang::DiagnosticSink&,
    analysis::Budget&);

}  // namespace writ::compiler
