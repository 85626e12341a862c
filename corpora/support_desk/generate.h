// A support desk that never was: conversations, refunds, approvals and what came of them, from one
// seed.
//
// It behaves as the refunds policy in `policies/support_refunds.writ` decided at the time, so that
// a replay of that policy over its runs reproduces every recorded decision. The same seed gives the
// same bytes on every machine: integers only, its own random numbers, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace writ::support_desk {

struct Options {
  std::uint32_t runs = 20'000;
  std::uint64_t seed = 1;
};

// One conversation as a line of JSON, without the line end; in the order in which they were opened.
std::vector<std::string> Generate(const Options& options);

}  // namespace writ::support_desk
