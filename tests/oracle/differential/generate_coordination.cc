// M43 and M44 at random: intents and who works on them, parts of the house and their handoffs.
#include "generator.h"

namespace writ::oracle {

void Generator::Coordination() {
  if (shape_.small) return;
  if (random_.Chance(25)) Intents();
  if (random_.Chance(25)) Boundary();
}

// Every role that is an agent may be routed to: what it may do is drawn later, and a role that may
// do nothing is refused as such.
void Generator::Intents() {
  std::vector<Block> wish = {
      Line("class " +
           random_.Pick<std::string>({"execution", "execution", "workflow", "decision_support"}))};
  Add(Line("evidence settled_by by look about order within 2 hours"));
  if (random_.Chance(60)) {
    wish.push_back(
        Line("decision fair { owner lead  outcomes fair_yes, fair_no  evidence settled_by }"));
  }
  if (random_.Chance(50)) {
    Add(Line("capability finish { kind think_support  risk read_only  input order: id }"));
    finishes_ = true;
    wish.push_back(Line("complete by finish when " +
                        random_.Pick<std::string>({"verified", "evidence settled_by",
                                                   "evidence settled_by and verified"})));
  }
  Add(Braces("intent wish" + std::string(random_.Chance(40) ? " \"A wish\"" : ""), wish));
  Add(Line("intent other { class " + random_.Pick<std::string>({"information", "execution"}) +
           " }"));
  Add(Line("route wish to boss" + std::string(random_.Chance(40) ? " by router " : " ") +
           Reason()));
  Add(Line("route other to boss"));
}

void Generator::Boundary() {
  std::vector<Block> items = {
      Line("part front of " + random_.Pick<std::string>({"bot", "bot, aide"})),
      Line("part back of " + random_.Pick<std::string>({"mate", "mate, boss"})),
      Line("handoff front to back by look")};
  if (random_.Chance(40)) {
    ConditionWriter writer(random_, vocabulary_, {});
    items.back().head += " when";
    items.back().condition = writer.Condition(shape_.depth);
    items.back().tail = Reason();
  }
  if (random_.Chance(60)) items.push_back(Line("handoff back to front by ship"));
  Add(Braces("boundary desks" + std::string(random_.Chance(40) ? " \"Two desks\"" : ""), items));
}

}  // namespace writ::oracle
