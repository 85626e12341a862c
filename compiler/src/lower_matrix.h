// One capability: which clauses apply under which authority, and the columns that they become.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "boxes.h"
#include "formula.h"
#include "lower_index.h"
#include "writ/compiler/lower.h"
#include "writ/compiler/program.h"
#include "writ/table/model.h"

namespace writ::compiler {

// A clause as it applies to one capability under one delegation or grant (none: an event).
struct AppliedClause {
  const Clause* clause = nullptr;
  const Authority* authority = nullptr;
  bool of_guard = false;
};

// By capability: the authorities that contain it, and the clauses that apply to it under each.
struct Applications {
  struct ForCapability {
    std::vector<const Authority*> authorities;
    std::vector<AppliedClause> clauses;  // grouped by authority, in the order of `authorities`
  };
  std::vector<ForCapability> capabilities;
};
Applications ApplyClauses(const Program& program);

// The anchor that the clause asks, or its authority's.
AnchorId AnchorOf(const AppliedClause& applied);
// A `may` capability whose clauses leave open what nothing decides: no default, and no `otherwise`
// (M5.2).
bool MayHaveGap(const Authority& authority, CapabilityId capability,
                std::span<const AppliedClause> clauses);

// The clauses that no author wrote, in Model::clauses.
struct BuiltinClauses {
  ClauseId effective, expires, no_authority, default_allow, event, propose, abstain, header;
};

// Equal atom maps are one.
class AtomMapPool {
 public:
  AtomMapId Intern(const table::AtomMap& map);
  std::vector<table::AtomMap> Take() { return std::move(maps_); }

 private:
  std::map<
      std::tuple<AtomMapKind, std::uint32_t, std::vector<std::int64_t>, std::vector<std::string>>,
      AtomMapId>
      known_;
  std::vector<table::AtomMap> maps_;
};

// What all capabilities share while lowering.
struct LowerContext {
  const ProgramIndex& index;
  const std::vector<table::Clause>& clauses;  // the author's, then the built-in ones
  BuiltinClauses builtin;
  std::vector<table::AtomMap> fact_maps;
  std::vector<std::uint32_t> anchor_rank;
  LowerOptions options;
  AtomSets sets;
  AtomMapPool maps;
};

// Too many columns, dimensions or instructions: `too_large` says which.
struct LoweredMatrix {
  table::Matrix matrix;
  const char* too_large = nullptr;
};
LoweredMatrix LowerMatrix(LowerContext& context, CapabilityId capability,
                          const Applications::ForCapability& applications);

}  // namespace writ::compiler
