// What a handbook is made of: a policy's trees, what they compile to, and what follows from the
// table.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "handbook.h"
#include "load.h"
#include "table_page.h"
#include "writ/analysis/standing.h"
#include "writ/compiler/larger_words.h"

namespace writ::cli {

// A delegation or a grant: who may do what, under whom, until when.
struct Mandate {
  std::uint32_t authority = 0;  // of the table
  bool grant = false;
  std::string name, title, from, anchor, owner, purpose, review, place;
  std::vector<std::string> to, may, freely, propose, abstain, controls;
  std::optional<std::int64_t> last_day;
  std::int64_t review_days = 0;  // 0: not said
};

class HandbookSource {
 public:
  // The trees and the table of a policy that compiles; nothing if it was refused, which is said.
  static std::expected<std::unique_ptr<HandbookSource>, Exit> Load(const Context&,
                                                                   const std::string& path);

  CompiledPolicy policy;
  lang::SourceSet sources;  // of `house`
  lang::House house;
  runtime::Table table;
  TableDocument document;
  std::vector<Mandate> mandates;  // in the order of the policy
  std::vector<compiler::LargerWord> larger;
  std::vector<std::vector<analysis::Reach>> reach;  // by capability, then role; empty for an event
  std::optional<std::int64_t> first_day, today;
  bool whole = true;  // what each role may do is known for certain

  // The text of a range, on one line.
  [[nodiscard]] std::string Words(const lang::Span&) const;
  // Of a threshold what it stands for, too.
  [[nodiscard]] std::string Amount(const lang::Literal&) const;
  // The text of a range without a reason that stands in it.
  [[nodiscard]] std::string WordsWithout(const lang::Span&,
                                         const std::optional<lang::Text>& reason) const;
  template <typename Declared, typename Use>
  void Each(Use use) const {
    for (const lang::HousePolicy& member : house.policies)
      for (const lang::Declaration& declaration : member.policy.declarations)
        if (const auto* one = std::get_if<Declared>(&declaration)) use(*one);
  }
  [[nodiscard]] std::string RoleName(std::uint32_t role) const {
    return std::string(table.Role({role}).name);
  }
  [[nodiscard]] std::string CapabilityName(std::uint32_t capability) const {
    return std::string(table.Capability({capability}).name);
  }
  // The day whose first instant this is, on the clocks of the policy.
  [[nodiscard]] std::int64_t DayThatBegins(std::int64_t ms) const;
  [[nodiscard]] bool HasReach(std::uint32_t capability) const { return !reach[capability].empty(); }

 private:
  void CollectMandates();
  void CollectReach();

  std::int64_t ahead_ms_ = 0;  // of UTC, when the policy takes effect
};

// The parts, in the order in which they are read. A part without blocks is left out.
Part InShort(const HandbookSource&);
Part WhoIsWho(const HandbookSource&);
Part WhoIsAsked(const HandbookSource&);
Part Mandates(const HandbookSource&);
Part MapOfAutonomy(const HandbookSource&);
Part Capabilities(const HandbookSource&);
Part Thresholds(const HandbookSource&);
Part WhatExpires(const HandbookSource&);
Part Guards(const HandbookSource&);
Part Approvals(const HandbookSource&);
Part MemoryAndRecord(const HandbookSource&);
Part Budgets(const HandbookSource&);
Part WhoWorksOnWhat(const HandbookSource&);
Part CarriedOut(const HandbookSource&);
Part BetweenSteps(const HandbookSource&);
Part ModelsAndCritics(const HandbookSource&);
Part WhatMayLeave(const HandbookSource&);
Part FiveViews(const HandbookSource&);
Part WhatIsProved(const HandbookSource&);

// What the parts share.
Line Said(std::string text);  // one plain piece
Piece Strong(std::string text);
Piece Soft(std::string text);
Piece CodePiece(std::string text, std::string to = {});
Piece Badge(std::string text, std::string style);
Line Names(const std::vector<std::string>& names);  // as code, with commas
Line CapabilityLinks(const HandbookSource&, const std::vector<std::string>& names);
Line NameList(const HandbookSource&, const std::vector<lang::Name>& names);  // likewise
std::string NamesText(const std::vector<lang::Name>& names);
Line Titled(const lang::Name& name, const std::optional<lang::Text>& title);
std::string DataClassText(lang::DataClass);
std::string CountOf(std::size_t count, const char* one, const char* many);
// Whether `name` stands in `words` as a word of its own.
bool MentionsWord(std::string_view words, std::string_view name);

}  // namespace writ::cli
