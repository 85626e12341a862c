// Requests that tell the rows of a policy apart: for each fact a few representative values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generate.h"
#include "writ/oracle/oracle.h"

namespace writ::oracle {

// Of one fact: every enum value, the border of every constant with one step to either side, both
// ends of the range, known and unknown texts, missing (nothing) and, at the end, malformed ones.
using Candidates = std::vector<std::optional<Given>>;

class RequestSpace {
 public:
  RequestSpace(const Policy& policy, const std::string& capability);

  const std::string& capability() const { return capability_; }
  // Of all combinations of representatives, and of roles and times; saturates.
  std::uint64_t size() const { return size_; }
  // REQUIRES: index < size().
  Request At(std::uint64_t index) const;
  // Mostly well formed and given; sometimes not.
  Request Any(Random& random) const;

 private:
  struct Choice {
    std::string fact;
    Candidates proper, malformed;
  };

  std::string capability_;
  std::vector<Choice> facts_;
  std::vector<std::pair<std::string, Candidates>> unread_;
  std::vector<std::string> roles_, acting_;  // acting: who has the capability
  std::vector<std::int64_t> times_;
  std::uint64_t size_ = 1;
};

// Moves the times at which evidence was obtained, so that it keeps its age when `now` is moved.
void MoveEvidence(Request& request, std::int64_t by_ms);

std::string ToText(const Request& request);

}  // namespace writ::oracle
