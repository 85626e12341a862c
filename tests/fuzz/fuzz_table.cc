// Fuzz target: table bytes. Whatever the bytes are, with the digest sealed again, `Table::Open`
// refuses them with an offset inside, or the table can be used in every way; Decide and Match agree
// on it.
//
// Random bytes would never pass the frame, so an input is a list of edits on a table of the random
// model number `data[0]`: each edit is an offset (2 or 3 bytes) and a byte; with data[1] odd the
// rest of the input is the table itself instead, so that a corpus of real tables works too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "../unit/runtime/exercise.h"
#include "writ/table/write.h"

namespace {

constexpr std::size_t kModels = 16;

// Written once: writing is not what is fuzzed.
const std::vector<unsigned char>& TableOf(std::size_t model) {
  static const std::vector<std::vector<unsigned char>> tables = [] {
    std::vector<std::vector<unsigned char>> made;
    for (std::size_t i = 0; i < kModels; ++i) {
      made.push_back(
          writ::table::WriteTable(writ::test::ModelMaker(i, i % 4 == 3 ? 600 : 6).Make()).value());
    }
    return made;
  }();
  return tables[model % kModels];
}

std::vector<unsigned char> Edited(const uint8_t* data, std::size_t size) {
  std::vector<unsigned char> bytes = TableOf(data[0]);
  const std::size_t wide = (data[1] & 2) != 0 ? 3 : 2;
  for (std::size_t at = 2; at + wide < size; at += wide + 1) {
    std::size_t offset = 0;
    for (std::size_t k = 0; k < wide; ++k) offset = offset << 8 | data[at + k];
    bytes[offset % bytes.size()] = data[at + wide];
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::vector<unsigned char> bytes =
      (data[1] & 1) != 0 ? std::vector<unsigned char>(data + 2, data + size) : Edited(data, size);
  writ::table::SealTable(bytes);
  const std::vector<unsigned char> exact = bytes;  // nothing behind the end
  writ::runtime::Table table;
  const writ::runtime::OpenError e = writ::runtime::Table::Open(exact.data(), exact.size(), &table);
  if (e.offset > exact.size()) std::abort();
  if (e.code == writ::runtime::OpenCode::kOk) writ::test::Exercise(table, size + data[1], 3);
  return 0;
}
