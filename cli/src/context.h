// What every verb is given: its streams, the options that all verbs share, and the exit codes.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace writ::cli {

// Documented in README.md and `writ --help`; scripts rely on the numbers.
enum class Exit : int {
  kPass = 0,
  kBlock = 1,
  kUsage = 2,
  kInconclusive = 3,
  kFiles = 4,
  kDigest = 5
};

struct Context {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  std::string format = "text";  // --format
  bool json = false;            // format is json
  bool quiet = false;           // --quiet: no progress
  bool color = false;           // diagnostics on a terminal
  bool progress = false;        // somebody watches `err`

  // Formats that a verb knows besides text and json; see OfferFormats.
  std::map<std::string, std::vector<std::string>> formats;

  // Says what went wrong and what to do next; every non-zero exit ends with such a `next:` line.
  Exit Fail(Exit code, std::string_view what, std::string_view next) const;
};

// A verb adds itself to the command line. Its action leaves the exit code in `*exit`.
using AddVerb = void(CLI::App&, Context&, Exit* exit);
AddVerb AddNew, AddCheck, AddBuild, AddTable, AddShow, AddDoc, AddExplain, AddDecide, AddDiff, AddTest,
    AddProve, AddCorpus, AddReplay, AddGate, AddFmt, AddDump;

// Lets a verb be called with further formats, and says so in its help.
void OfferFormats(CLI::App& verb, Context&, std::vector<std::string> formats);

inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::string_view kToolVersion = "writ 0.1.0";

}  // namespace writ::cli
