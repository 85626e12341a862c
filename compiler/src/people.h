// Roles and anchors: who stands where, and who answers for what.
#pragma once

#include <vector>

#include "names.h"
#include "types.h"
#include "writ/table/model.h"

namespace writ::compiler::check {

// Indexed by the positions in `Names`.
struct People {
  std::vector<table::Role> roles;
  std::vector<table::Anchor> anchors;  // `below` is closed
};

[[nodiscard]] People CheckPeople(const Words&, Reporter&);

// Whether `upper` stands above `lower` in the reporting line, at any distance.
[[nodiscard]] bool StandsAbove(const std::vector<table::Role>&, runtime::RoleId upper,
                               runtime::RoleId lower);

}  // namespace writ::compiler::check
