// What stands where: under which delegation or grant a request falls, which clauses are in force
// there, and until when (M4, M11, M15, M16).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "situation.h"
#include "writ/oracle/oracle.h"

namespace writ::oracle {

// M4.1: the delegation or grant under which role and capability stand; null where they stand under
// none.
const Authority* FindAuthority(const Policy& policy, const std::string& role,
                               const std::string& capability);
bool Covers(const Authority& authority, const std::string& capability);

// The clauses in force under `authority`: its own, the guards' and assumptions.
std::vector<const Clause*> ClausesFor(const Policy& policy, const Authority& authority,
                                      const std::string& capability);

// M4.5: guards speak of events whoever acts, a delegation of those of its roles (`role` null: of
// any).
std::vector<const Clause*> ClausesOnEvent(const Policy& policy, const std::string& event,
                                          const std::string* role);

// M15.1: `authority`, and all that is above it for the role and the capability.
std::vector<const Authority*> Chain(const Policy& policy, const Authority& authority,
                                    const std::string& role, const std::string& capability);
// M15.3: the first instant at which the role no longer has the capability from `authority`, if
// there is one.
std::optional<std::int64_t> EndOf(const Policy& policy, const Authority& authority,
                                  const std::string& role, const std::string& capability);

// M16.1: whether the exception is about this clause of this delegation.
bool IsAbout(const Exception& exception, const Authority& authority, const Clause& clause);
// M16.2: whether an exception (but for those in `without`) lifts the clause for this request.
bool IsLifted(const Policy& policy, const Authority& authority, const Clause& clause,
              const Request& request, const Situation& situation,
              const std::set<std::string>& without);

// M11, M17: whether each of the facts that is an input is one of the capability's, or a fact by
// itself.
bool HasInputs(const Policy& policy, const Capability& capability,
               const std::set<std::string>& facts);

}  // namespace writ::oracle
