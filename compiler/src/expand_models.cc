// `models`: classes of models, the weakest first, and which of them act alone
// (docs/semantics.md, M52).
#include <algorithm>
#include <map>
#include <utility>

#include "expand.h"
#include "writ/runtime/vocabulary.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;

namespace {

// The fact in which the class of a request's model is read.
constexpr std::string_view kModel = "model";

class ModelsExpander {
 public:
  ModelsExpander(const lang::Models& tree, ExpandContext& context)
      : tree_(tree),
        context_(context),
        at_{tree.span.file, tree.span.begin,
            tree.span.begin + static_cast<std::uint32_t>(std::string_view("models").size())} {}

  void Run() {
    if (!context_.out.counters.insert(std::string(kModel)).second) {
      Refuse(DiagnosticKind::kDuplicateName, at_, "which models there are is said twice",
             "name all classes in one block, for the whole house");
      return;
    }
    if (tree_.classes.size() < 2) {
      Refuse(DiagnosticKind::kIncomplete, at_,
             "with fewer than two classes no model is told from another",
             "write `class NAME \"MODEL\", …` for each class, the weakest first");
      return;
    }
    CheckModels();
    Declare();
    if (tree_.ordered) Claim();
    AddRows();
  }

 private:
  void Refuse(DiagnosticKind kind, lang::Span span, std::string what, std::string hint) {
    context_.reporter.Report(Diagnostic{kind, span, std::move(what)}.Hint(std::move(hint)));
  }

  // One name is one model, and no class has the name of one.
  void CheckModels() {
    for (const lang::ModelClass& one : tree_.classes) {
      for (const lang::Text& model : one.models) {
        if (model.text.empty() || model.text == runtime::kAnyOtherValue) {
          Refuse(DiagnosticKind::kWrongKind, model.span, "this is no model's name",
                 "name it as the run header does; what is named nowhere is of the first class");
          continue;
        }
        const auto [first, added] = class_of_.try_emplace(model.text, &one, &model);
        if (added) continue;
        context_.reporter.Report(
            Diagnostic{DiagnosticKind::kDuplicateName, model.span,
                       "model \"" + model.text + "\" is in " +
                           (first->second.first == &one ? "this class twice" : "two classes")}
                .At(first->second.second->span, "here, too")
                .Hint("leave it in the one to which it belongs"));
      }
    }
  }

  // What nobody knows, or says, is of the first class.
  void Declare() {
    lang::Facts facts = FactOf({std::string(kModel), at_}, lang::TypeKind::kEnum);
    facts.source.kind = lang::SourceKind::kHeader;
    lang::FactLine& line = facts.lines.front();
    line.type.ordered = true;
    for (const lang::ModelClass& one : tree_.classes) line.type.values.push_back(one.name);
    for (const auto& [model, known] : class_of_)
      line.type.was.push_back({known.first->name, {known.second->text, known.second->span}});
    const lang::Name& weakest = tree_.classes.front().name;
    line.type.was.push_back({weakest, {runtime::kAnyOtherValue, weakest.span}});
    line.missing.emplace();
    line.missing->word = lang::MissingWord::kValue;
    line.missing->value.emplace();
    line.missing->value->kind = lang::LiteralKind::kWord;
    line.missing->value->text = weakest.text;
    line.missing->value->span = line.missing->span = weakest.span;
    context_.out.implied.emplace_back(std::move(facts), context_.policy);
  }

  // A weaker class never gets more.
  void Claim() {
    lang::Invariant invariant;
    invariant.name = {"models.ordered", tree_.ordered_span};
    invariant.kind = lang::InvariantKind::kMonotone;
    invariant.fact = lang::Name{std::string(kModel), tree_.ordered_span};
    invariant.falling = true;
    invariant.reason = tree_.ordered_reason;
    invariant.span = tree_.ordered_span;
    context_.out.implied.emplace_back(std::move(invariant), context_.policy);
  }

  // People are no models.
  [[nodiscard]] std::optional<Expr> ByAModel(lang::Span at) const {
    std::vector<Expr> roles;
    for (const auto& [name, role] : context_.index.roles) {
      if (role->kind != lang::RoleKind::kAgent && role->kind != lang::RoleKind::kCoordinator)
        continue;
      roles.push_back(
          Compare(CompareOp::kEqual, Named("role", at), Named(std::string(name), at), at));
    }
    if (roles.empty()) return std::nullopt;
    return Join(ExprKind::kOr, std::move(roles), at);
  }

  [[nodiscard]] std::vector<lang::Name> Acts(lang::Span at) const {
    std::vector<lang::Name> acts;
    for (const auto& [name, capability] : context_.index.capabilities) {
      if (capability->kind == lang::CapabilityKind::kAct && !capability->hands_over_to)
        acts.push_back({capability->name.text, at});
    }
    return acts;
  }

  bool IsClass(const lang::Name& name) {
    std::vector<std::string> known;
    for (const lang::ModelClass& one : tree_.classes) known.push_back(one.name.text);
    if (std::ranges::find(known, name.text) != known.end()) return true;
    context_.reporter.UnknownName("class of models", name, known);
    return false;
  }

  void AddRows() {
    ExpandedWord word;
    word.name = "models";
    word.prefix = "models: ";
    word.span = tree_.span;
    word.policy = context_.policy;
    word.reason = tree_.title ? &*tree_.title : nullptr;
    word.declarations = {"fact " + std::string(kModel) + " from header"};
    for (const lang::ActsAlone& alone : tree_.alone) {
      const lang::Span at = alone.span;
      std::optional<Expr> by_a_model = ByAModel(at);
      if (!IsClass(alone.from) || !by_a_model) continue;
      std::vector<Expr> parts;
      parts.push_back(Compare(CompareOp::kLess, Named(std::string(kModel), at),
                              Named(alone.from.text, alone.from.span), at));
      parts.push_back(std::move(*by_a_model));
      lang::Clause clause =
          ClauseOf(alone.below == lang::Verdict::kDeny ? ClauseKind::kDeny : ClauseKind::kEscalate,
                   Join(ExprKind::kAnd, std::move(parts), at), at);
      clause.anchor = alone.anchor;
      clause.reason = alone.reason;
      ExpandedBlock& block = word.Block(
          alone.capabilities.empty() ? "*" : JoinNames(alone.capabilities, "+"), "alone");
      block.targets = alone.capabilities.empty() ? Acts(at) : alone.capabilities;
      if (!block.targets.empty()) block.clauses.push_back(std::move(clause));
    }
    std::erase_if(word.blocks, [](const ExpandedBlock& block) { return block.targets.empty(); });
    context_.out.words.push_back(std::move(word));
  }

  const lang::Models& tree_;
  ExpandContext& context_;
  lang::Span at_;
  std::map<std::string, std::pair<const lang::ModelClass*, const lang::Text*>> class_of_;
};

}  // namespace

void Expand(const lang::Models& tree, ExpandContext context) {
  ModelsExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
