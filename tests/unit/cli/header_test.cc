// The states of the run header: each that is not valid denies, by the command and by the C
// interface.
#include <gmock/gmock.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/command.h"
#include "writ.h"

namespace writ::cli {
namespace {

using namespace command;

constexpr const char* kPinned = R"(policy test.header 1.0.0
role lead human
role bot  agent
anchor desk { held by lead  deputies lead  reached by "q" within 1 hour  on silence deny }
capability look { kind observe  risk read_only  input order: id }
delegation looking {
  from lead to bot
  may freely look
  anchor desk
  review every 90 days
}
guard pinned { for look  deny when pin.table is missing or run = "r0" }
)";

class Header : public Workspace {
 protected:
  std::string Table() const {
    const std::string path = Path("header.wtb");
    EXPECT_EQ(Writ({"build", Write("header.writ", kPinned), "-o", path}).exit, 0);
    return path;
  }
  static std::vector<std::string> Facts(const std::string& header) {
    std::vector<std::string> facts = {"order=A1", "pin.table=4f1c", "run=r1"};
    if (!header.empty()) facts.push_back("header=" + header);
    return facts;
  }
};

TEST_F(Header, DeniesByTheCommand) {
  const std::string table = Table();
  for (const std::string state :
       {"", "valid", "unsigned", "expired", "foreign_tenant", "unpinned"}) {
    std::vector<std::string> args = {"decide", table, "bot", "look", "--format", "json"};
    for (std::string& fact : Facts(state)) args.push_back(std::move(fact));
    const auto json = nlohmann::json::parse(Writ(args).out);
    const bool valid = state.empty() || state == "valid";
    EXPECT_EQ(json["verdict"], valid ? "allow" : "deny") << state;
    if (!valid) {
      EXPECT_EQ(json["clause"], "~header") << state;
    }
  }
  EXPECT_THAT(Writ({"decide", table, "bot", "look", "order=A1", "header=forged"}).out,
              ::testing::HasSubstr("malformed header"));
}

TEST_F(Header, ItsNamesAreRead) {
  const std::string table = Table();
  EXPECT_EQ(Writ({"decide", table, "bot", "look", "order=A1", "pin.table=4f1c", "run=r1"}).out,
            "allow\n");
  EXPECT_EQ(Writ({"decide", table, "bot", "look", "order=A1", "pin.table=4f1c", "run=r0"}).out,
            "deny\n");
  EXPECT_EQ(Writ({"decide", table, "bot", "look", "order=A1", "run=r1"}).out, "deny\n");
}

TEST_F(Header, DeniesByTheCInterface) {
  const std::string bytes = Read(Table());
  writ_open_options options = {sizeof options, WRIT_OPEN_COPY};
  writ_table* table = nullptr;
  ASSERT_EQ(writ_table_open(bytes.data(), bytes.size(), &options, &table, nullptr), WRIT_OK);
  std::vector<writ_value> values(writ_fact_count(table));
  const auto text = [&](const char* fact, const char* value) {
    writ_value& v = values[writ_fact(table, fact)];
    v.at.text = value;
    v.size = static_cast<uint32_t>(std::strlen(value));
    v.kind = WRIT_VALUE_TEXT;
  };
  text("order", "A1");
  text("pin.table", "4f1c");
  text("run", "r1");
  writ_request request = {};
  request.struct_size = sizeof request;
  request.capability = writ_capability(table, "look");
  request.role = writ_role(table, "bot");
  request.now_ms = 1'780'000'000'000;
  request.values = values.data();
  request.value_count = values.size();
  writ_value& header = values[writ_fact(table, "header")];
  for (const char* state : {"valid", "unsigned", "expired", "foreign_tenant", "unpinned"}) {
    header.number = writ_fact_value(table, writ_fact(table, "header"), state);
    header.kind = WRIT_VALUE_NUMBER;
    writ_decision decision = {};
    decision.struct_size = sizeof decision;
    ASSERT_EQ(writ_decide(table, nullptr, &request, &decision), WRIT_OK);
    const bool valid = std::string(state) == "valid";
    EXPECT_EQ(decision.verdict, valid ? WRIT_ALLOW : WRIT_DENY) << state;
    char why[200];
    writ_explain(table, &decision, why, sizeof why);
    if (!valid) {
      EXPECT_THAT(why, ::testing::HasSubstr("the run header is not valid")) << state;
    }
  }
  writ_table_close(table);
}

}  // namespace
}  // namespace writ::cli
