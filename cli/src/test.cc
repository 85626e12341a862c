// `writ test`: do the examples of a policy hold, and how much of it do they hold?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include "context.h"
#include "load.h"
#include "test_report.h"
#include "writ/lang/format.h"

namespace writ::cli {
namespace {

constexpr std::size_t kMaxSourceBytes = std::size_t{64} << 20;

struct TestFlags {
  std::string path, junit;
  bool mutate = false, write = false;
  double min_score = 0;
};

// The mistakes that the policy has are all in its examples: they failed, it is not broken.
bool OnlyExamplesFail(const lang::DiagnosticSink& sink) {
  return std::ranges::all_of(sink.Sorted(), [](const lang::Diagnostic& diagnostic) {
    return lang::Info(diagnostic.kind).severity != lang::Severity::kError ||
           diagnostic.kind == lang::DiagnosticKind::kExampleFails;
  });
}

// Examples that say the same are written once; titles stay apart.
std::vector<std::string> Missing(const compiler::PolicyTest& test) {
  std::vector<std::string> missing;
  std::set<std::string> bodies;
  std::set<std::string> titles(test.examples.begin(), test.examples.end());
  for (const compiler::Mutant& mutant : test.mutants) {
    const std::size_t body = mutant.example.find("\" {");
    if (body == std::string::npos || !bodies.insert(mutant.example.substr(body)).second) continue;
    const std::size_t begin = mutant.example.find('"') + 1;
    const std::string stem = mutant.example.substr(begin, body - begin);
    std::string title = stem;
    for (int n = 2; !titles.insert(title).second; ++n) title = fmt::format("{} ({})", stem, n);
    missing.push_back("example \"" + title + mutant.example.substr(body));
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
Exit Append(const Context& context, const std::string& path,
            const std::vector<std::string>& examples) {
  if (examples.empty()) return Exit::kPass;
  auto text = ReadFile(path, kMaxSourceBytes);
  if (!text) return context.Fail(Exit::kFiles, text.error(), "check the path and its permissions");
  const bool canonical = Formatted(path, *text) == *text;
  if (!text->ends_with('\n')) text->push_back('\n');
  text->append(
      "\n// What the examples above would not have noticed; found by `writ test --mutate`.\n");
  for (const std::string& example : examples) text->append(example + "\n");
  if (canonical) *text = Formatted(path, *text);
  if (const auto written = WriteFile(path, *text); !written)
    return context.Fail(Exit::kFiles, written.error(), "is the folder writable?");
  context.err << fmt::format("{} examples written to {}\n", examples.size(), path);
  return Exit::kPass;
}

Exit Test(const Context& context, const TestFlags& options) {
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
  report.mutated = options.mutate;
  report.test = compiler::TestPolicy(*policy.compiled, {.mutate = options.mutate});
  report.missing = Missing(report.test);
  context.out << (context.json ? TestJson(report) : TestText(report));
  if (!options.junit.empty()) {
    if (const auto written = WriteFile(options.junit, TestJunit(report)); !written)
      return context.Fail(Exit::kFiles, written.error(), "is the folder writable?");
  }
  if (options.write) {
    if (const Exit exit = Append(context, options.path, report.missing); exit != Exit::kPass)
      return exit;
  }
  if (report.test.Count(compiler::MutantState::kUnknown) > 0) {
    return context.Fail(Exit::kInconclusive, "not every mutant could be settled",
                        "say the entangled conditions more simply");
  }
  if (report.test.score() * 100 >= options.min_score) return Exit::kPass;
  return context.Fail(Exit::kBlock,
                      fmt::format("{:.1f} % of the mutants are killed, fewer than {} %",
                                  report.test.score() * 100, options.min_score),
                      "add the examples above, or let `--write` add them");
}

}  // namespace

void AddTest(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<TestFlags>();
  CLI::App* verb = app.add_subcommand("test", "run a policy's examples, and say what they miss");
  verb->footer(
      "Examples:\n"
      "  writ test policies/support_refunds.writ\n"
      "  writ test policies/support_refunds.writ --mutate --min-score 90 --junit tests.xml\n\n"
      "A mutant is the policy with one small mistake: a row gone, a decision flipped, a condition "
      "dropped, a\nthreshold moved by one step. An example that fails on it has killed it. What "
      "decides every request as the\npolicy does is proved equivalent; anything else survived, and "
      "is shown with an example that would notice.\nA condition whose loss is noticed matters on "
      "its "
      "own; a threshold noticed on both sides is an exercised boundary.");
  verb->add_option("POLICY", options->path, "policy (.writ)")->required();
  verb->add_flag("--mutate", options->mutate, "make mutants, and score the examples by them");
  verb->add_flag("--write", options->write, "add the missing examples to the end of the policy")
      ->needs("--mutate");
  verb->add_option("--min-score", options->min_score,
                   "block where fewer mutants are killed, in percent")
      ->check(CLI::Range(0.0, 100.0))
      ->needs("--mutate");
  verb->add_option("--junit", options->junit, "also write a JUnit XML report")->type_name("PATH");
  verb->callback([&context, options, exit] { *exit = Test(context, *options); });
}

}  // namespace writ::cli
