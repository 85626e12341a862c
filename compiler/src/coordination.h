// Routes, once it is known who may do what.
#pragma once

#include "authority.h"
#include "people.h"

namespace writ::compiler::check {

void CheckRoutes(const Words&, const People&, const Authorities&, Reporter&);

}  // namespace writ::compiler::check
