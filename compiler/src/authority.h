// Delegations, grants and guards, with their clauses.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expand.h"
#include "expr.h"

namespace writ::compiler::check {

// Exactly one tree.
struct Owner {
  std::string name;
  const lang::Delegation* delegation = nullptr;
  const lang::Grant* grant = nullptr;
  const lang::Guard* guard = nullptr;
  const lang::Assume* assume = nullptr;
  const ExpandedWord* word = nullptr;
  const lang::Policy* since = nullptr;   // effective for cases since something
  const lang::Policy* tenant = nullptr;  // with a tenant
  std::uint32_t policy = 0;
};

struct Authorities {
  std::vector<Owner> owners;            // ascending by name: the position is the AuthorityId
  std::vector<table::Authority> table;  // by AuthorityId
  std::vector<table::Clause> clauses;   // ascending by name
  std::vector<Authority> authorities;   // delegations and grants
  std::vector<Guard> guards;
  std::vector<Exception> exceptions;
  std::vector<Invariant> ceilings;  // over delegations further down
};

// What a node tree reads, and where it says so first.
struct Reads {
  std::map<std::uint32_t, lang::Span> facts;  // by FactId
  std::map<std::uint32_t, std::pair<FactId, lang::Span>>
      needs;  // input -> the fact through which it is needed
};

class AuthorityChecker {
 public:
  AuthorityChecker(const Words&, const People&, const Deeds&, const Facts&, ExprChecker&,
                   Reporter&);
  // `effective_ms`: what ends before it has expired; nothing if the policy does not say.
  Authorities Run(std::optional<std::int64_t> effective_ms);
  // Reports an input that `condition` needs and one of `capabilities` lacks.
  // Each input that the condition reads is one of each capability.
  [[nodiscard]] bool HasInputs(ExprId condition,
                               const std::vector<CapabilityId>& capabilities) const;
  void RequireInputs(ExprId condition, const std::vector<CapabilityId>& capabilities,
                     std::string_view what);

 private:
  struct Block {  // clauses that stand together
    AuthorityId owner;
    std::uint32_t policy = 0;
    std::string_view name;  // "*", "a+b"
    const std::vector<CapabilityId>* capabilities = nullptr;
    const std::vector<CapabilityId>* ceilings = nullptr;  // what a `ceiling` covers; null: the same
    const lang::Guard* guard = nullptr;
    const LocalLets* outer = nullptr;
    const ExpandedWord* word = nullptr;  // a larger one, of which these are the clauses
    std::string_view kind;               // of all clauses, in their names; empty: each its own
    bool notes = false;  // on events: what would deny is a note, unless it says `else deny`
  };
  enum class Giving : std::uint8_t { kDo, kFreely, kPropose, kAbstain };
  // By (role, capability): who gave it, and where.
  struct Standing {
    AuthorityId authority;
    Giving giving;
    lang::Span span;
  };

  void NameOwners();
  void ReportTaken(const ExpandedWord&, const Owner& other);

  // clauses.cc
  void AddBlock(const Block&, const std::vector<lang::Clause>&, LocalLets& locals,
                std::vector<Clause>& out);
  void CheckLocalLets(const std::vector<const lang::Let*>&, const LocalLets* outer);
  Clause CheckClause(const Block&, const lang::Clause&, const LocalLets& locals,
                     std::uint32_t number);
  bool CountPlacements(const Block&, const lang::Clause&);
  static lang::ClauseKind KindIn(const Block&, const lang::Clause&);
  void CheckKind(const Block&, const lang::Clause&);
  void AddStages(const Block&, const lang::Clause&, std::uint32_t number, std::vector<Clause>& out);
  void CheckApprovals();
  void CheckSigners(const ExpandedApprovals&);
  void CheckEvidenceClause(const Block&, const lang::Clause&, Clause&);
  void CheckSums(const Clause&);
  [[nodiscard]] bool IsStrict(std::uint32_t policy) const;
  void RefuseBareNumbers(const lang::Expr&);
  ClauseId AddTableClause(const Block&, const lang::Clause&, const std::string& number,
                          bool& own_reason);
  AnchorId FindAnchor(const lang::Name&);
  RoleId FindRole(const lang::Name&);
  Reads ReadsOf(ExprId) const;
  void SortClauses();

  // delegations.cc
  void AddDelegation(AuthorityId);
  void AddGrant(AuthorityId);
  std::vector<CapabilityId> Give(const Authority&, const std::vector<lang::Name>&, Giving);
  std::vector<CapabilityId> CanGrant(const lang::Delegation&, bool report);
  void AddAbstentions(const lang::Delegation&, Authority&);
  void CheckRecipients(const lang::Delegation&, Authority&);
  void AddForBlocks(AuthorityId, const LocalLets& outer, Authority&);
  bool CheckCovered(const lang::Delegation&, const lang::ForBlock&, const lang::Name&,
                    const Authority&, CapabilityId, const std::vector<CapabilityId>& granted);
  void CheckQuestions(const lang::Delegation&, const Authority&);
  void CheckDeputy(const lang::Name& anchor, const Authority&);
  std::optional<std::int64_t> ReadWhile(const lang::Literal&, std::uint32_t policy);
  std::optional<std::int64_t> ReadExpiry(const std::optional<lang::Literal>&, std::uint32_t policy,
                                         std::string_view what);
  bool ReportLapse(const lang::Literal& last_day, std::int64_t end_ms, std::uint32_t policy,
                   std::string_view what);

  // chains.cc
  void CheckChains();

  // exceptions.cc
  void AddExceptions();
  void AddException(const lang::Exception&, std::uint32_t policy);
  void CheckRegion(const lang::Expr&, ExprId up_to, const std::vector<Clause*>& lifted);
  std::vector<Clause*> Lifted(const lang::Exception&, const lang::Lift&, Authority&);
  void CheckSigner(const lang::Exception&, const std::vector<Clause*>& lifted, const Authority&);
  [[nodiscard]] static bool Names(const lang::Expr& condition, std::string_view name);
  [[nodiscard]] bool CanBeNamed(std::string_view name) const;

  // guards.cc
  void AddAssumption(AuthorityId);
  void AddCaseStart(AuthorityId);
  void AddTenant(AuthorityId);
  // A denial that stands as that of an assumption does, for every capability.
  void AddBound(AuthorityId, ExprId condition, lang::Span, std::string words, std::string reason);
  void AddGuard(AuthorityId);
  void AddWord(AuthorityId);
  void CheckSides(const ExpandedWord&, const std::vector<std::vector<CapabilityId>>& sides);
  std::vector<CapabilityId> Select(const lang::Guard&, std::uint32_t policy);
  [[nodiscard]] bool Holds(ExprId where, CapabilityId) const;

  [[nodiscard]] const table::Capability& deed(CapabilityId id) const {
    return deeds_.capabilities[id.value];
  }
  [[nodiscard]] lang::Span DeedSpan(CapabilityId id) const {
    return words_.names.deeds[id.value].span;
  }
  [[nodiscard]] bool HasInput(CapabilityId, FactId) const;

  const Words& words_;
  const People& people_;
  const Deeds& deeds_;
  const Facts& facts_;
  ExprChecker& expr_;
  Reporter& reporter_;
  std::optional<std::int64_t> effective_ms_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Standing> standing_;
  std::map<std::uint32_t, const lang::Expr*>
      conditional_;             // by ClauseId before sorting, also where it was refused
  std::size_t placements_ = 0;  // clauses, counted once for each capability
  Authorities out_;
};

[[nodiscard]] runtime::Verdict ConvertVerdict(lang::Verdict);
// Adds what `id` and the lets in it read; each node once.
void CollectReads(ExprId id, const std::vector<Node>& nodes, const std::vector<CheckedLet>& lets,
                  const Facts&, Reads&);

}  // namespace writ::compiler::check
