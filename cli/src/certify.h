// Certificates as files.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "context.h"
#include "writ/analysis/region.h"
#include "writ/certificate/certificate.h"

namespace writ::cli {

struct Certified {
  std::vector<std::string> claims,
      without;  // in words: proved in the file; true or not, but not in it
};

// Proves what it can of the claims, and writes the file. What it could not read back and accept is
// not written. The error is a sentence.
std::expected<Certified, std::string> WriteCertificateFile(const certificate::About&,
                                                           const std::vector<certificate::Claim>&,
                                                           const std::string& path,
                                                           analysis::Budget&);
// "written  ...", a line each.
std::string Lines(const Certified&);

// Says what the file proves of a table, or between two, or why it is refused.
Exit CheckCertificateFile(const Context&, const runtime::Table&, const std::string& path);
Exit CheckCertificateFile(const Context&, const runtime::Table& before, const runtime::Table& now,
                          const std::string& path);

}  // namespace writ::cli
