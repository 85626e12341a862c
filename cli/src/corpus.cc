// `writ corpus import | check | stat`: past runs in, and what they are fit for.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "load.h"
#include "past.h"
#include "progress.h"
#include "writ/evals/corpus.h"
#include "writ/evals/corpus_check.h"
#include "writ/evals/corpus_stat.h"

namespace writ::cli {
namespace {

struct ImportChoices {
  std::vector<std::string> inputs, attachments;
  std::string mapping, output;
};
struct CheckChoices {
  std::string corpus;
  std::vector<std::string> tables;
};

Exit Import(const Context& context, const ImportChoices& choices) {
  std::vector<std::pair<std::string, std::string>> attachments;
  for (const std::string& text : choices.attachments) {
    const std::size_t equals = text.find('=');
    attachments.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  Progress progress(context, "importing");
  evals::ImportOptions options;
  options.progress = [&progress](std::uint64_t lines, std::uint64_t) {
    progress.Update(lines, 0, "lines");
  };
  const auto summary =
      evals::ImportCorpus(choices.inputs, choices.mapping, attachments, choices.output, options);
  if (!summary) return FailCorpus(context, summary.error());
  if (context.json) {
    context.out << nlohmann::ordered_json{{"corpus", choices.output}, {"lines", summary->lines},
                                          {"runs", summary->runs},    {"events", summary->events},
                                          {"facts", summary->facts},  {"labels", summary->labels},
                                          {"sha256", summary->digest}}
                       .dump(2)
                << '\n';
  } else {
    context.out << fmt::format(
        "{}: {} runs, {} events, {} facts, {} labels from {} lines\n  sha256 {}\n", choices.output,
        summary->runs, summary->events, summary->facts, summary->labels, summary->lines,
        summary->digest);
  }
  return Exit::kPass;
}

Exit Check(const Context& context, const CheckChoices& choices) {
  const auto corpus = evals::Corpus::Open(choices.corpus);
  if (!corpus) return FailCorpus(context, corpus.error());
  if (const auto verified = corpus->VerifyDigest(); !verified)
    return FailCorpus(context, verified.error());
  std::vector<std::unique_ptr<LoadedTable>> loaded;
  std::vector<const runtime::Table*> tables;
  for (const std::string& path : choices.tables) {
    auto table = LoadTable(context, path);
    if (!table) return table.error();
    tables.push_back(&(*table)->table);
    loaded.push_back(std::move(*table));
  }
  const auto report = evals::CheckCorpus(*corpus, tables);
  if (!report) return FailCorpus(context, report.error());
  context.out << (context.json ? evals::RenderJson(*report) : evals::RenderText(*report));
  if (report->errors() == 0) return Exit::kPass;
  return context.Fail(Exit::kBlock,
                      fmt::format("{} kinds of mistakes in the corpus", report->errors()),
                      "mend the mapping and import again; docs/evals.md explains each finding");
}

Exit Stat(const Context& context, const std::string& path) {
  const auto corpus = evals::Corpus::Open(path);
  if (!corpus) return FailCorpus(context, corpus.error());
  const auto stat = evals::StatCorpus(*corpus);
  if (!stat) return FailCorpus(context, stat.error());
  context.out << (context.json ? evals::RenderJson(*stat) : evals::RenderText(*stat));
  return Exit::kPass;
}

std::string CheckAttachment(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 || equals + 1 == text.size() ? "write NAME=FILE"
                                                                                 : std::string();
}

void AddImport(CLI::App& corpus, Context& context, Exit* exit) {
  auto choices = std::make_shared<ImportChoices>();
  CLI::App* verb = corpus.add_subcommand("import", "load JSON lines through a mapping in SQL");
  verb->footer(
      "Example:\n  writ corpus import runs.jsonl --map corpora/support_desk/support_desk.sql -o "
      "runs.db\n\n"
      "A mapping fills the tables that docs/evals.md describes. The corpus is written whole or not "
      "at all.");
  verb->add_option("RUNS", choices->inputs, "JSON-lines files; .xz is unpacked")->required();
  verb->add_option("--map", choices->mapping, "the mapping (.sql)")->required()->type_name("FILE");
  verb->add_option("--attach", choices->attachments,
                   "a further file that the mapping may join, as a table")
      ->type_name("NAME=FILE")
      ->check(CheckAttachment);
  verb->add_option("-o,--output", choices->output, "the corpus to write (.db)")
      ->required()
      ->type_name("DB");
  verb->callback([&context, choices, exit] { *exit = Import(context, *choices); });
}

void AddCorpusCheck(CLI::App& corpus, Context& context, Exit* exit) {
  auto choices = std::make_shared<CheckChoices>();
  CLI::App* verb = corpus.add_subcommand("check", "say what tables cannot read of a corpus");
  verb->footer(
      "Example:\n  writ corpus check runs.db --table refunds.wtb\n\nExit code 1: some events "
      "cannot be judged as they were.");
  verb->add_option("DB", choices->corpus, "the corpus")->required();
  verb->add_option("--table", choices->tables,
                   "tables (.wtb) or policies (.writ) that will judge it")
      ->required()
      ->type_name("TABLE");
  verb->callback([&context, choices, exit] { *exit = Check(context, *choices); });
}

}  // namespace

void AddCorpus(CLI::App& app, Context& context, Exit* exit) {
  CLI::App* corpus = app.add_subcommand("corpus", "past runs: import, check, stat");
  corpus->require_subcommand(1);
  corpus->footer(
      "Example:\n  writ corpus import runs.jsonl --map mapping.sql -o runs.db && writ corpus stat "
      "runs.db");
  AddImport(*corpus, context, exit);
  AddCorpusCheck(*corpus, context, exit);
  auto path = std::make_shared<std::string>();
  CLI::App* stat = corpus->add_subcommand("stat", "count what is in a corpus");
  stat->footer("Example:\n  writ corpus stat runs.db");
  stat->add_option("DB", *path, "the corpus")->required();
  stat->callback([&context, path, exit] { *exit = Stat(context, *path); });
}

}  // namespace writ::cli
