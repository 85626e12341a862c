// A capability's matrix. Every clause that applies becomes its true (or false) row and its unknown
// rows under each delegation or grant that contains the capability, and each box of a row becomes a
// column that is also confined to the roles of that authority. Then the columns are put in order,
// most restrictive first, and what nothing reads is left out. Entry point: LowerMatrix.
#include "lower_matrix.h"

#include <algorithm>
#include <utility>

#include "lower_assert.h"
#include "lower_finish.h"
#include "relations.h"
#include "writ/runtime/decide.h"

namespace writ::compiler {

using lang::ClauseKind;

namespace {

template <typename Id>
bool Contains(const std::vector<Id>& ids, Id id) {
  return std::ranges::find(ids, id) != ids.end();
}

Substitution Substituted(const Region& region) {
  return region.substitutes ? Substitution::kOn : Substitution::kOff;
}

class MatrixLowering {
 public:
  MatrixLowering(LowerContext& context, CapabilityId capability,
                 const Applications::ForCapability& applications)
      : context_(context),
        program_(context.index.program()),
        capability_(capability),
        applications_(applications),
        formula_(context.index, capability, context.fact_maps, context.sets,
                 context.options.max_rows_per_condition) {}

  LoweredMatrix Run();

 private:
  bool IsEvent() const {
    return program_.vocabulary.capabilities[capability_.value].kind == CapabilityKind::kEvent;
  }
  void PlanAll();
  bool Holds(ExprId condition) const;
  void Authorities();
  void BaseRows(const Authority& authority, std::span<const AppliedClause> clauses);
  void ClauseRows(const AppliedClause& applied);
  void EvidenceRows(const AppliedClause& applied);
  void UnknownRows(const AppliedClause& applied, AnchorId anchor);
  void ExpiryRows(const Authority& authority);
  void HeaderRows(const Authority* authority);
  void PlanExceptions();
  // Rows of a clause: decisions outside the exceptions that lift it, noted inside.
  void EmitRows(const AppliedClause& applied, const table::Column& proto, const Boxes& boxes);
  std::vector<Boxes> Outside(const Exception& exception);
  Boxes Inside(const Exception& exception);
  void NamedRows();
  void NoAuthority(SetId covered);
  table::Column Proto(ColumnKind kind, Verdict verdict, const AppliedClause& applied,
                      AnchorId anchor = {}) const;
  table::Column Base(Verdict verdict, ClauseId clause, const Authority* authority,
                     std::uint8_t flags) const;
  void Emit(const table::Column& proto, const Boxes& boxes);
  Boxes NowBefore(std::int64_t instant_ms, bool before);
  SetId RolesOf(const std::vector<RoleId>& roles);
  std::uint32_t InvariantIndex(const std::string& name) const;

  LowerContext& context_;
  const Program& program_;
  CapabilityId capability_;
  const Applications::ForCapability& applications_;
  Formula formula_;
  Boxes confined_ = Boxes::True();  // to the roles of the authority at hand
  std::vector<RawColumn> columns_;
  bool too_many_ = false;
};

LoweredMatrix MatrixLowering::Run() {
  PlanAll();
  formula_.Seal();
  if (IsEvent()) {
    table::Column allow = Base(Verdict::kAllow, context_.builtin.event, nullptr, 0);
    Emit(allow, Boxes::True());
    for (const AppliedClause& applied : applications_.clauses) {
      confined_ = applied.authority ? formula_.algebra().Of(formula_.dimensions().Role(),
                                                            RolesOf(applied.authority->to))
                                    : Boxes::True();
      ClauseRows(applied);
    }
    confined_ = Boxes::True();
  } else {
    Authorities();
  }
  NamedRows();
  LoweredMatrix result;
  if (too_many_) {
    result.too_large = "rows";
    return result;
  }
  result.matrix = FinishMatrix(context_, formula_, capability_, applications_, std::move(columns_));
  if (result.matrix.dimensions.size() > kMaxDimensions)
    result.too_large = "values that its rows ask";
  if (result.matrix.code.size() > kMaxInstructions)
    result.too_large = "values that have to be worked out";
  return result;
}

void MatrixLowering::PlanAll() {
  for (const AppliedClause& applied : applications_.clauses)
    formula_.Plan(applied.clause->condition,
                  applied.clause->kind == ClauseKind::kAllow || applied.clause->assumption
                      ? Substitution::kOff
                      : Substitution::kOn);
  PlanExceptions();
  for (const Region& region : program_.regions)
    if (Holds(region.condition)) formula_.Plan(region.condition, Substituted(region));
  for (const Invariant& invariant : program_.invariants)
    if (Holds(invariant.condition)) formula_.Plan(invariant.condition, Substitution::kOff);
}

// M11: a region that reads an input holds only for capabilities that have it.
bool MatrixLowering::Holds(ExprId condition) const {
  if (!condition.valid()) return true;
  const table::Capability& capability = program_.vocabulary.capabilities[capability_.value];
  return std::ranges::all_of(context_.index.ReadsOf(condition).facts, [&](FactId f) {
    return context_.index.fact(f).source != Source::kInput || Contains(capability.inputs, f) ||
           Contains(capability.optional_inputs, f);
  });
}

SetId MatrixLowering::RolesOf(const std::vector<RoleId>& roles) {
  SetId set = context_.sets.Empty();
  for (const RoleId role : roles) set = context_.sets.Or(set, context_.sets.Single(role.value + 1));
  return set;
}

void MatrixLowering::Authorities() {
  SetId covered = context_.sets.Empty();
  const std::span<const AppliedClause> all = applications_.clauses;
  std::size_t begin = 0;
  for (const Authority* authority : applications_.authorities) {
    std::size_t end = begin;
    while (end < all.size() && all[end].authority == authority) ++end;
    const SetId roles = RolesOf(authority->to);
    covered = context_.sets.Or(covered, roles);
    confined_ = formula_.algebra().Of(formula_.dimensions().Role(), roles);
    for (const AppliedClause& applied : all.subspan(begin, end - begin)) ClauseRows(applied);
    BaseRows(*authority, all.subspan(begin, end - begin));
    begin = end;
  }
  NoAuthority(covered);
  confined_ = Boxes::True();
}

void MatrixLowering::NoAuthority(SetId covered) {
  const std::uint32_t role = formula_.dimensions().Role();
  confined_ =
      formula_.algebra().Of(role, context_.sets.Minus(formula_.dimensions().full()[role], covered));
  Emit(Base(Verdict::kDeny, context_.builtin.no_authority, nullptr, kColumnBase), Boxes::True());
  HeaderRows(nullptr);
  if (program_.vocabulary.has_effective)
    Emit(Base(Verdict::kDeny, context_.builtin.effective, nullptr, kColumnBase | kColumnEffective),
         NowBefore(program_.vocabulary.effective_ms, true));
}

// What it stands on may end earlier, and not at once for all its roles (M15.3).
void MatrixLowering::ExpiryRows(const Authority& authority) {
  const Boxes confined = confined_;
  for (const RoleId role : authority.to) {
    const auto end_ms = authority.EndOf(capability_, role);
    if (!end_ms) continue;
    const bool alike = std::ranges::all_of(
        authority.to, [&](RoleId other) { return authority.EndOf(capability_, other) == end_ms; });
    if (!alike) confined_ = formula_.algebra().Of(formula_.dimensions().Role(), RolesOf({role}));
    Emit(Base(Verdict::kDeny, context_.builtin.expires, &authority, 0), NowBefore(*end_ms, false));
    confined_ = confined;
    if (alike) return;
  }
}

// M20. A header that is missing is denied under `strict`, but not in replay.
void MatrixLowering::HeaderRows(const Authority* authority) {
  const FactId header = FactHeader(program_);
  if (!header.valid()) return;
  const std::uint32_t d = formula_.dimensions().Fact(header);
  const SetId full = formula_.dimensions().full()[d];
  const SetId missing = context_.sets.Single(0), valid = context_.sets.Single(1);
  Emit(Base(Verdict::kDeny, context_.builtin.header, authority, 0),
       formula_.algebra().Of(d, context_.sets.Minus(full, context_.sets.Or(missing, valid))));
  if (program_.strict)
    Emit(Base(Verdict::kDeny, context_.builtin.header, authority, kColumnEffective),
         formula_.algebra().Of(d, missing));
}

// Those that lift a clause here.
void MatrixLowering::PlanExceptions() {
  for (const AppliedClause& applied : applications_.clauses) {
    for (const std::uint32_t e : applied.clause->lifted_by)
      formula_.Plan(program_.exceptions[e].up_to, Substitution::kOff);
  }
}

// Who, where and when the exception does not speak of: each alone is enough.
std::vector<Boxes> MatrixLowering::Outside(const Exception& exception) {
  const std::uint32_t role = formula_.dimensions().Role();
  const SetId roles = RolesOf(exception.roles);
  return {
      formula_.algebra().Of(role, context_.sets.Minus(formula_.dimensions().full()[role], roles)),
      formula_.Where(exception.up_to, Substitution::kOff, Truth::kNotTrue),
      NowBefore(exception.ends_ms, false)};
}

Boxes MatrixLowering::Inside(const Exception& exception) {
  const std::uint32_t role = formula_.dimensions().Role();
  const SetId roles = RolesOf(exception.roles);
  Boxes result;
  const Boxes who = formula_.algebra().And(formula_.algebra().Of(role, roles),
                                           NowBefore(exception.ends_ms, true));
  for (const Box& box : formula_.Where(exception.up_to, Substitution::kOff, Truth::kTrue).list) {
    Boxes one;
    one.list.push_back(box);
    for (Box& both : formula_.algebra().And(one, who).list) result.list.push_back(std::move(both));
  }
  return result;
}

void MatrixLowering::EmitRows(const AppliedClause& applied, const table::Column& proto,
                              const Boxes& boxes) {
  if (applied.clause->lifted_by.empty()) return Emit(proto, boxes);
  const Boxes confined = confined_;
  const auto within = [&](const Boxes& bounds, const auto& emit) {
    for (const Box& box : bounds.list) {
      Boxes one;
      one.list.push_back(box);
      const Boxes outer = confined_;
      confined_ = formula_.algebra().And(one, outer);
      if (!confined_.list.empty()) emit();
      confined_ = outer;
    }
  };
  const std::vector<std::uint32_t>& lifted_by = applied.clause->lifted_by;
  const auto outside_all = [&](const auto& self, std::size_t next) -> void {
    if (next == lifted_by.size()) return Emit(proto, boxes);
    for (const Boxes& bounds : Outside(program_.exceptions[lifted_by[next]]))
      within(bounds, [&] { self(self, next + 1); });
  };
  outside_all(outside_all, 0);
  for (const std::uint32_t e : lifted_by) {
    const Exception& exception = program_.exceptions[e];
    table::Column noted = proto;
    noted.kind = ColumnKind::kInvariant;
    noted.name = InvariantIndex("~exception/" + exception.name);
    within(Inside(exception), [&] { Emit(noted, boxes); });
  }
  confined_ = confined;
}

std::uint32_t MatrixLowering::InvariantIndex(const std::string& name) const {
  const auto& names = program_.vocabulary.invariants;
  const auto at = std::ranges::lower_bound(names, name);
  WRIT_CHECK(at != names.end() && *at == name, "every invariant is named in the vocabulary");
  return static_cast<std::uint32_t>(at - names.begin());
}

void MatrixLowering::BaseRows(const Authority& authority, std::span<const AppliedClause> clauses) {
  if (program_.vocabulary.has_effective)
    Emit(Base(Verdict::kDeny, context_.builtin.effective, &authority,
              kColumnBase | kColumnEffective),
         NowBefore(program_.vocabulary.effective_ms, true));
  ExpiryRows(authority);
  HeaderRows(&authority);
  if (Contains(authority.abstain, capability_))
    return Emit(Base(Verdict::kDeny, context_.builtin.abstain, &authority, 0), Boxes::True());
  if (Contains(authority.propose, capability_))
    return Emit(Base(Verdict::kEscalate, context_.builtin.propose, &authority, 0), Boxes::True());
  const bool leaves_open = std::ranges::any_of(clauses, [](const AppliedClause& applied) {
    return applied.clause->kind == ClauseKind::kAllow ||
           applied.clause->kind == ClauseKind::kOtherwise;
  });
  if (!Contains(authority.may, capability_) || !leaves_open)
    Emit(Base(Verdict::kAllow, context_.builtin.default_allow, &authority, kColumnBase),
         Boxes::True());
}

Boxes MatrixLowering::NowBefore(std::int64_t instant_ms, bool before) {
  const FactId now = FactNow(program_);
  WRIT_CHECK(now.valid(), "the built-in fact `now` is declared");
  const std::uint32_t d = formula_.dimensions().Fact(now);
  const auto& cuts = formula_.dimensions().map(d).cuts;
  const auto first =
      1u + static_cast<std::uint32_t>(std::ranges::upper_bound(cuts, instant_ms) - cuts.begin());
  const std::uint32_t count = formula_.dimensions().map(d).atom_count();
  return formula_.algebra().Of(
      d, before ? context_.sets.Range(1, first) : context_.sets.Range(first, count));
}

table::Column MatrixLowering::Proto(ColumnKind kind, Verdict verdict, const AppliedClause& applied,
                                    AnchorId anchor) const {
  table::Column column;
  column.kind = kind, column.verdict = verdict, column.anchor = anchor;
  column.clause = applied.clause->id;
  if (applied.authority) column.authority = applied.authority->id;
  if (kind == ColumnKind::kDecision && verdict == Verdict::kAllow && applied.authority)
    column.anchor = applied.authority->anchor;
  return column;
}

table::Column MatrixLowering::Base(Verdict verdict, ClauseId clause, const Authority* authority,
                                   std::uint8_t flags) const {
  table::Column column;
  column.verdict = verdict, column.clause = clause, column.flags = flags | kColumnBase;
  if (authority) column.authority = authority->id;
  if (authority && verdict != Verdict::kDeny) column.anchor = authority->anchor;
  return column;
}

void MatrixLowering::Emit(const table::Column& proto, const Boxes& boxes) {
  WRIT_CHECK(!boxes.overflow, "a condition that outgrows the limit is worked out instead");
  for (const Box& box : boxes.list) {
    Boxes one;
    one.list.push_back(box);
    for (Box& confined : formula_.algebra().And(one, confined_).list) {
      if (columns_.size() >= context_.options.max_columns) {
        too_many_ = true;
        return;
      }
      columns_.push_back({proto, std::move(confined)});
    }
  }
}

void MatrixLowering::ClauseRows(const AppliedClause& applied) {
  const Clause& clause = *applied.clause;
  const AnchorId anchor = AnchorOf(applied);
  const auto where = [&](Truth truth) {
    return formula_.Where(clause.condition, Substitution::kOn, truth);
  };
  const auto decides = [&](Verdict verdict) {
    return Proto(ColumnKind::kDecision, verdict, applied,
                 verdict == Verdict::kEscalate ? anchor : AnchorId{});
  };
  switch (clause.kind) {
    case ClauseKind::kConfirmation:
      return Emit(decides(Verdict::kDeny), where(Truth::kNotTrue));
    case ClauseKind::kRequire:
    case ClauseKind::kCeiling:
      Emit(decides(Verdict::kDeny), where(Truth::kFalse));
      return UnknownRows(applied, anchor);
    case ClauseKind::kRequireEvidence:
      return EvidenceRows(applied);
    case ClauseKind::kDeny:
      if (clause.assumption)
        return Emit(decides(Verdict::kDeny),
                    formula_.Where(clause.condition, Substitution::kOff, Truth::kTrue));
      Emit(decides(Verdict::kDeny), where(Truth::kTrue));
      return UnknownRows(applied, anchor);
    case ClauseKind::kLimit:
      EmitRows(applied, decides(clause.else_deny ? Verdict::kDeny : Verdict::kEscalate),
               where(Truth::kFalse));
      return UnknownRows(applied, anchor);
    case ClauseKind::kEscalate:
      EmitRows(applied, decides(Verdict::kEscalate), where(Truth::kTrue));
      return UnknownRows(applied, anchor);
    case ClauseKind::kAllow: {
      table::Column column = decides(Verdict::kAllow);
      column.flags |= kColumnAllowWhen;
      return Emit(column, formula_.Where(clause.condition, Substitution::kOff, Truth::kTrue));
    }
    case ClauseKind::kOtherwise: {
      table::Column column = decides(clause.otherwise);
      column.flags |= kColumnOtherwise;
      return Emit(column, Boxes::True());
    }
    case ClauseKind::kNote:
    case ClauseKind::kNotify: {
      table::Column column =
          Proto(clause.kind == ClauseKind::kNote ? ColumnKind::kNote : ColumnKind::kNotify,
                Verdict::kAllow, applied, clause.kind == ClauseKind::kNotify ? anchor : AnchorId{});
      Emit(column, where(Truth::kTrue));
      column.flags |= kColumnUnknown;
      return Emit(column, where(Truth::kUnknown));
    }
    case ClauseKind::kApproval:  // its stages are clauses of their own
    case ClauseKind::kLet:
      break;
  }
  AbortWithWords(__FILE_NAME__, __LINE__, "a `let` is no clause");
}

void MatrixLowering::EvidenceRows(const AppliedClause& applied) {
  for (const EvidenceId evidence : applied.clause->evidence) {
    const std::uint32_t d = formula_.dimensions().Evidence(evidence);
    Emit(Proto(ColumnKind::kDecision, Verdict::kDeny, applied),
         formula_.algebra().Of(d, context_.sets.Single(1)));
  }
}

void MatrixLowering::UnknownRows(const AppliedClause& applied, AnchorId anchor) {
  table::Column deny = Proto(ColumnKind::kDecision, Verdict::kDeny, applied);
  deny.flags |= kColumnUnknown;
  EmitRows(applied, deny, formula_.UnknownFor(applied.clause->condition, MissingWord::kDeny));
  table::Column escalate = Proto(ColumnKind::kDecision, Verdict::kEscalate, applied, anchor);
  escalate.flags |= kColumnUnknown;
  EmitRows(applied, escalate,
           formula_.UnknownFor(applied.clause->condition, MissingWord::kEscalate));
}

void MatrixLowering::NamedRows() {
  for (std::uint32_t r = 0; r < program_.regions.size(); ++r) {
    const Region& region = program_.regions[r];
    if (!Holds(region.condition)) continue;
    table::Column column;
    column.kind = ColumnKind::kRegion, column.verdict = Verdict::kAllow, column.name = r;
    column.clause = region.id;
    Emit(column, formula_.Where(region.condition, Substituted(region), Truth::kTrue));
  }
  for (const Invariant& invariant : program_.invariants) {
    if (!AsksAbout(invariant, capability_) || !Holds(invariant.condition)) continue;
    table::Column column;
    column.kind = ColumnKind::kInvariant, column.name = InvariantIndex(invariant.name);
    if (!invariant.roles.empty())
      confined_ = formula_.algebra().Of(formula_.dimensions().Role(), RolesOf(invariant.roles));
    for (const Verdict forbidden : Forbidden(invariant)) {
      column.verdict = forbidden;
      Emit(column, formula_.Where(invariant.condition, Substitution::kOff,
                                  invariant.unless ? Truth::kNotTrue : Truth::kTrue));
    }
    confined_ = Boxes::True();
  }
}

}  // namespace

Applications ApplyClauses(const Program& program) {
  Applications result;
  result.capabilities.resize(program.vocabulary.capabilities.size());
  for (const Authority& authority : program.authorities) {
    const auto contain = [&](CapabilityId c) {
      auto& authorities = result.capabilities[c.value].authorities;
      if (authorities.empty() || authorities.back() != &authority)
        authorities.push_back(&authority);
    };
    for (const auto* list : {&authority.may, &authority.propose, &authority.abstain})
      for (const CapabilityId c : *list) contain(c);
    for (const CapabilityId c : authority.freely) contain(c);
  }
  std::vector<std::vector<const Clause*>> guards(result.capabilities.size());
  for (const Guard& guard : program.guards)
    for (const Clause& clause : guard.clauses)
      for (const CapabilityId c : clause.capabilities) guards[c.value].push_back(&clause);
  std::vector<std::vector<AppliedClause>> own(result.capabilities.size());
  for (const Authority& authority : program.authorities)
    for (const Clause& clause : authority.clauses)
      for (const CapabilityId c : clause.capabilities)
        own[c.value].push_back({&clause, &authority, false});
  for (std::size_t c = 0; c < result.capabilities.size(); ++c) {
    auto& applied = result.capabilities[c].clauses;
    if (program.vocabulary.capabilities[c].kind == CapabilityKind::kEvent) {
      applied = std::move(own[c]);
      for (const Clause* clause : guards[c]) applied.push_back({clause, nullptr, true});
      continue;
    }
    std::size_t next = 0;  // `own` is grouped by authority, in the order of the authorities
    for (const Authority* authority : result.capabilities[c].authorities) {
      while (next < own[c].size() && own[c][next].authority < authority) ++next;
      for (; next < own[c].size() && own[c][next].authority == authority; ++next)
        applied.push_back(own[c][next]);
      for (const Clause* clause : guards[c]) applied.push_back({clause, authority, true});
    }
  }
  return result;
}

AnchorId AnchorOf(const AppliedClause& applied) {
  if (applied.clause->anchor.valid() || !applied.authority) return applied.clause->anchor;
  return applied.authority->anchor;
}

bool MayHaveGap(const Authority& authority, CapabilityId capability,
                std::span<const AppliedClause> clauses) {
  const auto has = [&](ClauseKind kind) {
    return std::ranges::any_of(clauses, [&](const AppliedClause& a) {
      return a.authority == &authority && a.clause->kind == kind;
    });
  };
  return Contains(authority.may, capability) && has(ClauseKind::kAllow) &&
         !has(ClauseKind::kOtherwise);
}

AtomMapId AtomMapPool::Intern(const table::AtomMap& map) {
  const auto [entry, fresh] =
      known_.try_emplace({map.kind, map.size, map.cuts, map.strings},
                         AtomMapId{static_cast<std::uint32_t>(maps_.size())});
  if (fresh) maps_.push_back(map);
  return entry->second;
}

LoweredMatrix LowerMatrix(LowerContext& context, CapabilityId capability,
                          const Applications::ForCapability& applications) {
  return MatrixLowering(context, capability, applications).Run();
}

}  // namespace writ::compiler
