// `sandbox`, `skill` and `breaker`: what code has around it while it runs, what a skill may use,
// and when a system that fails is left alone (docs/semantics.md, M39, M40, M42).
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::ExprKind;

namespace {

void RefuseUnsaid(std::string_view word, const lang::Name& name, const std::string& unsaid,
                  std::string hint, ExpandContext& context) {
  if (unsaid.empty()) return;
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kIncomplete, name.span,
                 std::string(word) + " `" + name.text + "` does not say its " + unsaid}
          .Hint(std::move(hint)));
}

void List(std::string& list, bool lacking, std::string_view word) {
  if (!lacking) return;
  list += (list.empty() ? "`" : ", `") + std::string(word) + "`";
}

void CheckDigest(const lang::Text& text, ExpandContext& context) {
  constexpr std::string_view kPrefix = "sha256:";
  const std::string_view digits = std::string_view(text.text).substr(kPrefix.size());
  const bool hex = std::ranges::all_of(
      digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (digits.size() == 64 && hex) return;
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kBadDigest, text.span,
                 hex ? "a digest has 64 digits, and this one has " + std::to_string(digits.size())
                     : "a digest is written with `0` to `9` and small `a` to `f`"}
          .Hint("copy it whole, as `sha256sum` or the registry shows it"));
}

void RefuseOpen(lang::Span span, std::string what, std::string hint, ExpandContext& context) {
  context.reporter.Report(
      Diagnostic{DiagnosticKind::kSandboxOpen, span, std::move(what)}.Hint(std::move(hint)));
}

void CheckCap(const std::optional<lang::Literal>& cap, bool whole, ExpandContext& context) {
  if (!cap) return;
  if (cap->text.find_first_not_of("0.") == std::string::npos) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kOutOfRange, cap->span,
                                       "nothing runs in a sandbox that has none of it"});
  } else if (whole && cap->text.find('.') != std::string::npos) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kTypeMismatch, cap->span,
                                       "processes are counted in whole numbers"});
  }
}

class SkillExpander {
 public:
  SkillExpander(const lang::Skill& tree, ExpandContext& context) : tree_(tree), context_(context) {}

  void Run() {
    std::string unsaid;
    List(unsaid, tree_.roles.empty(), "for");
    List(unsaid, tree_.uses.empty(), "uses");
    List(unsaid, tree_.pins.empty(), "pins");
    List(unsaid, tree_.tested_by.empty(), "tested by");
    RefuseUnsaid("skill", tree_.name, unsaid,
                 "write `skill NAME 1.0.0 for ROLE { uses CAPABILITY  pins sha256:…  tested by "
                 "\"…\" }`",
                 context_);
    for (const lang::Text& digest : tree_.pins) CheckDigest(digest, context_);
    if (tree_.uses.empty() || !KnowsRoles()) return;
    fact_ = {"skill." + tree_.name.text, tree_.name.span};
    context_.out.implied.emplace_back(FactOf(fact_, lang::TypeKind::kBool), context_.policy);
    word_ = WordOf("skill", tree_, context_);
    word_.declarations = {"fact " + fact_.text + " from host"};
    AddOthers();
    AddUses();
    context_.out.words.push_back(std::move(word_));
  }

 private:
  [[nodiscard]] bool KnowsRoles() const {
    std::vector<std::string> known;
    for (const auto& [name, role] : context_.index.roles) known.emplace_back(name);
    bool all = !tree_.roles.empty();
    for (const lang::Name& role : tree_.roles) {
      if (context_.index.roles.contains(role.text)) continue;
      context_.reporter.UnknownName("role", role, known);
      all = false;
    }
    return all;
  }

  [[nodiscard]] static lang::Span Over(const std::vector<lang::Name>& names) {
    return {names.front().span.file, names.front().span.begin, names.back().span.end};
  }

  // Whoever works by a skill uses nothing else; a person can always be brought in.
  void AddOthers() {
    std::vector<lang::Name> others;
    for (const auto& [name, capability] : context_.index.capabilities) {
      if (!capability->hands_over_to && !uses_.contains(capability->name.text))
        others.push_back({capability->name.text, tree_.name.span});
    }
    if (others.empty()) return;
    const lang::Span at = Over(tree_.uses);
    ExpandedBlock& block = word_.Block("*", "skill");
    block.targets = std::move(others);
    block.clauses.push_back(ClauseOf(ClauseKind::kDeny, Named(fact_.text, at), at));
  }

  void AddUses() {
    const lang::Span at = Over(tree_.roles);
    std::vector<lang::Expr> parts = {Named(fact_.text, at)};
    for (const lang::Name& role : tree_.roles)
      parts.push_back(Compare(CompareOp::kNotEqual, Named("role", role.span),
                              Named(role.text, role.span), role.span));
    ExpandedBlock& block = word_.Block(JoinNames(tree_.uses, "+"), "skill");
    block.targets = tree_.uses;
    block.clauses.push_back(
        ClauseOf(ClauseKind::kDeny, Join(ExprKind::kAnd, std::move(parts), at), at));
  }

  const lang::Skill& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
  lang::Name fact_;
  std::set<std::string> uses_ = MembersOf(tree_.uses, context_.index);
};

class BreakerExpander {
 public:
  BreakerExpander(const lang::Breaker& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    std::string unsaid;
    List(unsaid, tree_.capabilities.empty(), "for");
    List(unsaid, !tree_.failures, "trips after");
    List(unsaid, !tree_.open, "while open");
    RefuseUnsaid("breaker", tree_.name, unsaid,
                 "write `breaker NAME { for CAPABILITY  trips after 5 failures within 5 minutes  "
                 "while open deny }`",
                 context_);
    if (!unsaid.empty()) return;
    CheckEscalation();
    if (tree_.failures->text == "0") {
      context_.reporter.Report(Diagnostic{DiagnosticKind::kOutOfRange, tree_.failures->span,
                                          "a breaker that trips after no failure never closes"});
      return;
    }
    Declare();
    word_ = WordOf("breaker", tree_, context_);
    const lang::Span at = {tree_.span.file, tree_.failures->span.begin, tree_.within->span.end};
    lang::Clause clause = ClauseOf(
        *tree_.open == lang::Verdict::kDeny ? ClauseKind::kDeny : ClauseKind::kEscalate,
        Compare(CompareOp::kGreaterEqual, Named(Full(""), at), Valued(*tree_.failures), at), at);
    clause.anchor = tree_.anchor;
    ExpandedBlock& block = word_.Block(JoinNames(tree_.capabilities, "+"), "breaker");
    block.targets = tree_.capabilities;
    block.clauses.push_back(std::move(clause));
    context_.out.words.push_back(std::move(word_));
  }

 private:
  [[nodiscard]] std::string Full(std::string_view what) const {
    return "breaker." + tree_.name.text + std::string(what);
  }

  // When everything else fails, a case still gets to a person.
  void CheckEscalation() {
    for (const lang::Name& name : tree_.capabilities) {
      for (const std::string& member : MembersOf({name}, context_.index)) {
        const auto capability = context_.index.capabilities.find(member);
        if (capability == context_.index.capabilities.end() || !capability->second->hands_over_to)
          continue;
        context_.reporter.Report(
            Diagnostic{DiagnosticKind::kBreakerOnEscalation, name.span,
                       "breaker `" + tree_.name.text + "` would stop `" + member +
                           "`, by which a person is brought in"}
                .At(capability->second->hands_over_to->span, "it hands over here")
                .Hint("leave it out: while something fails, a person can still be asked"));
      }
    }
  }

  // Of the whole house: what fails fails for everybody.
  void Declare() {
    const lang::Span at = tree_.name.span;
    const lang::Name failed = {Full(".failed"), at}, reset = {Full(".reset"), at};
    context_.out.implied.emplace_back(EventOf(failed, "A call has failed", "breaker"),
                                      context_.policy);
    context_.out.implied.emplace_back(EventOf(reset, "A person takes it into service", "breaker"),
                                      context_.policy);
    lang::Meter meter;
    meter.name = {Full(""), at};
    meter.target = failed;
    meter.since = reset;
    meter.within = tree_.within;
    meter.span = at;
    context_.out.implied.emplace_back(std::move(meter), context_.policy);
    word_.declarations = {"event " + failed.text + " from breaker",
                          "event " + reset.text + " from breaker",
                          "meter " + Full("") + " = count " + failed.text + " since " + reset.text};
  }

  const lang::Breaker& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
};

}  // namespace

void Expand(const lang::Sandbox& tree, ExpandContext context) {
  std::string unsaid;
  List(unsaid, !tree.image, "image");
  List(unsaid, !tree.cpu, "cpu");
  List(unsaid, !tree.memory, "memory");
  List(unsaid, !tree.processes, "processes");
  List(unsaid, !tree.time, "time");
  List(unsaid, !tree.network, "network");
  List(unsaid, !tree.no_mounts && tree.mounts.empty(), "mounts");
  RefuseUnsaid("sandbox", tree.name, unsaid,
               "what a sandbox does not say, something else decides: write all of it", context);
  if (tree.image && tree.image->text.starts_with("sha256:")) {
    CheckDigest(*tree.image, context);
  } else if (tree.image) {
    RefuseOpen(tree.image->span, "a tag can stand for another image tomorrow",
               "name the image by its digest: `image sha256:…`", context);
  }
  if (tree.network == lang::NetworkUse::kInbound) {
    RefuseOpen(tree.network_span, "whoever can reach a sandbox can use what runs in it",
               "write `network none`, or `network outbound to \"packages.example\"`", context);
  }
  if (!tree.mounts.empty()) {
    RefuseOpen(tree.mounts_span, "what is mounted can be read and changed from inside",
               "write `mounts none`; what code needs is copied in, and what it makes is copied out",
               context);
  }
  CheckCap(tree.cpu, false, context);
  CheckCap(tree.memory, true, context);
  CheckCap(tree.processes, true, context);
  CheckCap(tree.time, false, context);
  const bool used = std::ranges::any_of(context.index.capabilities, [&](const auto& entry) {
    const auto& runs = entry.second->runs_code;
    return runs && runs->sandbox && runs->sandbox->text == tree.name.text;
  });
  if (used) {
    context.out.implied.emplace_back(
        FactOf({"sandbox." + tree.name.text, tree.name.span}, lang::TypeKind::kBool),
        context.policy);
  } else if (context.policy == 0) {
    context.reporter.Report(
        Diagnostic{DiagnosticKind::kUnused, tree.name.span,
                   "nothing runs in sandbox `" + tree.name.text + "`"}
            .Hint("write `runs code in " + tree.name.text + "` in a capability, or leave it out"));
  }
}

void Expand(const lang::Skill& tree, ExpandContext context) { SkillExpander(tree, context).Run(); }

void Expand(const lang::Breaker& tree, ExpandContext context) {
  BreakerExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
