// The command line: one verb, its options, its exit code. Each verb lives in the file named after
// it.
#include "writ/cli/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>

#include "context.h"

namespace writ::cli {
namespace {

constexpr const char* kFooter = R"(A first round, in a copy of the repository:
  writ check policies/support_refunds.writ
  writ build policies/support_refunds.writ -o refunds.wtb
  writ decide refunds.wtb refund_agent get_order order=A1

Exit codes: 0 pass, 1 block, 2 usage or policy does not compile, 3 inconclusive, 4 files or database, 5 digest.
`writ VERB --help` shows each verb with an example.)";

// CLI11 parses from the back.
std::vector<std::string> Reversed(const std::vector<std::string>& args) {
  return {args.rbegin(), args.rend()};
}

bool IsTerminal(const std::ostream& stream, const std::ostream& standard, int descriptor) {
  return &stream == &standard && isatty(descriptor) != 0;
}

// Options may stand before or behind the verb, so that nobody has to remember which.
void AddSharedOptions(CLI::App& app, Context& context) {
  app.add_flag("-q,--quiet", context.quiet, "no progress on standard error");
  app.add_option("--format", context.format,
                 "how results are printed: text (the default), json, or what the verb names")
      ->type_name("FORMAT");
  app.parse_complete_callback([&app, &context] {
    std::vector<std::string> known = {"text", "json"};
    for (const CLI::App* verb : app.get_subcommands()) {
      const auto more = context.formats.find(verb->get_name());
      if (more != context.formats.end())
        known.insert(known.end(), more->second.begin(), more->second.end());
    }
    if (std::ranges::find(known, context.format) == known.end()) {
      throw CLI::ValidationError(
          "--format", fmt::format("`{}` is none of {}", context.format, fmt::join(known, ", ")));
    }
    context.json = context.format == "json";
  });
}

}  // namespace

Exit Context::Fail(Exit code, std::string_view what, std::string_view next) const {
  err << "writ: " << what << '\n';
  if (!next.empty()) err << "next: " << next << '\n';
  return code;
}

void OfferFormats(CLI::App& verb, Context& context, std::vector<std::string> formats) {
  verb.footer(
      fmt::format("{}\nFormats: text, json, {}.", verb.get_footer(), fmt::join(formats, ", ")));
  context.formats[verb.get_name()] = std::move(formats);
}

int Run(const std::vector<std::string>& args, std::istream& in, std::ostream& out,
        std::ostream& err) {
  Context context{in, out, err};
  context.color = IsTerminal(err, std::cerr, STDERR_FILENO);
  context.progress = context.color;
  Exit exit = Exit::kPass;

  CLI::App app(
      "Rules for autonomous work: compiled to a verified table, and replayed over past runs before "
      "they are released.",
      "writ");
  app.footer(kFooter);
  app.set_version_flag("--version", std::string(kToolVersion));
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(34);
  AddSharedOptions(app, context);
  for (AddVerb* add :
       {AddNew, AddCheck, AddBuild, AddTable, AddShow, AddDoc, AddExplain, AddDecide, AddDiff, AddTest,
        AddProve, AddCorpus, AddReplay, AddGate, AddFmt, AddDump}) {
    add(app, context, &exit);
  }

  try {
    app.parse(Reversed(args));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, out, err);  // --help, --version
    std::string help = "writ --help";
    for (const CLI::App* verb : app.get_subcommands())
      help = "writ " + verb->get_name() + " --help";
    return static_cast<int>(context.Fail(Exit::kUsage, error.what(), help));
  } catch (const std::bad_alloc&) {
    return static_cast<int>(context.Fail(Exit::kFiles, "out of memory",
                                         "give the command more memory, or less to read"));
  }
  out.flush();
  if (!out)
    return static_cast<int>(context.Fail(Exit::kFiles, "the output could not be written",
                                         "is the disk full, or the pipe closed?"));
  return static_cast<int>(exit);
}

}  // namespace writ::cli
