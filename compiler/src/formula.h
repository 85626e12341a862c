// Three-valued conditions of one capability as box lists over the dimensions of its matrix.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "boxes.h"
#include "llvm/ADT/DenseMap.h"
#include "lower_code.h"
#include "lower_index.h"
#include "writ/table/model.h"

namespace writ::compiler {

// Where a condition is true, false, unknown; not false; not true.
enum class Truth : std::uint8_t {
  kTrue = 0,
  kFalse = 1,
  kUnknown = 2,
  kNotFalse = 3,
  kNotTrue = 4
};

// The dimensions of one matrix, each made when something first asks for it.
class Dimensions {
 public:
  Dimensions(const ProgramIndex& index, CapabilityId capability,
             const std::vector<table::AtomMap>& fact_maps, AtomSets& sets);

  std::uint32_t Fact(
      FactId fact);  // REQUIRES: not of a set type; the role where it is the built-in `role`
  std::uint32_t Role();
  std::uint32_t Evidence(EvidenceId evidence);
  std::uint32_t Boolean(CodeId value);
  std::uint32_t Number(CodeId value);  // its atoms are cut by AddCuts until Seal
  void AddCuts(std::uint32_t number, const std::vector<Interval>& intervals, std::int64_t low,
               std::int64_t high);
  void Seal();  // numbers get their atoms

  bool CanBeMissing(FactId fact) const;
  // The set of atoms for these values.
  SetId Atoms(std::uint32_t d, const std::vector<Interval>& intervals) const;
  SetId Atoms(std::uint32_t d, const std::vector<std::string>& texts) const;
  // All atoms that can occur: without `missing` where that cannot be.
  const std::vector<SetId>& full() const { return full_; }
  const table::AtomMap& map(std::uint32_t d) const { return maps_[d]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(dimensions_.size()); }
  const table::Dimension& operator[](std::uint32_t d) const { return dimensions_[d]; }

 private:
  std::uint32_t Make(table::DimensionKind kind, std::uint32_t index, table::AtomMap map,
                     bool can_be_missing);

  const ProgramIndex& index_;
  const table::Capability& capability_;
  const std::vector<table::AtomMap>& fact_maps_;
  AtomSets& sets_;
  std::map<std::pair<table::DimensionKind, std::uint32_t>, std::uint32_t> known_;
  std::vector<table::Dimension> dimensions_;
  std::vector<table::AtomMap> maps_;
  std::vector<SetId> full_;
  std::vector<std::uint32_t> numbers_;
};

// Conditions of one capability. First `Plan` every condition, so that worked-out numbers are cut
// once; `Seal`; then `Where`.
class Formula {
 public:
  Formula(const ProgramIndex& index, CapabilityId capability,
          const std::vector<table::AtomMap>& fact_maps, AtomSets& sets, std::uint32_t limit);

  void Plan(ExprId condition, Substitution mode);
  void Seal() { dimensions_.Seal(); }

  // An invalid condition is always true. Beyond the limit the condition becomes one worked-out
  // boolean.
  Boxes Where(ExprId condition, Substitution mode, Truth truth);
  // Where the condition is unknown under substitution and a fact that it reads, with this missing
  // word, is missing (M7.3).
  Boxes UnknownFor(ExprId condition, MissingWord word);

  Dimensions& dimensions() { return dimensions_; }
  const Dimensions& dimensions() const { return dimensions_; }
  const BoxAlgebra& algebra() const { return algebra_; }
  const std::vector<table::Instruction>& code() const { return code_.code(); }

 private:
  // A node that asks one dimension.
  struct Leaf {
    bool constant = false, value = false;  // always `value`
    std::uint32_t dimension = 0;
    enum Asks : std::uint8_t { kIntervals, kTexts, kMissing } asks = kIntervals;
    std::vector<Interval> intervals;  // kIntervals: true for these
    const FactTest* test = nullptr;   // kTexts: its texts
    bool negated = false;
    int when_missing = -1;  // -1 unknown, else false or true
  };
  struct Alias {
    ExprId operand;
    bool negated = false;
  };  // `b = true` is b

  static std::uint64_t KeyOf(ExprId id, Substitution mode) {
    return (std::uint64_t{id.value} << 1) | static_cast<std::uint64_t>(mode);
  }
  bool IsJunction(const Node& node) const;
  bool AliasOf(const Node& node, Alias& alias) const;
  Leaf PlanLeaf(ExprId id, Substitution mode);
  Leaf PlanTest(const FactTest& test, Substitution mode);
  Leaf PlanNumber(ExprId number, const std::vector<Interval>& intervals, Substitution mode);
  Leaf PlanComparison(ExprId id, const Node& node, Substitution mode);
  Leaf PlanMissing(FactId fact);
  Leaf PlanBoolean(CodeId value, bool negated, ExprId reads, Substitution mode);
  bool CanBeUnknown(ExprId id, Substitution mode) const;
  Boxes LeafWhere(const Leaf& leaf, Truth truth);
  Boxes Junction(const Node& node, Substitution mode, Truth truth);
  Boxes Direct(ExprId condition, Substitution mode, Truth truth);
  Boxes WorkedOut(ExprId condition, Substitution mode, Truth truth);
  // What has to be there before (id, truth) can be combined.
  void Needs(ExprId id, Truth truth, std::vector<std::pair<ExprId, Truth>>& needs) const;
  const Boxes* Known(ExprId id, Substitution mode, Truth truth) const;

  const ProgramIndex& index_;
  CapabilityId capability_;
  AtomSets& sets_;
  Dimensions dimensions_;
  CodeBuilder code_;
  BoxAlgebra algebra_;
  std::deque<Leaf> leaves_;
  llvm::DenseMap<std::uint64_t, std::uint32_t> leaf_of_;  // by node and mode
  std::deque<Boxes> results_;
  llvm::DenseMap<std::uint64_t, std::uint32_t> result_of_;  // by node, mode and truth
};

}  // namespace writ::compiler
