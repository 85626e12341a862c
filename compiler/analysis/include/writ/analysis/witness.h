// A concrete request that answers a question, in plain values and in the policy's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/bits.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// The value of one fact, owned.
struct ConcreteValue {
  runtime::ValueKind kind = runtime::ValueKind::kMissing;
  std::int64_t number = 0;
  std::string text;
  std::vector<std::string> texts;
  friend bool operator==(const ConcreteValue&, const ConcreteValue&) = default;
};

struct Witness {
  runtime::CapabilityId capability;
  runtime::RoleId role;  // invalid: a role that the table does not know
  std::int64_t now_ms = 0;
  bool as_in_force = false;
  std::vector<ConcreteValue> values;  // one per fact of the table
  // What has to be as it is for the answer to hold; the rest may be anything that the question
  // allows. In the order in which people read: inputs as the capability declares them, then other
  // facts by name.
  std::vector<runtime::FactId> matters;
  std::vector<runtime::EvidenceId> evidence_matters;
  std::vector<bool> evidence_fresh;  // beside evidence_matters
  bool role_matters = false;
  bool now_matters = false;
  // Confirmed by the runtime: what `Match` said.
  runtime::Decision decision;
  ColumnSet columns;  // all that hold
};

// A request that borrows the witness's values: keep both alive while it is used.
class WitnessRequest {
 public:
  explicit WitnessRequest(const Witness&);
  WitnessRequest(const WitnessRequest&) = delete;
  WitnessRequest& operator=(const WitnessRequest&) = delete;
  const runtime::Request& request() const { return request_; }

 private:
  std::vector<runtime::Value> values_;
  std::vector<std::vector<std::string_view>> texts_;
  runtime::Request request_;
};

// In the policy's spelling: `200.01 EUR`, `5_000 EUR`, `0.90`, `90 minutes`,
// `2026-10-01T08:30:00Z`, `fraud_hold`, `true`, `"A1"`, `missing`.
std::string FormatValue(const runtime::Table&, runtime::FactId, const ConcreteValue&);
std::string FormatNumber(runtime::ValueType, std::string_view unit, std::uint8_t scale,
                         std::int64_t number);
// "10 minutes"; where there are months, "2 months" or "1 year".
std::string FormatWindow(std::int64_t ms, std::uint32_t months);

// What matters: `amount = 200.01 EUR, confidence = 0.90, evidence order_lookup is not fresh, role =
// refund_agent`. Empty where nothing matters: any request will do.
std::string Describe(const runtime::Table&, const Witness&);

// Every fact that the capability reads, in the same spelling.
std::string DescribeAll(const runtime::Table&, const Witness&);

// The sentence for a decision: `allow`, `escalate to board`, `deny (missing input amount)`.
std::string DescribeDecision(const runtime::Table&, const runtime::Decision&);

}  // namespace writ::analysis
