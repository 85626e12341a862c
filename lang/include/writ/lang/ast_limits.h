// Trees of the words for what may leave by which channel, what an anchor can answer for, and what
// may be tuned.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast_values.h"

namespace writ::lang {

// In ascending order: what may be known by fewer comes later.
enum class DataClass : std::uint8_t { kPublic, kInternal, kConfidential, kPii, kHealth };

// Of a threshold: `tunable in 100 EUR..300 EUR by 10 EUR`.
struct Tunable {
  Literal low, high;
  std::optional<Literal> step;
  Span span;
  friend bool operator==(const Tunable&, const Tunable&) = default;
};

// `channel NAME { carries up to CLASS  above escalate to ANCHOR }`: what may leave by it.
struct Channel {
  Name name;
  std::optional<Text> title;
  std::optional<DataClass> carries;
  std::optional<Verdict> above;  // not written: deny
  std::optional<Name> anchor;
  Span carries_span, span;
  friend bool operator==(const Channel& a, const Channel& b) {
    return a.name == b.name && a.title == b.title && a.carries == b.carries && a.above == b.above &&
           a.anchor == b.anchor;
  }
};

enum class Above : std::uint8_t { kDeny, kEscalate, kNotify };
// `exposure NAME of ANCHOR { sums amount of CAP, CAP  within 7 days  up to 20_000 EUR  above
// escalate to ANCHOR }`, or with `counts approvals`.
struct Exposure {
  Name name;
  std::vector<Name> of;
  std::optional<Text> title;
  std::optional<Name> sums;  // an input
  std::vector<Name> capabilities;
  bool counts_approvals = false;
  std::optional<Literal> within;  // a duration, or a kWord: the name of a threshold
  std::optional<Literal> up_to;   // likewise, an amount or a count
  std::optional<Above> above;
  std::optional<Name> anchor;
  Span up_to_span, span;
  friend bool operator==(const Exposure& a, const Exposure& b) {
    return a.name == b.name && a.of == b.of && a.title == b.title && a.sums == b.sums &&
           a.capabilities == b.capabilities && a.counts_approvals == b.counts_approvals &&
           a.within == b.within && a.up_to == b.up_to && a.above == b.above && a.anchor == b.anchor;
  }
};

}  // namespace writ::lang
