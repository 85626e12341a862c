// One traversal over all declarations: each goes into the table of its kind, and each name into one
// list, which, sorted, shows every name that is declared twice or that stands for two kinds of
// things.
#include "names.h"

#include <array>
#include <tuple>
#include <utility>
#include <variant>

#include "expand.h"
#include "writ/analysis/larger_facts.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;

enum class Kind : std::uint8_t {
  kFact,
  kInput,
  kLet,
  kThreshold,
  kMeter,  // these are read in conditions: one name, one of them
  kCapability,
  kEvent,
  kGroup,  // these are asked for
  kDelegation,
  kGuard,
  kAssumption,
  kMemory,
  kPromotion,
  kBudget,
  kSkill,
  kBreaker,
  kIntent,
  kBoundary,
  kChannel,
  kExposure,
  kHook,
  kCheckpoint,
  kSequence,  // these own clauses
  kException,
  kType,
  kEvidence,
  kRole,
  kAnchor,
  kPressure,
  kRegion,
  kInvariant,
  kSample,
  kLookup,
  kApprovals,
  kConsent,
  kSandbox,
};

std::string_view Word(Kind kind) {
  switch (kind) {
    case Kind::kFact:
      return "fact";
    case Kind::kInput:
      return "input";
    case Kind::kLet:
      return "let";
    case Kind::kThreshold:
      return "threshold";
    case Kind::kMeter:
      return "meter";
    case Kind::kCapability:
      return "capability";
    case Kind::kEvent:
      return "event";
    case Kind::kGroup:
      return "group";
    case Kind::kDelegation:
      return "delegation";
    case Kind::kGuard:
      return "guard";
    case Kind::kType:
      return "type";
    case Kind::kEvidence:
      return "evidence";
    case Kind::kRole:
      return "role";
    case Kind::kAnchor:
      return "anchor";
    case Kind::kPressure:
      return "pressure";
    case Kind::kRegion:
      return "region";
    case Kind::kInvariant:
      return "invariant";
    case Kind::kSample:
      return "sample";
    case Kind::kAssumption:
      return "assumption";
    case Kind::kMemory:
      return "memory";
    case Kind::kPromotion:
      return "promotion";
    case Kind::kBudget:
      return "budget";
    case Kind::kConsent:
      return "consent";
    case Kind::kIntent:
      return "intent";
    case Kind::kBoundary:
      return "boundary";
    case Kind::kChannel:
      return "channel";
    case Kind::kExposure:
      return "exposure";
    case Kind::kHook:
      return "hook";
    case Kind::kCheckpoint:
      return "checkpoint";
    case Kind::kSandbox:
      return "sandbox";
    case Kind::kSkill:
      return "skill";
    case Kind::kBreaker:
      return "breaker";
    case Kind::kSequence:
      return "sequence";
    case Kind::kException:
      return "exception";
    case Kind::kLookup:
      return "table";
    case Kind::kApprovals:
      return "list of approvals";
  }
  return "";
}

// Kinds of one space cannot share a name.
int Space(Kind kind) {
  if (kind <= Kind::kMeter) return 0;
  if (kind <= Kind::kGroup) return 1;
  return kind <= Kind::kSequence ? 2 : static_cast<int>(kind);
}

struct Declared {
  std::string_view name;
  Kind kind;
  lang::Span span;
  std::uint32_t order;
};

constexpr std::array<std::string_view, 14> kBuiltin = {
    "now", "role",  "case",   "session",   "agent",    "tenant",        "actor",
    "run", "trace", "header", "pin.table", "pin.pack", "pin.knowledge", "capability"};
constexpr std::array<std::string_view, 5> kHeaderStates = {"valid", "unsigned", "expired",
                                                           "foreign_tenant", "unpinned"};

bool IsReserved(std::string_view name) {
  return std::ranges::find(kBuiltin, name) != kBuiltin.end() || name.starts_with("evidence.") ||
         name.starts_with("pressure.") || name.starts_with("confirmation.") ||
         name.starts_with("pin.") || name.starts_with("decision.") ||
         analysis::IsFactOfLargerWord(name);
}

class Collector {
 public:
  Collector(Names& names, std::vector<Declared>& all, Reporter& reporter)
      : names_(names), all_(all), reporter_(reporter) {}

  void Policy(const lang::Policy& policy, std::uint32_t index) {
    policy_ = index;
    if (policy.cases_since) Call("first", *policy.cases_since);
    for (const lang::Declaration& declaration : policy.declarations) {
      std::visit([this](const auto& tree) { Add(tree); }, declaration);
    }
  }

  // Words that need the same counter share it.
  void Counter(const lang::Meter& meter, std::uint32_t policy) {
    names_.meters.Add({meter.name.text, meter.name.span, &meter, policy});
  }

  void Approvals(const ExpandedApprovals& approvals) {
    const lang::Name& name = approvals.tree->name;
    names_.approvals.Add({name.text, name.span, &approvals, approvals.policy});
    for (const lang::Stage& stage : approvals.tree->stages) {
      if (stage.when) Visit(*stage.when);
    }
  }

  // What nobody wrote: an anchor has the name of a role, and that is meant; facts have reserved
  // names.
  void Implied(const lang::Declaration& declaration, std::uint32_t policy) {
    policy_ = policy;
    implied_ = true;
    if (const auto* anchor = std::get_if<lang::Anchor>(&declaration)) {
      names_.anchors.Add({anchor->name.text, anchor->name.span, anchor, policy});
    } else {
      std::visit([this](const auto& tree) { Add(tree); }, declaration);
    }
  }

  void Word(const ExpandedWord& word) {
    names_.words.push_back(&word);
    for (const ExpandedBlock& block : word.blocks) Clauses(block.clauses);
  }

 private:
  template <typename Table, typename Tree>
  void Name(Table& table, Kind kind, const lang::Name& name, Tree tree) {
    if constexpr (requires { tree->was; }) reporter_.Renamed(tree->was);
    table.Add({name.text, name.span, tree, policy_});
    Note(kind, name);
  }
  void Note(Kind kind, const lang::Name& name) {
    if (implied_ && IsReserved(name.text)) return;
    all_.push_back({name.text, kind, name.span, static_cast<std::uint32_t>(all_.size())});
  }

  void Add(const lang::Threshold& tree) {
    Name(names_.thresholds, Kind::kThreshold, tree.name, &tree);
  }
  void Add(const lang::TypeAlias& tree) { Name(names_.types, Kind::kType, tree.name, &tree); }
  void Add(const lang::Evidence& tree) { Name(names_.evidence, Kind::kEvidence, tree.name, &tree); }
  void Add(const lang::Role& tree) { Name(names_.roles, Kind::kRole, tree.name, &tree); }
  void Add(const lang::Anchor& tree) { Name(names_.anchors, Kind::kAnchor, tree.name, &tree); }
  void Add(const lang::Meter& tree) { Name(names_.meters, Kind::kMeter, tree.name, &tree); }
  void Add(const lang::Group& tree) { Name(names_.groups, Kind::kGroup, tree.name, &tree); }
  void Add(const lang::Pressure& tree) {
    Name(names_.pressures, Kind::kPressure, tree.name, &tree);
  }
  void Add(const lang::Event& tree) {
    Name(names_.deeds, Kind::kEvent, tree.name, Deed{.event = &tree});
  }
  void Add(const lang::Facts& tree) {
    for (const lang::FactLine& line : tree.lines) {
      reporter_.Renamed(line.was);
      for (const lang::Name& name : line.names)
        Name(names_.facts, Kind::kFact, name, DeclaredFact{&tree, &line});
    }
  }
  void Add(const lang::Capability& tree) {
    Name(names_.deeds, Kind::kCapability, tree.name, Deed{.capability = &tree});
    reporter_.Renamed(tree.was);
    for (const lang::Input& input : tree.inputs) {
      reporter_.Renamed(input.was);
      Note(Kind::kInput, input.name);
    }
  }
  void Add(const lang::Let& tree) {
    Name(names_.lets, Kind::kLet, tree.name, &tree);
    Visit(tree.value);
  }
  void Add(const lang::Delegation& tree) {
    Name(names_.delegations, Kind::kDelegation, tree.name, &tree);
    Clauses(tree.clauses);
    for (const lang::ForBlock& block : tree.blocks) Clauses(block.clauses);
  }
  void Add(const lang::Grant& tree) { names_.grants.push_back({&tree, policy_}); }
  void Add(const lang::Guard& tree) {
    Name(names_.guards, Kind::kGuard, tree.name, &tree);
    Clauses(tree.clauses);
  }
  void Add(const lang::Lookup& tree) { Name(names_.lookups, Kind::kLookup, tree.name, &tree); }
  // The modes are a fact of this name.
  void Add(const lang::Modes& tree) {
    names_.modes.push_back({&tree, policy_});
    all_.push_back({"mode", Kind::kFact, tree.span, static_cast<std::uint32_t>(all_.size())});
  }
  void Add(const lang::Exception& tree) {
    Name(names_.exceptions, Kind::kException, tree.name, &tree);
    if (tree.up_to) Visit(*tree.up_to);
  }
  void Add(const lang::Assume& tree) {
    Name(names_.assumptions, Kind::kAssumption, tree.name, &tree);
    Visit(tree.condition);
  }
  void Add(const lang::Sequence& tree) { Note(Kind::kSequence, tree.name); }
  void Add(const lang::Approvals& tree) { Note(Kind::kApprovals, tree.name); }
  void Add(const lang::Consent& tree) { Note(Kind::kConsent, tree.name); }
  void Add(const lang::Memory& tree) { Note(Kind::kMemory, tree.name); }
  void Add(const lang::Promotion& tree) { Note(Kind::kPromotion, tree.name); }
  void Add(const lang::Budget& tree) { Note(Kind::kBudget, tree.name); }
  void Add(const lang::Intent& tree) { Note(Kind::kIntent, tree.name); }
  void Add(const lang::Route&) {}  // has the name of its intent
  void Add(const lang::Boundary& tree) { Note(Kind::kBoundary, tree.name); }
  void Add(const lang::Channel& tree) { Note(Kind::kChannel, tree.name); }
  void Add(const lang::Exposure& tree) { Note(Kind::kExposure, tree.name); }
  void Add(const lang::Hook& tree) { Note(Kind::kHook, tree.name); }
  void Add(const lang::Checkpoint& tree) { Note(Kind::kCheckpoint, tree.name); }
  void Add(const lang::Compaction&) {}  // has no name; a second one is refused as it is expanded
  void Add(const lang::Models&) {}      // likewise
  void Add(const lang::Sandbox& tree) { Note(Kind::kSandbox, tree.name); }
  void Add(const lang::Skill& tree) { Note(Kind::kSkill, tree.name); }
  void Add(const lang::Breaker& tree) { Note(Kind::kBreaker, tree.name); }
  void Add(const lang::Separate&) {}  // has no name; its rows are those of its expansion
  void Add(const lang::Region& tree) {
    Name(names_.regions, Kind::kRegion, tree.name, &tree);
    Visit(tree.condition);
  }
  void Add(const lang::Invariant& tree) {
    Name(names_.invariants, Kind::kInvariant, tree.name, &tree);
    if (tree.condition) Visit(*tree.condition);
  }
  void Add(const lang::Sample& tree) {
    Name(names_.samples, Kind::kSample, tree.name, &tree);
    Pairs(tree.pairs);
  }
  void Add(const lang::Example& tree) {
    names_.examples.push_back({&tree, policy_});
    Pairs(tree.pairs);
  }

  void Clauses(const std::vector<lang::Clause>& clauses) {
    for (const lang::Clause& clause : clauses) {
      if (clause.condition) Visit(*clause.condition);
      if (clause.party) names_.confirmations.emplace(clause.party->text, &*clause.party);
      if (clause.let) Visit(clause.let->value);
    }
  }
  void Pairs(const std::vector<lang::Pair>& pairs) {
    for (const lang::Pair& pair : pairs) {
      if (pair.call) Call(pair.call->text, pair.name);
    }
  }
  void Call(const std::string& function, const lang::Name& name) {
    if (const auto fold = FoldOfCall(function))
      names_.calls.emplace(function + "(" + name.text + ")",
                           Names::Call{*fold, &name, function == "own"});
  }
  void Visit(const lang::Expr& expr) {
    if (expr.kind == lang::ExprKind::kCall && expr.name && expr.operands.size() == 1 &&
        expr.operands[0].name) {
      Call(expr.name->text, *expr.operands[0].name);
    }
    for (const lang::Expr& operand : expr.operands) Visit(operand);
  }

  Names& names_;
  std::vector<Declared>& all_;
  Reporter& reporter_;
  std::uint32_t policy_ = 0;
  bool implied_ = false;
};

// A stage is asked at the anchor of its role's name (docs/semantics.md, M33.4), so that name is
// meant for both. REQUIRES: all of `same` have one name, in the order of declaration.
void JudgeName(std::span<const Declared> same, const std::set<std::string_view>& stages,
               Reporter& reporter) {
  const Declared& first = same.front();
  for (std::size_t i = 0; i < same.size(); ++i) {
    const Declared& one = same[i];
    const std::string quoted = "`" + std::string(one.name) + "`";
    if (Space(one.kind) == 0 && IsReserved(one.name)) {
      reporter.Report(Diagnostic{DiagnosticKind::kReservedName, one.span,
                                 quoted + " is a fact of the language itself"}
                          .Hint("choose another name"));
      return;
    }
    const auto twin = std::ranges::find_if(same.first(i), [&](const Declared& other) {
      const bool one_fact = one.kind <= Kind::kInput && other.kind <= Kind::kInput &&
                            (one.kind == Kind::kInput || other.kind == Kind::kInput);
      return Space(one.kind) == Space(other.kind) && !one_fact;
    });
    if (twin != same.begin() + static_cast<std::ptrdiff_t>(i)) {
      const bool equal = twin->kind == one.kind;
      reporter.ReportTwin(
          one.name, Diagnostic{DiagnosticKind::kDuplicateName, one.span,
                               std::string(Word(one.kind)) + " " + quoted +
                                   (equal ? " is declared twice"
                                          : " has the name of a " + std::string(Word(twin->kind)))}
                        .At(twin->span, "first declared here"));
    } else if (i > 0 && Space(one.kind) != Space(first.kind) && !stages.contains(one.name)) {
      reporter.Report(Diagnostic{DiagnosticKind::kSharedName, one.span,
                                 quoted + " is both a " + std::string(Word(first.kind)) +
                                     " and a " + std::string(Word(one.kind))}
                          .At(first.span, "the " + std::string(Word(first.kind))));
    }
  }
}

// Inputs are the same fact wherever they have the same name: one mention of each is enough.
void KeepOneInputEach(std::vector<Declared>& all) {
  const auto rest = std::ranges::unique(all, [](const Declared& a, const Declared& b) {
    return a.kind == Kind::kInput && b.kind == Kind::kInput && a.name == b.name;
  });
  all.erase(rest.begin(), rest.end());
}

void JudgeNames(std::vector<Declared>& all, const std::set<std::string_view>& stages,
                Reporter& reporter) {
  std::ranges::sort(all, {}, [](const Declared& d) {
    return std::tuple(d.name, d.kind == Kind::kInput, d.order);
  });
  KeepOneInputEach(all);
  std::ranges::sort(all, {}, [](const Declared& d) { return std::tuple(d.name, d.order); });
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    while (end < all.size() && all[end].name == all[begin].name) ++end;
    JudgeName(std::span(all).subspan(begin, end - begin), stages, reporter);
    begin = end;
  }
}

}  // namespace

void Reporter::UnknownName(std::string_view what, const lang::Name& name,
                           std::span<const std::string> candidates) {
  // A suggestion looks at every candidate: beyond so many unknown names, the mistake is another
  // one.
  constexpr std::size_t kMaxSuggestions = 100;
  if (!said_.insert(std::string(what) + " " + name.text).second) return;
  Diagnostic diagnostic{DiagnosticKind::kUnknownName, name.span,
                        "there is no " + std::string(what) + " `" + name.text + "`"};
  if (const auto renamed = today_.find(name.text); renamed != today_.end()) {
    diagnostic.hints.push_back("it is called `" + renamed->second + "` now");
  } else if (said_.size() <= kMaxSuggestions) {
    if (const auto near = lang::NearestName(name.text, candidates)) {
      diagnostic.hints.push_back("did you mean `" + *near + "`?");
    }
  }
  sink_.Report(std::move(diagnostic));
}

std::optional<lang::Fold> FoldOfCall(std::string_view name) {
  if (name == "done" || name == "own") return lang::Fold::kCount;
  if (name == "first") return lang::Fold::kFirst;
  if (name == "last") return lang::Fold::kLast;
  return std::nullopt;
}

std::span<const std::string_view> BuiltinNames() { return kBuiltin; }
std::span<const std::string_view> HeaderStates() { return kHeaderStates; }

Names CollectNames(const House& house, const Expansion& expansion, Reporter& reporter) {
  Names names;
  std::vector<Declared> all;
  Collector collector(names, all, reporter);
  // What is used comes first: where a name is declared twice, the place to mend is in the policy
  // that uses it.
  for (std::uint32_t i = static_cast<std::uint32_t>(house.policies.size()); i-- > 0;)
    collector.Policy(*house.policies[i], i);
  for (const ExpandedWord& word : expansion.words) collector.Word(word);
  for (const auto& [name, approvals] : expansion.approvals) collector.Approvals(approvals);
  for (const auto& [declaration, policy] : expansion.implied)
    collector.Implied(declaration, policy);
  names.ranks = expansion.ranks;
  for (const auto& [meter, policy] : expansion.meters) collector.Counter(meter, policy);
  std::ranges::sort(names.examples, {}, [](const auto& example) {
    return std::tuple(example.policy, example.tree->span.begin);
  });
  std::set<std::string_view> stages;
  for (const auto& [name, approvals] : expansion.approvals) {
    for (const lang::Stage& stage : approvals.tree->stages) stages.insert(stage.role.text);
  }
  JudgeNames(all, stages, reporter);
  const auto seal = [](auto&... tables) { (tables.Seal(), ...); };
  seal(names.thresholds, names.types, names.facts, names.evidence, names.roles, names.anchors,
       names.deeds, names.groups, names.lets, names.meters, names.pressures, names.delegations,
       names.guards, names.regions, names.invariants, names.samples, names.lookups,
       names.exceptions, names.assumptions, names.approvals);
  return names;
}

std::string OneLine(std::string_view source) {
  std::string line;
  bool quoted = false;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (!quoted && source.substr(i).starts_with("//")) {
      while (i < source.size() && source[i] != '\n') ++i;
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else {
      if (c == '"') quoted = !quoted;
      line += c;
      if (quoted && c == '\\' && i + 1 < source.size()) line += source[++i];
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string BaseName(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace writ::compiler::check
