// Delegations, grants, guards, and the clauses in them.
#include "build.h"

namespace writ::lang {
namespace {

void BuildRequire(Builder& b, CstReader& node, Clause& clause) {
  if (node.Eat(TokenKind::kEvidence)) {
    clause.kind = ClauseKind::kRequireEvidence;
    clause.evidence = BuildNames(b, node.TakeChild());
    return;
  }
  if (node.Eat(TokenKind::kConfirmation)) {
    node.Eat(TokenKind::kBy);
    clause.kind = ClauseKind::kConfirmation;
    clause.party = TakeName(b, node);
    return;
  }
  clause.kind = ClauseKind::kRequire;
  clause.condition = BuildExpr(b, node.TakeChild());
  if (clause.condition->kind != ExprKind::kCall || clause.condition->name->text != "approval")
    return;
  // Alone, it asks whoever has to sign next.
  clause.kind = ClauseKind::kApproval;
  clause.approval = clause.condition->operands.at(0).name;
  clause.condition.reset();
}

void TakeWhen(Builder& b, CstReader& node, Clause& clause) {
  if (node.Eat(TokenKind::kWhen)) clause.condition = BuildExpr(b, node.TakeChild());
}

void TakeTo(Builder& b, CstReader& node, Clause& clause) {
  if (node.Eat(TokenKind::kTo)) clause.anchor = TakeName(b, node);
}

void BuildEscalate(Builder& b, CstReader& node, Clause& clause) {
  clause.kind = ClauseKind::kEscalate;
  TakeTo(b, node, clause);
  TakeWhen(b, node, clause);
  clause.trigger = TakeTrigger(b, node);
}

// The clause after its first word.
void BuildClauseBody(Builder& b, TokenKind head, CstReader& node, Clause& clause) {
  switch (head) {
    case TokenKind::kRequire:
      return BuildRequire(b, node, clause);
    case TokenKind::kDeny:
      clause.kind = ClauseKind::kDeny;
      return TakeWhen(b, node, clause);
    case TokenKind::kCeiling:
      clause.kind = ClauseKind::kCeiling;
      clause.condition = BuildExpr(b, node.TakeChild());
      return;
    case TokenKind::kLimit:
      clause.kind = ClauseKind::kLimit;
      clause.condition = BuildExpr(b, node.TakeChild());
      clause.else_deny = node.Eat(TokenKind::kElse) && node.Eat(TokenKind::kDeny);
      return;
    case TokenKind::kEscalate:
      return BuildEscalate(b, node, clause);
    case TokenKind::kAllow:
      clause.kind = ClauseKind::kAllow;
      return TakeWhen(b, node, clause);
    case TokenKind::kOtherwise:
      clause.kind = ClauseKind::kOtherwise;
      clause.otherwise = VerdictOf(node.Kind());
      node.TakeToken();
      return TakeTo(b, node, clause);
    case TokenKind::kNote:
      clause.kind = ClauseKind::kNote;
      return TakeWhen(b, node, clause);
    default:
      clause.kind = ClauseKind::kNotify;
      clause.anchor = TakeName(b, node);
      return TakeWhen(b, node, clause);
  }
}

std::vector<Clause> TakeClauses(Builder& b, CstReader& node) {
  std::vector<Clause> clauses;
  while (const auto clause = node.Take(Rule::kClause)) clauses.push_back(BuildClause(b, *clause));
  return clauses;
}

ForBlock BuildForBlock(Builder& b, CstReader node) {
  ForBlock block;
  block.span = node.span();
  node.Eat(TokenKind::kFor);
  block.capabilities = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kLBrace);
  block.clauses = TakeClauses(b, node);
  return block;
}

// How many hops: a handful, or nobody could say who answers for what.
std::uint32_t BuildDepth(Builder& b, std::uint32_t token) {
  const std::string_view text = b.Text(token);
  if (text.size() == 1 && text[0] >= '1' && text[0] <= '9')
    return static_cast<std::uint32_t>(text[0] - '0');
  b.Report(Diagnostic{DiagnosticKind::kOutOfRange, b.SpanAt(token),
                      "a delegation goes on over 1 to 9 hops"});
  return 1;
}

// What a delegation says once.
struct DelegationSpans {
  std::optional<Span> from, anchor, review, expires;
};

// After `may`.
void BuildMay(Builder& b, Span span, CstReader& node, Delegation& delegation) {
  if (node.Eat(TokenKind::kGrant)) {
    MayGrant grant;
    grant.span = span;
    grant.capabilities = BuildNames(b, node.TakeChild());
    node.Eat(TokenKind::kTo);
    grant.to = BuildNames(b, node.TakeChild());
    if (node.Eat(TokenKind::kDepth)) grant.depth = BuildDepth(b, node.TakeToken());
    delegation.may_grant.push_back(std::move(grant));
    return;
  }
  May may;
  may.span = span;
  if (node.Eat(TokenKind::kFreely)) may.kind = MayKind::kFreely;
  if (node.Eat(TokenKind::kPropose)) may.kind = MayKind::kPropose;
  may.capabilities = BuildNames(b, node.TakeChild());
  delegation.may.push_back(std::move(may));
}

void BuildDelegationItem(Builder& b, CstReader node, Delegation& delegation,
                         DelegationSpans& once) {
  const Span span = node.span();
  if (const auto block = node.Take(Rule::kForBlock)) {
    delegation.blocks.push_back(BuildForBlock(b, *block));
    return;
  }
  if (const auto clause = node.Take(Rule::kClause)) {
    delegation.clauses.push_back(BuildClause(b, *clause));
    return;
  }
  if (const auto account = node.Take(Rule::kAccount))
    return BuildAccount(b, *account, delegation.account);
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kFrom:
      Once(b, once.from, "from", span);
      delegation.from = TakeName(b, node);
      node.Eat(TokenKind::kTo);
      delegation.to = BuildNames(b, node.TakeChild());
      break;
    case TokenKind::kMay:
      BuildMay(b, span, node, delegation);
      break;
    case TokenKind::kAbstain: {
      node.Eat(TokenKind::kFrom);
      std::vector<Name> names = BuildNames(b, node.TakeChild());
      delegation.abstain.insert(delegation.abstain.end(), names.begin(), names.end());
      break;
    }
    case TokenKind::kAnchor:
      Once(b, once.anchor, "anchor", span);
      delegation.anchor = TakeName(b, node);
      break;
    case TokenKind::kReview:
      Once(b, once.review, "review every", span);
      node.Eat(TokenKind::kEvery);
      delegation.review_every = BuildValue(b, node.TakeChild());
      break;
    default:
      Once(b, once.expires, "expires", span);
      delegation.expires = BuildValue(b, node.TakeChild());
      break;
  }
}

void BuildGuardScope(Builder& b, CstReader node, Guard& guard) {
  node.Eat(TokenKind::kFor);
  if (node.Eat(TokenKind::kEvery)) {
    guard.every = true;
  } else if (node.Eat(TokenKind::kCapability)) {
    node.Eat(TokenKind::kWhere);
    guard.where = BuildExpr(b, node.TakeChild());
  } else {
    guard.capabilities = BuildNames(b, node.TakeChild());
  }
}

}  // namespace

std::optional<Trigger> TakeTrigger(Builder& b, CstReader& node) {
  if (!node.Eat(TokenKind::kAs)) return std::nullopt;
  return Choose<Trigger>(b, TakeName(b, node), "a reason to escalate",
                         {{"threshold", Trigger::kThreshold},
                          {"ambiguity", Trigger::kAmbiguity},
                          {"novelty", Trigger::kNovelty},
                          {"conflict", Trigger::kConflict}});
}

Verdict VerdictOf(TokenKind kind) {
  if (kind == TokenKind::kAllow) return Verdict::kAllow;
  return kind == TokenKind::kEscalate ? Verdict::kEscalate : Verdict::kDeny;
}

Clause BuildClause(Builder& b, CstReader node) {
  Clause clause;
  clause.span = node.span();
  if (const auto let = node.Take(Rule::kLet)) {
    clause.kind = ClauseKind::kLet;
    clause.let = BuildLet(b, *let);
    return clause;
  }
  const TokenKind head = node.Kind();
  node.TakeToken();
  BuildClauseBody(b, head, node, clause);
  clause.reason = TakeOptionalText(b, node);
  return clause;
}

void BuildAccount(Builder& b, CstReader node, Account& account) {
  const Span span = node.span();
  const TokenKind head = node.Kind();
  node.TakeToken();
  if (head == TokenKind::kOwner) {
    if (account.owner) ReportTwice(b, "owner", account.owner->span, span);
    account.owner = TakeName(b, node);
  } else if (head == TokenKind::kPurpose) {
    if (account.purpose) ReportTwice(b, "purpose", account.purpose->span, span);
    account.purpose = TextAt(b, node.TakeToken());
  } else {
    do {
      account.controls.push_back(TextAt(b, node.TakeToken()));
    } while (node.Eat(TokenKind::kComma));
  }
}

Delegation BuildDelegation(Builder& b, CstReader node) {
  Delegation delegation;
  delegation.span = node.span();
  node.Eat(TokenKind::kDelegation);
  delegation.name = TakeName(b, node);
  delegation.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  DelegationSpans once;
  while (const auto item = node.Take(Rule::kDelegationItem))
    BuildDelegationItem(b, *item, delegation, once);
  return delegation;
}

Grant BuildGrant(Builder& b, CstReader node) {
  Grant grant;
  grant.span = node.span();
  node.Eat(TokenKind::kGrant);
  grant.role = TakeName(b, node);
  grant.capabilities = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kUnder);
  grant.anchor = TakeName(b, node);
  if (node.Eat(TokenKind::kExpires)) grant.expires = BuildValue(b, node.TakeChild());
  return grant;
}

Guard BuildGuard(Builder& b, CstReader node) {
  Guard guard;
  guard.span = node.span();
  node.Eat(TokenKind::kGuard);
  guard.name = TakeName(b, node);
  guard.reason = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  if (const auto scope = node.Take(Rule::kGuardScope)) {
    BuildGuardScope(b, *scope, guard);
  } else {
    guard.every = true;
  }
  while (node.ChildRule()) {
    if (const auto account = node.Take(Rule::kAccount)) {
      BuildAccount(b, *account, guard.account);
    } else {
      guard.clauses.push_back(BuildClause(b, node.TakeChild()));
    }
  }
  return guard;
}

namespace {

void BuildExceptionItem(Builder& b, CstReader node, Exception& exception) {
  const Span span = node.span();
  const TokenKind head = node.Kind();
  node.TakeToken();
  const auto once = [&](const auto& said, std::string_view what) {
    if (said) ReportTwice(b, what, said->span, span);
  };
  switch (head) {
    case TokenKind::kLifts: {
      Lift lift;
      lift.span = span;
      lift.kind = node.At(TokenKind::kLimit) ? ClauseKind::kLimit : ClauseKind::kEscalate;
      node.TakeToken();
      lift.names = BuildNames(b, node.TakeChild());
      exception.lifts.push_back(std::move(lift));
      return;
    }
    case TokenKind::kUp:
      once(exception.up_to, "up to");
      node.Eat(TokenKind::kTo);
      exception.up_to = BuildExpr(b, node.TakeChild());
      return;
    case TokenKind::kExpires:
      once(exception.expires, "expires");
      exception.expires = BuildValue(b, node.TakeChild());
      return;
    case TokenKind::kBy:
      once(exception.by, "by");
      exception.by = TakeName(b, node);
      return;
    default:
      once(exception.because, "because");
      exception.because = TextAt(b, node.TakeToken());
      return;
  }
}

}  // namespace

Exception BuildException(Builder& b, CstReader node) {
  Exception exception;
  exception.span = node.span();
  node.Eat(TokenKind::kException);
  exception.name = TakeName(b, node);
  node.Eat(TokenKind::kTo);
  exception.delegation = TakeName(b, node);
  node.Eat(TokenKind::kFor);
  exception.roles = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kLBrace);
  while (const auto item = node.Take(Rule::kExceptionItem)) BuildExceptionItem(b, *item, exception);
  return exception;
}

Assume BuildAssume(Builder& b, CstReader node) {
  Assume assume;
  assume.span = node.span();
  node.Eat(TokenKind::kAssume);
  assume.name = TakeName(b, node);
  node.Eat(TokenKind::kColon);
  node.Eat(TokenKind::kNever);
  assume.condition = BuildExpr(b, node.TakeChild());
  assume.reason = TakeOptionalText(b, node);
  return assume;
}

}  // namespace writ::lang
