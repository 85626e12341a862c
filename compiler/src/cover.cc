// Entry point: CoverPolicy.
#include "writ/compiler/cover.h"

#include <algorithm>
#include <array>
#include <expected>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "boundaries.h"
#include "cover_conditions.h"
#include "cover_question.h"
#include "example_writer.h"
#include "lower_matrix.h"
#include "names.h"
#include "past_probes.h"
#include "verify.h"
#include "writ/analysis/table_diff.h"

namespace writ::compiler {

using analysis::Outcome;

namespace {

constexpr std::size_t kMostBytes = 100;  // of a condition, as it is shown

// A side is covered where one of these holds; `open`: one of them could not be asked.
struct Side {
  std::vector<std::shared_ptr<const CoverQuestion>> questions;
  bool open = false;
};

Side Asked(std::initializer_list<std::shared_ptr<const CoverQuestion>> all) {
  Side side;
  for (const auto& question : all) {
    if (question != nullptr)
      side.questions.push_back(question);
    else
      side.open = true;
  }
  return side;
}

class Coverer {
 public:
  Coverer(const Compiled& compiled, const lang::SourceSet& sources, const CoverOptions& options)
      : compiled_(compiled),
        sources_(sources),
        options_(options),
        policy_(table::WriteAndOpen(compiled.model)),
        writer_(compiled.program, policy_->table),
        applications_(ApplyClauses(compiled.program)),
        conditions_(compiled.program),
        past_(options.past) {}

  PolicyCover Run() {
    for (std::uint32_t c = 0; c < compiled_.model.capabilities.size(); ++c) {
      if (compiled_.model.capabilities[c].kind == CapabilityKind::kEvent) continue;
      capability_ = CapabilityId{c};
      const table::Model alone = Alone(compiled_.model, capability_);
      for (const std::uint32_t clause : Clauses()) {
        CoverBoundaries(alone, ClauseId{clause});  // its examples often serve conditions as well
        CoverConditions(ClauseId{clause});
      }
    }
    past_.Finish();
    return std::move(out_);
  }

 private:
  // Authors' clauses that decide here, by name; also those that have no row.
  std::set<std::uint32_t> Clauses() const {
    std::set<std::uint32_t> clauses;
    for (const AppliedClause& applied : applications_.capabilities[capability_.value].clauses)
      if (conditions_.Decides(applied.clause->id) != nullptr)
        clauses.insert(applied.clause->id.value);
    return clauses;
  }

  Covered Named(ClauseId id, std::string words) const {
    const table::Clause& clause = compiled_.model.clauses[id.value];
    Covered covered;
    covered.capability = compiled_.model.capabilities[capability_.value].name;
    covered.clause = clause.name;
    covered.file = clause.file;
    covered.line = clause.line;
    covered.words = std::move(words);
    return covered;
  }

  // As it is written; of what a larger word brings, what it asks.
  std::string WordsOf(const CoverCondition& condition) const {
    std::string words = check::OneLine(sources_.Text(condition.node->span));
    if (condition.node->kind == NodeKind::kFresh)
      words = "evidence " + compiled_.model.evidence[condition.node->evidence.value].name;
    if (words.starts_with("(not ") && words.ends_with(")"))
      words = words.substr(1, words.size() - 2);
    if (words.size() > kMostBytes) words = words.substr(0, words.rfind(' ', kMostBytes)) + " ...";
    return words;
  }

  void CoverConditions(ClauseId clause) {
    const bool all = conditions_.ForEach(capability_, clause, [&](const CoverCondition& condition) {
      About about{.role = condition.role};
      if (!condition.role && condition.reads.size() == 1) about.fact = condition.reads[0];
      Covered covered = Named(clause, WordsOf(condition));
      const std::array<Side, 2> sides = {Asked({condition.decides}), Asked({condition.yields})};
      Judge(sides, condition, about, &covered);
      AskPast(sides, std::move(covered), &out_.conditions);
    });
    if (all) return;
    Covered covered = Named(clause, compiled_.model.clauses[clause.value].words);
    covered.decides.why = covered.yields.why = "it has too many conditions";
    out_.conditions.push_back(std::move(covered));
  }

  // The nearest values on either side; of what is worked out, the condition below.
  std::string BoundaryWords(const table::Model& alone, std::uint32_t d, std::int64_t cut) const {
    const table::Matrix& matrix = alone.matrices[capability_.value];
    if (matrix.dimensions[d].kind == table::DimensionKind::kDerived)
      return analysis::DescribeBelow(policy_->table, capability_, d, cut);
    return DimensionName(alone, matrix, d) + " at " + DimensionValue(alone, matrix, d, cut - 1) +
           " | " + DimensionValue(alone, matrix, d, cut);
  }

  void CoverBoundaries(const table::Model& alone, ClauseId clause) {
    const table::Matrix& matrix = alone.matrices[capability_.value];
    for (const std::uint32_t d : ConstrainedBy(matrix, clause)) {
      for (const std::int64_t cut : CutsOf(alone, matrix, clause, d)) {
        if (!CanMove(cut)) continue;
        CoverCondition asks;
        const table::Dimension& dimension = matrix.dimensions[d];
        if (dimension.kind == table::DimensionKind::kFact) asks.reads = {FactId{dimension.index}};
        Covered covered = Named(clause, BoundaryWords(alone, d, cut));
        const About about{.fact = asks.reads.empty() ? FactId{} : asks.reads[0]};
        const Either below = AtNearest(alone, clause, d, cut, -1);
        const Either above = AtNearest(alone, clause, d, cut, 1);
        const std::array<Side, 2> sides = {Asked({below.gains, below.loses}),
                                           Asked({above.gains, above.loses})};
        Judge(sides, asks, about, &covered);
        AskPast(sides, std::move(covered), &out_.boundaries);
      }
    }
  }

  // What the move of a cut by one step makes another clause decide: the request at the nearest
  // value on that side. The rows as they stand are the region of the one question, and the moved
  // ones of the other; together they cover both a row that ends here and one that begins. Rows that
  // hold for want of a value lie in the regions as well: there the clause decides in any case.
  struct Either {
    std::shared_ptr<const CoverQuestion> gains, loses;
  };
  Either AtNearest(const table::Model& alone, ClauseId clause, std::uint32_t d, std::int64_t cut,
                   std::int64_t step) const {
    table::Model model = alone;
    table::Matrix& matrix = model.matrices[capability_.value];
    const auto name = static_cast<std::uint32_t>(model.regions.size());
    model.regions.emplace_back("~cover");
    const std::size_t rows = matrix.columns.size();
    std::vector<std::size_t> own;
    for (std::size_t c = 0; c < rows; ++c) {
      if (!DecidesFor(matrix.columns[c], clause)) continue;
      own.push_back(c);
      table::Column noted{.kind = ColumnKind::kRegion, .verdict = Verdict::kAllow};
      noted.clause = clause;
      noted.name = name;
      noted.constraints = matrix.columns[c].constraints;
      matrix.columns.push_back(std::move(noted));
    }
    MoveCut(model, matrix, clause, d, cut, step);
    Either either;
    either.gains = CoverQuestion::Make(model, capability_, clause, false);
    for (std::size_t i = 0; i < own.size(); ++i)
      std::swap(matrix.columns[own[i]].constraints, matrix.columns[rows + i].constraints);
    either.loses = CoverQuestion::Make(model, capability_, clause, false);
    return either;
  }

  void Judge(const std::array<Side, 2>& sides, const CoverCondition& asks, const About& about,
             Covered* covered) {
    const std::array<CoverSide*, 2> out = {&covered->decides, &covered->yields};
    std::array<std::optional<analysis::Witness>, 2> witness;
    std::vector<Example> near;
    for (std::size_t i = 0; i < 2; ++i) {
      if (const Example* example = CoveredBy(sides[i], compiled_.program.examples)) {
        *out[i] = {.state = CoverState::kCovered, .by = example->title};
        near.push_back(*example);
      } else {
        Look(sides[i], out[i], &witness[i]);
      }
    }
    if (covered->state() == CoverState::kCannot) return;
    for (std::size_t i = 0; i < 2; ++i)
      if (witness[i]) Show(sides[i], *witness[i], asks, about, &near, out[i]);
  }

  // Adds it to the others; past requests are asked later, of many at once.
  void AskPast(const std::array<Side, 2>& sides, Covered covered, std::vector<Covered>* all) {
    const std::size_t at = all->size();
    const bool counts = covered.state() != CoverState::kCannot;
    all->push_back(std::move(covered));
    if (options_.progress) options_.progress(out_.conditions.size() + out_.boundaries.size());
    for (std::size_t i = 0; i < 2 && counts; ++i) {
      PastProbes::Probe probe;
      probe.capability = capability_;
      for (const auto& question : sides[i].questions) probe.bytes += question->bytes();
      probe.shows = [questions = sides[i].questions](const runtime::Request& request) {
        return std::ranges::any_of(questions, [&](const auto& q) { return q->Holds(request); });
      };
      probe.found = [all, at, i](std::string where) {
        Covered& one = (*all)[at];
        (i == 0 ? one.decides : one.yields).past = std::move(where);
      };
      past_.Add(std::move(probe));
    }
  }

  const Example* CoveredBy(const Side& side, const std::vector<Example>& examples) const {
    for (const Example& example : examples)
      if (example.capability == capability_ && Covers(side, example)) return &example;
    return nullptr;
  }

  bool Covers(const Side& side, const Example& example) const {
    return std::ranges::any_of(side.questions, [&](const auto& question) {
      const ExampleQuestion range(compiled_.program, question->table(), example);
      analysis::Budget budget{.limit = options_.max_steps};
      return question->HoldsThroughout(range.space, budget);
    });
  }

  // Is there any request at all?
  void Look(const Side& side, CoverSide* out, std::optional<analysis::Witness>* witness) const {
    out->state = side.open ? CoverState::kUnknown : CoverState::kCannot;
    if (side.open) out->why = "it needs too many rows";
    for (const auto& question : side.questions) {
      analysis::Budget budget{.limit = options_.max_steps};
      const analysis::Space space(question->table(), capability_);
      analysis::Answer answer = question->Find(space, budget);
      if (answer.outcome == Outcome::kUnknown) {
        out->state = CoverState::kUnknown;
        out->why = answer.why;
      }
      if (answer.outcome != Outcome::kFound) continue;
      out->state = CoverState::kMissing;
      *witness = std::move(answer.witness);
      return;
    }
  }

  // A request that would cover it: as an example that is written already, or as one that has all in
  // common with an example of the other side but what is asked, or as it was found.
  void Show(const Side& side, const analysis::Witness& found, const CoverCondition& asks,
            const About& about, std::vector<Example>* near, CoverSide* out) {
    const auto covers = [&](const Example& example) { return Covers(side, example); };
    std::optional<Example> example;
    if (const Example* written = CoveredBy(side, out_.written)) {
      example = *written;
    } else {
      for (std::size_t i = 0; i < near->size() && !example; ++i)
        example = Beside((*near)[i], side, asks, about);
      if (!example) example = writer_.Write(found, {}, about, covers);
      if (example) out_.written.push_back(*example);
    }
    if (!example) {
      out->request = analysis::Describe(policy_->table, found);
      if (out->request.empty()) out->request = "any request";
      return;
    }
    out->example = writer_.Text(*example);
    out->request = writer_.RequestText(*example);
    near->push_back(*std::move(example));
  }

  std::optional<Example> Beside(const Example& other, const Side& side, const CoverCondition& asks,
                                const About& about) const {
    Example open = other;
    std::erase_if(open.given, [&](const Given& given) {
      return std::ranges::find(asks.reads, given.fact) != asks.reads.end();
    });
    for (const EvidenceId evidence : asks.evidence) {
      const FactId at = compiled_.model.evidence[evidence.value].at;
      const bool stale =
          std::erase_if(open.given, [&](const Given& g) { return g.fact == at; }) > 0;
      if (!stale) open.given.push_back({.fact = at, .missing = true});
    }
    for (const auto& question : side.questions) {
      const ExampleQuestion range(compiled_.program, question->table(), open);
      analysis::Budget budget{.limit = options_.max_steps};
      const analysis::Answer answer = question->Find(range.space, budget);
      if (answer.outcome != Outcome::kFound) continue;
      auto example = writer_.Write(*answer.witness, open.given, about,
                                   [&](const Example& e) { return Covers(side, e); });
      if (example) return example;
    }
    return std::nullopt;
  }

  const Compiled& compiled_;
  const lang::SourceSet& sources_;
  const CoverOptions& options_;
  const std::expected<table::WrittenTable, table::WriteError> policy_;
  const ExampleWriter writer_;
  const Applications applications_;
  ConditionCover conditions_;
  PastProbes past_;
  CapabilityId capability_;
  PolicyCover out_;
};

}  // namespace

CoverState Covered::state() const {
  for (const CoverState state : {CoverState::kCannot, CoverState::kUnknown, CoverState::kMissing})
    if (decides.state == state || yields.state == state) return state;
  return CoverState::kCovered;
}

double Share::value() const {
  return counted == 0 ? 1.0 : static_cast<double>(covered) / static_cast<double>(counted);
}

Share ShareOf(const std::vector<Covered>& all) {
  Share share;
  for (const Covered& one : all) {
    const CoverState state = one.state();
    share.covered += state == CoverState::kCovered ? 1 : 0;
    share.unknown += state == CoverState::kUnknown ? 1 : 0;
    share.cannot += state == CoverState::kCannot ? 1 : 0;
    share.counted += state == CoverState::kCannot ? 0 : 1;
  }
  return share;
}

Share PastShareOf(const std::vector<Covered>& all) {
  Share share;
  for (const Covered& one : all) {
    if (one.state() == CoverState::kCannot) {
      ++share.cannot;
      continue;
    }
    ++share.counted;
    share.covered += one.covered_by_past() ? 1 : 0;
  }
  return share;
}

PolicyCover CoverPolicy(const Compiled& compiled, const lang::SourceSet& sources,
                        const CoverOptions& options) {
  return Coverer(compiled, sources, options).Run();
}

}  // namespace writ::compiler
