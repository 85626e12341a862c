// Lower: Program -> table::Model. Each clause becomes rows: conjunctions over atoms, with one
// decision each.
#pragma once

#include <optional>

#include "writ/compiler/program.h"
#include "writ/lang/diagnostic.h"
#include "writ/table/model.h"

namespace writ::compiler {

struct LowerOptions {
  std::uint32_t max_rows_per_condition = 64;  // beyond: one derived three-valued boolean
  std::uint32_t max_columns = 60'000;         // per capability; beyond: `too-large`
  CapabilityId only;                          // valid: all other matrices stay empty
};

std::optional<table::Model> Lower(const Program&, lang::DiagnosticSink&, const LowerOptions& = {});

}  // namespace writ::compiler
