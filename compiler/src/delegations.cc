// Who may do what, under whom. A role stands under one delegation or grant for a capability, or
// under none (docs/semantics.md, M4); a delegated effect answers the four questions (M13): who is
// accountable, what is the limit, when is a person asked, at which thresholds.
#include "authority.h"
#include "dates.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

AuthorityChecker::AuthorityChecker(const Words& words, const People& people, const Deeds& deeds,
                                   const Facts& facts, ExprChecker& expr, Reporter& reporter)
    : words_(words),
      people_(people),
      deeds_(deeds),
      facts_(facts),
      expr_(expr),
      reporter_(reporter) {}

Authorities AuthorityChecker::Run(std::optional<std::int64_t> effective_ms) {
  effective_ms_ = effective_ms;
  for (const auto& let : words_.names.lets) {
    if (IsStrict(let.policy)) RefuseBareNumbers(let.tree->value);
  }
  NameOwners();
  for (std::uint32_t i = 0; i < out_.owners.size(); ++i) {
    out_.table.push_back({.name = out_.owners[i].name});
    if (out_.owners[i].delegation) AddDelegation(AuthorityId{i});
    if (out_.owners[i].grant) AddGrant(AuthorityId{i});
    if (out_.owners[i].guard) AddGuard(AuthorityId{i});
    if (out_.owners[i].assume) AddAssumption(AuthorityId{i});
    if (out_.owners[i].word) AddWord(AuthorityId{i});
    if (out_.owners[i].since) AddCaseStart(AuthorityId{i});
    if (out_.owners[i].tenant) AddTenant(AuthorityId{i});
  }
  CheckApprovals();
  AddExceptions();
  CheckChains();
  SortClauses();
  return std::move(out_);
}

// Nobody writes the names of some words (`separate(A, B)`, `models`), so that no phase before
// looked at them. Without this, rows would be lost.
void AuthorityChecker::ReportTaken(const ExpandedWord& word, const Owner& other) {
  if (reporter_.HasTwin(word.name)) return;
  Diagnostic diagnostic{DiagnosticKind::kDuplicateName, word.span,
                        "clauses of two owners would be called `" + word.name + "`"};
  if (other.word) diagnostic.labels.push_back({other.word->span, "the other one"});
  if (other.delegation) diagnostic.labels.push_back({other.delegation->name.span, "the other one"});
  if (other.guard) diagnostic.labels.push_back({other.guard->name.span, "the other one"});
  if (other.assume) diagnostic.labels.push_back({other.assume->name.span, "the other one"});
  diagnostic.hints.emplace_back(other.word ? "say it once, with both conditions joined by `or`"
                                           : "give the other one another name");
  reporter_.Report(std::move(diagnostic));
}

// A grant has the name of its role; where that is taken, `role.2` and so on, in the order of what
// is granted.
void AuthorityChecker::NameOwners() {
  std::map<std::string, std::size_t> taken;  // name -> position in `owners`
  // The owner that has the name already, if any.
  const auto take = [&](Owner owner) -> const Owner* {
    const auto [at, added] = taken.emplace(owner.name, out_.owners.size());
    if (!added) return &out_.owners[at->second];
    out_.owners.push_back(std::move(owner));
    return nullptr;
  };
  // Of these, one that is taken was reported as a duplicate.
  for (const auto& entry : words_.names.delegations)
    take({.name = std::string(entry.name), .delegation = entry.tree, .policy = entry.policy});
  for (const auto& entry : words_.names.guards)
    take({.name = std::string(entry.name), .guard = entry.tree, .policy = entry.policy});
  for (const auto& entry : words_.names.assumptions)
    take({.name = std::string(entry.name), .assume = entry.tree, .policy = entry.policy});
  for (const ExpandedWord* word : words_.names.words) {
    if (word->blocks.empty()) continue;
    const Owner* other = take({.name = word->name, .word = word, .policy = word->policy});
    if (other) ReportTaken(*word, *other);
  }
  for (std::uint32_t i = 0; i < words_.house.policies.size(); ++i) {
    const lang::Policy* policy = words_.house.policies[i];
    if (policy->cases_since)
      out_.owners.push_back({.name = "~cases/" + policy->name.text, .since = policy, .policy = i});
    if (policy->tenant)
      out_.owners.push_back(
          {.name = "~tenant/" + policy->name.text, .tenant = policy, .policy = i});
  }
  std::multimap<std::string, Nameless<lang::Grant>> grants;
  for (const auto& grant : words_.names.grants) {
    std::vector<std::string> words;
    for (const lang::Name& name : grant.tree->capabilities) words.push_back(name.text);
    std::ranges::sort(words);
    std::string key = grant.tree->role.text;
    for (const std::string& word : words) key += "\n" + word;
    grants.emplace(std::move(key), grant);
  }
  for (const auto& [key, grant] : grants) {
    std::string name = grant.tree->role.text;
    for (int number = 2; taken.contains(name); ++number)
      name = grant.tree->role.text + "." + std::to_string(number);
    take({.name = std::move(name), .grant = grant.tree, .policy = grant.policy});
  }
  std::ranges::sort(out_.owners, {}, &Owner::name);
}

// ------------------------------------------------------------------------------------- delegations

void AuthorityChecker::AddDelegation(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Delegation& tree = *owner.delegation;
  Authority authority;
  authority.id = id;
  authority.span = tree.span;
  if (tree.anchor) {
    authority.anchor = FindAnchor(*tree.anchor);
  } else {
    reporter_.Report(Diagnostic{DiagnosticKind::kNoAnchor, tree.name.span,
                                "nobody is accountable for delegation `" + tree.name.text + "`"}
                         .Hint("write `anchor NAME`"));
  }
  CheckRecipients(tree, authority);
  for (const lang::May& may : tree.may) {
    const bool freely = may.kind == lang::MayKind::kFreely;
    const bool proposes = may.kind == lang::MayKind::kPropose;
    const auto given = Give(authority, may.capabilities,
                            freely ? Giving::kFreely : (proposes ? Giving::kPropose : Giving::kDo));
    auto& list = freely ? authority.freely : (proposes ? authority.propose : authority.may);
    list.insert(list.end(), given.begin(), given.end());
  }
  for (auto* list : {&authority.may, &authority.freely, &authority.propose}) MakeSet(*list);
  AddAbstentions(tree, authority);
  authority.expires_ms =
      ReadExpiry(tree.expires, owner.policy, "delegation `" + tree.name.text + "`");
  if (tree.review_every && !CalendarMonths(*tree.review_every))
    std::ignore = ReadDuration(*tree.review_every, reporter_);
  LocalLets locals;
  std::vector<CapabilityId> guided = authority.may;
  guided.insert(guided.end(), authority.propose.begin(), authority.propose.end());
  MakeSet(guided);
  std::vector<CapabilityId> covered = CanGrant(tree, true);
  covered.insert(covered.end(), guided.begin(), guided.end());
  MakeSet(covered);
  AddBlock({.owner = id,
            .policy = owner.policy,
            .name = "*",
            .capabilities = &guided,
            .ceilings = &covered,
            .outer = &expr_.global},
           tree.clauses, locals, authority.clauses);
  AddForBlocks(id, locals, authority);
  CheckQuestions(tree, authority);
  if (tree.anchor) CheckDeputy(*tree.anchor, authority);
  out_.table[id.value].anchor = authority.anchor;
  if (tree.from) {
    if (const auto from = words_.names.roles.Index(tree.from->text))
      out_.table[id.value].from = RoleId{*from};
  }
  out_.authorities.push_back(std::move(authority));
}

void AuthorityChecker::CheckRecipients(const lang::Delegation& tree, Authority& authority) {
  if (!tree.from || tree.to.empty() || (tree.may.empty() && tree.may_grant.empty())) {
    reporter_.Report(Diagnostic{
        DiagnosticKind::kIncomplete, tree.name.span,
        "delegation `" + tree.name.text + "` does not say " +
            (!tree.from || tree.to.empty() ? "from whom and to whom it is" : "what it gives")}
                         .Hint(!tree.from || tree.to.empty() ? "write `from ROLE to ROLE`"
                                                             : "write `may CAPABILITY`"));
  }
  if (tree.from) {
    const RoleId from = FindRole(*tree.from);
    if (from.valid() && people_.roles[from.value].kind == RoleKind::kParty) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kNotHuman, tree.from->span,
                     "`" + tree.from->text + "` is an outside party, and has nothing to delegate"}
              .At(words_.names.roles[from.value].span, "declared here"));
    }
  }
  for (const lang::Name& name : tree.to) {
    const RoleId role = FindRole(name);
    if (!role.valid() || std::ranges::find(authority.to, role) != authority.to.end()) continue;
    authority.to.push_back(role);
    const RoleKind kind = people_.roles[role.value].kind;
    if (kind != RoleKind::kParty && kind != RoleKind::kCoordinator) continue;
    for (const lang::May& may : tree.may) {
      if (may.kind == lang::MayKind::kPropose) continue;  // a draft has no effect
      for (const CapabilityId id :
           FindAllDeeds(may.capabilities, words_.names, deeds_, "capability or group", reporter_)) {
        if (deed(id).kind != CapabilityKind::kAct) continue;
        reporter_.Report(
            Diagnostic{DiagnosticKind::kCannotAct, name.span,
                       "`" + name.text + "` is " +
                           (kind == RoleKind::kParty ? "an outside party" : "a coordinator") +
                           ", and cannot cause the effect of `" + deed(id).name + "`"}
                .At(words_.names.roles[role.value].span, "declared here")
                .Hint("delegate it to a human or an agent"));
        return;
      }
    }
  }
  MakeSet(authority.to);
}

// What the names stand for, once it is certain that nobody else gave it to the same roles.
std::vector<CapabilityId> AuthorityChecker::Give(const Authority& authority,
                                                 const std::vector<lang::Name>& names,
                                                 Giving giving) {
  std::vector<CapabilityId> given;
  for (const lang::Name& name : names) {
    bool said = false;
    for (const CapabilityId id :
         FindDeeds(name, words_.names, deeds_, "capability or group", reporter_)) {
      if (deed(id).kind == CapabilityKind::kEvent) {
        if (!std::exchange(said, true)) {
          reporter_.Report(
              Diagnostic{DiagnosticKind::kWrongKind, name.span,
                         "`" + deed(id).name + "` is an event: it happens, and is not asked for"}
                  .At(DeedSpan(id), "declared here"));
        }
        continue;
      }
      given.push_back(id);
      if (giving == Giving::kFreely && !authority.is_grant &&
          deed(id).kind == CapabilityKind::kAct && !std::exchange(said, true)) {
        reporter_.Report(Diagnostic{DiagnosticKind::kFreelyAct, name.span,
                                    "`" + deed(id).name + "` has an effect, and is given freely"}
                             .At(DeedSpan(id), "`kind act`")
                             .Hint("write `may " + deed(id).name + "`, and say its limit"));
      }
      for (const RoleId role : authority.to) {
        const auto [at, fresh] = standing_.emplace(std::pair(role.value, id.value),
                                                   Standing{authority.id, giving, name.span});
        const bool repeated = at->second.authority == authority.id && at->second.giving == giving;
        if (fresh || repeated || std::exchange(said, true)) continue;
        const std::string& other = out_.owners[at->second.authority.value].name;
        reporter_.Report(Diagnostic{DiagnosticKind::kTwoAuthorities, name.span,
                                    "`" + people_.roles[role.value].name + "` has `" +
                                        deed(id).name + "` under `" + other + "` and under `" +
                                        out_.owners[authority.id.value].name + "`"}
                             .At(at->second.span, "the other one")
                             .Hint("a role has each capability under one delegation or grant"));
      }
    }
  }
  return given;
}

// What may be delegated further, of all lines together.
std::vector<CapabilityId> AuthorityChecker::CanGrant(const lang::Delegation& tree, bool report) {
  std::vector<CapabilityId> granted;
  for (const lang::MayGrant& line : tree.may_grant) {
    for (const lang::Name& name : line.capabilities) {
      for (const CapabilityId id :
           FindDeeds(name, words_.names, deeds_, "capability or group", reporter_)) {
        if (deed(id).kind != CapabilityKind::kEvent) {
          granted.push_back(id);
        } else if (report) {
          reporter_.Report(
              Diagnostic{DiagnosticKind::kWrongKind, name.span,
                         "`" + deed(id).name + "` is an event: it happens, and is not asked for"}
                  .At(DeedSpan(id), "declared here"));
        }
      }
    }
    if (!report) continue;
    for (const lang::Name& to : line.to) std::ignore = FindRole(to);
  }
  MakeSet(granted);
  return granted;
}

void AuthorityChecker::AddAbstentions(const lang::Delegation& tree, Authority& authority) {
  const std::vector<CapabilityId> granted = CanGrant(tree, false);
  for (const lang::Name& name : tree.abstain) {
    for (const CapabilityId id :
         FindDeeds(name, words_.names, deeds_, "capability or group", reporter_)) {
      if (Contains(granted, id)) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kNotDelegated, name.span,
                                  "delegation `" + tree.name.text + "` does not grant `" +
                                      deed(id).name + "`, so there is nothing to abstain from"}
                           .Hint("what is given to nobody is denied without saying so"));
      break;
    }
  }
  authority.abstain = Give(authority, tree.abstain, Giving::kAbstain);
  MakeSet(authority.abstain);
}

// Whether clauses for this capability reach anything. A ceiling also covers what is only granted.
bool AuthorityChecker::CheckCovered(const lang::Delegation& tree, const lang::ForBlock& block,
                                    const lang::Name& word, const Authority& authority,
                                    CapabilityId capability,
                                    const std::vector<CapabilityId>& granted) {
  if (deed(capability).kind == CapabilityKind::kEvent || Contains(authority.may, capability) ||
      Contains(authority.propose, capability))
    return true;
  const bool only_ceilings = std::ranges::all_of(block.clauses, [](const lang::Clause& clause) {
    return clause.kind == ClauseKind::kCeiling || clause.kind == ClauseKind::kLet;
  });
  if (Contains(granted, capability) && only_ceilings) return true;
  const bool freely = Contains(authority.freely, capability);
  reporter_.Report(Diagnostic{DiagnosticKind::kNotDelegated, word.span,
                              "delegation `" + tree.name.text + "` gives `" +
                                  deed(capability).name + "` " +
                                  (freely ? "freely, so its clauses do not reach it" : "to nobody")}
                       .Hint(freely ? "move it from `may freely` to `may`" : "add it to `may`"));
  return false;
}

void AuthorityChecker::AddForBlocks(AuthorityId id, const LocalLets& outer, Authority& authority) {
  const lang::Delegation& tree = *out_.owners[id.value].delegation;
  const std::vector<CapabilityId> granted = CanGrant(tree, false);
  std::map<std::string, lang::Span> seen;
  for (const lang::ForBlock& block : tree.blocks) {
    std::string name;
    std::vector<CapabilityId> capabilities;
    for (const lang::Name& word : block.capabilities) {
      name += (name.empty() ? "" : "+") + word.text;
      for (const CapabilityId capability :
           FindDeeds(word, words_.names, deeds_, "capability, event or group", reporter_)) {
        capabilities.push_back(capability);
        if (!CheckCovered(tree, block, word, authority, capability, granted)) break;
      }
    }
    MakeSet(capabilities);
    const lang::Span span =
        block.capabilities.empty() ? block.span : block.capabilities.front().span;
    if (const auto [at, fresh] = seen.emplace(name, span); !fresh) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kDuplicateName, span,
                     "`" + tree.name.text + "` has two blocks for the same capabilities"}
              .At(at->second, "the first one")
              .Hint("write their clauses in one block"));
    }
    LocalLets locals;
    AddBlock({.owner = id,
              .policy = out_.owners[id.value].policy,
              .name = name,
              .capabilities = &capabilities,
              .outer = &outer},
             block.clauses, locals, authority.clauses);
  }
}

void AuthorityChecker::CheckQuestions(const lang::Delegation& tree, const Authority& authority) {
  std::set<std::uint32_t> limited, escalated;
  for (const Clause& clause : authority.clauses) {
    const bool limits = clause.kind == ClauseKind::kLimit || clause.kind == ClauseKind::kOtherwise;
    const bool conditional_allow =
        clause.kind == ClauseKind::kAllow && conditional_.contains(clause.id.value);
    const bool escalates =
        clause.kind == ClauseKind::kEscalate ||
        (clause.kind == ClauseKind::kLimit && !clause.else_deny) ||
        (clause.kind == ClauseKind::kOtherwise && clause.otherwise == Verdict::kEscalate);
    for (const CapabilityId id : clause.capabilities) {
      if (limits || conditional_allow) limited.insert(id.value);
      if (escalates) escalated.insert(id.value);
    }
  }
  for (const lang::May& may : tree.may) {
    for (const lang::Name& name : may.capabilities) {
      if (may.kind != lang::MayKind::kDo) continue;
      bool no_limit = false, no_escalation = false;
      for (const CapabilityId id :
           FindDeeds(name, words_.names, deeds_, "capability or group", reporter_)) {
        if (deed(id).kind != CapabilityKind::kAct) continue;
        if (!limited.contains(id.value) && !std::exchange(no_limit, true)) {
          reporter_.Report(
              Diagnostic{
                  DiagnosticKind::kNoLimit, name.span,
                  "delegation `" + tree.name.text + "` sets no limit for `" + deed(id).name + "`"}
                  .Hint("write `limit …`, `allow when …`, or say `otherwise …` outright"));
        }
        if (!escalated.contains(id.value) && !std::exchange(no_escalation, true)) {
          reporter_.Report(
              Diagnostic{DiagnosticKind::kNoEscalation, name.span,
                         "in delegation `" + tree.name.text + "`, `" + deed(id).name +
                             "` never goes to a person"}
                  .Hint("write `escalate when …`, a `limit`, or `otherwise escalate`"));
        }
      }
    }
  }
}

void AuthorityChecker::CheckDeputy(const lang::Name& name, const Authority& authority) {
  if (!authority.anchor.valid() || !people_.anchors[authority.anchor.value].deputies.empty())
    return;
  for (const auto* list : {&authority.may, &authority.freely, &authority.propose}) {
    for (const CapabilityId id : *list) {
      if (!deed(id).irreversible) continue;
      reporter_.Report(Diagnostic{
          DiagnosticKind::kNoDeputy, name.span,
          "`" + deed(id).name + "` is irreversible, and anchor `" + name.text + "` has no deputy"}
                           .At(words_.names.anchors[authority.anchor.value].span, "declared here")
                           .Hint("write `deputies ROLE` in the anchor"));
      return;
    }
  }
}

// So many days after the first of the file in which it stands (docs/semantics.md, M10).
std::optional<std::int64_t> AuthorityChecker::ReadWhile(const lang::Literal& length,
                                                        std::uint32_t policy) {
  const lang::Policy& within = *words_.house.policies[policy];
  std::optional<lang::Literal> effective = within.effective;
  for (const lang::Origin& origin : within.origins) {
    if (origin.span.Holds(length.span)) effective = origin.effective;
  }
  const std::string written = OneLine(words_.house.sources.Text(length.span));
  if (!effective) {
    reporter_.Report(Diagnostic{DiagnosticKind::kIncomplete, length.span,
                                "`" + written + "` counts from the day on which the policy takes " +
                                    "effect, and its head does not say when that is"}
                         .Hint("write `effective 2026-01-01` in the head, or the last day: "
                               "`expires 2027-03-31`"));
    return std::nullopt;
  }
  constexpr std::int64_t kMostDays = 36'525;
  constexpr std::int64_t kDayMs = 86'400'000;
  const std::string_view zone = words_.Zone(policy);
  if (const auto months = CalendarMonths(length)) {
    if (*months != 0) return FirstInstantMonthsLater(effective->text, zone, *months);
  } else {
    const auto ms = ReadDuration(length, reporter_);
    if (!ms) return std::nullopt;
    if (*ms > 0 && *ms % kDayMs == 0 && *ms / kDayMs <= kMostDays)
      return FirstInstant(effective->text, zone, static_cast<int>(*ms / kDayMs));
  }
  reporter_.Report(Diagnostic{DiagnosticKind::kOutOfRange, length.span,
                              "it ends with a day, and at most 100 years from the first"}
                       .Hint("write days, weeks, months or years"));
  return std::nullopt;
}

std::optional<std::int64_t> AuthorityChecker::ReadExpiry(
    const std::optional<lang::Literal>& literal, std::uint32_t policy, std::string_view what) {
  if (!literal) return std::nullopt;
  const bool is_date = literal->kind == lang::LiteralKind::kDate;
  const auto end =
      is_date ? FirstInstant(literal->text, words_.Zone(policy), 1) : ReadWhile(*literal, policy);
  if (!end && is_date)
    reporter_.Report(Diagnostic{DiagnosticKind::kBadDate, literal->span, "there is no such day"});
  if (end && ReportLapse(*literal, *end, policy, what)) return end;
  if (end && effective_ms_ && *end <= *effective_ms_) {
    reporter_.Report(Diagnostic{DiagnosticKind::kExpired, literal->span,
                                std::string(what) + " has expired before the policy takes effect"});
  }
  return end;
}

// Whether it has expired, or soon will, on the day that the caller asks about.
bool AuthorityChecker::ReportLapse(const lang::Literal& written, std::int64_t end_ms,
                                   std::uint32_t policy, std::string_view what) {
  // Long enough to find whoever has to renew it, short enough to be read as a task.
  constexpr int kSoonDays = 30;
  const std::string& as_of = words_.house.options.as_of;
  if (as_of.empty()) return false;
  const auto day = FirstInstant(as_of, words_.Zone(policy));
  const auto soon = FirstInstant(as_of, words_.Zone(policy), kSoonDays + 1);
  const std::string expires = "with the end of " + PrintDay(end_ms - 1, words_.Zone(policy));
  if (day && end_ms <= *day) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kLapsed, written.span,
                   std::string(what) + " expired " + expires + ", before " + as_of}
            .Hint("renew it with a later day, once whoever gave it has looked at it again; or take "
                  "it out"));
    return true;
  }
  if (soon && end_ms <= *soon) {
    reporter_.Report(Diagnostic{DiagnosticKind::kLapsesSoon, written.span,
                                std::string(what) + " expires " + expires + ", soon after " + as_of}
                         .Hint("have it looked at again, and renewed with a later day"));
    return true;
  }
  return false;
}

// ------------------------------------------------------------------------------------- grants

void AuthorityChecker::AddGrant(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Grant& tree = *owner.grant;
  Authority authority;
  authority.id = id;
  authority.is_grant = true;
  authority.span = tree.span;
  const RoleId role = FindRole(tree.role);
  if (role.valid()) {
    authority.to.push_back(role);
    if (people_.roles[role.value].kind != RoleKind::kHuman) {
      reporter_.Report(Diagnostic{DiagnosticKind::kNotHuman, tree.role.span,
                                  "a grant is for people, and `" + tree.role.text + "` is none"}
                           .At(words_.names.roles[role.value].span, "declared here")
                           .Hint("write a `delegation`, which says its limits"));
    }
  }
  authority.anchor = FindAnchor(tree.anchor);
  authority.freely = Give(authority, tree.capabilities, Giving::kFreely);
  MakeSet(authority.freely);
  authority.expires_ms = ReadExpiry(tree.expires, owner.policy, "this grant");
  CheckDeputy(tree.anchor, authority);
  out_.table[id.value].kind = AuthorityKind::kGrant;
  out_.table[id.value].anchor = authority.anchor;
  out_.authorities.push_back(std::move(authority));
}

}  // namespace writ::compiler::check
