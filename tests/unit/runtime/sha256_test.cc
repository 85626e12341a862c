// SHA-256 against the examples of FIPS 180-4, and in pieces of every size against the whole.
#include "writ/runtime/sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace writ::test {
namespace {

std::string Hash(const std::string& text, std::size_t piece = SIZE_MAX) {
  runtime::Sha256 hash;
  for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at)) {
    hash.Update(text.data() + at, std::min(piece, text.size() - at));
  }
  unsigned char digest[32];
  hash.Finish(digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(Hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hash(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheWhole) {
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += static_cast<char>(i * 31 % 251);  // long enough for the fast way
  const std::string whole = Hash(text);
  for (const std::size_t piece : {1u, 3u, 63u, 64u, 65u, 4095u, 4096u, 8192u})
    EXPECT_EQ(Hash(text, piece), whole) << piece;
}

}  // namespace
}  // namespace writ::test
