// Trees of the words for who works on what: intents, routes, boundaries.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast_values.h"

namespace writ::lang {

// `decision KEY { owner ROLE  outcomes a, b  evidence E }`: what is settled on the way.
struct Decision {
  Name name;
  std::optional<Name> owner;
  std::vector<Name> outcomes;
  std::optional<Name> evidence;
  Span span;
  friend bool operator==(const Decision&, const Decision&) = default;
};
// `complete by CAP when evidence E and verified`.
struct Completion {
  std::vector<Name> by;
  std::vector<Name> evidence;
  bool verified = false;
  Span span;
  friend bool operator==(const Completion&, const Completion&) = default;
};
enum class IntentClass : std::uint8_t { kExecution, kDecisionSupport, kInformation, kWorkflow };
// `intent NAME { class execution  decision … { … }  complete by … }`: what somebody wants done.
struct Intent {
  Name name;
  std::optional<Text> title;
  std::optional<IntentClass> intent_class;
  std::vector<Decision> decisions;
  std::optional<Completion> complete;
  Span span;
  friend bool operator==(const Intent&, const Intent&) = default;
};
// `route INTENT to ROLE by COORDINATOR`: who works on it.
struct Route {
  Name name;  // of the intent
  std::vector<Name> to;
  std::optional<Name> by;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Route&, const Route&) = default;
};

// `part NAME of ROLE, ROLE`.
struct Part {
  Name name;
  std::vector<Name> roles;
  Span span;
  friend bool operator==(const Part&, const Part&) = default;
};
// `handoff PART to PART by CAP when C`.
struct Handoff {
  Name from, to, by;
  std::optional<Expr> when;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Handoff&, const Handoff&) = default;
};
// `boundary NAME { part …  handoff … }`: a case is in one part at a time, first in the first.
struct Boundary {
  Name name;
  std::optional<Text> title;
  std::vector<Part> parts;
  std::vector<Handoff> handoffs;
  Span span;
  friend bool operator==(const Boundary&, const Boundary&) = default;
};

}  // namespace writ::lang
