// Random tables and requests: `Decide`, `Match` and `MapAtoms` against the reference in
// reference.h, with and without a session.
#include <gtest/gtest.h>

#include "reference.h"
#include "writ/runtime/session.h"
#include "writ/table/write.h"

namespace writ::test {
namespace {

struct Tally {
  int decided = 0, builtin = 0, undecided = 0;
};

void CompareOne(const table::Model& model, const Table& table, const Session* session,
                const std::vector<Happened>* history, const Request& request, Tally& tally) {
  const Reference::Result want = Reference(model, request, history).Run();
  const Decision got = Decide(table, session, request);
  ASSERT_EQ(static_cast<int>(got.builtin), static_cast<int>(want.builtin));
  ASSERT_EQ(got.column, want.column);
  if (want.fact != 0xFFFFFFFFu) {
    ASSERT_EQ(got.fact.value, want.fact);
  }
  const bool known = request.capability.value < table.capability_count();
  std::vector<std::uint64_t> bits(known ? table.Matrix(request.capability).word_count() : 1, 0xAA);
  const Decision matched = Match(table, session, request, bits.data(), bits.size());
  ASSERT_EQ(static_cast<int>(matched.builtin), static_cast<int>(want.builtin));
  ASSERT_EQ(matched.column, want.column);
  std::set<std::uint32_t> columns;
  for (std::uint32_t c = 0; c < bits.size() * 64; ++c) {
    if (((bits[c / 64] >> (c % 64)) & 1) != 0) columns.insert(c);
  }
  ASSERT_EQ(columns, want.matched);
  std::vector<std::uint32_t> atoms(kMaxDimensions, 77);
  const bool mapped = MapAtoms(table, session, request, atoms.data(), atoms.size());
  ASSERT_EQ(mapped, want.builtin == BuiltinRow::kNone || want.builtin == BuiltinRow::kUndecided);
  if (mapped) {
    atoms.resize(want.atoms.size());
    ASSERT_EQ(atoms, want.atoms);
  }
  if (got.builtin == BuiltinRow::kNone) {
    const table::Column& column = model.matrices[request.capability.value].columns[got.column];
    ASSERT_EQ(got.verdict, column.verdict);
    ASSERT_EQ(got.anchor, column.anchor);
    ASSERT_EQ(got.clause, column.clause);
    ASSERT_EQ(got.authority, column.authority);
    ++tally.decided;
  } else {
    ASSERT_EQ(got.verdict, Verdict::kDeny);
    ++(got.builtin == BuiltinRow::kUndecided ? tally.undecided : tally.builtin);
  }
}

void CompareModel(std::uint64_t seed, std::uint32_t columns, Tally& tally) {
  const table::Model model = ModelMaker(seed, columns).Make();
  const auto bytes = table::WriteTable(model);
  ASSERT_TRUE(bytes.has_value()) << bytes.error().what;
  Table table;
  ASSERT_EQ(Table::Open(bytes->data(), bytes->size(), &table).code, OpenCode::kOk);
  std::vector<std::uint64_t> memory(Session::BytesFor(table, 256) / 8 + 1);
  Session* session = Session::Create(table, memory.data(), memory.size() * 8);
  ASSERT_NE(session, nullptr);
  std::vector<Happened> history;
  const std::vector<ValueType> types = TypesOf(model);
  Random random(seed + 1);
  std::int64_t clock = 0;
  for (int i = 0; i < 40; ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " request " + std::to_string(i));
    OwnedRequest owned = RandomRequest(types, random);
    owned.request.capability = {random.Below(model.capabilities.size())};
    if (random.Chance(1)) owned.request.capability = {random.Below(100)};
    clock += random.Below(3);
    owned.request.now_ms = clock;
    CompareOne(model, table, nullptr, nullptr, owned.request, tally);
    CompareOne(model, table, session, &history, owned.request, tally);
    if (testing::Test::HasFatalFailure()) return;
    if (owned.request.capability.value < model.capabilities.size() && random.Chance(60)) {
      ASSERT_TRUE(session->Commit(owned.request));
      history.push_back(
          {owned.request.capability.value, owned.request.now_ms, owned.values, owned.request.role});
    }
  }
  ASSERT_FALSE(session->overflowed());
}

TEST(Property, DecideIsTheReferenceOnSmallTables) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 400 && !HasFatalFailure(); ++seed)
    CompareModel(seed, 12, tally);
  EXPECT_GT(tally.decided, 1000);
  EXPECT_GT(tally.builtin, 500);
  EXPECT_GT(tally.undecided, 100);
}

TEST(Property, DecideIsTheReferenceOnTablesOfSeveralWords) {
  Tally tally;
  for (std::uint64_t seed = 1000; seed < 1030 && !HasFatalFailure(); ++seed)
    CompareModel(seed, 200, tally);
  for (std::uint64_t seed = 2000; seed < 2012 && !HasFatalFailure(); ++seed)
    CompareModel(seed, 1500, tally);
  EXPECT_GT(tally.decided, 300);
}

}  // namespace
}  // namespace writ::test
