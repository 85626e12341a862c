// Reading the dumped syntax tree, in three steps: declarations by name, then conditions, then
// clauses.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "writ/oracle/policy.h"

namespace writ::oracle {

using Json = nlohmann::json;

std::string TextOf(const Json& object, const char* key);  // "" if absent
std::vector<std::string> NamesOf(const Json& object, const char* key);
bool FlagOf(const Json& object, const char* key);

// Small pieces of conditions, and a fact from the host.
Expr Made(Op op, std::vector<Expr> operands);
Expr Reading(const std::string& name);
Expr Constant(Value value);
Fact FromHost(const std::string& name, TypeKind kind);

// What one file says about dates holds in that file's zone.
struct Loader {
  Policy& policy;
  std::string zone;
  std::string effective;  // a date; empty: not said

  // load_types.cc
  Type ReadType(const Json& type) const;
  Value ReadLiteral(const Json& literal) const;
  std::int64_t ReadDuration(const Json& literal) const;
  Window ReadWindow(const Json& literal) const;
  std::map<std::string, Json> aliases;  // `type NAME = …`

  // load_condition.cc
  Expr ReadExpr(const Json& expr);
  Expr OfTheCase(const std::string& function, const std::string& target);
  void SpellOutGroups(Expr& expr) const;
  Condition ReadCondition(const Json& expr, std::shared_ptr<const Lets> lets);

  // load_declarations.cc
  void ReadDeclaration(const Json& declaration);
  void ReadFacts(const Json& facts);
  void ReadCapability(const Json& capability);
  void ReadMeter(const Json& meter);
  void ReadLookup(const Json& lookup);
  void ReadRole(const Json& role);
  void ReadModes(const Json& modes);

  // load_clauses.cc
  void ReadDelegation(const Json& delegation);
  std::int64_t ReadEnd(const Json& expires) const;
  void ReadGrant(const Json& grant);
  void ReadGuard(const Json& guard);
  void ReadException(const Json& exception);
  void ReadAssume(const Json& assume);
  void ReadCaseStart(const Json& policy);
  void ReadTenant(const Json& policy);

  // load_record.cc
  void ReadConsent(const Json& consent);
  void ReadMemory(const Json& memory);
  void ReadPromotion(const Json& promotion);
  void CloseVaults();
  void ReadBudget(const Json& budget);
  void ReadHandOver(const Json& capability);

  // load_coordination.cc
  void DenyWhere(const std::string& name, std::set<std::string> targets, Expr,
                 const std::string& reason);
  std::set<std::string> Deeds(bool acts_only) const;
  void ReadIntentFacts(const Json& intent);
  void ReadIntent(const Json& intent);
  void ReadRoute(const Json& route);
  void ReadBoundary(const Json& boundary);

  // load_execution.cc
  void ReadRetry(const Json& capability);
  void ReadSandbox(const Json& sandbox);
  void ReadSkill(const Json& skill);
  void ReadBreaker(const Json& breaker);

  // load_interruptions.cc
  void ReadHook(const Json& hook);
  void ReadCheckpoint(const Json& checkpoint);
  void ReadCompaction(const Json& compaction);

  // load_models.cc
  void ReadModelClasses(const Json& models);
  void ReadModels(const Json& models);

  // load_limits.cc
  void ReadChannel(const Json& channel);
  void ReadExposure(const Json& exposure);
  void CloseExposures();
  std::vector<Json> loads;  // exposures that count approvals

  Expr ReadAmount(const Json& literal);
  void Declare(Fact fact);
  // Of promotions: name, the system of the record, title.
  std::vector<std::tuple<std::string, std::string, std::string>> vaults;

  // load_obligations.cc
  void ReadSeparate(const Json& separate);
  void ReadSequence(const Json& sequence);
  void ReadApprovals(const Json& approvals);
  // M33.3: the rows of `require approval`, without names.
  std::vector<Clause> ReadStages(const Json& clause);
  Clause ReadObligation(const Json& obligation, const Json& sequence);
  // What is counted of `target` in a case; the name of the meter.
  std::string Count(const std::string& function, const std::string& target, const Json& obligation,
                    bool within);
  // What is decided where an obligation of these targets is broken (M32.2).
  ClauseKind Consequence(const std::string& word, const std::set<std::string>& targets) const;
  void ReadInvariant(const Json& invariant);
  // The clauses of one block: numbered by kind from 1, their lets in force for all of them.
  std::vector<Clause> ReadBlock(const Json& clauses, const std::string& owner,
                                const std::string& block, const std::set<std::string>& capabilities,
                                std::shared_ptr<const Lets> outer);
  Clause ReadClause(const Json& clause, std::shared_ptr<const Lets> lets);
  // M4.3 and M15.4: of the capabilities that a block is for (all of `delegation` at its top), those
  // that this kind of clause can reach.
  void Confine(Clause& clause, const Authority& delegation) const;
  // Groups stand for their members (M4.1).
  std::set<std::string> Expand(const std::vector<std::string>& names) const;
};

// A condition that is true: of all its parts, and there are none yet.
Condition Always();
// Whether `high` is above `low` in the reporting line.
bool StandsAbove(const Policy& policy, const std::string& high, const std::string& low);
// M33.4, before anchors are ranked.
void ImplyAnchors(Policy& policy);
// M3.2, from anchors and reporting lines.
void RankAnchors(Policy& policy);
// What exists without being declared: `now`, `role`, `evidence.E`, … (M1).
void AddBuiltInFacts(Policy& policy);
// What each condition and each capability reads, once all is known (M1.3).
void SettleReads(Policy& policy);
// Types of meters, once inputs are known (M9.5).
void AddMeterFacts(Policy& policy);

}  // namespace writ::oracle
