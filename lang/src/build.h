// Concrete syntax tree -> typed syntax tree.
//
// One function per rule of the grammar, each in the file that is named after its subject. A
// function reads the children of its node from left to right; their order is guaranteed by the
// grammar. What the grammar leaves open (closed lists of words, parentheses that are asked for) is
// refused here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cst.h"
#include "token.h"
#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {

// What all build functions share. State only; the logic is in the files.
struct Builder {
  const TokenList& tokens;
  DiagnosticSink& sink;
  std::uint32_t max_depth = 0;
  std::size_t error_count = 0;

  void Report(Diagnostic diagnostic) {
    ++error_count;
    sink.Report(std::move(diagnostic));
  }
  [[nodiscard]] std::string_view Text(std::uint32_t token) const {
    return tokens.TextOf(tokens.tokens[token]);
  }
  [[nodiscard]] Span SpanAt(std::uint32_t token) const {
    return tokens.SpanOf(tokens.tokens[token]);
  }
  [[nodiscard]] Span SpanAt(std::uint32_t first, std::uint32_t last) const {
    return tokens.SpanOf(first, last);
  }
};

// A word of a closed list.
template <typename T>
struct Choice {
  std::string_view word;
  T value;
};

// The value that `name` stands for; refuses any other word with the list and the nearest of it.
// `what` completes "… is not WHAT": "a kind of capability".
void ReportUnknownWord(Builder& b, const Name& name, std::string_view what,
                       const std::vector<std::string_view>& words);
template <typename T>
std::optional<T> Choose(Builder& b, const Name& name, std::string_view what,
                        std::initializer_list<Choice<T>> choices) {
  std::vector<std::string_view> words;
  for (const Choice<T>& choice : choices) {
    if (choice.word == name.text) return choice.value;
    words.push_back(choice.word);
  }
  ReportUnknownWord(b, name, what, words);
  return std::nullopt;
}

// Refuses an item that may stand once. `again`: the range of the second one.
void ReportTwice(Builder& b, std::string_view what, Span first, Span again);
// Remembers in `first` where `what` was said; reports it when it was said before.
void Once(Builder& b, std::optional<Span>& first, std::string_view what, Span span);
void ReportNotYet(Builder& b, Span span, std::string_view word);

// ---- build_values.cc
Name BuildName(Builder& b, CstReader node);                // name, word
Name NameAt(Builder& b, std::uint32_t token);              // any word, as it is written
std::vector<Name> BuildNames(Builder& b, CstReader node);  // names
Text TextAt(Builder& b, std::uint32_t token);              // STRING, VERSION
Literal BuildValue(Builder& b, CstReader node);      // value, quantity, duration, constant, expiry
Literal BuildSetValue(Builder& b, CstReader node);   // setValue
Literal LiteralAt(Builder& b, std::uint32_t token);  // DATE, TIMESTAMP, STRING, true, false
TypeRef BuildType(Builder& b, CstReader node);       // type, element
TypeRef BuildEnumeration(Builder& b, CstReader node);  // enumeration
Name TakeName(Builder& b, CstReader& node);            // the next child, a name or word
Name TakeDottedName(Builder& b, CstReader& node);      // a word, or a DOTTED_NAME of the node
// `was OLD`, as often as it stands there.
void TakeFormer(Builder& b, CstReader& node, const Name& now, std::vector<Former>& was);
std::optional<Text> TakeOptionalText(Builder& b, CstReader& node);

// ---- build_conditions.cc
Expr BuildExpr(Builder& b, CstReader node);  // expr

// ---- build_words.cc
Threshold BuildThreshold(Builder& b, CstReader node);
TypeAlias BuildTypeAlias(Builder& b, CstReader node);
Facts BuildFact(Builder& b, CstReader node);
Facts BuildFacts(Builder& b, CstReader node);
FactSource BuildSource(Builder& b, CstReader node);
FactLine BuildFactLine(Builder& b, CstReader node);
Evidence BuildEvidence(Builder& b, CstReader node);
Let BuildLet(Builder& b, CstReader node);
Meter BuildMeter(Builder& b, CstReader node);
Group BuildGroup(Builder& b, CstReader node);
Pressure BuildPressure(Builder& b, CstReader node);
Event BuildEvent(Builder& b, CstReader node);
Lookup BuildLookup(Builder& b, CstReader node);
Modes BuildModes(Builder& b, CstReader node);

// ---- build_organisation.cc
Role BuildRole(Builder& b, CstReader node);
Anchor BuildAnchor(Builder& b, CstReader node);
Capability BuildCapability(Builder& b, CstReader node);
Input BuildInput(Builder& b, CstReader node);
// For their mistakes only.
void ReadAnchorItem(Builder& b, CstReader node);
void ReadCapabilityItem(Builder& b, CstReader node);

// ---- build_rules.cc
Delegation BuildDelegation(Builder& b, CstReader node);
Grant BuildGrant(Builder& b, CstReader node);
Guard BuildGuard(Builder& b, CstReader node);
Exception BuildException(Builder& b, CstReader node);
Assume BuildAssume(Builder& b, CstReader node);
Clause BuildClause(Builder& b, CstReader node);
void BuildAccount(Builder& b, CstReader node, Account& account);
Verdict VerdictOf(TokenKind kind);                                // allow, escalate, deny
std::optional<Trigger> TakeTrigger(Builder& b, CstReader& node);  // `as NAME`, if it is there

// ---- build_sequences.cc
Separate BuildSeparate(Builder& b, CstReader node);
Sequence BuildSequence(Builder& b, CstReader node);
Approvals BuildApprovals(Builder& b, CstReader node);
Need BuildNeed(Builder& b, CstReader node);
// After `within`: a duration, or the name of a threshold.
Literal TakeWindow(Builder& b, CstReader& node);

// ---- build_record.cc
Consent BuildConsent(Builder& b, CstReader node);
Memory BuildMemory(Builder& b, CstReader node);
Promotion BuildPromotion(Builder& b, CstReader node);
Transition BuildTransition(Builder& b, CstReader node);
Budget BuildBudget(Builder& b, CstReader node);

std::optional<DataClass> TakeClass(Builder& b, CstReader& node);
// A number, or the name of a threshold.
Literal TakeCount(Builder& b, CstReader& node);

// ---- build_execution.cc
Sandbox BuildSandbox(Builder& b, CstReader node);
Skill BuildSkill(Builder& b, CstReader node);
Breaker BuildBreaker(Builder& b, CstReader node);
RunsCode TakeRunsCode(Builder& b, CstReader& node, Span span);  // after `runs`
Retry TakeRetry(Builder& b, CstReader& node, Span span);        // after `retry`

// ---- build_coordination.cc
Intent BuildIntent(Builder& b, CstReader node);
Route BuildRoute(Builder& b, CstReader node);
Boundary BuildBoundary(Builder& b, CstReader node);

// ---- build_limits.cc
Channel BuildChannel(Builder& b, CstReader node);
Exposure BuildExposure(Builder& b, CstReader node);
Tunable BuildTunable(Builder& b, CstReader node);

// ---- build_interruptions.cc
Hook BuildHook(Builder& b, CstReader node);
Checkpoint BuildCheckpoint(Builder& b, CstReader node);
Compaction BuildCompaction(Builder& b, CstReader node);

// ---- build_models.cc
Models BuildModels(Builder& b, CstReader node);

// ---- build_claims.cc
Region BuildRegion(Builder& b, CstReader node);
Invariant BuildInvariant(Builder& b, CstReader node);
Sample BuildSample(Builder& b, CstReader node);
Example BuildExample(Builder& b, CstReader node);

}  // namespace writ::lang
