// The texts that a compilation reads, and the way back from a byte range to a place a person can
// find.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "writ/lang/ast.h"

namespace writ::lang {

// The number of a file in its SourceSet; the same number as `Span::file`.
enum class FileId : std::uint32_t {};

// A place in a file as people count: both are 1-based, `column` counts code points.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

// Why a file could not be read.
struct IoError {
  enum class Kind : std::uint8_t { kNotFound, kNotReadable, kNotAFile };
  Kind kind = Kind::kNotReadable;
  std::string path;
  std::string message;  // in words, for the person who named the file
};

struct SourceOptions {
  // Policies are pages, not data: the largest one known is under 100 KiB. A longer file is kept as
  // an empty text and answered by Parse with `file-too-large`.
  std::size_t max_file_bytes = std::size_t{8} << 20;
};

// Owns paths and bytes of all files of one compilation. Adding a file never moves the bytes of
// another one, so views into them live as long as the set. Reading is safe from several threads;
// adding is not.
class SourceSet {
 public:
  explicit SourceSet(SourceOptions options = {});
  ~SourceSet();
  SourceSet(SourceSet&&) noexcept;
  SourceSet& operator=(SourceSet&&) noexcept;

  // Reads `path`. Adding one path twice gives two files.
  [[nodiscard]] std::expected<FileId, IoError> AddFile(const std::string& path);
  // Takes `bytes` as the content of a file that is called `path` in messages.
  FileId AddText(std::string path, std::string bytes);

  [[nodiscard]] std::size_t file_count() const;
  [[nodiscard]] std::string_view Path(FileId file) const;
  // The bytes without a leading byte order mark; ranges count from the first byte after it.
  [[nodiscard]] std::string_view Text(FileId file) const;
  // What the range covers; cut at the end of the file.
  [[nodiscard]] std::string_view Text(const Span& span) const;
  // The size as found, also where the file was too large to keep.
  [[nodiscard]] std::size_t SizeBytes(FileId file) const;
  [[nodiscard]] bool TooLarge(FileId file) const;
  [[nodiscard]] std::size_t max_file_bytes() const { return options_.max_file_bytes; }

  // Where the range begins.
  [[nodiscard]] Place LineColumn(const Span& span) const;
  // Where the range ends: the place after its last character.
  [[nodiscard]] Place EndLineColumn(const Span& span) const;
  // The text of a line without its line break. REQUIRES: 1 <= line <= LineCount(file).
  [[nodiscard]] std::string_view Line(FileId file, std::uint32_t line) const;
  [[nodiscard]] std::uint32_t LineCount(FileId file) const;

 private:
  struct File;
  [[nodiscard]] const File& Get(std::uint32_t file) const;
  [[nodiscard]] Place Locate(std::uint32_t file, std::uint32_t offset) const;

  SourceOptions options_;
  std::vector<File> files_;
};

// The offset of the first byte that is not part of valid UTF-8 (overlong forms and surrogates are
// not), or npos.
[[nodiscard]] std::size_t FindInvalidUtf8(std::string_view bytes);

}  // namespace writ::lang
