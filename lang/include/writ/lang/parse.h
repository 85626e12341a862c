// Text -> typed syntax tree: the first phase.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"

namespace writ::lang {

// ANTLR's two ways to predict, SLL and LL. The grammar chooses on one token everywhere (the build
// checks it), so neither is ever asked; the option is there for the tests that hold both to the
// same tree.
enum class Prediction : std::uint8_t { kFast, kFull };

struct ParseOptions {
  // Brackets inside brackets, and operands inside operands. Nobody can read 200 levels aloud; the
  // parser and every walk over the tree are recursive and rely on it. Beyond: `too-deep`.
  std::uint32_t max_depth = 200;
  // A second, tighter bound than the SourceSet's, for hosts that parse texts of strangers. Beyond:
  // `file-too-large`.
  std::size_t max_file_bytes = std::size_t{8} << 20;
  // Words and signs in one declaration. Parsing one costs a few hundred bytes of memory for each of
  // them; 10,000 clauses in one delegation are 150,000. Beyond: `declaration-too-long`.
  std::uint32_t max_declaration_tokens = 400'000;
  Prediction prediction = Prediction::kFast;
};

// Parses one file. Every mistake goes to `sink`, all of a file in one run, and a declaration that
// has one is left out of the tree. Returns nullopt if nothing could be used: no policy header, or a
// file that is too large or not UTF-8. Never throws. A tree is complete if and only if `sink` got
// no error.
[[nodiscard]] std::optional<Ast> Parse(const SourceSet& sources, FileId file, DiagnosticSink& sink,
                                       const ParseOptions& options = {});

}  // namespace writ::lang
