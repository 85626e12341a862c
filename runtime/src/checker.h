// What checking one part of a table needs. Private to `Table::Open`.
//
// INVARIANT: shared sections (lists, names, cuts, reads, code, dimensions, columns, bits) are
// walked exactly once, front to back: whoever names a run of them must name the next one. So
// checking is linear, whatever the bytes say.
#pragma once

#include "view.h"

namespace writ::runtime {

class Checker {
 public:
  explicit Checker(const unsigned char* base) : v_{base} {}
  OpenError error() const { return error_; }

  bool CheckVocabulary();  // everything but matrices (check_vocabulary.cc)
  bool CheckMatrices();    // check_matrix.cc
  bool CheckAllUsed();     // nothing in the shared sections is left over

 private:
  bool Fail(OpenCode code, const void* at) {
    error_ = {code, static_cast<std::uint64_t>(static_cast<const unsigned char*>(at) - v_.base)};
    return false;
  }
  template <typename T>
  bool Within(const T& value, std::uint64_t limit) {  // an enum value
    return value < limit || Fail(OpenCode::kBadValue, &value);
  }
  template <typename T>
  bool Zero(const T& value) {
    return value == 0 || Fail(OpenCode::kBadValue, &value);
  }
  bool Index(const std::uint32_t& id, std::uint32_t count) {
    return id < count || Fail(OpenCode::kBadIndex, &id);
  }
  bool Optional(const std::uint32_t& id, std::uint32_t count) {
    return id == format::kNone || Index(id, count);
  }
  bool Optional16(const std::uint16_t& id, std::uint32_t count) {
    return id == format::kNone16 || id < count || Fail(OpenCode::kBadIndex, &id);
  }
  bool String(const format::StringAt& at);
  bool StringAndNext(const format::StringAt& at);
  std::uint64_t StringEnd(std::uint64_t at) const;  // 0: no string there
  // The next `range.count` entries of a shared section.
  bool Take(const format::Range& range, format::Section section);
  bool List(const format::Range& range, std::uint32_t limit);
  bool Names(const format::Range& range, bool ascending);
  template <typename Record>
  bool ByName(const format::Range& range, format::Section section);

  bool CheckPolicy();
  bool CheckFacts();
  bool CheckFact(const format::FactRecord& fact, const format::CheckRecord& check);
  bool CheckRoles();
  bool CheckAnchors();
  bool CheckCapabilities();
  bool CheckDerivations();
  bool CheckStatements();
  bool CheckFormerNames();
  bool CheckEvidence();
  bool CheckMeters();
  bool CheckZone();
  bool CheckRelations();
  bool CheckProvenance();
  bool CheckAtomMaps();
  bool CheckPatterns();
  bool CheckAutomaton(const format::PatternRecord& pattern);

  bool CheckMatrix(std::uint32_t capability);
  bool CheckSignature(const format::MatrixRecord& m);
  bool CheckReads(const format::MatrixRecord& m);
  bool InSignature(const format::MatrixRecord& m, std::uint32_t fact) const;
  bool CheckRead(const format::MatrixRecord& m, std::uint32_t i);
  bool CheckReadDimension(const format::MatrixRecord& m, std::uint32_t i);
  bool CheckCode(const format::MatrixRecord& m);
  bool CheckOperands(const format::MatrixRecord& m, std::uint32_t i);
  bool CheckFactOperand(const format::MatrixRecord& m, const std::uint32_t& fact,
                        const std::uint32_t& read, bool is_fact);
  bool CheckDimensionRead(const format::MatrixRecord& m, const format::DimensionRecord& d,
                          std::uint32_t fact);
  bool CheckDimensionValues(const format::DimensionRecord& d);
  bool CheckDimensions(const format::MatrixRecord& m);
  bool CheckDimension(const format::MatrixRecord& m, std::uint32_t d);
  bool CheckColumns(const format::MatrixRecord& m);
  bool CheckBits(const format::MatrixRecord& m);
  bool MapSuits(const format::AtomMapRecord& map, ValueType type, std::uint32_t values) const;
  bool IsBoolean(const format::MatrixRecord& m, std::uint32_t value) const;

  template <typename T>
  const T* Records(format::Section s) const {
    return v_.Records<T>(s);
  }
  std::uint32_t Count(format::Section s) const { return v_.Count(s); }

  View v_;
  OpenError error_;
  std::uint32_t taken_[format::kSectionCount] = {};  // how far the shared sections have been walked
  std::uint64_t boolean_[16] = {};  // of the matrix at hand: which values are booleans (bit set)
};

}  // namespace writ::runtime
