// Purposes, risks, owners, and how effects are taken back. Each is said in one place; an owner of
// the policy answers for all of its rules that name none.
#include "statements.h"

#include <algorithm>
#include <utility>

#include "execution.h"
#include "stated_limits.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::StatementOf;
using runtime::StatementWord;

class StatementCollector {
 public:
  StatementCollector(const Words& words, const People& people, const Deeds& deeds,
                     const Authorities& authorities, Reporter& reporter)
      : words_(words),
        people_(people),
        deeds_(deeds),
        authorities_(authorities),
        reporter_(reporter) {}

  std::vector<table::Statement> Run() {
    for (const lang::Policy* policy : words_.house.policies) CheckOwner(policy->account);
    Add(StatementOf::kPolicy, 0, words_.house.policies[0]->account);
    if (const auto& tenant = words_.house.policies[0]->tenant)
      Say(StatementOf::kPolicy, 0, StatementWord::kTenant, tenant->text);
    for (std::uint32_t i = 0; i < authorities_.owners.size(); ++i) AddOwner(i);
    for (std::uint32_t i = 0; i < words_.names.deeds.size(); ++i) {
      if (const lang::Capability* tree = words_.names.deeds[i].tree.capability)
        AddCapability(i, *tree);
    }
    CollectExecution(words_, deeds_, authorities_, reporter_, statements_);
    CollectLimits(words_, statements_);
    CheckRetained(words_, people_, authorities_, reporter_);
    CollectTunables(words_, reporter_, statements_);
    std::ranges::sort(statements_);
    const auto rest = std::ranges::unique(statements_);
    statements_.erase(rest.begin(), rest.end());
    return std::move(statements_);
  }

 private:
  void CheckOwner(const lang::Account& account) {
    if (!account.owner) return;
    const auto role = words_.names.roles.Index(account.owner->text);
    if (!role) {
      reporter_.UnknownName("role", *account.owner, words_.names.roles.Names());
    } else if (people_.roles[*role].kind != runtime::RoleKind::kHuman) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kNotHuman, account.owner->span,
                     "only a person answers for a rule, and `" + account.owner->text + "` is none"}
              .At(words_.names.roles[*role].span, "declared here")
              .Hint("name a role that is `human`"));
    }
  }

  void AddOwner(std::uint32_t index) {
    const Owner& owner = authorities_.owners[index];
    if (owner.assume || owner.since || owner.tenant) return;
    lang::Account account;
    if (owner.delegation) account = owner.delegation->account;
    if (owner.guard) account = owner.guard->account;
    CheckOwner(account);
    if (!account.owner) account.owner = words_.house.policies[owner.policy]->account.owner;
    Add(StatementOf::kAuthority, index, account);
  }

  void AddCapability(std::uint32_t index, const lang::Capability& tree) {
    if (tree.undone_by) {
      Say(StatementOf::kCapability, index, StatementWord::kUndoneBy, tree.undone_by->text);
      CheckUndo(index, tree);
    }
    if (tree.hands_over_to)
      Say(StatementOf::kCapability, index, StatementWord::kHandsOverTo, tree.hands_over_to->text);
  }

  // What nobody may do takes nothing back.
  void CheckUndo(std::uint32_t index, const lang::Capability& tree) {
    const auto undo = words_.names.deeds.Index(tree.undone_by->text);
    if (!undo || !IsGiven(CapabilityId{index}) || IsGiven(CapabilityId{*undo})) return;
    reporter_.Report(Diagnostic{DiagnosticKind::kNoWayBack, tree.undone_by->span,
                                "nobody may do `" + tree.undone_by->text + "`, by which `" +
                                    tree.name.text + "` would be undone"}
                         .Hint("delegate it, or grant it to a person"));
  }

  [[nodiscard]] bool IsGiven(CapabilityId id) const {
    return std::ranges::any_of(authorities_.authorities, [&](const Authority& authority) {
      return Contains(authority.may, id) || Contains(authority.freely, id) ||
             Contains(authority.propose, id);
    });
  }

  void Add(StatementOf of, std::uint32_t index, const lang::Account& account) {
    if (account.purpose) Say(of, index, StatementWord::kPurpose, account.purpose->text);
    for (const lang::Text& risk : account.controls)
      Say(of, index, StatementWord::kControls, risk.text);
    if (account.owner) Say(of, index, StatementWord::kOwner, account.owner->text);
  }

  void Say(StatementOf of, std::uint32_t index, StatementWord word, const std::string& text) {
    if (!text.empty()) statements_.push_back({of, index, word, text});
  }

  const Words& words_;
  const People& people_;
  const Deeds& deeds_;
  const Authorities& authorities_;
  Reporter& reporter_;
  std::vector<table::Statement> statements_;
};

}  // namespace

std::vector<table::Statement> CollectStatements(const Words& words, const People& people,
                                                const Deeds& deeds, const Authorities& authorities,
                                                Reporter& reporter) {
  return StatementCollector(words, people, deeds, authorities, reporter).Run();
}

}  // namespace writ::compiler::check
