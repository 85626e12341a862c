// The `writ` command as a function, so that tests run it in-process.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace writ::cli {

// Runs `writ ARGS…` (without the program's name). Results go to `out`, everything else to `err`.
// Returns the exit code: 0 pass, 1 block (or examples failed), 2 usage or policy does not compile,
// 3 inconclusive, 4 files or database, 5 digest or signature.
int Run(const std::vector<std::string>& args, std::istream& in, std::ostream& out,
        std::ostream& err);

}  // namespace writ::cli
