// Typed access to the sections of checked bytes. Private: only code that `Table::Open` guards may
// use it.
#pragma once

#include <string_view>

#include "format.h"
#include "writ/runtime/table.h"

namespace writ::runtime {

struct View {
  const unsigned char* base;

  const format::Header& header() const { return *reinterpret_cast<const format::Header*>(base); }
  std::uint32_t Count(format::Section s) const { return header().sections[s].count; }
  template <typename T>
  const T* Records(format::Section s) const {
    return reinterpret_cast<const T*>(base + header().sections[s].offset);
  }

  const format::PolicyRecord& policy() const {
    return *Records<format::PolicyRecord>(format::kPolicy);
  }
  const format::FactRecord& fact(std::uint32_t i) const {
    return Records<format::FactRecord>(format::kFacts)[i];
  }
  const format::AtomMapRecord& atom_map(std::uint32_t i) const {
    return Records<format::AtomMapRecord>(format::kAtomMaps)[i];
  }
  const format::EvidenceRecord& evidence(std::uint32_t i) const {
    return Records<format::EvidenceRecord>(format::kEvidence)[i];
  }
  const format::MeterRecord& meter(std::uint32_t i) const {
    return Records<format::MeterRecord>(format::kMeters)[i];
  }
  const format::MatrixRecord& matrix(std::uint32_t i) const {
    return Records<format::MatrixRecord>(format::kMatrices)[i];
  }
  const format::CheckRecord* checks() const {
    return Records<format::CheckRecord>(format::kChecks);
  }
  const std::int64_t* cuts() const { return Records<std::int64_t>(format::kCuts); }
  const std::uint64_t* bits() const { return Records<std::uint64_t>(format::kBits); }
  const std::uint32_t* lists() const { return Records<std::uint32_t>(format::kLists); }

  std::string_view String(format::StringAt at) const {
    const unsigned char* p = base + header().sections[format::kStrings].offset + at;
    std::uint32_t size = *p & 0x7F;
    for (unsigned shift = 7; (*p++ & 0x80) != 0; shift += 7)
      size |= std::uint32_t{*p & 0x7Fu} << shift;
    return {reinterpret_cast<const char*>(p), size};
  }
  // The string behind one.
  std::string_view NextString(format::StringAt at) const {
    const std::string_view before = String(at);
    const auto* end = reinterpret_cast<const unsigned char*>(before.data() + before.size());
    return String(
        static_cast<format::StringAt>(end - base - header().sections[format::kStrings].offset));
  }
  PatternView Pattern(std::uint32_t i) const {
    const auto& r = Records<format::PatternRecord>(format::kPatterns)[i];
    const auto* table = Records<std::uint16_t>(format::kAutomata) + r.automaton.first;
    return {String(r.text), r.start, r.accepting, r.states, r.classes, table, table + 256};
  }
  std::string_view Name(format::Range range, std::uint32_t i) const {
    return String(Records<format::StringAt>(format::kNames)[range.first + i]);
  }
  template <typename Id>
  Slice<Id> Ids(format::Range range) const {
    return {reinterpret_cast<const Id*>(lists() + range.first), range.count};
  }
};

struct TableAccess {
  static View ViewOf(const Table& table) { return {table.base_}; }
};

// Whether `type` is held as a number, and what of a Value its facts need.
constexpr bool IsText(ValueType type) { return type == ValueType::kId || type == ValueType::kText; }
constexpr format::ReadKind KindOf(ValueType type) {
  if (IsText(type)) return format::kReadText;
  return type == ValueType::kIdSet ? format::kReadTextSet : format::kReadNumber;
}

// What a number of the fact's type may be. A role may be one that the table does not know.
constexpr format::CheckRecord CheckFor(ValueType type, std::uint32_t values, std::int64_t low,
                                       std::int64_t high) {
  switch (type) {
    case ValueType::kBool:
      return {0, 1};
    case ValueType::kEnum:
      return {0, std::int64_t{values} - 1};
    case ValueType::kEnumSet:
      return {0, static_cast<std::int64_t>((std::uint64_t{1} << (values & 63)) - 1)};
    case ValueType::kRole:
      return {0, INT64_MAX};
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
      return {low, high};
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
      return {0, 0};
  }
  return {0, -1};
}

constexpr bool IsNow(std::string_view name, Source source, ValueType type) {
  return source == Source::kBuiltin && type == ValueType::kTime && name == "now";
}
constexpr bool IsRole(std::string_view name, Source source, ValueType type) {
  return source == Source::kBuiltin && type == ValueType::kRole && name == "role";
}

}  // namespace writ::runtime
