// `writ check`: is the policy whole, and what is wrong with it?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "diagnostic_formats.h"
#include "load.h"

namespace writ::cli {
namespace {

struct CheckFlags {
  std::vector<std::string> paths;
  std::vector<std::string> search;
  std::string as_of;
  bool strict = false;
};

// CLI11 validator.
std::string CheckDay(const std::string& text) {
  using std::chrono::year_month_day;
  const auto digits = [&](std::size_t at, std::size_t count) {
    int number = 0;
    for (const char c : text.substr(at, count))
      number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 100'000;
    return number;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return "a day is written 2026-11-20";
  const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
  const bool read = year >= 1 && year <= 9999 && month <= 12 && day <= 31;
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  return read && date.ok() ? std::string() : "a day is written 2026-11-20";
}

void PrintPassed(const Context& context, const std::string& path,
                 const compiler::Compiled& compiled) {
  const auto& proved = compiled.verification;
  const auto& model = compiled.model;
  context.out << fmt::format("{}: {} {} compiles\n", path, model.policy, model.version)
              << fmt::format("  {} capabilities, {} clauses: no gap, every clause has an effect\n",
                             model.capabilities.size(), proved.clauses_checked)
              << fmt::format(
                     "  {} invariants proved, {} examples pass, {} bytes of table compared with "
                     "the rules\n",
                     proved.invariants_proved, proved.examples_passed, compiled.bytes.size());
  if (!proved.narrows.empty())
    context.out << fmt::format("  within {}: proved, {} region{} decided more strictly\n",
                               proved.narrows, proved.regions_tightened,
                               proved.regions_tightened == 1 ? "" : "s");
}

Exit Check(const Context& context, const CheckFlags& options) {
  Exit worst = Exit::kPass;
  compiler::CompileOptions compile;
  compile.check.as_of = options.as_of;
  compile.check.strict = options.strict;
  const bool sarif = context.format == "sarif", github = context.format == "github";
  std::vector<CompiledPolicy> policies;
  for (const std::string& path : options.paths) {
    CompiledPolicy policy = CompilePolicy(path, options.search, compile);
    if (github) context.out << RenderGithub(policy);
    const Exit exit =
        sarif || github ? Verdict(context, policy) : ReportDiagnostics(context, policy);
    if (exit == Exit::kPass && context.format == "text")
      PrintPassed(context, path, *policy.compiled);
    worst = std::max(worst, exit);
    if (sarif) policies.push_back(std::move(policy));
  }
  if (sarif) context.out << RenderSarif(policies);
  return worst;
}

}  // namespace

void AddCheck(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<CheckFlags>();
  CLI::App* verb =
      app.add_subcommand("check", "compile and verify policies, and say what is wrong with them");
  verb->footer(
      "Example:\n  writ check policies/support_refunds.writ\n\n"
      "All mistakes of a file are reported in one run. Policies named by `use` are looked for "
      "beside\n"
      "the file and in the --house folders. Exit code 2: a policy does not compile.\n\n"
      "With --as-of, what has expired on that day is an error, and what expires within 30 days a "
      "warning. With --strict, every policy is read as if its head said `strict`.");
  OfferFormats(*verb, context, {"sarif", "github"});
  verb->add_option("POLICY", options->paths, "policy files (.writ)")->required();
  verb->add_option("--as-of", options->as_of, "the day on which nothing may have expired")
      ->type_name("DATE")
      ->check(CheckDay);
  verb->add_flag("--strict", options->strict,
                 "numbers that decide need names; a run header is wanted");
  verb->add_option("--house", options->search, "further folders with policies that are used")
      ->type_name("DIR");
  verb->callback([&context, options, exit] { *exit = Check(context, *options); });
}

}  // namespace writ::cli
