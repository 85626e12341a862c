// The one writer of `.wtb` bytes.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::table {

struct WriteOptions {
  std::size_t max_bytes = 256u << 20;  // a table beyond this is refused
};

// Why a model cannot be written; `what` names the part in policy words.
struct WriteError {
  std::string what;
};

// Deterministic: the same model gives the same bytes on every machine. The digest is sealed.
std::expected<std::vector<unsigned char>, WriteError> WriteTable(const Model&,
                                                                 const WriteOptions& = {});

// A model's bytes, opened as any host would open them. Movable; the table lies in the bytes.
struct WrittenTable {
  std::vector<unsigned char> bytes;
  runtime::Table table;
};
std::expected<WrittenTable, WriteError> WriteAndOpen(const Model&, const WriteOptions& = {});

// Computes the digest of `bytes` anew and stores it (used by the writer, and by tests that damage
// tables).
void SealTable(std::vector<unsigned char>& bytes);

}  // namespace writ::table
