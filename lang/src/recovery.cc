// Layout means nothing in a correct policy, so it is free to help in a wrong one. After a mistake
// inside braces the next item keyword is where its author went on; after one outside, the next line
// that starts with a declaration is. A declaration at the left margin means that some brace before
// it was forgotten.
#include "recovery.h"

#include <algorithm>

namespace writ::lang {
namespace {

bool StartsClause(TokenKind kind) {
  switch (kind) {
    case TokenKind::kCeiling:
    case TokenKind::kRequire:
    case TokenKind::kDeny:
    case TokenKind::kLimit:
    case TokenKind::kEscalate:
    case TokenKind::kAllow:
    case TokenKind::kOtherwise:
    case TokenKind::kNote:
    case TokenKind::kNotify:
    case TokenKind::kLet:
      return true;
    default:
      return false;
  }
}

bool StartsDeclaration(TokenKind kind) {
  switch (kind) {
    case TokenKind::kThreshold:
    case TokenKind::kType:
    case TokenKind::kFact:
    case TokenKind::kFacts:
    case TokenKind::kEvidence:
    case TokenKind::kRole:
    case TokenKind::kAnchor:
    case TokenKind::kCapability:
    case TokenKind::kLet:
    case TokenKind::kMeter:
    case TokenKind::kGroup:
    case TokenKind::kPressure:
    case TokenKind::kEvent:
    case TokenKind::kTable:
    case TokenKind::kModes:
    case TokenKind::kDelegation:
    case TokenKind::kGrant:
    case TokenKind::kGuard:
    case TokenKind::kException:
    case TokenKind::kAssume:
    case TokenKind::kSeparate:
    case TokenKind::kSequence:
    case TokenKind::kApprovals:
    case TokenKind::kConsent:
    case TokenKind::kMemory:
    case TokenKind::kPromotion:
    case TokenKind::kBudget:
    case TokenKind::kSandbox:
    case TokenKind::kSkill:
    case TokenKind::kBreaker:
    case TokenKind::kIntent:
    case TokenKind::kRoute:
    case TokenKind::kBoundary:
    case TokenKind::kChannel:
    case TokenKind::kExposure:
    case TokenKind::kHook:
    case TokenKind::kCheckpoint:
    case TokenKind::kCompaction:
    case TokenKind::kModels:
    case TokenKind::kRegion:
    case TokenKind::kInvariant:
    case TokenKind::kSample:
    case TokenKind::kExample:
      return true;
    default:
      return false;
  }
}

bool StartsExceptionItem(TokenKind kind) {
  return kind == TokenKind::kLifts || kind == TokenKind::kUp || kind == TokenKind::kExpires ||
         kind == TokenKind::kBy || kind == TokenKind::kBecause;
}

bool StartsAnchorItem(TokenKind kind) {
  return kind == TokenKind::kHeld || kind == TokenKind::kDeputies || kind == TokenKind::kAbsorbs ||
         kind == TokenKind::kAbove || kind == TokenKind::kReached || kind == TokenKind::kOn ||
         kind == TokenKind::kAsks;
}

bool StartsCapabilityItem(TokenKind kind) {
  return kind == TokenKind::kKind || kind == TokenKind::kRisk || kind == TokenKind::kSystem ||
         kind == TokenKind::kInput || kind == TokenKind::kIrreversible ||
         kind == TokenKind::kIdempotent || kind == TokenKind::kVerify ||
         kind == TokenKind::kUndone || kind == TokenKind::kHands || kind == TokenKind::kRuns ||
         kind == TokenKind::kRetry || kind == TokenKind::kDead || kind == TokenKind::kSends ||
         kind == TokenKind::kRetained;
}

bool StartsAccount(TokenKind kind) {
  return kind == TokenKind::kPurpose || kind == TokenKind::kControls || kind == TokenKind::kOwner;
}

bool StartsSkillItem(TokenKind kind) {
  return kind == TokenKind::kUses || kind == TokenKind::kPins || kind == TokenKind::kTested;
}

bool StartsBreakerItem(TokenKind kind) {
  return kind == TokenKind::kFor || kind == TokenKind::kTrips || kind == TokenKind::kWhile;
}

bool StartsExposureItem(TokenKind kind) {
  return kind == TokenKind::kSums || kind == TokenKind::kCounts || kind == TokenKind::kWithin ||
         kind == TokenKind::kUp || kind == TokenKind::kAbove;
}

bool StartsMemoryItem(TokenKind kind) {
  return kind == TokenKind::kClass || kind == TokenKind::kTier || kind == TokenKind::kConsent ||
         kind == TokenKind::kWritten || kind == TokenKind::kRecalled || kind == TokenKind::kDecay;
}

}  // namespace

bool IsContainer(Rule rule) {
  return rule == Rule::kAnchor || rule == Rule::kCapability || rule == Rule::kDelegation ||
         rule == Rule::kForBlock || rule == Rule::kGuard || rule == Rule::kFacts ||
         rule == Rule::kRest || rule == Rule::kExceptionBlock || rule == Rule::kLookup ||
         rule == Rule::kSequence || rule == Rule::kApprovals || rule == Rule::kConsent ||
         rule == Rule::kMemory || rule == Rule::kPromotion || rule == Rule::kBudget ||
         rule == Rule::kSandbox || rule == Rule::kSkill || rule == Rule::kBreaker ||
         rule == Rule::kIntent || rule == Rule::kBoundary || rule == Rule::kChannel ||
         rule == Rule::kExposure || rule == Rule::kHook || rule == Rule::kModels;
}

Recovery::Recovery(const TokenList& tokens) : tokens_(tokens) {
  depth_.reserve(tokens.tokens.size());
  std::uint32_t depth = 0;
  for (const Token& token : tokens.tokens) {
    depth_.push_back(depth);
    if (token.kind == TokenKind::kLBrace) ++depth;
    if (token.kind == TokenKind::kRBrace && depth > 0) --depth;
  }
}

bool Recovery::StartsUnit(std::uint32_t at) const {
  const TokenKind kind = Kind(at);
  return kind == TokenKind::kPolicy || StartsDeclaration(kind);
}

bool Recovery::StartsDelegationItem(std::uint32_t at) const {
  const TokenKind kind = Kind(at);
  return (StartsClause(kind) && kind != TokenKind::kLet) || kind == TokenKind::kFrom ||
         kind == TokenKind::kMay || kind == TokenKind::kAbstain || kind == TokenKind::kReview ||
         kind == TokenKind::kExpires || StartsAccount(kind) ||
         (kind == TokenKind::kFor && Kind(at + 1) != TokenKind::kCases);
}

bool Recovery::LeavesContainer(std::uint32_t at) const {
  if (!tokens_.tokens[at].at_margin || !StartsUnit(at)) return false;
  const TokenKind kind = Kind(at);
  if (kind == TokenKind::kLet) return false;
  if (kind != TokenKind::kAnchor) return true;
  // `anchor refunds` is an item of a delegation; `anchor refunds {` is none.
  const TokenKind after = Kind(std::min(at + 2, static_cast<std::uint32_t>(depth_.size() - 1)));
  return after == TokenKind::kLBrace || after == TokenKind::kString;
}

// `case` and titles start with too common a word.
bool Recovery::StartsHeadItem(std::uint32_t at) const {
  const TokenKind kind = Kind(at);
  return tokens_.tokens[at].at_margin && depth_[at] == 0 &&
         (kind == TokenKind::kUse || kind == TokenKind::kEffective || kind == TokenKind::kZone);
}

bool Recovery::LooksLikeUnit(std::uint32_t at) const {
  const Token& token = tokens_.tokens[at];
  if (!token.at_margin || depth_[at] != 0 || token.kind != TokenKind::kWord) return false;
  const auto near = NearestName(tokens_.TextOf(token), Keywords());
  return near && StartsDeclaration(KeywordKind(*near));
}

bool Recovery::CanOnlyFollow(Rule container, std::uint32_t at) const {
  return Kind(at) == TokenKind::kEnd || LeavesContainer(at) ||
         (container == Rule::kForBlock && Kind(at) == TokenKind::kFor);
}

bool Recovery::StartsItem(Rule container, std::uint32_t at) const {
  const TokenKind kind = Kind(at);
  const Token& token = tokens_.tokens[at];
  if (kind == TokenKind::kLater && token.starts_line && container != Rule::kFacts) return true;
  switch (container) {
    case Rule::kAnchor:
      return StartsAnchorItem(kind);
    case Rule::kCapability:
      return StartsCapabilityItem(kind);
    case Rule::kDelegation:
    case Rule::kRest:
      return StartsDelegationItem(at) || kind == TokenKind::kLet || kind == TokenKind::kAnchor;
    case Rule::kForBlock:
      return StartsClause(kind) || kind == TokenKind::kFor;
    case Rule::kGuard:
      return StartsClause(kind) || StartsAccount(kind);
    case Rule::kExceptionBlock:
      return StartsExceptionItem(kind);
    case Rule::kApprovals:
      return kind == TokenKind::kThen;
    case Rule::kConsent:
      return kind == TokenKind::kBy || kind == TokenKind::kLasts;
    case Rule::kMemory:
      return StartsMemoryItem(kind);
    case Rule::kSkill:
      return StartsSkillItem(kind);
    case Rule::kBreaker:
      return StartsBreakerItem(kind);
    case Rule::kIntent:
      return kind == TokenKind::kClass || kind == TokenKind::kDecision ||
             kind == TokenKind::kComplete;
    case Rule::kChannel:
      return kind == TokenKind::kCarries || kind == TokenKind::kAbove;
    case Rule::kHook:
      return kind == TokenKind::kRuns || kind == TokenKind::kPasses || kind == TokenKind::kOn;
    case Rule::kModels:
      return kind == TokenKind::kClass || kind == TokenKind::kActs || kind == TokenKind::kOrdered;
    case Rule::kExposure:
      return StartsExposureItem(kind);
    case Rule::kBoundary:
      return kind == TokenKind::kPart || kind == TokenKind::kHandoff;
    default:
      return token.starts_line;  // a fact line, a row of a table, a need, a step
  }
}

std::uint32_t Recovery::OpeningBrace(const Frame& container) const {
  if (container.rule == Rule::kRest) return container.first - 1;  // it was closed just before
  std::uint32_t at = container.first;
  while (Kind(at) != TokenKind::kEnd && Kind(at) != TokenKind::kLBrace) ++at;
  return at;
}

const Frame* Recovery::Container(std::span<const Frame> stack, std::uint32_t at) const {
  for (std::size_t i = stack.size(); i-- > 0;) {
    if (IsContainer(stack[i].rule) && OpeningBrace(stack[i]) < at) return &stack[i];
  }
  return nullptr;
}

std::uint32_t Recovery::ResumeInside(std::span<const Frame> stack, std::uint32_t at) const {
  const Frame* container = Container(stack, at);
  if (container == nullptr) return NextUnit(std::max(at, stack.front().first + 1));
  const std::uint32_t floor = depth_[OpeningBrace(*container) + 1];
  std::uint32_t level =
      depth_[at] > floor ? depth_[at] - floor : 0;  // braces that are open inside of an item
  for (;; ++at) {
    const TokenKind kind = Kind(at);
    if (kind == TokenKind::kEnd || LeavesContainer(at)) return at;
    if (kind == TokenKind::kLBrace) {
      ++level;
    } else if (kind == TokenKind::kRBrace) {
      if (level == 0) return at;
      --level;
    } else if (level == 0 && StartsItem(container->rule, at)) {
      return at;
    }
  }
}

std::uint32_t Recovery::NextUnit(std::uint32_t at) const {
  for (;; ++at) {
    if (Kind(at) == TokenKind::kEnd) return at;
    if (StartsHeadItem(at) || LooksLikeUnit(at)) return at;
    if (!StartsUnit(at)) continue;
    const Token& token = tokens_.tokens[at];
    const bool after_brace = at > 0 && Kind(at - 1) == TokenKind::kRBrace;
    if (token.at_margin || (depth_[at] == 0 && (token.starts_line || after_brace))) return at;
  }
}

}  // namespace writ::lang
