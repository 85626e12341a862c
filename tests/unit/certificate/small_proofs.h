// A small table with claims that are true and claims that are not, and proofs of the true ones by
// going through all cases: no solver is needed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "writ/certificate/certificate.h"
#include "writ/runtime/table.h"
#include "writ/table/model.h"
#include "writ/table/write.h"

namespace writ::test {

// The tree of all cases of the first `variables`, from its leaves up: that a case cannot be follows from
// its two halves. The root is the empty clause.
inline std::vector<certificate::Clause> AllCases(std::int32_t variables) {
  std::vector<certificate::Clause> steps;
  certificate::Clause path;
  const auto visit = [&](auto self, std::int32_t variable) -> void {
    if (variable <= variables) {
      for (const std::int32_t literal : {-variable, variable}) {
        path.push_back(literal);
        self(self, variable + 1);
        path.pop_back();
      }
    }
    steps.push_back(path);
  };
  visit(visit, 1);
  return steps;
}

// Facts a and b in 0..9, cut at 5. `closed` decides everything, `open` leaves a < 5 and b >= 5;
// `bounded` says of both: never allow where a >= 5, which `closed` keeps and `open` does not.
struct ProvedTable {
  static constexpr std::int32_t kCases = 4;  // the places between atoms: two facts with two each

  ProvedTable() {
    using namespace runtime;
    table::Model m;
    m.policy = "test.certificate";
    m.version = "1.0.0";
    m.zone = "UTC";
    m.roles = {{"clerk", RoleKind::kHuman, "", {}}};
    table::Anchor anchor;
    anchor.name = "desk";
    anchor.held_by = {0};
    m.anchors = {anchor};
    m.authorities = {{"work", AuthorityKind::kDelegation, {0}, {0}}};
    m.invariants = {"bounded"};
    for (const char* name : {"a", "b"}) {
      table::Fact fact;
      fact.name = name;
      fact.type = ValueType::kInteger;
      fact.high = 9;
      m.facts.push_back(fact);
    }
    m.atom_maps = {{AtomMapKind::kCuts, 0, {5}, {}}};
    for (const char* name : {"closed", "open"}) {
      table::Capability capability;
      capability.name = name;
      m.capabilities.push_back(capability);
      const bool closed = m.matrices.empty();
      table::Matrix& matrix = m.matrices.emplace_back();
      for (std::uint32_t fact = 0; fact < 2; ++fact)
        matrix.dimensions.push_back({table::DimensionKind::kFact, fact, {0}});
      const std::vector<bool> missing = {true, false, false}, high = {false, false, true},
                              low = {false, true, false};
      const auto row = [&](Verdict verdict, std::vector<table::Constraint> constraints) {
        table::Column column;
        column.verdict = verdict;
        column.constraints = std::move(constraints);
        if (verdict == Verdict::kAllow) column.anchor = {0}, column.authority = {0};
        matrix.columns.push_back(column);
      };
      row(Verdict::kDeny, {{0, missing}});
      row(Verdict::kDeny, {{1, missing}});
      if (closed) row(Verdict::kDeny, {{0, high}});
      row(Verdict::kAllow, {{0, high}});
      row(Verdict::kAllow, {{0, low}, {1, low}});
      if (closed) row(Verdict::kAllow, {{0, low}, {1, high}});
      row(Verdict::kAllow, {{0, high}});
      matrix.columns.back().kind = ColumnKind::kInvariant;
    }
    bytes = table::WriteTable(m).value();
    if (Table::Open(bytes.data(), bytes.size(), &table).code != OpenCode::kOk) std::abort();
    for (const certificate::Claim& claim : certificate::ClaimsOf(table))
      if (IsTrue(claim)) proofs.push_back({claim, AllCases(kCases)});
    certificate = certificate::WriteCertificate(table, proofs);
  }
  ProvedTable(const ProvedTable&) = delete;
  ProvedTable& operator=(const ProvedTable&) = delete;

  bool IsTrue(const certificate::Claim& claim) const { return claim.capability == "closed"; }

  std::vector<unsigned char> bytes;
  runtime::Table table;
  std::vector<certificate::Proof> proofs;
  std::string certificate;
};

}  // namespace writ::test
