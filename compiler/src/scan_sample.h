// Requests that visit the atoms of a capability's matrix, in a seeded order: the same on every
// machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "scan_evaluate.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

// What the samplers of all capabilities share.
class SampleDomain {
 public:
  SampleDomain(const Program& program, const runtime::Table& table);

  const Program& program() const { return program_; }
  // Both ends of each atom; missing is not among them.
  const std::vector<SampleValue>& ValuesOf(FactId fact) const { return values_[fact.value]; }
  // What regions, invariants and evidence read, whatever the capability.
  const std::vector<FactId>& always_read() const { return always_read_; }
  const std::vector<std::int64_t>& times() const { return times_; }
  FactId now() const { return now_; }

 private:
  void AddValues(FactId fact, const std::vector<std::int64_t>& cuts,
                 const std::vector<std::string>& texts);
  void AddNumbers(FactId fact, const std::vector<std::int64_t>& cuts);

  const Program& program_;
  std::vector<std::vector<SampleValue>> values_;  // by FactId
  std::vector<FactId> always_read_;
  std::vector<std::int64_t> times_;
  FactId now_;
};

class Sampler {
 public:
  // Borrows the domain.
  Sampler(const SampleDomain& domain, const runtime::Table& table, CapabilityId capability,
          std::vector<RoleId> roles);

  // How many requests visit every atom of every fact once.
  std::uint32_t visits() const { return static_cast<std::uint32_t>(visits_.size()); }
  // The i-th visit, the rest drawn at random. Well-formed, with every required input.
  Sample Draw(std::uint32_t i);

 private:
  std::uint64_t Random(std::uint64_t below) { return below == 0 ? 0 : random_() % below; }
  bool Required(FactId fact) const;
  // The k-th value; beyond the last: missing.
  SampleValue ValueOf(FactId fact, std::uint64_t k) const;
  void DrawEvidence(Sample& sample);

  const SampleDomain& domain_;
  CapabilityId capability_;
  std::vector<RoleId> roles_;
  std::vector<FactId> read_;  // everything that the matrix or its clauses ask
  std::vector<std::pair<FactId, std::uint32_t>> visits_;
  std::mt19937_64 random_{1};
};

}  // namespace writ::compiler
