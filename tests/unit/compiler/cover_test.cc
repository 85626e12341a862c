// Conditions that matter on their own, and boundaries: random clauses over booleans and a number,
// against the definition, request by request.
#include "writ/compiler/cover.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "writ/compiler/test.h"
#include "writ/lang/parse.h"

namespace writ::compiler::cover {
namespace {

constexpr int kFacts = 4;  // inputs a, b, c, d; and an amount of 0 to 3 EUR
constexpr int kCents[] = {0, 99, 100, 101, 199, 200, 201, 300};  // both sides of each cut, moved
constexpr std::uint64_t kPolicies = 400;

struct Sheet {
  std::array<bool, kFacts> facts{};
  int cents = 0;
};

// A condition as a tree of places.
struct Tree {
  enum Kind : std::uint8_t { kAnd, kOr, kNot, kFact, kAbove } kind = kFact;
  int fact = 0, cents = 0;  // kAbove: amount > cents
  std::vector<Tree> parts;

  // `settled`: this place, counted from the left, has this value instead.
  bool Holds(const Sheet& sheet, int settled, bool value, int* place) const {
    switch (kind) {
      case kFact:
      case kAbove: {
        const bool own =
            kind == kFact ? sheet.facts[static_cast<std::size_t>(fact)] : sheet.cents > cents;
        return (*place)++ == settled ? value : own;
      }
      case kNot:
        return !parts[0].Holds(sheet, settled, value, place);
      case kAnd:
      case kOr: {
        bool all = true, any = false;
        for (const Tree& part : parts) {
          const bool one = part.Holds(sheet, settled, value, place);
          all = all && one, any = any || one;
        }
        return kind == kAnd ? all : any;
      }
    }
    return false;
  }
  bool Holds(const Sheet& sheet, int settled = -1, bool value = false) const {
    int place = 0;
    return Holds(sheet, settled, value, &place);
  }
  // The same, where every `amount > CENTS` with these cents is about one cent more or less.
  Tree Moved(int at, int by) const {
    Tree moved = *this;
    if (kind == kAbove && cents == at) moved.cents += by;
    for (Tree& part : moved.parts) part = part.Moved(at, by);
    return moved;
  }
  int Places() const {
    if (kind == kFact || kind == kAbove) return 1;
    int count = 0;
    for (const Tree& part : parts) count += part.Places();
    return count;
  }
  std::string Text() const {
    if (kind == kFact) return std::string(1, static_cast<char>('a' + fact));
    if (kind == kAbove)
      return "amount > " + std::to_string(cents / 100) + ".0" + std::to_string(cents % 100) +
             " EUR";
    if (kind == kNot) return "not (" + parts[0].Text() + ")";
    std::string text;
    for (const Tree& part : parts)
      text += (text.empty() ? "" : kind == kAnd ? " and " : " or ") + ("(" + part.Text() + ")");
    return text;
  }
};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  Tree Make(int depth) {
    const std::uint64_t kind = depth == 0 ? 3 : Below(4);
    if (kind == 3) {
      if (Below(4) == 0) return {Tree::kAbove, 0, 100 + 100 * static_cast<int>(Below(2)), {}};
      return {Tree::kFact, static_cast<int>(Below(kFacts)), 0, {}};
    }
    Tree tree{static_cast<Tree::Kind>(kind), 0, 0, {}};
    const std::uint64_t count = kind == Tree::kNot ? 1 : 2 + Below(2);
    for (std::uint64_t i = 0; i < count; ++i) tree.parts.push_back(Make(depth - 1));
    return tree;
  }
  Sheet MakeSheet() {
    Sheet sheet;
    for (bool& fact : sheet.facts) fact = Below(2) == 0;
    sheet.cents = static_cast<int>(99 + Below(4) + 100 * Below(2));
    return sheet;
  }

 private:
  std::mt19937_64 random_;
};

// `deny when FIRST` or `require FIRST`, then `limit SECOND`, and else allowed.
struct TwoClauses {
  std::array<Tree, 2> trees;
  std::array<bool, 2> demands = {false, true};  // the clause decides where its tree is false

  bool Holds(std::size_t clause, const Sheet& sheet) const {
    return trees[clause].Holds(sheet) != demands[clause];
  }
  int Decides(const Sheet& sheet) const { return Holds(0, sheet) ? 0 : Holds(1, sheet) ? 1 : 2; }
  // Whether the clause is not hidden where it holds.
  bool Seen(std::size_t clause, const Sheet& sheet) const {
    return clause == 0 || !Holds(0, sheet);
  }
};

enum Side : std::uint8_t { kNone = 0, kDecides = 1, kYields = 2 };

// What the request shows of one condition of a clause.
Side SideOf(const TwoClauses& two, std::size_t clause, int place, const Sheet& sheet) {
  const Tree& tree = two.trees[clause];
  const bool settles = tree.Holds(sheet, place, true) != tree.Holds(sheet, place, false);
  if (!settles || !two.Seen(clause, sheet)) return kNone;
  return two.Holds(clause, sheet) ? kDecides : kYields;
}

template <typename Use>
void ForEachSheet(Use use) {
  for (int bits = 0; bits < 1 << kFacts; ++bits) {
    for (const int cents : kCents) {
      Sheet sheet{{}, cents};
      for (int i = 0; i < kFacts; ++i) sheet.facts[static_cast<std::size_t>(i)] = (bits >> i) & 1;
      use(sheet);
    }
  }
}

std::string TextOf(const TwoClauses& two, const std::vector<Sheet>& examples) {
  static constexpr const char* kOutcomes[] = {"deny", "escalate to desk", "allow"};
  std::string text = R"(policy t.p 1.0.0
"T."
role desk human
role bot  agent
anchor desk { held by desk  reached by "q" within 1 hours  on silence deny }
fact a : bool from host missing deny
fact b : bool from host missing deny
fact c : bool from host missing deny
fact d : bool from host missing deny
capability pay {
  kind act  risk local_write
  system bank
  input amount: money(EUR) in 0..3
  idempotent by amount
  verify with look
}
capability look { kind verify  risk read_only  system bank }
delegation paying {
  from desk  to bot
  may freely look
  may pay
  anchor desk
  review every 90 days  expires 2030-12-31
)";
  text += two.demands[0] ? "  require " : "  deny when ";
  text += two.trees[0].Text() + " \"One.\"\n  limit " + two.trees[1].Text() + " \"Two.\"\n}\n";
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Sheet& sheet = examples[i];
    text += "example \"" + std::to_string(i) +
            "\" { bot pay { amount: " + std::to_string(sheet.cents / 100) +
            (sheet.cents % 100 < 10 ? ".0" : ".") + std::to_string(sheet.cents % 100) + " EUR";
    for (int f = 0; f < kFacts; ++f)
      text += std::string(", ") + static_cast<char>('a' + f) + ": " +
              (sheet.facts[static_cast<std::size_t>(f)] ? "yes" : "no");
    text += std::string(" } -> ") + kOutcomes[two.Decides(sheet)] + " }\n";
  }
  return text;
}

struct Built {
  lang::SourceSet sources;
  std::optional<Compiled> compiled;
  std::string text;
};

std::unique_ptr<Built> Build(const std::string& text) {
  auto built = std::make_unique<Built>();
  lang::DiagnosticSink sink;
  const auto tree = lang::Parse(built->sources, built->sources.AddText("p.writ", text), sink);
  if (tree) built->compiled = Compile({&tree->policies[0]}, built->sources, sink);
  built->text = lang::RenderText(sink, built->sources);
  return built;
}

// What all requests, and what those of the examples, say of one side.
CoverState StateOf(bool possible, bool shown) {
  return shown ? CoverState::kCovered : possible ? CoverState::kMissing : CoverState::kCannot;
}

void ExpectSides(const Covered& covered, std::array<bool, 2> possible, std::array<bool, 2> shown) {
  const CoverState decides = StateOf(possible[0], shown[0]);
  const CoverState yields = StateOf(possible[1], shown[1]);
  EXPECT_EQ(covered.decides.state, decides) << covered.clause << ": " << covered.words;
  EXPECT_EQ(covered.yields.state, yields) << covered.clause << ": " << covered.words;
  for (const CoverSide* side : {&covered.decides, &covered.yields}) {
    EXPECT_EQ(side->by.empty(), side->state != CoverState::kCovered);
    const bool written = covered.state() != CoverState::kCannot;
    if (side->state == CoverState::kMissing && written) {
      EXPECT_THAT(side->example, ::testing::StartsWith("example \"pay"));
    }
  }
}

void CompareConditions(const TwoClauses& two, const std::vector<Sheet>& examples,
                       const std::vector<Covered>& found) {
  for (std::size_t clause = 0; clause < 2; ++clause) {
    std::vector<Covered> own;
    std::ranges::copy_if(found, std::back_inserter(own), [&](const Covered& covered) {
      return (covered.clause.find("limit") != std::string::npos) == (clause == 1);
    });
    ASSERT_EQ(own.size(), static_cast<std::size_t>(two.trees[clause].Places()));
    for (int place = 0; place < two.trees[clause].Places(); ++place) {
      std::array<bool, 2> possible{}, shown{};
      const auto note = [&](const Sheet& sheet, std::array<bool, 2>* into) {
        const Side side = SideOf(two, clause, place, sheet);
        if (side != kNone) (*into)[side == kDecides ? 0 : 1] = true;
      };
      ForEachSheet([&](const Sheet& sheet) { note(sheet, &possible); });
      for (const Sheet& sheet : examples) note(sheet, &shown);
      ExpectSides(own[static_cast<std::size_t>(place)], possible, shown);
    }
  }
}

void CompareBoundaries(const TwoClauses& two, const std::vector<Sheet>& examples,
                       const std::vector<Covered>& found) {
  for (const Covered& covered : found) {
    const std::size_t clause = covered.clause.find("limit") != std::string::npos ? 1 : 0;
    const int cut = covered.words.find("at 1 EUR") != std::string::npos ? 100 : 200;
    const Tree& tree = two.trees[clause];
    std::array<bool, 2> possible{}, shown{};
    const auto note = [&](const Sheet& sheet, std::array<bool, 2>* into) {
      for (const int by : {-1, 1}) {
        const bool moves = tree.Holds(sheet) != tree.Moved(cut, by).Holds(sheet);
        if (moves && two.Seen(clause, sheet)) (*into)[by < 0 ? 0 : 1] = true;
      }
    };
    ForEachSheet([&](const Sheet& sheet) { note(sheet, &possible); });
    for (const Sheet& sheet : examples) note(sheet, &shown);
    ExpectSides(covered, possible, shown);
  }
}

// The requests of the examples, as if they were recorded.
PastRequests Recorded(const Compiled& compiled, const std::vector<Sheet>& sheets) {
  const auto fact = [&](const std::string& name) {
    const auto& facts = compiled.model.facts;
    const auto at = std::ranges::find(facts, name, &table::Fact::name);
    return static_cast<std::size_t>(at - facts.begin());
  };
  const auto index = [](const auto& all, const char* name) {
    for (std::uint32_t i = 0; i < all.size(); ++i)
      if (all[i].name == name) return i;
    return 0xFFFFFFFFu;
  };
  const CapabilityId pay{index(compiled.model.capabilities, "pay")};
  const RoleId bot{index(compiled.model.roles, "bot")};
  std::array<std::size_t, kFacts> named{};
  for (int f = 0; f < kFacts; ++f)
    named[static_cast<std::size_t>(f)] = fact(std::string(1, static_cast<char>('a' + f)));
  return [=, amount = fact("amount"), header = fact("header"), count = compiled.model.facts.size(),
          &sheets](const std::function<bool(const PastRequest&)>& visit) {
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      std::vector<runtime::Value> values(count);
      const auto set = [&](std::size_t at, std::int64_t number) {
        if (at < count) values[at] = {.number = number, .kind = runtime::ValueKind::kNumber};
      };
      for (std::size_t f = 0; f < named.size(); ++f) set(named[f], sheets[i].facts[f] ? 1 : 0);
      set(amount, sheets[i].cents);
      set(header, 0);
      const runtime::Request request{.capability = pay,
                                     .role = bot,
                                     .now_ms = 1'790'000'000'000,
                                     .values = values.data(),
                                     .as_in_force = true};
      if (!visit({request, "r", static_cast<std::int64_t>(i)})) return;
    }
  };
}

// Where examples leave nothing open, what they show is what their requests show.
void ExpectPastShowsTheSame(const PolicyCover& cover, const PolicyTest& test) {
  for (const auto* all : {&cover.conditions, &cover.boundaries}) {
    for (const Covered& covered : *all) {
      if (covered.state() == CoverState::kCannot) continue;
      for (const CoverSide* side : {&covered.decides, &covered.yields})
        EXPECT_EQ(side->past.empty(), side->by.empty()) << covered.clause << ": " << covered.words;
    }
  }
  for (const Mutant& mutant : test.mutants)
    EXPECT_EQ(mutant.past.empty(), mutant.by.empty()) << mutant.clause << ": " << mutant.what;
  for (const RowCoverage& row : test.rows)
    EXPECT_EQ(row.past > 0, !row.reached_by.empty()) << row.clause;
}

TEST(Cover, IsWhatTheDefinitionSaysOfEachRequest) {
  std::map<CoverState, int> conditions, boundaries;
  int compared = 0;
  std::size_t noticed = 0;
  for (std::uint64_t seed = 1; seed <= kPolicies && !HasFailure(); ++seed) {
    Maker maker(seed);
    const TwoClauses two{{maker.Make(2), maker.Make(2)}, {maker.Below(2) == 0, true}};
    std::vector<Sheet> examples(maker.Below(8));
    for (Sheet& sheet : examples) sheet = maker.MakeSheet();
    const auto built = Build(TextOf(two, examples));
    if (!built->compiled && seed < 3) puts(built->text.c_str());
    if (!built->compiled) continue;  // a clause without effect
    SCOPED_TRACE(TextOf(two, examples));
    ++compared;
    const PastRequests past = Recorded(*built->compiled, examples);
    const PolicyCover cover = CoverPolicy(*built->compiled, built->sources, {.past = past});
    const PolicyTest test = TestPolicy(*built->compiled, {.mutate = seed % 3 == 0, .past = past});
    EXPECT_EQ(test.past_requests, examples.size());
    noticed += test.noticed_by_past();
    ExpectPastShowsTheSame(cover, test);
    CompareConditions(two, examples, cover.conditions);
    CompareBoundaries(two, examples, cover.boundaries);
    for (const Covered& one : cover.conditions) ++conditions[one.state()];
    for (const Covered& one : cover.boundaries) ++boundaries[one.state()];
  }
  EXPECT_GE(compared, static_cast<int>(kPolicies) / 3);
  EXPECT_GT(noticed, 100u);
  for (const CoverState state : {CoverState::kCovered, CoverState::kMissing, CoverState::kCannot})
    EXPECT_GT(conditions[state], 10) << static_cast<int>(state);
  EXPECT_GT(boundaries[CoverState::kCovered], 3);
  EXPECT_GT(boundaries[CoverState::kMissing], 10);
}

}  // namespace
}  // namespace writ::compiler::cover
