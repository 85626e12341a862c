// Names of what gates are made of, from the one list.
#pragma once

#include <string_view>
#include <vector>

#include "writ/evals/gate.h"

namespace writ::evals {

template <typename Enum>
struct NamedValue {
  std::string_view name;
  Enum value;
};

inline const std::vector<NamedValue<GateKind>>& GateKinds() {
  static const std::vector<NamedValue<GateKind>> all = {
#define WRIT_GATE_KIND(Name, word) {word, GateKind::Name},
#include "gate_names.def"
  };
  return all;
}
inline const std::vector<std::string_view>& GateKindsNotYet() {
  static const std::vector<std::string_view> all = {
#define WRIT_GATE_KIND_NOT_YET(word) word,
#include "gate_names.def"
  };
  return all;
}
inline const std::vector<NamedValue<Tier>>& Tiers() {
  static const std::vector<NamedValue<Tier>> all = {
#define WRIT_GATE_TIER(Name, word) {word, Tier::Name},
#include "gate_names.def"
  };
  return all;
}
inline const std::vector<NamedValue<Property>>& Properties() {
  static const std::vector<NamedValue<Property>> all = {
#define WRIT_GATE_PROPERTY(Name, word) {word, Property::Name},
#include "gate_names.def"
  };
  return all;
}

template <typename Enum>
std::string_view NameOf(const std::vector<NamedValue<Enum>>& all, Enum value) {
  for (const NamedValue<Enum>& entry : all) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

}  // namespace writ::evals
