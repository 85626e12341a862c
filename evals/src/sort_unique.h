// A vector as a set.
#pragma once

#include <algorithm>
#include <vector>

namespace writ::evals {

template <typename T>
void SortUnique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace writ::evals
