// Where the table is known to differ from docs/semantics.md. Each test asserts that it still does:
// once it fails, the matter is mended, and the construct belongs into the generator
// (DropMalformed in differential/requests.cc).
#include <gtest/gtest.h>

#include "differential/compare.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

struct Both {
  Answer oracle, table;
  std::string difference;
};

Both AskBoth(const std::string& text, const Request& request) {
  const SubjectResult made = MakeSubject({text});
  EXPECT_TRUE(made.subject) << made.why;
  if (!made.subject) return {};
  const Policy policy = LoadPolicy(made.subject->dumps);
  Both both;
  both.oracle = Decide(policy, request, nullptr);
  both.table = Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), nullptr);
  both.difference = Difference(policy, both.oracle, both.table);
  return both;
}

constexpr const char* kLook = R"(policy test.known 1.0.0
role lead human
anchor desk { held by lead deputies lead absorbs legal reached by "q" within 4 hours on silence deny }
fact seen: bool from host
capability look { kind observe risk read_only system s input order: id }
grant lead look under desk
)";

Request Look(const std::string& fact, const Given& given) {
  Request request{"look", "lead", *ParseInstant("2026-10-05T12:00:00Z"), {}, false};
  request.facts["order"] = {"\"A1\"", false};
  request.facts[fact] = given;
  return request;
}

// M1.3, M11: a region changes no decision, and yet the table denies for a malformed value that only
// a region reads.
TEST(KnownFailures, RegionsReadMalformedValues) {
  const Both both =
      AskBoth(std::string(kLook) + "region given when seen is known", Look("seen", {"", true}));
  EXPECT_EQ(both.oracle.verdict, "allow");
  EXPECT_NE(both.difference, "")
      << "mended: let requests give malformed values to facts that only claims read";
}

}  // namespace
}  // namespace writ::oracle
