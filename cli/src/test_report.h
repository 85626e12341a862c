// What `writ test` found, as text, JSON, HTML and JUnit XML.
#pragma once

#include <cstdint>
#include <string>

#include "writ/compiler/cover.h"
#include "writ/compiler/test.h"

namespace writ::cli {

struct TestReport {
  std::string policy, version, path;
  std::string before;  // the version that decides cases from before; empty: there is none
  compiler::PolicyTest test;
  compiler::PolicyCover cover;
  bool mutated = false, covered = false;
  // The past runs that the policy was put to; without a path there were none.
  struct Corpus {
    std::string path, digest;
    std::uint64_t runs = 0, events = 0;
  } corpus;
  // Example blocks that would kill what survived and cover what is not, each once.
  std::vector<std::string> missing;
};

// 0 to 1; 1 where there are no rows.
[[nodiscard]] double RowsReached(const TestReport&);

// Of a policy that leaves cases from before to another version.
[[nodiscard]] std::string BeforeSentence(const TestReport&);

[[nodiscard]] std::string TestText(const TestReport&);
[[nodiscard]] std::string TestJson(const TestReport&);
// One page: bars, then clause by clause.
[[nodiscard]] std::string TestHtml(const TestReport&);
// Suites of the examples and the rows and, if they were asked for, of mutants, conditions and
// boundaries; what survived, was not reached or is not covered is a failure.
[[nodiscard]] std::string TestJunit(const TestReport&);

}  // namespace writ::cli
