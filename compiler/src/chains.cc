// Delegation over several hops (docs/semantics.md, M15). A role that is no person gives on only
// what it was given to grant; what is above a delegation bounds it: its ceilings, which become
// claims to be proved, and its end. Entry point: AuthorityChecker::CheckChains.
#include "authority.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// One capability of one `may grant` line to one role.
struct GrantLine {
  std::uint32_t delegation = 0;  // into Chains::delegations_
  std::uint32_t depth = 1;
  lang::Span span;
};

struct Chained {
  Authority* authority = nullptr;
  const lang::Delegation* tree = nullptr;
  RoleId from;
};

class Chains {
 public:
  Chains(const Words& words, const People& people, const Deeds& deeds, Authorities& out,
         Reporter& reporter)
      : words_(words), people_(people), deeds_(deeds), out_(out), reporter_(reporter) {}

  void Run() {
    for (Authority& authority : out_.authorities) {
      const lang::Delegation* tree = out_.owners[authority.id.value].delegation;
      if (!tree || !tree->from) continue;
      const auto from = words_.names.roles.Index(tree->from->text);
      if (from) delegations_.push_back({&authority, tree, RoleId{*from}});
    }
    for (std::uint32_t d = 0; d < delegations_.size(); ++d) AddLines(d);
    for (std::uint32_t d = 0; d < delegations_.size(); ++d) Check(d);
    if (failed_) return;
    for (std::uint32_t d = 0; d < delegations_.size(); ++d) Bound(d);
  }

 private:
  [[nodiscard]] bool IsPerson(RoleId role) const {
    return people_.roles[role.value].kind == RoleKind::kHuman;
  }
  std::vector<CapabilityId> Find(const std::vector<lang::Name>& names) {
    return FindAllDeeds(names, words_.names, deeds_, "capability or group", reporter_);
  }

  void AddLines(std::uint32_t d) {
    for (const lang::MayGrant& line : delegations_[d].tree->may_grant) {
      for (const lang::Name& to : line.to) {
        const auto role = words_.names.roles.Index(to.text);
        if (!role) continue;
        for (const CapabilityId c : Find(line.capabilities))
          lines_[{*role, c.value}].push_back({d, line.depth, line.span});
      }
    }
  }

  // The lines by which the giver of `d` may give `c` to `to`, over more than `below` further hops.
  std::vector<const GrantLine*> LinesFor(std::uint32_t d, CapabilityId c, RoleId to,
                                         std::uint32_t below) const {
    std::vector<const GrantLine*> found;
    const auto lines = lines_.find({to.value, c.value});
    if (lines == lines_.end()) return found;
    for (const GrantLine& line : lines->second) {
      if (line.depth > below &&
          Contains(delegations_[line.delegation].authority->to, delegations_[d].from))
        found.push_back(&line);
    }
    return found;
  }

  void Check(std::uint32_t d) {
    const Chained& chained = delegations_[d];
    if (IsPerson(chained.from)) return;
    for (const lang::May& may : chained.tree->may) {
      for (const CapabilityId c : Find(may.capabilities)) CheckGiven(d, c, 0, may.span);
    }
    for (const lang::MayGrant& line : chained.tree->may_grant) {
      for (const CapabilityId c : Find(line.capabilities)) {
        CheckGiven(d, c, line.depth, line.span);
        for (const lang::Name& to : line.to) CheckCircle(d, c, to);
      }
    }
  }

  void CheckGiven(std::uint32_t d, CapabilityId c, std::uint32_t below, lang::Span span) {
    const Chained& chained = delegations_[d];
    for (const RoleId to : chained.authority->to) {
      if (!LinesFor(d, c, to, below).empty()) continue;
      const bool too_deep = !LinesFor(d, c, to, 0).empty();
      failed_ = true;
      const std::string& from = people_.roles[chained.from.value].name;
      const std::string& receiver = people_.roles[to.value].name;
      const std::string& what = deeds_.capabilities[c.value].name;
      Diagnostic diagnostic{
          DiagnosticKind::kNotGranted, span,
          too_deep ? "`" + from + "` may grant `" + what + "` to `" + receiver +
                         "`, but not so that it goes on from there"
                   : "`" + from + "` may not grant `" + what + "` to `" + receiver + "`"};
      if (too_deep)
        diagnostic.labels.push_back({LinesFor(d, c, to, 0).front()->span, "this deep, no deeper"});
      diagnostic.hints.push_back(
          too_deep ? "raise `depth` there to " + std::to_string(below + 1) + ", or lower it here"
                   : "a person delegates it, or a delegation to `" + from + "` says `may grant " +
                         what + " to " + receiver + "`");
      reporter_.Report(std::move(diagnostic));
      return;
    }
  }

  // A role that stands in the chain already cannot receive the capability again.
  void CheckCircle(std::uint32_t d, CapabilityId c, const lang::Name& to) {
    const auto role = words_.names.roles.Index(to.text);
    if (!role) return;
    std::set<std::uint32_t> roles = {delegations_[d].from.value};
    for (const RoleId own : delegations_[d].authority->to) {
      roles.insert(own.value);
      for (const std::uint32_t above : Above(d, c, own, 1))
        roles.insert(delegations_[above].from.value);
    }
    if (!roles.contains(*role)) return;
    failed_ = true;
    reporter_.Report(Diagnostic{DiagnosticKind::kGrantCycle, to.span,
                                "`" + deeds_.capabilities[c.value].name + "` would come back to `" +
                                    to.text + "`, which stands above in this chain"}
                         .Hint("grant it to a role that is not in the chain"));
  }

  // All delegations above `d` for what it gives to `role`, at any distance. `below`: hops that it
  // goes on from there.
  std::vector<std::uint32_t> Above(std::uint32_t d, CapabilityId c, RoleId role,
                                   std::uint32_t below) const {
    struct Step {
      std::uint32_t delegation;
      RoleId to;
      std::uint32_t below;
    };
    std::set<std::uint32_t> above;
    std::vector<Step> open = {{d, role, below}};
    while (!open.empty()) {
      const Step step = open.back();
      open.pop_back();
      const RoleId from = delegations_[step.delegation].from;
      if (IsPerson(from)) continue;
      for (const GrantLine* line : LinesFor(step.delegation, c, step.to, step.below)) {
        if (above.insert(line->delegation).second)
          open.push_back({line->delegation, from, step.below + 1});
      }
    }
    return {above.begin(), above.end()};
  }

  // What bounds what `d` gives to one role: an earlier end, and ceilings.
  void BoundRole(Authority& authority, std::uint32_t d, RoleId role,
                 const std::vector<CapabilityId>& capabilities) {
    std::map<const Clause*, std::vector<CapabilityId>> ceilings;
    for (const CapabilityId c : capabilities) {
      std::optional<std::int64_t> end = authority.expires_ms;
      for (const std::uint32_t a : Above(d, c, role, 0)) {
        const Authority& above = *delegations_[a].authority;
        if (above.expires_ms) end = std::min(end.value_or(*above.expires_ms), *above.expires_ms);
        for (const Clause& clause : above.clauses) {
          if (clause.kind == ClauseKind::kCeiling && Contains(clause.capabilities, c))
            ceilings[&clause].push_back(c);
        }
      }
      if (end && end != authority.expires_ms) authority.ends_with.push_back({c, role, *end});
    }
    for (auto& [clause, covered] : ceilings) {
      out_.ceilings.push_back({.name = "~ceiling/" + out_.owners[authority.id.value].name + "/" +
                                       people_.roles[role.value].name + "/" +
                                       out_.clauses[clause->id.value].name,
                               .verdict = Verdict::kAllow,
                               .capabilities = std::move(covered),
                               .condition = clause->condition,
                               .span = authority.span,
                               .unless = true,
                               .roles = {role},
                               .ceiling = clause->span});
    }
  }

  void Bound(std::uint32_t d) {
    Authority& authority = *delegations_[d].authority;
    std::vector<CapabilityId> given = authority.may;
    given.insert(given.end(), authority.freely.begin(), authority.freely.end());
    given.insert(given.end(), authority.propose.begin(), authority.propose.end());
    given.insert(given.end(), authority.abstain.begin(), authority.abstain.end());
    MakeSet(given);
    for (const RoleId role : authority.to) BoundRole(authority, d, role, given);
  }

  const Words& words_;
  const People& people_;
  const Deeds& deeds_;
  Authorities& out_;
  Reporter& reporter_;
  std::vector<Chained> delegations_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<GrantLine>>
      lines_;  // to, capability
  bool failed_ = false;
};

}  // namespace

void AuthorityChecker::CheckChains() { Chains(words_, people_, deeds_, out_, reporter_).Run(); }

}  // namespace writ::compiler::check
