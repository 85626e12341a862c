// What is written is bound to the vocabulary that both versions share, under the names of today.
// Entry point: CompareFacts.
#include "diff_facts.h"

#include <fmt/format.h>

#include "fix.h"
#include "request.h"
#include "writ/analysis/exact_diff.h"
#include "writ/lang/diagnostic.h"

namespace writ::cli {
namespace {

using runtime::FactId;
using runtime::RoleId;
using runtime::Table;

std::expected<RoleId, std::string> RoleOf(const Table& shared, const Table& after,
                                          const std::string& written) {
  const RoleId today = after.FindRole(written);
  const RoleId id = shared.FindRole(today.valid() ? after.Role(today).name : written);
  if (id.valid()) return id;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < shared.role_count(); ++i)
    names.emplace_back(shared.Role(RoleId{i}).name);
  const auto nearest = lang::NearestName(written, names);
  return std::unexpected(fmt::format("neither version has a role `{}`{}", written,
                                     nearest ? "; do you mean `" + *nearest + "`?" : ""));
}

}  // namespace

std::expected<ComparedFacts, std::string> CompareFacts(const Table& before, const Table& after,
                                                       const std::vector<std::string>& pairs) {
  const auto shared = analysis::SharedVocabulary(before, after);
  if (!shared) return std::unexpected(shared.error());
  const Table& table = shared->table;
  ComparedFacts out;
  WrittenRequest written;
  RoleId role;
  for (const std::string& pair : pairs) {
    auto fact = ParsePair(pair);
    if (!fact) return std::unexpected(fact.error());
    if (fact->name == "role") {
      if (!out.role.empty())
        return std::unexpected(std::string("`role` is given twice; a request has one"));
      const auto found = RoleOf(table, after, fact->missing ? "missing" : fact->value);
      if (!found) return std::unexpected(found.error());
      role = *found;
      out.role = table.Role(role).name;
      continue;
    }
    const FactId today = after.FindFact(fact->name);
    if (today.valid()) fact->name = after.Fact(today).name;
    if (table.FindFact(fact->name + " (before)").valid())
      return std::unexpected(fmt::format(
          "`{}` means values of another kind in the two versions, so it cannot be fixed",
          fact->name));
    written.facts.push_back(*std::move(fact));
  }
  out.role_alone = role.valid() && written.facts.empty();
  auto fixed = Fix(table, std::move(written));
  if (!fixed) return std::unexpected(fixed.error());
  if (!fixed->malformed.empty()) return std::unexpected(fixed->malformed.front());
  out.where = std::move(fixed->where);
  if (role.valid()) {
    out.where.roles = {role};
    out.given.emplace_back("role", out.role);
  }
  for (auto& given : fixed->given) out.given.push_back(std::move(given));
  return out;
}

}  // namespace writ::cli
