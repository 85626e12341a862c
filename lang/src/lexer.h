// Text -> tokens.
#pragma once

#include <cstdint>
#include <string_view>

#include "token.h"

namespace writ::lang {

// REQUIRES: `text` is valid UTF-8, shorter than 2 GiB, and outlives the result.
TokenList Lex(std::uint32_t file, std::string_view text);

}  // namespace writ::lang
