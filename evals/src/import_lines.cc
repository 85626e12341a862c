// Lines in, checked JSON out.
//
// Bytes come from a plain file, an xz stream or memory; lines are cut in one growing buffer;
// simdjson validates each line whole before anything is stored, so that a mapping never meets
// broken JSON. Entry points: `ForEachJsonLine` and `ForEachCsvRow`.
#include "import_lines.h"

#include <lzma.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace writ::evals {
namespace {

constexpr std::size_t kChunkBytes = 1 << 16;
// What unpacking may take; `xz -9` needs 65 MiB.
constexpr std::uint64_t kMaxUnpackBytes = 256u << 20;
constexpr std::string_view kXzMagic(
    "\xFD"
    "7zXZ\0",
    6);

std::unexpected<CorpusError> Fail(CorpusErrorCode code, std::string message) {
  return std::unexpected(CorpusError{code, std::move(message), 0});
}

class FileSource final : public ByteSource {
 public:
  FileSource(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { std::fclose(file_); }

  std::expected<std::size_t, CorpusError> Read(char* data, std::size_t size) override {
    const std::size_t count = std::fread(data, 1, size, file_);
    if (count == 0 && std::ferror(file_) != 0) {
      return Fail(CorpusErrorCode::kRead, path_ + ": cannot be read: " + std::strerror(errno));
    }
    return count;
  }

 private:
  std::string path_;
  std::FILE* file_;
};

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  std::expected<std::size_t, CorpusError> Read(char* data, std::size_t size) override {
    const std::size_t count = std::min(size, text_.size());
    if (count > 0) std::memcpy(data, text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

class XzSource final : public ByteSource {
 public:
  XzSource(std::string path, std::unique_ptr<ByteSource> packed)
      : path_(std::move(path)), packed_(std::move(packed)), buffer_(kChunkBytes) {}
  XzSource(const XzSource&) = delete;
  XzSource& operator=(const XzSource&) = delete;
  ~XzSource() override { lzma_end(&stream_); }

  bool Start() {
    return lzma_stream_decoder(&stream_, kMaxUnpackBytes, LZMA_CONCATENATED) == LZMA_OK;
  }

  std::expected<std::size_t, CorpusError> Read(char* data, std::size_t size) override {
    if (finished_ || size == 0) return 0;
    stream_.next_out = reinterpret_cast<std::uint8_t*>(data);
    stream_.avail_out = size;
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0 && !input_ended_) {
        const auto count = packed_->Read(buffer_.data(), buffer_.size());
        if (!count) return std::unexpected(count.error());
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(buffer_.data());
        stream_.avail_in = *count;
        input_ended_ = *count == 0;
      }
      const lzma_ret code = lzma_code(&stream_, input_ended_ ? LZMA_FINISH : LZMA_RUN);
      if (code == LZMA_STREAM_END) {
        finished_ = true;
        break;
      }
      if (code != LZMA_OK) return Fail(CorpusErrorCode::kRead, path_ + ": " + Words(code));
    }
    return size - stream_.avail_out;
  }

 private:
  static std::string Words(lzma_ret code) {
    if (code == LZMA_BUF_ERROR) return "the packed file ends in the middle (truncated)";
    if (code == LZMA_MEMLIMIT_ERROR) return "unpacking needs more memory than is allowed";
    return "the packed file is damaged";
  }

  std::string path_;
  std::unique_ptr<ByteSource> packed_;
  std::vector<char> buffer_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool input_ended_ = false, finished_ = false;
};

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

std::string ShownJsonError(simdjson::error_code code) {
  switch (code) {
    case simdjson::UTF8_ERROR:
      return "is not valid UTF-8";
    case simdjson::DEPTH_ERROR:
      return "is nested too deeply";
    case simdjson::UNCLOSED_STRING:
      return "has a string that is not closed";
    default:
      return "is not valid JSON";
  }
}

}  // namespace

std::expected<std::unique_ptr<ByteSource>, CorpusError> OpenFile(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return Fail(CorpusErrorCode::kOpen, path + ": cannot be opened: " + std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    return Fail(CorpusErrorCode::kOpen, path + ": is a folder, not a file");
  }
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    return Fail(CorpusErrorCode::kOpen, path + ": cannot be opened: " + std::strerror(errno));
  }
  auto plain = std::make_unique<FileSource>(path, file);
  std::array<char, 6> start{};
  const std::size_t count = std::fread(start.data(), 1, start.size(), file);
  if (std::fseek(file, 0, SEEK_SET) != 0) {
    return Fail(CorpusErrorCode::kOpen, path + ": is not a file that can be read twice");
  }
  if (std::string_view(start.data(), count) != kXzMagic) return plain;
  auto packed = std::make_unique<XzSource>(path, std::move(plain));
  if (!packed->Start()) return Fail(CorpusErrorCode::kRead, path + ": cannot be unpacked");
  return packed;
}

std::unique_ptr<ByteSource> MemorySource(std::string_view text) {
  return std::make_unique<TextSource>(text);
}

LineReader::LineReader(std::string name, std::unique_ptr<ByteSource> source,
                       std::uint64_t max_line_bytes)
    : name_(std::move(name)), source_(std::move(source)), max_line_bytes_(max_line_bytes) {}

CorpusError LineReader::Fail(CorpusErrorCode code, std::string what) const {
  return {code, name_ + ":" + std::to_string(line_) + ": " + std::move(what), line_};
}

std::expected<std::optional<std::string_view>, CorpusError> LineReader::Next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos || (ended_ && begin_ < buffer_.size())) {
      const std::size_t stop = end == std::string::npos ? buffer_.size() : end;
      std::string_view line(buffer_.data() + begin_, stop - begin_);
      begin_ = scanned_ = end == std::string::npos ? stop : stop + 1;
      ++line_;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      return line;
    }
    if (ended_) return std::optional<std::string_view>();
    buffer_.erase(0, begin_);
    begin_ = 0;
    scanned_ = buffer_.size();
    if (buffer_.size() > max_line_bytes_) {
      ++line_;
      return std::unexpected(
          Fail(CorpusErrorCode::kTooLarge,
               "the line is longer than " + std::to_string(max_line_bytes_) + " bytes"));
    }
    buffer_.resize(scanned_ + kChunkBytes);
    const auto count = source_->Read(buffer_.data() + scanned_, kChunkBytes);
    if (!count) return std::unexpected(count.error());
    buffer_.resize(scanned_ + *count);
    bytes_ += *count;
    ended_ = *count == 0;
  }
}

std::expected<void, CorpusError> ForEachJsonLine(LineReader& reader, std::uint64_t max_lines,
                                                 const JsonVisitor& visit) {
  simdjson::dom::parser parser;
  while (true) {
    const auto line = reader.Next();
    if (!line) return std::unexpected(line.error());
    if (!line->has_value()) return {};
    const std::string_view json = **line;
    if (IsBlank(json)) continue;
    if (reader.line() > max_lines) {
      return std::unexpected(reader.Fail(CorpusErrorCode::kTooLarge,
                                         "more than " + std::to_string(max_lines) + " lines"));
    }
    const auto value = parser.parse(json.data(), json.size());
    if (value.error() != simdjson::SUCCESS) {
      return std::unexpected(
          reader.Fail(CorpusErrorCode::kBadJson, "the line " + ShownJsonError(value.error())));
    }
    if (!value.is_object()) {
      return std::unexpected(
          reader.Fail(CorpusErrorCode::kBadJson, "the line is not a JSON object: `{ … }`"));
    }
    if (auto stored = visit(reader.line(), json); !stored) return stored;
  }
}

namespace {

// One CSV record, which may span lines while a quoted field is open.
class CsvRecords {
 public:
  explicit CsvRecords(LineReader& reader) : reader_(reader) {}

  // False at the end.
  std::expected<bool, CorpusError> Next(std::vector<std::string>& fields) {
    fields.assign(1, {});
    bool quoted = false;
    while (true) {
      const auto line = reader_.Next();
      if (!line) return std::unexpected(line.error());
      if (!line->has_value()) {
        if (!quoted) return false;
        return std::unexpected(
            reader_.Fail(CorpusErrorCode::kRead, "a quoted field is not closed"));
      }
      if (!quoted && IsBlank(**line)) continue;
      if (quoted) fields.back() += '\n';
      quoted = Split(**line, quoted, fields);
      if (!quoted) return true;
    }
  }

 private:
  // Returns whether a quoted field is still open at the end of the line.
  static bool Split(std::string_view line, bool quoted, std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    return quoted;
  }

  LineReader& reader_;
};

}  // namespace

std::expected<void, CorpusError> ForEachCsvRow(LineReader& reader, std::uint64_t max_lines,
                                               const JsonVisitor& visit) {
  CsvRecords records(reader);
  std::vector<std::string> names, fields;
  const auto header = records.Next(names);
  if (!header) return std::unexpected(header.error());
  if (!*header) return {};
  while (true) {
    const auto more = records.Next(fields);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    if (reader.line() > max_lines) {
      return std::unexpected(reader.Fail(CorpusErrorCode::kTooLarge, "too many lines"));
    }
    if (fields.size() != names.size()) {
      return std::unexpected(
          reader.Fail(CorpusErrorCode::kRead, std::to_string(fields.size()) +
                                                  " fields where the first row names " +
                                                  std::to_string(names.size())));
    }
    nlohmann::json row = nlohmann::json::object();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = fields[i];
    std::string json;
    try {
      json = row.dump();
    } catch (const nlohmann::json::exception&) {
      return std::unexpected(reader.Fail(CorpusErrorCode::kRead, "the row is not valid UTF-8"));
    }
    if (auto stored = visit(reader.line(), json); !stored) return stored;
  }
}

std::expected<std::string, CorpusError> ReadMapping(const std::string& path) {
  constexpr std::size_t kMaxMappingBytes = 1 << 20;
  const auto refuse = [](CorpusErrorCode code, std::string what) {
    return std::unexpected(CorpusError{code, std::move(what), 0});
  };
  auto source = OpenFile(path);
  if (!source) return std::unexpected(source.error());
  std::string text;
  while (text.size() <= kMaxMappingBytes) {
    const std::size_t size = text.size();
    text.resize(size + 65536);
    const auto count = (*source)->Read(text.data() + size, 65536);
    if (!count) return std::unexpected(count.error());
    text.resize(size + *count);
    if (*count == 0) {
      if (text.find('\0') == text.npos) return text;
      return refuse(CorpusErrorCode::kBadMapping, path + ": is not a text file");
    }
  }
  return refuse(CorpusErrorCode::kTooLarge, path + ": a mapping is at most 1 MiB");
}

std::expected<std::uint64_t, CorpusError> CheckJsonLines(std::string_view name,
                                                         std::string_view text,
                                                         const ImportOptions& options) {
  LineReader reader(std::string(name), MemorySource(text), options.max_line_bytes);
  std::uint64_t lines = 0;
  auto done = ForEachJsonLine(reader, options.max_lines, [&lines](std::uint64_t, std::string_view) {
    ++lines;
    return std::expected<void, CorpusError>();
  });
  if (!done) return std::unexpected(done.error());
  return lines;
}

}  // namespace writ::evals
