// Numbers, dates, durations and versions, and what people write instead of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "token.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {

struct NumberSlip {
  DiagnosticKind kind{};
  std::size_t begin = 0;  // bytes from the start of the number
  std::size_t end = 0;
  std::string message;
  std::string hint;
};

struct NumberToken {
  TokenKind kind = TokenKind::kInt;  // the token that was meant; kBroken if that cannot be told
  std::size_t size_bytes = 0;
  std::vector<NumberSlip> slips;
};

// Reads what starts at `text[begin]`, a digit. `version_expected`: three numbers with dots are a
// version.
NumberToken ReadNumber(std::string_view text, std::size_t begin, bool version_expected);

// Bytes of the currency sign at the front of `text`, or 0.
std::size_t CurrencySignLength(std::string_view text);

// True if `text` is "YYYY-MM-DD" and that day exists.
bool IsDate(std::string_view text);

}  // namespace writ::lang
