// Tables by hand, in few words, for the tests of the analysis.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"
#include "writ/table/model.h"
#include "writ/table/write.h"

namespace writ::test {

using namespace writ::runtime;

// SplitMix64: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint32_t Below(std::uint64_t n) { return static_cast<std::uint32_t>(Next() % n); }
  bool Chance(unsigned percent) { return Below(100) < percent; }

 private:
  std::uint64_t state_;
};

// A table and the bytes under it.
struct OpenedTable {
  std::vector<std::uint64_t> bytes;
  Table table;
};

inline std::unique_ptr<OpenedTable> OpenBytes(const std::vector<unsigned char>& bytes) {
  auto opened = std::make_unique<OpenedTable>();
  opened->bytes.resize((bytes.size() + 7) / 8);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<unsigned char*>(opened->bytes.data()));
  const OpenError error = Table::Open(opened->bytes.data(), bytes.size(), &opened->table);
  EXPECT_EQ(error.code, OpenCode::kOk) << "at byte " << error.offset;
  return error.code == OpenCode::kOk ? std::move(opened) : nullptr;
}

inline std::unique_ptr<OpenedTable> OpenModel(const table::Model& model) {
  const auto written = table::WriteTable(model);
  EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().what);
  return written ? OpenBytes(*written) : nullptr;
}

// Grows a model with one capability, `act`, held by the anchors `desk` and, above it, `board`.
class TableBuilder {
 public:
  TableBuilder() {
    m_.policy = "test.policy";
    m_.version = "1.0.0";
    m_.zone = "UTC";
    m_.roles = {{"clerk", RoleKind::kHuman, "", {}}, {"bot", RoleKind::kAgent, "", {0}}};
    for (const char* name : {"desk", "board"}) {
      table::Anchor anchor;
      anchor.name = name;
      anchor.held_by = {0};
      m_.anchors.push_back(anchor);
    }
    m_.anchors[1].below = {{0}};
    m_.authorities = {{"selling", AuthorityKind::kDelegation, {0}, {0}}};
    table::Capability capability;
    capability.name = "act";
    m_.capabilities = {capability};
    m_.matrices.emplace_back();
  }

  table::Model& model() { return m_; }
  table::Matrix& matrix() { return m_.matrices[0]; }

  FactId Fact(std::string name, ValueType type, std::int64_t low, std::int64_t high,
              Source source = Source::kHost) {
    table::Fact fact;
    fact.name = std::move(name);
    fact.type = type;
    fact.source = source;
    fact.low = low;
    fact.high = high;
    m_.facts.push_back(fact);
    return {static_cast<std::uint32_t>(m_.facts.size() - 1)};
  }
  FactId Money(std::string name, std::int64_t high) {
    const FactId id = Fact(std::move(name), ValueType::kMoney, 0, high);
    m_.facts[id.value].unit = "EUR";
    m_.facts[id.value].scale = 2;
    return id;
  }
  FactId Enum(std::string name, std::vector<std::string> values) {
    const FactId id = Fact(std::move(name), ValueType::kEnum, 0, 0);
    m_.facts[id.value].values = std::move(values);
    return id;
  }
  void Sign(FactId fact, bool required) {
    matrix().signature.push_back({fact, required});
    auto& inputs = required ? m_.capabilities[0].inputs : m_.capabilities[0].optional_inputs;
    inputs.push_back(fact);
    m_.facts[fact.value].source = Source::kInput;
  }

  std::uint32_t Dimension(table::DimensionKind kind, std::uint32_t index, table::AtomMap map) {
    m_.atom_maps.push_back(std::move(map));
    const AtomMapId atoms{static_cast<std::uint32_t>(m_.atom_maps.size() - 1)};
    matrix().dimensions.push_back({kind, index, atoms});
    return static_cast<std::uint32_t>(matrix().dimensions.size() - 1);
  }
  std::uint32_t Cuts(FactId fact, std::vector<std::int64_t> cuts) {
    return Dimension(table::DimensionKind::kFact, fact.value,
                     {AtomMapKind::kCuts, 0, std::move(cuts), {}});
  }
  std::uint32_t Direct(FactId fact, std::uint32_t size) {
    return Dimension(table::DimensionKind::kFact, fact.value, {AtomMapKind::kDirect, size, {}, {}});
  }
  std::uint32_t Strings(FactId fact, std::vector<std::string> strings) {
    return Dimension(table::DimensionKind::kFact, fact.value,
                     {AtomMapKind::kStrings, 0, {}, std::move(strings)});
  }
  std::uint32_t Code(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::int64_t immediate = 0) {
    table::Instruction in;
    in.op = op;
    in.a = a;
    in.b = b;
    in.immediate = immediate;
    matrix().code.push_back(in);
    return static_cast<std::uint32_t>(matrix().code.size() - 1);
  }
  std::uint32_t Derived(std::uint32_t instruction) {
    return Dimension(table::DimensionKind::kDerived, instruction,
                     {AtomMapKind::kDirect, 2, {}, {}});
  }
  std::uint32_t RoleDimension() {
    return Dimension(
        table::DimensionKind::kRole, 0,
        {AtomMapKind::kDirect, static_cast<std::uint32_t>(m_.roles.size()) + 1, {}, {}});
  }

  // `atoms` of a dimension as a list: 0 is missing.
  struct Where {
    std::uint32_t dimension;
    std::vector<std::uint32_t> atoms;
  };
  ClauseId Clause(std::string name, std::string words) {
    table::Clause clause;
    clause.name = std::move(name);
    clause.words = std::move(words);
    clause.file = "test.writ";
    clause.line = static_cast<std::uint32_t>(m_.clauses.size() + 1);
    clause.authority = {0};
    m_.clauses.push_back(clause);
    return {static_cast<std::uint32_t>(m_.clauses.size() - 1)};
  }
  std::uint32_t Column(Verdict verdict, ClauseId clause, const std::vector<Where>& where,
                       std::uint8_t flags = 0, AnchorId anchor = {}) {
    table::Column column;
    column.verdict = verdict;
    column.flags = flags;
    column.clause = clause;
    column.anchor = anchor;
    column.authority = {0};
    for (const Where& w : where) {
      table::Constraint constraint;
      constraint.dimension = w.dimension;
      constraint.atoms.assign(
          m_.atom_maps[matrix().dimensions[w.dimension].atoms.value].atom_count(), false);
      for (const std::uint32_t a : w.atoms) constraint.atoms[a] = true;
      column.constraints.push_back(constraint);
    }
    matrix().columns.push_back(column);
    return static_cast<std::uint32_t>(matrix().columns.size() - 1);
  }

  std::unique_ptr<OpenedTable> Open() const { return OpenModel(m_); }

 private:
  table::Model m_;
};

}  // namespace writ::test
