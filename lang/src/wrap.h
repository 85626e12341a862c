// Where to break a row that does not fit on a line.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "page.h"

namespace writ::lang {

// The pieces that start lines, without the first: few lines, and breaks that cost little. Lines
// after the first are indented by `continuation`.
[[nodiscard]] std::vector<std::size_t> BestBreaks(std::span<const Piece> pieces,
                                                  std::uint32_t indent, std::uint32_t continuation,
                                                  std::uint32_t width);

}  // namespace writ::lang
