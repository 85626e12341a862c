// Reading text corpora: lines of a file, plain or packed with xz, and rows of a CSV file as JSON
// objects.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "writ/evals/corpus.h"

namespace writ::evals {

// Where bytes come from. Read fills up to `size` bytes and returns how many; 0 is the end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::expected<std::size_t, CorpusError> Read(char* data, std::size_t size) = 0;
};
// A file; bytes that start like an xz stream are unpacked on the way.
std::expected<std::unique_ptr<ByteSource>, CorpusError> OpenFile(const std::string& path);
// The text of a mapping, at most 1 MiB.
std::expected<std::string, CorpusError> ReadMapping(const std::string& path);
// Borrowed: `text` must outlive the source.
std::unique_ptr<ByteSource> MemorySource(std::string_view text);

// Cuts a source into lines ('\n', a '\r' before it is dropped). A last line without an end counts.
class LineReader {
 public:
  // `name` is what errors call the file.
  LineReader(std::string name, std::unique_ptr<ByteSource> source, std::uint64_t max_line_bytes);

  // The next line, or nothing at the end. The view lives until the next call.
  std::expected<std::optional<std::string_view>, CorpusError> Next();
  std::uint64_t line() const { return line_; }    // 1-based number of the line returned last
  std::uint64_t bytes() const { return bytes_; }  // read so far
  const std::string& name() const { return name_; }
  CorpusError Fail(CorpusErrorCode code, std::string what) const;  // at this file and line

 private:
  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::uint64_t max_line_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0, scanned_ = 0;
  bool ended_ = false;
  std::uint64_t line_ = 0, bytes_ = 0;
};

// Hands each JSON object to `visit` with its line. Blank lines are skipped; anything else that is
// not one JSON object is an error. `visit` returns an error to stop.
using JsonVisitor =
    std::function<std::expected<void, CorpusError>(std::uint64_t line, std::string_view json)>;
std::expected<void, CorpusError> ForEachJsonLine(LineReader& reader, std::uint64_t max_lines,
                                                 const JsonVisitor& visit);

// Hands each row of a CSV file (RFC 4180, first row names the columns) to `visit` as a JSON object
// of strings.
std::expected<void, CorpusError> ForEachCsvRow(LineReader& reader, std::uint64_t max_lines,
                                               const JsonVisitor& visit);

}  // namespace writ::evals
