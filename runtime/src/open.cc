// Opening a table: one linear pass that checks every size, index and enumerator, so that nothing
// has to be checked again when deciding. First the frame (header, section bounds), then the digest,
// then what the sections say; an error is a code and the offset of the offending byte. Entry point:
// `Table::Open`.
#include <cstring>

#include "checker.h"
#include "writ/runtime/sha256.h"

namespace writ::runtime {
namespace {

OpenError CheckHeader(const unsigned char* base, std::size_t size) {
  const auto fail = [](OpenCode code, std::uint64_t offset) { return OpenError{code, offset}; };
  if (base == nullptr) return fail(OpenCode::kTruncated, 0);
  if (reinterpret_cast<std::uintptr_t>(base) % 8 != 0) return fail(OpenCode::kMisaligned, 0);
  const auto& header = *reinterpret_cast<const format::Header*>(base);
  if (size < sizeof header.magic) return fail(OpenCode::kTruncated, size);
  if (header.magic != format::kMagic) return fail(OpenCode::kBadMagic, 0);
  if (size < sizeof header) return fail(OpenCode::kTruncated, size);
  if (header.version != format::kVersion)
    return fail(OpenCode::kBadVersion, offsetof(format::Header, version));
  if (header.size_bytes > format::kMaxTableBytes)
    return fail(OpenCode::kTooLarge, offsetof(format::Header, size_bytes));
  if (header.size_bytes > size) return fail(OpenCode::kTruncated, size);
  if (header.size_bytes < size)
    return fail(OpenCode::kBadSection, offsetof(format::Header, size_bytes));
  if (header.section_count != format::kSectionCount) {
    return fail(OpenCode::kBadSection, offsetof(format::Header, section_count));
  }
  for (const std::uint32_t& zero : header.zero) {
    if (zero != 0) return fail(OpenCode::kBadValue, offsetof(format::Header, zero));
  }
  return {};
}

bool AllZero(const unsigned char* from, const unsigned char* to, const unsigned char** at) {
  for (*at = from; *at < to; ++*at) {
    if (**at != 0) return false;
  }
  return true;
}

// Every section starts where the one before it ends, rounded up; the gaps are zero; the last one
// ends the file.
OpenError CheckSections(const unsigned char* base) {
  const auto& header = *reinterpret_cast<const format::Header*>(base);
  std::uint64_t end = sizeof header;
  for (std::uint32_t s = 0; s < format::kSectionCount; ++s) {
    const format::SectionEntry& entry = header.sections[s];
    const std::uint64_t at = format::kAfterSignature + std::uint64_t{s} * sizeof entry;
    const std::uint64_t start = format::Align(end, format::kSectionAlignment);
    if (entry.section != s || entry.offset != start || start > header.size_bytes)
      return {OpenCode::kBadSection, at};
    const unsigned char* gap = nullptr;
    if (!AllZero(base + end, base + start, &gap)) {
      return {OpenCode::kBadSection, static_cast<std::uint64_t>(gap - base)};
    }
    const std::uint64_t bytes = std::uint64_t{entry.count} * format::kRecordSize[s];
    if (bytes > header.size_bytes - start) return {OpenCode::kBadSection, at};
    end = start + bytes;
  }
  const unsigned char* gap = nullptr;
  if (!AllZero(base + end, base + header.size_bytes, &gap) ||
      format::Align(end, format::kSectionAlignment) != header.size_bytes) {
    return {OpenCode::kBadSection, end};
  }
  return {};
}

OpenError CheckDigest(const unsigned char* base, std::size_t size) {
  unsigned char digest[32];
  Sha256 hash;
  hash.Update(base, format::kDigestOffset);
  hash.Update(base + format::kAfterSignature, size - format::kAfterSignature);
  hash.Finish(digest);
  if (std::memcmp(digest, base + format::kDigestOffset, sizeof digest) != 0) {
    return {OpenCode::kBadDigest, format::kDigestOffset};
  }
  return {};
}

}  // namespace

OpenError Table::Open(const void* bytes, std::size_t size, Table* table) {
  const auto* base = static_cast<const unsigned char*>(bytes);
  if (const OpenError e = CheckHeader(base, size); e.code != OpenCode::kOk) return e;
  if (const OpenError e = CheckSections(base); e.code != OpenCode::kOk) return e;
  if (const OpenError e = CheckDigest(base, size); e.code != OpenCode::kOk) return e;
  Checker checker(base);
  if (!checker.CheckVocabulary() || !checker.CheckMatrices() || !checker.CheckAllUsed())
    return checker.error();
  table->base_ = base;
  table->size_ = size;
  return {};
}

}  // namespace writ::runtime
