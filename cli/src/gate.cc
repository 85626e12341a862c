// `writ gate`: may this change be released? One verdict, printed once, equal to the exit code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "context.h"
#include "outputs.h"
#include "past.h"
#include "writ/evals/gate.h"

namespace writ::cli {
namespace {

constexpr std::size_t kMaxGateBytes = 1 << 20;  // a gate file is a page

struct GateFlags {
  std::string path, as_of;
  ReplayInputs inputs;
  std::vector<std::string> outputs;
};

std::string Today() {
  const std::chrono::year_month_day day{
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

// Paths in a gate file are relative to the file, so that the verdict does not depend on where it is
// asked for.
std::string Beside(const std::string& gate, const std::string& path) {
  if (path.empty() || std::filesystem::path(path).is_absolute()) return path;
  return (std::filesystem::path(gate).parent_path() / path).lexically_normal().string();
}

std::expected<evals::GateFile, Exit> ReadGate(const Context& context, const std::string& path) {
  const auto yaml = ReadFile(path, kMaxGateBytes);
  if (!yaml)
    return std::unexpected(
        context.Fail(Exit::kFiles, yaml.error(),
                     "give a gate file, such as policies/support_refunds.gate.yaml"));
  auto gate = evals::ReadGateFile(*yaml, path);
  if (gate) return *std::move(gate);
  for (const evals::GateFileError& error : gate.error()) context.err << error.Text(path) << '\n';
  return std::unexpected(context.Fail(
      Exit::kUsage, fmt::format("`{}` is no gate: {} mistakes", path, gate.error().size()),
      "mend the first; docs/evals.md describes every key"));
}

// One corpus to judge: `spec` is its place in the gate file's list.
struct Case {
  ReplayInputs inputs;
  std::string mapping;
  std::size_t spec = 0;
};

// What the command line leaves out stands in the gate file. A corpus given there takes the place of
// the file's only one, or of the one of that file name.
std::vector<Case> Cases(const GateFlags& options, const evals::GateFile& gate) {
  ReplayInputs inputs = options.inputs;
  if (inputs.baseline.empty()) inputs.baseline = Beside(options.path, gate.baseline);
  if (inputs.candidate.empty()) inputs.candidate = Beside(options.path, gate.candidate);
  if (!inputs.corpus.empty() && gate.corpora.empty()) return {{inputs, "", 0}};
  std::vector<Case> all;
  const std::filesystem::path given(inputs.corpus);
  for (std::size_t i = 0; i < gate.corpora.size(); ++i) {
    const evals::CorpusSpec& corpus = gate.corpora[i];
    const std::string named =
        inputs.corpus.empty() ? Beside(options.path, corpus.path) : inputs.corpus;
    const bool meant = inputs.corpus.empty() || gate.corpora.size() == 1 ||
                       std::filesystem::path(corpus.path).filename() == given.filename();
    if (named.empty() || !meant) continue;
    all.push_back(
        {{inputs.baseline, inputs.candidate, named}, Beside(options.path, corpus.mapping), i});
  }
  return all;
}

struct Judged {
  Exit exit = Exit::kPass;
  std::string next;  // empty on a pass, and where what went wrong was said already
};

Judged JudgeOne(const Context& context, const GateFlags& options, const evals::GateFile& gate,
                const Case& one, bool only) {
  const ReplayInputs& inputs = one.inputs;
  if (!one.mapping.empty()) {
    const auto corpus = evals::Corpus::Open(inputs.corpus);
    if (!corpus) return {FailCorpus(context, corpus.error()), ""};
    if (const auto same = corpus->VerifyMapping(one.mapping); !same)
      return {FailCorpus(context, same.error()), ""};
  }
  evals::ReplayOptions replay;
  replay.horizon = gate.horizon;
  auto past = ReplayPast(context, inputs, replay);
  if (!past) return {past.error(), ""};
  evals::ReplaySummary summary = evals::Summarise(past->result);
  evals::GateOptions judge;
  judge.as_of = options.as_of.empty() ? Today() : options.as_of;
  judge.tool_version = kToolVersion;
  judge.corpus = one.spec;
  judge.baseline = &past->baseline->table;
  judge.candidate = &(past->candidate ? past->candidate : past->baseline)->table;
  const evals::GateVerdict verdict = evals::Judge(gate, past->result, summary, judge);

  evals::ReportOptions report;
  report.title = gate.title.empty() ? gate.name : gate.title;
  report.tool_version = kToolVersion;
  report.corpus_path = inputs.corpus;
  const std::string label =
      only ? std::string() : std::filesystem::path(inputs.corpus).stem().string();
  std::vector<Output> outputs;
  for (const std::string& text : options.outputs) outputs.push_back(ParseOutput(text, label));
  const Exit written = WriteReports(
      context, evals::MakeReport(past->result, std::move(summary), verdict, report), outputs);
  if (written != Exit::kPass) return {written, ""};
  return {static_cast<Exit>(verdict.exit_code()),
          only ? verdict.next : fmt::format("{}: {}", label, verdict.next)};
}

// How bad: what could not be judged at all over block over inconclusive.
int Rank(Exit exit) {
  switch (exit) {
    case Exit::kPass:
      return 0;
    case Exit::kInconclusive:
      return 1;
    case Exit::kBlock:
      return 2;
    case Exit::kUsage:
      return 3;
    case Exit::kFiles:
      return 4;
    case Exit::kDigest:
      return 5;
  }
  return 5;
}

std::string_view Word(Exit exit) {
  switch (exit) {
    case Exit::kPass:
      return "PASS";
    case Exit::kInconclusive:
      return "INCONCLUSIVE";
    case Exit::kBlock:
      return "BLOCK";
    case Exit::kUsage:
    case Exit::kFiles:
    case Exit::kDigest:
      break;
  }
  return "not judged";
}

std::string Lower(std::string_view word) {
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

Judged JudgeAll(const Context& context, const GateFlags& options, const evals::GateFile& gate,
                const std::vector<Case>& cases) {
  Judged worst;
  for (const Case& one : cases) {
    Judged judged = JudgeOne(context, options, gate, one, cases.size() == 1);
    if (Rank(judged.exit) > Rank(worst.exit)) worst = std::move(judged);
  }
  return worst;
}

// The reports as the members of one JSON document: several after one another would be none.
Judged JudgeInOneDocument(const Context& context, const GateFlags& options,
                          const evals::GateFile& gate, const std::vector<Case>& cases) {
  Judged worst;
  nlohmann::ordered_json reports = nlohmann::ordered_json::array();
  for (const Case& one : cases) {
    std::ostringstream report;
    const Context own{context.in,    report,        context.err,      context.format, context.json,
                      context.quiet, context.color, context.progress, context.formats};
    Judged judged = JudgeOne(own, options, gate, one, false);
    if (Rank(judged.exit) > Rank(worst.exit)) worst = std::move(judged);
    // One that could not be judged has said so, and has no report.
    if (!report.str().empty()) reports.push_back(nlohmann::ordered_json::parse(report.str()));
  }
  context.out << nlohmann::ordered_json{{"schema", "writ-gate-1"},
                                        {"gate", gate.name},
                                        {"verdict", Lower(Word(worst.exit))},
                                        {"reports", std::move(reports)}}
                     .dump(2)
              << '\n';
  return worst;
}

Exit RunGate(const Context& context, const GateFlags& options) {
  if (!options.as_of.empty() && !evals::IsDate(options.as_of)) {
    return context.Fail(Exit::kUsage, fmt::format("`{}` is no date", options.as_of),
                        "write --as-of 2026-10-01");
  }
  const auto gate = ReadGate(context, options.path);
  if (!gate) return gate.error();
  const std::vector<Case> cases = Cases(options, *gate);
  if (cases.empty() && !options.inputs.corpus.empty()) {
    return context.Fail(
        Exit::kUsage, fmt::format("the gate file lists no corpus `{}`", options.inputs.corpus),
        "give the one that is meant its file name, so that it is clear which gates judge it");
  }
  if (cases.empty())
    return context.Fail(Exit::kUsage, "no corpus is named, neither here nor in the gate file",
                        "add --corpus RUNS.db");
  if (cases[0].inputs.baseline.empty() || cases[0].inputs.candidate.empty()) {
    return context.Fail(Exit::kUsage, "two policies are needed",
                        "add --baseline OLD and --candidate NEW, here or in the gate file");
  }
  const Judged worst = context.json && cases.size() > 1
                           ? JudgeInOneDocument(context, options, *gate, cases)
                           : JudgeAll(context, options, *gate, cases);
  if (cases.size() > 1)
    context.err << fmt::format("verdict over {} corpora: {}\n", cases.size(), Word(worst.exit));
  if (worst.exit != Exit::kPass && !worst.next.empty())
    context.err << "next: " << worst.next << '\n';
  return worst.exit;
}

}  // namespace

void AddGate(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<GateFlags>();
  CLI::App* verb =
      app.add_subcommand("gate", "judge a change by past runs: pass, block or inconclusive");
  verb->footer(
      "Example:\n  writ gate policies/support_refunds.gate.yaml --corpus runs.db -o "
      "html:report.html -o junit:gate.xml\n\n"
      "Exit code 0 pass, 1 block, 3 inconclusive. Paths inside a gate file are relative to the "
      "file.");
  verb->add_option("GATE", options->path, "gate file (.yaml)")->required();
  verb->add_option("--baseline", options->inputs.baseline, "the policy in force (.wtb or .writ)")
      ->type_name("TABLE");
  verb->add_option("--candidate", options->inputs.candidate, "the one that is to replace it")
      ->type_name("TABLE");
  verb->add_option("--corpus", options->inputs.corpus,
                   "past runs, as `writ corpus import` made them")
      ->type_name("DB");
  verb->add_option("--as-of", options->as_of,
                   "judge waivers and ages as of this day; today if not given")
      ->type_name("DATE");
  verb->add_option("-o,--output", options->outputs, "write a report: text, json, junit or html")
      ->type_name("FORMAT:PATH")
      ->check(CheckOutput);
  verb->callback([&context, options, exit] { *exit = RunGate(context, *options); });
}

}  // namespace writ::cli
