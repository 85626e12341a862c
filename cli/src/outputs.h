// `-o FORMAT:PATH`: one run writes all reports that are asked for.
#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "writ/evals/report.h"

namespace writ::cli {

struct Output {
  evals::ReportFormat format = evals::ReportFormat::kText;
  std::string path;
};

// CLI11 validator: the empty string if `text` is FORMAT:PATH with a known format, else what is
// wrong with it.
std::string CheckOutput(const std::string& text);
// REQUIRES: CheckOutput(text) is empty. `label` goes before the extension, for one report of
// several.
Output ParseOutput(const std::string& text, const std::string& label = {});

// Prints the report on standard output (text, or JSON under --format json) and writes each output.
Exit WriteReports(const Context&, const evals::Report&, const std::vector<Output>&);

}  // namespace writ::cli
