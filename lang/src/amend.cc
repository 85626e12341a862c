// A block is told by its kind and name: a grant by its role, an example by its title, a `separate`
// by its sides; facts are told one by one, however they are grouped. What is taken over keeps its
// place in its own file.
#include "amend.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace writ::lang {
namespace {

std::string NameOf(const Grant& grant) { return grant.role.text; }
std::string NameOf(const Example& example) { return example.title.text; }
std::string NameOf(const Separate& separate) {
  std::string name;
  for (const Name& side : separate.sides) name += side.text + ",";
  return name;
}
std::string NameOf(const Modes&) { return {}; }
std::string NameOf(const Compaction&) { return {}; }
std::string NameOf(const Models&) { return {}; }
std::string NameOf(const Facts&) { return {}; }  // by its lines
template <typename Block>
std::string NameOf(const Block& block) {
  return block.name.text;
}

// What the block itself was called.
template <typename Block>
std::span<const Former> FormerOf(const Block& block) {
  if constexpr (requires { block.was; } && !std::is_same_v<Block, Pressure> &&
                !std::is_same_v<Block, Modes>) {
    return block.was;
  } else {
    return {};
  }
}

using Key = std::pair<std::size_t, std::string>;  // kind and name

const std::size_t kGrant = Declaration(std::in_place_type<Grant>).index();

// A grant to a role replaces the grant to what the role was called.
void AddGrantsToFormerRoles(const Policy& policy, std::set<Key>& keys) {
  for (const Declaration& declaration : policy.declarations) {
    const auto* role = std::get_if<Role>(&declaration);
    if (role == nullptr || !keys.contains({kGrant, role->name.text})) continue;
    for (const Former& former : role->was) keys.emplace(kGrant, former.before.text);
  }
}

std::set<Key> KeysOf(const Policy& policy) {
  std::set<Key> keys;
  for (const Declaration& declaration : policy.declarations) {
    if (const auto* facts = std::get_if<Facts>(&declaration)) {
      for (const FactLine& line : facts->lines) {
        for (const Name& name : line.names) keys.emplace(declaration.index(), name.text);
        for (const Former& former : line.was) keys.emplace(declaration.index(), former.before.text);
      }
    } else {
      keys.emplace(declaration.index(),
                   std::visit([](const auto& block) { return NameOf(block); }, declaration));
      std::visit(
          [&](const auto& block) {
            for (const Former& former : FormerOf(block))
              keys.emplace(declaration.index(), former.before.text);
          },
          declaration);
    }
  }
  AddGrantsToFormerRoles(policy, keys);
  return keys;
}

// False where nothing of it is left.
bool DropReplaced(Declaration& declaration, const std::set<Key>& replaced) {
  auto* facts = std::get_if<Facts>(&declaration);
  if (facts == nullptr) {
    return !replaced.contains(
        {declaration.index(),
         std::visit([](const auto& block) { return NameOf(block); }, declaration)});
  }
  if (facts->lines.empty()) return true;
  for (FactLine& line : facts->lines) {
    std::erase_if(line.names, [&](const Name& name) {
      return replaced.contains({declaration.index(), name.text});
    });
  }
  std::erase_if(facts->lines, [](const FactLine& line) { return line.names.empty(); });
  return !facts->lines.empty();
}

}  // namespace

void TakeOver(Policy& policy, Policy base) {
  const std::set<Key> replaced = KeysOf(policy);
  for (Declaration& declaration : base.declarations) {
    if (DropReplaced(declaration, replaced)) policy.declarations.push_back(std::move(declaration));
  }
  policy.origins.push_back({base.span, base.effective});
  std::move(base.origins.begin(), base.origins.end(), std::back_inserter(policy.origins));
  if (!policy.title) policy.title = std::move(base.title);
  if (!policy.effective) {
    policy.effective = std::move(base.effective);
    policy.cases_since = std::move(base.cases_since);
    policy.before = std::move(base.before);
  }
  if (!policy.zone) policy.zone = std::move(base.zone);
  if (!policy.narrows) policy.narrows = std::move(base.narrows);
  if (!policy.tenant) policy.tenant = std::move(base.tenant);
  if (policy.case_is.empty()) policy.case_is = std::move(base.case_is);
  if (!policy.account.purpose) policy.account.purpose = std::move(base.account.purpose);
  if (!policy.account.owner) policy.account.owner = std::move(base.account.owner);
  policy.strict = policy.strict || base.strict;
  for (Use& use : base.uses) {
    const bool named = std::any_of(policy.uses.begin(), policy.uses.end(), [&](const Use& other) {
      return other.name.text == use.name.text;
    });
    if (!named) policy.uses.push_back(std::move(use));
  }
}

}  // namespace writ::lang
