// Times, durations and exact decimals as text: the spellings that corpora, mappings and reports
// share.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace writ::evals {

// "2026-10-01T12:00:00Z", "2026-10-01T12:00:00.250+02:00" (a blank may stand for the T) to
// milliseconds since 1970 UTC. Years 1 to 9999. An offset is needed; the error says what is wrong.
// Finer than milliseconds is refused, not rounded.
std::expected<std::int64_t, std::string> ParseTime(std::string_view text);
// "2026-10-01T12:00:00Z", with ".250" only where there are milliseconds.
std::string FormatTime(std::int64_t ms);

// "90 minutes", "2 hours 30 minutes", "90min" to milliseconds. Units: milliseconds to weeks, in
// words or as ms s min h d w.
std::expected<std::int64_t, std::string> ParseDuration(std::string_view text);
// In the largest unit that leaves no rest: "90 minutes", "2 hours".
std::string FormatDuration(std::int64_t ms);

// "-1_000.25" with scale 2 to -100025. More decimals than `scale` are refused, not rounded.
std::expected<std::int64_t, std::string> ParseDecimal(std::string_view text, int scale);
// Always with `scale` decimals: "-1000.25".
std::string FormatDecimal(std::int64_t digits, int scale);

}  // namespace writ::evals
