// `intent` and `route`: what somebody wants done, who works on it, and when it is done
// (docs/semantics.md, M43).
#include <algorithm>
#include <map>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;
using lang::IntentClass;

namespace {

// The built-in fact in which the intent of a request is read.
constexpr std::string_view kIntent = "intent";

lang::Facts EnumFact(lang::Name name, std::vector<lang::Name> values) {
  lang::Facts facts = FactOf(std::move(name), lang::TypeKind::kEnum);
  facts.lines.front().type.values = std::move(values);
  return facts;
}

class IntentExpander {
 public:
  IntentExpander(const lang::Intent& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    DeclareIntents();
    if (!tree_.intent_class) {
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kIncomplete, tree_.name.span,
                     "intent `" + tree_.name.text + "` does not say what kind of work it is"}
              .Hint("write `class execution`, `workflow`, `decision_support` or `information`"));
    }
    word_ = WordOf("intent", tree_, context_);
    for (const lang::Decision& decision : tree_.decisions) AddDecision(decision);
    AddRoute();
    AddClass();
    if (tree_.complete) AddCompletion(*tree_.complete);
    context_.out.words.push_back(std::move(word_));
  }

 private:
  void Refuse(DiagnosticKind kind, lang::Span span, std::string what, std::string hint) {
    context_.reporter.Report(Diagnostic{kind, span, std::move(what)}.Hint(std::move(hint)));
  }

  // Once for all of them.
  void DeclareIntents() {
    if (!context_.out.counters.insert(std::string(kIntent)).second) return;
    std::vector<lang::Name> values;
    for (const auto& [name, intent] : context_.index.intents) values.push_back(intent->name);
    lang::Facts facts = EnumFact({std::string(kIntent), tree_.name.span}, std::move(values));
    facts.source.kind = lang::SourceKind::kHeader;
    context_.out.implied.emplace_back(std::move(facts), context_.policy);
  }

  [[nodiscard]] Expr IsThis(CompareOp op = CompareOp::kEqual) const {
    const lang::Span at = tree_.name.span;
    return Compare(op, Named(std::string(kIntent), at), Named(tree_.name.text, at), at);
  }

  // It holds only as long as what it rests on is fresh.
  void AddDecision(const lang::Decision& tree) {
    const std::string lacks = tree.outcomes.size() < 2 ? "two outcomes, or more"
                              : !tree.owner            ? "an owner"
                              : !tree.evidence         ? "evidence"
                                                       : "";
    if (!lacks.empty()) {
      Refuse(DiagnosticKind::kIncomplete, tree.name.span,
             "decision `" + tree.name.text + "` does not say " + lacks,
             "write `decision NAME { owner ROLE  outcomes A, B  evidence NAME }`");
      return;
    }
    CheckOwner(*tree.owner);
    const lang::Name fact = {"decision." + tree.name.text, tree.name.span};
    lang::Facts facts = EnumFact(fact, tree.outcomes);
    facts.source.kind = lang::SourceKind::kEvidence;
    facts.source.evidence = tree.evidence;
    facts.source.span = tree.evidence->span;
    word_.declarations.push_back("fact " + fact.text + " from evidence " + tree.evidence->text);
    context_.out.implied.emplace_back(std::move(facts), context_.policy);
  }

  void CheckOwner(const lang::Name& owner) {
    const auto role = context_.index.roles.find(owner.text);
    if (role == context_.index.roles.end()) {
      context_.reporter.UnknownName("role", owner, Roles());
    } else if (role->second->kind != lang::RoleKind::kHuman) {
      Refuse(DiagnosticKind::kNotHuman, owner.span,
             "only a person answers for a decision, and `" + owner.text + "` is none",
             "name a role that is `human`");
    }
  }

  [[nodiscard]] std::vector<std::string> Roles() const {
    std::vector<std::string> known;
    for (const auto& [name, role] : context_.index.roles) known.emplace_back(name);
    return known;
  }

  [[nodiscard]] std::vector<lang::Name> All(bool acts_only) const {
    std::vector<lang::Name> all;
    for (const auto& [name, capability] : context_.index.capabilities) {
      const bool acts = capability->kind == lang::CapabilityKind::kAct;
      if (!capability->hands_over_to && (acts || !acts_only))
        all.push_back({capability->name.text, tree_.name.span});
    }
    return all;
  }

  void Deny(const std::string& block, std::string_view kind, std::vector<lang::Name> targets,
            Expr condition, lang::Span span, const std::optional<lang::Text>& reason = {}) {
    if (targets.empty()) return;
    ExpandedBlock& rows = word_.Block(block, kind);
    rows.targets = std::move(targets);
    lang::Clause clause = ClauseOf(ClauseKind::kDeny, std::move(condition), span);
    clause.reason = reason;
    rows.clauses.push_back(std::move(clause));
  }

  // Of agents and coordinators, none but those to whom it is routed, and who routes it. What people
  // do is said in grants.
  void AddRoute() {
    const auto found = std::ranges::find_if(context_.index.routes, [&](const lang::Route* r) {
      return r->name.text == tree_.name.text;
    });
    if (found == context_.index.routes.end()) {
      Refuse(DiagnosticKind::kUnroutedIntent, tree_.name.span,
             "nobody works on `" + tree_.name.text + "`",
             "write `route " + tree_.name.text + " to ROLE`");
      return;
    }
    const lang::Route& route = **found;
    std::vector<Expr> parts = {IsThis()};
    std::vector<Expr> others;
    for (const auto& [name, role] : context_.index.roles) {
      const bool works =
          role->kind == lang::RoleKind::kAgent || role->kind == lang::RoleKind::kCoordinator;
      const bool routed = std::ranges::find(route.to, name, &lang::Name::text) != route.to.end() ||
                          (route.by && route.by->text == name);
      if (!works || routed) continue;
      others.push_back(Compare(CompareOp::kEqual, Named("role", route.span),
                               Named(std::string(name), route.span), route.span));
    }
    if (others.empty()) return;
    parts.push_back(Join(ExprKind::kOr, std::move(others), route.span));
    Deny("*", "route", All(false), Join(ExprKind::kAnd, std::move(parts), route.span), route.span,
         route.reason);
  }

  // Whoever wants to know something, or wants help with a decision, wants nothing done.
  void AddClass() {
    if (tree_.intent_class != IntentClass::kDecisionSupport &&
        tree_.intent_class != IntentClass::kInformation)
      return;
    Deny("*", "class", All(true), IsThis(), tree_.name.span);
  }

  // What completes it does so for this intent alone, with what it rests on, and once each effect
  // was looked at after it last took place.
  void AddCompletion(const lang::Completion& tree) {
    const std::string block = JoinNames(tree.by, "+");
    Deny(block, "intent", tree.by, IsThis(CompareOp::kNotEqual), tree.span);
    if (!tree.evidence.empty()) {
      lang::Clause clause;
      clause.kind = ClauseKind::kRequireEvidence;
      clause.evidence = tree.evidence;
      clause.span = tree.span;
      ExpandedBlock& rows = word_.Block(block, "evidence");
      rows.targets = tree.by;
      rows.clauses.push_back(std::move(clause));
    }
    if (!tree.verified) return;
    std::map<std::string, std::vector<lang::Name>> acts;  // by what verifies them
    for (const auto& [name, capability] : context_.index.capabilities) {
      const bool completes = std::ranges::find(tree.by, name, &lang::Name::text) != tree.by.end();
      if (capability->kind == lang::CapabilityKind::kAct && capability->verify_with && !completes)
        acts[capability->verify_with->text].push_back({capability->name.text, tree.span});
    }
    ExpandedBlock& rows = word_.Block(block, "verified");
    rows.targets = tree.by;
    for (const auto& [verifies, verified] : acts) {
      const lang::Name act = Grouped("acts." + verifies, verified, tree.span);
      std::vector<Expr> parts = {
          WithZero(CompareOp::kGreater, CountOf("done", act, tree.span)),
          WithZero(CompareOp::kEqual,
                   ValueOf({{verifies, tree.span}, act, std::nullopt}, tree.span, context_))};
      rows.clauses.push_back(ClauseOf(
          ClauseKind::kDeny, Join(ExprKind::kAnd, std::move(parts), tree.span), tree.span));
    }
  }

  lang::Name Grouped(std::string name, std::vector<lang::Name> members, lang::Span at) {
    if (members.size() == 1) return std::move(members.front());
    lang::Name named = {std::move(name), at};
    if (!context_.out.counters.insert("group " + named.text).second) return named;
    lang::Group group;
    group.name = named;
    word_.declarations.push_back("group " + named.text + " = " + JoinNames(members, ", "));
    group.members = std::move(members);
    group.span = at;
    context_.out.implied.emplace_back(std::move(group), context_.policy);
    return named;
  }

  const lang::Intent& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
};

}  // namespace

void Expand(const lang::Intent& tree, ExpandContext context) {
  IntentExpander(tree, context).Run();
}

// Its row is one of the intent's.
void Expand(const lang::Route& tree, ExpandContext context) {
  std::vector<std::string> intents, roles;
  for (const auto& [name, intent] : context.index.intents) intents.emplace_back(name);
  for (const auto& [name, role] : context.index.roles) roles.emplace_back(name);
  if (!context.index.intents.contains(tree.name.text))
    context.reporter.UnknownName("intent", tree.name, intents);
  const auto first = std::ranges::find_if(
      context.index.routes, [&](const lang::Route* r) { return r->name.text == tree.name.text; });
  if (*first != &tree) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kDuplicateName, tree.name.span,
                                       "`" + tree.name.text + "` is routed twice"}
                                .At((*first)->name.span, "first routed here")
                                .Hint("name all roles in one route"));
  }
  const auto kind = [&](const lang::Name& name) -> std::optional<lang::RoleKind> {
    const auto role = context.index.roles.find(name.text);
    if (role != context.index.roles.end()) return role->second->kind;
    context.reporter.UnknownName("role", name, roles);
    return std::nullopt;
  };
  for (const lang::Name& to : tree.to) {
    if (kind(to) != lang::RoleKind::kParty) continue;
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kWrongKind, to.span,
                   "`" + to.text + "` is outside the house, and works on nothing"}
            .Hint("route it to an agent, a coordinator or a person"));
  }
  if (!tree.by) return;
  const auto router = kind(*tree.by);
  if (!router || router == lang::RoleKind::kCoordinator) return;
  context.reporter.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.by->span,
                                     "`" + tree.by->text + "` would route, and is no coordinator"}
                              .Hint("name a role that is `coordinator`: it can do nothing else"));
}

}  // namespace writ::compiler::check
