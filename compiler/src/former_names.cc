// Old names are those of a kind: a role and a fact may have had one name. Values are those of a
// fact, whatever type the fact shares with others. What the language names after something
// (`done(CAP)`, `evidence.E`) had its name changed with it.
#include "former_names.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "llvm/ADT/StringExtras.h"
#include "writ/analysis/larger_facts.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::FactId;
using runtime::NameOf;

class FormerNameCollector {
 public:
  FormerNameCollector(const Words& words, const Facts& facts, Reporter& reporter)
      : words_(words), facts_(facts), reporter_(reporter) {}

  std::vector<table::FormerName> Run() {
    const Names& names = words_.names;
    Collect(NameOf::kRole, "role", names.roles);
    Collect(NameOf::kAnchor, "anchor", names.anchors);
    Collect(NameOf::kEvidence, "piece of evidence", names.evidence);
    for (const auto& entry : names.deeds) {
      if (entry.tree.capability == nullptr) continue;
      for (const lang::Former& former : entry.tree.capability->was)
        Add(NameOf::kCapability, "capability", former, names.deeds.Index(former.now.text),
            names.deeds.Index(former.before.text).has_value());
      for (const lang::Input& input : entry.tree.capability->inputs) {
        AddFact(input.was);
        AddValues(input.name.text, input.type);
      }
    }
    for (const auto& entry : names.meters) AddFact(entry.tree->was);
    for (const auto& entry : names.facts) {
      AddFact(entry.tree.line->was, entry.name);
      AddValues(std::string(entry.name), entry.tree.line->type);
    }
    for (const auto& entry : names.pressures)
      AddValues("pressure." + std::string(entry.name), entry.tree->was);
    for (const auto& modes : names.modes) AddValues("mode", modes.tree->was);
    AddNamesakes();
    std::vector<table::FormerName> out;
    for (const auto& [key, known] : known_)
      out.push_back({std::get<0>(key), FactId{std::get<1>(key)}, std::get<2>(key), known.index});
    return out;
  }

 private:
  struct Known {
    std::uint32_t index = 0;
    lang::Span span;
  };
  using Key = std::tuple<NameOf, std::uint32_t, std::string>;  // of, fact, old name

  template <typename Table>
  void Collect(NameOf of, std::string_view what, const Table& table) {
    for (const auto& entry : table) {
      for (const lang::Former& former : entry.tree->was)
        Add(of, what, former, table.Index(former.now.text),
            table.Index(former.before.text).has_value());
    }
  }

  // `only`: of a line of several facts, the one that is meant; empty: all.
  void AddFact(const std::vector<lang::Former>& was, std::string_view only = {}) {
    for (const lang::Former& former : was) {
      if (!only.empty() && former.now.text != only) continue;
      const auto fact = facts_.Find(former.now.text);
      Add(NameOf::kFact, "fact", former,
          fact ? std::optional(fact->value) : std::optional<std::uint32_t>(),
          facts_.Find(former.before.text).has_value());
    }
  }

  // Of the facts that nobody declared: with every old name at once, and with each alone.
  void AddNamesakes() {
    const std::vector<lang::Former> all = std::move(renamed_);
    for (std::uint32_t f = 0; f < facts_.facts.size(); ++f) {
      const std::string& name = facts_.facts[f].name;
      if (name.find('(') == std::string::npos && !name.starts_with("evidence.") &&
          !name.starts_with("confirmation.") && !analysis::IsFactOfLargerWord(name))
        continue;
      std::string before = name;
      for (const lang::Former& former : all) {
        Note(f, name, Replaced(name, former), former);
        before = Replaced(before, former);
        Note(f, name, before, former);
      }
    }
  }
  void Note(std::uint32_t fact, const std::string& now, const std::string& before,
            const lang::Former& former) {
    if (before != now && !facts_.Find(before))
      known_.emplace(Key{NameOf::kFact, FactId{}.value, before}, Known{fact, former.before.span});
  }

  static std::string Replaced(const std::string& name, const lang::Former& former) {
    const auto is_part = [](char c) { return llvm::isAlnum(c) || c == '_'; };
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
      const std::size_t end = i + former.now.text.size();
      if (name.compare(i, former.now.text.size(), former.now.text) == 0 &&
          (i == 0 || !is_part(name[i - 1])) && (end == name.size() || !is_part(name[end]))) {
        out += former.before.text;
        i = end;
      } else {
        out += name[i++];
      }
    }
    return out;
  }

  void AddValues(const std::string& fact, const lang::TypeRef& type) {
    const lang::TypeRef* meant = &type;
    // An alias of an alias is refused elsewhere when it is a circle: no more steps than aliases.
    for (std::size_t step = 0; meant->named && step <= words_.names.types.size(); ++step) {
      const auto* alias = words_.names.types.Find(meant->named->text);
      if (alias == nullptr) return;
      meant = &alias->tree->type;
    }
    if (!meant->element.empty()) return AddValues(fact, meant->element.front());
    AddValues(fact, meant->was);
  }

  void AddValues(const std::string& fact, const std::vector<lang::Former>& was) {
    const auto id = facts_.Find(fact);
    if (!id) return;
    const std::vector<std::string>& values = facts_.fact(*id).values;
    for (const lang::Former& former : was) {
      const auto at = std::ranges::find(values, former.now.text);
      if (at == values.end()) continue;
      Add(NameOf::kValue, "value", former, static_cast<std::uint32_t>(at - values.begin()),
          std::ranges::find(values, former.before.text) != values.end(), id->value);
    }
  }

  // `index`: of what has the new name; nothing where its declaration was refused.
  void Add(NameOf of, std::string_view what, const lang::Former& former,
           std::optional<std::uint32_t> index, bool is_name, std::uint32_t fact = FactId{}.value) {
    const std::string quoted = "`" + former.before.text + "`";
    if (is_name) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kFormerName, former.before.span,
                     quoted + " is the name of a " + std::string(what) + " today"}
              .Hint("an old name is free: rename what has it, or leave the `was` out"));
      return;
    }
    if (!index) return;
    if (of != NameOf::kValue) renamed_.push_back(former);
    const auto [at, added] =
        known_.emplace(Key{of, fact, former.before.text}, Known{*index, former.before.span});
    if (added || at->second.index == *index) return;
    reporter_.Report(Diagnostic{DiagnosticKind::kFormerName, former.before.span,
                                "two things cannot have been called " + quoted}
                         .At(at->second.span, "the other one"));
  }

  const Words& words_;
  const Facts& facts_;
  Reporter& reporter_;
  std::map<Key, Known> known_;
  std::vector<lang::Former> renamed_;  // but for values
};

}  // namespace

std::vector<table::FormerName> CollectFormerNames(const Words& words, const Facts& facts,
                                                  Reporter& reporter) {
  return FormerNameCollector(words, facts, reporter).Run();
}

}  // namespace writ::compiler::check
