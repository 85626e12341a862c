// `approvals NAME for CAP { ROLE then ROLE … }`: the events, meters and facts behind signatures,
// the conditions of the stages, and the anchors that they ask (docs/semantics.md, M33).
#include <algorithm>
#include <set>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;
using lang::Stage;

namespace {

// Conditions of the stages name those of the earlier ones, so their sizes add up twice.
constexpr std::size_t kMaxStages = 16;

std::string SamePerson(const Stage& stage) {
  const auto [first, second] = std::minmax(stage.role.text, stage.same_as->text);
  return "same_person." + first + "." + second;
}

// Nothing: always.
std::vector<Expr> Needed(const Stage& stage) {
  std::vector<Expr> parts;
  if (stage.when) parts.push_back(*stage.when);
  if (stage.same_as) parts.push_back(Not(Named(SamePerson(stage), stage.same_as->span)));
  return parts;
}

Expr Signed(const lang::Approvals& tree, const Stage& stage) {
  return Named("signed." + tree.name.text + "." + stage.role.text, stage.role.span);
}

// Whether nobody has to be asked at this stage.
Expr Settled(const lang::Approvals& tree, const Stage& stage) {
  std::vector<Expr> parts;
  std::vector<Expr> needed = Needed(stage);
  if (!needed.empty()) parts.push_back(Not(Join(ExprKind::kAnd, std::move(needed), stage.span)));
  parts.push_back(Signed(tree, stage));
  return Join(ExprKind::kOr, std::move(parts), stage.span);
}

class ApprovalsExpander {
 public:
  ApprovalsExpander(const lang::Approvals& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    if (context_.out.approvals.contains(tree_.name.text)) return;  // reported as a duplicate
    ExpandedApprovals approvals{
        .tree = &tree_, .policy = context_.policy, .granted = {}, .stages = {}};
    std::vector<Expr> settled;
    for (const Stage* stage : Stages()) {
      Declare(*stage);
      std::vector<Expr> asked = Needed(*stage);
      asked.push_back(Not(Signed(tree_, *stage)));
      asked.insert(asked.end(), settled.begin(), settled.end());
      approvals.stages.push_back({stage, Join(ExprKind::kAnd, std::move(asked), stage->span)});
      settled.push_back(Settled(tree_, *stage));
    }
    approvals.granted = Join(ExprKind::kAnd, std::move(settled), tree_.span);
    context_.out.approvals.emplace(tree_.name.text, std::move(approvals));
  }

 private:
  // Without those that are refused.
  std::vector<const Stage*> Stages() {
    std::vector<const Stage*> stages;
    std::map<std::string_view, lang::Span> seen;
    for (const Stage& stage : tree_.stages) {
      if (stages.size() == kMaxStages) {
        context_.reporter.Report(Diagnostic{
            DiagnosticKind::kTooLarge, stage.span,
            "`" + tree_.name.text + "` has more than " + std::to_string(kMaxStages) + " stages"});
        break;
      }
      const auto [first, fresh] = seen.emplace(stage.role.text, stage.role.span);
      if (fresh) {
        stages.push_back(&stage);
        continue;
      }
      context_.reporter.Report(Diagnostic{DiagnosticKind::kUnreachableStage, stage.role.span,
                                          "`" + stage.role.text +
                                              "` has signed already when this "
                                              "stage is reached"}
                                   .At(first->second, "the first stage of this role")
                                   .Hint("name each role once"));
    }
    return stages;
  }

  void Declare(const Stage& stage) {
    const std::string names = tree_.name.text + "." + stage.role.text;
    lang::Event event = EventOf({"approval." + names, stage.role.span},
                                stage.role.text + " signs " + tree_.name.text, "approvals");
    lang::Meter meter;
    meter.name = {"signed." + names, stage.role.span};
    meter.fold = lang::Fold::kExists;
    meter.target = event.name;
    meter.per = {{"case", stage.role.span}};
    meter.since = tree_.capability;
    meter.span = stage.span;
    Add(std::move(event));
    Add(std::move(meter));
    if (!stage.same_as || !context_.out.counters.insert(SamePerson(stage)).second) return;
    lang::Facts facts = FactOf({SamePerson(stage), stage.same_as->span}, lang::TypeKind::kBool);
    lang::Missing& missing = facts.lines.front().missing.emplace();
    missing.word = lang::MissingWord::kValue;
    missing.value.emplace();
    missing.value->kind = lang::LiteralKind::kBool;
    missing.value->text = "false";
    missing.value->span = missing.span = stage.same_as->span;
    Add(std::move(facts));
  }

  void Add(lang::Declaration declaration) {
    context_.out.implied.emplace_back(std::move(declaration), context_.policy);
  }

  const lang::Approvals& tree_;
  ExpandContext& context_;
};

// `upper` is somewhere above `lower` in the reporting line; a line that is a circle ends.
bool ReportsUpTo(const HouseIndex& index, std::string_view lower, std::string_view upper) {
  std::set<std::string_view> seen;
  for (auto at = index.roles.find(lower); at != index.roles.end() && seen.insert(at->first).second;
       at = index.roles.find(at->second->reports_to->text)) {
    if (!at->second->reports_to) return false;
    if (at->second->reports_to->text == upper) return true;
  }
  return false;
}

// The anchor that a stage of this role asks, made like that of the delegation.
void ImplyAnchor(const lang::Name& role, const lang::Anchor& like, ExpandContext& context) {
  const auto person = context.index.roles.find(role.text);
  const bool human =
      person != context.index.roles.end() && person->second->kind == lang::RoleKind::kHuman;
  if (!human || context.index.anchors.contains(role.text)) return;
  const auto [first, fresh] = context.out.stage_anchors.emplace(role.text, &like);
  if (!fresh) {
    if (first->second->name.text == like.name.text) return;
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kStageAnchor, role.span,
                   "`" + role.text + "` would be asked like anchor `" + first->second->name.text +
                       "` in one delegation, and like `" + like.name.text + "` in another"}
            .At(first->second->name.span, "one")
            .At(like.name.span, "the other")
            .Hint("declare `anchor " + role.text + " { held by " + role.text + " … }`"));
    return;
  }
  lang::Anchor anchor = like;
  anchor.name = role;
  anchor.held_by = {role};
  anchor.above.clear();
  context.out.implied.emplace_back(std::move(anchor), context.policy);
  const bool higher = std::ranges::all_of(like.held_by, [&](const lang::Name& holder) {
    return ReportsUpTo(context.index, holder.text, role.text);
  });
  if (!higher) context.out.ranks.emplace_back(like.name.text, role.text);
}

}  // namespace

void Expand(const lang::Approvals& tree, ExpandContext context) {
  ApprovalsExpander(tree, context).Run();
}

void ImplyAnchors(const lang::Delegation& tree, ExpandContext context) {
  std::vector<const lang::Name*> required;
  const auto collect = [&](const std::vector<lang::Clause>& clauses) {
    for (const lang::Clause& clause : clauses) {
      if (clause.approval) required.push_back(&*clause.approval);
    }
  };
  collect(tree.clauses);
  for (const lang::ForBlock& block : tree.blocks) collect(block.clauses);
  const auto anchor =
      tree.anchor ? context.index.anchors.find(tree.anchor->text) : context.index.anchors.end();
  if (anchor == context.index.anchors.end()) return;  // reported with the delegation
  for (const lang::Name* name : required) {
    const auto approvals = context.out.approvals.find(name->text);
    if (approvals == context.out.approvals.end()) continue;
    for (const ExpandedStage& stage : approvals->second.stages)
      ImplyAnchor(stage.tree->role, *anchor->second, context);
  }
}

}  // namespace writ::compiler::check
