// M39 to M42 at random: code in a sandbox, skills, retries, breakers. `compute` is there for them
// alone, and `boss` has it.
#include "generator.h"

namespace writ::oracle {

void Generator::Execution() {
  if (shape_.small || random_.Chance(60)) return;
  const std::string digest =
      "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  computes_ = true;
  std::vector<Block> items = {Line("kind observe  risk read_only  system store"),
                              Line("input order: id"), Line("runs code in box")};
  if (random_.Chance(70)) {
    items.push_back(
        Line("retry " + random_.Pick<std::string>({"1", "2", "3"}) + " times within 1 hours"));
    items.push_back(Line("dead letters to " + Anchor()));
  }
  Add(Braces("capability compute", items));
  Add(Line("sandbox box" + std::string(random_.Chance(50) ? " \"Held\"" : "") + " { image " +
           digest +
           "  cpu 0.5  memory 64MiB  processes 4  time 1 hours  network none  "
           "mounts none }"));
  if (random_.Chance(60))
    Add(Line("skill knack 1.0.0 for boss { uses " +
             random_.Pick<std::string>({"compute", "look", "compute, look", "look, pay"}) +
             "  pins " + digest + "  tested by \"suites/knack\" }"));
  if (random_.Chance(70)) {
    Add(Line("breaker line { for " +
             random_.Pick<std::string>({"pay", "pay, look", "deeds", "compute, ship"}) +
             "  trips after " + random_.Pick<std::string>({"1", "2"}) + " failures within " +
             random_.Pick<std::string>({"1 hours", "2 days", "1 month", "patience"}) +
             "  while open " + random_.Pick<std::string>({"deny", "escalate", "escalate to top"}) +
             " }"));
    if (!shape_.strict) vocabulary_.variables.push_back({"breaker.line", "integer", "", true});
  }
}

}  // namespace writ::oracle
