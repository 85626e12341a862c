// Entry points: ClaimsOf, Text, RegionTexts.
#include <algorithm>
#include <set>
#include <utility>

#include "find.h"

namespace writ::certificate {

using namespace writ::runtime;

namespace {

constexpr const char* kVerdicts[] = {"allow", "escalate", "deny"};
constexpr Verdict kAll[] = {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny};

bool IsRelation(const Table& table, std::uint32_t invariant) {
  for (std::uint32_t i = 0; i < table.relation_count(); ++i)
    if (table.Relation(i).invariant == invariant) return true;
  return false;
}

std::string RelationText(const Table& table, const RelationView& relation) {
  const auto side = [&](std::size_t s) {
    return kVerdicts[static_cast<std::size_t>(relation.verdict[s])] + std::string(" `") +
           std::string(table.Capability(relation.capability[s]).name) + "`";
  };
  switch (relation.kind) {
    case RelationKind::kImplies:
      return side(0) + " implies " + side(1);
    case RelationKind::kDisjoint:
      return "never " + side(0) + " and " + side(1);
    case RelationKind::kMonotone:
      break;
  }
  return "`" + std::string(table.Capability(relation.capability[0]).name) +
         "` is decided no less strictly for " + (relation.falling ? "less" : "more") + " `" +
         std::string(table.Fact(relation.fact).name) + "`";
}

// One column at least says something about what is decided so.
template <typename Wanted>
bool Asks(const MatrixView& matrix, Wanted wanted) {
  for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c)
    if (matrix.Column(c).kind == ColumnKind::kInvariant && wanted(matrix.Column(c))) return true;
  return false;
}

void AddOwn(const Table& table, CapabilityId capability, std::vector<Claim>* claims) {
  Claim claim;
  claim.capability = table.Capability(capability).name;
  claims->push_back(claim);
  claim.kind = ClaimKind::kNever;
  for (std::uint32_t i = 0; i < table.invariant_count(); ++i) {
    if (table.Invariant(i).starts_with('~') || IsRelation(table, i)) continue;
    claim.words = table.Invariant(i);
    for (const Verdict verdict : kAll) {
      claim.verdict = verdict;
      const bool asks = Asks(table.Matrix(capability), [&](const ColumnView& column) {
        return column.name == i && column.verdict == verdict;
      });
      if (asks) claims->push_back(claim);
    }
  }
}

void AddAsked(const Question& question, const std::string& capability, std::vector<Claim>* claims) {
  const Table& condition = *question.condition;
  const CapabilityId asked = Decided(condition, capability);
  if (!asked.valid() || condition.relation_count() != 0 ||
      !Asks(condition.Matrix(asked), [](const ColumnView&) { return true; }))
    return;
  for (const Verdict verdict : kAll)
    if (std::ranges::find(question.verdicts, verdict) != question.verdicts.end())
      claims->push_back({ClaimKind::kAsked, capability, question.words, verdict});
}

std::vector<Claim> Comparisons(const Table& before, const Table& now) {
  std::set<std::string> names;
  const Ties ties(before, now, false);
  for (std::uint32_t c = 0; c < now.capability_count(); ++c)
    if (Decided(now, now.Capability({c}).name).valid()) names.emplace(now.Capability({c}).name);
  for (std::uint32_t c = 0; c < before.capability_count(); ++c) {
    if (before.Capability({c}).kind == CapabilityKind::kEvent) continue;
    const std::uint32_t today = ties.capability[c];
    names.emplace(today == kNothing ? before.Capability({c}).name : now.Capability({today}).name);
  }
  std::vector<Claim> claims;
  for (const std::string& name : names) {
    claims.push_back({ClaimKind::kAlike, name});
    claims.push_back({ClaimKind::kOwed, name});
  }
  return claims;
}

std::string RowText(const Table& table, CapabilityId capability, std::uint32_t column) {
  if (column == Region::kNoRow) return "no row (deny)";
  const ColumnView view = table.Matrix(capability).Column(column);
  std::string text;
  if (view.clause.valid()) text = "`" + std::string(table.Clause(view.clause).words) + "` ";
  text += std::string("(") + kVerdicts[static_cast<std::size_t>(view.verdict)];
  if (view.verdict == Verdict::kEscalate && view.anchor.valid())
    text += " to " + std::string(table.Anchor(view.anchor).name);
  return text + ")";
}

}  // namespace

CapabilityId Decided(const Table& table, std::string_view name) {
  const CapabilityId found = table.FindCapability(name);
  const bool decides = found.valid() && table.Capability(found).kind != CapabilityKind::kEvent;
  return decides ? found : CapabilityId{};
}

CapabilityId CapabilityBefore(const Table& before, const Ties& ties, const Table& now,
                              std::string_view name) {
  for (std::uint32_t c = 0; c < before.capability_count(); ++c) {
    const std::uint32_t today = ties.capability[c];
    const std::string_view known =
        today == kNothing ? before.Capability({c}).name : now.Capability({today}).name;
    if (known == name && before.Capability({c}).kind != CapabilityKind::kEvent) return {c};
  }
  return {};
}

std::string NotClaimed(const About& about, const Claim& claim) {
  const std::vector<Claim> all = ClaimsOf(about);
  if (std::ranges::find(all, claim) != all.end()) return "";
  return claim.words.empty() ? "nothing decides `" + claim.capability + "`"
                             : "`" + claim.words + "` says nothing of what is decided so";
}

std::string Text(const Claim& claim) {
  const std::string capability = "`" + claim.capability + "`";
  const std::string never = std::string("never ") +
                            kVerdicts[static_cast<std::size_t>(claim.verdict)] + " " + capability +
                            " where its condition holds";
  switch (claim.kind) {
    case ClaimKind::kDecided:
      return "every request of " + capability + " is decided";
    case ClaimKind::kNever:
      return "invariant `" + claim.words + "`: " + never;
    case ClaimKind::kAsked:
      return "question `" + claim.words + "`: " + never;
    case ClaimKind::kAlike:
      break;
    case ClaimKind::kRelated:
      return "invariant `" + claim.words + "`: " + claim.related;
    case ClaimKind::kOwed:
      return "what is to be noted of " + capability + ", and to whom, is the same in both";
  }
  if (claim.regions.empty()) return "every request of " + capability + " is decided alike by both";
  return "every request of " + capability + " is decided alike by both, outside of " +
         std::to_string(claim.regions.size()) +
         (claim.regions.size() == 1 ? " region" : " regions");
}

std::vector<std::string> RegionTexts(const About& about, const Claim& claim) {
  std::vector<std::string> texts;
  if (about.before == nullptr) return texts;
  const Ties ties(*about.before, *about.table, false);
  const CapabilityId before = CapabilityBefore(*about.before, ties, *about.table, claim.capability);
  const CapabilityId now = Decided(*about.table, claim.capability);
  for (const Region& region : claim.regions)
    texts.push_back(RowText(*about.before, before, region.before) + " gave way to " +
                    RowText(*about.table, now, region.now));
  return texts;
}

std::vector<Claim> ClaimsOf(const About& about) {
  if (about.before != nullptr) return Comparisons(*about.before, *about.table);
  std::vector<Claim> claims;
  for (std::uint32_t c = 0; c < about.table->capability_count(); ++c) {
    if (about.table->Capability({c}).kind == CapabilityKind::kEvent) continue;
    AddOwn(*about.table, {c}, &claims);
    for (const Question& question : about.questions)
      AddAsked(question, std::string(about.table->Capability({c}).name), &claims);
  }
  for (std::uint32_t i = 0; i < about.table->relation_count(); ++i) {
    const RelationView relation = about.table->Relation(i);
    const std::string_view name = about.table->Invariant(relation.invariant);
    if (name.starts_with('~')) continue;
    const CapabilityView capability = about.table->Capability(relation.capability[0]);
    claims.push_back({ClaimKind::kRelated,
                      std::string(capability.name),
                      std::string(name),
                      Verdict::kAllow,
                      {},
                      i,
                      RelationText(*about.table, relation)});
  }
  return claims;
}

}  // namespace writ::certificate
