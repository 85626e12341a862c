// Certificates as files. The clauses are the certificate's own, made of the tables; the solver
// finds the steps. Entry points: WriteCertificateFile, CheckCertificateFile.
#include "certify.h"

#include <fmt/format.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <utility>

#include "load.h"
#include "writ/analysis/refutation.h"
#include "writ/compiler/question.h"

namespace writ::cli {

namespace {

using certificate::About;
using nlohmann::ordered_json;

constexpr std::size_t kMostCertificateBytes = std::size_t{1} << 30;

Exit Refuse(const Context& context, const std::string& why, bool compared) {
  return context.Fail(Exit::kDigest, "the certificate is refused: " + why,
                      compared ? "writ diff OLD NEW --certificate FILE writes a new one"
                               : "writ prove TABLE --certificate FILE writes a new one");
}

Exit Check(const Context& context, const About& about, const std::string& bytes) {
  const bool compared = about.before != nullptr;
  const auto checked = certificate::CheckCertificate(about, bytes);
  if (!checked) return Refuse(context, checked.error(), compared);
  ordered_json certified = ordered_json::array();
  std::string text;
  for (const certificate::Claim& claim : checked->claims) {
    const std::vector<std::string> regions = certificate::RegionTexts(about, claim);
    text += fmt::format("{:<9}{}\n", "holds", certificate::Text(claim));
    for (const std::string& region : regions) text += fmt::format("         {}\n", region);
    if (compared) {
      certified.push_back({{"claim", certificate::Text(claim)}, {"regions", regions}});
    } else {
      certified.push_back(certificate::Text(claim));
    }
  }
  if (!context.json) {
    context.out << text << fmt::format("{} proofs checked\n", checked->claims.size());
    return Exit::kPass;
  }
  ordered_json document{{"policy", about.table->policy()}};
  if (compared) {
    document["old"] = {{"sha256", Hex(about.before->digest())}};
    document["new"] = {{"sha256", Hex(about.table->digest())}};
  } else {
    document["sha256"] = Hex(about.table->digest());
  }
  document["certified"] = std::move(certified);
  context.out << document.dump(2) << "\n";
  return Exit::kPass;
}

std::expected<std::string, Exit> Read(const Context& context, const std::string& path) {
  auto bytes = ReadFile(path, kMostCertificateBytes);
  if (bytes) return std::move(*bytes);
  return std::unexpected(
      context.Fail(Exit::kFiles, bytes.error(), "name a certificate that can be read"));
}

}  // namespace

std::expected<Certified, std::string> WriteCertificateFile(
    const About& about, const std::vector<certificate::Claim>& claims, const std::string& path,
    analysis::Budget& budget) {
  Certified certified;
  std::vector<certificate::Proof> proofs;
  for (const certificate::Claim& claim : claims) {
    const auto clauses = certificate::ClausesOf(about, claim);
    auto steps = clauses ? analysis::Refute(clauses->clauses, budget) : std::nullopt;
    std::string text = certificate::Text(claim);
    if (steps) {
      certified.claims.push_back(std::move(text));
      proofs.push_back({claim, std::move(*steps)});
    } else {
      certified.without.push_back(clauses ? text : text + ": " + clauses.error());
    }
  }
  const std::string bytes = certificate::WriteCertificate(about, proofs);
  if (const auto checked = certificate::CheckCertificate(about, bytes); !checked)
    return std::unexpected("the certificate does not pass its own check: " + checked.error());
  if (const auto written = WriteFile(path, bytes); !written)
    return std::unexpected(written.error());
  return certified;
}

std::string Lines(const Certified& certified) {
  std::string text;
  for (const std::string& claim : certified.claims)
    text += fmt::format("{:<9}{}\n", "written", claim);
  for (const std::string& claim : certified.without)
    text += fmt::format("{:<9}{}\n", "left out", claim);
  return text;
}

// What its questions mean is worked out anew: of them, the file has the words alone.
Exit CheckCertificateFile(const Context& context, const runtime::Table& table,
                          const std::string& path) {
  const auto bytes = Read(context, path);
  if (!bytes) return bytes.error();
  About about(table);
  std::deque<compiler::CompiledQuestion> compiled;  // stay where they are
  for (const std::string& words : certificate::QuestionsIn(*bytes)) {
    lang::SourceSet sources;
    lang::DiagnosticSink diagnostics;
    auto question = compiler::CompileQuestion(table, words, sources, diagnostics);
    if (!question) return Refuse(context, "`" + words + "` is no question to the table", false);
    const compiler::CompiledQuestion& kept = compiled.emplace_back(std::move(*question));
    about.questions.push_back({words, &kept.condition.table, kept.verdicts});
  }
  return Check(context, about, *bytes);
}

Exit CheckCertificateFile(const Context& context, const runtime::Table& before,
                          const runtime::Table& now, const std::string& path) {
  const auto bytes = Read(context, path);
  return bytes ? Check(context, About(before, now), *bytes) : bytes.error();
}

}  // namespace writ::cli
