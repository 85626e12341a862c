// A lane binds an event to its table's facts, reads meters and evidence as its own history has
// them, and decides.
//
// Entry point: Lane::Decide. Meters are read here and handed to the runtime as values, so that one
// whose window begins before the recording can be missing while the others stand. Facts known later
// than the event are left out.
#include "lane.h"

#include <algorithm>

#include "writ/runtime/calendar.h"

namespace writ::evals {
namespace {

using runtime::CapabilityId;
using runtime::EvidenceId;
using runtime::EvidenceView;
using runtime::FactId;
using runtime::MeterId;
using runtime::MeterView;
using runtime::Table;
using runtime::Value;
using runtime::ValueKind;

Value TextValue(std::string_view text) {
  Value value;
  value.kind = ValueKind::kText;
  value.text = text.data();
  value.size = static_cast<std::uint32_t>(text.size());
  return value;
}

Value NumberValue(std::int64_t number) {
  Value value;
  value.kind = ValueKind::kNumber;
  value.number = number;
  return value;
}

KeptValue Keep(const Value& value) {
  KeptValue kept{value.kind, value.number, {}};
  if (value.kind == ValueKind::kText) kept.text.assign(value.text, value.size);
  return kept;
}

bool SameValue(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == ValueKind::kNumber) return a.number == b.number;
  if (a.kind == ValueKind::kText)
    return std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
  return false;
}

Value View(const KeptValue& kept) {
  Value value = kept.kind == ValueKind::kText ? TextValue(kept.text) : NumberValue(kept.number);
  value.kind = kept.kind;
  return value;
}

}  // namespace

MeterStore::MeterStore(const Table& table, std::size_t capacity) {
  const std::size_t bytes = runtime::Session::BytesFor(table, capacity);
  memory_.resize((bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t) + 1);
  session_ =
      runtime::Session::Create(table, memory_.data(), memory_.size() * sizeof(std::uint64_t));
}

Lane::Lane(const Table& table, const Options& options)
    : table_(table),
      options_(options),
      plans_(PlanCapabilities(table)),
      own_(std::make_unique<MeterStore>(table, options.capacity)),
      case_(table.FindFact("case")),
      session_(table.FindFact("session")),
      agent_(table.FindFact("agent")),
      tenant_(table.FindFact("tenant")),
      actor_(table.FindFact("actor")),
      run_(table.FindFact("run")) {
  too_early_by_meter.resize(table.meter_count());
  leaked_by_fact.resize(table.fact_count());
  malformed_by_fact.resize(table.fact_count());
  parsed_.resize(table.fact_count());
  values_.resize(table.fact_count());
  brings_.resize(table.capability_count());
  derives_.resize(table.capability_count());
  for (std::uint32_t i = 0; i < table.derivation_count(); ++i)
    derives_[table.Derivation(i).capability.value] = true;
  by_position_.resize(table.capability_count() + 1);
  for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
    const runtime::FactView view = table.Fact(FactId{f});
    const bool builtin = view.source == runtime::Source::kBuiltin;
    if (view.source == runtime::Source::kHeader && view.name == "header") header_ = FactId{f};
    notes_.push_back(
        {.type = view.type,
         .is_now = builtin && view.name == "now",
         .is_role = builtin && view.name == "role",
         .has_substitute = view.missing == runtime::MissingWord::kValue,
         .evidence = view.source == runtime::Source::kEvidence ? view.evidence : EvidenceId{}});
  }
  for (std::uint32_t e = 0; e < table.evidence_count(); ++e) {
    for (const CapabilityId by : table.Evidence(EvidenceId{e}).by)
      brings_[by.value].push_back(EvidenceId{e});
  }
  // A meter stays inside a run if one of its keys does: the case, the session, or the run itself.
  for (std::uint32_t m = 0; m < table.meter_count(); ++m) {
    bool inside = false;
    for (const FactId key : table.Meter(MeterId{m}).keys) {
      if (case_.valid() && key == case_) inside = keyed_by_case_ = true;
      if (session_.valid() && key == session_) inside = keyed_by_session_ = true;
      if (run_.valid() && key == run_) inside = true;
    }
    meter_across_.push_back(!inside);
    across_runs_ = across_runs_ || !inside;
  }
  if (options.compare_with_record && across_runs_)
    recorded_ = std::make_unique<MeterStore>(table, options.capacity);
  std::size_t words = 1, dimensions = 1;
  for (const CapabilityPlan& plan : plans_) {
    words = std::max<std::size_t>(words, plan.word_count);
    dimensions = std::max<std::size_t>(dimensions, plan.dimension_count);
  }
  columns_.resize(words);
  atoms_.resize(dimensions);
}

bool Lane::overflowed() const {
  return own_->session().overflowed() || (recorded_ && recorded_->session().overflowed());
}

void Lane::Clear() {
  own_->session().Clear();
  if (recorded_) recorded_->session().Clear();
}

FactId Lane::Find(std::string_view name) {
  const auto found = names_.find(std::string(name));
  if (found != names_.end()) return found->second;
  const FactId fact = table_.FindFact(name);
  names_.emplace(name, fact);
  return fact;
}

void Lane::Set(FactId fact, const Value& value) {
  if (!fact.valid()) return;
  values_[fact.value] = value;
  set_facts_.push_back(fact);
}

void Lane::SetText(FactId fact, std::string_view text) {
  if (!text.empty()) Set(fact, TextValue(text));
}

// What is recorded under a fact's name of today goes before what is under a former one.
bool Lane::IsGivenByName(const CorpusEvent& event, FactId fact) const {
  return std::ranges::find(event.facts, table_.Fact(fact).name, &CorpusFact::name) !=
         event.facts.end();
}

void Lane::BindFacts(const CorpusEvent& event) {
  names_here_ = &by_position_[std::min<std::size_t>(capability_.value, by_position_.size() - 1)];
  if (names_here_->size() < event.facts.size()) names_here_->resize(event.facts.size());
  for (std::size_t i = 0; i < event.facts.size(); ++i) {
    const CorpusFact& given = event.facts[i];
    auto& [name, fact, former] = (*names_here_)[i];
    if (name != given.name) {
      fact = Find(given.name);
      name = given.name;
      former = fact.valid() && table_.Fact(fact).name != name;
    }
    if (!fact.valid() || given.missing || (former && IsGivenByName(event, fact))) continue;
    if (given.known_at_ms && *given.known_at_ms > event.at_ms) {
      answer_.leaked = true;
      ++leaked_by_fact[fact.value];
      continue;
    }
    const runtime::ValueType type = notes_[fact.value].type;
    if (type == runtime::ValueType::kId || type == runtime::ValueType::kText) {
      Set(fact, TextValue(given.value));
      continue;
    }
    Parsed& parsed = parsed_[fact.value];
    const bool is_set = type == runtime::ValueType::kIdSet;
    if (is_set || !parsed.valid || parsed.text != given.value) {
      parsed.value = ParseValue(table_, fact, given.value, arena_);
      parsed.text = given.value;
      parsed.valid = true;
    }
    if (parsed.value.kind == ValueKind::kMalformed) {
      answer_.malformed = true;
      ++malformed_by_fact[fact.value];
    }
    Set(fact, parsed.value);
  }
}

void Lane::BindArguments(const CorpusEvent& event) {
  derived_.clear();
  if (!event.arguments || !capability_.valid() || !derives_[capability_.value]) return;
  const auto arguments = ReadExactJson(*event.arguments);
  derived_ = DeriveInputs(table_, capability_, arguments ? &*arguments : nullptr, arena_);
  for (const DerivedInput& input : derived_) {
    const Value& given = values_[input.fact.value];
    const Value agreed = Agreed(given, input.value);
    if (agreed.kind == ValueKind::kMalformed && given.kind != ValueKind::kMalformed) {
      answer_.malformed = true;
      ++malformed_by_fact[input.fact.value];
    }
    if (agreed.kind != ValueKind::kMissing) Set(input.fact, agreed);
  }
}

void Lane::BindBuiltins(const CorpusEvent& event) {
  SetText(case_, event.case_id.empty() ? event.run : event.case_id);
  SetText(session_, event.session);
  SetText(agent_, event.agent);
  SetText(tenant_, event.tenant);
  SetText(actor_, event.actor);
  if (run_.valid() && values_[run_.value].kind == ValueKind::kMissing) SetText(run_, event.run);
}

// Evidence that the event carries itself stands. Otherwise the latest that the run has brought
// about the same things, or lacking that the latest at all: which is then about something else, and
// therefore missing.
void Lane::BindEvidence(const CorpusEvent& event, const RunMemory& memory) {
  for (const EvidenceId id : answer_.plan->evidence) {
    const EvidenceView evidence = table_.Evidence(id);
    if (!evidence.at.valid()) continue;
    if (values_[evidence.at.value].kind != ValueKind::kMissing) {
      answer_.evidence |= 1;
      continue;
    }
    const RunMemory::Brought* best = nullptr;
    bool best_matches = false;
    for (const RunMemory::Brought& brought : memory.brought) {
      if (brought.evidence != id || brought.known_ms > event.at_ms) continue;
      bool matches = true;
      for (std::size_t i = 0; i < evidence.about_wanted.size() && matches; ++i) {
        matches = SameValue(View(brought.about[i]), values_[evidence.about_wanted[i].value]);
      }
      if (best != nullptr && (best_matches > matches ||
                              (best_matches == matches && best->known_ms > brought.known_ms))) {
        continue;
      }
      best = &brought;
      best_matches = matches;
    }
    if (best == nullptr) continue;
    answer_.evidence |= 2;
    Set(evidence.at, NumberValue(best->known_ms));
    for (std::size_t i = 0; i < evidence.about_given.size(); ++i)
      Set(evidence.about_given[i], View(best->about[i]));
  }
}

void Lane::BindMeters(const CorpusEvent& event, std::int64_t first_ms) {
  for (const MeterId id : answer_.plan->meters) {
    const MeterView meter = table_.Meter(id);
    Value value;
    if (meter_across_[id.value] && meter.windowed() && !options_.recording_is_complete &&
        runtime::WindowStart(table_, event.at_ms, meter.window_ms, meter.window_months) <
            first_ms) {
      answer_.too_early = true;
      ++too_early_by_meter[id.value];
    } else {
      value = own_->session().Read(id, request_);
      if (recorded_) {
        const Value recorded = recorded_->session().Read(id, request_);
        if (recorded.kind != value.kind || recorded.number != value.number)
          record_.emplace_back(id, recorded);
      }
    }
    read_.emplace_back(id, value);
  }
  // Only now: a meter's key may be another meter's fact.
  for (const auto& [id, value] : read_) Set(table_.Meter(id).fact, value);
}

const Answer& Lane::Decide(const CorpusEvent& event, const RunMemory& memory,
                           std::int64_t first_ms) {
  for (const FactId fact : set_facts_) values_[fact.value] = Value();
  // In force: a header that was not recorded is the first of its values, valid (M20).
  if (header_.valid()) values_[header_.value] = {.kind = ValueKind::kNumber};
  set_facts_.clear();
  arena_.Clear();
  read_.clear();
  record_.clear();
  answer_.unknown = answer_.malformed = answer_.leaked = answer_.too_early = answer_.tied = false;
  answer_.evidence = 0;
  answer_.columns = columns_.data();

  if (capability_name_ != event.capability || !named_) {
    capability_name_ = event.capability;
    capability_ = table_.FindCapability(event.capability);
  }
  if (role_name_ != event.role || !named_) {
    role_name_ = event.role;
    role_ = table_.FindRole(event.role);
  }
  named_ = true;
  request_.capability = capability_;
  request_.role = role_;
  request_.now_ms = event.at_ms;
  request_.values = values_.data();
  request_.as_in_force = true;
  answer_.plan = request_.capability.valid() ? &plans_[request_.capability.value] : nullptr;

  BindFacts(event);
  BindArguments(event);
  BindBuiltins(event);
  if (answer_.plan != nullptr) {
    BindEvidence(event, memory);
    BindMeters(event, first_ms);
  }
  answer_.decision = runtime::Match(table_, nullptr, request_, columns_.data(), columns_.size());
  if (answer_.decision.builtin == runtime::BuiltinRow::kMalformed) {
    answer_.malformed = true;
    const FactId fact =
        answer_.decision.fact;  // readable, but not of its type: out of range, too many decimals
    if (fact.valid() && values_[fact.value].kind != ValueKind::kMalformed)
      ++malformed_by_fact[fact.value];
  }
  FindMissing();
  FindLeaning();
  answer_.tied = !record_.empty() && DiffersFromRecord();
  return answer_;
}

// Another run that left history has changed a meter. That only matters where other rows would hold
// with the meters as recorded; else the answer is what it would have been, and stays evidence.
bool Lane::DiffersFromRecord() {
  std::vector<std::pair<FactId, Value>> own;
  for (const auto& [id, value] : record_) {
    const FactId fact = table_.Meter(id).fact;
    own.emplace_back(fact, values_[fact.value]);
    values_[fact.value] = value;
  }
  record_columns_.resize(columns_.size());
  const runtime::Decision decision =
      runtime::Match(table_, nullptr, request_, record_columns_.data(), record_columns_.size());
  for (const auto& [fact, value] : own) values_[fact.value] = value;
  if (decision.builtin != answer_.decision.builtin || decision.column != answer_.decision.column)
    return true;
  return !std::equal(columns_.begin(), columns_.begin() + answer_.plan->word_count,
                     record_columns_.begin());
}

void Lane::Commit(bool own, bool recorded) {
  if (!request_.capability.valid()) return;
  if (own) own_->session().Commit(request_);
  if (recorded && recorded_) recorded_->session().Commit(request_);
}

void Lane::Remember(const CorpusEvent& event, RunMemory& memory) const {
  if (!request_.capability.valid() || !event.known_at_ms) return;
  for (const EvidenceId id : brings_[request_.capability.value]) {
    const EvidenceView evidence = table_.Evidence(id);
    RunMemory::Brought brought{id, *event.known_at_ms, {}};
    for (const FactId about : evidence.about_wanted)
      brought.about.push_back(Keep(values_[about.value]));
    const auto same = std::find_if(
        memory.brought.begin(), memory.brought.end(), [&](const RunMemory::Brought& old) {
          return old.evidence == id && old.about == brought.about &&
                 old.known_ms <= brought.known_ms && old.known_ms <= event.at_ms;
        });
    if (same != memory.brought.end()) {
      *same = std::move(brought);
    } else {
      memory.brought.push_back(std::move(brought));
    }
  }
}

std::vector<std::pair<std::string, std::string>> Lane::WorkedOutFacts() const {
  std::vector<std::pair<std::string, std::string>> facts;
  for (const DerivedInput& input : derived_)
    facts.emplace_back(table_.Fact(input.fact).name, FormatValue(table_, input.fact, input.value));
  for (const auto& [id, value] : read_) {
    const FactId fact = table_.Meter(id).fact;
    facts.emplace_back(table_.Fact(fact).name, FormatValue(table_, fact, value));
  }
  return facts;
}

}  // namespace writ::evals
