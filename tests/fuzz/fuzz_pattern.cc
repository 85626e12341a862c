// Patterns: any bytes are a pattern or refused with a place, and what is one has an automaton that
// accepts what following places through its tree accepts.
//
// The input is a pattern and, after the first line end, texts, one a line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "writ/compiler/pattern_automaton.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace writ::compiler;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view pattern = input.substr(0, input.find('\n'));
  const auto tree = ReadPattern(pattern);
  if (!tree) {
    if (tree.error().what.empty() || tree.error().offset > pattern.size()) std::abort();
    return 0;
  }
  const auto automaton = CompileAutomaton(*tree, pattern);
  if (!automaton) return 0;
  std::string_view rest = input.substr(pattern.size());
  for (int line = 0; line < 8; ++line) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    if (Accepts(*automaton, text) != MatchesTree(*tree, text)) std::abort();
    if (text.size() == rest.size()) break;
    rest.remove_prefix(text.size() + 1);
  }
  return 0;
}
