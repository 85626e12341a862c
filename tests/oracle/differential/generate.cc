// A policy at random: printing it, its clauses, and its claims. Entry point: GeneratePolicy.
#include "generate.h"

#include <algorithm>
#include <cctype>

#include "generator.h"

namespace writ::oracle {

std::uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::size_t Random::Below(std::size_t bound) { return static_cast<std::size_t>(Next() % bound); }

Block Line(std::string text) { return {std::move(text), std::nullopt, "", false, {}}; }
Block Braces(std::string head, std::vector<Block> items) {
  return {std::move(head), std::nullopt, "", true, std::move(items)};
}

std::set<std::string> WordsIn(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.') {
      word += c;
    } else {
      words.insert(word);
      word.clear();
    }
  }
  return words;
}

bool Generator::ReadsText(const std::string& text) const {
  const std::set<std::string> words = WordsIn(text);
  return std::any_of(vocabulary_.variables.begin(), vocabulary_.variables.end(),
                     [&](const Variable& variable) {
                       return variable.reads_text && words.contains(variable.name);
                     });
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
    local.variables.push_back({name, "bool", "", false, "", ReadsText(let.condition->text)});
  }
  ConditionWriter writer(random_, local, inputs);
  const std::size_t count = 1 + random_.Below(static_cast<std::size_t>(at_most));
  for (std::size_t i = 0; i < count; ++i) clauses.push_back(Clause(writer, may_allow));
  if (may_allow && random_.Chance(15)) {
    const bool has_order = std::find(inputs.begin(), inputs.end(), "order") != inputs.end();
    clauses.push_back(
        Line("require evidence " +
             std::string(has_order ? random_.Pick<std::string>({"seen", "noted", "seen, noted"})
                                   : "noted")));
  }
  if (random_.Chance(6)) clauses.push_back(Line("require confirmation by patron " + Reason()));
  return clauses;
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

namespace {

bool Overlap(const std::string& a, const std::string& b) {
  const auto is_deed = [](const std::string& name) { return name == "pay" || name == "ship"; };
  return a == b || (a == "deeds" && is_deed(b)) || (b == "deeds" && is_deed(a));
}

}  // namespace

// What starts a count anew is not counted itself, and nothing decides on an event.
Block Generator::Obligation() {
  const auto name = [&] {
    return random_.Pick<std::string>({"pay", "ship", "look", "deeds", "returned", "pay"});
  };
  const std::string target = name();
  std::string needed = name();
  while (needed == target) needed = name();
  Block item = Line(target + (random_.Chance(85) ? " needs " + needed : " never"));
  const bool needs = item.head.find(" needs ") != std::string::npos;
  if (random_.Chance(30)) {
    ConditionWriter writer(random_, vocabulary_, {});
    item.head += " when";
    item.condition = writer.Condition(shape_.depth);
  }
  const bool each = needs && random_.Chance(40);
  if (each) item.tail += ", one each";
  if (needs && random_.Chance(25)) item.tail += ", until " + name();
  const std::string since = random_.Pick<std::string>({"look", "returned", "pay"});
  if (needs && random_.Chance(30) && !Overlap(since, needed) && !(each && Overlap(since, target)))
    item.tail += ", since " + since;
  if (needs && !each && random_.Chance(35))
    item.tail +=
        ", within " + random_.Pick<std::string>({"1 hours", "30 minutes", "2 days", "48h"});
  if (random_.Chance(50)) {
    item.tail += target == "returned"
                     ? random_.Pick<std::string>({", else note", ", else notify desk"})
                     : random_.Pick<std::string>({", else deny", ", else escalate", ", else note",
                                                  ", else escalate to top as conflict",
                                                  ", else notify desk"});
  }
  item.tail += " " + Reason();
  return item;
}

// M33: signatures, which a capability reads through `case`.
void Generator::Approvals() {
  if (random_.Chance(65)) return;
  ConditionWriter writer(random_, vocabulary_, {});
  Block stage = Line("then " + random_.Pick<std::string>({"lead", "boss"}) + " when");
  stage.condition = writer.Condition(shape_.depth);
  if (random_.Chance(50)) stage.tail = "unless same person as clerk";
  Add(Braces("approvals ok for " + random_.Pick<std::string>({"look", "ship"}),
             {Line(random_.Pick<std::string>({"clerk", "keeper", "clerk then keeper"})), stage}));
  approvals_ = true;
  vocabulary_.variables.push_back({"approval ok", "bool", "", false});
}

// M31 and M32.
void Generator::Obligations() {
  if (random_.Chance(25)) {
    Block separate = Line("separate " +
                          random_.Pick<std::string>({"pay, ship", "pay, look, ship", "deeds, look",
                                                     "returned, pay", "look, returned, deeds"}) +
                          " per case");
    if (random_.Chance(40)) {
      ConditionWriter writer(random_, vocabulary_, {});
      separate.head += " when";
      separate.condition = writer.Condition(shape_.depth);
    }
    separate.tail = Reason();
    Add(separate);
  }
  if (random_.Chance(60)) return;
  Block sequence = Braces(
      "sequence s0" + std::string(random_.Chance(30) ? " \"In order\"" : "") + " per case", {});
  if (random_.Chance(50)) {
    ConditionWriter writer(random_, vocabulary_, {});
    sequence.head += " when";
    sequence.condition = writer.Condition(shape_.depth);
  }
  const std::size_t count = 1 + random_.Below(3);
  for (std::size_t i = 0; i < count; ++i) sequence.items.push_back(Obligation());
  Add(sequence);
}

void Generator::Assumptions() {
  for (int i = 0; i < 2; ++i) {
    if (random_.Chance(80)) continue;
    ConditionWriter writer(
        random_, vocabulary_,
        random_.Chance(60) ? std::vector<std::string>{} : random_.Pick(capabilities_).inputs);
    Block assume = Line("assume a" + std::to_string(i) + ": never");
    assume.condition = writer.Joined(" and ", shape_.depth);  // not too often true
    assume.tail = Reason();
    Add(assume);
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
  const auto verdict = [&] { return random_.Pick<std::string>({"allow", "escalate", "deny"}); };
  for (int i = 0; i < shape_.invariants; ++i) {
    const std::string list = random_.Pick<std::string>({"", " pay", " pay, ship", " deeds"});
    ConditionWriter listed(random_, claims,
                           list.empty() ? std::vector<std::string>{"order", "amount", "pieces"}
                                        : std::vector<std::string>{"order", "amount"});
    Block invariant =
        Line("invariant i" + std::to_string(i) + ": " +
             random_.Pick<std::string>({"never ", "always "}) + verdict() + list + " when");
    invariant.condition = listed.Condition(shape_.depth);
    Add(invariant);
  }
  if (shape_.relations) Relation(claims, verdict);
}

// An invariant about two decisions.
void Generator::Relation(const Vocabulary& claims, const std::function<std::string()>& verdict) {
  std::string says;
  switch (random_.Below(3)) {
    case 0:
      says =
          verdict() + " pay implies " + verdict() + random_.Pick<std::string>({" look", " ship"});
      break;
    case 1:
      says = "disjoint " + verdict() + random_.Pick<std::string>({" pay, ship", " deeds"});
      break;
    default: {
      std::vector<std::string> ordered = {"amount"};
      for (const Variable& variable : claims.variables) {
        static const std::set<std::string> kOrdered = {"bool", "integer", "decimal",  "EUR",
                                                       "JPY",  "loop",    "duration", "mode",
                                                       "tier", "model"};
        if (variable.declared && variable.name.find('(') == std::string::npos &&
            kOrdered.contains(variable.type))
          ordered.push_back(variable.name);
      }
      says = "monotone " + ordered[random_.Below(ordered.size())] +
             random_.Pick<std::string>({"", " falling"}) +
             random_.Pick<std::string>({"", " for pay", " for pay, ship"});
      break;
    }
  }
  const bool conditional = random_.Chance(50);
  Block relation = Line("invariant i" + std::to_string(shape_.invariants) + ": " + says +
                        (conditional ? " when" : ""));
  if (conditional) {
    ConditionWriter writer(random_, claims, {"order"});
    relation.condition = writer.Condition(shape_.depth);
  }
  Add(relation);
}

// A last day, or a while from the first of October on.
std::string Generator::Expiry() {
  if (dated_ && !shape_.small && random_.Chance(30))
    return random_.Pick<std::string>({"60 days", "9 weeks", "2 months", "1 year"});
  return "2026-12-0" + std::to_string(1 + random_.Below(9));
}

std::vector<Block> Generator::Run() {
  main_ = Line("policy test.main 1.0.0");
  Block shared = Line("policy test.shared 2.0.0");
  dated_ = random_.Chance(70);
  const std::string since =
      !shape_.small && random_.Chance(20)
          ? " for cases since " + random_.Pick<std::string>({"pay", "deeds", "returned"})
          : "";
  if (dated_) Add(Line("effective 2026-10-01" + since));
  if (random_.Chance(20)) Add(Line("zone \"Europe/Berlin\""));
  if (shape_.strict) Add(Line("strict"));
  if (shape_.tenant) Add(Line("tenant \"A1\""));
  if (shape_.case_is)
    Add(Line(random_.Pick<std::string>({"case is order", "case is order, note_text"})));
  const bool two_files = !shape_.small && random_.Chance(60);
  if (two_files) Add(Line("use test.shared"));
  const std::vector<Block> people = People();
  for (const Block& declaration : people) (two_files ? shared : main_).items.push_back(declaration);
  Capabilities();
  Thresholds();
  Facts();
  Modes();
  Meters();
  Tables();
  Lets();
  Approvals();
  Assumptions();
  Guards(two_files ? shared.items : main_.items);
  Obligations();
  Memory();
  Promotion();
  Budgets();
  Execution();
  Coordination();
  Limits();
  Delegations();
  Claims();
  return two_files ? std::vector<Block>{main_, shared} : std::vector<Block>{main_};
}

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
