// Paths into the JSON arguments of a call, and what can be made of their matches
// (docs/semantics.md, M1.5). The one reader of a path: opening a table, compiling and replay use
// it; it allocates nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "writ/runtime/vocabulary.h"

namespace writ::runtime {

inline constexpr std::uint32_t kMaxPathSteps = 16;
inline constexpr std::uint32_t kMaxPathElement =
    9999;  // the last place in an array that can be named

enum class PathStepKind : std::uint8_t {
  kMember,   // name
  kElement,  // index
  kAll,      // each element
};
struct PathStep {
  PathStepKind kind = PathStepKind::kAll;
  std::string_view name;
  std::uint32_t index = 0;
};

// The first step of `rest`, which is what follows the `$`, and is left at what follows the step.
// False: what stands there is no step. REQUIRES: !rest.empty().
bool TakePathStep(std::string_view& rest, PathStep* step);

// `$` and at most kMaxPathSteps steps.
bool IsArgumentPath(std::string_view path);

// A value of this type can come of the fold.
bool FoldGives(ArgumentFold, ValueType);

}  // namespace writ::runtime
