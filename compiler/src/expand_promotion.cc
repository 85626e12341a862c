// `promotion NAME from STATE to STATE in SYSTEM`: the only way into the record. The state of a case
// is where its latest step led; each step is denied where it does not start (docs/semantics.md,
// M37).
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;
using lang::Transition;

namespace {

class PromotionExpander {
 public:
  PromotionExpander(const lang::Promotion& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    word_ = WordOf("promotion", tree_, context_);
    CollectStates();
    CheckPaths();
    for (const auto& [state, steps] : into_) DeclareState(state, steps);
    for (const auto& [step, first] : steps_) AddStep(*first);
    for (const Transition& transition : tree_.transitions) AddConditions(transition);
    CloseVault();
    context_.out.words.push_back(std::move(word_));
  }

 private:
  void CollectStates() {
    for (const Transition& transition : tree_.transitions) {
      const auto [step, fresh] = steps_.emplace(transition.by.text, &transition);
      if (!fresh && step->second->to.text != transition.to.text) {
        context_.reporter.Report(
            Diagnostic{DiagnosticKind::kDuplicateName, transition.by.span,
                       "`" + transition.by.text + "` leads to `" + step->second->to.text +
                           "` and to `" + transition.to.text + "`"}
                .At(step->second->by.span, "the other step")
                .Hint("a capability leads to one state: declare one for each"));
        continue;
      }
      if (fresh) into_[transition.to.text].push_back(transition.by);
    }
  }

  // ----------------------------------------------------------------------------------- paths

  // What can be reached from the first state over the transitions that `use` lets pass.
  template <typename Use>
  [[nodiscard]] std::set<std::string_view> Reach(Use use) const {
    std::set<std::string_view> reached = {tree_.from.text};
    for (bool grew = true; grew;) {
      grew = false;
      for (const Transition& transition : tree_.transitions) {
        if (reached.contains(transition.from.text) && use(transition))
          grew = reached.insert(transition.to.text).second || grew;
      }
    }
    return reached;
  }

  void CheckPaths() {
    const auto all = Reach([](const Transition&) { return true; });
    for (const Transition& transition : tree_.transitions) {
      if (all.contains(transition.from.text)) continue;
      Refuse(DiagnosticKind::kIncomplete, transition.from.span,
             "nothing leads to `" + transition.from.text + "`",
             "write a step `… -> " + transition.from.text + " by CAPABILITY`");
      return;
    }
    if (!all.contains(tree_.to.text) || tree_.to.text == tree_.from.text) {
      Refuse(DiagnosticKind::kIncomplete, tree_.to.span,
             "nothing leads from `" + tree_.from.text + "` to `" + tree_.to.text + "`",
             "write its steps, `STATE -> STATE by CAPABILITY`");
      return;
    }
    const auto without_review = Reach([](const Transition& t) { return !t.not_author; });
    if (without_review.contains(tree_.to.text))
      Refuse(DiagnosticKind::kUnreviewedPath, tree_.to.span,
             "`" + tree_.to.text + "` can be reached without anybody but the author",
             "write `not author` at a step that each way passes");
    const auto without_sources = Reach([](const Transition& t) { return !AsksSources(t); });
    if (without_sources.contains(tree_.to.text))
      Refuse(DiagnosticKind::kUnreviewedPath, tree_.to.span,
             "`" + tree_.to.text + "` can be reached without a source",
             "write `with 1 sources`, or more, at a step that each way passes");
    const bool back = std::ranges::any_of(tree_.transitions, [&](const Transition& t) {
      return t.from.text == tree_.to.text && t.to.text != tree_.to.text;
    });
    if (!back)
      Refuse(DiagnosticKind::kNoWayBack, tree_.to.span,
             "what is `" + tree_.to.text + "` stays so for ever",
             "write a step `" + tree_.to.text + " -> retracted by CAPABILITY`");
  }

  static bool AsksSources(const Transition& transition) {
    return transition.sources &&
           transition.sources->text.find_first_not_of('0') != std::string::npos;
  }

  void Refuse(DiagnosticKind kind, lang::Span span, std::string what, std::string hint) {
    context_.reporter.Report(Diagnostic{kind, span, std::move(what)}
                                 .At(tree_.name.span, "promotion `" + tree_.name.text + "`")
                                 .Hint(std::move(hint)));
  }

  // ----------------------------------------------------------------------------------- states

  [[nodiscard]] std::string FactOfState(const std::string& state) const {
    return "state." + tree_.name.text + "." + state;
  }

  // One name for several.
  lang::Name Grouped(std::string name, const std::vector<lang::Name>& members) {
    if (members.size() == 1) return members.front();
    lang::Group group;
    group.name = {std::move(name), tree_.name.span};
    group.members = members;
    group.span = tree_.name.span;
    lang::Name named = group.name;
    word_.declarations.push_back("group " + named.text + " = " + JoinNames(members, ", "));
    Imply(std::move(group));
    return named;
  }

  // The first state is where no other is.
  void DeclareState(const std::string& state, const std::vector<lang::Name>& steps) {
    if (state == tree_.from.text) return;
    std::vector<lang::Name> others;
    for (const auto& [other, leading] : into_) {
      if (other != state) others.insert(others.end(), leading.begin(), leading.end());
    }
    const std::string name = FactOfState(state);
    lang::Meter meter;
    meter.name = {name, tree_.name.span};
    meter.fold = lang::Fold::kExists;
    meter.target = Grouped("steps." + tree_.name.text + "." + state, steps);
    meter.per = {{"case", tree_.name.span}};
    if (!others.empty())
      meter.since = Grouped("steps." + tree_.name.text + ".not." + state, others);
    meter.span = tree_.span;
    word_.declarations.push_back("meter " + name + " = exists " + meter.target.text + " per case" +
                                 (meter.since ? " since " + meter.since->text : ""));
    Imply(std::move(meter));
  }

  [[nodiscard]] Expr In(const lang::Name& state) const {
    if (state.text != tree_.from.text) {
      // Nothing leads there: reported, and never so.
      if (!into_.contains(state.text)) return Not(Always(state.span));
      return Named(FactOfState(state.text), state.span);
    }
    std::vector<Expr> others;
    for (const auto& [other, steps] : into_) {
      if (other != state.text) others.push_back(Not(Named(FactOfState(other), state.span)));
    }
    if (others.empty()) return Always(state.span);
    return Join(ExprKind::kAnd, std::move(others), state.span);
  }

  // ----------------------------------------------------------------------------------- rows

  void AddStep(const Transition& first) {
    std::vector<Expr> places;
    std::set<std::string_view> said;
    for (const Transition& transition : tree_.transitions) {
      if (transition.by.text == first.by.text && said.insert(transition.from.text).second)
        places.push_back(In(transition.from));
    }
    Add(first.by, "step", first, Not(Join(ExprKind::kOr, std::move(places), first.span)));
  }

  void AddConditions(const Transition& transition) {
    const auto where = [&](Expr lacking) {
      std::vector<Expr> parts;
      parts.push_back(In(transition.from));
      parts.push_back(std::move(lacking));
      return Join(ExprKind::kAnd, std::move(parts), transition.span);
    };
    if (transition.when) Add(transition.by, "when", transition, where(Not(*transition.when)));
    if (transition.sources) {
      const std::string fact = "promotion." + tree_.name.text + ".sources";
      if (context_.out.counters.insert(fact).second) {
        Imply(FactOf({fact, transition.sources->span}, lang::TypeKind::kInteger));
        word_.declarations.push_back("fact " + fact + " from host");
      }
      Add(transition.by, "sources", transition,
          where(Compare(CompareOp::kLess, Named(fact, transition.span), Valued(*transition.sources),
                        transition.span)));
    }
    if (!transition.not_author) return;
    std::vector<Expr> own;
    std::set<std::string_view> said;
    for (const Transition& start : tree_.transitions) {
      if (start.from.text == tree_.from.text && said.insert(start.by.text).second)
        own.push_back(WithZero(CompareOp::kGreater, CountOf("own", start.by, transition.span)));
    }
    if (!own.empty())
      Add(transition.by, "author", transition,
          where(Join(ExprKind::kOr, std::move(own), transition.span)));
  }

  // What acts on the system of the record, and is no step of a promotion.
  void CloseVault() {
    const auto is_step = [&](std::string_view name) {
      return std::ranges::any_of(context_.index.promotions, [&](const lang::Promotion* promotion) {
        return std::ranges::any_of(promotion->transitions,
                                   [&](const Transition& t) { return t.by.text == name; });
      });
    };
    for (const auto& [name, capability] : context_.index.capabilities) {
      if (capability->kind != lang::CapabilityKind::kAct || !capability->system ||
          capability->system->text != tree_.system.text || is_step(name))
        continue;
      ExpandedBlock& block = word_.Block(name, "outside");
      block.targets = {capability->name};
      block.clauses.push_back(
          ClauseOf(ClauseKind::kDeny, Always(tree_.system.span), tree_.system.span));
    }
  }

  void Add(const lang::Name& target, std::string_view kind, const Transition& transition,
           Expr condition) {
    lang::Clause clause = ClauseOf(ClauseKind::kDeny, std::move(condition), transition.span);
    if (kind != "step")
      clause.reason = transition.reason;  // which of several it would be, nobody knows
    ExpandedBlock& block = word_.Block(target.text, kind);
    block.targets = {target};
    block.clauses.push_back(std::move(clause));
  }

  void Imply(lang::Declaration declaration) {
    context_.out.implied.emplace_back(std::move(declaration), context_.policy);
  }

  const lang::Promotion& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
  std::map<std::string, std::vector<lang::Name>> into_;  // the capabilities that lead to a state
  std::map<std::string_view, const Transition*> steps_;  // the first transition of each
};

}  // namespace

void Expand(const lang::Promotion& tree, ExpandContext context) {
  PromotionExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
