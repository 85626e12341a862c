// Parts of a table's page that other pages show as well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/table_page.h"

namespace writ::cli {

// `text` with lines of at most 100 columns; all but the first begin with `indent` spaces.
std::string Wrapped(std::string_view text, std::size_t indent);

// `*number` is that of the row before.
std::string RowsMarkdown(const std::vector<analysis::PageRow>&, std::size_t* number);
std::string NamedMarkdown(const char* title, const std::vector<analysis::PageNamed>&);
// Under a heading such as `##`.
std::string CapabilityMarkdown(const analysis::CapabilityPage&, const char* heading);

std::string RowsHtml(const std::vector<analysis::PageRow>&, std::size_t* number);
std::string NamedHtml(const char* title, const char* first, const char* second,
                      const std::vector<analysis::PageNamed>&);
std::string AnchorsHtml(const std::vector<analysis::PageAnchor>&);
// A section of its own, with the capability's name as its id.
std::string CapabilityHtml(const analysis::CapabilityPage&);

}  // namespace writ::cli
