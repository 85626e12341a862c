// Windows of the calendar, ends after a while, and policies for cases since: the tables of M6.7 and
// M10 in docs/semantics.md.
#include "worked.h"

namespace writ::oracle {
namespace {

// ---- M6.7: through evidence that is fresh from the first instant of the window on
std::string Seen(const std::string& window) {
  return "evidence seen by show within " + window + "\n" +
         "capability show { kind observe risk "
         "read_only system s input order: id }\n" +
         RefundCapability("input order: id") +
         Delegation("require evidence seen limit order = \"A1\"");
}

constexpr const char* kBerlin = "zone \"Europe/Berlin\"";
constexpr const char* kStale = "deny by refunding/issue_refund/evidence.1";

Row At(const std::string& window, const std::string& now, const std::string& obtained,
       const std::string& outcome, const std::string& head = kBerlin) {
  return {"M6.7",
          Seen(window),
          "order: \"A1\", evidence.seen: " + obtained,
          outcome,
          "issue_refund",
          "refund_agent",
          now,
          head};
}

INSTANTIATE_TEST_SUITE_P(
    M6Windows, Tables,
    testing::Values(At("2 months", "2026-04-30T10:00:00Z", "2026-02-28T11:00:00Z", "allow"),
                    At("2 months", "2026-04-30T10:00:00Z", "2026-02-28T10:59:59.999Z", kStale),
                    At("1 month", "2026-04-29T00:30:00Z", "2026-03-29T01:00:00Z", "allow"),
                    At("1 month", "2026-04-29T00:30:00Z", "2026-03-29T00:59:59.999Z", kStale),
                    At("1 month", "2026-11-25T01:30:00Z", "2026-10-25T00:30:00Z", "allow"),
                    At("1 month", "2026-11-25T01:30:00Z", "2026-10-25T00:29:59.999Z", kStale),
                    At("1 year", "2028-02-29T08:00:00Z", "2027-02-28T08:00:00Z", "allow"),
                    At("1 year", "2028-02-29T08:00:00Z", "2027-02-28T07:59:59.999Z", kStale),
                    At("1 month", "2026-03-31T10:00:00Z", "2026-02-28T10:00:00Z", "allow", ""),
                    At("1 month", "2026-03-31T10:00:00Z", "2026-02-28T09:59:59.999Z", kStale, ""),
                    At("1 month", "2026-03-31T10:00:00Z", "2026-03-31T10:00:00.001Z", kStale, "")));

const std::string kNamed = "threshold claim_window = 2 months\n" + Seen("claim_window");
INSTANTIATE_TEST_SUITE_P(
    M6Named, Tables,
    testing::Values(
        Row{"M6.7", kNamed, "order: \"A1\", evidence.seen: 2026-08-05T12:00:00Z", "allow"},
        Row{"M6.7", kNamed, "order: \"A1\", evidence.seen: 2026-08-05T11:59:59.999Z", kStale}));

// ---- M10: ends after a while
std::string Ending(const std::string& length) {
  return RefundCapability("input order: id") +
         "delegation refunding { from support_lead to refund_agent may issue_refund anchor refunds "
         "review every 90 days expires " +
         length + " for issue_refund { limit order = \"A1\" } }\n";
}

Row Until(const std::string& length, const std::string& now, const std::string& outcome) {
  return {"M10", Ending(length),        "order: \"A1\"", outcome, "issue_refund", "refund_agent",
          now,   "effective 2026-01-31"};
}

INSTANTIATE_TEST_SUITE_P(
    M10Ends, Tables,
    testing::Values(Until("180 days", "2026-07-29T23:59:59.999Z", "allow"),
                    Until("180 days", "2026-07-30T00:00:00Z", "deny by ~expires"),
                    Until("1 month", "2026-02-27T23:59:59.999Z", "allow"),
                    Until("1 month", "2026-02-28T00:00:00Z", "deny by ~expires"),
                    Until("1 year", "2027-01-30T23:59:59.999Z", "allow"),
                    Until("1 year", "2027-01-31T00:00:00Z", "deny by ~expires")));

// ---- M10.1
const std::string kCases = "event submit from desk\n" + RefundCapability("input order: id") +
                           Delegation("limit order = \"A1\"");

Row Dated(const std::string& first, const std::string& now, const std::string& outcome) {
  return {
      "M10.1",        kCases, "order: \"A1\", first(submit): " + first,     outcome, "issue_refund",
      "refund_agent", now,    "effective 2018-01-01 for cases since submit"};
}

Row InForce(Row row) {  // as replay reads a table
  row.as_in_force = true;
  return row;
}

constexpr const char* kEarlier = "deny by ~cases/test.tables";
INSTANTIATE_TEST_SUITE_P(
    M10Cases, Tables,
    testing::Values(Dated("2017-12-31T23:59:59.999Z", "2018-03-01T00:00:00Z", kEarlier),
                    Dated("2018-01-01T00:00:00Z", "2018-03-01T00:00:00Z", "allow"),
                    Dated("missing", "2018-03-01T00:00:00Z", "allow"),
                    Dated("missing", "2017-12-31T23:59:59.999Z", kEarlier),
                    InForce(Dated("2017-12-31T23:59:59.999Z", "2018-03-01T00:00:00Z", kEarlier)),
                    InForce(Dated("2018-01-01T00:00:00Z", "2018-03-01T00:00:00Z", "allow"))));

}  // namespace
}  // namespace writ::oracle
