// Files are kept as they were read; the table of line starts is built once, when a file is added,
// so that looking up a place is a binary search. Columns are counted only where somebody asks.
#include "writ/lang/source_set.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "llvm/Support/FileSystem.h"

namespace writ::lang {

struct SourceSet::File {
  std::string path;
  std::unique_ptr<const std::string> bytes;  // on the heap: views stay valid when `files_` grows
  std::vector<std::uint32_t> line_begins;    // byte offsets; the first is 0
  std::size_t size_bytes = 0;
  bool too_large = false;
};

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// At most `limit` bytes from the front of the file.
std::optional<std::string> ReadUpTo(const std::string& path, std::size_t limit) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string bytes;
  constexpr std::size_t kChunk = std::size_t{64} << 10;
  while (in && bytes.size() < limit) {
    const std::size_t size = bytes.size();
    bytes.resize(std::min(size + std::max(size, kChunk), limit));
    in.read(bytes.data() + size, static_cast<std::streamsize>(bytes.size() - size));
    bytes.resize(size + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return std::nullopt;
  return bytes;
}

std::vector<std::uint32_t> LineBegins(std::string_view text) {
  std::vector<std::uint32_t> begins = {0};
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    begins.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return begins;
}

// Length of the UTF-8 sequence at the front of `s`, or 0.
std::size_t SequenceLength(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto follows = [&](std::size_t i, unsigned char low, unsigned char high) {
    return i < s.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

std::uint32_t CountCodePoints(std::string_view s) {
  return static_cast<std::uint32_t>(std::count_if(
      s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::size_t FindInvalidUtf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = SequenceLength(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

SourceSet::SourceSet(SourceOptions options) : options_(options) {
  // Offsets are 32 bits wide.
  options_.max_file_bytes = std::min<std::size_t>(options_.max_file_bytes, 0x7FFFFFFF);
}
SourceSet::~SourceSet() = default;
SourceSet::SourceSet(SourceSet&&) noexcept = default;
SourceSet& SourceSet::operator=(SourceSet&&) noexcept = default;

std::expected<FileId, IoError> SourceSet::AddFile(const std::string& path) {
  llvm::sys::fs::file_status status;
  if (const std::error_code error = llvm::sys::fs::status(path, status)) {
    const bool absent = error == std::errc::no_such_file_or_directory;
    return std::unexpected(IoError{absent ? IoError::Kind::kNotFound : IoError::Kind::kNotReadable,
                                   path, error.message()});
  }
  if (status.type() == llvm::sys::fs::file_type::directory_file) {
    return std::unexpected(IoError{IoError::Kind::kNotAFile, path, "is a directory"});
  }
  // By reading, not mapping: a file that somebody shortens meanwhile must not take us down.
  const std::size_t limit = options_.max_file_bytes;
  std::optional<std::string> bytes = ReadUpTo(path, limit + 1);
  if (!bytes) {
    return std::unexpected(IoError{IoError::Kind::kNotReadable, path, std::strerror(errno)});
  }
  if (bytes->size() <= limit) return AddText(path, std::move(*bytes));
  const FileId file = AddText(path, "");
  files_.back().size_bytes = std::max<std::size_t>(status.getSize(), limit + 1);
  files_.back().too_large = true;
  return file;
}

FileId SourceSet::AddText(std::string path, std::string bytes) {
  File file;
  file.path = std::move(path);
  file.size_bytes = bytes.size();
  file.too_large = bytes.size() > options_.max_file_bytes;
  if (file.too_large) bytes.clear();
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());
  file.line_begins = LineBegins(bytes);
  file.bytes = std::make_unique<const std::string>(std::move(bytes));
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size() - 1);
}

const SourceSet::File& SourceSet::Get(std::uint32_t file) const { return files_.at(file); }

std::size_t SourceSet::file_count() const { return files_.size(); }

std::string_view SourceSet::Path(FileId file) const {
  return Get(static_cast<std::uint32_t>(file)).path;
}

std::string_view SourceSet::Text(FileId file) const {
  return *Get(static_cast<std::uint32_t>(file)).bytes;
}

std::string_view SourceSet::Text(const Span& span) const {
  const std::string_view text = *Get(span.file).bytes;
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  return text.substr(begin, end - begin);
}

std::size_t SourceSet::SizeBytes(FileId file) const {
  return Get(static_cast<std::uint32_t>(file)).size_bytes;
}

bool SourceSet::TooLarge(FileId file) const {
  return Get(static_cast<std::uint32_t>(file)).too_large;
}

Place SourceSet::Locate(std::uint32_t file, std::uint32_t offset) const {
  const File& source = Get(file);
  const std::string_view text = *source.bytes;
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text.size()));
  const auto next = std::upper_bound(source.line_begins.begin(), source.line_begins.end(), offset);
  const std::uint32_t line_begin = *(next - 1);
  return {static_cast<std::uint32_t>(next - source.line_begins.begin()),
          CountCodePoints(text.substr(line_begin, offset - line_begin)) + 1};
}

Place SourceSet::LineColumn(const Span& span) const { return Locate(span.file, span.begin); }
Place SourceSet::EndLineColumn(const Span& span) const { return Locate(span.file, span.end); }

std::string_view SourceSet::Line(FileId file, std::uint32_t line) const {
  const File& source = Get(static_cast<std::uint32_t>(file));
  const std::string_view text = *source.bytes;
  const std::size_t begin = source.line_begins.at(line - 1);
  std::size_t end = line < source.line_begins.size() ? source.line_begins[line] - 1 : text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

std::uint32_t SourceSet::LineCount(FileId file) const {
  return static_cast<std::uint32_t>(Get(static_cast<std::uint32_t>(file)).line_begins.size());
}

}  // namespace writ::lang
