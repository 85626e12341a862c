// Runs of the support desk as a corpus.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "support/command.h"
#include "support_desk/generate.h"

namespace writ::e2e {

// Writes BASE.jsonl and BASE.db.
inline void ImportDeskRuns(const std::string& base, std::uint32_t runs, std::uint64_t seed) {
  std::ofstream lines(base + ".jsonl", std::ios::binary);
  for (const std::string& line : support_desk::Generate({.runs = runs, .seed = seed}))
    lines << line << '\n';
  lines.close();
  const command::Result imported =
      command::Writ({"corpus", "import", base + ".jsonl", "--map",
                     command::Source("corpora/support_desk/support_desk.sql"), "-o", base + ".db"});
  ASSERT_EQ(imported.exit, 0) << imported.err;
}

}  // namespace writ::e2e
