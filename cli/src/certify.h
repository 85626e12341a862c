// Certificates as files.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/runtime/table.h"

namespace writ::cli {

struct Certified {
  std::vector<std::string> claims,
      without;  // in words: proved in the file; true or not, but not in it
};

// Proves what a certificate can hold of the table, and writes the file. What it could not read
// back and accept is not written. The error is a sentence.
std::expected<Certified, std::string> WriteCertificateFile(const runtime::Table&,
                                                           const std::string& path,
                                                           analysis::Budget&);

// What the file proves of the table. `unreadable`: there is no such file; else the error says why
// the certificate is refused.
struct Refusal {
  bool unreadable = false;
  std::string why;
};
std::expected<Certified, Refusal> CheckCertificateFile(const runtime::Table&,
                                                       const std::string& path);

}  // namespace writ::cli
