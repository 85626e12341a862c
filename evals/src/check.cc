// Does each event mean something to the tables that will judge it?
//
// One pass over the events in the order of their runs. What a table's rules can read is its
// signature per capability; a fact is looked up once per table by name. A finding is counted for
// each event but described only for the first few. Entry point: `CheckCorpus`.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "writ/evals/arguments.h"
#include "writ/evals/corpus_check.h"
#include "writ/evals/values.h"

namespace writ::evals {
namespace {

using runtime::CapabilityId;
using runtime::FactId;
using runtime::Source;
using runtime::Table;

// Facts that are columns of an event or counted by the runtime: never missing for want of a fact
// row.
bool IsGivenElsewhere(Source source) {
  return source == Source::kBuiltin || source == Source::kMeter;
}

// What the tables want to know about one capability.
struct Wanted {
  bool known = false;
  std::vector<std::string> inputs;            // of any table
  std::map<std::string, MissingShare> facts;  // that a rule can read and the corpus should give
};

class Checker {
 public:
  explicit Checker(const std::vector<const Table*>& tables) : tables_(tables) {}

  void Visit(const CorpusEvent& event) {
    if (event.run != run_) StartRun(event);
    const std::string capability(event.capability);
    Wanted& wanted = Find(capability);
    if (!wanted.known) Add(FindingKind::kUnknownCapability, capability, event, "");
    CheckRole(event);
    CheckOrder(event);
    for (const CorpusFact& fact : event.facts) CheckFact(event, fact);
    derived_.clear();
    if (event.arguments) CheckArguments(event, capability);
    CountMissing(event, wanted);
    CheckAlike(event, wanted);
  }

  void AddRun(FindingKind kind, const std::string& run) {
    Finding& finding = findings_[{kind, ""}];
    finding.kind = kind;
    if (++finding.count <= kMaxExamples) finding.examples.push_back("run `" + run + "`");
  }

  void Finish(CorpusReport& report) {
    for (const Severity severity : {Severity::kError, Severity::kWarning}) {
      for (auto& [key, finding] : findings_) {
        if (SeverityOf(key.first) == severity) report.findings.push_back(std::move(finding));
      }
    }
    for (auto& [name, wanted] : wanted_) {
      for (auto& [fact, share] : wanted.facts) {
        if (share.missing > 0) report.missing.push_back(std::move(share));
      }
    }
  }

 private:
  static std::string Place(const CorpusEvent& event) {
    return "run `" + std::string(event.run) + "`, seq " + std::to_string(event.seq);
  }

  void Add(FindingKind kind, const std::string& subject, const CorpusEvent& event,
           const std::string& detail) {
    Finding& finding = findings_[{kind, subject}];
    finding.kind = kind;
    finding.subject = subject;
    if (++finding.count > kMaxExamples) return;
    finding.examples.push_back(Place(event) + (detail.empty() ? "" : ": " + detail));
  }

  void StartRun(const CorpusEvent& event) {
    run_ = event.run;
    last_at_.reset();
    alike_.clear();
  }

  Wanted& Find(const std::string& capability) {
    const auto [place, added] = wanted_.try_emplace(capability);
    Wanted& wanted = place->second;
    if (!added) return wanted;
    std::set<std::string> inputs;
    for (const Table* table : tables_) {
      const CapabilityId id = table->FindCapability(capability);
      if (!id.valid()) continue;
      wanted.known = true;
      const runtime::CapabilityView view = table->Capability(id);
      for (const auto& list : {view.inputs, view.optional_inputs}) {
        for (const FactId fact : list) inputs.insert(Today(table->Fact(fact).name));
      }
      const runtime::MatrixView matrix = table->Matrix(id);
      for (std::uint32_t i = 0; i < matrix.signature_count(); ++i) {
        const runtime::FactView fact = table->Fact(matrix.Signature(i).fact);
        const bool header = fact.source == Source::kHeader && fact.name == "header";
        if (header || IsGivenElsewhere(fact.source)) continue;  // not recorded, it is valid
        const std::string name = Today(fact.name);
        wanted.facts[name] = {capability, name, 0, 0, 0};
      }
    }
    wanted.inputs.assign(inputs.begin(), inputs.end());
    return wanted;
  }

  // What the newest table that knows a fact calls it.
  std::string Today(std::string_view name) {
    const auto [at, added] = today_.try_emplace(std::string(name), name);
    if (!added) return at->second;
    for (const Table* table : tables_) {
      if (const FactId id = table->FindFact(at->second); id.valid())
        at->second = table->Fact(id).name;
    }
    return at->second;
  }

  void CheckRole(const CorpusEvent& event) {
    if (event.role.empty()) return;
    for (const Table* table : tables_) {
      if (table->FindRole(event.role).valid()) return;
    }
    Add(FindingKind::kUnknownRole, std::string(event.role), event, "");
  }

  void CheckOrder(const CorpusEvent& event) {
    if (last_at_ && event.at_ms < *last_at_) {
      Add(FindingKind::kOutOfOrder, std::string(event.run), event,
          std::to_string(*last_at_ - event.at_ms) + " ms before the event ahead of it");
    }
    last_at_ = event.at_ms;
    if (event.known_at_ms && *event.known_at_ms < event.at_ms) {
      Add(FindingKind::kKnownBeforeMade, std::string(event.capability), event, "");
    }
  }

  void CheckFact(const CorpusEvent& event, const CorpusFact& fact) {
    const std::string name(fact.name);
    bool known = false;
    for (const Table* table : tables_) {
      const FactId id = table->FindFact(name);
      if (!id.valid()) continue;
      known = true;
      if (fact.missing) continue;
      std::string reason;
      arena_.Clear();
      if (ParseValue(*table, id, fact.value, arena_, &reason).kind ==
          runtime::ValueKind::kMalformed) {
        Add(FindingKind::kMalformedFact, name, event, reason);
        break;
      }
    }
    if (!known) Add(FindingKind::kUnknownFact, name, event, "");
    if (fact.known_at_ms && *fact.known_at_ms > event.at_ms) {
      Add(FindingKind::kKnownTooEarly, name, event,
          "known " + std::to_string(*fact.known_at_ms - event.at_ms) + " ms after the event");
    }
  }

  // What the tables work out; of each input, the first that is malformed is named.
  void CheckArguments(const CorpusEvent& event, const std::string& capability) {
    const auto arguments = ReadExactJson(*event.arguments);
    std::set<std::string> malformed;
    for (const Table* table : tables_) {
      const CapabilityId id = table->FindCapability(capability);
      if (!id.valid()) continue;
      arena_.Clear();
      for (const DerivedInput& input :
           DeriveInputs(*table, id, arguments ? &*arguments : nullptr, arena_)) {
        const std::string name = Today(table->Fact(input.fact).name);
        if (input.value.kind != runtime::ValueKind::kMissing) derived_.insert(name);
        if (!input.why.empty() && malformed.insert(name).second)
          Add(FindingKind::kMalformedFact, name, event, input.why);
      }
    }
  }

  void CountMissing(const CorpusEvent& event, Wanted& wanted) {
    for (auto& [name, share] : wanted.facts) {
      ++share.events;
      if (derived_.contains(name)) continue;
      const auto found =
          std::find_if(event.facts.begin(), event.facts.end(),
                       [&](const CorpusFact& fact) { return Today(fact.name) == name; });
      if (found != event.facts.end() && !found->missing) continue;
      ++share.missing;
      if (found != event.facts.end()) ++share.said_missing;
    }
  }

  // Two events of a run that look the same to everybody. Inputs by the table's word; lacking one,
  // all facts.
  void CheckAlike(const CorpusEvent& event, const Wanted& wanted) {
    std::string key = std::to_string(event.at_ms) + "\n" + std::string(event.capability);
    for (const CorpusFact& fact : event.facts) {
      if (wanted.known &&
          !std::binary_search(wanted.inputs.begin(), wanted.inputs.end(), Today(fact.name)))
        continue;
      key.append("\n").append(fact.name).append("=").append(fact.value);
    }
    if (event.arguments) key.append("\n").append(*event.arguments);
    if (!alike_.insert(std::move(key)).second) {
      Add(FindingKind::kAlikeEvents, std::string(event.capability), event, "");
    }
  }

  const std::vector<const Table*>& tables_;
  std::map<std::string, std::string, std::less<>> today_;
  std::map<std::string, Wanted> wanted_;
  std::map<std::pair<FindingKind, std::string>, Finding> findings_;
  ValueArena arena_;
  std::string run_;
  std::optional<std::int64_t> last_at_;
  std::unordered_set<std::string> alike_;
  std::set<std::string> derived_;  // inputs that the event at hand has from its arguments
};

std::expected<FanOut, CorpusError> MeasureFanOut(const Corpus& corpus) {
  FanOut fan_out;
  fan_out.events = corpus.event_count();
  fan_out.lines = std::strtoull(corpus.Meta("lines").c_str(), nullptr, 10);
  const auto most = corpus.Query(
      "SELECT run, count(*) AS n FROM main.events GROUP BY run ORDER BY n DESC, run LIMIT 1");
  if (!most) return std::unexpected(most.error());
  if (!most->empty()) {
    fan_out.most_run = most->front()[0];
    fan_out.most = std::strtoull(most->front()[1].c_str(), nullptr, 10);
  }
  return fan_out;
}

}  // namespace

Severity SeverityOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kUnknownCapability:
    case FindingKind::kMalformedFact:
    case FindingKind::kKnownTooEarly:
    case FindingKind::kKnownBeforeMade:
      return Severity::kError;
    case FindingKind::kUnknownRole:
    case FindingKind::kUnknownFact:
    case FindingKind::kAlikeEvents:
    case FindingKind::kOutOfOrder:
    case FindingKind::kEmptyRun:
      return Severity::kWarning;
  }
  return Severity::kError;
}

std::uint64_t CorpusReport::errors() const {
  return static_cast<std::uint64_t>(std::count_if(
      findings.begin(), findings.end(),
      [](const Finding& finding) { return SeverityOf(finding.kind) == Severity::kError; }));
}
std::uint64_t CorpusReport::warnings() const { return findings.size() - errors(); }

std::expected<CorpusReport, CorpusError> CheckCorpus(const Corpus& corpus,
                                                     const std::vector<const Table*>& tables) {
  CorpusReport report;
  report.digest = corpus.digest();
  report.runs = corpus.run_count();
  report.events = corpus.event_count();
  Checker checker(tables);
  const auto done = corpus.ForEachEvent(false, [&checker](const CorpusEvent& event) {
    checker.Visit(event);
    return true;
  });
  if (!done) return std::unexpected(done.error());
  const auto empty = corpus.Query(
      "SELECT run FROM main.runs r WHERE NOT EXISTS (SELECT 1 FROM main.events e WHERE e.run = "
      "r.run) ORDER BY rowid");
  if (!empty) return std::unexpected(empty.error());
  for (const auto& row : *empty) checker.AddRun(FindingKind::kEmptyRun, row[0]);
  checker.Finish(report);
  auto fan_out = MeasureFanOut(corpus);
  if (!fan_out) return std::unexpected(fan_out.error());
  report.fan_out = std::move(*fan_out);
  return report;
}

}  // namespace writ::evals
