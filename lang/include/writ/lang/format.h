// One canonical layout for `.writ` files.
//
// Words, signs, numbers and texts stay as they are written, in their order; only space and line
// ends change. So formatting never changes the tree, and formatting twice is formatting once. What
// is canonical, in short (docs/format.md says it by example):
//   - two spaces for each level, one item a line, lines of at most 100 columns where that is
//   possible;
//   - a block that stands on one line and fits (up to 160 columns) stays on one line;
//   - what stands below each other and has the same parts is aligned;
//   - comments stay where they are, and of several blank lines one stays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "writ/lang/diagnostic.h"
#include "writ/lang/parse.h"
#include "writ/lang/source_set.h"

namespace writ::lang {

struct FormatOptions {
  std::uint32_t width = 100;           // columns of a line; a single longer word overflows it
  std::uint32_t one_line_width = 160;  // of a block that stands on one line: a row of a table
  ParseOptions parse;
};

// The text of `file` in the canonical layout, with `\n` line ends and no byte order mark. Nullopt
// if the file does not parse; `sink` says why. Never throws.
[[nodiscard]] std::optional<std::string> Format(const SourceSet& sources, FileId file,
                                                DiagnosticSink& sink,
                                                const FormatOptions& options = {});

}  // namespace writ::lang
