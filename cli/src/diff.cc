// `writ diff`: exactly which requests two versions of a policy decide otherwise.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "certify.h"
#include "context.h"
#include "diff_facts.h"
#include "diff_recorded.h"
#include "diff_report.h"
#include "load.h"
#include "past.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/table_diff.h"

namespace writ::cli {
namespace {

struct DiffFlags {
  std::string before, after, capability;
  std::uint64_t max_steps = 50'000'000;
  std::string certificate, check, corpus;  // files
  bool complete = false;                   // the recording is
  std::vector<std::string> facts;          // NAME=VALUE
};

std::vector<std::string> Declarations(const runtime::Table& before, const runtime::Table& after) {
  analysis::TableDiff diff = analysis::DiffTables(before, after);
  diff.clauses.clear();
  std::vector<std::string> lines;
  std::string text = analysis::FormatDiff(diff);
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
  }
  return lines;
}

// For each capability, that nothing else has changed, and nothing of what is owed.
std::vector<certificate::Claim> ClaimsOf(const certificate::About& about, const DiffReport& report,
                                         const std::string& capability) {
  using certificate::ClaimKind;
  std::vector<certificate::Claim> claims = certificate::ClaimsOf(about);
  std::erase_if(claims, [&](const certificate::Claim& claim) {
    const bool changed =
        claim.kind == ClaimKind::kOwed &&
        std::ranges::find(report.diff.obligations, claim.capability,
                          &analysis::ObligationChange::capability) != report.diff.obligations.end();
    return changed || (!capability.empty() && claim.capability != capability);
  });
  for (certificate::Claim& claim : claims) {
    for (const analysis::DiffRegion& one : report.diff.regions) {
      const certificate::Region region{one.column_before, one.column_after};
      if (claim.kind == ClaimKind::kAlike && claim.capability == one.capability &&
          std::ranges::find(claim.regions, region) == claim.regions.end())
        claim.regions.push_back(region);
    }
  }
  return claims;
}

Exit Print(const Context& context, const DiffReport& report) {
  if (context.format == "html")
    context.out << DiffHtml(report);
  else if (context.format == "markdown")
    context.out << DiffMarkdown(report);
  else if (context.format == "sarif")
    context.out << DiffSarif(report);
  else if (context.json)
    context.out << DiffJson(report);
  else
    context.out << DiffText(report);
  if (context.format != "text" && !context.json) context.err << Lines(report.certified);
  if (!report.diff.unknown.empty()) {
    return context.Fail(Exit::kInconclusive, "not everything could be settled",
                        "compare one capability at a time, or give --max-steps more");
  }
  if (report.step_suffices()) return Exit::kPass;
  return context.Fail(
      Exit::kBlock,
      fmt::format("{} says less than what changed: {}", report.new_version, StepSentence(report)),
      fmt::format("raise the {} number of the version, or close what is {}",
                  analysis::Name(report.demanded), analysis::Name(report.diff.worst())));
}

// What was recorded, as history recorded it, decided by both.
std::expected<evals::ReplayResult, Exit> Recorded(const Context& context, const DiffFlags& options,
                                                  const runtime::Table& before,
                                                  const runtime::Table& after) {
  evals::ReplayOptions replay;
  replay.horizon = evals::Horizon::kEvent;
  replay.recording_is_complete = options.complete;
  replay.examples = 0;
  return ReplayCorpus(context, options.corpus, before, after, replay);
}

// The only requests that are compared, if some are named.
std::expected<ComparedFacts, Exit> Compared(const Context& context, const DiffFlags& options,
                                            const runtime::Table& before,
                                            const runtime::Table& after) {
  if (options.facts.empty()) return ComparedFacts();
  if (!options.certificate.empty() || !options.check.empty())
    return std::unexpected(
        context.Fail(Exit::kUsage, "a certificate is of all requests, not of those with some facts",
                     "leave out the facts, or the certificate"));
  auto facts = CompareFacts(before, after, options.facts);
  if (!facts)
    return std::unexpected(context.Fail(Exit::kUsage, facts.error(),
                                        "writ table TABLE lists the facts that a version reads"));
  if (!options.corpus.empty() && !facts->role_alone)
    return std::unexpected(context.Fail(
        Exit::kUsage, "of past runs, those of one role can be picked, not those with other facts",
        "give `role` alone, or leave out --corpus"));
  return std::move(*facts);
}

DiffReport ReportOf(const runtime::Table& before, const runtime::Table& after,
                    const DiffFlags& options) {
  DiffReport report;
  report.policy = after.policy();
  report.old_version = before.version();
  report.new_version = after.version();
  report.old_digest = Hex(before.digest());
  report.new_digest = Hex(after.digest());
  report.path = options.after;
  report.same_policy = before.policy() == after.policy();
  report.declarations = Declarations(before, after);
  report.tuned = analysis::TunedThresholds(before, after);
  report.stated = analysis::StatedStep(before.version(), after.version());
  return report;
}

Exit Diff(const Context& context, const DiffFlags& options) {
  const auto before = LoadTable(context, options.before);
  if (!before) return before.error();
  const auto after = LoadTable(context, options.after);
  if (!after) return after.error();
  const runtime::Table &a = (*before)->table, &b = (*after)->table;
  if (!options.capability.empty() && !a.FindCapability(options.capability).valid() &&
      !b.FindCapability(options.capability).valid()) {
    return context.Fail(Exit::kUsage,
                        fmt::format("neither table has a capability `{}`", options.capability),
                        "writ table TABLE lists them all");
  }
  auto facts = Compared(context, options, a, b);
  if (!facts) return facts.error();
  if (!options.check.empty()) return CheckCertificateFile(context, a, b, options.check);
  DiffReport report = ReportOf(a, b, options);
  std::optional<evals::ReplayResult> past;
  if (!options.corpus.empty()) {
    auto replayed = Recorded(context, options, a, b);
    if (!replayed) return replayed.error();
    past = std::move(*replayed);
  }
  analysis::Budget budget{.limit = options.max_steps};
  report.given = std::move(facts->given);
  report.diff = analysis::DiffExactly(
      a, b, budget, {.capability = options.capability, .where = std::move(facts->where)});
  const bool nothing =
      report.diff.equal() && report.declarations.empty() && report.old_digest == report.new_digest;
  report.demanded = nothing ? analysis::Step::kNone : analysis::DemandedStep(report.diff);
  if (!options.certificate.empty()) {
    const certificate::About about(a, b);
    auto written = WriteCertificateFile(about, ClaimsOf(about, report, options.capability),
                                        options.certificate, budget);
    if (!written)
      return context.Fail(Exit::kFiles, written.error(), "name a file that can be written");
    report.certified = std::move(*written);
  }
  if (past) {
    report.recorded = evals::WeighRegions(report.diff, a, b, *past,
                                          {.capability = options.capability, .role = facts->role});
    SortByWeight(&report);
  }
  return Print(context, report);
}

}  // namespace

void AddDiff(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<DiffFlags>();
  CLI::App* verb =
      app.add_subcommand("diff", "exactly which requests two versions decide otherwise");
  verb->footer(
      "Examples:\n"
      "  writ diff policies/support_refunds.writ policies/support_refunds_next.writ\n"
      "  writ diff old.wtb new.wtb --format html > change.html\n"
      "  writ diff old.wtb new.wtb --corpus runs.db\n"
      "  writ diff old.wtb new.wtb role=refund_agent amount='120 EUR'\n"
      "  writ diff old.wtb new.wtb --certificate change.proof\n"
      "  writ diff old.wtb new.wtb --check change.proof\n\n"
      "Each region has the rows that decided before and now, the requests in it as disjoint boxes, "
      "one of\nthem as an example that both tables were asked about, and a direction. What lies in "
      "no "
      "region is proved\nto be decided as before. A loosening demands a major step of the version, "
      "everything else that changes\na decision a minor one; a version that says less ends with "
      "exit "
      "code 1, what could not be settled with 3.\n\n"
      "What is loosened comes first. With --corpus, each region says how many recorded events lie "
      "in "
      "it, as\nhistory recorded them (writ replay --horizon event), and within a direction the "
      "regions with the most\nevents come first; what was recorded, changes and lies in no region "
      "is listed apart.\n\n"
      "With NAME=VALUE, only requests with these facts are compared, written as for `writ show`, "
      "and "
      "`role`\nbeside them. The version step is then not judged, and there is no certificate.");
  OfferFormats(*verb, context, {"markdown", "html", "sarif"});
  verb->add_option("OLD", options->before, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("NEW", options->after, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("FACT", options->facts, "only requests with these: NAME=VALUE ...");
  verb->add_option("--capability", options->capability, "compare this one alone")
      ->type_name("NAME");
  auto* certificate =
      verb->add_option("--certificate", options->certificate,
                       "write proofs, for others to check, that nothing has changed outside of the "
                       "regions")
          ->type_name("FILE");
  auto* check = verb->add_option("--check", options->check,
                                 "check a certificate of both tables, without comparing them")
                    ->type_name("FILE")
                    ->excludes(certificate);
  auto* corpus = verb->add_option("--corpus", options->corpus,
                                  "past runs, as `writ corpus import` made them: how many events "
                                  "lie in each region")
                     ->type_name("DB")
                     ->excludes(check);
  verb->add_flag("--complete", options->complete,
                 "the recording begins with the first thing that ever happened")
      ->needs(corpus);
  verb->add_option("--max-steps", options->max_steps, "effort, in steps of the search")
      ->type_name("N");
  verb->callback([&context, options, exit] { *exit = Diff(context, *options); });
}

}  // namespace writ::cli
