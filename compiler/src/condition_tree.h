// The conditions of a clause, and the clause with one of them settled.
#pragma once

#include <cstdint>
#include <vector>

#include "writ/compiler/program.h"

namespace writ::compiler {

// The boolean structure of a condition as a tree: each place where a comparison, fact or the like
// stands is a condition of its own, also where the same words stand twice. What a `let` names is a
// part of the tree, as long as that keeps it small; else the name is one condition.
class ConditionTree {
 public:
  // Borrows the program until it is gone; nodes may be added to it meanwhile.
  ConditionTree(const Program& program, ExprId root);

  struct Condition {
    ExprId expr;           // as written; its span says where
    bool negated = false;  // below an odd number of `not`s
    std::uint32_t part = 0;
  };
  // In the order of the text. Constants are none.
  const std::vector<Condition>& conditions() const { return conditions_; }
  bool too_large() const { return too_large_; }

  // The whole, with this condition replaced by a constant. Adds nodes.
  ExprId Settled(Program& program, const Condition& condition, bool value) const;

 private:
  struct Part {
    ExprId expr;                // an and, an or, a not of them, or a condition
    std::uint32_t parent = 0;   // of the root: itself
    std::uint32_t operand = 0;  // of the parent
    bool negated = false;
  };
  bool Expand(ExprId root, bool through_lets, std::size_t most);
  ExprId Named(ExprId id, bool through_lets) const;
  bool IsJunction(ExprId id, bool through_lets) const;
  bool IsConstant(ExprId id) const;

  const Program& program_;
  std::vector<Part> parts_;
  std::vector<Condition> conditions_;
  bool too_large_ = false;
};

}  // namespace writ::compiler
