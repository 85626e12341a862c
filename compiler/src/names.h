// Names: what the policies of one compilation declare, by kind and by name.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "writ/compiler/check.h"
#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"

namespace writ::compiler::check {

// What every phase reads. `policies[0]` is the one that is compiled; the others are used by it.
struct House {
  std::span<const lang::Policy* const> policies;
  const lang::SourceSet& sources;
  const CheckOptions& options;
};

// Where phases say what is wrong. An unknown name is said once, however often it is written.
class Reporter {
 public:
  explicit Reporter(lang::DiagnosticSink& sink) : sink_(sink) {}

  void Report(lang::Diagnostic diagnostic) { sink_.Report(std::move(diagnostic)); }
  // One name of two: `kDuplicateName`. The phases that come after do not say it again.
  void ReportTwin(std::string_view name, lang::Diagnostic diagnostic) {
    twins_.emplace(name);
    Report(std::move(diagnostic));
  }
  [[nodiscard]] bool HasTwin(std::string_view name) const { return twins_.contains(name); }
  // Who writes an old name is told the new one.
  void Renamed(const std::vector<lang::Former>& was) {
    for (const lang::Former& former : was) today_[former.before.text] = former.now.text;
  }
  // "`nam` is no fact", with the nearest of `candidates` as a hint. `what`: "role", "capability or
  // group", ….
  void UnknownName(std::string_view what, const lang::Name& name,
                   std::span<const std::string> candidates);

 private:
  lang::DiagnosticSink& sink_;
  std::set<std::string, std::less<>> said_, twins_;
  std::map<std::string, std::string, std::less<>> today_;  // by old name
};

template <typename T>
struct Entry {
  std::string_view name;
  lang::Span span;  // of the name
  T tree{};
  std::uint32_t policy = 0;  // index into House::policies
};

// Declarations of one kind. Once sealed, in the order of their names: the position is the id.
template <typename T>
class NameTable {
 public:
  void Add(Entry<T> entry) { entries_.push_back(std::move(entry)); }
  // Of equal names the first stays; CollectNames reports the others.
  void Seal() {
    // The first is that of the policy used most deeply: the order in which CollectNames reports.
    std::ranges::sort(entries_, {}, [](const Entry<T>& entry) {
      return std::tuple(entry.name, ~entry.policy, entry.span.begin);
    });
    const auto rest = std::ranges::unique(entries_, {}, &Entry<T>::name);
    entries_.erase(rest.begin(), rest.end());
  }
  [[nodiscard]] std::optional<std::uint32_t> Index(std::string_view name) const {
    const auto at = std::ranges::lower_bound(entries_, name, {}, &Entry<T>::name);
    if (at == entries_.end() || at->name != name) return std::nullopt;
    return static_cast<std::uint32_t>(at - entries_.begin());
  }
  [[nodiscard]] const Entry<T>* Find(std::string_view name) const {
    const auto index = Index(name);
    return index ? &entries_[*index] : nullptr;
  }
  [[nodiscard]] std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Entry<T>& entry : entries_) names.emplace_back(entry.name);
    return names;
  }
  [[nodiscard]] const Entry<T>& operator[](std::size_t index) const { return entries_[index]; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  std::vector<Entry<T>> entries_;
};

struct Expansion;  // expand.h
struct ExpandedWord;
struct ExpandedApprovals;

// Exactly one of the two.
struct Deed {
  const lang::Capability* capability = nullptr;
  const lang::Event* event = nullptr;
};
struct DeclaredFact {
  const lang::Facts* group = nullptr;
  const lang::FactLine* line = nullptr;
};
template <typename T>
struct Nameless {
  const T* tree;
  std::uint32_t policy;
};

struct Names {
  NameTable<const lang::Threshold*> thresholds;
  NameTable<const lang::TypeAlias*> types;
  NameTable<DeclaredFact> facts;
  NameTable<const lang::Evidence*> evidence;
  NameTable<const lang::Role*> roles;
  NameTable<const lang::Anchor*> anchors;
  NameTable<Deed> deeds;  // capabilities and events
  NameTable<const lang::Group*> groups;
  NameTable<const lang::Let*> lets;
  NameTable<const lang::Meter*> meters;
  NameTable<const lang::Pressure*> pressures;
  NameTable<const lang::Delegation*> delegations;
  NameTable<const lang::Guard*> guards;
  NameTable<const lang::Region*> regions;
  NameTable<const lang::Invariant*> invariants;
  NameTable<const lang::Sample*> samples;
  NameTable<const lang::Lookup*> lookups;
  NameTable<const lang::Exception*> exceptions;
  NameTable<const lang::Assume*> assumptions;
  std::vector<Nameless<lang::Modes>> modes;  // one, unless a duplicate was reported
  std::vector<Nameless<lang::Grant>> grants;
  std::vector<Nameless<lang::Example>> examples;
  // `done(…)`, `own(…)`, `first(…)` and `last(…)` as written somewhere: each needs a meter.
  struct Call {
    lang::Fold fold = lang::Fold::kCount;
    const lang::Name* name = nullptr;
    bool of_actor = false;
  };
  std::map<std::string, Call> calls;
  std::vector<const ExpandedWord*> words;  // larger ones
  NameTable<const ExpandedApprovals*> approvals;
  std::span<const std::pair<std::string, std::string>> ranks;  // of anchors, that nobody wrote
  // The parties of `require confirmation by …`: each has a fact.
  std::map<std::string_view, const lang::Name*> confirmations;
};

// What `done`, `own`, `first` and `last` work out of their case; nothing for other names.
[[nodiscard]] std::optional<lang::Fold> FoldOfCall(std::string_view name);

// Built-in facts that have no declaration.
[[nodiscard]] std::span<const std::string_view> BuiltinNames();
// The values of the built-in fact `header`: valid first.
[[nodiscard]] std::span<const std::string_view> HeaderStates();

// Reports duplicates, reserved names, and names that stand for two kinds.
[[nodiscard]] Names CollectNames(const House&, const Expansion&, Reporter&);

// A source range on one line, without comments: what people read as the words of a clause.
[[nodiscard]] std::string OneLine(std::string_view source);
// The last part of a path.
[[nodiscard]] std::string BaseName(std::string_view path);

}  // namespace writ::compiler::check
