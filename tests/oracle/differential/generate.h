// Random policies, as texts that use every word of the language. Most are far from sensible, many a
// verifier would refuse; what counts is that they are well typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace writ::oracle {

// splitmix64 (Steele, Lea and Flood): the same numbers everywhere, from any seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  std::size_t Below(std::size_t bound);  // REQUIRES: bound > 0
  bool Chance(int percent) { return Below(100) < static_cast<std::size_t>(percent); }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::uint64_t state_;
};

// A condition with its parts, so that it can be shrunk to one of them.
struct ConditionText {
  std::string text;
  std::vector<ConditionText> parts;
};

// A piece of a policy that can be left out: `head condition tail { items }`.
struct Block {
  std::string head;
  std::optional<ConditionText> condition;
  std::string tail;
  bool braces = false;
  std::vector<Block> items;
};

std::string Print(const Block& block);

struct Shape {
  int facts = 3;
  int meters = 1;
  int clauses = 3;       // in each block, at most
  int depth = 1;         // of conditions
  bool small = true;     // one delegation; else several, a second file, grants
  bool case_is = false;  // `case is INPUT`
  bool strict = false;
  bool tenant = false;  // is for one alone
  bool relations = true;  // invariants about two decisions
  int invariants = 1;     // about one decision
};

// The files of a policy, the policy first.
std::vector<Block> GeneratePolicy(Random& random, const Shape& shape);

}  // namespace writ::oracle
