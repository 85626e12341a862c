// Composition: one verdict from the outcomes of the gates.
//
// Entry point: Judge. Critical and supporting gates count; advisory ones, dry runs and waived ones
// are shown and do not. Block over inconclusive over pass. When nothing counts there is nothing to
// pass: inconclusive.
#include "writ/evals/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "gate_judge.h"
#include "gate_names.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

std::optional<std::chrono::sys_days> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int year = 0;
  unsigned month = 0, day = 0;
  const auto number = [](std::string_view part, auto* value) {
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), *value);
    return code == std::errc() && end == part.data() + part.size();
  };
  if (!number(text.substr(0, 4), &year) || !number(text.substr(5, 2), &month) ||
      !number(text.substr(8, 2), &day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::vector<std::string> CheckCorpus(const GateFile& file, const CorpusSpec& corpus,
                                     const ReplayResult& result, const GateOptions& options) {
  std::vector<std::string> findings;
  if (file.horizon != result.horizon) {
    findings.push_back(fmt::format("the gate asks for horizon `{}`, the replay has `{}`",
                                   HorizonName(file.horizon), HorizonName(result.horizon)));
  }
  if (result.runs.size() < corpus.minimum_runs) {
    findings.push_back(fmt::format("the corpus has {}, the gate asks for {}",
                                   Plural(result.runs.size(), "run", "runs"),
                                   CountText(corpus.minimum_runs)));
  }
  if (result.clusters.size() < corpus.minimum_clusters) {
    findings.push_back(fmt::format("the corpus has {}, the gate asks for {}",
                                   Plural(result.clusters.size(), "cluster", "clusters"),
                                   CountText(corpus.minimum_clusters)));
  }
  if (!corpus.newest_within_days) return findings;
  const auto newest = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(result.last_ms)));
  const auto age = (*ParseDate(options.as_of) - newest).count();
  if (age > static_cast<std::int64_t>(*corpus.newest_within_days)) {
    findings.push_back(fmt::format("the newest run is {} days old, the gate asks for {} at most",
                                   age, *corpus.newest_within_days));
  }
  return findings;
}

GateResult JudgeOne(const JudgeContext& context, const GateSpec& spec) {
  GateResult gate;
  gate.spec = spec;
  switch (spec.kind) {
    case GateKind::kForbid:
      JudgeForbid(context, &gate);
      break;
    case GateKind::kRate:
      JudgeRate(context, &gate);
      break;
    case GateKind::kUnknown:
      JudgeUnknown(context, &gate);
      break;
    case GateKind::kCoverage:
      JudgeCoverage(context, &gate);
      break;
  }
  if (gate.outcome == Outcome::kInconclusive && spec.on_inconclusive == Outcome::kBlock) {
    gate.outcome = Outcome::kBlock;
    gate.notes.emplace_back("inconclusive, and the gate says that this blocks");
  }
  gate.counts = spec.tier != Tier::kAdvisory && !spec.dry_run;
  return gate;
}

// A waiver sets a failed supporting gate aside until the day it names, inclusive.
void ApplyWaivers(const GateFile& file, const GateOptions& options, GateVerdict* verdict) {
  for (const Waiver& waiver : file.waivers) {
    WaiverResult result{waiver, *ParseDate(options.as_of) > *ParseDate(waiver.expires), false};
    for (GateResult& gate : verdict->gates) {
      if (gate.spec.name != waiver.gate || gate.spec.tier != Tier::kSupporting) continue;
      if (result.expired || gate.outcome == Outcome::kPass || !gate.counts) continue;
      gate.waived = result.used = true;
      gate.counts = false;
    }
    verdict->waivers.push_back(std::move(result));
  }
}

std::string GateNames(const GateVerdict& verdict, Outcome outcome) {
  std::string names;
  for (const GateResult& gate : verdict.gates) {
    if (gate.counts && gate.outcome == outcome)
      names += (names.empty() ? "`" : ", `") + gate.spec.name + "`";
  }
  return names;
}

void Compose(GateVerdict* verdict) {
  verdict->outcome = Outcome::kPass;
  std::uint64_t counted = 0;
  for (const GateResult& gate : verdict->gates) {
    if (!gate.counts) continue;
    ++counted;
    verdict->outcome = std::max(verdict->outcome, gate.outcome);
  }
  if (counted == 0)
    verdict->corpus_findings.emplace_back("no gate counts: all are advisory, dry runs or waived");
  if (!verdict->corpus_findings.empty())
    verdict->outcome = std::max(verdict->outcome, Outcome::kInconclusive);
}

const GateResult* First(const GateVerdict& verdict, Outcome outcome) {
  for (const GateResult& gate : verdict.gates) {
    if (gate.counts && gate.outcome == outcome) return &gate;
  }
  return nullptr;
}

void Describe(GateVerdict* verdict) {
  switch (verdict->outcome) {
    case Outcome::kPass: {
      const auto counted = std::count_if(verdict->gates.begin(), verdict->gates.end(),
                                         [](const GateResult& gate) { return gate.counts; });
      verdict->sentence = fmt::format("PASS: {} hold.",
                                      Plural(static_cast<std::uint64_t>(counted), "gate", "gates"));
      if (counted == 1) verdict->sentence = "PASS: 1 gate holds.";
      return;
    }
    case Outcome::kBlock: {
      verdict->sentence = "BLOCK: " + GateNames(*verdict, Outcome::kBlock) + ".";
      const GateResult* gate = First(*verdict, Outcome::kBlock);
      const std::string run = gate->example_runs.empty()
                                  ? std::string()
                                  : "look at run `" + gate->example_runs[0] + "`, then ";
      verdict->next =
          fmt::format("{}change the candidate so that `{}` holds{}", run, gate->spec.name,
                      gate->spec.tier == Tier::kSupporting ? ", or have its owner waive it" : "");
      return;
    }
    case Outcome::kInconclusive: {
      const GateResult* gate = First(*verdict, Outcome::kInconclusive);
      const std::string names = GateNames(*verdict, Outcome::kInconclusive);
      verdict->sentence = "INCONCLUSIVE: " +
                          (names.empty() ? verdict->corpus_findings.front()
                                         : "not settled by these runs: " + names) +
                          ".";
      verdict->next = gate == nullptr ? "replay a corpus that meets what the gate asks for"
                                      : "record the missing facts, or replay more runs, so that `" +
                                            gate->spec.name + "` can be settled";
      return;
    }
  }
}

}  // namespace

std::string_view GateKindName(GateKind kind) { return NameOf(GateKinds(), kind); }
std::string_view TierName(Tier tier) { return NameOf(Tiers(), tier); }
std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "pass";
    case Outcome::kInconclusive:
      return "inconclusive";
    case Outcome::kBlock:
      return "block";
  }
  return "inconclusive";
}

bool IsDate(std::string_view text) { return ParseDate(text).has_value(); }

int GateVerdict::exit_code() const {
  switch (outcome) {
    case Outcome::kPass:
      return 0;
    case Outcome::kBlock:
      return 1;
    case Outcome::kInconclusive:
      return 3;
  }
  return 3;
}

GateVerdict Judge(const GateFile& file, const ReplayResult& result, const ReplaySummary& summary,
                  const GateOptions& options) {
  GateVerdict verdict;
  verdict.gate_name = file.name;
  verdict.gate_digest = file.digest;
  verdict.as_of = options.as_of;
  verdict.tool_version = options.tool_version;
  if (!IsDate(options.as_of)) {  // our caller's slip: nothing that depends on a date may pass
    verdict.corpus_findings.push_back("`" + options.as_of + "` is not a date to judge as of");
    verdict.sentence = "INCONCLUSIVE: " + verdict.corpus_findings.front() + ".";
    verdict.next = "give the date to judge as of as YYYY-MM-DD";
    return verdict;
  }
  analysis::Budget budget{.limit = options.max_steps};
  const JudgeContext context{result,
                             summary,
                             options.examples,
                             options.baseline,
                             options.candidate,
                             &budget,
                             SharedClusters(result)};
  const CorpusSpec corpus =
      options.corpus < file.corpora.size() ? file.corpora[options.corpus] : CorpusSpec();
  for (const GateSpec& spec : file.gates) {
    const auto& names = corpus.gates;
    if (names.empty() || std::find(names.begin(), names.end(), spec.name) != names.end())
      verdict.gates.push_back(JudgeOne(context, spec));
  }
  verdict.corpus_findings = CheckCorpus(file, corpus, result, options);
  ApplyWaivers(file, options, &verdict);
  Compose(&verdict);
  Describe(&verdict);
  return verdict;
}

}  // namespace writ::evals
