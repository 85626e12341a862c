// What `writ test` found, as text, JSON and JUnit XML.
#pragma once

#include <string>

#include "writ/compiler/test.h"

namespace writ::cli {

struct TestReport {
  std::string policy, version, path;
  compiler::PolicyTest test;
  bool mutated = false;
  std::vector<std::string> missing;  // example blocks that would kill what survived, each once
};

[[nodiscard]] std::string TestText(const TestReport&);
[[nodiscard]] std::string TestJson(const TestReport&);
// A suite of the examples, one of the rows and, if there are any, one of the mutants; what survived
// or was not reached is a failure.
[[nodiscard]] std::string TestJunit(const TestReport&);

}  // namespace writ::cli
