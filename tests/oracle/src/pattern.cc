// The page's patterns are those of ECMAScript but for `.`, which there leaves out line ends, and
// the letters in either size. A domain is taken apart by hand. Matches is the entry point.
#include "writ/oracle/pattern.h"

#include <cctype>
#include <regex>

namespace writ::oracle {
namespace {

// Characters, so that one of them is one step.
std::wstring Characters(const std::string& utf8) {
  std::wstring wide;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    wchar_t code = static_cast<wchar_t>(size == 1 ? first : first & (0x7F >> size));
    for (std::size_t k = 1; k < size; ++k)
      code = static_cast<wchar_t>(code << 6 | (static_cast<unsigned char>(utf8.at(i + k)) & 0x3F));
    wide += code;
    i += size;
  }
  return wide;
}

bool IsDomain(std::string text, const std::string& domain) {
  if (const std::size_t at = text.rfind('@'); at != std::string::npos) text.erase(0, at + 1);
  if (text.ends_with('.')) text.pop_back();
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (text == domain) return true;
  if (!text.ends_with("." + domain)) return false;
  text.resize(text.size() - domain.size());  // labels, each with its point
  bool label = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '.' ? !label : (byte >= 0x80 || (std::isalnum(byte) == 0 && c != '-' && c != '_')))
      return false;
    label = c != '.';
  }
  return true;
}

}  // namespace

bool Matches(const std::string& text, const std::string& pattern, bool domain) {
  if (domain) return IsDomain(text, pattern);
  const bool any_case = pattern.starts_with("(?i)");
  std::wstring expression;
  bool bracket = false, escaped = false;
  for (const wchar_t c : Characters(any_case ? pattern.substr(4) : pattern)) {
    if (!escaped && !bracket && c == L'.') {
      expression += L"[\\s\\S]";
      continue;
    }
    if (!escaped && c == L'[') bracket = true;
    if (!escaped && c == L']') bracket = false;
    escaped = !escaped && c == L'\\';
    expression += c;
  }
  auto flags = std::regex::ECMAScript;
  if (any_case) flags |= std::regex::icase;
  return std::regex_match(Characters(text), std::wregex(expression, flags));
}

}  // namespace writ::oracle
