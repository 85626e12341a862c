// How much of a random test is wanted, and from which seed on.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace writ::oracle {

inline std::uint64_t Wanted(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// To repeat what a long run said of one policy.
inline std::uint64_t FirstSeed() { return Wanted("WRIT_ORACLE_FIRST_SEED", 1); }

}  // namespace writ::oracle
