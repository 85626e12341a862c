// What every verb is given: its streams, the options that all verbs share, and the exit codes.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace writ::cli {

// Documented in README.md and `writ --help`; scripts rely on the numbers.
enum class Exit : int { kPass = 0, kBlock = 1, kUsage = 2, kInconclusive = 3, kFiles = 4, kDigest = 5 };

struct Context {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool json = false;      // --format json
  bool quiet = false;     // --quiet: no progress
  bool color = false;     // diagnostics on a terminal
  bool progress = false;  // somebody watches `err`

  // Says what went wrong and what to do next; every non-zero exit ends with such a `next:` line.
  Exit Fail(Exit code, std::string_view what, std::string_view next) const;
};

// A verb adds itself to the command line. Its action leaves the exit code in `*exit`.
using AddVerb = void(CLI::App&, Context&, Exit* exit);
AddVerb AddNew, AddCheck, AddBuild, AddTable, AddExplain, AddDecide, AddCorpus, AddReplay, AddGate, AddDump;

inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::string_view kToolVersion = "writ 0.1.0";

}  // namespace writ::cli
