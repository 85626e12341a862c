// The closed lists of `token_kind.def` and `later.def` as lookups.
#include "token.h"

#include <array>
#include <unordered_map>

namespace writ::lang {
namespace {

constexpr std::array kSpellings = {
    std::string_view(),
#define WRIT_TOKEN(enumerator, grammar_name, spelling) std::string_view(spelling),
#include "token_kind.def"
#undef WRIT_TOKEN
};

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

using KeywordMap = std::unordered_map<std::string_view, TokenKind>;

KeywordMap MakeKeywords() {
  KeywordMap map;
  for (std::size_t i = 0; i < kSpellings.size(); ++i) {
    if (!kSpellings[i].empty() && IsLetter(kSpellings[i].front())) {
      map.emplace(kSpellings[i], static_cast<TokenKind>(i));
    }
  }
  map.emplace("yes", TokenKind::kTrue);
  map.emplace("no", TokenKind::kFalse);
  for (const std::string_view unit :
       {"second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks",
        "month", "months", "year", "years"}) {
    map.emplace(unit, TokenKind::kUnit);
  }
#define WRIT_LATER(spelling) map.emplace(spelling, TokenKind::kLater);
#include "later.def"
#undef WRIT_LATER
  return map;
}

const KeywordMap& KeywordTable() {
  static const KeywordMap map = MakeKeywords();
  return map;
}

}  // namespace

std::string_view Spelling(TokenKind kind) { return kSpellings[static_cast<std::size_t>(kind)]; }

TokenKind KeywordKind(std::string_view word) {
  const KeywordMap& map = KeywordTable();
  const auto found = map.find(word);
  return found == map.end() ? TokenKind::kWord : found->second;
}

std::vector<std::string_view> Keywords() {
  std::vector<std::string_view> words;
  for (const std::string_view spelling : kSpellings) {
    if (!spelling.empty() && IsLetter(spelling.front())) words.push_back(spelling);
  }
  return words;
}

}  // namespace writ::lang
