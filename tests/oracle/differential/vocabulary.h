// What a generated policy can speak about: its names by type, and conditions over them.
#pragma once

#include <string>
#include <vector>

#include "generate.h"

namespace writ::oracle {

// "bool", "integer", "decimal", "EUR", "JPY", "duration", "time", "id", "text", "ids", "role", or
// the name of one of `Enums` ("tier", "state", "loop", …), or "set of " and such a name.
struct Variable {
  std::string name;
  std::string type;
  std::string needs;        // an input that a capability must have for it to be read; empty: none
  bool declared = true;     // a meter, fact or input; not a `let`, not a look-up
  std::string key;          // what a table calls it that has it as a key; empty: it cannot
  bool reads_text = false;  // text from tools or models (M18)
};

struct EnumType {
  std::string name;
  std::vector<std::string> values;
  bool ordered;
};
const std::vector<EnumType>& Enums();

struct Vocabulary {
  std::vector<Variable> variables;
  std::vector<Variable> thresholds;  // constants with a name
  std::vector<std::string> roles;
  bool strict = false;  // numbers have names
};

// Conditions over what `inputs` allow to be read.
class ConditionWriter {
 public:
  ConditionWriter(Random& random, const Vocabulary& vocabulary, std::vector<std::string> inputs)
      : random_(random), vocabulary_(vocabulary), inputs_(std::move(inputs)) {}

  ConditionText Condition(int depth);
  // Two or three of them, with " and " or " or " between.
  ConditionText Joined(const std::string& joint, int depth);
  // A number, time, money or duration of this type: a name, a literal or a sum.
  std::string Quantity(const std::string& type, int depth);
  std::string Literal(const std::string& type);

 private:
  std::string Atom();
  std::string TextAtom(const Variable& variable);
  std::string EnumAtom(const Variable& variable, const EnumType& type);
  std::string NumberAtom(const Variable& variable);
  std::vector<Variable> Readable(const std::string& type) const;
  bool CanRead(const Variable& variable) const;

  Random& random_;
  const Vocabulary& vocabulary_;
  std::vector<std::string> inputs_;
};

}  // namespace writ::oracle
