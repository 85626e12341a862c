// `writ test`: do the examples of a policy hold, and how much of it do they hold?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include "context.h"
#include "load.h"
#include "past.h"
#include "progress.h"
#include "test_report.h"
#include "writ/evals/requests.h"
#include "writ/lang/format.h"
#include "writ/table/write.h"

namespace writ::cli {
namespace {

constexpr std::size_t kMaxSourceBytes = std::size_t{64} << 20;

struct TestFlags {
  std::string path, junit, corpus;
  bool mutate = false, coverage = false, write = false, complete = false;
  double min_score = 0, min_coverage = 0;
};

// The mistakes that the policy has are all in its examples: they failed, it is not broken.
bool OnlyExamplesFail(const lang::DiagnosticSink& sink) {
  return std::ranges::all_of(sink.Sorted(), [](const lang::Diagnostic& diagnostic) {
    return lang::Info(diagnostic.kind).severity != lang::Severity::kError ||
           diagnostic.kind == lang::DiagnosticKind::kExampleFails;
  });
}

// What would notice what survived, and cover what is not covered. Examples that say the same are
// written once; titles stay apart.
std::vector<std::string> Missing(const TestReport& report) {
  std::vector<std::string> found;
  for (const auto* all : {&report.cover.conditions, &report.cover.boundaries}) {
    for (const compiler::Covered& one : *all) {
      if (one.state() != compiler::CoverState::kMissing) continue;
      for (const compiler::CoverSide* side : {&one.decides, &one.yields})
        found.push_back(side->example);
    }
  }
  for (const compiler::Mutant& mutant : report.test.mutants) found.push_back(mutant.example);
  std::vector<std::string> missing;
  std::set<std::string> bodies;
  std::set<std::string> titles(report.test.examples.begin(), report.test.examples.end());
  for (const std::string& example : found) {
    const std::size_t body = example.find("\" {");
    if (body == std::string::npos || !bodies.insert(example.substr(body)).second) continue;
    const std::size_t begin = example.find('"') + 1;
    const std::string stem = example.substr(begin, body - begin);
    std::string title = stem;
    for (int n = 2; !titles.insert(title).second; ++n) title = fmt::format("{} ({})", stem, n);
    missing.push_back("example \"" + title + example.substr(body));
  }
  return missing;
}

// In the canonical layout; the text itself where it has none.
std::string Formatted(const std::string& path, const std::string& text) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  return lang::Format(sources, sources.AddText(path, text), sink).value_or(text);
}

// Adds to the end of the file, and takes nothing away. A file in the canonical layout stays so.
Exit Append(const Context& context, const std::string& path, const TestReport& report) {
  const std::vector<std::string>& examples = report.missing;
  if (examples.empty()) return Exit::kPass;
  auto text = ReadFile(path, kMaxSourceBytes);
  if (!text) return context.Fail(Exit::kFiles, text.error(), "check the path and its permissions");
  const bool canonical = Formatted(path, *text) == *text;
  if (!text->ends_with('\n')) text->push_back('\n');
  *text += fmt::format("\n// What the examples above leave out; found by `writ test{}{}`.\n",
                       report.mutated ? " --mutate" : "", report.covered ? " --coverage" : "");
  for (const std::string& example : examples) text->append(example + "\n");
  if (canonical) *text = Formatted(path, *text);
  if (const auto written = WriteFile(path, *text); !written)
    return context.Fail(Exit::kFiles, written.error(), "is the folder writable?");
  context.err << fmt::format("{} examples written to {}\n", examples.size(), path);
  return Exit::kPass;
}

Exit ExitOf(const Context& context, const TestFlags& options, const TestReport& report) {
  const auto few = [&](double share, double least, const char* what) {
    return context.Fail(
        Exit::kBlock, fmt::format("{:.1f} % of the {}, fewer than {} %", share * 100, what, least),
        "add the examples above, or let `--write` add them");
  };
  const double score = report.test.score();
  if (report.test.Count(compiler::MutantState::kUnknown) > 0) {
    return context.Fail(Exit::kInconclusive, "not every mutant could be settled",
                        "say the entangled conditions more simply");
  }
  if (score * 100 < options.min_score) return few(score, options.min_score, "mutants are killed");
  const compiler::Share conditions = ShareOf(report.cover.conditions);
  const compiler::Share boundaries = ShareOf(report.cover.boundaries);
  if (conditions.unknown + boundaries.unknown > 0) {
    return context.Fail(Exit::kInconclusive, "not every condition and boundary could be settled",
                        "say the entangled conditions more simply");
  }
  if (!report.covered) return Exit::kPass;
  const double least = options.min_coverage;
  const double rows = RowsReached(report);
  if (rows * 100 < least) return few(rows, least, "rows are reached");
  if (conditions.value() * 100 < least)
    return few(conditions.value(), least, "conditions are shown to matter on their own");
  if (boundaries.value() * 100 < least)
    return few(boundaries.value(), least, "boundaries are exercised on both sides");
  return Exit::kPass;
}

// The past runs of a corpus, as requests to the policy.
class PastRuns {
 public:
  PastRuns(const Context& context, const TestFlags& options, const compiler::Compiled& policy)
      : context_(context), options_(options), table_(table::WriteAndOpen(policy.model)) {}

  std::expected<void, Exit> Open(TestReport* report) {
    auto corpus = evals::Corpus::Open(options_.corpus);
    if (!corpus) return std::unexpected(FailCorpus(context_, corpus.error()));
    corpus_.emplace(std::move(*corpus));
    auto source = evals::SourceOf(*corpus_);
    if (!source) return std::unexpected(FailCorpus(context_, source.error()));
    source_ = std::move(*source);
    report->corpus = {options_.corpus, source_.digest, source_.run_count, source_.event_count};
    return {};
  }

  // Borrows this.
  compiler::PastRequests Requests() {
    return [this](const std::function<bool(const compiler::PastRequest&)>& visit) {
      if (error_) return;
      Progress progress(context_, "asking past runs");
      evals::RequestOptions how{.recording_is_complete = options_.complete};
      how.progress = [&](std::uint64_t done, std::uint64_t total) {
        progress.Update(done, total, "events");
      };
      const auto read = evals::ForEachRequest(
          source_, table_->table, how,
          [&](const evals::CorpusEvent& event, const runtime::Request& request) {
            return visit({request, event.run, event.event});
          });
      if (!read) error_ = read.error();
    };
  }
  const std::optional<evals::ReplayError>& error() const { return error_; }

 private:
  const Context& context_;
  const TestFlags& options_;
  const std::expected<table::WrittenTable, table::WriteError> table_;
  std::optional<evals::Corpus> corpus_;
  evals::EventSource source_;
  std::optional<evals::ReplayError> error_;
};

compiler::PolicyCover Cover(const Context& context, const CompiledPolicy& policy,
                            const compiler::PastRequests& past) {
  Progress progress(context, "covering");
  compiler::CoverOptions how{.past = past};
  how.progress = [&](std::uint64_t done) { progress.Update(done, 0, "conditions and boundaries"); };
  return compiler::CoverPolicy(*policy.compiled, policy.sources, how);
}

compiler::PolicyTest RunTests(const Context& context, const CompiledPolicy& policy, bool mutate,
                              const compiler::PastRequests& past,
                              const compiler::PolicyCover& cover) {
  Progress progress(context, "testing");
  compiler::TestOptions how{.mutate = mutate, .past = past, .written = cover.written};
  how.progress = [&](std::uint64_t done) { progress.Update(done, 0, "mutants"); };
  return compiler::TestPolicy(*policy.compiled, how);
}

Exit Test(const Context& context, const TestFlags& options) {
  if (options.write && !options.mutate && !options.coverage)
    return context.Fail(Exit::kUsage, "--write adds what --mutate or --coverage finds",
                        "say one of them as well");
  if (options.write && !PolicyPathOf(options.path).version.empty())
    return context.Fail(Exit::kUsage, "examples are added to the last version in a file",
                        "name the file alone, or leave out --write");
  const CompiledPolicy policy = CompilePolicy(options.path, {});
  if (!policy.compiled) {
    const Exit exit = ReportDiagnostics(context, policy);
    const bool failed = exit == Exit::kUsage && policy.diagnostics.HasErrors() &&
                        OnlyExamplesFail(policy.diagnostics);
    return failed ? Exit::kBlock : exit;
  }
  TestReport report;
  report.policy = policy.compiled->model.policy;
  report.version = policy.compiled->model.version;
  report.path = options.path;
  if (const auto& earlier = policy.compiled->program.earlier) report.before = earlier->before;
  report.mutated = options.mutate;
  report.covered = options.coverage;
  PastRuns past(context, options, *policy.compiled);
  compiler::PastRequests requests;
  if (!options.corpus.empty()) {
    if (const auto opened = past.Open(&report); !opened) return opened.error();
    requests = past.Requests();
  }
  if (options.coverage) report.cover = Cover(context, policy, requests);
  report.test = RunTests(context, policy, options.mutate, requests, report.cover);
  if (past.error())
    return context.Fail(Exit::kFiles, past.error()->message,
                        "writ corpus check says what the table can read of it");
  report.missing = Missing(report);
  context.out << (context.json               ? TestJson(report)
                  : context.format == "html" ? TestHtml(report)
                                             : TestText(report));
  if (!options.junit.empty()) {
    if (const auto written = WriteFile(options.junit, TestJunit(report)); !written)
      return context.Fail(Exit::kFiles, written.error(), "is the folder writable?");
  }
  if (options.write) {
    if (const Exit exit = Append(context, options.path, report); exit != Exit::kPass) return exit;
  }
  return ExitOf(context, options, report);
}

}  // namespace

void AddTest(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<TestFlags>();
  CLI::App* verb = app.add_subcommand("test", "run a policy's examples, and say what they miss");
  verb->footer(
      "Examples:\n"
      "  writ test policies/support_refunds.writ\n"
      "  writ test policies/support_refunds.writ --mutate --min-score 90 --junit tests.xml\n"
      "  writ test policies/support_refunds.writ --coverage --min-coverage 80\n"
      "  writ test policies/support_refunds.writ --coverage --mutate --corpus runs.db\n"
      "  writ test policies/support_refunds.writ --coverage --mutate --format html > tests.html\n\n"
      "A mutant is the policy with one small mistake: a row gone, a decision flipped, a condition "
      "dropped, a\nthreshold moved by one step. An example that fails on it has killed it. What "
      "decides every request as the\npolicy does is proved equivalent; anything else survived, and "
      "is shown with an example that would notice.\n"
      "A condition is covered by an example in which it alone makes its clause decide and one in "
      "which it alone keeps\nit from deciding (masking MC/DC); a boundary by an example at the "
      "nearest value on either side. What no request\ncould show is proved, and not counted.\n"
      "With a corpus the same is asked of each recorded event: what no past run exercises, a "
      "replay "
      "of them says\nnothing about. Only the examples decide the exit code.");
  OfferFormats(*verb, context, {"html"});
  verb->add_option("POLICY", options->path, "policy (.writ)")->required();
  verb->add_flag("--mutate", options->mutate, "make mutants, and score the examples by them");
  verb->add_flag("--coverage", options->coverage,
                 "conditions shown to matter on their own, and boundaries exercised");
  verb->add_option("--corpus", options->corpus,
                   "also say what past runs exercise, as `writ corpus import` made them")
      ->type_name("DB");
  verb->add_flag("--complete", options->complete,
                 "the recording begins with the first thing that ever happened")
      ->needs("--corpus");
  verb->add_flag("--write", options->write, "add the missing examples to the end of the policy");
  verb->add_option("--min-score", options->min_score,
                   "block where fewer mutants are killed, in percent")
      ->check(CLI::Range(0.0, 100.0))
      ->needs("--mutate");
  verb->add_option("--min-coverage", options->min_coverage,
                   "block where fewer rows, conditions or boundaries are covered, in percent")
      ->check(CLI::Range(0.0, 100.0))
      ->needs("--coverage");
  verb->add_option("--junit", options->junit, "also write a JUnit XML report")->type_name("PATH");
  verb->callback([&context, options, exit] { *exit = Test(context, *options); });
}

}  // namespace writ::cli
