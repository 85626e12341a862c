// `consent` and `memory`: who agreed, and what may still be recalled (docs/semantics.md, M35, M36).
#include <algorithm>
#include <array>
#include <utility>

#include "expand.h"
#include "units.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::DecayThen;
using lang::DecayWhen;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;

namespace {

constexpr std::array<std::string_view, 5> kClasses = {"public", "internal", "confidential", "pii",
                                                      "health"};

std::string_view WordOf(lang::DataClass data) { return kClasses[static_cast<std::size_t>(data)]; }

bool IsPersonal(lang::DataClass data) {
  return data == lang::DataClass::kPii || data == lang::DataClass::kHealth;
}

void RefuseIncomplete(const lang::Name& name, std::string what, std::string hint,
                      ExpandContext& context) {
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kIncomplete, name.span, "`" + name.text + "` " + std::move(what)}
          .Hint(std::move(hint)));
}

// Nobody agrees for somebody else by machine.
void CheckGivers(const lang::Consent& tree, ExpandContext& context) {
  std::vector<std::string> known;
  for (const auto& [name, role] : context.index.roles) known.emplace_back(name);
  for (const lang::Name& name : tree.by) {
    const auto role = context.index.roles.find(name.text);
    if (role == context.index.roles.end()) {
      context.reporter.UnknownName("role", name, known);
    } else if (role->second->kind == lang::RoleKind::kAgent ||
               role->second->kind == lang::RoleKind::kCoordinator) {
      context.reporter.Report(Diagnostic{DiagnosticKind::kNotHuman, name.span,
                                         "only a person consents, and `" + name.text + "` is none"}
                                  .At(role->second->name.span, "declared here")
                                  .Hint("name a `human` or a `party`"));
    }
  }
}

class MemoryExpander {
 public:
  MemoryExpander(const lang::Memory& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    CheckParts();
    CheckConsent();
    CheckDecay();
    CheckKinds(tree_.written_by, lang::CapabilityKind::kAct, "act");
    CheckKinds(tree_.recalled_by, lang::CapabilityKind::kRecall, "recall");
    word_ = WordOf("memory", tree_, context_);
    if (tree_.consent && context_.index.consents.contains(tree_.consent->text)) {
      for (const auto* list : {&tree_.written_by, &tree_.recalled_by}) {
        for (const lang::Name& target : *list)
          Add(target, "consent",
              ClauseOf(ClauseKind::kDeny,
                       Not(Named("consent." + tree_.consent->text, tree_.consent->span)),
                       tree_.consent->span));
      }
    }
    for (const lang::Decay& decay : tree_.decay) AddDecay(decay);
    context_.out.words.push_back(std::move(word_));
  }

 private:
  void CheckParts() {
    if (!tree_.data_class)
      RefuseIncomplete(tree_.name, "does not say what it holds",
                       "write `class public`, `internal`, `confidential`, `pii` or `health`",
                       context_);
    if (!tree_.tier)
      RefuseIncomplete(tree_.name, "does not say how long it is meant to hold",
                       "write `tier working`, `episodic`, `semantic` or `procedural`", context_);
    if (tree_.recalled_by.empty())
      RefuseIncomplete(tree_.name, "is never recalled", "write `recalled by CAPABILITY`", context_);
  }

  void CheckConsent() {
    if (!tree_.data_class) return;
    const std::string word(WordOf(*tree_.data_class));
    if (!tree_.consent) {
      if (!IsPersonal(*tree_.data_class)) return;
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kMemoryWithoutConsent, tree_.name.span,
                     "`" + tree_.name.text + "` holds `" + word + "`, and nobody is asked"}
              .Hint("declare `consent NAME over " + word + " { … }`, and write `consent NAME`"));
      return;
    }
    const auto consent = context_.index.consents.find(tree_.consent->text);
    if (consent == context_.index.consents.end()) {
      std::vector<std::string> known;
      for (const auto& [name, tree] : context_.index.consents) known.emplace_back(name);
      context_.reporter.UnknownName("consent", *tree_.consent, known);
    } else if (consent->second->over != *tree_.data_class) {
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kMemoryWithoutConsent, tree_.consent->span,
                     "`" + tree_.consent->text + "` is consent over `" +
                         std::string(WordOf(consent->second->over)) + "`, and `" + tree_.name.text +
                         "` holds `" + word + "`"}
              .At(consent->second->name.span, "declared here")
              .Hint("name a consent over `" + word + "`"));
    }
  }

  // What lasts longer than a session ends some day, and somebody hears of it before.
  void CheckDecay() {
    if (!tree_.tier || *tree_.tier == lang::Tier::kWorking) return;
    const auto ends = std::ranges::find(tree_.decay, DecayThen::kExpire, &lang::Decay::then);
    if (ends == tree_.decay.end()) {
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kNoDecay, tree_.name.span,
                     "`" + tree_.name.text + "` is remembered for ever"}
              .Hint("write, for example, `decay when unused 365 days  expire`"));
      return;
    }
    for (const lang::Decay& decay : tree_.decay) {
      if (decay.then != DecayThen::kExpire || decay.when == DecayWhen::kSourceChanged) continue;
      const bool announced = std::ranges::any_of(tree_.decay, [&](const lang::Decay& flag) {
        return flag.then == DecayThen::kFlag && flag.when == decay.when && Earlier(flag, decay);
      });
      if (announced) continue;
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kNoDecay, decay.span,
                     "nobody hears of it before `" + tree_.name.text + "` expires"}
              .Hint("add the same with less before: `decay when … flag to ANCHOR`"));
    }
  }

  static std::optional<std::int64_t> AmountOf(const lang::Literal& literal,
                                              const HouseIndex& index) {
    const lang::Literal* value = &literal;
    if (literal.kind == lang::LiteralKind::kWord) {
      const auto threshold = index.thresholds.find(literal.text);
      if (threshold == index.thresholds.end()) return std::nullopt;
      value = &threshold->second->value;
    }
    const auto number = ReadNumber(value->text);
    if (!number || number->scale != 0) return std::nullopt;
    if (value->unit.empty()) return number->digits;
    const auto unit = UnitMilliseconds(value->unit);
    return unit ? Fit(Wide{number->digits} * *unit) : std::nullopt;
  }

  // What cannot be read is refused elsewhere.
  [[nodiscard]] bool Earlier(const lang::Decay& flag, const lang::Decay& end) const {
    const auto first = AmountOf(*flag.amount, context_.index);
    const auto last = AmountOf(*end.amount, context_.index);
    return !first || !last || *first < *last;
  }

  void CheckKinds(const std::vector<lang::Name>& names, lang::CapabilityKind kind,
                  std::string_view word) {
    for (const lang::Name& name : names) {
      const auto capability = context_.index.capabilities.find(name.text);
      if (capability == context_.index.capabilities.end() || !capability->second->kind ||
          *capability->second->kind == kind)
        continue;
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kWrongKind, name.span,
                     "`" + name.text + "` is not `kind " + std::string(word) + "`"}
              .At(capability->second->name.span, "declared here"));
    }
  }

  void AddDecay(const lang::Decay& decay) {
    static constexpr std::array<std::string_view, 3> kFacts = {"unused", "contradicted",
                                                               "source_changed"};
    static constexpr std::array kTypes = {lang::TypeKind::kDuration, lang::TypeKind::kInteger,
                                          lang::TypeKind::kBool};
    const auto when = static_cast<std::size_t>(decay.when);
    const std::string fact = "memory." + tree_.name.text + "." + std::string(kFacts[when]);
    if (context_.out.counters.insert(fact).second) {
      context_.out.implied.emplace_back(FactOf({fact, decay.span}, kTypes[when]), context_.policy);
      word_.declarations.push_back("fact " + fact + " from host");
    }
    Expr condition = Named(fact, decay.span);
    if (decay.amount)
      condition = Compare(CompareOp::kGreaterEqual, std::move(condition), Valued(*decay.amount),
                          decay.span);
    static constexpr std::array kKinds = {ClauseKind::kNotify, ClauseKind::kEscalate,
                                          ClauseKind::kDeny};
    lang::Clause clause =
        ClauseOf(kKinds[static_cast<std::size_t>(decay.then)], std::move(condition), decay.span);
    clause.anchor = decay.anchor;
    clause.reason = decay.reason;
    for (const lang::Name& target : tree_.recalled_by) Add(target, "decay", clause);
  }

  void Add(const lang::Name& target, std::string_view kind, lang::Clause clause) {
    ExpandedBlock& block = word_.Block(target.text, kind);
    block.targets = {target};
    block.clauses.push_back(std::move(clause));
  }

  const lang::Memory& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
};

}  // namespace

void Expand(const lang::Consent& tree, ExpandContext context) {
  if (tree.by.empty())
    RefuseIncomplete(tree.name, "does not say who gives it", "write `by ROLE`", context);
  if (!tree.lasts) {
    RefuseIncomplete(tree.name, "does not say how long it holds", "write `lasts 365 days`",
                     context);
    return;
  }
  CheckGivers(tree, context);
  const std::string name = "consent." + tree.name.text;
  lang::Meter meter;
  meter.name = {name, tree.name.span};
  meter.fold = lang::Fold::kExists;
  meter.target = {name + ".given", tree.name.span};
  meter.per = {{"case", tree.name.span}};
  meter.since = {name + ".revoked", tree.name.span};
  meter.within = tree.lasts;
  meter.span = tree.span;
  ExpandedWord word;
  word.name = name;
  word.prefix = "consent " + tree.name.text + ": ";
  word.span = tree.span;
  word.policy = context.policy;
  word.declarations = {"event " + name + ".given from consent",
                       "event " + name + ".revoked from consent",
                       "meter " + name + " = exists " + name + ".given per case since " + name +
                           ".revoked within " + tree.lasts->text + " " + tree.lasts->unit};
  const auto add = [&](lang::Declaration declaration) {
    context.out.implied.emplace_back(std::move(declaration), context.policy);
  };
  add(EventOf(meter.target, tree.name.text + " is given", "consent"));
  add(EventOf(*meter.since, tree.name.text + " is revoked", "consent"));
  add(std::move(meter));
  context.out.words.push_back(std::move(word));
}

void Expand(const lang::Memory& tree, ExpandContext context) {
  MemoryExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
