// The C ABI and its C++ cover: the same decisions, texts that fit any buffer, and every misuse
// answered by a status.
#include <gtest/gtest.h>

#include "random_model.h"
#include "support.h"
#include "writ.h"
#include "writ.hpp"

namespace writ::test {
namespace {

std::vector<unsigned char> Bytes(std::uint64_t seed = 5) {
  return table::WriteTable(ModelMaker(seed).Make()).value();
}

TEST(CApi, DecidesAsTheLibraryDoes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const table::Model model = ModelMaker(seed).Make();
    const Opened o = OpenWritten(model);
    writ_table* table = nullptr;
    ASSERT_EQ(writ_table_open(o.bytes.data(), o.bytes.size(), nullptr, &table, nullptr), WRIT_OK);
    writ_session* session = nullptr;
    ASSERT_EQ(writ_session_open(table, 32, &session), WRIT_OK);
    std::vector<std::uint64_t> memory(Session::BytesFor(o.table, 32) / 8 + 1);
    runtime::Session* own = runtime::Session::Create(o.table, memory.data(), memory.size() * 8);
    Random random(seed);
    for (int i = 0; i < 20; ++i) {
      OwnedRequest owned = RandomRequest(TypesOf(model), random);
      owned.request.capability = {random.Below(3)};
      writ_request request = {};
      request.struct_size = sizeof request;
      request.capability = owned.request.capability.value;
      request.role = owned.request.role.value;
      request.now_ms = owned.request.now_ms;
      request.values = reinterpret_cast<const writ_value*>(owned.values.data());
      request.value_count = owned.values.size();
      request.flags = owned.request.as_in_force ? WRIT_REQUEST_AS_IN_FORCE : 0;
      writ_decision got = {};
      got.struct_size = sizeof got;
      ASSERT_EQ(writ_decide(table, session, &request, &got), WRIT_OK);
      const Decision want = Decide(o.table, own, owned.request);
      EXPECT_EQ(got.verdict, static_cast<int>(want.verdict));
      EXPECT_EQ(got.row, static_cast<int>(want.builtin));
      EXPECT_EQ(got.column, want.column);
      EXPECT_EQ(got.anchor, want.anchor.value);
      EXPECT_EQ(got.fact, want.fact.value);
      EXPECT_EQ(writ_session_commit(session, &request),
                own->Commit(owned.request) ? WRIT_OK : WRIT_ERROR_FULL);
    }
    writ_session_close(session);
    writ_table_close(table);
  }
}

TEST(CApi, SetsArriveAsTheyAre) {
  table::Model m;
  m.facts.resize(1);
  m.facts[0].name = "tags";
  m.facts[0].type = ValueType::kIdSet;
  m.capabilities.resize(1);
  m.capabilities[0].name = "pay";
  table::Matrix matrix;
  matrix.signature = {{{0}, false}};
  table::Instruction has;
  has.op = Op::kSetHasText;
  has.text = "vip";
  matrix.code = {has};
  m.atom_maps = {{AtomMapKind::kDirect, 2, {}, {}}};
  matrix.dimensions = {{DimensionKind::kDerived, 0, {0}}};
  table::Column allow;
  allow.verdict = Verdict::kAllow;
  allow.constraints = {{0, {false, false, true}}};
  matrix.columns = {allow};
  m.matrices = {matrix};
  const auto bytes = table::WriteTable(m).value();
  const host::Table table = host::Table::Open(bytes.data(), bytes.size());
  ASSERT_TRUE(table);
  const writ_text texts[] = {{5, "other"}, {3, "vip"}};
  host::Request request(table, table.Capability("pay"), 0, 0);
  writ_value set = {};
  set.at.texts = texts;
  set.size = 2;
  set.kind = WRIT_VALUE_TEXT_SET;
  request[table.Fact("tags")] = set;
  EXPECT_EQ(table.Decide(request.get()).verdict, WRIT_ALLOW);
  set.size = 1;
  request[table.Fact("tags")] = set;
  EXPECT_EQ(table.Decide(request.get()).verdict, WRIT_DENY);
}

TEST(CApi, NamesResolve) {
  const auto bytes = Bytes();
  const host::Table table = host::Table::Open(bytes.data(), bytes.size());
  ASSERT_TRUE(table);
  EXPECT_EQ(table.Fact("f3"), 5u);
  EXPECT_EQ(table.Fact("nothing"), WRIT_NONE);
  EXPECT_EQ(table.Role("clerk"), 1u);
  EXPECT_EQ(table.FactValue(3, "blue"), 2u);
  EXPECT_EQ(table.FactValue(3, "black"), WRIT_NONE);
  EXPECT_EQ(table.FactValue(999, "blue"), WRIT_NONE);
  char name[8];
  EXPECT_EQ(writ_anchor_name(table.get(), writ_anchor(table.get(), "board"), name, sizeof name),
            5u);
  EXPECT_STREQ(name, "board");
}

TEST(CApi, MisuseIsAnswered) {
  const auto bytes = Bytes();
  writ_table* table = nullptr;
  writ_error error = {};
  EXPECT_EQ(writ_table_open(nullptr, 5, nullptr, &table, &error), WRIT_ERROR_ARGUMENT);
  EXPECT_EQ(writ_table_open(bytes.data(), bytes.size(), nullptr, nullptr, &error),
            WRIT_ERROR_ARGUMENT);
  EXPECT_EQ(writ_table_open(bytes.data(), 100, nullptr, &table, &error), WRIT_ERROR_TABLE);
  EXPECT_EQ(error.code, WRIT_OPEN_TRUNCATED);
  EXPECT_EQ(error.offset, 100u);
  ASSERT_EQ(writ_table_open(bytes.data(), bytes.size(), nullptr, &table, &error), WRIT_OK);
  writ_decision decision = {};
  EXPECT_EQ(writ_decide(table, nullptr, nullptr, &decision), WRIT_ERROR_ARGUMENT);
  EXPECT_EQ(decision.verdict, WRIT_DENY);
  writ_request request = {};
  EXPECT_EQ(writ_decide(table, nullptr, &request, &decision), WRIT_ERROR_ARGUMENT);  // no values
  std::vector<writ_value> values(writ_fact_count(table));
  request.values = values.data();
  request.value_count = values.size();
  request.capability = WRIT_NONE;
  EXPECT_EQ(writ_decide(table, nullptr, &request, &decision), WRIT_OK);
  EXPECT_EQ(decision.row, WRIT_ROW_UNKNOWN_CAPABILITY);
  request.struct_size = 4;
  EXPECT_EQ(writ_decide(table, nullptr, &request, &decision), WRIT_ERROR_ARGUMENT);
  EXPECT_EQ(writ_session_commit(nullptr, &request), WRIT_ERROR_ARGUMENT);
  writ_session* session = nullptr;
  EXPECT_EQ(writ_session_open(table, 0, &session), WRIT_ERROR_ARGUMENT);
  EXPECT_EQ(writ_session_open(table, SIZE_MAX, &session), WRIT_ERROR_MEMORY);
  writ_session_close(nullptr);
  writ_table_close(table);
  writ_table_close(nullptr);
}

TEST(CApi, ExplainingFitsAnyBuffer) {
  const auto bytes = Bytes();
  const host::Table table = host::Table::Open(bytes.data(), bytes.size());
  writ_decision d = {};
  d.verdict = WRIT_ESCALATE;
  d.row = WRIT_ROW_POLICY;
  d.capability = table.Capability("do_3");
  d.fact = WRIT_NONE;
  const std::string whole = table.Explain(d);
  EXPECT_EQ(
      whole,
      "escalate do_3 to desk under selling\n  because\n  deny when x\n  `clause.0` at a.writ:3\n");
  for (std::size_t size = 1; size < whole.size() + 3; ++size) {
    std::string buffer(size, '?');
    EXPECT_EQ(writ_explain(table.get(), &d, buffer.data(), size), whole.size());
    EXPECT_EQ(std::string(buffer.c_str()), whole.substr(0, size - 1));
  }
  d.row = WRIT_ROW_MALFORMED;
  d.verdict = WRIT_DENY;
  d.fact = 3;
  EXPECT_EQ(table.Explain(d), "deny do_3: malformed `f1`\n");
  d = {};
  d.row = 99;
  d.verdict = -7;
  d.capability = d.anchor = d.clause = d.authority = d.fact = 0x7FFFFFFF;
  EXPECT_EQ(table.Explain(d), "deny: \n");
}

}  // namespace
}  // namespace writ::test
