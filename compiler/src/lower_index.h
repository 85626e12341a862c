// What the whole program says about its facts: which conditions ask a single fact, and so where its
// domain is cut.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "writ/compiler/program.h"

namespace writ::compiler {

struct Interval {
  std::int64_t low = 0, high = 0;
};  // closed

// A boolean node that asks one fact alone: true for these values.
struct FactTest {
  FactId fact;
  std::vector<Interval> intervals;  // numbers of all kinds
  std::vector<std::string> texts;   // id, text; ascending
  bool Holds(std::int64_t number) const;
  bool Holds(const std::string& text) const;
};

// What a condition names, through `let`. Ascending.
struct Reads {
  std::vector<FactId> facts;
  std::vector<EvidenceId> evidence;
};

// The built-in fact `now`; invalid where it is not declared.
FactId FactNow(const Program& program);
// The built-in fact `header`; invalid where it is not declared.
FactId FactHeader(const Program& program);

// The operands of a node, with the value of a `let`; empty for leaves.
std::span<const ExprId> Operands(const Program&, const Node&);

// The nodes below `root` and itself, operands first, each once. `done(id)`: leave it and what is
// below out. Iterates: a chain of `let`s may be longer than the stack is deep.
template <typename Done>
std::vector<ExprId> PostOrder(const Program& program, ExprId root, Done done) {
  std::vector<ExprId> order;
  llvm::DenseMap<std::uint32_t, bool> seen;  // true: all below is in `order`
  std::vector<ExprId> stack{root};
  while (!stack.empty()) {
    const ExprId id = stack.back();
    const auto [entry, fresh] = seen.try_emplace(id.value, false);
    if (!fresh || done(id)) {
      if (!entry->second && !done(id)) order.push_back(id);
      entry->second = true;
      stack.pop_back();
      continue;
    }
    const auto operands = Operands(program, program.node(id));
    for (auto it = operands.rbegin(); it != operands.rend(); ++it)
      if (!seen.contains(it->value)) stack.push_back(*it);
  }
  return order;
}

// Immutable once made, but for caches; not thread-safe.
class ProgramIndex {
 public:
  explicit ProgramIndex(const Program& program);

  const Program& program() const { return program_; }
  const table::Fact& fact(FactId f) const { return program_.vocabulary.facts[f.value]; }
  // Follows `let` to what it names.
  ExprId Resolve(ExprId id) const;
  const Node& ResolvedNode(ExprId id) const { return program_.node(Resolve(id)); }
  bool IsBoolean(ExprId id) const;
  // The number that this node always has, where it has one without reading anything.
  std::optional<std::int64_t> Constant(ExprId id) const;
  // Null: the node does not ask a single fact.
  const FactTest* Test(ExprId id) const;
  const Reads& ReadsOf(ExprId id) const;

  FactId role_fact() const { return role_fact_; }
  bool IsRoleFact(FactId f) const { return f == role_fact_; }
  // The closed range of a fact's numbers; 0, 0 where none is known.
  std::pair<std::int64_t, std::int64_t> ValuesOf(FactId f) const;
  // `now` and `role`: always there, and never outside their type.
  bool IsAlwaysGiven(FactId f) const;

  // Atom maps of facts: shared by all matrices, so that an atom means the same everywhere.
  std::vector<table::AtomMap> FactAtomMaps() const;  // by FactId

 private:
  struct Affine {  // factor * fact + offset
    enum Form : std::uint8_t { kNone, kConstant, kFact } form = kNone;
    FactId fact;
    std::int64_t factor = 0, offset = 0;
  };
  void Visit(ExprId id);
  Affine AffineOf(ExprId id) const;
  Affine Combine(const Node& node) const;
  std::optional<FactTest> MakeTest(const Node& node) const;
  std::optional<FactTest> MakeTextTest(const Node& node) const;
  void MarkRoots();

  const Program& program_;
  FactId role_fact_;
  std::vector<bool> visited_;
  std::vector<Affine> affine_;
  llvm::DenseMap<std::uint32_t, std::uint32_t> test_of_;  // by node
  std::vector<FactTest> tests_;
  mutable std::unordered_map<std::uint32_t, Reads> reads_;
};

// The atoms (half-open runs, ascending) whose values lie in one of the intervals, in a map with
// these cuts. REQUIRES: clipped.
std::vector<std::pair<std::uint32_t, std::uint32_t>> AtomsOf(const std::vector<Interval>& intervals,
                                                             const std::vector<std::int64_t>& cuts);
// What of the intervals lies in low..high; with low = high = 0 (no range known) all of it.
std::vector<Interval> Clip(const std::vector<Interval>& intervals, std::int64_t low,
                           std::int64_t high);
// Where intervals cut a domain low..high.
void AddCuts(const std::vector<Interval>& intervals, std::int64_t low, std::int64_t high,
             std::vector<std::int64_t>& cuts);
void SortUnique(std::vector<std::int64_t>& cuts);
// The values v for which node (kEqual, kLess, kLessEqual, kInValues), with `factor * v + offset` as
// left minus right, is true.
std::vector<Interval> SolveComparison(const Node& node, std::int64_t factor, std::int64_t offset);

}  // namespace writ::compiler
