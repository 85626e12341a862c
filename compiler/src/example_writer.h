// A request as an `example` block that a policy keeps.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "writ/analysis/witness.h"
#include "writ/compiler/program.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

// What an example is about: this fact, or the role; else neither.
struct About {
  FactId fact;
  bool role = false;
};

// Borrows the program and its table.
class ExampleWriter {
 public:
  using Suits = std::function<bool(const Example&)>;

  ExampleWriter(const Program& program, const runtime::Table& policy)
      : program_(program), policy_(policy) {}

  // Nothing: the request cannot be written down so that the example holds, and suits, whatever it
  // leaves open. Tries what matters, laid over `given`; what matters alone; and all that is read.
  std::optional<Example> Write(const analysis::Witness& request, const std::vector<Given>& given,
                               const About& about, const Suits& suits) const;

  // Comes out as it says in every request that it ranges over.
  [[nodiscard]] bool Holds(const runtime::Table& table, const Example& example) const;

  // As the policy would say it.
  [[nodiscard]] std::string Text(const Example& example) const;
  // "bot pay { amount: 200.01 EUR }".
  [[nodiscard]] std::string RequestText(const Example& example) const;

 private:
  std::string OutcomeText(const Example& example) const;
  std::string ValueText(const Given& given) const;
  std::string Title(const analysis::Witness& request, const Example& example,
                    const runtime::Decision& decision, const About& about) const;
  std::vector<Given> GivenOf(const analysis::Witness& request, bool all) const;
  bool CanBeGiven(FactId id) const;

  const Program& program_;
  const runtime::Table& policy_;
};

}  // namespace writ::compiler
