// Which of two escalations is the more restrictive.
#pragma once

#include <cstdint>
#include <vector>

#include "writ/table/model.h"

namespace writ::compiler {

// By AnchorId: 0 for the one that comes first among columns. A linear extension of `below`; anchors
// that it leaves open stand in the order of their names (M3.3 refuses policies in which that would
// decide).
std::vector<std::uint32_t> RankAnchors(const std::vector<table::Anchor>& anchors);

// The same, or it ranks above.
bool AtLeastAsHigh(const std::vector<table::Anchor>& anchors, runtime::AnchorId a,
                   runtime::AnchorId b);

// Neither ranks above the other, and they are not the same.
bool Incomparable(const std::vector<table::Anchor>& anchors, runtime::AnchorId a,
                  runtime::AnchorId b);

}  // namespace writ::compiler
