// `boundary`: a case is in one part of the house at a time, and gets into another by a handoff
// (docs/semantics.md, M44).
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
using lang::Handoff;

namespace {

class BoundaryExpander {
 public:
  BoundaryExpander(const lang::Boundary& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    if (tree_.parts.size() < 2) {
      Refuse(DiagnosticKind::kIncomplete, tree_.name.span,
             "boundary `" + tree_.name.text + "` has nothing on its other side",
             "write two parts or more, `part NAME of ROLE, ROLE`");
      return;
    }
    if (!CheckParts() || !CheckHandoffs()) return;
    CheckReach();
    word_ = WordOf("boundary", tree_, context_);
    for (const auto& [part, by] : into_) DeclarePart(part, by);
    for (const lang::Part& part : tree_.parts) AddPart(part);
    std::set<std::string_view> seen;
    for (const Handoff& handoff : tree_.handoffs) {
      if (seen.insert(handoff.by.text).second) AddHandoff(handoff);
    }
    for (const Handoff& handoff : tree_.handoffs) AddCondition(handoff);
    context_.out.words.push_back(std::move(word_));
  }

 private:
  void Refuse(DiagnosticKind kind, lang::Span span, std::string what, std::string hint) {
    context_.reporter.Report(Diagnostic{kind, span, std::move(what)}.Hint(std::move(hint)));
  }

  [[nodiscard]] bool IsFirst(std::string_view part) const {
    return part == tree_.parts.front().name.text;
  }

  bool CheckParts() {
    std::vector<std::string> known;
    for (const auto& [name, role] : context_.index.roles) known.emplace_back(name);
    std::map<std::string_view, const lang::Name*> seen;
    bool good = true;
    for (const lang::Part& part : tree_.parts) {
      for (const lang::Name& role : part.roles) {
        if (!context_.index.roles.contains(role.text)) {
          context_.reporter.UnknownName("role", role, known);
          good = false;
        }
        const auto [at, added] = seen.emplace(role.text, &role);
        if (added) continue;
        context_.reporter.Report(
            Diagnostic{DiagnosticKind::kTwoParts, role.span,
                       "`" + role.text + "` would stand on both sides of `" + tree_.name.text + "`"}
                .At(at->second->span, "it is in a part here")
                .Hint("a role is in one part; make two roles of it, if it is needed in both"));
        good = false;
      }
    }
    return good;
  }

  bool CheckHandoffs() {
    std::vector<std::string> known;
    for (const lang::Part& part : tree_.parts) known.push_back(part.name.text);
    std::map<std::string_view, const Handoff*> leads;
    bool good = true;
    for (const Handoff& handoff : tree_.handoffs) {
      for (const lang::Name* part : {&handoff.from, &handoff.to}) {
        if (std::ranges::find(known, part->text) != known.end()) continue;
        context_.reporter.UnknownName("part", *part, known);
        good = false;
      }
      const auto [first, added] = leads.emplace(handoff.by.text, &handoff);
      if (!added && first->second->to.text != handoff.to.text) {
        context_.reporter.Report(Diagnostic{DiagnosticKind::kDuplicateName, handoff.by.span,
                                            "`" + handoff.by.text + "` hands over to two parts"}
                                     .At(first->second->to.span, "to this one first")
                                     .Hint("declare a capability for each"));
        good = false;
      }
      std::vector<lang::Name>& by = into_[handoff.to.text];
      if (added) by.push_back(handoff.by);
    }
    return good;
  }

  void CheckReach() {
    std::set<std::string_view> reached = {tree_.parts.front().name.text};
    for (bool grew = true; grew;) {
      grew = false;
      for (const Handoff& handoff : tree_.handoffs) {
        if (reached.contains(handoff.from.text))
          grew = reached.insert(handoff.to.text).second || grew;
      }
    }
    for (const lang::Part& part : tree_.parts) {
      if (reached.contains(part.name.text)) continue;
      Refuse(DiagnosticKind::kPartOutOfReach, part.name.span,
             "no case ever gets to `" + part.name.text + "`: each begins in `" +
                 tree_.parts.front().name.text + "`, and nothing hands it on",
             "write `handoff PART to " + part.name.text + " by CAPABILITY`");
    }
  }

  lang::Name Grouped(std::string name, const std::vector<lang::Name>& members) {
    if (members.size() == 1) return members.front();
    lang::Group group;
    group.name = {std::move(name), tree_.name.span};
    group.members = members;
    group.span = tree_.name.span;
    lang::Name named = group.name;
    word_.declarations.push_back("group " + named.text + " = " + JoinNames(members, ", "));
    context_.out.implied.emplace_back(std::move(group), context_.policy);
    return named;
  }

  [[nodiscard]] std::string FactOf(std::string_view part) const {
    return "part." + tree_.name.text + "." + std::string(part);
  }

  // A case is in the part to which it was handed last, and in the first where it never was.
  void DeclarePart(const std::string& part, const std::vector<lang::Name>& by) {
    if (IsFirst(part)) return;
    std::vector<lang::Name> others;
    for (const auto& [other, leading] : into_) {
      if (other != part) others.insert(others.end(), leading.begin(), leading.end());
    }
    lang::Meter meter;
    meter.name = {FactOf(part), tree_.name.span};
    meter.fold = lang::Fold::kExists;
    meter.target = Grouped("handoffs." + tree_.name.text + "." + part, by);
    meter.per = {{"case", tree_.name.span}};
    if (!others.empty())
      meter.since = Grouped("handoffs." + tree_.name.text + ".not." + part, others);
    meter.span = tree_.span;
    word_.declarations.push_back("meter " + meter.name.text + " = exists " + meter.target.text +
                                 " per case" + (meter.since ? " since " + meter.since->text : ""));
    context_.out.implied.emplace_back(std::move(meter), context_.policy);
  }

  [[nodiscard]] Expr In(std::string_view part, lang::Span at) const {
    if (!IsFirst(part))
      return into_.contains(std::string(part)) ? Named(FactOf(part), at) : Not(Always(at));
    std::vector<Expr> others;
    for (const auto& [other, by] : into_) {
      if (other != part) others.push_back(Not(Named(FactOf(other), at)));
    }
    if (others.empty()) return Always(at);
    return Join(ExprKind::kAnd, std::move(others), at);
  }

  // Where somebody of a part asks for something while the case is elsewhere. A person can be
  // brought in from anywhere.
  void AddPart(const lang::Part& part) {
    std::vector<lang::Name> all;
    for (const auto& [name, capability] : context_.index.capabilities) {
      if (!capability->hands_over_to) all.push_back({capability->name.text, part.span});
    }
    std::vector<Expr> roles;
    for (const lang::Name& role : part.roles)
      roles.push_back(Compare(CompareOp::kEqual, Named("role", role.span),
                              Named(role.text, role.span), role.span));
    std::vector<Expr> both = {Join(ExprKind::kOr, std::move(roles), part.span),
                              Not(In(part.name.text, part.span))};
    Deny("*", "part", std::move(all), Join(ExprKind::kAnd, std::move(both), part.span), part.span,
         std::nullopt);
  }

  void AddHandoff(const Handoff& first) {
    std::vector<Expr> places;
    std::set<std::string_view> said;
    for (const Handoff& handoff : tree_.handoffs) {
      if (handoff.by.text == first.by.text && said.insert(handoff.from.text).second)
        places.push_back(In(handoff.from.text, handoff.span));
    }
    Deny(first.by.text, "handoff", {first.by},
         Not(Join(ExprKind::kOr, std::move(places), first.span)), first.span, std::nullopt);
  }

  void AddCondition(const Handoff& handoff) {
    if (!handoff.when) return;
    std::vector<Expr> parts = {In(handoff.from.text, handoff.span), Not(*handoff.when)};
    Deny(handoff.by.text, "when", {handoff.by},
         Join(ExprKind::kAnd, std::move(parts), handoff.span), handoff.span, handoff.reason);
  }

  void Deny(const std::string& block, std::string_view kind, std::vector<lang::Name> targets,
            Expr condition, lang::Span span, const std::optional<lang::Text>& reason) {
    ExpandedBlock& rows = word_.Block(block, kind);
    rows.targets = std::move(targets);
    lang::Clause clause = ClauseOf(ClauseKind::kDeny, std::move(condition), span);
    clause.reason = reason;
    rows.clauses.push_back(std::move(clause));
  }

  const lang::Boundary& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
  std::map<std::string, std::vector<lang::Name>> into_;  // by what a case gets into a part
};

}  // namespace

void Expand(const lang::Boundary& tree, ExpandContext context) {
  BoundaryExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
