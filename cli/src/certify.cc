// Certificates as files. The clauses are the certificate's own, made of the table; the solver finds
// the steps. Entry points: WriteCertificateFile, CheckCertificateFile.
#include "certify.h"

#include <utility>

#include "load.h"
#include "writ/analysis/refutation.h"
#include "writ/certificate/certificate.h"

namespace writ::cli {

namespace {

constexpr std::size_t kMostCertificateBytes = std::size_t{1} << 30;

}  // namespace

std::expected<Certified, std::string> WriteCertificateFile(const runtime::Table& table,
                                                           const std::string& path,
                                                           analysis::Budget& budget) {
  Certified certified;
  std::vector<certificate::Proof> proofs;
  for (const certificate::Claim& claim : certificate::ClaimsOf(table)) {
    const auto clauses = certificate::ClausesOf(table, claim);
    auto steps = clauses ? analysis::Refute(clauses->clauses, budget) : std::nullopt;
    if (steps) {
      certified.claims.push_back(certificate::Text(claim));
      proofs.push_back({claim, std::move(*steps)});
    } else {
      certified.without.push_back(certificate::Text(claim));
    }
  }
  const std::string bytes = certificate::WriteCertificate(table, proofs);
  if (const auto checked = certificate::CheckCertificate(table, bytes); !checked)
    return std::unexpected("the certificate does not pass its own check: " + checked.error());
  if (const auto written = WriteFile(path, bytes); !written)
    return std::unexpected(written.error());
  return certified;
}

std::expected<Certified, Refusal> CheckCertificateFile(const runtime::Table& table,
                                                       const std::string& path) {
  const auto bytes = ReadFile(path, kMostCertificateBytes);
  if (!bytes) return std::unexpected(Refusal{true, bytes.error()});
  const auto checked = certificate::CheckCertificate(table, *bytes);
  if (!checked) return std::unexpected(Refusal{false, checked.error()});
  Certified certified;
  for (const certificate::Claim& claim : checked->claims)
    certified.claims.push_back(certificate::Text(claim));
  return certified;
}

}  // namespace writ::cli
