// The bytes of a certificate, and their check.
//
//   writ certificate 2
//   table DIGEST
//   before DIGEST                      of an older table, where two are compared
//   decided CAPABILITY            or   never VERDICT CAPABILITY INVARIANT
//                                 or   asked VERDICT CAPABILITY QUESTION
//                                 or   related NUMBER CAPABILITY INVARIANT
//                                 or   alike 3:4,0:7 CAPABILITY, or owed CAPABILITY
//   1 -2 3 0                           a step, as in DIMACS
//   0                                  the last step: the empty clause
//   seal DIGEST                        SHA-256 of all bytes before this line
//
// `alike` names rows of the older and the newer table by a column of each, counted from 1; 0 is
// none. Everywhere: `alike -`.
//
// Entry points: WriteCertificate, CheckCertificate, QuestionsIn.
#include "writ/certificate/certificate.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "propagation.h"
#include "writ/runtime/sha256.h"

namespace writ::certificate {

using namespace writ::runtime;

namespace {

constexpr std::string_view kFirstLine = "writ certificate 2";
constexpr std::string_view kSeal = "seal ";
constexpr std::string_view kAsked = "asked ", kAlike = "alike ";
constexpr std::size_t kMostQuestions = 64;
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

std::string AboutLines(const About& about) {
  const auto line = [](const char* word, const Table& table) {
    const Slice<unsigned char> digest = table.digest();
    return word + HexOf(digest.begin(), digest.size()) + "\n";
  };
  return line("table ", *about.table) +
         (about.before == nullptr ? "" : line("before ", *about.before));
}

std::string SealLine(std::string_view bytes) { return std::string(kSeal) + DigestOf(bytes) + "\n"; }

std::string RegionsText(const std::vector<Region>& regions) {
  std::string text;
  for (const Region& region : regions)
    text += (text.empty() ? "" : ",") + std::to_string(region.before + 1) + ":" +
            std::to_string(region.now + 1);
  return text.empty() ? "-" : text;
}

std::string ClaimLine(const Claim& claim) {
  const std::string rest = std::string(kVerdictNames[static_cast<std::size_t>(claim.verdict)]) +
                           " " + claim.capability + " " + claim.words;
  switch (claim.kind) {
    case ClaimKind::kDecided:
      return "decided " + claim.capability;
    case ClaimKind::kNever:
      return "never " + rest;
    case ClaimKind::kAsked:
      return std::string(kAsked) + rest;
    case ClaimKind::kAlike:
      return std::string(kAlike) + RegionsText(claim.regions) + " " + claim.capability;
    case ClaimKind::kRelated:
      return "related " + std::to_string(claim.relation + 1) + " " + claim.capability + " " +
             claim.words;
    case ClaimKind::kOwed:
      break;
  }
  return "owed " + claim.capability;
}

// Nothing: they are not written as they should be.
std::optional<std::vector<Region>> RegionsOf(std::string_view text) {
  std::vector<Region> regions;
  if (text == "-") return regions;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](std::uint32_t* row, char after) {
    const auto [next, error] = std::from_chars(at, end, *row);
    *row -= 1;  // 0 becomes kNoRow
    at = next;
    return error == std::errc() && (at == end ? after == ',' : *at++ == after);
  };
  while (at != end) {
    Region& region = regions.emplace_back();
    if (!number(&region.before, ':') || !number(&region.now, ',')) return std::nullopt;
  }
  return regions;
}

class Checker {
 public:
  Checker(const About& about, std::string_view bytes) : about_(about), rest_(bytes) {}

  std::expected<Checked, std::string> Run() {
    if (rest_.size() > kMostBytes) return std::unexpected("it is too large");
    const std::size_t end = rest_.rfind("\nseal ");
    if (end == std::string_view::npos) return std::unexpected("it has no seal");
    const std::string_view sealed = rest_.substr(0, end + 1);
    if (rest_.substr(end + 1) != SealLine(sealed))
      return std::unexpected("its seal does not fit: it was damaged");
    rest_ = sealed;
    if (Line() != kFirstLine) return std::unexpected("it is no certificate of this version");
    if (!rest_.starts_with(AboutLines(about_))) return std::unexpected("it is of another table");
    rest_.remove_prefix(AboutLines(about_).size());
    line_ += about_.before == nullptr ? 1 : 2;
    known_ = ClaimsOf(about_);
    Checked checked;
    while (!rest_.empty()) {
      const std::optional<Claim> claim = ClaimIn(Line());
      if (!claim)
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

  std::optional<Claim> ClaimIn(std::string_view line) const {
    std::vector<Region> regions;
    std::string plain(line);
    if (const std::size_t end = line.find(' ', kAlike.size());
        line.starts_with(kAlike) && end != std::string_view::npos) {
      auto some = RegionsOf(line.substr(kAlike.size(), end - kAlike.size()));
      if (!some) return std::nullopt;
      regions = std::move(*some);
      plain = std::string(kAlike) + "-" + std::string(line.substr(end));
    }
    for (const Claim& one : known_) {
      if (ClaimLine(one) != plain) continue;
      Claim claim = one;
      claim.regions = std::move(regions);
      return claim;
    }
    return std::nullopt;
  }

  // Empty: the claim is proved.
  std::string CheckSteps(const Claim& claim) {
    const auto clauses = ClausesOf(about_, claim);
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

  const About& about_;
  std::vector<Claim> known_;
  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace

std::string WriteCertificate(const About& about, const std::vector<Proof>& proofs) {
  std::string bytes(kFirstLine);
  bytes += "\n" + AboutLines(about);
  for (const Proof& proof : proofs) {
    bytes += ClaimLine(proof.claim) + "\n";
    for (const Clause& step : proof.steps) {
      for (const std::int32_t literal : step) bytes += std::to_string(literal) + " ";
      bytes += "0\n";
    }
  }
  return bytes + SealLine(bytes);
}

std::expected<Checked, std::string> CheckCertificate(const About& about, std::string_view bytes) {
  return Checker(about, bytes).Run();
}

std::vector<std::string> QuestionsIn(std::string_view bytes) {
  std::vector<std::string> questions;
  while (!bytes.empty() && questions.size() < kMostQuestions) {
    std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (!line.starts_with(kAsked)) continue;
    for (int word = 0; word < 3; ++word)  // asked, verdict, capability
      line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
    if (std::ranges::find(questions, line) == questions.end()) questions.emplace_back(line);
  }
  return questions;
}

void SealCertificate(std::string* bytes) {
  const std::size_t end = bytes->rfind("\nseal ");
  bytes->resize(end == std::string::npos ? bytes->size() : end + 1);
  if (!bytes->ends_with('\n')) bytes->push_back('\n');
  *bytes += SealLine(*bytes);
}

}  // namespace writ::certificate
