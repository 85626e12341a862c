// A policy that narrows another is compiled like any other, and then proved to be at least as
// strict for every request (docs/semantics.md, M23.5). What no row says, it has to leave as it is.
// Entry points: CompileNarrowing, ProveNarrowing.
#include "writ/compiler/narrowing.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "compile_program.h"
#include "llvm/ADT/StringExtras.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/statement_text.h"
#include "writ/analysis/table_diff.h"
#include "writ/table/write.h"

namespace writ::compiler {

using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

constexpr std::size_t kMostShown = 8;

// What a narrower policy may say otherwise: either rows say what it comes to, and these are
// compared, or nothing is decided by it.
bool IsJudgedByRows(std::string_view what) {
  constexpr std::array<std::string_view, 6> kJudged = {"threshold", "fact",    "region",
                                                       "invariant", "account", "policy"};
  return std::ranges::find(kJudged, what) != kJudged.end() ||
         what == analysis::StatementPhrase(runtime::StatementWord::kTunable);
}

// What a model was not to see, it would see.
bool ShowsModels(const analysis::DeclarationChange& change) {
  constexpr std::string_view kLabel = " for critics";
  return change.what == "fact" && change.old_text.find(kLabel) != std::string::npos &&
         change.new_text.find(kLabel) == std::string::npos;
}

std::string NameOf(const table::Model& model) { return model.policy + " " + model.version; }

std::string CaseOf(const lang::Policy& policy) {
  std::string text;
  for (const lang::Name& name : policy.case_is) text += (text.empty() ? "" : ", ") + name.text;
  return text.empty() ? "what the host says" : text;
}

// So that whoever has both tables can tell that they belong together.
void AddNarrows(const Compiled& base, Program& program) {
  runtime::Table table;
  if (runtime::Table::Open(base.bytes.data(), base.bytes.size(), &table).code !=
      runtime::OpenCode::kOk)
    return;
  const auto digest = table.digest();
  std::vector<table::Statement>& statements = program.vocabulary.statements;
  statements.push_back(
      {runtime::StatementOf::kPolicy, 0, runtime::StatementWord::kNarrows,
       NameOf(base.model) + " sha256:" +
           llvm::toHex(llvm::ArrayRef<std::uint8_t>(digest.begin(), digest.end()), true)});
  std::ranges::sort(statements);
}

class Narrowing {
 public:
  Narrowing(const lang::Policy& policy, const table::Model& base, const table::Model& narrower,
            lang::DiagnosticSink& sink)
      : policy_(policy),
        span_(policy.narrows->span),
        base_name_(NameOf(base)),
        base_(base),
        narrower_(narrower),
        sink_(sink) {}

  // Returns how many regions are decided more strictly, or nothing if it is not proved.
  std::optional<std::uint32_t> Prove(std::uint64_t max_steps) {
    const auto wide = table::WriteAndOpen(base_);
    const auto narrow = table::WriteAndOpen(narrower_);
    if (!wide || !narrow) return std::nullopt;
    const std::size_t errors = sink_.error_count();
    CheckEffective();
    CheckDeclarations(wide->table, narrow->table);
    analysis::Budget budget{.limit = max_steps};
    const analysis::ExactDiff diff =
        analysis::DiffExactly(wide->table, narrow->table, budget, {.most_boxes = 0});
    CheckRows(diff);
    if (sink_.error_count() != errors) return std::nullopt;
    return static_cast<std::uint32_t>(diff.regions.size());
  }

 private:
  // Both are compared as in force, so this is said by no row.
  void CheckEffective() {
    if (!base_.has_effective ||
        (narrower_.has_effective && narrower_.effective_ms >= base_.effective_ms))
      return;
    sink_.Report(Diagnostic{DiagnosticKind::kNarrowsLooser, span_,
                            "it takes effect before " + base_name_ + " does"}
                     .Hint("leave `effective` out, to begin with it, or name a later day"));
  }

  void CheckDeclarations(const runtime::Table& wide, const runtime::Table& narrow) {
    std::vector<std::string> changed;
    const auto compare = [&](const char* what, const std::string& before,
                             const std::string& after) {
      if (before != after) changed.push_back(what + (": " + before) + " -> " + after);
    };
    compare("zone", base_.zone, narrower_.zone);
    compare("case is", CaseOf(policy_.narrowed.front()), CaseOf(policy_));
    for (const analysis::DeclarationChange& change :
         analysis::DiffTables(wide, narrow).declarations) {
      // What something was called before is how requests are read: another name for a value of the
      // base's would make another request of the same words.
      const bool added =
          change.kind == analysis::ChangeKind::kAdded && change.what != "former name";
      if (added || (IsJudgedByRows(change.what) && !ShowsModels(change))) continue;
      changed.push_back(change.what + " `" + change.name + "`: " + change.old_text +
                        (change.new_text.empty() ? " is gone" : " -> " + change.new_text));
    }
    ReportChanges(std::move(changed));
  }

  void ReportChanges(std::vector<std::string> notes) {
    if (notes.empty()) return;
    Diagnostic diagnostic{DiagnosticKind::kNarrowsChanges, span_,
                          "it says otherwise what " + base_name_ + " has settled"};
    diagnostic.notes = std::move(notes);
    diagnostic.hints.emplace_back(
        "leave these as they are, and say what is to be stricter in rules: a delegation, a guard, "
        "a threshold");
    sink_.Report(std::move(diagnostic));
  }

  void CheckRows(const analysis::ExactDiff& diff) {
    ReportChanges(diff.notes);
    std::size_t looser = 0;
    for (const analysis::DiffRegion& region : diff.regions) {
      if (region.direction <= analysis::Direction::kSame ||
          region.direction == analysis::Direction::kTightened)
        continue;
      if (looser++ < kMostShown) ReportRegion(region);
    }
    for (const analysis::ObligationChange& change : diff.obligations) {
      if (change.dropped && looser++ < kMostShown) ReportDropped(change);
    }
    if (looser > kMostShown) {
      sink_.Report(Diagnostic{
          DiagnosticKind::kNarrowsLooser, span_,
          "and " + std::to_string(looser - kMostShown) + " more that `writ diff` lists"});
    }
    for (const std::string& why : diff.unknown) {
      sink_.Report(Diagnostic{DiagnosticKind::kUnproved, span_,
                              "it could not be settled whether this is within " + base_name_}
                       .Note(why));
    }
  }

  static std::string Row(const analysis::DiffRow& row) {
    std::string text = row.outcome + ", by `" + row.words + "`";
    if (row.line != 0) text += " (" + row.file + ":" + std::to_string(row.line) + ")";
    return text;
  }

  void ReportRegion(const analysis::DiffRegion& region) {
    const bool rerouted = region.direction == analysis::Direction::kRerouted;
    Diagnostic diagnostic{DiagnosticKind::kNarrowsLooser, span_,
                          "`" + region.capability + "` is " +
                              (rerouted ? "put to, or answered for by, somebody else than under "
                                        : "decided less strictly than by ") +
                              base_name_};
    diagnostic.notes.push_back(base_name_ + ": " + Row(region.before));
    diagnostic.notes.push_back("here: " + Row(region.after));
    diagnostic.hints.emplace_back(rerouted ? "name an anchor that is `above` that one, or leave it"
                                           : "let the rule of " + base_name_ +
                                                 " stand, and add what is to be stricter");
    diagnostic.witness = region.witness.empty() ? "any request" : region.witness;
    sink_.Report(std::move(diagnostic));
  }

  void ReportDropped(const analysis::ObligationChange& change) {
    Diagnostic diagnostic{DiagnosticKind::kNarrowsLooser, span_,
                          "`" + change.capability + "` is no longer reported as by " + base_name_};
    diagnostic.notes.push_back(base_name_ + ": `" + change.row.words + "`");
    diagnostic.hints.emplace_back("keep the note or the notice");
    diagnostic.witness = change.witness.empty() ? "any request" : change.witness;
    sink_.Report(std::move(diagnostic));
  }

  const lang::Policy& policy_;
  const lang::Span span_;
  const std::string base_name_;
  const table::Model& base_;
  const table::Model& narrower_;
  lang::DiagnosticSink& sink_;
};

}  // namespace

std::vector<const lang::Policy*> HouseNarrowed(const lang::Policy& policy) {
  std::vector<const lang::Policy*> house;
  for (const lang::Policy& member : policy.narrowed) house.push_back(&member);
  return house;
}

std::optional<std::uint32_t> ProveNarrowing(const lang::Policy& policy, const table::Model& base,
                                            const table::Model& narrower, std::uint64_t max_steps,
                                            lang::DiagnosticSink& sink) {
  return Narrowing(policy, base, narrower, sink).Prove(max_steps);
}

std::optional<Compiled> CompileNarrowing(Program program, const lang::Policy& policy,
                                         const lang::SourceSet& sources, lang::DiagnosticSink& sink,
                                         const CompileOptions& options) {
  lang::DiagnosticSink of_base;
  const std::optional<Compiled> base = Compile(HouseNarrowed(policy), sources, of_base, options);
  if (base) AddNarrows(*base, program);
  // What is wrong with it otherwise, an example that fails say, is no reason to be silent on what
  // is looser: its table decides all the same.
  const std::size_t errors = sink.error_count();
  std::optional<Compiled> narrower = WriteAndVerify(std::move(program), sink, options);
  ReportOthers(of_base, sink);
  if (!base || !narrower) return std::nullopt;
  const auto tightened =
      ProveNarrowing(policy, base->model, narrower->model, options.max_steps, sink);
  if (!tightened || sink.error_count() != errors) return std::nullopt;
  narrower->verification.narrows = NameOf(base->model);
  narrower->verification.regions_tightened = *tightened;
  narrower->verification.steps += base->verification.steps;
  narrower->verification.clauses_checked += base->verification.clauses_checked;
  return narrower;
}

}  // namespace writ::compiler
