// The generator's own header: what its three parts share. They speak in an order in which each
// finds what it may name: people and words first (generate_words.cc), then delegations
// (generate_delegations.cc), clauses and claims (generate.cc).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "generate.h"
#include "vocabulary.h"

namespace writ::oracle {

Block Line(std::string text);
Block Braces(std::string head, std::vector<Block> items);

struct CapabilityText {
  std::string name;
  std::vector<std::string> inputs;
  bool acts;
};
using CapabilityTexts = std::vector<CapabilityText>;

// "pay, ship"
std::string NamesOf(const CapabilityTexts& capabilities);
// The inputs that all of them have.
std::vector<std::string> SharedInputs(const CapabilityTexts& capabilities);

class Generator {
 public:
  Generator(Random& random, const Shape& shape) : random_(random), shape_(shape) {}
  std::vector<Block> Run();

 private:
  // generate_words.cc
  std::vector<Block> People();
  void Capabilities();
  void Thresholds();
  void Facts();
  void DeclareFact(const std::string& type, int number);
  std::string MissingWord(const std::string& type);
  void Modes();
  void Models();
  void Meters();
  void Tables();
  std::string Table(const std::string& name, const Variable& first, const Variable* second,
                    const std::string& type);
  std::string KeyOf(const Variable& like);
  void Lets();

  // generate_delegations.cc
  struct Giving {
    std::string name, from, to;
    CapabilityTexts may, propose, freely, grant;
    std::vector<std::string> grants;  // "may grant pay to mate depth 2"
  };
  void Delegations();
  Giving FirstDelegation(int number);
  void Hops(const Giving& above);
  void Delegation(const Giving& giving);
  void Ceilings(const Giving& giving, std::vector<Block>& items);
  Block ForBlock(const CapabilityTexts& capabilities, bool limited);
  void Exception(const Giving& giving, const Block& delegation);
  void Grants();

  // generate.cc
  std::string Expiry();
  void Assumptions();
  void Guards(std::vector<Block>& into);
  void Obligations();
  void Approvals();
  Block Obligation();

  // generate_record.cc
  void Memory();
  void Promotion();
  void Budgets();

  // generate_execution.cc
  void Execution();

  // generate_coordination.cc
  void Coordination();
  void Intents();
  void Boundary();

  // generate_limits.cc
  void Limits();

  void Claims();
  void Relation(const Vocabulary& claims, const std::function<std::string()>& verdict);
  std::vector<Block> Clauses(const std::vector<std::string>& inputs, bool may_allow, int at_most);
  Block Clause(ConditionWriter& writer, bool may_allow);

  std::string Anchor() { return random_.Pick<std::string>({"desk", "office", "top"}); }
  std::string Reason() { return random_.Chance(30) ? "\"because\"" : ""; }
  void Add(Block block) { main_.items.push_back(std::move(block)); }
  // Whether a name in it is that of text from tools or models (M18).
  bool ReadsText(const std::string& text) const;

  Random& random_;
  const Shape& shape_;
  Block main_;
  Vocabulary vocabulary_;
  CapabilityTexts capabilities_;
  int exceptions_ = 0;
  bool approvals_ = false;
  bool finishes_ = false;  // there is a capability `finish`
  bool computes_ = false;  // there is a capability `compute`
  bool sends_ = false;     // `pay` and `ship` send on channels
  bool dated_ = false;     // the policy says from when on
};

// The names in a condition, as far as they are words: "amount", "x.f0", but also "EUR".
std::set<std::string> WordsIn(const std::string& text);

}  // namespace writ::oracle
