// For each condition of a clause, the two questions that show whether it matters on its own.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cover_question.h"
#include "writ/compiler/program.h"

namespace writ::compiler {

struct CoverCondition {
  const Node* node = nullptr;  // as written
  std::vector<FactId> reads;
  std::vector<EvidenceId> evidence;  // that it asks to be fresh
  bool role = false;                 // it asks the role
  // The clause decides, and would not were the condition otherwise; the clause does not decide,
  // and would. Null: the rows are too many.
  std::shared_ptr<const CoverQuestion> decides, yields;
};

// Works on a copy of the program: clauses are changed one at a time, and put back.
class ConditionCover {
 public:
  explicit ConditionCover(const Program& program);

  // Null: not an author's clause that decides.
  const Clause* Decides(ClauseId clause) const;
  // False: there are more conditions than can be looked at; `use` was not called.
  bool ForEach(CapabilityId capability, ClauseId clause,
               const std::function<void(const CoverCondition&)>& use);

 private:
  CoverCondition About(ExprId condition) const;
  std::shared_ptr<const CoverQuestion> Ask(CapabilityId capability, const Clause& clause,
                                           ExprId region);
  ExprId Not(ExprId condition);
  ExprId AllFresh(const std::vector<EvidenceId>& evidence);

  Program work_;
  std::vector<Clause*> clauses_;  // by ClauseId; null where none is an author's
};

}  // namespace writ::compiler
