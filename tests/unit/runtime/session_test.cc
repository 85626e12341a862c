// Meters: what a session counts, for whom, within which window, and what happens when its memory is
// full.
#include "support.h"

namespace writ::test {
namespace {

enum : std::uint32_t { kAmount = 0, kAgent = 1, kMeter = 2 };

table::Model WithMeter(Fold fold, std::int64_t window_ms, bool keyed, bool including_this) {
  table::Model m;
  m.policy = "test";
  m.facts.resize(3);
  m.facts[kAmount].name = "amount";
  m.facts[kAmount].type = ValueType::kInteger;
  m.facts[kAmount].high = 1000;
  m.facts[kAgent].name = "agent";
  m.facts[kAgent].type = ValueType::kId;
  m.facts[kMeter].name = "today";
  m.facts[kMeter].type = fold == Fold::kExists ? ValueType::kBool : ValueType::kInteger;
  m.facts[kMeter].high = 5000;
  m.facts[kMeter].source = Source::kMeter;
  m.facts[kMeter].meter = {0};
  m.capabilities.resize(2);
  m.capabilities[0].name = "pay";
  m.capabilities[1].name = "look";
  table::Meter meter;
  meter.name = "today";
  meter.fold = fold;
  meter.targets = {{0}};
  if (fold == Fold::kSum || fold == Fold::kLast || fold == Fold::kDistinct) meter.value = {kAmount};
  if (keyed) meter.keys = {{kAgent}};
  meter.window_ms = window_ms;
  meter.including_this = including_this;
  meter.fact = {kMeter};
  m.meters = {meter};
  m.matrices.resize(2);
  for (table::Matrix& matrix :
       m.matrices) {  // deny above 100, escalate from 1 on, allow at 0; unknown: undecided
    m.atom_maps = {{AtomMapKind::kCuts, 0, {1, 101}, {}}};
    matrix.dimensions = {{DimensionKind::kFact, kMeter, {0}}};
    for (int atom = 3; atom >= 1; --atom) {
      table::Column c;
      c.verdict = static_cast<Verdict>(atom - 1);
      c.anchor = {0};
      std::vector<bool> atoms(4);
      atoms[static_cast<std::size_t>(atom)] = true;
      c.constraints = {{0, atoms}};
      matrix.columns.push_back(c);
    }
  }
  m.roles = {{"clerk", RoleKind::kHuman, "", {}}};
  table::Anchor anchor;
  anchor.name = "desk";
  anchor.held_by = {0};
  m.anchors = {anchor};
  return m;
}

class Metered {
 public:
  Metered(Fold fold, std::int64_t window_ms = 0, bool keyed = false, bool including_this = false,
          std::size_t capacity = 64)
      : Metered(WithMeter(fold, window_ms, keyed, including_this), capacity) {}
  explicit Metered(const table::Model& model, std::size_t capacity = 64)
      : opened_(OpenWritten(model)),
        memory_(Session::BytesFor(opened_.table, capacity) / 8 + 1),
        session_(Session::Create(opened_.table, memory_.data(),
                                 Session::BytesFor(opened_.table, capacity))) {}
  Asked Ask(std::int64_t now, Value amount, Value agent, std::uint32_t capability = 0) {
    Asked asked(opened_.table, capability);
    asked.request.now_ms = now;
    asked.Set(kAmount, amount).Set(kAgent, agent);
    return asked;
  }
  bool Commit(std::int64_t now, Value amount = Number(10), Value agent = Text("ann"),
              std::uint32_t capability = 0) {
    return session_->Commit(Ask(now, amount, agent, capability).request);
  }
  // -1: missing.
  std::int64_t Read(std::int64_t now, Value agent = Text("ann"), Value amount = Number(10)) {
    const Value v = session_->Read({0}, Ask(now, amount, agent).request);
    return v.kind == ValueKind::kMissing ? -1 : v.number;
  }
  Decision Decide(std::int64_t now, Value amount = Number(10), Value agent = Text("ann"),
                  std::uint32_t capability = 0) {
    return runtime::Decide(opened_.table, session_, Ask(now, amount, agent, capability).request);
  }
  Session* session() { return session_; }
  const Table& table() { return opened_.table; }

 private:
  Opened opened_;
  std::vector<std::uint64_t> memory_;
  Session* session_;
};

TEST(Session, FirstIsTheEarliestWhateverTheOrderOfCommits) {
  Metered all(Fold::kFirst), window(Fold::kFirst, 10);
  EXPECT_EQ(all.Read(1), -1);
  for (Metered* m : {&all, &window}) {
    EXPECT_TRUE(m->Commit(20));
    EXPECT_TRUE(m->Commit(15));
    EXPECT_TRUE(m->Commit(30));
  }
  EXPECT_EQ(all.Read(100), 15);
  EXPECT_EQ(window.Read(30), 20);
  EXPECT_EQ(window.Read(31), 30);
  EXPECT_EQ(window.Read(41), -1);
}

TEST(Session, DistinctCountsValues) {
  Metered m(Fold::kDistinct), with_this(Fold::kDistinct, 0, false, true);
  for (Metered* each : {&m, &with_this}) {
    for (const int amount : {5, 6, 5, 6, 7}) EXPECT_TRUE(each->Commit(1, Number(amount)));
  }
  EXPECT_EQ(m.Read(2), 3);
  EXPECT_EQ(with_this.Read(2, Text("ann"), Number(10)), 4);
  EXPECT_EQ(with_this.Read(2, Text("ann"), Number(6)), 3);
  EXPECT_EQ(with_this.Read(2, Text("ann"), Value()), -1) << "what this adds is not known";
  EXPECT_TRUE(m.Commit(3, Value()));
  EXPECT_EQ(m.Read(4), -1) << "what was added is not known";
}

TEST(Session, DistinctInAWindowCountsWhatIsInIt) {
  Metered m(Fold::kDistinct, 10, false, true);
  EXPECT_TRUE(m.Commit(1, Number(5)));
  EXPECT_TRUE(m.Commit(8, Number(6)));
  EXPECT_TRUE(m.Commit(4, Number(6)));  // comes late
  EXPECT_TRUE(m.Commit(9, Number(5)));
  EXPECT_EQ(m.Read(5, Text("ann"), Number(6)), 2) << "as of then: 5 and 6";
  EXPECT_EQ(m.Read(3, Text("ann"), Number(6)), 2) << "as of then: 5, and this";
  EXPECT_EQ(m.Read(10, Text("ann"), Number(7)), 3);
  EXPECT_EQ(m.Read(19, Text("ann"), Number(6)), 2) << "6 is gone, and comes with this";
  EXPECT_TRUE(m.Commit(25, Number(7)));
  EXPECT_TRUE(m.Commit(26, Number(5)));
  EXPECT_EQ(m.Read(26, Text("ann"), Number(5)), 2);
}

TEST(Session, WindowsOfMonthsReachBackOnTheCalendar) {
  table::Model model = WithMeter(Fold::kCount, 0, false, false);
  model.meters[0].window_months = 1;
  Metered m(model);
  constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;
  const std::int64_t march = 59 * kDay;                   // 1970-03-01
  EXPECT_TRUE(m.Commit(march - 12 * kHour));              // 28 February, noon
  EXPECT_TRUE(m.Commit(march + 29 * kDay + 23 * kHour));  // 30 March, 11 p.m.
  EXPECT_EQ(m.Read(march + 29 * kDay + 23 * kHour), 1) << "from 28 February, 11 p.m.";
  EXPECT_EQ(m.Read(march + 30 * kDay + kHour), 2) << "31 March, 1 a.m.: from 28 February, 1 a.m.";
  EXPECT_EQ(m.Read(march + 31 * kDay), 1) << "1 April: from 1 March";
}

TEST(Session, DistinctSaysSoWhenValuesNoLongerFit) {
  Metered m(Fold::kDistinct, 0, false, false, 4);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(m.Commit(1, Number(i)));
  EXPECT_EQ(m.Read(2), 3);
  EXPECT_FALSE(m.Commit(2, Number(9)));
  EXPECT_EQ(m.Read(3), -1);
}

TEST(Session, CountsSumsRemembersAndSees) {
  Metered count(Fold::kCount), sum(Fold::kSum), last(Fold::kLast), exists(Fold::kExists);
  EXPECT_EQ(count.Read(1), 0);
  EXPECT_EQ(sum.Read(1), 0);
  EXPECT_EQ(last.Read(1), -1);
  EXPECT_EQ(exists.Read(1), 0);
  for (Metered* m : {&count, &sum, &last, &exists}) {
    EXPECT_TRUE(m->Commit(1, Number(10)));
    EXPECT_TRUE(m->Commit(2, Number(30)));
    EXPECT_TRUE(m->Commit(3, Number(99), Text("ann"), 1));  // not a target
  }
  EXPECT_EQ(count.Read(3), 2);
  EXPECT_EQ(sum.Read(3), 40);
  EXPECT_EQ(last.Read(3), 30);
  EXPECT_EQ(exists.Read(3), 1);
  sum.session()->Clear();
  EXPECT_EQ(sum.Read(3), 0);
}

TEST(Session, KeysAreKeptApartHoweverLong) {
  Metered m(Fold::kCount, 0, true);
  const std::string a(200, 'a'), b = a + "b";
  m.Commit(1, Number(1), Text(a));
  m.Commit(1, Number(1), Text(b));
  m.Commit(1, Number(1), Text(b));
  m.Commit(1, Number(1), Text(""));
  EXPECT_EQ(m.Read(1, Text(a)), 1);
  EXPECT_EQ(m.Read(1, Text(b)), 2);
  EXPECT_EQ(m.Read(1, Text("")), 1);
  EXPECT_EQ(m.Read(1, Text("ann")), 0);
  EXPECT_EQ(m.Read(1, Value()), -1);  // whose?
}

TEST(Session, AWindowIsInclusiveOnBothSides) {
  Metered m(Fold::kCount, 10);
  m.Commit(100);
  m.Commit(100);
  m.Commit(105);
  EXPECT_EQ(m.Read(99), 0);  // not yet
  EXPECT_EQ(m.Read(100), 2);
  EXPECT_EQ(m.Read(110), 3);
  EXPECT_EQ(m.Read(111), 1);
  EXPECT_EQ(m.Read(116), 0);
}

TEST(Session, LateEventsFindTheirPlace) {
  Metered m(Fold::kLast, 100);
  m.Commit(50, Number(5));
  m.Commit(70, Number(7));
  m.Commit(60, Number(6));  // the clock went back
  EXPECT_EQ(m.Read(65), 6);
  EXPECT_EQ(m.Read(80), 7);
  EXPECT_EQ(m.Read(55), 5);
}

TEST(Session, IncludingThisAddsTheRequestItself) {
  Metered count(Fold::kCount, 0, false, true), sum(Fold::kSum, 0, false, true),
      exists(Fold::kExists, 0, false, true);
  EXPECT_EQ(count.Decide(1).verdict, Verdict::kEscalate);                           // one: this
  EXPECT_EQ(count.Decide(1, Number(10), Text("ann"), 1).verdict, Verdict::kAllow);  // not a target
  EXPECT_EQ(sum.Decide(1, Number(101)).verdict, Verdict::kDeny);
  EXPECT_EQ(sum.Decide(1, Value()).builtin, BuiltinRow::kUndecided);  // of an unknown amount
  EXPECT_EQ(exists.Decide(1).verdict, Verdict::kEscalate);
  sum.Commit(1, Number(60));
  EXPECT_EQ(sum.Decide(2, Number(40)).verdict, Verdict::kEscalate);
  EXPECT_EQ(sum.Decide(2, Number(41)).verdict, Verdict::kDeny);
}

TEST(Session, WithoutASessionTheRequestSaysWhatWasRecorded) {
  Metered m(Fold::kSum, 0, false, true);
  Asked asked = m.Ask(1, Number(41), Text("ann"));
  EXPECT_EQ(runtime::Decide(m.table(), nullptr, asked.request).builtin, BuiltinRow::kUndecided);
  asked.Set(kMeter, Number(60));
  EXPECT_EQ(runtime::Decide(m.table(), nullptr, asked.request).verdict, Verdict::kDeny);
  asked.Set(kMeter, Number(50));
  EXPECT_EQ(runtime::Decide(m.table(), nullptr, asked.request).verdict, Verdict::kEscalate);
}

TEST(Session, SumsStayInsideTheFactsRange) {
  Metered m(Fold::kSum);
  for (int i = 0; i < 20; ++i) m.Commit(1, Number(1000));
  EXPECT_EQ(m.Read(1), 5000);
}

TEST(Session, AnUnknownAmountMakesTheSumUnknown) {
  Metered all(Fold::kSum), window(Fold::kSum, 10);
  all.Commit(1, Value());
  window.Commit(1, Value());
  window.Commit(8, Number(4));
  EXPECT_EQ(all.Read(100), -1);
  EXPECT_EQ(window.Read(11), -1);
  EXPECT_EQ(window.Read(12), 4);
}

TEST(Session, FullMemoryMakesTheMeterMissingForGood) {
  Metered keys(Fold::kCount, 0, true, false, 4), events(Fold::kCount, 1000, false, false, 4);
  const std::string names[] = {"a", "b", "c", "d", "e"};
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(keys.Commit(1, Number(1), Text(names[i])));
  EXPECT_FALSE(keys.session()->overflowed());
  EXPECT_FALSE(keys.Commit(1, Number(1), Text(names[4])));
  EXPECT_TRUE(keys.session()->overflowed());
  EXPECT_EQ(keys.Read(1, Text("a")), -1);
  EXPECT_EQ(keys.Decide(1, Number(1), Text("a")).builtin, BuiltinRow::kUndecided);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(events.Commit(i));
  EXPECT_FALSE(events.Commit(4));
  EXPECT_EQ(events.Read(4), -1);
  events.session()->Clear();
  EXPECT_FALSE(events.session()->overflowed());
  EXPECT_TRUE(events.Commit(0));
  EXPECT_EQ(events.Read(0), 1);
}

TEST(Session, EventsThatLeaveTheWindowMakeRoom) {
  Metered m(Fold::kCount, 3, false, false, 4);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(m.Commit(i));
  EXPECT_EQ(m.Read(999), 4);
}

TEST(Session, TooLittleMemoryIsRefused) {
  Metered m(Fold::kCount);
  std::uint64_t memory[4];
  EXPECT_EQ(Session::Create(m.table(), memory, sizeof memory), nullptr);
  EXPECT_EQ(Session::Create(m.table(), nullptr, 1 << 20), nullptr);
}

}  // namespace
}  // namespace writ::test
