// A policy at random. The scenery is always the same (who reports to whom, what can be asked for);
// what varies is which facts there are, which meters, who may do what, and the clauses. Entry
// point: GeneratePolicy.
#include "generate.h"

#include <algorithm>

#include "vocabulary.h"

namespace writ::oracle {

std::uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::size_t Random::Below(std::size_t bound) { return static_cast<std::size_t>(Next() % bound); }

namespace {

void PrintAt(const Block& block, int depth, std::string& out) {
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
  out += block.head;
  if (block.condition) out += " " + block.condition->text;
  if (!block.tail.empty()) out += " " + block.tail;
  if (block.braces) out += " {";
  out += "\n";
  for (const Block& item : block.items) PrintAt(item, block.braces ? depth + 1 : depth, out);
  if (block.braces) out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + "}\n";
}

Block Line(std::string text) { return {std::move(text), std::nullopt, "", false, {}}; }
Block Braces(std::string head, std::vector<Block> items) {
  return {std::move(head), std::nullopt, "", true, std::move(items)};
}

struct CapabilityText {
  std::string name;
  std::vector<std::string> inputs;
  bool acts;
};

class Generator {
 public:
  Generator(Random& random, const Shape& shape) : random_(random), shape_(shape) {}
  std::vector<Block> Run();

 private:
  std::vector<Block> People();
  void Capabilities();
  void Thresholds();
  void Facts();
  void DeclareFact(const std::string& type, int number);
  std::string MissingWord(const std::string& type);
  void Meters();
  void Lets();
  void Delegation(int number);
  void Guards(std::vector<Block>& into);
  void Claims();
  std::vector<Block> Clauses(const std::vector<std::string>& inputs, bool may_allow, int at_most);
  Block Clause(ConditionWriter& writer, bool may_allow);
  Block ForBlock(const std::vector<CapabilityText>& capabilities);
  std::vector<std::string> SharedInputs(const std::vector<CapabilityText>& capabilities) const;
  std::string Anchor() { return random_.Pick<std::string>({"desk", "office", "top"}); }
  std::string Reason() { return random_.Chance(30) ? "\"because\"" : ""; }
  void Add(Block block) { main_.items.push_back(std::move(block)); }

  Random& random_;
  const Shape& shape_;
  Block main_;
  Vocabulary vocabulary_;
  std::vector<CapabilityText> capabilities_;
};

std::vector<Block> Generator::People() {
  std::vector<Block> people = {
      Line("role boss human"),
      Line("role lead human reports to boss"),
      Line("role clerk human reports to " + random_.Pick<std::string>({"boss", "lead"})),
      Line("role bot agent"),
      Line("role aide agent"),
      Line("role router coordinator"),
      Line("role keeper human reports to lead")};
  vocabulary_.roles = {"boss", "lead", "clerk", "bot", "aide", "router", "keeper"};
  const auto anchor = [&](const std::string& name, const std::string& holder,
                          const std::string& deputy, const std::string& above) {
    std::vector<Block> items = {
        Line("held by " + holder), Line("deputies " + deputy), Line("absorbs legal, risk"),
        Line("reached by \"queue:" + name + "\" within 4 hours"), Line("on silence deny")};
    if (!above.empty()) items.push_back(Line("above " + above));
    people.push_back(Braces("anchor " + name, items));
  };
  anchor("desk", random_.Pick<std::string>({"clerk", "lead"}), "boss", "");
  anchor("office", "lead", "boss", random_.Chance(60) ? "desk" : "");
  anchor("top", random_.Chance(80) ? "boss" : "boss, lead", "lead",
         random_.Chance(20) ? "office" : "");
  people.push_back(Line("pressure loop { none < rising < stuck }"));
  vocabulary_.variables.push_back({"pressure.loop", "loop", "", true});
  return people;
}

void Generator::Capabilities() {
  capabilities_ = {{"pay", {"order", "amount", "note_text"}, true},
                   {"ship", {"order", "pieces", "amount"}, true},
                   {"look", {"order"}, false}};
  if (!shape_.small) capabilities_.push_back({"tell", {"note_text"}, true});
  const std::string optional = random_.Chance(50) ? " optional" : "";
  Add(Braces("capability pay", {Line("kind act risk destructive"), Line("system bank"),
                                Line("input order: id, amount: money(EUR) in 0..1_000" + optional +
                                     ", note_text: text"),
                                Line("irreversible"), Line("verify with look")}));
  Add(Braces(
      "capability ship",
      {Line("kind act risk network"), Line("system store"),
       Line("input order: id, pieces: integer in 0..9 optional, amount: money(EUR) in 0..1_000" +
            optional),
       Line("verify with look")}));
  Add(Braces("capability look",
             {Line("kind observe risk read_only"), Line("system store"), Line("input order: id")}));
  if (!shape_.small) {
    Add(Braces("capability tell",
               {Line("kind act risk local_write"), Line("system store"),
                Line("input note_text: text optional"), Line("verify with look")}));
  }
  Add(Line("event returned from store"));
  Add(Line("group deeds = pay, ship"));
  vocabulary_.variables.insert(vocabulary_.variables.end(),
                               {{"order", "id", "order", true},
                                {"amount", "EUR", "amount", true},
                                {"pieces", "integer", "pieces", true},
                                {"note_text", "text", "note_text", true}});
}

void Generator::Thresholds() {
  ConditionWriter writer(random_, vocabulary_, {});
  for (const char* type : {"integer", "decimal", "EUR", "JPY", "duration", "time"}) {
    const std::string name = std::string("t_") + type;
    if (random_.Chance(shape_.small ? 60 : 90)) {
      Add(Line("threshold " + name + " = " + writer.Literal(type)));
      vocabulary_.thresholds.push_back({name, type, "", true});
    }
  }
}

std::string TypeText(const std::string& type, Random& random) {
  if (type == "integer") return random.Chance(50) ? "integer in -3..12" : "integer in 0..8";
  if (type == "decimal") return "decimal(2) in 0..1";
  if (type == "EUR") return "money(EUR) in 0..600";
  if (type == "JPY") return "money(JPY) in 0..600";
  if (type == "duration") return "duration in 0 minutes..30 days";
  if (type == "ids") return "set of id";
  if (type == "set of tier") return "set of { bronze, silver, gold }";
  if (type == "tier") return "tier";
  if (type == "state") return "{ opened, shipped, held }";
  return type;
}

std::string Generator::MissingWord(const std::string& type) {
  if (random_.Chance(35)) return " missing deny";
  if (random_.Chance(50)) return " missing escalate";
  if (type == "bool") return " missing false";
  if (type == "tier") return " missing " + random_.Pick<std::string>({"bronze", "gold"});
  if (type == "state") return " missing held";
  if (type == "id" || type == "text") return " missing \"A1\"";
  if (type == "role" || type == "ids" || type.starts_with("set")) return "";
  if (type == "integer") return " missing 3";
  if (type == "decimal") return " missing 0.5";
  if (type == "time") return " missing 2026-10-05";
  return type == "duration" ? " missing 2 hours" : " missing 100 " + type;
}

void Generator::DeclareFact(const std::string& type, int number) {
  const std::string name = (random_.Chance(30) ? "x.f" : "f") + std::to_string(number);
  const std::string word = random_.Chance(80) ? MissingWord(type) : "";
  const std::string typed = TypeText(type, random_);
  const std::string evidence =
      random_.Chance(30) ? random_.Pick<std::string>({"seen", "noted"}) : "";
  if (!evidence.empty()) {
    Add(Braces("facts from evidence " + evidence +
                   random_.Pick<std::string>({"", " missing deny", " missing escalate"}),
               {Line(name + " : " + typed + word)}));
  } else {
    Add(Line("fact " + name + " : " + typed + " from " +
             random_.Pick<std::string>({"host", "host", "header", "principal"}) + word));
  }
  vocabulary_.variables.push_back({name, type, evidence == "seen" ? "order" : "", true});
}

void Generator::Facts() {
  Add(Line("type tier = { bronze < silver < gold }"));
  Add(Line("evidence seen by look about order within 10 minutes"));
  Add(Line("evidence noted by look within 2 hours"));
  const std::vector<std::string> types = {
      "bool", "tier", "state", "integer",     "decimal", "EUR",  "JPY",     "duration", "time",
      "id",   "text", "ids",   "set of tier", "role",    "bool", "integer", "EUR",      "tier"};
  for (int i = 0; i < shape_.facts; ++i) DeclareFact(random_.Pick(types), i);
  for (const Variable& built_in :
       std::vector<Variable>{{"now", "time", "", true},
                             {"role", "role", "", true},
                             {"agent", "id", "", true},
                             {"case", "id", "", true},
                             {"evidence.noted", "time", "", true},
                             {"evidence.seen.about.order", "id", "order", true}}) {
    if (random_.Chance(30)) vocabulary_.variables.push_back(built_in);
  }
}

void Generator::Meters() {
  for (int i = 0; i < shape_.meters; ++i) {
    const std::string name = "m" + std::to_string(i);
    std::string keys = random_.Pick<std::string>(
        {"case", "agent", "case, actor", "session", "order", "tenant, agent"});
    std::string needs = keys == "order" ? "order" : "";
    if (random_.Chance(25)) {  // kept per any fact
      const Variable& fact = random_.Pick(vocabulary_.variables);
      const bool can_be_key = fact.name != "now" && fact.name != "role" && fact.name != "pieces" &&
                              fact.name != "note_text" && !fact.name.starts_with("m") &&
                              fact.type != "ids" && !fact.type.starts_with("set");
      if (can_be_key) {
        keys = fact.name;
        needs = fact.needs;
      }
    }
    std::string window =
        random_.Chance(50)
            ? " within " + random_.Pick<std::string>({"1 hours", "30 minutes", "2 days"})
            : "";
    if (window.empty() && !keys.starts_with("case") && keys != "session")
      window = " within 3 hours";
    const std::string target = random_.Pick<std::string>({"pay", "ship", "deeds"});
    const std::vector<std::pair<std::string, std::string>> folds = {
        {"count " + (random_.Chance(20) && needs.empty() ? "returned" : target), "integer"},
        {"sum " + target + ".amount", "EUR"},
        {"exists " + target, "bool"},
        {"last " + target, "time"},
        {"last " + target + ".amount", "EUR"},
        {"sum ship.pieces", "integer"}};
    const auto& [fold, type] = folds[random_.Below(folds.size())];
    Add(Line("meter " + name + " = " + fold + " per " + keys + window +
             (random_.Chance(50) ? " including this" : "")));
    vocabulary_.variables.push_back({name, type, needs, true});
  }
  if (shape_.meters > 0 && random_.Chance(40))
    vocabulary_.variables.push_back(
        {"done(" + random_.Pick<std::string>({"pay", "deeds", "look"}) + ")", "integer", "", true});
}

void Generator::Lets() {
  if (random_.Chance(50)) return;
  ConditionWriter writer(random_, vocabulary_, {});
  const std::string type = random_.Pick<std::string>({"integer", "EUR", "duration"});
  Add(Line("let l0 = " + writer.Quantity(type, 2)));
  vocabulary_.variables.push_back({"l0", type, "", false});
  Block flag = Line("let l1 =");
  flag.condition = writer.Condition(shape_.depth);
  Add(flag);
  vocabulary_.variables.push_back({"l1", "bool", "", false});
}

Block Generator::Clause(ConditionWriter& writer, bool may_allow) {
  Block clause;
  clause.condition = writer.Condition(shape_.depth);
  clause.tail = Reason();
  switch (random_.Below(may_allow ? 11 : 8)) {
    case 0:
      clause.head = "require";
      break;
    case 1:
      clause.head = "deny when";
      break;
    case 2:
      clause.head = "limit";
      if (random_.Chance(40)) clause.tail = "else deny " + clause.tail;
      break;
    case 3:
      clause.head = "escalate when";
      break;
    case 4:
      clause.head = "escalate to " + Anchor() + " when";
      clause.tail = random_.Pick<std::string>({"as threshold ", "as novelty ", ""}) + clause.tail;
      break;
    case 5:
      clause.head = "note when";
      break;
    case 6:
      clause.head = "notify " + Anchor() + " when";
      break;
    case 7:
      clause.head = "limit";
      break;
    case 8:
    case 9:
      clause.head = "allow when";
      break;
    default:
      clause.condition.reset();
      clause.head = random_.Pick<std::string>(
          {"otherwise deny", "otherwise escalate", "otherwise escalate to top", "otherwise allow"});
  }
  return clause;
}

std::vector<Block> Generator::Clauses(const std::vector<std::string>& inputs, bool may_allow,
                                      int at_most) {
  std::vector<Block> clauses;
  Vocabulary local = vocabulary_;
  if (random_.Chance(15)) {
    ConditionWriter outer(random_, vocabulary_, inputs);
    Block let = Line("let inner" + std::to_string(random_.Below(1'000'000)) + " =");
    const std::string name = let.head.substr(4, let.head.size() - 6);
    let.condition = outer.Condition(1);
    clauses.push_back(let);
    local.variables.push_back({name, "bool", "", false});
  }
  ConditionWriter writer(random_, local, inputs);
  const std::size_t count = 1 + random_.Below(static_cast<std::size_t>(at_most));
  for (std::size_t i = 0; i < count; ++i) clauses.push_back(Clause(writer, may_allow));
  if (may_allow && random_.Chance(30)) {
    const bool has_order = std::find(inputs.begin(), inputs.end(), "order") != inputs.end();
    clauses.push_back(
        Line("require evidence " +
             std::string(has_order ? random_.Pick<std::string>({"seen", "noted", "seen, noted"})
                                   : "noted")));
  }
  return clauses;
}

std::vector<std::string> Generator::SharedInputs(
    const std::vector<CapabilityText>& capabilities) const {
  std::vector<std::string> shared = capabilities[0].inputs;
  for (const CapabilityText& other : capabilities) {
    std::erase_if(shared, [&](const std::string& input) {
      return std::find(other.inputs.begin(), other.inputs.end(), input) == other.inputs.end();
    });
  }
  return shared;
}

Block Generator::ForBlock(const std::vector<CapabilityText>& capabilities) {
  std::string names;
  for (const CapabilityText& capability : capabilities)
    names += (names.empty() ? "" : ", ") + capability.name;
  const std::vector<std::string> inputs = SharedInputs(capabilities);
  Block block = Braces("for " + names, Clauses(inputs, true, shape_.clauses));
  ConditionWriter writer(random_, vocabulary_, inputs);
  Block limit = Line("limit");  // of the four questions: a limit that escalates
  limit.condition = writer.Condition(shape_.depth);
  block.items.push_back(limit);
  return block;
}

void Generator::Delegation(int number) {
  std::vector<Block> items = {Line(
      "from boss to " +
      random_.Pick<std::string>(number == 0 ? std::vector<std::string>{"bot", "bot, lead"}
                                            : std::vector<std::string>{"aide", "aide, clerk"}))};
  const bool grouped = random_.Chance(30);
  std::vector<CapabilityText> may = {capabilities_[0], capabilities_[1]};
  if (!grouped && random_.Chance(50)) may.pop_back();
  if (!grouped && may.size() == 2 && !shape_.small && random_.Chance(50))
    may.push_back(capabilities_[3]);
  std::string names;
  for (const CapabilityText& capability : may)
    names += (names.empty() ? "" : ", ") + capability.name;
  items.push_back(Line("may " + (grouped ? "deeds" : names)));
  if (random_.Chance(60)) items.push_back(Line("may freely look"));
  items.push_back(Line("anchor " + Anchor()));
  items.push_back(Line("review every 90 days"));
  if (random_.Chance(60))
    items.push_back(Line("expires 2026-12-0" + std::to_string(1 + random_.Below(9))));
  if (random_.Chance(40)) {
    for (const Block& clause : Clauses(SharedInputs(may), random_.Chance(50), 2))
      items.push_back(clause);
  }
  if (random_.Chance(30)) {
    items.push_back(ForBlock(may));
    if (may.size() > 1 && random_.Chance(30)) items.push_back(ForBlock({may[0]}));
  } else {
    for (const CapabilityText& capability : may) items.push_back(ForBlock({capability}));
  }
  Add(Braces("delegation d" + std::to_string(number), items));
}

void Generator::Guards(std::vector<Block>& into) {
  ConditionWriter anywhere(random_, vocabulary_, {});
  if (random_.Chance(40)) {
    std::vector<Block> clauses = Clauses({}, false, 2);
    clauses.insert(
        clauses.begin(),
        Line(random_.Pick<std::string>({"for every capability", "for capability where irreversible",
                                        "for capability where kind = act",
                                        "for capability where risk = read_only or system = bank",
                                        "for capability where not (capability = pay)",
                                        "for capability where system in { store, bank }"})));
    into.push_back(Braces("guard g_wide", clauses));
  }
  if (random_.Chance(40)) {
    std::vector<Block> clauses = Clauses({"order", "amount"}, false, 2);
    clauses.insert(clauses.begin(),
                   Line(random_.Pick<std::string>({"for pay, ship", "for deeds", "for pay"})));
    into.push_back(Braces("guard g_named \"House rule\"", clauses));
  }
  if (random_.Chance(50)) {
    Block note = Line("note when");
    note.condition = anywhere.Condition(shape_.depth);
    Block notify = Line("notify " + Anchor() + " when");
    notify.condition = anywhere.Condition(shape_.depth);
    into.push_back(Braces("guard g_event", {Line("for returned"), note, notify}));
  }
}

void Generator::Claims() {
  Vocabulary claims = vocabulary_;
  claims.variables.push_back({"role", "role", "", true});
  ConditionWriter writer(random_, claims, {"order", "amount", "pieces", "note_text"});
  for (int i = 0; i < 2; ++i) {
    Block region = Line("region r" + std::to_string(i) + " when");
    region.condition = writer.Condition(shape_.depth);
    if (random_.Chance(40)) {
      region.condition->text =
          random_.Pick<std::string>({"capability = pay", "capability in { ship, look }",
                                     "capability = returned", "capability = deeds",
                                     "capability in deeds"}) +
          " and (" + region.condition->text + ")";
      region.condition->parts.clear();
    }
    Add(region);
  }
  const std::string list = random_.Pick<std::string>({"", " pay", " pay, ship", " deeds"});
  ConditionWriter listed(random_, claims,
                         list.empty() ? std::vector<std::string>{"order", "amount", "pieces"}
                                      : std::vector<std::string>{"order", "amount"});
  Block invariant = Line("invariant i0: never " +
                         random_.Pick<std::string>({"allow", "escalate", "deny"}) + list + " when");
  invariant.condition = listed.Condition(shape_.depth);
  Add(invariant);
}

std::vector<Block> Generator::Run() {
  main_ = Line("policy test.main 1.0.0");
  Block shared = Line("policy test.shared 2.0.0");
  if (random_.Chance(70)) Add(Line("effective 2026-10-01"));
  if (random_.Chance(20)) Add(Line("zone \"Europe/Berlin\""));
  if (shape_.case_is)
    Add(Line(random_.Pick<std::string>({"case is order", "case is order, note_text"})));
  const bool two_files = !shape_.small && random_.Chance(60);
  if (two_files) Add(Line("use test.shared"));
  const std::vector<Block> people = People();
  for (const Block& declaration : people) (two_files ? shared : main_).items.push_back(declaration);
  Capabilities();
  Thresholds();
  Facts();
  Meters();
  Lets();
  Guards(two_files ? shared.items : main_.items);
  Delegation(0);
  if (!shape_.small) {
    Delegation(1);
    Add(Line("grant boss pay, look under top" +
             std::string(random_.Chance(50) ? " expires 2026-11-30" : "")));
    if (random_.Chance(50)) Add(Line("grant keeper look, ship under desk"));
  }
  Claims();
  return two_files ? std::vector<Block>{main_, shared} : std::vector<Block>{main_};
}

}  // namespace

std::string Print(const Block& block) {
  std::string out;
  PrintAt(block, 0, out);
  return out;
}

std::vector<Block> GeneratePolicy(Random& random, const Shape& shape) {
  return Generator(random, shape).Run();
}

}  // namespace writ::oracle
