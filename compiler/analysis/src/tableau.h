// The state of a search for values: what is known so far about one component's facts and worked-out
// values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "linear.h"
#include "solve.h"
#include "space_impl.h"
#include "writ/analysis/bits.h"

namespace writ::analysis {

inline std::int64_t Clip(Int128 x) {
  return static_cast<std::int64_t>(std::clamp(x, Int128{kMin}, Int128{kMax}));
}

enum class Presence : std::uint8_t { kOpen = 0, kPresent = 1, kMissing = 2 };
enum class Truth : std::uint8_t { kFalse = 0, kTrue = 1, kMissing = 2, kOpen = 3 };

// Something that has to hold. `a` and `b` are local: a domain, an instruction or a variable, as the
// kind says.
enum class NeedKind : std::uint8_t {
  kPresent,
  kAbsent,  // domain a
  kKnown,
  kUnknown,  // instruction a has a value, has none
  kFalse,
  kTrue,
  kTruthMissing,  // boolean instruction a
  kFactIn,
  kResultIn,  // domain a, instruction a: present and within `range`
  kEqual,     // variables a = b
  kGap,       // variables a - b <= range.high
  kWithinMonths,
  kBeforeMonths,  // variable b: no earlier than range.high months before variable a; earlier
  kAdded,
  kCapped,
  kFloored,  // domain a, a meter: what is given plus this request; held at the top; at the bottom
  kSame,
  kDifferent,  // texts of domains a, b
  kIs,
  kIsNot,
  kPrefix,
  kNotPrefix,  // text of domain a, and `text`
  kMatches,
  kMatchesNot,  // text of domain a, and pattern b of the table
  kTextAtoms,   // text of domain a lies in the box's atoms of dimension b
  kHas,
  kHasNot,  // set of domain a, and `text`
  kHasFact,
  kHasNotFact,  // set of domain a, and the text of domain b
  kHasBit,
  kHasNotBit,  // enum set of domain a, bit b
  kDimension,  // dimension a lies in the box
  kFresh,
  kStale,  // slot a, where its time is worked out
};

struct Need {
  NeedKind kind = NeedKind::kPresent;
  std::uint32_t a = 0, b = 0;
  Range range;
  std::string_view text;  // of the table
};

using Needs = std::vector<Need>;
using Alternatives = std::vector<Needs>;  // one of these; none: a contradiction

inline Alternatives Yes() { return {{}}; }
inline Alternatives No() { return {}; }
inline Alternatives If(bool holds) { return holds ? Yes() : No(); }

struct Row {
  std::vector<Term> terms;  // over variables
  Int128 bound = 0;
  bool equal = false;
};

struct TextNeed {
  NeedKind kind = NeedKind::kIs;
  std::uint32_t a = 0, b = 0;
  std::string_view text;
};

struct Product {
  std::uint32_t result = 0, a = 0, b = 0;
};  // variables

// A time in, or before, the window of so many months that ends at `now`.
struct MonthWindow {
  std::uint32_t now = 0, at = 0;  // variables
  std::uint32_t months = 0;
  bool within = true;
};

struct State {
  Needs agenda;
  std::vector<Presence> presence;  // of domains
  std::vector<Presence> known;     // of instructions
  std::vector<Truth> truth;        // of boolean instructions
  std::vector<Range> bounds;       // of variables
  std::vector<Row> rows;
  std::vector<Product> products;
  std::vector<MonthWindow> windows;  // their rows bound them loosely
  std::vector<TextNeed> texts;
  std::vector<std::uint64_t> must, must_not;  // of domains: enum sets
};

// Names the variables of a component: seen value and given value of each domain, result of each
// instruction.
struct Variables {
  std::uint32_t domains = 0;
  std::uint32_t Seen(std::uint32_t domain) const { return domain; }
  std::uint32_t Given(std::uint32_t domain) const { return domains + domain; }
  std::uint32_t Result(std::uint32_t instruction) const { return 2 * domains + instruction; }
};

// The rules: what a need breaks down into, in one state.
class Expander {
 public:
  Expander(const Space::Impl&, std::uint32_t component, const Box&, std::int64_t prefer_now);

  State Start() const;
  // Replaces one need; may note something in the state at once.
  Alternatives Expand(State*, const Need&) const;
  // Narrows the bounds of worked-out values along the code. False: one is empty.
  bool Propagate(State*) const;

  const Component& component() const { return c_; }
  const Variables& variables() const { return v_; }
  const FactDomain& Domain(std::uint32_t d) const { return s_.domains[c_.domains[d]]; }

 private:
  std::uint32_t Fact(runtime::FactId fact) const { return domain_at_[s_.DomainOf(fact)]; }
  bool Bound(State*, std::uint32_t variable, Range) const;
  bool BoundGap(State*, std::uint32_t a, std::uint32_t b, std::int64_t gap) const;
  Alternatives Present(State*, std::uint32_t domain) const;
  Alternatives Absent(State*, std::uint32_t domain) const;
  Alternatives Seen(const FactDomain&, std::uint32_t domain) const;
  Alternatives Last(const FactDomain&, std::uint32_t domain) const;
  Alternatives Known(State*, std::uint32_t instruction) const;
  Alternatives Unknown(State*, std::uint32_t instruction) const;
  Alternatives TruthIs(State*, std::uint32_t instruction, Truth) const;
  Alternatives Compare(const runtime::InstructionView&, std::uint32_t a, std::uint32_t b,
                       Truth) const;
  Alternatives Connect(std::uint32_t a, std::uint32_t b, Truth, bool is_and) const;
  Alternatives Texts(const runtime::InstructionView&, Truth) const;
  Alternatives Sets(const runtime::InstructionView&, Truth) const;
  Alternatives Dimension(std::uint32_t dimension) const;
  Alternatives Fresh(std::uint32_t slot) const;
  Alternatives Stale(std::uint32_t slot) const;
  Needs Same(std::uint32_t a, std::uint32_t b) const;

  const Space::Impl& s_;
  const Component& c_;
  const Box& box_;
  std::int64_t prefer_now_;
  std::uint32_t number_;
  Variables v_;
  std::vector<std::uint32_t> domain_at_, code_at_;  // global to local
};

// Finds texts and sets for a state whose agenda is empty: `texts` and `sets` beside the component's
// domains. Counts into `steps`.
Feasibility SolveTexts(const Space::Impl&, const Component&, const std::vector<AtomSet>& box,
                       const State&, std::vector<std::string>* texts,
                       std::vector<std::vector<std::string>>* sets, std::uint64_t* steps);

}  // namespace writ::analysis
