// Comparing, and shrinking by trial: leave something out, and keep it out if the two sides still
// differ.
#include "compare.h"

#include <functional>
#include <stdexcept>

#include "requests.h"
#include "subject.h"

namespace writ::oracle {

namespace {

std::string Join(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return "{" + text + "}";
}

void Note(std::string& differences, const std::string& what, const std::string& oracle,
          const std::string& subject) {
  if (oracle != subject)
    differences += what + ": oracle `" + oracle + "`, table `" + subject + "`\n";
}

}  // namespace

namespace {

// What only the version before has is called NAME@VERSION (M23.4).
std::string Plain(const std::string& name) { return name.substr(0, name.find('@')); }

Answer WithoutVersions(Answer answer) {
  answer.clause = Plain(answer.clause);
  answer.under = Plain(answer.under);
  std::set<std::string> holds;
  for (const std::string& name : answer.holds) holds.insert(Plain(name));
  answer.holds = std::move(holds);
  return answer;
}

}  // namespace

std::string Difference(const Policy& policy, const Answer& oracle, const Answer& table) {
  const Answer subject = policy.before ? WithoutVersions(table) : table;
  std::string differences;
  Note(differences, "builtin row", oracle.builtin, subject.builtin);
  Note(differences, "verdict", oracle.verdict, subject.verdict);
  Note(differences, "fact", oracle.fact, subject.fact);
  if (!differences.empty() || (!oracle.builtin.empty() && oracle.builtin != "undecided"))
    return differences;
  Note(differences, "rows that hold", Join(oracle.holds), Join(subject.holds));
  Note(differences, "regions", Join(oracle.regions), Join(subject.regions));
  Note(differences, "invariants' conditions", Join(oracle.invariants), Join(subject.invariants));
  if (oracle.builtin == "undecided") return differences;
  Note(differences, "authority", oracle.under, subject.under);
  if (oracle.rivals.contains(subject.anchor)) return differences;
  if (oracle.verdict != "deny") Note(differences, "anchor", oracle.anchor, subject.anchor);
  Note(differences, "clause", oracle.clause, subject.clause);
  if (!oracle.reason.empty()) Note(differences, "reason", oracle.reason, subject.reason);
  Note(differences, "trigger", oracle.trigger, subject.trigger);
  return differences;
}

std::string ToText(const Answer& answer) {
  std::string text = answer.verdict;
  if (!answer.anchor.empty())
    text += (answer.verdict == "escalate" ? " to " : " (answered for by ") + answer.anchor +
            (answer.verdict == "escalate" ? "" : ")");
  if (!answer.builtin.empty()) text += ", " + answer.builtin + " " + answer.fact;
  if (!answer.clause.empty()) text += ", by " + answer.clause;
  if (!answer.under.empty()) text += ", under " + answer.under;
  text += ", rows " + Join(answer.holds) + ", regions " + Join(answer.regions);
  return text;
}

namespace {

struct BothAnswers {
  Answer oracle, subject;
  std::string difference;
};

// Nothing if the policy is refused.
std::optional<BothAnswers> AnswerBoth(const Case& a_case) {
  std::vector<std::string> texts;
  for (const Block& file : a_case.files) texts.push_back(Print(file));
  const SubjectResult result = MakeSubject(texts);
  if (!result.subject) return std::nullopt;
  const Subject& subject = *result.subject;
  const Policy policy = LoadPolicy(subject.dumps);
  BothAnswers both;
  both.oracle = Decide(policy, a_case.request, a_case.session ? &a_case.history : nullptr);
  OwnedSession session(subject.table);
  for (const Request& event : a_case.history)
    session.get()->Commit(RuntimeRequest(subject.table, event).request());
  const RuntimeRequest request(subject.table, a_case.request);
  both.subject = Ask(subject, request.request(), a_case.session ? session.get() : nullptr);
  both.difference = Difference(policy, both.oracle, both.subject);
  return both;
}

using StillDiffers = std::function<bool()>;

// Tries to leave out each item, and to replace each condition by one of its parts. True if
// something got smaller.
bool ShrinkBlock(Block& block, const StillDiffers& differs) {
  bool smaller = false;
  if (block.condition) {
    const ConditionText whole = *block.condition;
    for (const ConditionText& part : whole.parts) {
      block.condition = part;
      if (differs()) return true;
      block.condition = whole;
    }
  }
  for (std::size_t i = block.items.size(); i-- > 0;) {
    const Block item = block.items[i];
    block.items.erase(block.items.begin() + static_cast<std::ptrdiff_t>(i));
    if (differs()) {
      smaller = true;
      continue;
    }
    block.items.insert(block.items.begin() + static_cast<std::ptrdiff_t>(i), item);
    smaller = ShrinkBlock(block.items[i], differs) || smaller;
  }
  return smaller;
}

bool ShrinkRequest(Request& request, const StillDiffers& differs) {
  bool smaller = false;
  const std::map<std::string, Given> facts = request.facts;
  for (const auto& [fact, given] : facts) {
    request.facts.erase(fact);
    if (differs()) {
      smaller = true;
    } else {
      request.facts[fact] = given;
    }
  }
  return smaller;
}

bool ShrinkHistory(Case& a_case, const StillDiffers& differs) {
  bool smaller = false;
  for (std::size_t i = a_case.history.size(); i-- > 0;) {
    const Request event = a_case.history[i];
    a_case.history.erase(a_case.history.begin() + static_cast<std::ptrdiff_t>(i));
    if (differs()) {
      smaller = true;
    } else {
      a_case.history.insert(a_case.history.begin() + static_cast<std::ptrdiff_t>(i), event);
    }
  }
  return smaller;
}

}  // namespace

std::string DifferenceIn(const Case& a_case) {
  const std::optional<BothAnswers> both = AnswerBoth(a_case);
  return both ? both->difference : "";
}

std::string ShrinkAndPrint(Case a_case) {
  const StillDiffers differs = [&] { return !DifferenceIn(a_case).empty(); };
  for (bool smaller = true; smaller;) {
    smaller = ShrinkHistory(a_case, differs);
    for (std::size_t i = a_case.files.size(); i-- > 0;)
      smaller = ShrinkBlock(a_case.files[i], differs) || smaller;
    smaller = ShrinkRequest(a_case.request, differs) || smaller;
    for (Request& event : a_case.history) smaller = ShrinkRequest(event, differs) || smaller;
  }
  const std::optional<BothAnswers> both = AnswerBoth(a_case);
  std::string text;
  for (const Block& file : a_case.files) text += Print(file) + "\n";
  for (const Request& event : a_case.history) text += "committed: " + ToText(event) + "\n";
  text += std::string(a_case.session ? "request:   " : "request (no session): ") +
          ToText(a_case.request) + "\n";
  if (!both) return text + "(the policy is refused)\n";
  return text + "oracle:    " + ToText(both->oracle) + "\ntable:     " + ToText(both->subject) +
         "\n" + both->difference;
}

}  // namespace writ::oracle
