// M34 to M38 at random: what is remembered, what becomes the record, what is used up, who is told.
#include "generator.h"

namespace writ::oracle {

// M35 and M36. `recall` and `bring_in` are there for them alone.
void Generator::Memory() {
  if (shape_.small || random_.Chance(60)) return;
  if (random_.Chance(70)) {
    Add(Line("consent agreed over pii { by patron  lasts " +
             random_.Pick<std::string>({"1 hours", "2 days", "2 months"}) + " }"));
    vocabulary_.variables.push_back({"consent.agreed", "bool", "", true});
    Add(Line(
        "capability recall_note { kind recall  risk read_only  system store  input order: id }"));
    capabilities_.push_back({"recall_note", {"order"}, false});
    std::vector<Block> items = {
        Line("class pii  tier " + random_.Pick<std::string>({"working", "semantic"}) +
             "  consent agreed"),
        Line("recalled by recall_note"), Line("decay when unused 1 hours  flag to " + Anchor()),
        Line("decay when unused 2 days  expire " + Reason())};
    if (random_.Chance(50)) items.push_back(Line("written by ship"));
    if (random_.Chance(50)) items.push_back(Line("decay when source changed  demote"));
    if (random_.Chance(40)) items.push_back(Line("decay when contradicted 2 times  demote"));
    Add(Braces("memory notes" + std::string(random_.Chance(30) ? " \"Remembered\"" : ""), items));
  }
}

// M37: over what is there anyway, so that a step is refused or taken by chance.
void Generator::Promotion() {
  if (shape_.small || random_.Chance(65)) return;
  std::vector<Block> steps = {Line("draft -> proposed by ship")};
  if (random_.Chance(40)) {
    ConditionWriter writer(random_, vocabulary_, {});
    steps.back().head += " when";
    steps.back().condition = writer.Condition(shape_.depth);
  }
  steps.back().tail = ", with 2 sources " + Reason();
  if (random_.Chance(40)) steps.push_back(Line("proposed -> draft by look"));
  steps.push_back(Line("proposed -> approved by pay, not author " + Reason()));
  steps.push_back(
      Line("approved -> " + random_.Pick<std::string>({"draft", "withdrawn"}) + " by look"));
  if (steps.size() == 4) steps.back().head = "approved -> draft by look";
  Add(Braces("promotion item" + std::string(random_.Chance(30) ? " \"The record\"" : "") +
                 " from draft to approved in " +
                 random_.Pick<std::string>({"bank", "bank", "bank", "store"}),
             steps));
}

// M34.3 and M38.
void Generator::Budgets() {
  if (shape_.small || random_.Chance(60)) return;
  Add(Line("capability bring_in \"To a person\" { hands over to " + Anchor() + " }"));
  capabilities_.push_back({"bring_in", {}, false});
  const std::string end = random_.Pick<std::string>(
      {"on exhausted deny", "on exhausted escalate", "on exhausted escalate to top"});
  Add(Line("budget run { calls " + std::to_string(1 + random_.Below(4)) +
           random_.Pick<std::string>({"", "  tokens 5", "  cost 3.00 EUR", "  wall 2 hours"}) +
           "  " + end + " }"));
  if (random_.Chance(50))
    Add(Line("budget part within run { for " +
             random_.Pick<std::string>({"pay", "pay, look", "deeds"}) +
             "  calls 1  on exhausted deny }"));
}

}  // namespace writ::oracle
