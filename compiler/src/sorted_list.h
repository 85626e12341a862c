// Lists that are kept as sets: ascending, each element once.
#pragma once

#include <algorithm>
#include <vector>

namespace writ::compiler::check {

// Only `<` and `==` are needed; ids have no more.
template <typename T>
void MakeSet(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// REQUIRES: `list` is ascending.
template <typename T>
[[nodiscard]] bool Contains(const std::vector<T>& list, const T& element) {
  return std::binary_search(list.begin(), list.end(), element);
}

}  // namespace writ::compiler::check
