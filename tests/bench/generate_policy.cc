// generate_policy SHAPE N [D]: prints the text of a generated policy, for use outside of the
// benchmarks.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "generator.h"

int main(int argc, char** argv) {
  using namespace writ::bench;
  const std::string_view shape = argc > 2 ? argv[1] : "";
  const auto n = argc > 2 ? static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)) : 0;
  const auto d = argc > 3 ? static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10)) : 20;
  Policy policy;
  if (shape == "scoped" && n > 0) policy = Scoped(n);
  if (shape == "scoped_deny" && n > 0) policy = ScopedDeny(n);
  if (shape == "wide" && n > 0) policy = Wide(n);
  if (shape == "acl" && n > 0) policy = Acl(n);
  if (shape == "adversarial" && n > 0 && d > 1) policy = Adversarial(n, d);
  if (policy.rules.empty()) {
    std::fputs("usage: generate_policy scoped|scoped_deny|wide|acl|adversarial RULES [FACTS]\n",
               stderr);
    return 2;
  }
  std::fputs(ToSource(policy).c_str(), stdout);
  return 0;
}
