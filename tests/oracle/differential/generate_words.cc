// The scenery (who reports to whom, what can be asked for), which is always the same, and the words
// of the policy, which vary: thresholds, facts, modes, meters, tables, lets.
#include <algorithm>

#include "generator.h"

namespace writ::oracle {

namespace {

const std::string kPatience = "patience";  // a threshold that says how long windows are

}  // namespace

std::vector<Block> Generator::People() {
  std::vector<Block> people = {
      Line("role boss human"),
      Line("role lead human reports to boss"),
      Line("role clerk human reports to " + random_.Pick<std::string>({"boss", "lead"})),
      Line("role bot agent"),
      Line("role aide agent"),
      Line("role mate agent"),
      Line("role hand agent"),
      Line("role patron party"),
      Line("role router coordinator"),
      Line("role keeper human reports to lead")};
  vocabulary_.roles = {"boss", "lead", "clerk", "bot", "aide", "mate", "hand", "router", "keeper"};
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
  if (random_.Chance(30)) {  // it can be read where a clause requires it
    Add(Braces("guard g_yes", {Line("for look"), Line("require confirmation by patron")}));
    vocabulary_.variables.push_back({"confirmation.patron", "bool", "", true});
  }
  if (random_.Chance(20)) vocabulary_.variables.push_back({"header", "header", "", true});
  people.push_back(Line("pressure loop { none < rising < stuck }"));
  vocabulary_.variables.push_back({"pressure.loop", "loop", "", true, "pressure.loop"});
  return people;
}

void Generator::Capabilities() {
  capabilities_ = {{"pay", {"order", "amount", "note_text"}, true},
                   {"ship", {"order", "pieces", "amount"}, true},
                   {"look", {"order"}, false}};
  if (!shape_.small) capabilities_.push_back({"tell", {"note_text"}, true});
  const std::string optional = random_.Chance(50) ? " optional" : "";
  sends_ = !shape_.small && random_.Chance(25);
  const Block sends = Line(
      sends_ ? "sends on " + random_.Pick<std::string>({"line_out", "line_out, way_out"}) : "");
  Add(Braces("capability pay", {Line("kind act risk destructive"), Line("system bank"), sends,
                                Line("input order: id, amount: money(EUR) in 0..1_000" + optional +
                                     ", note_text: text"),
                                Line("irreversible"), Line("verify with look")}));
  Add(Braces(
      "capability ship",
      {Line("kind act risk network"), Line("system store"), Line(sends_ ? "sends on way_out" : ""),
       Line("input order: id, pieces: integer in 0..9 optional, amount: money(EUR) in 0..1_000" +
            optional),
       Line("verify with look")}));
  Add(Braces("capability look",
             {Line("kind observe risk read_only"), Line("system store"), Line("input order: id")}));
  if (!shape_.small) {
    Add(Braces(
        "capability tell",
        {Line("kind act risk " +
              random_.Pick<std::string>(
                  {"local_write",
                   "effect: local, authority: own, reversible: yes, interaction: none, data: many",
                   "network, effect: local",
                   "effect: external, authority: delegated, reversible: no, interaction: open, "
                   "data: all"})),
         Line("system store"), Line("input note_text: text optional"), Line("verify with look")}));
  }
  Add(Line("event returned from store"));
  Add(Line("group deeds = pay, ship"));
  vocabulary_.variables.insert(vocabulary_.variables.end(),
                               {{"order", "id", "order", true},
                                {"amount", "EUR", "amount", true},
                                {"pieces", "integer", "pieces", true, "pieces"},
                                {"note_text", "text", "note_text", true}});
}

void Generator::Thresholds() {
  if (!shape_.small) {
    Add(Line("threshold " + kPatience + " = " +
             random_.Pick<std::string>({"3 hours", "2 months", "1 year"})));
  }
  ConditionWriter writer(random_, vocabulary_, {});
  for (const char* type : {"integer", "decimal", "EUR", "JPY", "duration", "time"}) {
    const int count = shape_.strict ? 3 : random_.Chance(shape_.small ? 60 : 90) ? 1 : 0;
    for (int i = 0; i < count; ++i) {
      const std::string name = std::string("t_") + type + (i == 0 ? "" : std::to_string(i));
      Add(Line("threshold " + name + " = " + writer.Literal(type)));
      vocabulary_.thresholds.push_back({name, type, "", true});
    }
  }
  vocabulary_.strict = shape_.strict;  // from here on, numbers have names
}

namespace {

std::string TypeText(const std::string& type, Random& random) {
  if (type == "integer") return random.Chance(50) ? "integer in -3..12" : "integer in 0..8";
  if (type == "decimal") return "decimal(2) in 0..1";
  if (type == "EUR") return "money(EUR) in 0..600";
  if (type == "JPY") return "money(JPY) in 0..600";
  if (type == "duration") return "duration in 0 minutes..30 days";
  if (type == "ids") return "set of id";
  if (type == "set of tier") return "set of { bronze, silver, gold }";
  if (type == "tier") return "tier";
  if (type == "step") return "step";
  if (type == "state") return "{ opened, shipped, held }";
  return type;
}

// By what a table may have it as a key, if it may: its type's name, or its own.
std::string KeyName(const std::string& type, const std::string& fact) {
  if (type == "tier" || type == "step") return type;
  return type == "bool" || type == "state" ? fact : "";
}

}  // namespace

std::string Generator::MissingWord(const std::string& type) {
  if (random_.Chance(35)) return " missing deny";
  if (random_.Chance(50)) return " missing escalate";
  if (type == "bool") return " missing false";
  if (type == "tier") return " missing " + random_.Pick<std::string>({"bronze", "gold"});
  if (type == "state") return " missing held";
  if (type == "id" || type == "text") return " missing \"A1\"";
  if (type == "role") return "";
  if (type == "ids") return random_.Pick<std::string>({" missing { }", " missing { \"A1\", B2 }"});
  if (type.starts_with("set"))
    return random_.Pick<std::string>({" missing { }", " missing { bronze, gold }"});
  if (type == "integer" || type == "step") return " missing 3";
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
  bool reads_text = false;
  if (!evidence.empty()) {
    Add(Braces("facts from evidence " + evidence +
                   random_.Pick<std::string>({"", " missing deny", " missing escalate"}),
               {Line(name + " : " + typed + word)}));
  } else if (random_.Chance(15)) {
    Add(Line("fact " + name + " : " + typed + " claimed by patron" + word +
             " believed by boss because \"Their word will do\""));
  } else {
    const std::string source =
        random_.Pick<std::string>({"host", "host", "host", "header", "principal", "tool", "model"});
    Add(Line("fact " + name + " : " + typed + " from " + source + word));
    reads_text = source == "tool" || source == "model";
  }
  vocabulary_.variables.push_back({name, type == "step" ? "integer" : type,
                                   evidence == "seen" ? "order" : "", true, KeyName(type, name),
                                   reads_text});
}

void Generator::Facts() {
  Add(Line("type tier = { bronze < silver < gold }"));
  Add(Line("type step = integer in 0..3"));
  Add(Line("evidence seen by look about order within 10 minutes"));
  Add(Line("evidence noted by look within " +
           (shape_.small
                ? "2 hours"
                : random_.Pick<std::string>({"2 hours", "2 hours", "1 month", kPatience}))));
  const std::vector<std::string> types = {"bool", "tier",    "state",    "integer",     "decimal",
                                          "EUR",  "JPY",     "duration", "time",        "step",
                                          "id",   "text",    "ids",      "set of tier", "role",
                                          "bool", "integer", "EUR",      "tier"};
  for (int i = 0; i < shape_.facts; ++i) DeclareFact(random_.Pick(types), i);
  for (const Variable& built_in :
       std::vector<Variable>{{"now", "time", "", true},
                             {"role", "role", "", true},
                             {"agent", "id", "", true},
                             {"case", "id", "", true},
                             {"run", "id", "", true},
                             {"pin.table", "id", "", true},
                             {"evidence.noted", "time", "", true},
                             {"evidence.seen.about.order", "id", "order", true}}) {
    if (random_.Chance(30)) vocabulary_.variables.push_back(built_in);
  }
}

void Generator::Modes() {
  Models();
  if (random_.Chance(60)) return;
  Add(Line("modes { normal < cautious < frozen }"));
  vocabulary_.variables.push_back({"mode", "mode", "", true, "mode"});
}

// M52
void Generator::Models() {
  if (shape_.small || random_.Chance(70)) return;
  std::vector<Block> lines = {Line("class untried" + random_.Pick<std::string>({"", " \"m0\""})),
                              Line("class tried \"m1\""), Line("class proven \"m2\", \"A1\"")};
  if (random_.Chance(70))
    lines.push_back(Line(
        "acts alone from " + random_.Pick<std::string>({"tried", "proven"}) +
        random_.Pick<std::string>({"", " for pay", " for deeds"}) +
        random_.Pick<std::string>({"", " else deny", " else escalate", " else escalate to top"}) +
        " " + Reason()));
  Add(Braces("models" + std::string(random_.Chance(40) ? " \"A weak model\"" : ""), lines));
  vocabulary_.variables.push_back({"model", "model", "", true, "model"});
}

void Generator::Meters() {
  for (int i = 0; i < shape_.meters; ++i) {
    const std::string name = "m" + std::to_string(i);
    std::string keys = random_.Pick<std::string>(
        {"case", "agent", "case, actor", "session", "order", "tenant, agent", "run, trace"});
    std::string needs = keys == "order" ? "order" : "";
    if (random_.Chance(25)) {  // kept per any fact
      const Variable& fact = random_.Pick(vocabulary_.variables);
      const bool can_be_key = fact.name != "now" && fact.name != "role" && fact.name != "pieces" &&
                              fact.name != "note_text" && !fact.name.starts_with("m") &&
                              fact.name != "header" && fact.type != "ids" &&
                              !fact.type.starts_with("set");
      if (can_be_key) {
        keys = fact.name;
        needs = fact.needs;
      }
    }
    std::string window =
        random_.Chance(50)
            ? " within " + random_.Pick<std::string>({"1 hours", "30 minutes", "2 days", "1 month",
                                                      shape_.small ? "1 year" : kPatience})
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
        {"sum ship.pieces", "integer"},
        {"first " + target, "time"},
        {"first " + target + ".amount", "EUR"},
        {"distinct " + target + random_.Pick<std::string>({".amount", ".order"}), "integer"},
        {"distinct pay.note_text", "integer"}};
    const auto& [fold, type] = folds[random_.Below(folds.size())];
    std::string since;
    if (random_.Chance(25) && needs.empty())
      since = " since " + random_.Pick<std::string>({"look", "returned"});
    if (fold.starts_with("count returned") && since == " since returned") since.clear();
    const bool can_include_this = !fold.starts_with("first");
    Add(Line("meter " + name + " = " + fold + " per " + keys + since + window +
             (can_include_this && random_.Chance(50) ? " including this" : "")));
    vocabulary_.variables.push_back({name, type, needs, true, "", ReadsText(keys)});
  }
  if (shape_.meters > 0 && random_.Chance(40))
    vocabulary_.variables.push_back({random_.Pick<std::string>({"done", "own"}) + "(" +
                                         random_.Pick<std::string>({"pay", "deeds", "look"}) + ")",
                                     "integer", "", true});
  if (shape_.meters > 0 && random_.Chance(30)) {
    vocabulary_.variables.push_back({random_.Pick<std::string>({"first", "last"}) + "(" +
                                         random_.Pick<std::string>({"pay", "deeds"}) + ")",
                                     "time", "", true});
  }
}

namespace {

std::vector<std::string> KeyValues(const Variable& key) {
  if (key.type == "bool") return {"true", "false"};
  if (key.key == "step") return {"0", "1", "2", "3"};
  if (key.key == "pieces") return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  for (const EnumType& type : Enums()) {
    if (type.name == key.type) return type.values;
  }
  return {};
}

void Shuffle(std::vector<std::string>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.Below(i)]);
}

}  // namespace

// Something that has the type of this key: a fact, or one of its values.
std::string Generator::KeyOf(const Variable& like) {
  const bool bare = like.type == "bool" || (like.type == "integer" && !shape_.strict);
  if (bare && random_.Chance(15)) return random_.Pick(KeyValues(like));
  std::vector<std::string> names;
  for (const Variable& variable : vocabulary_.variables) {
    const bool same = variable.key == like.key ||
                      (variable.type == "bool" && like.type == "bool" && !variable.key.empty());
    if (same && (variable.needs.empty() || variable.needs == like.needs))
      names.push_back(variable.name);
  }
  return random_.Pick(names);
}

std::string Generator::Table(const std::string& name, const Variable& first, const Variable* second,
                             const std::string& type) {
  Vocabulary none;  // cells are written out, also where conditions may not
  ConditionWriter writer(random_, none, {});
  const auto cell = [&] {
    return type == "tier" ? random_.Pick<std::string>({"bronze", "silver", "gold"})
                          : writer.Literal(type);
  };
  std::vector<std::string> rows = KeyValues(first);
  std::vector<std::string> columns =
      second == nullptr ? std::vector<std::string>{""} : KeyValues(*second);
  Shuffle(rows, random_);
  Shuffle(columns, random_);
  std::string typed = type == "tier" ? " : tier" : "";
  if (type == "decimal" && random_.Chance(50)) typed = " : decimal(2) in 0..1";
  if (type == "EUR" && random_.Chance(50)) typed = " : money(EUR) in 0..1_000";
  std::string text = "table " + name + "(" + first.key +
                     (second == nullptr ? "" : ", " + second->key) + ")" + typed + " {\n";
  for (std::size_t i = 0; second != nullptr && i < columns.size(); ++i)
    text += (i == 0 ? "  " : ", ") + columns[i];
  for (const std::string& row : rows) {
    text += "\n  " + row + ": ";
    for (std::size_t i = 0; i < columns.size(); ++i) text += (i == 0 ? "" : ", ") + cell();
  }
  return text + "\n}";
}

void Generator::Tables() {
  std::vector<Variable> keys;
  for (const Variable& variable : vocabulary_.variables) {
    if (!variable.key.empty()) keys.push_back(variable);
  }
  const int at_most = shape_.small ? 1 : 2;
  for (int i = 0; i < at_most; ++i) {
    if (keys.empty() || random_.Chance(50)) continue;
    const std::string name = "w" + std::to_string(i);
    const std::string type =
        random_.Pick<std::string>({"integer", "decimal", "EUR", "JPY", "duration", "tier"});
    const Variable first = random_.Pick(keys);
    const Variable second = random_.Pick(keys);
    const bool two = random_.Chance(60) &&
                     (first.needs.empty() || second.needs.empty() || first.needs == second.needs);
    Add(Line(Table(name, first, two ? &second : nullptr, type)));
    const std::string needs = two && first.needs.empty() ? second.needs : first.needs;
    for (int use = 0; use < 2; ++use) {
      const std::string call = name + "(" + KeyOf(first) + (two ? ", " + KeyOf(second) : "") + ")";
      vocabulary_.variables.push_back({call, type, needs, false, "", ReadsText(call)});
    }
  }
}

void Generator::Lets() {
  if (random_.Chance(50)) return;
  ConditionWriter writer(random_, vocabulary_, {});
  const std::string type = random_.Pick<std::string>({"integer", "EUR", "duration"});
  const std::string number = writer.Quantity(type, 2);
  Add(Line("let l0 = " + number));
  vocabulary_.variables.push_back({"l0", type, "", false, "", ReadsText(number)});
  Block flag = Line("let l1 =");
  flag.condition = writer.Condition(shape_.depth);
  Add(flag);
  vocabulary_.variables.push_back({"l1", "bool", "", false, "", ReadsText(flag.condition->text)});
}

}  // namespace writ::oracle
