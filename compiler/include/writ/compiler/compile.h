// The whole route from a policy file to table bytes that have been proved and read back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "writ/compiler/check.h"
#include "writ/compiler/lower.h"
#include "writ/compiler/program.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"

namespace writ::compiler {

struct CompileOptions {
  CheckOptions check;
  LowerOptions lower;
  std::uint64_t max_steps = 50'000'000;  // of verification; steps, not seconds, so that answers do
                                         // not depend on the machine
  std::size_t max_table_bytes = 256u << 20;
};

// What was proved, for the report of `writ check` and `writ build`.
struct Verification {
  std::uint64_t steps = 0;
  std::uint32_t gaps_checked = 0, clauses_checked = 0, invariants_proved = 0, examples_passed = 0,
                bits_compared_capabilities = 0;
  // What it is proved to narrow, with its version, and how many regions it decides more strictly.
  std::string narrows;
  std::uint32_t regions_tightened = 0;
};

struct Compiled {
  Program program;
  table::Model model;
  std::vector<unsigned char> bytes;
  Verification verification;
};

// From trees (as LoadHouse gives them). Diagnostics go to the sink; returns nothing if any is an
// error.
std::optional<Compiled> Compile(const std::vector<const lang::Policy*>& policies,
                                const lang::SourceSet&, lang::DiagnosticSink&,
                                const CompileOptions& = {});

}  // namespace writ::compiler
