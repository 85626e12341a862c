// `exposure NAME of ANCHOR { … }`: how much an anchor answers for within a while, and how often it
// is asked (docs/semantics.md, M46).
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

namespace {

// What a delegation or grant gives that a person may have to decide.
struct Given {
  const lang::Name* anchor = nullptr;
  std::vector<lang::Name> roles;
  std::set<std::string> capabilities;
  lang::Span span;
};

std::vector<Given> AllGiven(const HouseIndex& index) {
  std::vector<Given> all;
  for (const lang::Delegation* tree : index.delegations) {
    if (!tree->anchor) continue;
    Given given{&*tree->anchor, tree->to, {}, tree->anchor->span};
    for (const lang::May& may : tree->may) {
      if (may.kind != lang::MayKind::kFreely)
        given.capabilities.merge(MembersOf(may.capabilities, index));
    }
    all.push_back(std::move(given));
  }
  for (const lang::Grant* tree : index.grants)
    all.push_back(
        {&tree->anchor, {tree->role}, MembersOf(tree->capabilities, index), tree->anchor.span});
  return all;
}

class ExposureExpander {
 public:
  ExposureExpander(const lang::Exposure& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    if (!IsWhole() || !KnowsAnchors()) return;
    fact_ = {"exposure." + tree_.name.text, tree_.name.span};
    word_ = WordOf("exposure", tree_, context_);
    if (tree_.sums) {
      AddAmounts();
    } else {
      AddApprovals();
    }
    context_.out.words.push_back(std::move(word_));
  }

 private:
  bool IsWhole() {
    std::string unsaid;
    const auto list = [&](bool lacking, std::string_view word) {
      if (lacking) unsaid += (unsaid.empty() ? "`" : ", `") + std::string(word) + "`";
    };
    list(!tree_.sums && !tree_.counts_approvals, "sums");
    list(!tree_.within, "within");
    list(!tree_.up_to, "up to");
    list(!tree_.above, "above");
    if (unsaid.empty()) return true;
    context_.reporter.Report(
        Diagnostic{DiagnosticKind::kIncomplete, tree_.name.span,
                   "exposure `" + tree_.name.text + "` does not say its " + unsaid}
            .Hint("write `sums amount of CAPABILITY  within 7 days  up to 20_000 EUR  above "
                  "escalate to ANCHOR`, or `counts approvals  within 1 day  up to 40  …`"));
    return false;
  }

  bool KnowsAnchors() {
    std::vector<std::string> known;
    for (const auto& [name, anchor] : context_.index.anchors) known.emplace_back(name);
    bool all = true;
    for (const lang::Name& name : tree_.of) {
      if (context_.index.anchors.contains(name.text)) continue;
      context_.reporter.UnknownName("anchor", name, known);
      all = false;
    }
    return all;
  }

  [[nodiscard]] bool IsOurs(const lang::Name& anchor) const {
    return std::ranges::find(tree_.of, anchor.text, &lang::Name::text) != tree_.of.end();
  }

  lang::Clause Row(CompareOp op) {
    const lang::Span at = tree_.up_to_span;
    const ClauseKind kind = tree_.above == lang::Above::kDeny     ? ClauseKind::kDeny
                            : tree_.above == lang::Above::kNotify ? ClauseKind::kNotify
                                                                  : ClauseKind::kEscalate;
    lang::Clause clause =
        ClauseOf(kind, Compare(op, Named(fact_.text, at), Valued(*tree_.up_to), at), at);
    clause.anchor = tree_.anchor;
    return clause;
  }

  void Declare(lang::Meter meter, std::string_view what) {
    meter.name = fact_;
    meter.within = tree_.within;
    meter.span = fact_.span;
    word_.declarations.push_back("meter " + fact_.text + " = " + std::string(what) + " within " +
                                 WithinText());
    context_.out.implied.emplace_back(std::move(meter), context_.policy);
  }

  [[nodiscard]] std::string WithinText() const {
    const lang::Literal& within = *tree_.within;
    if (within.kind == lang::LiteralKind::kWord) return within.text;
    const bool several = within.text != "1" && within.unit.size() > 2;
    return within.text + " " + within.unit + (several ? "s" : "");
  }

  // One target for all of them.
  lang::Name Grouped(std::vector<lang::Name> members) {
    if (members.size() == 1) return std::move(members.front());
    lang::Group group;
    group.name = fact_;
    group.members = std::move(members);
    group.span = fact_.span;
    context_.out.implied.emplace_back(std::move(group), context_.policy);
    return fact_;
  }

  void AddAmounts() {
    for (const lang::Name& name : tree_.capabilities) CheckElsewhere(name);
    const std::string listed = JoinNames(tree_.capabilities, ", ");
    lang::Meter meter;
    meter.fold = lang::Fold::kSum;
    meter.target = {Grouped(tree_.capabilities).text + "." + tree_.sums->text, tree_.sums->span};
    meter.including_this = true;
    Declare(std::move(meter), "sum " + tree_.sums->text + " of " + listed + " including this,");
    ExpandedBlock& block = word_.Block(JoinNames(tree_.capabilities, "+"), "exposure");
    block.targets = tree_.capabilities;
    block.clauses.push_back(Row(CompareOp::kGreater));
  }

  // A sum over what several anchors answer for is nobody's.
  void CheckElsewhere(const lang::Name& name) {
    const std::set<std::string> counted = MembersOf({name}, context_.index);
    for (const Given& given : AllGiven(context_.index)) {
      if (IsOurs(*given.anchor)) continue;
      const auto shared = std::ranges::find_if(
          counted, [&](const std::string& one) { return given.capabilities.contains(one); });
      if (shared == counted.end()) continue;
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kExposureElsewhere, name.span,
                     "`" + *shared + "` is answered for at `" + given.anchor->text + "` as well"}
              .At(given.span, "given here")
              .Hint("name that anchor too, `exposure " + tree_.name.text + " of " +
                    JoinNames(tree_.of, ", ") + ", " + given.anchor->text +
                    "`, or leave the capability out"));
      return;
    }
  }

  void AddApprovals() {
    std::vector<lang::Name> asked;
    for (const lang::Name& anchor : tree_.of) asked.push_back(AskedOf(anchor));
    lang::Meter meter;
    meter.target = Grouped(std::move(asked));
    Declare(std::move(meter), "count of approvals asked of " + JoinNames(tree_.of, ", "));
    std::map<std::string, std::vector<lang::Name>> roles;  // by what they may ask for
    for (const Given& given : AllGiven(context_.index)) {
      if (!IsOurs(*given.anchor)) continue;
      for (const std::string& capability : given.capabilities)
        roles[capability].insert(roles[capability].end(), given.roles.begin(), given.roles.end());
    }
    if (roles.empty()) {
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kUnused, tree_.name.span,
                     "nothing is asked of `" + JoinNames(tree_.of, "`, `") + "`"}
              .Hint("name the anchor of a delegation or grant"));
    }
    for (auto& [capability, who] : roles) AddAsked(capability, std::move(who));
  }

  // The event that whoever asks for an approval records.
  lang::Name AskedOf(const lang::Name& anchor) {
    lang::Name event = {"asked." + anchor.text, anchor.span};
    if (context_.out.counters.insert("event " + event.text).second)
      context_.out.implied.emplace_back(
          EventOf(event, "An approval is asked for at " + anchor.text, "approvals"),
          context_.policy);
    word_.declarations.push_back("event " + event.text + " from approvals");
    return event;
  }

  void AddAsked(const std::string& capability, std::vector<lang::Name> who) {
    const lang::Span at = tree_.up_to_span;
    std::ranges::sort(who, {}, &lang::Name::text);
    const auto rest = std::ranges::unique(who, {}, &lang::Name::text);
    who.erase(rest.begin(), rest.end());
    std::vector<Expr> any;
    for (const lang::Name& role : who)
      any.push_back(check::Compare(CompareOp::kEqual, Named("role", at), Named(role.text, at), at));
    lang::Clause clause = Row(CompareOp::kGreaterEqual);
    std::vector<Expr> parts = {std::move(*clause.condition),
                               Join(ExprKind::kOr, std::move(any), at)};
    clause.condition = Join(ExprKind::kAnd, std::move(parts), at);
    ExpandedBlock& block = word_.Block(capability, "asked");
    block.targets = {{capability, tree_.name.span}};
    block.clauses.push_back(std::move(clause));
  }

  const lang::Exposure& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
  lang::Name fact_;
};

}  // namespace

void Expand(const lang::Exposure& tree, ExpandContext context) {
  ExposureExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
