// The bytes of a certificate, and their check.
//
//   writ certificate 1
//   table DIGEST
//   decided CAPABILITY            or   never VERDICT CAPABILITY INVARIANT
//   1 -2 3 0                           a step, as in DIMACS
//   0                                  the last step: the empty clause
//   seal DIGEST                        SHA-256 of all bytes before this line
//
// Entry points: WriteCertificate, CheckCertificate.
#include "writ/certificate/certificate.h"

#include <charconv>
#include <optional>

#include "propagation.h"
#include "writ/runtime/sha256.h"

namespace writ::certificate {

using namespace writ::runtime;

namespace {

constexpr std::string_view kFirstLine = "writ certificate 1";
constexpr std::string_view kSeal = "seal ";
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::string_view kVerdictNames[] = {"allow", "escalate", "deny"};

std::string HexOf(const unsigned char* bytes, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

std::string DigestOf(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes.data(), bytes.size());
  unsigned char digest[32];
  hash.Finish(digest);
  return HexOf(digest, sizeof digest);
}

std::string TableLine(const Table& table) {
  const Slice<unsigned char> digest = table.digest();
  return "table " + HexOf(digest.begin(), digest.size());
}

std::string SealLine(std::string_view bytes) { return std::string(kSeal) + DigestOf(bytes) + "\n"; }

std::string ClaimLine(const Claim& claim) {
  if (claim.kind == ClaimKind::kDecided) return "decided " + claim.capability;
  return "never " + std::string(kVerdictNames[static_cast<std::size_t>(claim.verdict)]) + " " +
         claim.capability + " " + claim.invariant;
}

class Checker {
 public:
  Checker(const Table& table, std::string_view bytes) : table_(table), rest_(bytes) {}

  std::expected<Checked, std::string> Run() {
    if (rest_.size() > kMostBytes) return std::unexpected("it is too large");
    const std::size_t end = rest_.rfind("\nseal ");
    if (end == std::string_view::npos) return std::unexpected("it has no seal");
    const std::string_view sealed = rest_.substr(0, end + 1);
    if (rest_.substr(end + 1) != SealLine(sealed))
      return std::unexpected("its seal does not fit: it was damaged");
    rest_ = sealed;
    if (Line() != kFirstLine) return std::unexpected("it is no certificate of this version");
    if (Line() != TableLine(table_)) return std::unexpected("it is of another table");
    const std::vector<Claim> known = ClaimsOf(table_);
    Checked checked;
    while (!rest_.empty()) {
      const std::string_view line = Line();
      const Claim* claim = nullptr;
      for (const Claim& one : known)
        if (ClaimLine(one) == line) claim = &one;
      if (claim == nullptr)
        return std::unexpected("line " + std::to_string(line_) + " claims nothing of this table");
      if (const std::string wrong = CheckSteps(*claim); !wrong.empty())
        return std::unexpected("line " + std::to_string(line_) + ": " + wrong);
      checked.claims.push_back(*claim);
    }
    return checked;
  }

 private:
  // The next line, without its end.
  std::string_view Line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
    return line;
  }

  // Empty: the claim is proved.
  std::string CheckSteps(const Claim& claim) {
    const auto clauses = ClausesOf(table_, claim);
    if (!clauses) return clauses.error();
    Propagation known(clauses->variables);
    for (const Clause& clause : clauses->clauses) known.Add(clause);
    while (!rest_.empty()) {
      const std::optional<Clause> step = StepOf(Line(), clauses->variables);
      if (!step) return "no step";
      if (!known.Follows(*step)) return "a step that does not follow";
      if (known.exhausted()) return "more work than a proof takes";
      if (step->empty()) return "";
      known.Add(*step);
    }
    return "the proof has no end";
  }

  static std::optional<Clause> StepOf(std::string_view line, std::int32_t variables) {
    Clause step;
    const char* at = line.data();
    const char* const end = at + line.size();
    while (true) {
      std::int32_t literal = 0;
      const auto [next, error] = std::from_chars(at, end, literal);
      if (error != std::errc() || literal > variables || literal < -variables) return std::nullopt;
      if (literal == 0) return next == end ? std::optional(std::move(step)) : std::nullopt;
      if (next == end || *next != ' ') return std::nullopt;
      step.push_back(literal);
      at = next + 1;
    }
  }

  const Table& table_;
  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace

std::string WriteCertificate(const Table& table, const std::vector<Proof>& proofs) {
  std::string bytes(kFirstLine);
  bytes += "\n" + TableLine(table) + "\n";
  for (const Proof& proof : proofs) {
    bytes += ClaimLine(proof.claim) + "\n";
    for (const Clause& step : proof.steps) {
      for (const std::int32_t literal : step) bytes += std::to_string(literal) + " ";
      bytes += "0\n";
    }
  }
  return bytes + SealLine(bytes);
}

std::expected<Checked, std::string> CheckCertificate(const Table& table, std::string_view bytes) {
  return Checker(table, bytes).Run();
}

void SealCertificate(std::string* bytes) {
  const std::size_t end = bytes->rfind("\nseal ");
  bytes->resize(end == std::string::npos ? bytes->size() : end + 1);
  if (!bytes->ends_with('\n')) bytes->push_back('\n');
  *bytes += SealLine(*bytes);
}

}  // namespace writ::certificate
