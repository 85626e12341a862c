// `writ check`: is the policy whole, and what is wrong with it?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "load.h"

namespace writ::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> search;
};

void PrintPassed(const Context& context, const std::string& path, const compiler::Compiled& compiled) {
  const auto& proved = compiled.verification;
  const auto& model = compiled.model;
  context.out << fmt::format("{}: {} {} compiles\n", path, model.policy, model.version)
              << fmt::format("  {} capabilities, {} clauses: no gap, every clause has an effect\n", model.capabilities.size(),
                             proved.clauses_checked)
              << fmt::format("  {} invariants proved, {} examples pass, {} bytes of table compared with the rules\n",
                             proved.invariants_proved, proved.examples_passed, compiled.bytes.size());
}

Exit Check(const Context& context, const Options& options) {
  Exit worst = Exit::kPass;
  for (const std::string& path : options.paths) {
    const CompiledPolicy policy = CompilePolicy(path, options.search);
    const Exit exit = ReportDiagnostics(context, policy);
    if (exit == Exit::kPass && !context.json) PrintPassed(context, path, *policy.compiled);
    worst = std::max(worst, exit);
  }
  return worst;
}

}  // namespace

void AddCheck(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("check", "compile and verify policies, and say what is wrong with them");
  verb->footer("Example:\n  writ check policies/support_refunds.writ\n\n"
               "All mistakes of a file are reported in one run. Policies named by `use` are looked for beside\n"
               "the file and in the --house folders. Exit code 2: a policy does not compile.");
  verb->add_option("POLICY", options->paths, "policy files (.writ)")->required();
  verb->add_option("--house", options->search, "further folders with policies that are used")->type_name("DIR");
  verb->callback([&context, options, exit] { *exit = Check(context, *options); });
}

}  // namespace writ::cli
