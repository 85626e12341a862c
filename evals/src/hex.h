// Bytes as text: digests, and what JSON escapes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace writ::evals {

// Two lower-case hexadecimal digits for each byte.
[[nodiscard]] std::string Hex(std::span<const unsigned char> bytes);
// Of the SHA-256 of `bytes`.
[[nodiscard]] std::string Sha256Hex(std::string_view bytes);

}  // namespace writ::evals
