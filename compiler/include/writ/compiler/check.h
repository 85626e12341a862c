// Check: syntax trees -> Program. Resolves names, types, units; refuses what docs/diagnostics.md
// lists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "writ/compiler/program.h"
#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"

namespace writ::compiler {

struct CheckOptions {
  std::uint32_t max_facts = 4096;  // each of these bounds is a diagnostic, `too-large`
  std::uint32_t max_capabilities = 20'000;
  std::uint32_t max_clauses = 200'000;
  std::uint32_t max_nodes = 4'000'000;
  // A day, "2026-11-20": what has expired on it is an error, what expires within 30 days of it a
  // warning. Empty: not asked.
  std::string as_of;
  bool strict = false;  // as if every policy said `strict`
};

// `policies`: the policy to compile first, then the ones it uses (as LoadHouse orders them).
// Reports every mistake it finds; returns a Program only when there is none.
std::optional<Program> Check(const std::vector<const lang::Policy*>& policies,
                             const lang::SourceSet&, lang::DiagnosticSink&,
                             const CheckOptions& = {});

}  // namespace writ::compiler
