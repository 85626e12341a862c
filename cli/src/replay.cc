// `writ replay`: past runs through an old and a new table.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "context.h"
#include "outputs.h"
#include "past.h"

namespace writ::cli {
namespace {

struct ReplayFlags {
  ReplayInputs inputs;
  std::string horizon = "run";
  std::vector<std::string> outputs;
  bool complete = false;
};

Exit RunReplay(const Context& context, const ReplayFlags& options) {
  evals::ReplayOptions replay;
  replay.horizon = options.horizon == "event" ? evals::Horizon::kEvent : evals::Horizon::kRun;
  replay.recording_is_complete = options.complete;
  auto past = ReplayPast(context, options.inputs, replay);
  if (!past) return past.error();

  evals::ReportOptions report;
  report.title = "Replay of " + past->result.lane[1].policy;
  report.tool_version = kToolVersion;
  report.corpus_path = options.inputs.corpus;
  std::vector<Output> outputs;
  for (const std::string& text : options.outputs) outputs.push_back(ParseOutput(text));
  return WriteReports(
      context,
      evals::MakeReport(past->result, evals::Summarise(past->result), std::nullopt, report),
      outputs);
}

}  // namespace

void AddReplay(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<ReplayFlags>();
  CLI::App* verb = app.add_subcommand("replay", "replay past runs through an old and a new policy");
  verb->footer(
      "Example:\n  writ replay --baseline old.wtb --candidate new.wtb --corpus runs.db -o "
      "html:replay.html\n\n"
      "--horizon run (the default) asks what would have happened; --horizon event asks what the "
      "policies say\n"
      "of each event as history recorded it. Nothing is performed and no server is called.");
  verb->add_option("--baseline", options->inputs.baseline, "the policy in force (.wtb or .writ)")
      ->required()
      ->type_name("TABLE");
  verb->add_option("--candidate", options->inputs.candidate,
                   "the one that is to replace it; the baseline if not given")
      ->type_name("TABLE");
  verb->add_option("--corpus", options->inputs.corpus,
                   "past runs, as `writ corpus import` made them")
      ->required()
      ->type_name("DB");
  verb->add_option("--horizon", options->horizon, "run or event")
      ->check(CLI::IsMember({"run", "event"}));
  verb->add_flag("--complete", options->complete,
                 "the recording begins with the first thing that ever happened");
  verb->add_option("-o,--output", options->outputs, "write a report: text, json, junit or html")
      ->type_name("FORMAT:PATH")
      ->check(CheckOutput);
  verb->callback([&context, options, exit] { *exit = RunReplay(context, *options); });
}

}  // namespace writ::cli
