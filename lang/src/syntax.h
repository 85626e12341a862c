// Tokens -> concrete syntax tree, with every syntax error of the file.
#pragma once

#include <cstdint>
#include <vector>

#include "cst.h"
#include "token.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/parse.h"

namespace writ::lang {

// One header, header item or declaration of a file, in the order of the text.
struct SyntaxUnit {
  Cst cst;                 // node 0 is the header, headerItem, declaration or rest
  bool has_error = false;  // node 0 is broken
  bool has_slip = false;   // a token is not what was written
  Rule rule{};
  std::uint32_t first = 0;  // tokens [first, end)
  std::uint32_t end = 0;
};

// Receives the units of a file one by one, so that none of them has to be kept.
class UnitReceiver {
 public:
  virtual ~UnitReceiver() = default;
  virtual void Receive(const SyntaxUnit& unit) = 0;
};

// Parses `tokens`; reports syntax errors, words for later, and those problems of the tokens that
// are not inside a construct that is skipped. REQUIRES: brackets nest at most `options.max_depth`
// deep. Implemented in `antlr_parser.cc`.
void ParseSyntax(const TokenList& tokens, const ParseOptions& options, DiagnosticSink& sink,
                 UnitReceiver& receiver);

}  // namespace writ::lang
