#include "hex.h"

#include <array>

#include "writ/runtime/sha256.h"

namespace writ::evals {

std::string Hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Sha256Hex(std::string_view bytes) {
  runtime::Sha256 hash;
  hash.Update(bytes.data(), bytes.size());
  std::array<unsigned char, 32> digest{};
  hash.Finish(digest.data());
  return Hex(digest);
}

}  // namespace writ::evals
