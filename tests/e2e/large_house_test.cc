// A large house of many files: a mistake in one of them is found and placed as it is in a small
// one. WRIT_HOUSE_RULES and WRIT_HOUSE_FILES give another size.
#include <gmock/gmock.h>

#include <algorithm>

#include "generator.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

std::uint32_t Size(const char* variable, std::uint32_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

class LargeHouse : public Workspace {
 protected:
  // Writes a house; `clause` becomes the first of the last part's first capability.
  void Make(std::uint32_t rules, std::uint32_t count, const std::string& clause = {}) {
    std::vector<bench::SourceFile> files = bench::ToFiles(bench::Scoped(rules), count);
    ASSERT_EQ(files.size(), count);
    std::string& last = files.back().text;
    if (!clause.empty()) {
      const std::size_t at = last.find("{\n", last.find("\n  for c")) + 2;
      line_ = static_cast<std::size_t>(
                  std::count(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
              1;
      last.insert(at, "    " + clause + "\n");
    }
    for (const bench::SourceFile& file : files) Write(file.name, file.text);
    last_ = files.back().name;
  }
  Result Check() { return Writ({"check", Path("main.writ")}); }
  std::string Place(std::size_t column) const {
    return Path(last_) + ":" + std::to_string(line_) + ":" + std::to_string(column);
  }

  const std::uint32_t rules_ = Size("WRIT_HOUSE_RULES", 400), files_ = Size("WRIT_HOUSE_FILES", 10);
  std::string last_;
  std::size_t line_ = 0;
};

TEST_F(LargeHouse, Compiles) {
  Make(rules_, files_);
  const Result result = Check();
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(result.err, "");
}

struct Mistake {
  const char *clause, *code;
  std::size_t column;
};

TEST_F(LargeHouse, AMistakeIsPlacedAsInASmallHouse) {
  for (const Mistake& mistake : {
           Mistake{"deny when nn1 > 5", "unknown-name", 15},
           Mistake{"deny when n1 > v0", "", 0},
           Mistake{"deny when n1 > 5 n2", "", 0},
           Mistake{"deny when n1 < 5 and n1 > 5", "", 0},
       }) {
    Result results[2];
    std::string places[2];
    std::size_t i = 0;
    for (const auto& [rules, count] : {std::pair(100u, 4u), std::pair(rules_, files_)}) {
      Make(rules, count, mistake.clause);
      results[i] = Check();
      EXPECT_EQ(results[i].exit, 2) << mistake.clause << '\n' << results[i].err;
      if (mistake.column != 0) {
        EXPECT_THAT(results[i].err,
                    ::testing::HasSubstr("error[" + std::string(mistake.code) + "]"));
        EXPECT_THAT(results[i].err, ::testing::HasSubstr(Place(mistake.column)));
      }
      const std::string file = Path(last_) + ":" + std::to_string(line_) + ":";
      const std::size_t at = results[i].err.find(file);
      ASSERT_NE(at, std::string::npos) << mistake.clause << '\n' << results[i].err;
      // The code, and the column; names, lines and so words differ.
      places[i] =
          results[i].err.substr(0, results[i].err.find(']')) + "] at " +
          results[i].err.substr(at + file.size(), results[i].err.find('\n', at) - at - file.size());
      ++i;
    }
    EXPECT_EQ(places[0], places[1]);
  }
}

}  // namespace
}  // namespace writ::e2e
