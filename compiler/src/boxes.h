// Boxes: conjunctions over atom sets, and lists of them (a disjunction), kept short.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "llvm/ADT/SmallVector.h"

namespace writ::compiler {

// An interned set of atoms. Equal sets have equal ids, so comparing boxes is comparing numbers.
using SetId = std::uint32_t;

// Every atom set that one lowering meets, each stored once. Sets do not know their dimension: a set
// of dimension d never holds an atom that d does not have.
class AtomSets {
 public:
  AtomSets();

  SetId Empty() const { return 0; }
  SetId Single(std::uint32_t atom) { return Range(atom, atom + 1); }
  SetId Full(std::uint32_t atom_count) { return Range(0, atom_count); }
  SetId Range(std::uint32_t begin, std::uint32_t end);  // half-open
  SetId Intern(std::span<const std::uint64_t> words);

  SetId And(SetId a, SetId b);
  SetId Or(SetId a, SetId b);
  SetId Minus(SetId a, SetId b);
  bool Subset(SetId a, SetId b) const;
  bool Has(SetId a, std::uint32_t atom) const;
  std::span<const std::uint64_t> Words(SetId a) const {
    return {arena_.data() + sets_[a].offset, sets_[a].count};
  }

 private:
  struct Set {
    std::uint32_t offset, count;
  };
  void Grow();

  std::vector<std::uint64_t> arena_;
  std::vector<Set> sets_;
  std::vector<std::uint32_t> slots_;  // open addressing: id + 1, 0 where free
  std::vector<std::uint64_t> scratch_;
};

// One conjunction: for each dimension that it constrains, ascending, the atoms it admits. Nothing:
// true.
struct Box {
  llvm::SmallVector<std::pair<std::uint32_t, SetId>, 4> parts;
  friend bool operator==(const Box& a, const Box& b) { return a.parts == b.parts; }
};

// A disjunction of boxes. Empty: false. `overflow`: it became longer than allowed, and means
// nothing.
struct Boxes {
  llvm::SmallVector<Box, 2> list;
  bool overflow = false;
  static Boxes True() {
    Boxes all;
    all.list.emplace_back();
    return all;
  }
  static Boxes None() { return {}; }
  static Boxes TooMany() {
    Boxes boxes;
    boxes.overflow = true;
    return boxes;
  }
};

// Combines box lists of one matrix. Every result is without absorbed boxes, and two boxes that
// differ in one dimension only are merged.
class BoxAlgebra {
 public:
  // `full[d]`: all atoms of dimension d. Grows with the matrix, so it is borrowed.
  BoxAlgebra(AtomSets& sets, const std::vector<SetId>& full, std::uint32_t limit)
      : sets_(sets), full_(full), limit_(limit) {}

  // The box that admits `set` of dimension `d`; simplified where that is nothing or everything.
  Boxes Of(std::uint32_t d, SetId set) const;
  Boxes And(const Boxes& a, const Boxes& b) const;
  Boxes Or(const Boxes& a, const Boxes& b) const;
  void Add(Boxes& boxes, Box box) const;

 private:
  bool Intersect(const Box& a, const Box& b, Box& out) const;  // false: nothing in common
  bool Absorbs(const Box& a, const Box& b) const;              // a holds wherever b does
  bool Merge(const Box& a, const Box& b, Box& out) const;

  AtomSets& sets_;
  const std::vector<SetId>& full_;
  std::uint32_t limit_;
};

}  // namespace writ::compiler
