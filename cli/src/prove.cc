// `writ prove`: what holds for every request of a table, by proof or by a request that shows it
// does not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <expected>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "certify.h"
#include "context.h"
#include "load.h"
#include "writ/analysis/ask.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/overlap.h"
#include "writ/analysis/relation.h"
#include "writ/analysis/witness.h"
#include "writ/compiler/question.h"

namespace writ::cli {
namespace {

using analysis::Answer;
using analysis::Outcome;
using nlohmann::ordered_json;

struct ProveFlags {
  std::string path;
  std::vector<std::string> question;
  std::uint64_t max_steps = 50'000'000;
  std::string certificate, check;  // files
};

constexpr std::uint64_t kOverlapSteps = 2'000'000;  // for each capability

struct ProofLine {
  std::string question;
  Outcome outcome = Outcome::kNone;  // kNone: proved
  std::string request, decision, why;
};

// Two clauses that come out differently where both hold: nothing to refute, but worth a look.
struct OverlapLine {
  std::string capability, decides, yields, outcome, other_outcome, size, request;
};

struct Told {
  std::vector<ProofLine> proofs;
  std::vector<OverlapLine> overlaps;
  std::uint64_t overlaps_open = 0;  // pairs of clauses that may overlap
  Certified certified;
};

const char* Name(Outcome outcome) {
  static constexpr const char* kNames[] = {"proved", "refuted", "unknown"};
  return kNames[static_cast<std::size_t>(outcome)];
}

ProofLine FromAnswer(const runtime::Table& table, std::string question, const Answer& answer) {
  ProofLine line{std::move(question), answer.outcome, "", "", answer.why};
  if (!answer.witness) return line;
  line.request = analysis::Describe(table, *answer.witness);
  if (line.request.empty()) line.request = "any request";
  line.decision = analysis::DescribeDecision(table, answer.witness->decision);
  return line;
}

// The questions that every table is asked.
class Prover {
 public:
  Prover(const runtime::Table& table, analysis::Budget& budget) : table_(table), budget_(budget) {}

  Told Run() {
    AskWhetherEscalationsEnd();
    for (std::uint32_t c = 0; c < table_.capability_count(); ++c) {
      if (table_.Capability({c}).kind == runtime::CapabilityKind::kEvent) continue;
      AskCapability({c});
    }
    AskRelations();
    for (auto& [id, line] : clauses_) {
      if (line.outcome == Outcome::kFound && IsKept({id})) {
        line.outcome = Outcome::kNone;
        line.question += ", or is kept for its reason";
        line.request.clear();
      }
      lines_.push_back(std::move(line));
    }
    for (std::uint32_t c = 0; c < table_.capability_count(); ++c)
      if (table_.Capability({c}).kind != runtime::CapabilityKind::kEvent) ListOverlaps({c});
    told_.proofs = std::move(lines_);
    return std::move(told_);
  }

 private:
  // Silence leads to a person, or to no. Anchors are held by people; where it goes on to another
  // anchor, it must not come back.
  void AskWhetherEscalationsEnd() {
    for (std::uint32_t a = 0; a < table_.anchor_count(); ++a) {
      const runtime::AnchorView anchor = table_.Anchor({a});
      ProofLine line{fmt::format("what is escalated to `{}` ends at a person", anchor.name),
                     Outcome::kNone, "", "", ""};
      if (table_.Role(anchor.held_by).kind != runtime::RoleKind::kHuman) {
        line.outcome = Outcome::kFound;
        line.request =
            fmt::format("`{}` holds it, and is no person", table_.Role(anchor.held_by).name);
      }
      std::vector<bool> seen(table_.anchor_count(), false);
      runtime::AnchorId at{a};
      while (table_.Anchor(at).silence == runtime::Verdict::kEscalate) {
        if (seen[at.value]) {
          line.outcome = Outcome::kFound;
          line.request = fmt::format("silence comes back to `{}`", table_.Anchor(at).name);
          break;
        }
        seen[at.value] = true;
        at = table_.Anchor(at).silence_anchor;
      }
      lines_.push_back(std::move(line));
    }
  }

  void AskCapability(runtime::CapabilityId id) {
    const std::string name(table_.Capability(id).name);
    const analysis::Space space(table_, id);
    lines_.push_back(FromAnswer(table_, fmt::format("every request of `{}` is decided", name),
                                analysis::FindUndecided(space, budget_)));
    for (const analysis::ClauseEffect& effect : analysis::AllClausesMatter(space, budget_))
      Note(id, effect);
    for (std::uint32_t i = 0; i < table_.invariant_count(); ++i) {
      const std::string invariant(table_.Invariant(i));
      if (invariant.starts_with('~') || IsRelation(i) || space.InvariantColumns(i).Empty())
        continue;
      const Answer answer = analysis::FindInvariantBreach(InForce(id), i, budget_);
      lines_.push_back(FromAnswer(
          table_, fmt::format("invariant `{}` holds for `{}`", invariant, name), answer));
    }
  }

  // With effort of its own: what is proved does not depend on what is listed.
  void ListOverlaps(runtime::CapabilityId id) {
    analysis::Budget budget{.limit = kOverlapSteps};
    const analysis::OverlapReport report = analysis::FindOverlaps(InForce(id), budget);
    told_.overlaps_open += report.open + report.more;
    for (const analysis::ClauseOverlap& one : report.overlaps) {
      OverlapLine line;
      line.capability = table_.Capability(id).name;
      line.decides = table_.Clause(one.decides).words;
      line.yields = table_.Clause(one.yields).words;
      line.outcome = one.outcome;
      line.other_outcome = one.other_outcome;
      if (!one.size.empty()) line.size = (one.at_most ? "at most " : "") + one.size;
      line.request = analysis::Describe(table_, one.witness);
      if (line.request.empty()) line.request = "any request";
      told_.overlaps.push_back(std::move(line));
    }
  }

  // What invariants say about two decisions.
  void AskRelations() {
    for (std::uint32_t i = 0; i < table_.relation_count(); ++i) {
      const runtime::RelationView relation = table_.Relation(i);
      const analysis::RelationAnswer answer =
          analysis::FindRelationBreach(table_, relation, budget_);
      ProofLine line{fmt::format("invariant `{}` holds: {}", table_.Invariant(relation.invariant),
                                 analysis::RelationText(table_, relation)),
                     answer.outcome, "", "", answer.why};
      if (answer.breach) {
        line.request = answer.breach->shared.empty() ? "any request" : answer.breach->shared;
        line.decision =
            fmt::format("{}; {}", analysis::SideText(table_, relation, *answer.breach, 0),
                        analysis::SideText(table_, relation, *answer.breach, 1));
      }
      lines_.push_back(std::move(line));
    }
  }

  bool IsRelation(std::uint32_t invariant) const {
    for (std::uint32_t i = 0; i < table_.relation_count(); ++i)
      if (table_.Relation(i).invariant == invariant) return true;
    return false;
  }

  // Once the policy has taken effect, with a header that is valid or not there.
  analysis::Space InForce(runtime::CapabilityId id) const {
    analysis::Restriction restriction;
    restriction.as_in_force = true;
    if (const runtime::FactId header = table_.FindFact("header"); header.valid())
      restriction.facts.push_back({.fact = header, .low = 0, .high = 0});
    return {table_, id, restriction};
  }

  // A clause matters if it does so for one of its capabilities.
  void Note(runtime::CapabilityId id, const analysis::ClauseEffect& effect) {
    const runtime::ClauseView clause = table_.Clause(effect.clause);
    if (clause.line == 0) return;  // not written by an author
    const auto [at, added] = clauses_.try_emplace(effect.clause.value);
    ProofLine& line = at->second;
    if (added) line.question = fmt::format("`{}` changes a decision", clause.words);
    if (!added && line.outcome == Outcome::kNone) return;
    switch (effect.effect.answer.outcome) {
      case Outcome::kFound:
        line.outcome = Outcome::kNone;
        return;
      case Outcome::kUnknown:
        line.outcome = Outcome::kUnknown;
        line.why = effect.effect.answer.why;
        return;
      case Outcome::kNone:
        break;
    }
    if (!added && line.outcome == Outcome::kUnknown) return;
    line.outcome = Outcome::kFound;
    line.request = Hidden(id, effect.effect);
  }

  // What changes nothing may stand as a second line of defence: in a guard, with a reason, or to
  // say what to bring.
  bool IsKept(runtime::ClauseId id) const {
    const runtime::ClauseView clause = table_.Clause(id);
    const bool guard = clause.authority.valid() &&
                       table_.Authority(clause.authority).kind == runtime::AuthorityKind::kGuard;
    return guard || !clause.reason.empty() ||
           clause.name.find("/evidence.") != std::string_view::npos;
  }

  std::string Hidden(runtime::CapabilityId id, const analysis::Effect& effect) const {
    std::set<std::string> words;
    for (const std::uint32_t column : effect.hidden_by) {
      const runtime::ClauseId clause = table_.Matrix(id).Column(column).clause;
      if (clause.valid()) words.emplace(table_.Clause(clause).words);
    }
    return words.empty() ? "it never decides" : fmt::format("hidden by {}", fmt::join(words, "; "));
  }

  const runtime::Table& table_;
  analysis::Budget& budget_;
  std::vector<ProofLine> lines_;
  Told told_;
  std::map<std::uint32_t, ProofLine> clauses_;
};

// Beyond a few digits, only the order of magnitude says anything to a reader.
std::string Rounded(const std::string& size) {
  const std::size_t digits = size.find_first_of("0123456789");
  if (digits == std::string::npos || size.size() - digits <= 9) return size;
  return fmt::format("{}about {}.{}e{}", size.substr(0, digits), size[digits], size[digits + 1],
                     size.size() - digits - 1);
}

std::string Text(const Told& told) {
  const std::vector<ProofLine>& lines = told.proofs;
  std::string text;
  std::size_t proved = 0;
  for (const ProofLine& line : lines) {
    proved += line.outcome == Outcome::kNone ? 1 : 0;
    text += fmt::format("{:<8} {}\n", Name(line.outcome), line.question);
    if (line.outcome == Outcome::kFound) text += fmt::format("         {}\n", line.request);
    if (!line.decision.empty()) text += fmt::format("         comes out as: {}\n", line.decision);
    if (line.outcome == Outcome::kUnknown) text += fmt::format("         {}\n", line.why);
  }
  for (const OverlapLine& line : told.overlaps) {
    text += fmt::format("overlap  `{}`: `{}` decides, `{}` holds as well\n", line.capability,
                        line.decides, line.yields);
    text += fmt::format("         {}\n", line.request);
    text += fmt::format("         comes out as: {}, not {}", line.outcome, line.other_outcome);
    text += line.size.empty() ? "\n" : fmt::format("; {} requests\n", Rounded(line.size));
  }
  if (told.overlaps_open != 0)
    text += fmt::format("         {} more pairs of clauses may overlap\n", told.overlaps_open);
  return text + Lines(told.certified) + fmt::format("{} of {} proved\n", proved, lines.size());
}

std::string Json(const runtime::Table& table, const Told& told, const analysis::Budget& budget) {
  ordered_json all = ordered_json::array(), overlaps = ordered_json::array();
  for (const ProofLine& line : told.proofs) {
    all.push_back({{"question", line.question},
                   {"answer", Name(line.outcome)},
                   {"request", line.request},
                   {"decision", line.decision},
                   {"why", line.why}});
  }
  for (const OverlapLine& line : told.overlaps) {
    overlaps.push_back({{"capability", line.capability},
                        {"decides", line.decides},
                        {"outcome", line.outcome},
                        {"yields", line.yields},
                        {"other_outcome", line.other_outcome},
                        {"size", line.size},
                        {"request", line.request}});
  }
  return ordered_json{{"policy", table.policy()},
                      {"version", table.version()},
                      {"sha256", Hex(table.digest())},
                      {"steps", budget.used},
                      {"answers", all},
                      {"overlaps", overlaps},
                      {"overlaps_open", told.overlaps_open},
                      {"certified", told.certified.claims},
                      {"not_certified", told.certified.without}}
             .dump(2) +
         "\n";
}

// The question in one table of its own, put to the table. The error has been reported.
std::expected<Told, Exit> AskOwn(const Context& context, const ProveFlags& options,
                                 const runtime::Table& table, analysis::Budget& budget) {
  const std::string words = fmt::format("{}", fmt::join(options.question, " "));
  CompiledPolicy asked;  // for what is said about the question
  const auto question = compiler::CompileQuestion(table, words, asked.sources, asked.diagnostics);
  if (!question) {
    ReportDiagnostics(context, asked);
    return std::unexpected(
        context.Fail(Exit::kUsage, "the question does not compile",
                     "ask as an invariant would: never allow CAPABILITY when CONDITION"));
  }
  const runtime::Table& condition = question->condition.table;
  Told told;
  for (const analysis::AskedCapability& one :
       analysis::AskTable(table, condition, question->verdicts, budget))
    told.proofs.push_back({fmt::format("{}: `{}`", words, one.capability), one.outcome, one.request,
                           one.decision, one.why});
  if (told.proofs.empty())
    told.proofs.push_back({words + ": no request meets its condition", Outcome::kNone, "", "", ""});
  if (options.certificate.empty()) return told;
  certificate::About about(table);
  about.questions.push_back({words, &condition, question->verdicts});
  std::vector<certificate::Claim> claims = certificate::ClaimsOf(about);
  std::erase_if(claims, [](const certificate::Claim& claim) {
    return claim.kind != certificate::ClaimKind::kAsked;
  });
  auto written = WriteCertificateFile(about, claims, options.certificate, budget);
  if (!written)
    return std::unexpected(
        context.Fail(Exit::kFiles, written.error(), "name a file that can be written"));
  told.certified = std::move(*written);
  if (claims.empty()) told.certified.without.push_back("question `" + words + "`");
  return told;
}

Exit Prove(const Context& context, const ProveFlags& options) {
  const auto loaded = LoadTable(context, options.path);
  if (!loaded) return loaded.error();
  const runtime::Table& table = (*loaded)->table;
  if (!options.check.empty()) return CheckCertificateFile(context, table, options.check);
  analysis::Budget budget{.limit = options.max_steps};
  Told told;
  if (options.question.empty()) {
    told = Prover(table, budget).Run();
    if (!options.certificate.empty()) {
      auto written =
          WriteCertificateFile(table, certificate::ClaimsOf(table), options.certificate, budget);
      if (!written)
        return context.Fail(Exit::kFiles, written.error(), "name a file that can be written");
      told.certified = std::move(*written);
    }
  } else {
    auto asked = AskOwn(context, options, table, budget);
    if (!asked) return asked.error();
    told = std::move(*asked);
  }
  const std::vector<ProofLine>& lines = told.proofs;
  context.out << (context.json ? Json(table, told, budget) : Text(told));
  const auto has = [&](Outcome outcome) {
    return std::ranges::find(lines, outcome, &ProofLine::outcome) != lines.end();
  };
  if (has(Outcome::kFound))
    return context.Fail(Exit::kBlock, "refuted, with a request that shows it",
                        "writ explain TABLE ROLE CAPABILITY ... says why it is decided so");
  if (has(Outcome::kUnknown))
    return context.Fail(Exit::kInconclusive, "not everything could be settled",
                        "ask about less, or give --max-steps more");
  return Exit::kPass;
}

}  // namespace

void AddProve(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<ProveFlags>();
  CLI::App* verb = app.add_subcommand("prove", "what holds for every request of a table");
  verb->footer(
      "Examples:\n"
      "  writ prove refunds.wtb\n"
      "  writ prove refunds.wtb 'never allow issue_refund when amount > 500 EUR'\n"
      "  writ prove refunds.wtb 'never allow issue_refund when amount > 500 EUR even with "
      "approval'\n"
      "  writ prove refunds.wtb --certificate refunds.proof\n"
      "  writ prove refunds.wtb 'always deny close_case when fraud' --certificate close.proof\n"
      "  writ prove refunds.wtb --check refunds.proof\n\n"
      "Without a question, what every table has to answer: is every request decided, does every "
      "row "
      "matter, do\nthe invariants hold, does every escalation end at a person. A question is asked "
      "in "
      "the words of an\ninvariant. Each answer is a proof, a request that refutes it (exit code "
      "1), or "
      "unknown (3).");
  verb->add_option("TABLE", options->path, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("QUESTION", options->question,
                   "what an invariant says, such as never VERDICT CAPABILITIES when CONDITION");
  auto* question = verb->get_option("QUESTION");
  auto* certificate =
      verb->add_option("--certificate", options->certificate,
                       "write what is proved, for others to check: requests that are decided, "
                       "invariants, and questions of one decision")
          ->type_name("FILE");
  verb->add_option("--check", options->check,
                   "check a certificate of the table, without proving anything")
      ->type_name("FILE")
      ->excludes(question)
      ->excludes(certificate);
  verb->add_option("--max-steps", options->max_steps, "effort, in steps of the search")
      ->type_name("N");
  verb->callback([&context, options, exit] { *exit = Prove(context, *options); });
}

}  // namespace writ::cli
