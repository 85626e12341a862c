// The arguments of a call on the command line: inputs are worked out from them as replay does.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;

class Arguments : public Workspace {
 protected:
  std::string Policy() const {
    return Write("booking.writ", R"(policy test.booking 1.0.0
role lead human
role bot  agent
anchor desk { held by lead  deputies lead  reached by "q" within 1 hour  on silence deny }
threshold party = 4
threshold money = 500 USD
capability look { kind observe  risk read_only }
capability book {
  kind act  risk destructive
  input passengers: integer in 0..9 = count "$.passengers"
  input paid: money(USD) in 0..10_000 = sum "$.methods[*].amount"
  input flights: id = digest "$.flights"
  verify with look
}
delegation booking {
  from lead to bot
  may book
  anchor desk
  review every 90 days
  limit passengers <= party
  limit paid <= money
}
)");
  }
  Result Book(const std::string& arguments, std::vector<std::string> more = {}) const {
    std::vector<std::string> args = {"decide", Policy(), "bot", "book", "--format", "json"};
    if (!arguments.empty()) args.insert(args.end(), {"--arguments", arguments});
    args.insert(args.end(), more.begin(), more.end());
    return Writ(args);
  }
};

constexpr const char* kTwo =
    R"({"passengers": [{}, {}], "methods": [{"amount": 0.1}, {"amount": 499.90}], "flights": ["HAT 136"]})";

TEST_F(Arguments, AreWorkedOutBeforeDeciding) {
  const Result result = Book(kTwo);
  ASSERT_EQ(result.exit, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["verdict"], "allow");
  EXPECT_EQ(json["derived"]["passengers"], "2");
  EXPECT_EQ(json["derived"]["paid"], "500.00 USD");
  EXPECT_EQ(json["derived"]["flights"].get<std::string>().size(), 64u);
}

TEST_F(Arguments, DecideAsTheirInputsDo) {
  const std::string given = Book(kTwo).out;
  const auto digest = nlohmann::json::parse(given)["derived"]["flights"].get<std::string>();
  const Result by_name = Book("", {"passengers=2", "paid=500.00 USD", "flights=" + digest});
  auto derived = nlohmann::json::parse(given);
  derived.erase("derived");
  EXPECT_EQ(nlohmann::json::parse(by_name.out), derived);
  EXPECT_THAT(Book(kTwo, {"passengers=2"}).out, HasSubstr("\"allow\""));
}

TEST_F(Arguments, ThatDisagreeWithWhatIsGivenAreMalformed) {
  const Result result = Book(kTwo, {"passengers=1"});
  EXPECT_THAT(result.out, HasSubstr("malformed"));
  EXPECT_THAT(result.err, HasSubstr("passengers: given as `1`, and the arguments say `2`"));
}

TEST_F(Arguments, ThatLackSomethingAreAMissingInput) {
  EXPECT_THAT(Book(R"({"passengers": [], "methods": []})").out, HasSubstr("missing input flights"));
  EXPECT_THAT(
      Book(R"({"passengers": 2, "methods": [], "flights": 1})").err,
      HasSubstr("passengers: worked out from the arguments: a number is no array to count"));
}

TEST_F(Arguments, StandInRequestsAsJsonToo) {
  const Result result =
      Writ({"decide", Policy(), "--requests", "-", "--format", "json"},
           "{\"role\": \"bot\", \"capability\": \"book\", \"arguments\": " + std::string(kTwo) +
               "}\n{\"role\": \"bot\", \"capability\": \"book\", \"arguments\": [1]}\n");
  EXPECT_EQ(result.exit, 2);
  EXPECT_EQ(result.out, Book(kTwo).out);
  EXPECT_THAT(result.err, HasSubstr("line 2: `arguments` is not an object"));
}

TEST_F(Arguments, AreExplained) {
  const Result result = Writ({"explain", Policy(), "bot", "book", "--arguments",
                              R"({"passengers": [1, 2, 3, 4, 5], "methods": [], "flights": []})"});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("escalate to desk\n  when     passengers > party (4)\n"));
  EXPECT_THAT(result.out, HasSubstr("  paid = 0.00 USD\n"));
  EXPECT_EQ(Writ({"explain", Policy(), "bot", "book", "--arguments", "[1]"}).exit, 2);
}

TEST_F(Arguments, AChangedDerivationIsAChange) {
  const std::string old_policy = Policy();
  std::string text = Read(old_policy);
  text.replace(text.find("$.passengers"), 12, "$.guests");
  const Result result = Writ({"table", Write("next.writ", text), "--against", old_policy});
  EXPECT_THAT(result.out, HasSubstr("~ capability book: "));
  EXPECT_THAT(result.out, HasSubstr(" = count \"$.guests\""));
}

}  // namespace
}  // namespace writ::cli
