// Trees of the words for how things are carried out: sandboxes, skills, breakers, retries.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast_values.h"

namespace writ::lang {

enum class NetworkUse : std::uint8_t { kNone, kOutbound, kInbound /* refused by the checker */ };
// `sandbox NAME { image sha256:…  cpu 2  memory 2GiB  processes 64  time 10 minutes  network none
// mounts none }`: what code has around it while it runs.
struct Sandbox {
  Name name;
  std::optional<Text> title;
  std::optional<Text> image;  // a digest, `sha256:…`, or a tag, which the checker refuses
  std::optional<Literal> cpu, memory, processes, time;
  std::optional<NetworkUse> network;
  std::vector<Text> hosts;  // kOutbound
  bool no_mounts = false;   // `mounts none`
  std::vector<Text> mounts;
  Span network_span, mounts_span, span;
  friend bool operator==(const Sandbox& a, const Sandbox& b) {
    return a.name == b.name && a.title == b.title && a.image == b.image && a.cpu == b.cpu &&
           a.memory == b.memory && a.processes == b.processes && a.time == b.time &&
           a.network == b.network && a.hosts == b.hosts && a.no_mounts == b.no_mounts &&
           a.mounts == b.mounts;
  }
};

// `skill NAME 1.1.0 for ROLE { uses CAP  pins sha256:…  tested by "…" }`.
struct Skill {
  Name name;
  Text version;
  std::vector<Name> roles;
  std::optional<Text> title;
  std::vector<Name> uses;
  std::vector<Text> pins;       // digests of what it says to a model
  std::vector<Text> tested_by;  // suites
  Span span;
  friend bool operator==(const Skill&, const Skill&) = default;
};

// `breaker NAME { for CAP  trips after 5 failures within 1 minute  while open deny }`.
struct Breaker {
  Name name;
  std::optional<Text> title;
  std::vector<Name> capabilities;
  std::optional<Literal> failures;  // a count, or a kWord: the name of a threshold
  std::optional<Literal> within;    // likewise, a duration
  std::optional<Verdict> open;
  std::optional<Name> anchor;
  Span span;
  friend bool operator==(const Breaker&, const Breaker&) = default;
};

// Of a capability: `runs code in SANDBOX`.
struct RunsCode {
  std::optional<Name> sandbox;  // without one: refused by the checker
  Span span;
  friend bool operator==(const RunsCode&, const RunsCode&) = default;
};
// Of a capability: `retry 3 times within 10 minutes`.
struct Retry {
  Literal times;  // a count, or a kWord
  Literal within;
  Span span;
  friend bool operator==(const Retry&, const Retry&) = default;
};

}  // namespace writ::lang
