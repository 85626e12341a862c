#include "outputs.h"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "load.h"

namespace writ::cli {

std::string CheckOutput(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon + 1 == text.size())
    return "write FORMAT:PATH, for example html:report.html";
  if (evals::ParseReportFormat(text.substr(0, colon))) return {};
  return fmt::format("`{}` is no report format; there are text, json, junit and html",
                     text.substr(0, colon));
}

Output ParseOutput(const std::string& text, const std::string& label) {
  const std::size_t colon = text.find(':');
  std::filesystem::path path = text.substr(colon + 1);
  if (!label.empty())
    path.replace_filename(
        fmt::format("{}.{}{}", path.stem().string(), label, path.extension().string()));
  return {*evals::ParseReportFormat(text.substr(0, colon)), path.string()};
}

Exit WriteReports(const Context& context, const evals::Report& report,
                  const std::vector<Output>& outputs) {
  context.out << evals::Render(
      report, context.json ? evals::ReportFormat::kJson : evals::ReportFormat::kText);
  for (const Output& output : outputs) {
    if (const auto written = WriteFile(output.path, evals::Render(report, output.format));
        !written) {
      return context.Fail(Exit::kFiles, written.error(), "name a file in a folder that exists");
    }
    context.err << fmt::format("wrote {}\n", output.path);
  }
  return Exit::kPass;
}

}  // namespace writ::cli
