// bytes -> tokens -> concrete syntax tree -> typed tree, one declaration at a time from the third
// step on. Each step only ever sees what the one before it has found sound, so that every mistake
// is told once.
//
// Entry point: Parse.
#include "writ/lang/parse.h"

#include <algorithm>
#include <string>
#include <utility>

#include "build.h"
#include "lexer.h"
#include "nesting.h"
#include "syntax.h"

namespace writ::lang {
namespace {

// Builds the tree of a file from its units.
class TreeBuilder final : public UnitReceiver {
 public:
  TreeBuilder(const TokenList& tokens, DiagnosticSink& sink, const ParseOptions& options)
      : b_{tokens, sink, options.max_depth}, ast_{.file = tokens.file, .policies = {}} {}

  void Receive(const SyntaxUnit& unit) override {
    switch (unit.rule) {
      case Rule::kHeader:
        return ReceiveHeader(unit);
      case Rule::kHeaderItem:
        if (!unit.has_error && !ast_.policies.empty()) HeaderItem({b_.tokens, unit.cst, 0});
        return;
      case Rule::kDeclaration:
        return unit.has_error ? ReadBroken(unit.cst)
                              : Declare({b_.tokens, unit.cst, 0}, unit.has_slip);
      default:
        return ReadBroken(unit.cst);  // read for its mistakes only
    }
  }

  std::optional<Ast> Finish() && {
    if (!saw_policy_) {
      b_.Report(Diagnostic{DiagnosticKind::kNoPolicy, b_.SpanAt(0),
                           "the file does not say which policy it is"}
                    .Hint("start it with `policy NAME 1.0.0`"));
    }
    if (ast_.policies.empty()) return std::nullopt;
    EndPolicy(b_.tokens.tokens.size() - 1);
    return std::move(ast_);
  }

 private:
  // The policy that is being read ends before this token.
  void EndPolicy(std::size_t token) {
    if (!ast_.policies.empty() && !foreign_)
      ast_.policies.back().span.end = token == 0 ? 0 : b_.tokens.tokens[token - 1].end;
  }

  // Whether it is another version of the policy of this file, and amends one that stands above.
  bool AmendsOneAbove(const SyntaxUnit& unit) {
    const std::optional<Use> amends = BaseIn(unit, TokenKind::kAmends);
    bool above = false;
    for (const Policy& policy : ast_.policies) {
      if (policy.name.text != b_.Text(unit.first + 1) ||
          policy.version.text == b_.Text(unit.first + 2))
        return false;
      above = above || (amends && amends->name.text == policy.name.text &&
                        amends->version->text == policy.version.text);
    }
    return above;
  }

  void ReceiveHeader(const SyntaxUnit& unit) {
    EndPolicy(unit.first);
    if (saw_policy_ && (unit.has_error || !AmendsOneAbove(unit))) {
      // What follows belongs to another policy. It is read, and nothing of it is kept.
      if (!foreign_ && !unit.has_error) {
        b_.Report(
            Diagnostic{DiagnosticKind::kSeveralPolicies, b_.SpanAt(unit.first),
                       "another policy starts in this file"}
                .Hint("give it a file of its own; below a policy, only versions of it stand that "
                      "amend one above them"));
      }
      foreign_ = true;
      return;
    }
    saw_policy_ = true;
    foreign_ = false;
    // A header with a mistake in an item still says which policy this is.
    if (unit.end - unit.first < 3 || unit.cst.nodes.size() < 2) return;
    const Token& version = b_.tokens.tokens[unit.first + 2];
    if (version.kind != TokenKind::kVersion) return;
    Policy policy;
    policy.name = {std::string(b_.Text(unit.first + 1)), b_.SpanAt(unit.first + 1)};
    policy.version = TextAt(b_, unit.first + 2);
    policy.span = b_.SpanAt(unit.first);
    if (!unit.has_error) {
      policy.amends = BaseIn(unit, TokenKind::kAmends);
      policy.narrows = BaseIn(unit, TokenKind::kNarrows);
    }
    ast_.policies.push_back(std::move(policy));
    if (unit.has_error) return;
    CstReader node(b_.tokens, unit.cst, 0);
    node.TakeToken();
    node.TakeChild();
    node.TakeToken();
    if (node.Eat(TokenKind::kAmends) || node.Eat(TokenKind::kNarrows)) {
      node.TakeChild();
      node.TakeToken();
    }
    while (const auto item = node.Take(Rule::kHeaderItem)) HeaderItem(*item);
  }

  // What the header says the policy amends or narrows, whichever is asked for.
  std::optional<Use> BaseIn(const SyntaxUnit& unit, TokenKind relation) {
    CstReader node(b_.tokens, unit.cst, 0);
    node.TakeToken();
    node.TakeChild();
    node.TakeToken();
    if (!node.Eat(relation)) return std::nullopt;
    Use base;
    base.name = TakeName(b_, node);
    base.version = TextAt(b_, node.TakeToken());
    base.span = base.name.span;
    base.span.end = base.version->span.end;
    return base;
  }

  void HeaderItem(CstReader node) {
    if (foreign_) return;
    Policy& policy = ast_.policies.back();
    const TokenKind kind = node.Kind();
    const std::uint32_t token = node.TakeToken();
    switch (kind) {
      case TokenKind::kString:
        if (policy.title) return ReportTwice(b_, "title", policy.title->span, b_.SpanAt(token));
        policy.title = TextAt(b_, token);
        return;
      case TokenKind::kEffective:
        if (policy.effective)
          return ReportTwice(b_, "effective", policy.effective->span, b_.SpanAt(token));
        policy.effective = LiteralAt(b_, node.TakeToken());
        if (node.Eat(TokenKind::kFor)) {
          node.Eat(TokenKind::kCases);
          node.Eat(TokenKind::kSince);
          policy.cases_since = TakeName(b_, node);
        }
        return;
      case TokenKind::kZone:
        if (policy.zone) return ReportTwice(b_, "zone", policy.zone->span, b_.SpanAt(token));
        policy.zone = TextAt(b_, node.TakeToken());
        return;
      case TokenKind::kCase:
        node.Eat(TokenKind::kIs);
        if (!policy.case_is.empty())
          return ReportTwice(b_, "case is", policy.case_is.front().span, b_.SpanAt(token));
        policy.case_is = BuildNames(b_, node.TakeChild());
        return;
      case TokenKind::kStrict:
        policy.strict = true;
        return;
      case TokenKind::kTenant:
        if (policy.tenant)
          return ReportTwice(b_, "tenant", policy.tenant->span, b_.SpanAt(token));
        policy.tenant = TextAt(b_, node.TakeToken());
        return;
      case TokenKind::kPurpose:
        if (policy.account.purpose)
          return ReportTwice(b_, "purpose", policy.account.purpose->span, b_.SpanAt(token));
        policy.account.purpose = TextAt(b_, node.TakeToken());
        return;
      case TokenKind::kOwner:
        if (policy.account.owner)
          return ReportTwice(b_, "owner", policy.account.owner->span, b_.SpanAt(token));
        policy.account.owner = TakeName(b_, node);
        return;
      default:
        return UseItem(node, policy);
    }
  }

  void UseItem(CstReader node, Policy& policy) {
    Use use;
    use.span = node.span();
    use.name = TakeName(b_, node);
    if (node.At(TokenKind::kVersion)) use.version = TextAt(b_, node.TakeToken());
    for (const Use& other : policy.uses) {
      if (other.name.text == use.name.text)
        return ReportTwice(b_, "use " + use.name.text, other.span, use.span);
    }
    policy.uses.push_back(std::move(use));
  }

  // The sound parts of a declaration that is dropped may still have mistakes that the builder
  // finds.
  void ReadBroken(const Cst& cst) {
    for (std::uint32_t i = 0; i < cst.nodes.size();) {
      const CstNode& node = cst.nodes[i];
      const CstReader reader(b_.tokens, cst, i);
      if (node.broken || !ReadAlone(node.rule, reader)) {
        ++i;
      } else {
        i = node.next;
      }
    }
  }

  // True if a part of this rule can be read without what is around it.
  bool ReadAlone(Rule rule, CstReader node) {
    switch (rule) {
      case Rule::kClause:
        return (void)BuildClause(b_, node), true;
      case Rule::kExpr:
        return (void)BuildExpr(b_, node), true;
      case Rule::kAnchorItem:
        return ReadAnchorItem(b_, node), true;
      case Rule::kCapabilityItem:
        return ReadCapabilityItem(b_, node), true;
      case Rule::kInput:
        return (void)BuildInput(b_, node), true;
      case Rule::kNeed:
        return (void)BuildNeed(b_, node), true;
      case Rule::kTransition:
        return (void)BuildTransition(b_, node), true;
      case Rule::kFactLine:
        return (void)BuildFactLine(b_, node), true;
      case Rule::kSource:
        return (void)BuildSource(b_, node), true;
      case Rule::kType:
        return (void)BuildType(b_, node), true;
      default:
        return false;
    }
  }

  // `node` is a declaration; its only child says which.
  void Declare(CstReader node, bool has_slip) {
    const CstReader child = node.TakeChild();
    const std::size_t errors_before = b_.error_count;
    Declaration declaration = Build(child);
    if (foreign_ || ast_.policies.empty() || b_.error_count != errors_before || has_slip) return;
    ast_.policies.back().declarations.push_back(std::move(declaration));
  }

  Declaration Build(CstReader node) {
    switch (node.node().rule) {
      case Rule::kThreshold:
        return BuildThreshold(b_, node);
      case Rule::kTypeAlias:
        return BuildTypeAlias(b_, node);
      case Rule::kFact:
        return BuildFact(b_, node);
      case Rule::kFacts:
        return BuildFacts(b_, node);
      case Rule::kEvidence:
        return BuildEvidence(b_, node);
      case Rule::kRole:
        return BuildRole(b_, node);
      case Rule::kAnchor:
        return BuildAnchor(b_, node);
      case Rule::kCapability:
        return BuildCapability(b_, node);
      case Rule::kLet:
        return BuildLet(b_, node);
      case Rule::kMeter:
        return BuildMeter(b_, node);
      case Rule::kGroup:
        return BuildGroup(b_, node);
      case Rule::kPressure:
        return BuildPressure(b_, node);
      case Rule::kEvent:
        return BuildEvent(b_, node);
      case Rule::kLookup:
        return BuildLookup(b_, node);
      case Rule::kModes:
        return BuildModes(b_, node);
      case Rule::kDelegation:
        return BuildDelegation(b_, node);
      case Rule::kGrant:
        return BuildGrant(b_, node);
      case Rule::kGuard:
        return BuildGuard(b_, node);
      case Rule::kExceptionBlock:
        return BuildException(b_, node);
      case Rule::kAssume:
        return BuildAssume(b_, node);
      case Rule::kSeparate:
        return BuildSeparate(b_, node);
      case Rule::kSequence:
        return BuildSequence(b_, node);
      case Rule::kApprovals:
        return BuildApprovals(b_, node);
      case Rule::kConsent:
        return BuildConsent(b_, node);
      case Rule::kMemory:
        return BuildMemory(b_, node);
      case Rule::kPromotion:
        return BuildPromotion(b_, node);
      case Rule::kBudget:
        return BuildBudget(b_, node);
      case Rule::kSandbox:
        return BuildSandbox(b_, node);
      case Rule::kSkill:
        return BuildSkill(b_, node);
      case Rule::kBreaker:
        return BuildBreaker(b_, node);
      case Rule::kIntent:
        return BuildIntent(b_, node);
      case Rule::kRoute:
        return BuildRoute(b_, node);
      case Rule::kBoundary:
        return BuildBoundary(b_, node);
      case Rule::kChannel:
        return BuildChannel(b_, node);
      case Rule::kExposure:
        return BuildExposure(b_, node);
      case Rule::kHook:
        return BuildHook(b_, node);
      case Rule::kCheckpoint:
        return BuildCheckpoint(b_, node);
      case Rule::kCompaction:
        return BuildCompaction(b_, node);
      case Rule::kModels:
        return BuildModels(b_, node);
      case Rule::kRegion:
        return BuildRegion(b_, node);
      case Rule::kInvariant:
        return BuildInvariant(b_, node);
      case Rule::kSample:
        return BuildSample(b_, node);
      default:
        return BuildExample(b_, node);
    }
  }

  Builder b_;
  Ast ast_;
  bool saw_policy_ = false;
  bool foreign_ = false;  // what is read belongs to a policy that cannot stand in this file
};

bool Readable(const SourceSet& sources, FileId file, const ParseOptions& options,
              DiagnosticSink& sink) {
  const auto number = static_cast<std::uint32_t>(file);
  const std::size_t limit = std::min(options.max_file_bytes, sources.max_file_bytes());
  if (sources.TooLarge(file) || sources.SizeBytes(file) > limit) {
    sink.Report({DiagnosticKind::kFileTooLarge,
                 {number, 0, 0},
                 "the file has " + std::to_string(sources.SizeBytes(file)) + " bytes; at most " +
                     std::to_string(limit) + " are read"});
    return false;
  }
  const std::size_t invalid = FindInvalidUtf8(sources.Text(file));
  if (invalid != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(invalid);
    sink.Report(Diagnostic{DiagnosticKind::kInvalidUtf8,
                           {number, at, at + 1},
                           "byte " + std::to_string(invalid) + " is not part of UTF-8 text"}
                    .Hint("save the file as UTF-8"));
    return false;
  }
  return true;
}

}  // namespace

std::optional<Ast> Parse(const SourceSet& sources, FileId file, DiagnosticSink& sink,
                         const ParseOptions& options) {
  if (!Readable(sources, file, options, sink)) return std::nullopt;
  TokenList tokens = Lex(static_cast<std::uint32_t>(file), sources.Text(file));
  LimitNesting(tokens, options.max_depth);
  TreeBuilder builder(tokens, sink, options);
  ParseSyntax(tokens, options, sink, builder);
  return std::move(builder).Finish();
}

}  // namespace writ::lang
