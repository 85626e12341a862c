// What larger words (`separate`, `sequence`, `approvals`) stand for, in smaller ones.
#pragma once

#include <string>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"

namespace writ::compiler {

struct LargerWord {
  std::string what;  // "sequence two_way"
  std::string file;
  std::uint32_t line = 0;
  std::vector<std::string> declarations;  // meters, facts, events, anchors
  struct Row {
    std::string name;   // of the clause in the table
    std::string words;  // as the author wrote them
    std::string means;  // "deny when done(order) = 0"
  };
  std::vector<Row> rows;
};

// Of policies that compile, as LoadHouse orders them; in the order of the files.
std::vector<LargerWord> DescribeLargerWords(const std::vector<const lang::Policy*>& policies,
                                            const lang::SourceSet& sources);

}  // namespace writ::compiler
