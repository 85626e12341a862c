// WRIT_CHECK: our own mistakes end the program, with the invariant in words.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace writ::compiler {

[[noreturn]] inline void AbortWithWords(const char* file, int line, const std::string& words) {
  std::fprintf(stderr, "%s:%d: internal error: %s\n", file, line, words.c_str());
  std::abort();
}

}  // namespace writ::compiler

#ifndef WRIT_CHECK
#define WRIT_CHECK(condition, words)                                                    \
  do {                                                                                  \
    if (!(condition)) ::writ::compiler::AbortWithWords(__FILE_NAME__, __LINE__, words); \
  } while (false)
#endif
