// Requests that visit the atoms of a capability's matrix, in a seeded order: the same on every
// machine.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "scan_evaluate.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

class Sampler {
 public:
  Sampler(const Program& program, const runtime::Table& table, CapabilityId capability,
          std::vector<RoleId> roles);

  // How many requests visit every atom of every fact and role once.
  std::uint32_t visits() const { return static_cast<std::uint32_t>(visits_.size()); }
  // The i-th visit, the rest drawn at random. Well-formed, with every required input.
  Sample Draw(std::uint32_t i);

 private:
  struct Visit {
    FactId fact;
    SampleValue value;
  };
  std::uint64_t Random(std::uint64_t below) { return below == 0 ? 0 : random_() % below; }
  void AddCandidates(FactId fact);
  void AddNumbers(FactId fact, const std::vector<std::int64_t>& cuts);
  std::vector<std::int64_t> CutsOf(FactId fact) const;
  void DrawEvidence(Sample& sample);

  const Program& program_;
  const runtime::Table& table_;
  CapabilityId capability_;
  std::vector<RoleId> roles_;
  std::vector<FactId> read_;  // everything that the matrix or its clauses ask
  std::vector<EvidenceId> evidence_;
  std::vector<std::vector<SampleValue>> candidates_;  // by FactId
  std::vector<Visit> visits_;
  std::vector<std::int64_t> times_;
  std::mt19937_64 random_{1};
};

}  // namespace writ::compiler
