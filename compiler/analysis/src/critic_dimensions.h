// Which dimensions of a capability's matrix read facts that no model is to see.
#pragma once

#include <vector>

#include "space_impl.h"

namespace writ::analysis {

// By dimension. Through worked-out values as well.
[[nodiscard]] std::vector<bool> CriticDimensions(const Space::Impl&);

}  // namespace writ::analysis
