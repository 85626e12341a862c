// What two tables call by one name, and whether they mean the same by it. The older table's numbers
// are read as those of the newer one; a name that the newer one has no more is what it declares to
// have had it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::certificate {

inline constexpr std::uint32_t kNothing = 0xFFFFFFFFu;

[[nodiscard]] bool IsNow(const runtime::FactView&);
[[nodiscard]] bool IsRole(const runtime::FactView&);
// Facts that the matrix of a capability looks at, and evidence.
struct Reads {
  std::vector<bool> facts, evidence;
};
[[nodiscard]] Reads ReadsOf(const runtime::Table&, runtime::CapabilityId);

class Ties {
 public:
  // `as_read`: values of the older side are those that the newer table reads, whether recorded, of
  // evidence or given.
  Ties(const runtime::Table& before, const runtime::Table& now, bool as_read);

  // Why requests of the two capabilities cannot be laid side by side; empty: they can.
  [[nodiscard]] std::string Differs(runtime::CapabilityId before, runtime::CapabilityId now) const;

  // The newer table's number for the older one's; kNothing: it has none.
  std::vector<std::uint32_t> fact, role, anchor, capability, evidence, pattern;
  // Of an enum's value.
  [[nodiscard]] std::uint32_t Value(runtime::FactId before, std::uint32_t value) const;
  // The same numbers mean the same.
  [[nodiscard]] bool SameNumbers(runtime::FactId before) const;
  [[nodiscard]] bool SameEvidence(runtime::EvidenceId before) const;

 private:
  bool SameKind(runtime::FactId before) const;
  bool SameValues(runtime::FactId before) const;
  bool SameShape(runtime::FactId before, runtime::FactId now) const;
  bool SameMeter(runtime::MeterId before, runtime::MeterId now) const;
  bool SameMonths(std::uint32_t before, std::uint32_t now) const;
  bool SamePattern(std::uint32_t before, std::uint32_t now) const;

  const runtime::Table& before_;
  const runtime::Table& now_;
  const bool as_read_;
};

}  // namespace writ::certificate
