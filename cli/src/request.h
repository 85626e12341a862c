// A request as people and programs write it, and as the runtime takes it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "writ/evals/arguments.h"
#include "writ/evals/values.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::cli {

struct WrittenFact {
  std::string name, value;
  bool missing = false;
};
struct WrittenRequest {
  std::string role, capability;
  std::optional<std::string> now;  // ISO 8601; absent: the clock
  std::vector<WrittenFact> facts;
  std::optional<evals::JsonValue> arguments;  // of the call: what the policy derives inputs from
};

// {"role": "refund_agent", "capability": "issue_refund", "now": "2026-11-02T10:00:00Z",
//  "facts": {"amount": "120 EUR", "confidence": 0.93, "blocked": false, "tags": ["a"], "tier":
//  null}, "arguments": {…}}
// null is missing; the arguments of the call are optional. Unknown keys are refused. The error is a
// sentence.
std::expected<WrittenRequest, std::string> ParseJsonRequest(const std::string& json);

// "amount=120 EUR"; the value `missing` is missing.
std::expected<WrittenFact, std::string> ParsePair(const std::string& pair);

// ROLE CAPABILITY NAME=VALUE… as on the command line; `now` may be empty.
std::expected<WrittenRequest, std::string> WrittenFromWords(const std::vector<std::string>& words,
                                                            const std::string& now);

// The arguments of a call as on the command line; nothing if `json` is empty.
std::expected<void, std::string> TakeArguments(const std::string& json, WrittenRequest&);

// Holds the values that `request` borrows.
class BoundRequest {
 public:
  static std::expected<BoundRequest, std::string> Bind(const runtime::Table&, WrittenRequest);
  // Valid as long as this object stays where it is.
  runtime::Request Get() const;
  // What was wrong with values that are malformed, one sentence each.
  const std::vector<std::string>& malformed() const { return malformed_; }
  const std::vector<runtime::Value>& values() const { return values_; }
  // What was worked out from the arguments.
  const std::vector<evals::DerivedInput>& derived() const { return derived_; }

 private:
  void Derive(const runtime::Table&);

  WrittenRequest written_;
  evals::ValueArena arena_;
  std::vector<runtime::Value> values_;
  std::vector<std::string> malformed_;
  std::vector<evals::DerivedInput> derived_;
  runtime::Request request_;
};

}  // namespace writ::cli
