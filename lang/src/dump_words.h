// How a dump spells the enums of the tree.
#pragma once

#include <array>
#include <string_view>

#include "writ/lang/ast.h"

namespace writ::lang {

// Each list is in the order of the enumerators.

template <typename T>
inline constexpr std::array<std::string_view, 0> kWords = {};
template <>
inline constexpr std::array kWords<LiteralKind> =
    std::to_array<std::string_view>({"bool", "number", "money", "duration", "date", "timestamp",
                                     "text", "word", "missing", "words"});
template <>
inline constexpr std::array kWords<TypeKind> =
    std::to_array<std::string_view>({"bool", "integer", "decimal", "money", "duration", "time",
                                     "id", "text", "role", "set", "enum", "named"});
template <>
inline constexpr std::array kWords<ExprKind> = std::to_array<std::string_view>(
    {"or", "and", "not", "compare", "in_set", "in_range", "in", "is_missing", "matches",
     "starts_with", "add", "subtract", "multiply", "negate", "call", "name", "literal"});
template <>
inline constexpr std::array kWords<CompareOp> = std::to_array<std::string_view>(
    {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"});
template <>
inline constexpr std::array kWords<SourceKind> = std::to_array<std::string_view>(
    {"host", "evidence", "header", "meter", "principal", "tool", "model", "claimed"});
template <>
inline constexpr std::array kWords<MissingWord> =
    std::to_array<std::string_view>({"deny", "escalate", "value"});
template <>
inline constexpr std::array kWords<RoleKind> =
    std::to_array<std::string_view>({"human", "agent", "coordinator", "party"});
template <>
inline constexpr std::array kWords<SilenceEnd> =
    std::to_array<std::string_view>({"deny", "escalate", "allow"});
template <>
inline constexpr std::array kWords<CapabilityKind> =
    std::to_array<std::string_view>({"observe", "recall", "think_support", "act", "verify"});
template <>
inline constexpr std::array kWords<Risk> = std::to_array<std::string_view>(
    {"read_only", "local_write", "network", "delegated", "destructive"});
template <>
inline constexpr std::array kWords<RiskAxis> =
    std::to_array<std::string_view>({"effect", "authority", "reversible", "interaction", "data"});
template <>
inline constexpr std::array kWords<ArgumentFold> =
    std::to_array<std::string_view>({"count", "sum", "min", "max", "first", "distinct", "digest"});
template <>
inline constexpr std::array kWords<DecayWhen> =
    std::to_array<std::string_view>({"unused", "contradicted", "source_changed"});
template <>
inline constexpr std::array kWords<DecayThen> =
    std::to_array<std::string_view>({"flag", "demote", "expire"});
template <>
inline constexpr std::array kWords<DataClass> =
    std::to_array<std::string_view>({"public", "internal", "confidential", "pii", "health"});
template <>
inline constexpr std::array kWords<Tier> =
    std::to_array<std::string_view>({"working", "episodic", "semantic", "procedural"});
template <>
inline constexpr std::array kWords<Measure> =
    std::to_array<std::string_view>({"calls", "tokens", "cost", "wall"});
template <>
inline constexpr std::array kWords<NetworkUse> =
    std::to_array<std::string_view>({"none", "outbound", "inbound"});
template <>
inline constexpr std::array kWords<IntentClass> =
    std::to_array<std::string_view>({"execution", "decision_support", "information", "workflow"});
template <>
inline constexpr std::array kWords<Above> =
    std::to_array<std::string_view>({"deny", "escalate", "notify"});
template <>
inline constexpr std::array kWords<HookThen> =
    std::to_array<std::string_view>({"deny", "escalate", "notify", "note", "allow"});
template <>
inline constexpr std::array kWords<Fold> =
    std::to_array<std::string_view>({"count", "sum", "last", "exists", "first", "distinct"});
template <>
inline constexpr std::array kWords<ClauseKind> = std::to_array<std::string_view>(
    {"require", "require_evidence", "deny", "limit", "escalate", "allow", "otherwise", "note",
     "notify", "let", "confirmation", "ceiling", "approval"});
template <>
inline constexpr std::array kWords<MayKind> =
    std::to_array<std::string_view>({"do", "freely", "propose"});
template <>
inline constexpr std::array kWords<Trigger> =
    std::to_array<std::string_view>({"threshold", "ambiguity", "novelty", "conflict"});
template <>
inline constexpr std::array kWords<InvariantKind> =
    std::to_array<std::string_view>({"never", "always", "implies", "disjoint", "monotone"});
template <>
inline constexpr std::array kWords<Else> =
    std::to_array<std::string_view>({"default", "deny", "escalate", "note", "notify"});
template <>
inline constexpr std::array kWords<Verdict> =
    std::to_array<std::string_view>({"allow", "escalate", "deny"});

}  // namespace writ::lang
