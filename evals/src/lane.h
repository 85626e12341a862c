// One table's view of a stream of events: it binds facts by name, keeps meters and evidence,
// decides.
//
// A lane knows nothing of the other lane, nor of what is done with its answers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lane_plan.h"
#include "writ/evals/arguments.h"
#include "writ/evals/corpus.h"
#include "writ/evals/values.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/session.h"
#include "writ/runtime/table.h"

namespace writ::evals {

// Of a pass over events: entries of a meter store, grown eightfold until they do; what is said
// where they may not; events between two reports of progress.
inline constexpr std::size_t kFirstCapacity = 1024;
inline constexpr const char* kMetersTooLarge =
    "the meters of this corpus need more memory than allowed for one lane";
inline constexpr std::uint64_t kProgressEvents = 65'536;

// A value that outlives its event.
struct KeptValue {
  runtime::ValueKind kind = runtime::ValueKind::kMissing;
  std::int64_t number = 0;
  std::string text;
  friend bool operator==(const KeptValue&, const KeptValue&) = default;
};

// What a run has brought so far, per piece of evidence and thing it is about: the latest.
struct RunMemory {
  struct Brought {
    runtime::EvidenceId evidence;
    std::int64_t known_ms = 0;
    std::vector<KeptValue> about;
  };
  std::vector<Brought> brought;
};

// The meters of one history (a lane's own, or the recorded one).
class MeterStore {
 public:
  MeterStore(const runtime::Table& table, std::size_t capacity);
  runtime::Session& session() { return *session_; }
  std::size_t size_bytes() const { return memory_.size() * sizeof(std::uint64_t); }

 private:
  std::vector<std::uint64_t> memory_;
  runtime::Session* session_ = nullptr;
};

// The answer to one event. Spans into the lane, valid until the next Decide.
struct Answer {
  runtime::Decision decision;
  const std::uint64_t* columns = nullptr;  // bits of the columns that hold; plan->word_count words
  const CapabilityPlan* plan = nullptr;    // null: a capability the table does not have
  std::vector<std::uint64_t> missing, leaned;  // bits over plan->facts
  std::vector<std::uint64_t> maybe_regions;    // bits over plan->regions
  bool unknown = false;
  bool malformed = false, leaked = false, too_early = false;
  bool tied = false;          // with the meters of the recorded history other rows would hold
  std::uint8_t evidence = 0;  // bit 0: given with the event, bit 1: worked out from the run
};

class Lane {
 public:
  struct Options {
    std::size_t capacity = 1024;       // entries of a meter store
    bool compare_with_record = false;  // keep a second store that counts what was recorded
    bool recording_is_complete = false;
  };
  Lane(const runtime::Table& table, const Options& options);

  const runtime::Table& table() const { return table_; }
  bool reaches_across_runs() const { return across_runs_; }
  // As the event decided last was asked; its values live until the next Decide.
  const runtime::Request& request() const { return request_; }
  bool meter_across_runs(runtime::MeterId meter) const { return meter_across_[meter.value]; }
  bool keyed_by_case() const { return keyed_by_case_; }
  bool keyed_by_session() const { return keyed_by_session_; }
  bool overflowed() const;
  std::size_t meter_bytes() const {
    return own_->size_bytes() + (recorded_ ? recorded_->size_bytes() : 0);
  }

  // Forgets all meters: between runs that share none.
  void Clear();

  // Decides the event. `first_ms`: when the recording starts.
  const Answer& Decide(const CorpusEvent& event, const RunMemory& memory, std::int64_t first_ms);

  // Counts the event that was decided last: in the lane's own history if `own`, in the recorded one
  // if `recorded`.
  void Commit(bool own, bool recorded);
  // Remembers the evidence that the event decided last brings, once its result is known.
  void Remember(const CorpusEvent& event, RunMemory& memory) const;

  // Names and values of what the event decided last did not give itself: inputs that were worked
  // out from its arguments, and the meters that were read.
  std::vector<std::pair<std::string, std::string>> WorkedOutFacts() const;

  // Counters that go beyond one answer.
  std::vector<std::uint64_t> too_early_by_meter, leaked_by_fact, malformed_by_fact;
  // Is the i-th fact of the event decided last one of the table's?
  bool KnowsFact(std::size_t i) const { return (*names_here_)[i].fact.valid(); }

 private:
  struct Parsed {  // the last text seen for a fact, and its value
    std::string text;
    runtime::Value value;
    bool valid = false;
  };

  runtime::FactId Find(std::string_view name);
  void Set(runtime::FactId fact, const runtime::Value& value);
  void SetText(runtime::FactId fact, std::string_view text);
  bool IsGivenByName(const CorpusEvent&, runtime::FactId) const;
  void BindFacts(const CorpusEvent& event);
  void BindArguments(const CorpusEvent& event);
  void BindBuiltins(const CorpusEvent& event);
  void BindEvidence(const CorpusEvent& event, const RunMemory& memory);
  void BindMeters(const CorpusEvent& event, std::int64_t first_ms);
  struct FactNote {  // what is asked of a fact for each event
    runtime::ValueType type = runtime::ValueType::kBool;
    bool is_now = false, is_role = false, has_substitute = false;
    runtime::EvidenceId evidence;
  };
  bool IsMissing(const FactNote& note, runtime::FactId fact) const;
  bool IsFresh(runtime::EvidenceId evidence) const;
  void FindMissing();
  void FindLeaning();
  bool DiffersFromRecord();
  bool IsOpen(std::uint32_t dimension) const;
  void BoundRows(const runtime::MatrixView& matrix);
  void LeanOn(const runtime::MatrixView& matrix, std::uint32_t column);

  const runtime::Table& table_;
  const Options options_;
  std::vector<CapabilityPlan> plans_;
  std::vector<FactNote> notes_;  // per fact
  std::unique_ptr<MeterStore> own_, recorded_;
  bool across_runs_ = false, keyed_by_case_ = false, keyed_by_session_ = false;
  std::vector<bool> meter_across_;
  std::vector<std::vector<runtime::EvidenceId>> brings_;  // per capability
  std::vector<bool> derives_;                             // per capability: inputs from arguments

  runtime::FactId case_, session_, agent_, tenant_, actor_, run_;
  std::unordered_map<std::string, runtime::FactId> names_;
  // Requests of one capability give the same facts in the same order, mostly: a name is compared,
  // not looked up. Per capability, and one more for those that the table does not have.
  struct GivenName {
    std::string name;
    runtime::FactId fact;
    bool former = false;  // what the fact was called before
  };
  using NamesByPosition = std::vector<GivenName>;
  std::vector<NamesByPosition> by_position_;
  NamesByPosition* names_here_ = nullptr;  // of the event at hand
  std::vector<Parsed> parsed_;             // per fact

  // The names looked up last.
  std::string capability_name_, role_name_;
  runtime::CapabilityId capability_;
  runtime::RoleId role_;
  bool named_ = false;

  // The event at hand.
  std::vector<runtime::Value> values_;
  runtime::FactId header_;
  std::vector<runtime::FactId> set_facts_;
  ValueArena arena_;  // members of sets, and what was worked out from arguments
  std::vector<DerivedInput> derived_;
  std::vector<std::pair<runtime::MeterId, runtime::Value>> read_,
      record_;  // meters; as recorded, where that differs
  runtime::Request request_;
  std::vector<std::uint64_t> columns_, record_columns_;
  std::vector<std::uint32_t> atoms_;
  std::vector<std::uint64_t> open_facts_, sure_,
      possible_;  // missing without a substitute; see lane_unknown.cc
  Answer answer_;
};

}  // namespace writ::evals
