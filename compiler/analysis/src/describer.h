// Columns and conditions in policy words; used by the rows of a diff and by the page of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "space_impl.h"

namespace writ::analysis {

// `kExact` says each bound as the table holds it: `amount >= 200.01 EUR`. `kPlain` is for people:
// `amount > autonomy (200 EUR)`, `amount > order.total` instead of `not (amount <= order.total)`.
enum class Wording : std::uint8_t { kExact, kPlain };

// A name and what it stands for, in the policy's spelling.
struct NamedValue {
  std::string name, value;
};

// Borrows the space.
class Describer {
 public:
  explicit Describer(const Space::Impl& space, Wording wording = Wording::kExact);

  std::string Column(std::uint32_t c) const;
  // `escalate to board`, `region everyday`.
  std::string Outcome(const runtime::ColumnView& column) const;
  // What a dimension says where it is one of `atoms`. kPlain: bounds that have one of `names` are
  // said by name.
  std::string Condition(std::uint32_t d, const AtomSet& atoms,
                        const std::vector<NamedValue>& names = {}) const;

 private:
  using Names = std::vector<NamedValue>;
  // How a number is written: bare, as a value of a fact, or as what lies between two instants.
  struct Digits {};
  struct Elapsed {};
  using Format = std::variant<Digits, runtime::FactId, Elapsed>;
  struct Subject {  // what a condition is about
    std::string name;
    Format format;
  };

  std::string WithMissing(std::uint32_t d, const Subject&, const AtomSet& atoms,
                          const Names&) const;
  std::string Values(std::uint32_t d, const Subject&, const AtomSet& atoms, const Names&) const;
  // A bound that is the end of the type says nothing.
  Range Clip(const DimensionInfo& info, Range range) const;
  std::string Compare(const Subject&, Range range, const Names&) const;
  std::string CompareBound(const Subject&, std::int64_t bound, bool upper, const Names&) const;
  std::string Value(const Format&, std::int64_t number) const;
  bool IsInstant(std::uint32_t i) const;
  std::string Strings(runtime::AtomMapId id, const std::string& name, const AtomSet& atoms) const;
  std::string Roles(std::uint32_t d, const AtomSet& atoms) const;

  // Worked-out values.
  std::string PlainDerived(std::uint32_t d, const AtomSet& atoms, const Names&) const;
  std::string Negated(std::uint32_t i) const;
  std::string FactsOf(std::uint32_t value) const;
  // A lookup table, in cells and keys: `{ yes: 30 EUR, no: 0.50 EUR }` and `agreed`.
  struct Lookup {
    std::string cells, keys;
    [[nodiscard]] std::string Text() const { return cells + "(" + keys + ")"; }
  };
  // The keys of a cell, and what stands in it.
  struct LookupCell {
    std::string key, value;
    std::uint32_t cell = 0;
  };
  std::optional<Lookup> LookupOf(std::uint32_t i, const Format&, std::uint32_t most_keys = 2) const;
  std::optional<LookupCell> CellOf(std::uint32_t i) const;
  // A constant is written as a value of what stands beside it, and so are cells.
  std::string Operand(std::uint32_t i, std::uint32_t beside) const;
  void Write(std::uint32_t i);
  std::string Fact(std::uint32_t fact) const;
  std::string Number(std::uint32_t fact) const;
  std::string Binary(const runtime::InstructionView& in, const char* between) const;
  std::string TextOperand(std::uint32_t fact, bool substitute, std::string_view text) const;
  std::string Expression(std::uint32_t i, const runtime::InstructionView& in);

  const Space::Impl& s_;
  Wording wording_;
  std::vector<std::string> text_;  // by instruction
  std::vector<Format> format_;     // by instruction
};

}  // namespace writ::analysis
