// UTF-8 by the table of well-formed byte sequences (Unicode 15, table 3-7): neither overlong forms
// nor surrogates. Entry point: `IsUtf8`.
#include "writ/runtime/pattern.h"

namespace writ::runtime {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Bytes of the character that starts here; 0: none does.
std::size_t CharacterSize(const unsigned char* at, std::size_t left) {
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < size) return 0;
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at[1] < least || at[1] > most) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (!IsContinuation(at[i])) return 0;
  }
  return size;
}

}  // namespace

bool IsUtf8(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  for (std::size_t left = bytes.size(); left > 0;) {
    const std::size_t size = CharacterSize(at, left);
    if (size == 0) return false;
    at += size;
    left -= size;
  }
  return true;
}

}  // namespace writ::runtime
