// `writ build`: policy in, verified table out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "load.h"

namespace writ::cli {
namespace {

struct BuildFlags {
  std::string path, output;
  std::vector<std::string> search;
};

Exit Build(const Context& context, BuildFlags options) {
  if (options.output.empty())
    options.output = std::filesystem::path(options.path).replace_extension(".wtb").string();
  CompiledPolicy policy = CompilePolicy(options.path, options.search);
  if (!policy.compiled) return ReportDiagnostics(context, policy);
  if (!context.json) ReportDiagnostics(context, policy);  // warnings
  const compiler::Compiled& compiled = *policy.compiled;
  const std::string_view bytes(reinterpret_cast<const char*>(compiled.bytes.data()),
                               compiled.bytes.size());
  if (const auto written = WriteFile(options.output, bytes); !written) {
    return context.Fail(Exit::kFiles, written.error(), "name another file with -o");
  }
  runtime::Table table;
  runtime::Table::Open(compiled.bytes.data(), compiled.bytes.size(),
                       &table);  // proved by the compiler's own scan
  if (context.json) {
    context.out << nlohmann::ordered_json{{"policy", compiled.model.policy},
                                          {"version", compiled.model.version},
                                          {"table", options.output},
                                          {"bytes", bytes.size()},
                                          {"sha256", Hex(table.digest())}}
                       .dump(2)
                << '\n';
  } else {
    context.out << fmt::format("{} {} -> {}\n  {} bytes, sha256 {}\n", compiled.model.policy,
                               compiled.model.version, options.output, bytes.size(),
                               Hex(table.digest()));
  }
  return Exit::kPass;
}

}  // namespace

void AddBuild(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<BuildFlags>();
  CLI::App* verb = app.add_subcommand("build", "compile a policy to a verified table (.wtb)");
  verb->footer(
      "Example:\n  writ build policies/support_refunds.writ -o refunds.wtb\n\n"
      "The table is proved, written, opened again and compared with the rules bit by bit before it "
      "is kept.");
  verb->add_option("POLICY", options->path, "policy file (.writ)")->required();
  verb->add_option("-o,--output", options->output,
                   "where the table goes; beside the policy if not given")
      ->type_name("FILE");
  verb->add_option("--house", options->search, "further folders with policies that are used")
      ->type_name("DIR");
  verb->callback([&context, options, exit] { *exit = Build(context, *options); });
}

}  // namespace writ::cli
