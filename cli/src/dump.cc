// `writ dump`: the syntax tree of a policy as JSON, for tools and for the oracle.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "context.h"
#include "load.h"
#include "writ/lang/dump.h"
#include "writ/lang/parse.h"

namespace writ::cli {
namespace {

Exit Dump(const Context& context, const std::string& path) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const auto file = sources.AddFile(path);
  if (!file)
    return context.Fail(Exit::kFiles, file.error().message, "check the path and its permissions");
  const auto ast = lang::Parse(sources, *file, sink);
  context.err << lang::RenderText(sink, sources, context.color);
  if (!ast || sink.HasErrors())
    return context.Fail(Exit::kUsage, "the policy cannot be read",
                        "mend the first error and try again");
  context.out << lang::DumpJson(*ast) << '\n';
  return Exit::kPass;
}

}  // namespace

void AddDump(CLI::App& app, Context& context, Exit* exit) {
  auto path = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("dump", "print the syntax tree of a policy as JSON");
  verb->footer("Example:\n  writ dump policies/support_refunds.writ");
  verb->add_option("POLICY", *path, "policy file (.writ)")->required();
  verb->callback([&context, path, exit] { *exit = Dump(context, *path); });
}

}  // namespace writ::cli
