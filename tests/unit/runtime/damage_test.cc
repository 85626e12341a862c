// Damaged bytes: flipped, cut, and sealed again. Refused, or safe to use; never a crash (the
// sanitizers see to it).
#include "exercise.h"
#include "support.h"

namespace writ::test {
namespace {

std::vector<unsigned char> SmallTable(std::uint64_t seed) {
  auto bytes = table::WriteTable(ModelMaker(seed, 4).Make());
  return bytes ? *std::move(bytes) : std::vector<unsigned char>();
}

OpenError OpenAndUse(const std::vector<unsigned char>& bytes, std::uint64_t seed) {
  const std::vector<unsigned char> exact = bytes;  // an allocation of exactly this size
  Table table;
  const OpenError e = Table::Open(exact.data(), exact.size(), &table);
  if (e.code == OpenCode::kOk) Exercise(table, seed, 2);
  return e;
}

TEST(Damage, EveryFlippedByteIsRefused) {
  std::vector<unsigned char> bytes = SmallTable(5);
  ASSERT_FALSE(bytes.empty());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool signature = i >= 64 && i < 128;  // whoever signs checks these
    bytes[i] ^= static_cast<unsigned char>(1u << (i % 8));
    const OpenError e = OpenAndUse(bytes, i);
    EXPECT_EQ(e.code == OpenCode::kOk, signature) << i;
    EXPECT_LE(e.offset, bytes.size());
    bytes[i] ^= static_cast<unsigned char>(1u << (i % 8));
  }
}

TEST(Damage, EveryFlippedByteSealedAgainIsRefusedOrSafe) {
  std::size_t refused = 0, used = 0;
  for (const std::uint64_t seed : {5u, 6u}) {
    const std::vector<unsigned char> whole = SmallTable(seed);
    std::vector<unsigned char> bytes = whole;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (const unsigned flip : {1u << (i % 8), 0xFFu}) {
        bytes[i] ^= static_cast<unsigned char>(flip);
        table::SealTable(bytes);
        ++(OpenAndUse(bytes, i).code == OpenCode::kOk ? used : refused);
        bytes[i] ^= static_cast<unsigned char>(flip);
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(used, 100u);
}

TEST(Damage, EveryLengthButTheWholeIsRefused) {
  const std::vector<unsigned char> bytes = SmallTable(5);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::vector<unsigned char> cut(bytes.begin(),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(OpenAndUse(cut, 1).code, OpenCode::kOk) << size;
    if (size >= 16) {  // with a size that agrees, and a digest that does
      for (int b = 0; b < 8; ++b)
        cut[8 + static_cast<std::size_t>(b)] = static_cast<unsigned char>(size >> (8 * b));
      table::SealTable(cut);
      EXPECT_NE(OpenAndUse(cut, 1).code, OpenCode::kOk) << size;
    }
  }
}

TEST(Damage, EachWayToBeWrongHasItsCode) {
  std::vector<unsigned char> bytes = SmallTable(5);
  Table table;
  const auto open = [&] { return Table::Open(bytes.data(), bytes.size(), &table); };
  EXPECT_EQ(Table::Open(nullptr, 0, &table).code, OpenCode::kTruncated);
  EXPECT_EQ(Table::Open(bytes.data(), 3, &table).code, OpenCode::kTruncated);
  EXPECT_EQ(Table::Open(bytes.data(), bytes.size() - 1, &table).code, OpenCode::kTruncated);
  EXPECT_EQ(Table::Open(bytes.data() + 4, bytes.size() - 4, &table).code, OpenCode::kMisaligned);
  bytes.back() ^= 1;
  EXPECT_EQ(open().code, OpenCode::kBadSection);  // the rest of the last section's line is zero
  bytes.back() ^= 1;
  bytes[0] ^= 1;
  EXPECT_EQ(open().code, OpenCode::kBadMagic);
  bytes[0] ^= 1;
  bytes[4] ^= 2;
  EXPECT_EQ(open().code, OpenCode::kBadVersion);
  EXPECT_EQ(open().offset, 4u);
  bytes[4] ^= 2;
  bytes[32] ^= 1;
  EXPECT_EQ(open().code, OpenCode::kBadDigest);
  bytes[32] ^= 1;
  bytes[15] = 1;
  EXPECT_EQ(open().code, OpenCode::kTooLarge);
  bytes[15] = 0;
  EXPECT_EQ(open().code, OpenCode::kOk);
}

TEST(Damage, RandomBytesInManyPlacesAreRefusedOrSafe) {
  Random random(3);
  for (int i = 0; i < 3000; ++i) {
    std::vector<unsigned char> bytes = SmallTable(7);
    const std::uint32_t count = 1 + random.Below(4);
    for (std::uint32_t k = 0; k < count; ++k)
      bytes[128 + random.Below(bytes.size() - 128)] = static_cast<unsigned char>(random.Next());
    table::SealTable(bytes);
    OpenAndUse(bytes, random.Next());
  }
}

}  // namespace
}  // namespace writ::test
