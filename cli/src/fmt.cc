// `writ fmt`: policies in the one canonical layout.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <dtl/dtl.hpp>
#include <expected>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "replace_file.h"
#include "writ/lang/format.h"

namespace writ::cli {
namespace {

struct FmtFlags {
  std::vector<std::string> paths;
  bool write = false;
  bool check = false;
  bool diff = false;
};

// What became of all files.
struct Tally {
  Exit worst = Exit::kPass;
  std::size_t unreadable = 0;
  std::size_t broken = 0;
  std::size_t differ = 0;
};

constexpr std::string_view kStandardInput = "-";

// All of standard input, or a byte more than a file may have.
std::string ReadInput(const Context& context, std::size_t max_bytes) {
  std::string text;
  char buffer[1 << 16];
  while (text.size() <= max_bytes && context.in.read(buffer, sizeof buffer).gcount() > 0)
    text.append(buffer, static_cast<std::size_t>(context.in.gcount()));
  return text;
}

std::expected<lang::FileId, std::string> AddSource(const Context& context, const std::string& path,
                                                   lang::SourceSet& sources) {
  if (path == kStandardInput)
    return sources.AddText("<stdin>", ReadInput(context, sources.max_file_bytes()));
  const auto file = sources.AddFile(path);
  if (file) return *file;
  return std::unexpected(fmt::format("`{}` cannot be read: {}", path, file.error().message));
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

void PrintDiff(const Context& context, const std::string& path, std::string_view before,
               std::string_view after) {
  dtl::Diff<std::string> diff(Lines(before), Lines(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  context.out << fmt::format("--- {0}\n+++ {0}, formatted\n", path);
  diff.printUnifiedFormat(context.out);
}

// One file. Nothing is written before all of it is formatted.
Exit FormatOne(const Context& context, const FmtFlags& options, const std::string& path,
               Tally& tally) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const auto file = AddSource(context, path, sources);
  if (!file) {
    context.err << "writ: " << file.error() << '\n';
    ++tally.unreadable;
    return Exit::kFiles;
  }
  const std::optional<std::string> formatted = lang::Format(sources, *file, sink);
  context.err << lang::RenderText(sink, sources, context.color);
  if (!formatted) {
    ++tally.broken;
    return Exit::kUsage;
  }
  // The text is without the byte order mark that the file may have.
  const std::string_view text = sources.Text(*file);
  const bool differs = *formatted != text || sources.SizeBytes(*file) != text.size();
  if (!options.write && !options.check && !options.diff) {
    context.out << *formatted;
    return Exit::kPass;
  }
  if (!differs) return Exit::kPass;
  ++tally.differ;
  if (options.diff) PrintDiff(context, path, text, *formatted);
  if (options.check) {
    if (!options.diff) context.out << path << '\n';
    return Exit::kBlock;
  }
  if (!options.write) return Exit::kPass;
  if (const auto written = ReplaceFile(path, *formatted); !written) {
    context.err << "writ: " << written.error() << '\n';
    ++tally.unreadable;
    return Exit::kFiles;
  }
  context.err << "formatted " << path << '\n';
  return Exit::kPass;
}

std::string Files(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "file" : "files");
}

Exit Fmt(const Context& context, const FmtFlags& options) {
  Tally tally;
  for (const std::string& path : options.paths) {
    if (options.write && path == kStandardInput) {
      return context.Fail(Exit::kUsage, "standard input cannot be rewritten",
                          "leave out --write, and redirect the output");
    }
    tally.worst = std::max(tally.worst, FormatOne(context, options, path, tally));
  }
  switch (tally.worst) {
    case Exit::kPass:
      return Exit::kPass;
    case Exit::kBlock:
      return context.Fail(Exit::kBlock,
                          fmt::format("{} not in the canonical layout", Files(tally.differ)),
                          "writ fmt --write FILE, or --check --diff to see how");
    case Exit::kUsage:
      return context.Fail(
          Exit::kUsage,
          fmt::format("{} cannot be read as a policy, and stayed as it was", Files(tally.broken)),
          "mend the first error and format again; docs/diagnostics.md explains "
          "each code");
    default:
      return context.Fail(Exit::kFiles, fmt::format("{} not formatted", Files(tally.unreadable)),
                          "check the path and its permissions");
  }
}

}  // namespace

void AddFmt(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<FmtFlags>();
  CLI::App* verb = app.add_subcommand("fmt", "lay policies out the one canonical way");
  verb->footer(
      "Examples:\n"
      "  writ fmt policies/support_refunds.writ             print it, laid out\n"
      "  writ fmt --write policies/*.writ                   rewrite the files\n"
      "  writ fmt --check --diff policies/*.writ            exit 1 if a file would change, and "
      "show how\n"
      "  writ fmt - < draft.writ                            read standard input\n\n"
      "Only space and line ends change; comments stay, and so does what the policy means. A file "
      "that\n"
      "cannot be read as a policy is left alone: exit code 2.");
  verb->add_option("FILE", options->paths, "policy files (.writ); - is standard input")->required();
  CLI::Option* write =
      verb->add_flag("-w,--write", options->write, "rewrite the files that change");
  verb->add_flag("--check", options->check,
                 "name the files that would change; exit 1 if there are any")
      ->excludes(write);
  verb->add_flag("--diff", options->diff, "show what would change");
  verb->callback([&context, options, exit] { *exit = Fmt(context, *options); });
}

}  // namespace writ::cli
