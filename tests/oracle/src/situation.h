// A request among the events before it: what each name is worth (M1, M7, M8, M9), and whether a
// condition is true, false or unknown.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "writ/oracle/oracle.h"

namespace writ::oracle {

// True, false, or nothing: unknown.
using Truth = std::optional<bool>;

class Situation {
 public:
  // All three must outlive it. `history` may be null: no session.
  Situation(const Policy& policy, const Request& request, const History* history);

  // Given, but no value of the fact's type (M6.2).
  bool IsMalformed(const std::string& fact) const;
  // The fact's value before substitution; nothing if it is missing.
  std::optional<Value> ValueOf(const std::string& fact) const;
  bool IsFresh(const std::string& evidence) const;

  // `substitute`: whether values stand in for missing facts (M7.2).
  Truth Evaluate(const Condition& condition, bool substitute) const;
  // What the clause is about: its condition, and of an obligation that it is broken.
  Truth Concerned(const Clause& clause, bool substitute) const;
  // M7.3, for a condition that is unknown: whether the strictest word is `deny`.
  bool UnknownMeansDeny(const Condition& condition) const;

  const Capability& capability() const { return capability_; }

 private:
  using Maybe = std::optional<Value>;
  std::optional<Value> KeyValue(const std::string& key) const;
  bool IsInput(const std::string& fact) const;
  Maybe GivenValue(const std::string& fact) const;
  MissingWord WordOf(const std::string& fact) const;

  // situation_meter.cc
  Maybe MeterValue(const Meter& meter) const;
  Maybe RecordedValue(const Meter& meter) const;
  std::int64_t StartOf(const Window& window) const;
  bool Concerns(const Meter& meter, const Request& event) const;
  bool SameKeys(const Meter& meter, const Request& event) const;
  History AfterTheLatest(const Meter& meter) const;

  // situation_obligation.cc
  Truth AboveZero(const std::string& meter) const;
  Truth Broken(const Obligation& obligation, bool substitute) const;

  // situation_approval.cc
  Truth Needed(const Stage& stage, bool substitute) const;
  Truth Settled(const Stage& stage, bool substitute) const;
  Truth Granted(const std::string& approvals, bool substitute) const;
  Truth Asked(const std::string& approvals, std::size_t stage, bool substitute) const;

  // situation_condition.cc
  Maybe Worth(const Expr& expr, const Lets& lets, bool substitute) const;
  Maybe NameWorth(const std::string& name, const Lets& lets, bool substitute) const;
  Maybe Compared(const Expr& expr, const Lets& lets, bool substitute) const;
  Maybe Calculated(const Expr& expr, const Lets& lets, bool substitute) const;
  Maybe Joined(const Expr& expr, const Lets& lets, bool substitute) const;
  Maybe Contained(const Expr& expr, const Lets& lets, bool substitute) const;
  Maybe LookedUp(const Expr& expr, const Lets& lets, bool substitute) const;

  const Policy& policy_;
  const Request& request_;
  const History* history_;
  const Capability& capability_;
};

// Kleene's.
Truth Not(Truth a);
Truth Both(Truth a, Truth b);
Truth Either(Truth a, Truth b);

// The names that a condition names directly: of facts, lets, thresholds and meters, and bare words.
std::set<std::string> NamesIn(const Expr& expr);

}  // namespace writ::oracle
