// The canonical tables of a corpus, what makes a row of them right, and the digest over them.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sqlite.h"
#include "writ/evals/corpus.h"

namespace writ::evals {

// On disk: never renumber. "writ" in ASCII, kept in the database header.
inline constexpr std::int64_t kApplicationId = 0x77726974;
inline constexpr std::int64_t kSchemaVersion = 2;

extern const std::string_view kCanonicalSchema;

// Which rows are looked at: the store's, which its constraints have passed, or the unconstrained
// temporary copies of the same tables that the import makes to find a row at fault.
enum class RowsOf : std::uint8_t { kStore, kCopies };

// Looks for a row that is not right and names it with its run and place.
std::expected<void, CorpusError> CheckRows(sqlite::Database& db, RowsOf rows_of);

// SHA-256 in hex over runs, events, facts, labels and arguments: runs in their order, events by
// seq, facts by name. Independent of the order of insertion, of page layout and of `meta`.
std::expected<std::string, CorpusError> DigestRows(sqlite::Database& db);

CorpusError FromSqlite(const sqlite::Error& error, CorpusErrorCode code, const std::string& where);

}  // namespace writ::evals
