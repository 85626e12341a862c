// What the rows of one or two tables read of a request. Of each thing that is read a request has
// one atom of a line, cut wherever a table cuts; what two tables read alike is one line. Everything
// that is not excluded counts as possible, so that a mistake of omission can only make a proof
// fail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "clause_maker.h"
#include "ties.h"
#include "writ/runtime/table.h"

namespace writ::certificate {

// One of the tables, and a capability of it.
struct Side {
  const runtime::Table* table = nullptr;
  runtime::CapabilityId capability;  // invalid: it has none of the name, and denies
  bool decides = true;               // else its rows are looked at, and not what they decide
};

// What is asked of the sides.
struct Asked {
  const Ties* ties = nullptr;  // from the first side to the second; null where there is but one
  bool valid_header = false;   // the request's header is in order, or not there
  // Requests that both sides take: else what one of them alone requires is denied there.
  bool by_both = false;
  std::vector<bool> apart = {};  // facts, by the first side's number, that either has for itself
};

class Lines {
 public:
  Lines(ClauseMaker& maker, const std::vector<Side>& sides, Asked asked);

  // Why nothing can be said of such requests; empty: it can.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  // A literal that is met exactly if the side's own dimension has one of those atoms.
  [[nodiscard]] std::int32_t Member(std::size_t side, std::uint32_t dimension,
                                    const std::vector<bool>& atoms);
  // A literal that is met exactly if the side denies before any row is looked at, and not both do.
  [[nodiscard]] std::int32_t Denied(std::size_t side);
  // The second side has the fact and no less of it than the first, or no more; `may_miss`: or both
  // lack it. REQUIRES: the fact is apart, and one table is on both sides.
  void Order(runtime::FactId, bool falling, bool may_miss);

 private:
  static constexpr std::size_t kMostSides = 2;
  enum class Form : std::uint8_t { kNumber, kValue, kText, kPresence };
  using Key = std::tuple<runtime::DimensionKind, std::size_t, std::uint32_t>;
  struct Line {
    runtime::DimensionKind kind = runtime::DimensionKind::kFact;
    Form form = Form::kNumber;
    std::array<runtime::FactId, kMostSides> fact;  // kFact: as either side numbers it
    std::set<std::int64_t> cut_set;
    std::set<std::string> text_set;
    std::vector<std::int64_t> cuts;                             // kNumber, once all are known
    std::vector<std::string> texts;                             // kText
    std::vector<std::array<std::uint32_t, kMostSides>> values;  // kValue: kNothing: malformed
    std::vector<std::uint32_t> atoms;  // that are possible, ascending; 0 is missing
    std::int32_t before = 0;           // variable: the atom is the first; the next ones follow it
    std::map<std::vector<bool>, std::int32_t> members;
  };

  bool Has(std::size_t s) const { return sides_[s].capability.valid(); }
  runtime::MatrixView Matrix(std::size_t s) const {
    return sides_[s].table->Matrix(sides_[s].capability);
  }
  runtime::FactView Fact(std::size_t s, runtime::FactId fact) const {
    return sides_[s].table->Fact(fact);
  }

  void NumberCode(std::size_t s);
  std::string Operand(std::size_t s, runtime::OperandKind kind, std::uint32_t operand) const;
  Key KeyOf(std::size_t s, const runtime::DimensionView&) const;
  Key FactKey(std::size_t s, runtime::FactId) const;
  Key EvidenceKey(std::size_t s, std::uint32_t evidence) const;
  Line* Find(const Key& key);

  std::size_t LineAt(const Key& key);
  void ShapeFact(Line& line);
  void AddRoles(Line& line);
  void AddCuts(std::size_t s, const runtime::DimensionView&, Line& line);
  bool Requires(std::size_t s, runtime::FactId) const;
  bool AreAsked(const Line& line) const;
  bool IsApart(std::size_t s, runtime::FactId fact) const {
    return s == 0 && fact.value < asked_.apart.size() && asked_.apart[fact.value];
  }
  bool InSignature(std::size_t s, runtime::FactId) const;
  bool IsKept(std::size_t s, runtime::FactId) const;
  void FindDenials(std::size_t s);
  void Finish(Line& line);
  bool IsPossible(const Line& line, std::uint32_t atom) const;
  bool IsMalformed(const Line& line, std::size_t s, std::uint32_t atom) const;
  std::uint32_t OwnAtom(const Line& line, std::size_t s, const runtime::DimensionView&,
                        std::uint32_t atom) const;
  void TieEvidence(std::size_t s);

  std::int32_t MemberOf(Line& line, const std::vector<bool>& in);
  std::int32_t OnlyAtom(Line& line, std::uint32_t atom);
  static bool Append(const Line& line, std::size_t k, bool positive, Clause* clause);

  ClauseMaker& maker_;
  const std::vector<Side>& sides_;
  const Asked asked_;
  const Ties* const ties_;
  std::string refusal_;
  std::vector<Line> lines_;
  std::map<Key, std::size_t> place_;
  std::map<std::string, std::uint32_t> known_code_;
  std::array<std::vector<std::uint32_t>, kMostSides> code_;  // by own instruction
  std::vector<std::uint32_t> before_;  // the first side's fact, by the second's
  std::array<std::vector<std::size_t>, kMostSides> line_of_;             // by own dimension
  std::array<std::vector<std::vector<std::uint32_t>>, kMostSides> own_;  // by dimension, atom
  std::array<std::vector<std::size_t>, kMostSides> wanted_;  // lines: missing is denied there
};

}  // namespace writ::certificate
