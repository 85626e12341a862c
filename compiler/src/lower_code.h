// Straight-line code for what is worked out: lets, comparisons of two facts, big formulas. Equal
// values are one instruction.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "lower_index.h"
#include "writ/table/model.h"

namespace writ::compiler {

// Whether a missing value is replaced by the one that its fact names (M7.2).
enum class Substitution : std::uint8_t { kOff = 0, kOn = 1 };

// An index into the matrix's code.
using CodeId = std::uint32_t;

// The code of one matrix. Hash-consed: the same operation on the same operands is emitted once, and
// operands of commutative operations are in ascending order.
class CodeBuilder {
 public:
  CodeBuilder(const ProgramIndex& index, CapabilityId capability)
      : index_(index), capability_(capability) {}

  // The value of a number or boolean.
  CodeId Value(ExprId id, Substitution mode);
  // A comparison of two worked-out numbers. `x <= y` and `not (y < x)` are one boolean: `negated`
  // says that the node is its reverse.
  CodeId Comparison(const Node& node, Substitution mode, bool& negated);
  CodeId IsMissing(FactId fact) { return Emit(Op::kIsMissing, fact.value, 0); }
  CodeId IsUnknown(CodeId value) { return Emit(Op::kIsUnknown, value, 0); }
  CodeId And(CodeId a, CodeId b) { return Emit(Op::kAnd, a, b); }
  CodeId Or(CodeId a, CodeId b) { return Emit(Op::kOr, a, b); }

  const std::vector<table::Instruction>& code() const { return code_; }

 private:
  CodeId Emit(Op op, std::uint32_t a, std::uint32_t b, std::int64_t immediate = 0);
  CodeId EmitInstruction(table::Instruction instruction);
  CodeId Constant(std::int64_t number) { return Emit(Op::kConst, 0, 0, number); }
  CodeId Node1(const Node& node, Substitution mode);
  CodeId Fold(Op op, const Node& node, Substitution mode);
  CodeId InValues(const Node& node, Substitution mode);
  CodeId Text(const Node& node, Substitution mode);
  CodeId Matches(const Node& node, Substitution mode);
  CodeId TextConstant(Op op, FactId fact, const std::string& text, Substitution mode);
  CodeId SetHas(const Node& node, Substitution mode);
  CodeId WithSetSubstitute(CodeId has, const table::Fact& set, const Node& member,
                           Substitution mode);
  CodeId FactValue(FactId fact, Substitution mode);
  CodeId RoleIn(const Node& node);
  CodeId Ready(ExprId id, Substitution mode) const;
  bool HasValue(const Node& node) const;

  using Key = std::tuple<Op, std::uint32_t, std::uint32_t, std::int64_t, std::string, bool, bool,
                         std::string, std::string>;
  const ProgramIndex& index_;
  CapabilityId capability_;
  std::vector<table::Instruction> code_;
  std::map<Key, CodeId> known_;
  llvm::DenseMap<std::uint64_t, CodeId> values_;  // by node and mode
};

}  // namespace writ::compiler
