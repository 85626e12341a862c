// Trees of the larger words: what the compiler says in smaller ones (docs/larger-words.md).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast_limits.h"
#include "writ/lang/ast_values.h"

namespace writ::lang {

// ------------------------------------------------------------------------- what happened before

// `separate A, B per case when C`: one person does not do what stands on two sides.
struct Separate {
  std::vector<Name> sides;
  std::optional<Expr> when;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Separate&, const Separate&) = default;
};

// What a need comes to where it is broken. Not written: `deny`, and on events `note`.
enum class Else : std::uint8_t { kDefault, kDeny, kEscalate, kNote, kNotify };
// `B needs A when C, one each, until X, since Y, within T, else …`, or `B never …`.
struct Need {
  Name target;
  std::optional<Name> needs;     // a capability, event or group
  std::optional<Name> approval;  // `needs approval NAME`; with neither: never
  std::optional<Expr> when;
  bool one_each = false;
  std::optional<Name> until;
  std::optional<Name> since;
  std::optional<Literal> within;  // a duration, or a kWord: the name of a threshold
  Else otherwise = Else::kDefault;
  std::optional<Name> anchor;
  std::optional<Trigger> trigger;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Need&, const Need&) = default;
};
struct Sequence {
  Name name;
  std::optional<Text> title;
  std::optional<Expr> when;
  std::vector<Need> needs;
  Span span;
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

// `ROLE when C unless same person as OTHER`.
struct Stage {
  Name role;
  std::optional<Expr> when;
  std::optional<Name> same_as;
  Span span;
  friend bool operator==(const Stage&, const Stage&) = default;
};
// `approvals NAME for CAP { ROLE then ROLE }`: who signs a CAP, in this order.
struct Approvals {
  Name name;
  Name capability;
  std::optional<Text> title;
  std::vector<Stage> stages;
  Span span;
  friend bool operator==(const Approvals&, const Approvals&) = default;
};

// ------------------------------------------------------------------------- memory and the record

// `consent NAME over CLASS { by ROLE  lasts T }`: who gives it, and for how long.
struct Consent {
  Name name;
  DataClass over = DataClass::kPii;
  std::optional<Text> title;
  std::vector<Name> by;
  std::optional<Literal> lasts;
  Span span;
  friend bool operator==(const Consent&, const Consent&) = default;
};

enum class DecayWhen : std::uint8_t { kUnused, kContradicted, kSourceChanged };
enum class DecayThen : std::uint8_t { kFlag, kDemote, kExpire };
// `decay when unused 180 days  flag to ANCHOR`.
struct Decay {
  DecayWhen when = DecayWhen::kUnused;
  std::optional<Literal> amount;  // kUnused: a duration; kContradicted: a count; or a kWord
  DecayThen then = DecayThen::kFlag;
  std::optional<Name> anchor;  // kFlag
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Decay&, const Decay&) = default;
};
enum class Tier : std::uint8_t { kWorking, kEpisodic, kSemantic, kProcedural };
struct Memory {
  Name name;
  std::optional<Text> title;
  std::optional<DataClass> data_class;
  std::optional<Tier> tier;
  std::optional<Name> consent;
  std::vector<Name> written_by, recalled_by;
  std::vector<Decay> decay;
  Span span;
  friend bool operator==(const Memory&, const Memory&) = default;
};

// `draft -> proposed by CAP when C, with 2 sources, not author`.
struct Transition {
  Name from, to, by;
  std::optional<Expr> when;
  std::optional<Literal> sources;
  bool not_author = false;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Transition&, const Transition&) = default;
};
// `promotion NAME from STATE to STATE in SYSTEM { … }`: the only way into the record.
struct Promotion {
  Name name;
  std::optional<Text> title;
  Name from, to, system;
  std::vector<Transition> transitions;
  Span span;
  friend bool operator==(const Promotion&, const Promotion&) = default;
};

// ------------------------------------------------------------------------------------- budgets

enum class Measure : std::uint8_t { kCalls, kTokens, kCost, kWall };
struct BudgetLine {
  Measure measure = Measure::kCalls;
  Literal amount;
  Span span;
  friend bool operator==(const BudgetLine&, const BudgetLine&) = default;
};
// `budget NAME within OTHER { for CAP  calls 20  cost 3.00 USD  on exhausted escalate }`.
struct Budget {
  Name name;
  std::optional<Text> title;
  std::optional<Name> within;
  std::vector<Name> capabilities;  // none: all
  std::vector<BudgetLine> lines;   // each measure at most once
  std::optional<Verdict> exhausted;
  std::optional<Name> anchor;
  Span span;
  friend bool operator==(const Budget&, const Budget&) = default;
};

}  // namespace writ::lang
