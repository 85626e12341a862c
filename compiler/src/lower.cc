// Lowering: the vocabulary is the program's; facts get their atoms from all conditions together;
// each capability gets a matrix. Entry point: Lower.
#include "writ/compiler/lower.h"

#include <string>
#include <utility>

#include "lower_index.h"
#include "lower_matrix.h"
#include "rank.h"

namespace writ::compiler {
namespace {

BuiltinClauses AppendBuiltinClauses(std::vector<table::Clause>& clauses) {
  const auto append = [&](const char* name, const char* words) {
    table::Clause clause;
    clause.name = name, clause.words = words;
    clauses.push_back(std::move(clause));
    return ClauseId{static_cast<std::uint32_t>(clauses.size() - 1)};
  };
  BuiltinClauses builtin;
  builtin.effective = append("~effective", "the policy has not taken effect");
  builtin.expires = append("~expires", "the delegation or grant has expired");
  builtin.no_authority =
      append("~no_authority", "no delegation or grant covers this role and capability");
  builtin.default_allow = append("~default_allow", "nothing restricts it");
  builtin.propose = append("~propose", "what is proposed is a draft until a person has decided");
  builtin.abstain = append("~abstain", "the role grants this and abstains from doing it");
  builtin.header = append("~header", "the run header is not valid");
  builtin.event = append("~event", "an event is reported, not requested");
  return builtin;
}

lang::Span PlaceOf(const Program& program, CapabilityId capability) {
  return capability.value < program.capability_spans.size()
             ? program.capability_spans[capability.value]
             : lang::Span{};
}

}  // namespace

std::optional<table::Model> Lower(const Program& program, lang::DiagnosticSink& sink,
                                  const LowerOptions& options) {
  table::Model model = program.vocabulary;
  const BuiltinClauses builtin = AppendBuiltinClauses(model.clauses);
  const ProgramIndex index(program);
  LowerContext context{
      index, model.clauses, builtin, index.FactAtomMaps(), RankAnchors(model.anchors), options, {},
      {}};
  const Applications applications = ApplyClauses(program);
  bool complete = true;
  for (std::uint32_t c = 0; c < model.capabilities.size(); ++c) {
    if (options.only.valid() && options.only.value != c) {
      model.matrices.emplace_back();
      continue;
    }
    LoweredMatrix lowered = LowerMatrix(context, CapabilityId{c}, applications.capabilities[c]);
    if (lowered.too_large) {
      sink.Report(lang::Diagnostic{
          lang::DiagnosticKind::kTooLarge, PlaceOf(program, CapabilityId{c}),
          "`" + model.capabilities[c].name + "` needs too many " + lowered.too_large}
                      .Hint("split the capability, or say less about it in one condition"));
      complete = false;
    }
    model.matrices.push_back(std::move(lowered.matrix));
  }
  if (!complete) return std::nullopt;
  model.atom_maps = context.maps.Take();
  return model;
}

}  // namespace writ::compiler
