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

// The tree of all cases of the first `variables`, from its leaves up: that a case cannot be follows
// from its two halves. The root is the empty clause.
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
inline table::Model SmallModel() {
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
  return m;
}

// The next version: `closed` denies a >= 5 by two rows, cut at 7, which changes nothing; `open`
// allows all that is not missing, and has it noted.
inline table::Model NextModel() {
  using namespace runtime;
  table::Model m = SmallModel();
  m.version = "2.0.0";
  m.atom_maps.push_back({AtomMapKind::kCuts, 0, {5, 7}, {}});
  std::vector<table::Column>& closed = m.matrices[0].columns;
  m.matrices[0].dimensions[0].atoms = {1};
  for (table::Column& column : closed) {
    for (table::Constraint& constraint : column.constraints)
      if (constraint.dimension == 0) constraint.atoms.push_back(constraint.atoms[2]);
  }
  closed.insert(closed.begin() + 2, closed[2]);
  closed[2].constraints[0].atoms[2] = false;
  closed[3].constraints[0].atoms[3] = false;
  table::Column& allows = m.matrices[1].columns[3];
  allows.constraints.pop_back();
  table::Column note = m.matrices[1].columns.back();
  note.kind = ColumnKind::kNote;
  m.matrices[1].columns.push_back(note);
  return m;
}

// Where a >= 5 is asked about, of both.
inline table::Model ConditionModel() {
  table::Model m = SmallModel();
  for (table::Matrix& matrix : m.matrices)
    matrix.columns.erase(matrix.columns.begin(), matrix.columns.end() - 1);
  return m;
}

// What `closed` allows, `open` may deny, and never escalates; with more of a, `closed` is decided
// no less strictly, and with less it is.
inline table::Model RelatedModel() {
  using namespace runtime;
  table::Model m = SmallModel();
  table::Relation relation;
  relation.invariant = 1;
  relation.kind = RelationKind::kImplies;
  relation.capability = {{{0}, {1}}};
  relation.verdict = {Verdict::kAllow, Verdict::kAllow};
  m.relations.push_back(relation);
  relation.kind = RelationKind::kDisjoint;
  relation.verdict[1] = Verdict::kEscalate;
  m.relations.push_back(relation);
  relation.kind = RelationKind::kMonotone;
  relation.capability = {{{0}, {0}}};
  relation.fact = {0};
  m.relations.push_back(relation);
  relation.falling = true;
  m.relations.push_back(relation);
  m.invariants.emplace_back("related");
  table::Column condition;
  condition.kind = ColumnKind::kInvariant;
  condition.name = 1;
  m.matrices[0].columns.push_back(condition);
  return m;
}

// Proves the true ones of some claims, by all cases.
class ProvedClaims {
 public:
  virtual ~ProvedClaims() = default;
  ProvedClaims(const ProvedClaims&) = delete;
  ProvedClaims& operator=(const ProvedClaims&) = delete;

  [[nodiscard]] virtual bool IsTrue(const certificate::Claim&) const = 0;
  [[nodiscard]] virtual const certificate::About& about() const = 0;

  std::vector<certificate::Proof> proofs;
  std::string certificate;

 protected:
  ProvedClaims() = default;
  void Prove(const std::vector<certificate::Claim>& claims, std::int32_t cases) {
    for (const certificate::Claim& claim : claims)
      if (IsTrue(claim)) proofs.push_back({claim, AllCases(cases)});
    certificate = certificate::WriteCertificate(about(), proofs);
  }
  static table::WrittenTable Opened(const table::Model& model) {
    auto opened = table::WriteAndOpen(model);
    if (!opened) std::abort();
    return std::move(*opened);
  }
};

class ProvedTable : public ProvedClaims {
 public:
  static constexpr std::int32_t kCases = 4;  // the places between atoms: two facts with two each

  ProvedTable() { Prove(certificate::ClaimsOf(about_), kCases); }
  bool IsTrue(const certificate::Claim& claim) const override {
    return claim.capability == "closed";
  }
  const certificate::About& about() const override { return about_; }

 private:
  const table::WrittenTable written_ = Opened(SmallModel());
  const certificate::About about_{written_.table};
};

class ProvedAnswers : public ProvedClaims {
 public:
  ProvedAnswers() {
    about_.questions = {{"never allow a big one", &condition_.table, {runtime::Verdict::kAllow}},
                        {"always allow a big one",
                         &condition_.table,
                         {runtime::Verdict::kEscalate, runtime::Verdict::kDeny}}};
    Prove(certificate::ClaimsOf(about_), ProvedTable::kCases);
  }
  // `open` allows a big one, unless b is missing.
  bool IsTrue(const certificate::Claim& claim) const override {
    if (claim.kind != certificate::ClaimKind::kAsked) return claim.capability == "closed";
    if (claim.verdict == runtime::Verdict::kEscalate) return true;
    return claim.verdict == runtime::Verdict::kAllow && claim.capability == "closed";
  }
  const certificate::About& about() const override { return about_; }

 private:
  const table::WrittenTable written_ = Opened(SmallModel()), condition_ = Opened(ConditionModel());
  certificate::About about_{written_.table};
};

class ProvedRelations : public ProvedClaims {
 public:
  static constexpr std::int32_t kCases = 6;  // one of the facts twice

  ProvedRelations() {
    std::vector<certificate::Claim> claims = certificate::ClaimsOf(about_);
    std::erase_if(claims, [](const certificate::Claim& claim) {
      return claim.kind != certificate::ClaimKind::kRelated;
    });
    Prove(claims, kCases);
  }
  bool IsTrue(const certificate::Claim& claim) const override {
    if (claim.kind != certificate::ClaimKind::kRelated) return claim.capability == "closed";
    return claim.relation == 1 || claim.relation == 2;
  }
  const certificate::About& about() const override { return about_; }

 private:
  const table::WrittenTable written_ = Opened(RelatedModel());
  const certificate::About about_{written_.table};
};

class ProvedComparison : public ProvedClaims {
 public:
  static constexpr std::int32_t kCases = 5;  // one of the facts has a cut more

  ProvedComparison() {
    std::vector<certificate::Claim> claims = certificate::ClaimsOf(about_);
    for (certificate::Claim& claim : claims)
      if (claim.capability == "open" && claim.kind == certificate::ClaimKind::kAlike)
        claim.regions = {{certificate::Region::kNoRow, 3}};
    Prove(claims, kCases);
  }
  // What nothing decided in `open` is allowed now; rows without a clause are one with others of
  // their outcome.
  bool IsTrue(const certificate::Claim& claim) const override {
    if (claim.capability == "closed") return true;
    return claim.kind == certificate::ClaimKind::kAlike &&
           std::ranges::any_of(claim.regions, [](const certificate::Region& region) {
             return region.before == certificate::Region::kNoRow &&
                    (region.now == 2 || region.now == 3);
           });
  }
  const certificate::About& about() const override { return about_; }

 private:
  const table::WrittenTable older_ = Opened(SmallModel()), newer_ = Opened(NextModel());
  const certificate::About about_{older_.table, newer_.table};
};

}  // namespace writ::test
