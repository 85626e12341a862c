// What the policy says of how things are carried out, for whoever carries them out
// (docs/semantics.md, M39 to M42).
#pragma once

#include <string>
#include <vector>

#include "authority.h"

namespace writ::compiler::check {

// `10 minutes`, `24h`, `2GiB`.
[[nodiscard]] std::string AmountText(const lang::Literal&);
// Likewise, a threshold as what it stands for: a host does not know its name.
[[nodiscard]] std::string ValueText(const lang::Literal&, const Names&);

// Adds to `statements`; refuses a skill that uses what its role may not do.
void CollectExecution(const Words&, const Deeds&, const Authorities&, Reporter&,
                      std::vector<table::Statement>& statements);

}  // namespace writ::compiler::check
