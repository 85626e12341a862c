// Larger words, said in smaller ones (docs/decisions/0020-larger-words-are-expanded.md).
//
// The pass reads trees, before any name is looked up, and makes trees with the spans of what the
// author wrote. A word of this kind has a file of its own, with one function from its tree to what
// it stands for; it reports the mistakes that cannot be told about the smaller words.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "names.h"

namespace writ::compiler::check {

// Clauses of a larger word for the same capabilities and events.
struct ExpandedBlock {
  std::string name;       // in the names of its clauses, as that of a `for` block
  std::string_view kind;  // likewise: "needs"
  std::vector<lang::Name> targets;
  // On events a `deny` is a note; one that the author wrote (`else_deny`) is refused there.
  std::vector<lang::Clause> clauses;
};

struct ExpandedWord {
  std::string name;    // of the owner of its clauses
  std::string prefix;  // of their words, where these alone do not say what they belong to
  std::vector<std::string> declarations = {};  // in words: what it declares besides counters
  lang::Span span;
  std::uint32_t policy = 0;
  const lang::Text* reason = nullptr;  // of clauses that have none of their own
  std::vector<ExpandedBlock> blocks;
  bool sides = false;  // what stands in one block must not stand in another

  ExpandedBlock& Block(std::string_view block, std::string_view kind);
};

// A stage, and the condition under which it is asked.
struct ExpandedStage {
  const lang::Stage* tree = nullptr;
  lang::Expr asked;
};
struct ExpandedApprovals {
  const lang::Approvals* tree = nullptr;
  std::uint32_t policy = 0;
  lang::Expr granted;  // nobody is asked any more
  std::vector<ExpandedStage> stages;
};

struct Expansion {
  std::deque<ExpandedWord> words;
  std::deque<std::pair<lang::Meter, std::uint32_t>> meters;  // with the policy
  std::set<std::string, std::less<>> counters;               // their names
  std::vector<std::string> thresholds;                       // that are named
  // Declarations that nobody wrote, with the policy: what stands behind signatures.
  std::deque<std::pair<lang::Declaration, std::uint32_t>> implied;
  std::map<std::string, ExpandedApprovals, std::less<>> approvals;
  std::map<std::string, const lang::Anchor*, std::less<>> stage_anchors;  // like which, by role
  std::vector<std::pair<std::string, std::string>> ranks;  // of anchors: the upper, the lower
};

[[nodiscard]] Expansion ExpandWords(const House&, Reporter&);

// What a word may ask about the rest of the house.
struct HouseIndex {
  std::map<std::string_view, const lang::Threshold*> thresholds;
  std::map<std::string_view, const lang::Role*> roles;
  std::map<std::string_view, const lang::Anchor*> anchors;
  std::map<std::string_view, const lang::Capability*> capabilities;
  std::map<std::string_view, const lang::Consent*> consents;
  std::map<std::string_view, const lang::Budget*> budgets;
  std::map<std::string, const lang::Group*, std::less<>> groups;
  std::map<std::string_view, const lang::Sandbox*> sandboxes;
  std::map<std::string_view, const lang::Intent*> intents;
  std::vector<const lang::Route*> routes;
  std::vector<const lang::Promotion*> promotions;
  std::map<std::string_view, const lang::Channel*> channels;
  std::vector<const lang::Delegation*> delegations;
  std::vector<const lang::Grant*> grants;
  // The names of these words, as they stand anywhere: what a compaction has to keep.
  bool has_approvals = false, has_evidence = false, has_classes = false;
};

struct ExpandContext {
  const HouseIndex& index;
  std::uint32_t policy;  // where the word stands
  Expansion& out;
  Reporter& reporter;
};

// What stands for `tree`, a word with a name of its own: without blocks yet.
template <typename Tree>
[[nodiscard]] ExpandedWord WordOf(const std::string& what, const Tree& tree,
                                  const ExpandContext& context) {
  ExpandedWord word;
  word.name = tree.name.text;
  word.prefix = what + " " + tree.name.text + ": ";
  word.span = tree.span;
  word.policy = context.policy;
  word.reason = tree.title ? &*tree.title : nullptr;
  return word;
}

// One for each larger word.
void Expand(const lang::Separate&, ExpandContext);
void Expand(const lang::Sequence&, ExpandContext);
void Expand(const lang::Approvals&, ExpandContext);
void Expand(const lang::Consent&, ExpandContext);
void Expand(const lang::Memory&, ExpandContext);
void Expand(const lang::Promotion&, ExpandContext);
void Expand(const lang::Budget&, ExpandContext);
void Expand(const lang::Sandbox&, ExpandContext);
void Expand(const lang::Skill&, ExpandContext);
void Expand(const lang::Breaker&, ExpandContext);
void Expand(const lang::Intent&, ExpandContext);
void Expand(const lang::Route&, ExpandContext);
void Expand(const lang::Boundary&, ExpandContext);
void Expand(const lang::Channel&, ExpandContext);
void Expand(const lang::Exposure&, ExpandContext);
void Expand(const lang::Hook&, ExpandContext);
void Expand(const lang::Checkpoint&, ExpandContext);
void Expand(const lang::Compaction&, ExpandContext);
void Expand(const lang::Models&, ExpandContext);
void Expand(const lang::Capability&,
            ExpandContext);  // what it says of its hand-over, code, failures
// Looks at what it sends, and at the channels that it names.
void CheckSending(const lang::Capability&, ExpandContext&);
// The anchors of the stages that a delegation requires. Comes after all `approvals`.
void ImplyAnchors(const lang::Delegation&, ExpandContext);

// What is counted in a case: everything, or what came after the latest `since`, or the latest.
struct Counter {
  lang::Name target;
  std::optional<lang::Name> since;
  std::optional<lang::Literal> within;  // a duration, or a kWord: as it is called
};
// The fact in which it is read: "done(pay) since ship within 2 days".
[[nodiscard]] std::string NameOf(const Counter&);
// Its value; adds the meter behind it.
[[nodiscard]] lang::Expr ValueOf(const Counter&, lang::Span at, ExpandContext&);

// Small trees for these. They stand at what the author wrote.
[[nodiscard]] lang::Expr CountOf(std::string_view function, const lang::Name& target,
                                 lang::Span at);
[[nodiscard]] lang::Expr Compare(lang::CompareOp, lang::Expr left, lang::Expr right, lang::Span at);
// `count OP 0`, where the zero is nobody's bare number (M22).
[[nodiscard]] lang::Expr WithZero(lang::CompareOp op, lang::Expr count);
[[nodiscard]] lang::Expr Always(lang::Span at);
[[nodiscard]] lang::Expr Named(std::string name, lang::Span at);
// A kWord names a threshold; a number is nobody's bare number (M22): the word gives it a name.
[[nodiscard]] lang::Expr Valued(const lang::Literal&);
[[nodiscard]] lang::Expr Not(lang::Expr);
// `kind`: kAnd or kOr. One part stands for itself.
[[nodiscard]] lang::Expr Join(lang::ExprKind kind, std::vector<lang::Expr> parts, lang::Span at);
[[nodiscard]] std::string_view ClassWord(lang::DataClass);
// The capabilities behind names, groups replaced by their members. What is unknown is left as it
// is: the rows for it say so.
[[nodiscard]] std::set<std::string> MembersOf(const std::vector<lang::Name>&, const HouseIndex&);
// Declarations that nobody wrote, at the name.
[[nodiscard]] lang::Event EventOf(lang::Name name, std::string title, std::string_view from);
[[nodiscard]] lang::Facts FactOf(lang::Name name, lang::TypeKind type);  // from host
[[nodiscard]] lang::Clause ClauseOf(lang::ClauseKind, lang::Expr condition, lang::Span at);
[[nodiscard]] std::string JoinNames(const std::vector<lang::Name>&, std::string_view between);

}  // namespace writ::compiler::check
