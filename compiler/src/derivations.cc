// A derivation is a path that can be read, and a fold that gives what the input's type is. How it
// is worked out is no business of the compiler: the table carries it to whoever makes requests.
#include "derivations.h"

#include <tuple>

#include "writ/runtime/argument_path.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::ArgumentFold;

ArgumentFold Convert(lang::ArgumentFold fold) {
  switch (fold) {
    case lang::ArgumentFold::kCount:
      return ArgumentFold::kCount;
    case lang::ArgumentFold::kSum:
      return ArgumentFold::kSum;
    case lang::ArgumentFold::kMin:
      return ArgumentFold::kMin;
    case lang::ArgumentFold::kMax:
      return ArgumentFold::kMax;
    case lang::ArgumentFold::kFirst:
      return ArgumentFold::kFirst;
    case lang::ArgumentFold::kDistinct:
      return ArgumentFold::kDistinct;
    case lang::ArgumentFold::kDigest:
      return ArgumentFold::kDigest;
  }
  return ArgumentFold::kFirst;
}

std::string_view WhatItGives(ArgumentFold fold) {
  switch (fold) {
    case ArgumentFold::kCount:
      return "`count` gives an integer";
    case ArgumentFold::kSum:
      return "`sum` gives a number, an amount or a duration";
    case ArgumentFold::kMin:
    case ArgumentFold::kMax:
      return "`min` and `max` give a number, an amount, a duration or a time";
    case ArgumentFold::kFirst:
      return "`first` gives anything";
    case ArgumentFold::kDistinct:
      return "`distinct` gives an integer or a set";
    case ArgumentFold::kDigest:
      return "`digest` gives an id or a text";
  }
  return "";
}

void CheckPath(const lang::Text& path, Reporter& reporter) {
  if (runtime::IsArgumentPath(path.text)) return;
  Diagnostic diagnostic{DiagnosticKind::kBadPath, path.span,
                        "this is no path into the arguments of a call"};
  diagnostic.hints.push_back(
      path.text.starts_with('$')
          ? "after `$` stand `.name`, `[\"any name\"]`, `[0]` and `[*]`, at most " +
                std::to_string(runtime::kMaxPathSteps) + " of them"
          : "a path starts with `$`, the arguments as a whole: `\"$.passengers[*].age\"`");
  reporter.Report(std::move(diagnostic));
}

}  // namespace

std::vector<table::Derivation> CheckDerivations(const Words& words, const Facts& facts,
                                                Reporter& reporter) {
  std::vector<table::Derivation> derivations;
  for (std::uint32_t i = 0; i < words.names.deeds.size(); ++i) {
    const lang::Capability* tree = words.names.deeds[i].tree.capability;
    if (!tree) continue;
    for (const lang::Input& input : tree->inputs) {
      if (!input.derivation) continue;
      const ArgumentFold fold = Convert(input.derivation->fold);
      const lang::Text& path = input.derivation->path;
      CheckPath(path, reporter);
      const auto fact = facts.Find(input.name.text);
      if (!fact || facts.broken[fact->value]) continue;
      const table::Fact& declared = facts.fact(*fact);
      if (!runtime::FoldGives(fold, declared.type)) {
        reporter.Report(Diagnostic{DiagnosticKind::kTypeMismatch, input.derivation->span,
                                   std::string(WhatItGives(fold)) + ", and `" + input.name.text +
                                       "` is " + Describe(TypeOf(declared))});
      }
      derivations.push_back({runtime::CapabilityId{i}, *fact, fold, path.text});
    }
  }
  std::ranges::sort(derivations, {}, [](const table::Derivation& d) {
    return std::tuple(d.capability.value, d.fact.value);
  });
  return derivations;
}

}  // namespace writ::compiler::check
