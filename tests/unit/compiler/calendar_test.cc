// Windows of months: what the runtime works out from the changes of clocks in a table is what the
// compiler works out from the machine's time zone data.
#include <gtest/gtest.h>

#include <random>

#include "dates.h"
#include "writ/runtime/calendar.h"
#include "writ/table/write.h"

namespace writ::compiler {
namespace {

struct Opened {
  std::vector<unsigned char> bytes;
  runtime::Table table;
};

Opened TableIn(std::string_view zone) {
  table::Model model;
  model.policy = "test";
  model.zone_changes = check::ZoneChanges(zone);
  Opened opened;
  const auto bytes = table::WriteTable(model);
  EXPECT_TRUE(bytes.has_value());
  opened.bytes = *bytes;
  EXPECT_EQ(runtime::Table::Open(opened.bytes.data(), opened.bytes.size(), &opened.table).code,
            runtime::OpenCode::kOk);
  return opened;
}

class Zoned : public testing::TestWithParam<const char*> {};

TEST_P(Zoned, RuntimeAndCompilerCountMonthsAlike) {
  const Opened opened = TableIn(GetParam());
  std::mt19937_64 random(7);
  const std::int64_t first = *check::Instant("1965-01-01T00:00:00Z", "");
  const std::int64_t last = *check::Instant("2105-01-01T00:00:00Z", "");
  constexpr std::uint32_t kMonths[] = {1, 2, 6, 12, 13, 48, 1200};
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t now =
        first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last - first));
    const std::uint32_t months = kMonths[random() % std::size(kMonths)];
    ASSERT_EQ(runtime::MonthsBefore(opened.table, now, months),
              check::MonthsBefore(now, GetParam(), months))
        << check::PrintInstant(now) << " " << months;
  }
}

// Around each change of clocks, and around what lies so many months after one.
TEST_P(Zoned, TheyAgreeWhereClocksChange) {
  const Opened opened = TableIn(GetParam());
  constexpr std::int64_t kMinute = 60'000;
  for (std::uint32_t i = 0; i < opened.table.zone_change_count(); ++i) {
    const std::int64_t change = opened.table.ZoneChange(i).from_ms;
    for (const std::int64_t days : {0, 30, 31, 59, 61, 365}) {
      for (std::int64_t minutes = -150; minutes <= 150; minutes += 10) {
        for (const std::int64_t ms : {-1, 0, 1}) {
          const std::int64_t now = change + days * 1440 * kMinute + minutes * kMinute + ms;
          for (const std::uint32_t months : {1u, 2u, 12u}) {
            ASSERT_EQ(runtime::MonthsBefore(opened.table, now, months),
                      check::MonthsBefore(now, GetParam(), months))
                << check::PrintInstant(now) << " " << months;
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, Zoned,
                         testing::Values("", "Europe/Berlin", "America/New_York", "Asia/Kolkata",
                                         "Australia/Lord_Howe", "Pacific/Apia",
                                         "America/St_Johns"));

TEST(Calendar, FarFromAllCalendarsAMonthIsATwelfthOfAYear) {
  const Opened opened = TableIn("Europe/Berlin");
  EXPECT_EQ(runtime::MonthsBefore(opened.table, INT64_MAX, 12), INT64_MAX - 31'556'952'000);
  EXPECT_EQ(runtime::MonthsBefore(opened.table, INT64_MIN, 1200), INT64_MIN);
  EXPECT_EQ(runtime::WindowStart(opened.table, INT64_MIN + 5, 10, 0), INT64_MIN);
}

}  // namespace
}  // namespace writ::compiler
