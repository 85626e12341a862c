// What may leave by which channel, what anchors answer for, what people keep, and what may be
// tuned: as far as it is not said in rows (docs/semantics.md, M45 to M48).
#pragma once

#include <vector>

#include "authority.h"
#include "people.h"

namespace writ::compiler::check {

// Each adds to `statements`.
void CollectLimits(const Words&, std::vector<table::Statement>& statements);
// Refuses a threshold that is not within what it may be tuned to, and one on which something rests
// that no tuning may move.
void CollectTunables(const Words&, Reporter&, std::vector<table::Statement>& statements);

// What is retained is done by people.
void CheckRetained(const Words&, const People&, const Authorities&, Reporter&);

}  // namespace writ::compiler::check
