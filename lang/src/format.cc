// A file is parsed as ever, for what there is to say about it; then its units are read once more
// and laid out. In the end the words of the result are held against those of the file.
#include "writ/lang/format.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "layout.h"
#include "lexer.h"
#include "page.h"
#include "syntax.h"

namespace writ::lang {
namespace {

bool SameWords(const TokenList& a, const TokenList& b) {
  return std::ranges::equal(a.tokens, b.tokens, [&](const Token& x, const Token& y) {
    return x.kind == y.kind && a.TextOf(x) == b.TextOf(y);
  });
}

}  // namespace

std::optional<std::string> Format(const SourceSet& sources, FileId file, DiagnosticSink& sink,
                                  const FormatOptions& options) {
  DiagnosticSink mistakes;
  const bool parsed = Parse(sources, file, mistakes, options.parse).has_value();
  for (Diagnostic& diagnostic : mistakes.Sorted()) sink.Report(std::move(diagnostic));
  if (!parsed || mistakes.HasErrors()) return std::nullopt;
  const TokenList tokens = Lex(static_cast<std::uint32_t>(file), sources.Text(file));
  Page page;
  Layout layout(tokens, options, page);
  ParseSyntax(tokens, options.parse, mistakes, layout);
  layout.Finish();
  std::string text = std::move(page).Finish();
  if (!SameWords(tokens, Lex(tokens.file, text))) std::abort();  // the layout lost or joined a word
  return text;
}

}  // namespace writ::lang
