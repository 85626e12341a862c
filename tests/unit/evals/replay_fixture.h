// A small refunds policy as a model, and a corpus as a vector: what the replay, gate and report
// tests work on by hand.
//
//   get_order     anybody                                                            -> allow
//   issue_refund  not the agent's role                                               -> deny
//   no_authority
//                 held                                                               -> deny   held
//                 amount > 5,000                                                     -> escalate to
//                 board     to_board amount > limit -> escalate to refunds   limit confidence <
//                 0.80 (missing: escalate to refunds, an unknown row)   -> escalate to refunds
//                 unsure refunds_today > daily (a sum, including this)                      ->
//                 escalate to refunds   daily else -> allow
//   returned      an event: a note where the amount is above the limit               -> allow
// Region big_money: amount > 1,000. Region sure_money: confidence >= 0.80.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "writ/evals/replay.h"
#include "writ/table/write.h"

namespace writ::evals::testing {

struct RefundsPolicy {
  std::int64_t limit = 20'000;  // cents
  std::int64_t daily = 200'000;
  std::string meter_key = "agent";  // or "case"
  std::int64_t window_ms = 86'400'000;
  std::uint32_t window_months = 0;  // not 0: instead
  bool held_denies = true;
  bool unsure_escalates = true;
  bool notify_board = false;  // an obligation where amount > limit
  bool has_region = true;
  bool derives_amount = false;  // = sum "$.parts[*]"
  std::string version = "1.0.0";
};

class ModelBuilder {
 public:
  explicit ModelBuilder(const RefundsPolicy& policy) : p_(policy) {}
  table::Model Make();

 private:
  using Admits = std::function<bool(std::uint32_t atom)>;
  struct Cell {
    std::uint32_t dimension;
    Admits admits;
  };

  void MakeVocabulary();
  runtime::ClauseId Clause(std::string name, std::string words, std::string reason);
  std::uint32_t Cuts(table::Matrix& matrix, runtime::FactId fact, std::vector<std::int64_t> cuts);
  void Row(table::Matrix& matrix, runtime::ColumnKind kind, runtime::Verdict verdict,
           std::uint32_t anchor, runtime::ClauseId clause, std::uint8_t flags, std::uint32_t name,
           const std::vector<Cell>& cells);
  table::Matrix Refunds();
  table::Matrix Returned();
  table::Matrix Lookup();

  RefundsPolicy p_;
  table::Model m_;
};

inline constexpr std::uint32_t kRefundsAnchor = 0, kBoardAnchor = 1, kNoAnchor = 0xFFFFFFFFu;
inline constexpr std::uint32_t kOrder = 0, kAmount = 1, kConfidence = 2, kHeld = 3, kToday = 4,
                               kAgentFact = 5, kCaseFact = 6;

inline void ModelBuilder::MakeVocabulary() {
  using namespace runtime;
  m_.policy = "test.refunds";
  m_.version = p_.version;
  m_.title = "Refunds";
  m_.zone = "UTC";
  const auto fact = [&](std::string name, ValueType type, Source source, std::uint8_t scale,
                        std::int64_t low, std::int64_t high) {
    table::Fact f;
    f.name = std::move(name);
    f.type = type;
    f.source = source;
    f.scale = scale;
    f.low = low;
    f.high = high;
    if (type == ValueType::kMoney) f.unit = "EUR";
    m_.facts.push_back(std::move(f));
  };
  fact("order", ValueType::kId, Source::kInput, 0, 0, 0);
  fact("amount", ValueType::kMoney, Source::kInput, 2, 0, 5'000'000);
  fact("confidence", ValueType::kDecimal, Source::kHost, 2, 0, 100);
  m_.facts.back().missing = MissingWord::kEscalate;
  fact("held", ValueType::kBool, Source::kHost, 0, 0, 1);
  fact("refunds_today", ValueType::kMoney, Source::kMeter, 2, 0, 1'000'000'000'000);
  m_.facts.back().meter = MeterId{0};
  fact("agent", ValueType::kId, Source::kBuiltin, 0, 0, 0);
  fact("case", ValueType::kId, Source::kBuiltin, 0, 0, 0);
  m_.roles = {{"support_lead", RoleKind::kHuman, "", RoleId{1}},
              {"coo", RoleKind::kHuman, "", {}},
              {"refund_agent", RoleKind::kAgent, "", {}}};
  table::Anchor refunds, board;
  refunds.name = "refunds";
  refunds.title = "Customer refunds";
  refunds.held_by = RoleId{0};
  board.name = "board";
  board.title = "The board";
  board.held_by = RoleId{1};
  board.below = {AnchorId{0}};
  m_.anchors = {refunds, board};
  table::Capability refund, returned, lookup;
  refund.name = "issue_refund";
  refund.inputs = {FactId{kOrder}, FactId{kAmount}};
  returned.name = "returned";
  returned.kind = CapabilityKind::kEvent;
  returned.inputs = {FactId{kAmount}};
  lookup.name = "get_order";
  lookup.kind = CapabilityKind::kObserve;
  lookup.inputs = {FactId{kOrder}};
  m_.capabilities = {refund, returned, lookup};
  if (p_.derives_amount) {
    m_.derivations = {{CapabilityId{0}, FactId{kAmount}, ArgumentFold::kSum, "$.parts[*]"}};
  }
  table::Meter meter;
  meter.name = "refunds_today";
  meter.fold = Fold::kSum;
  meter.targets = {CapabilityId{0}};
  meter.value = FactId{kAmount};
  meter.keys = {FactId{p_.meter_key == "case" ? kCaseFact : kAgentFact}};
  meter.window_ms = p_.window_months != 0 ? 0 : p_.window_ms;
  meter.window_months = p_.window_months;
  meter.including_this = true;
  meter.fact = FactId{kToday};
  m_.meters = {meter};
  m_.authorities = {{"refunding", AuthorityKind::kDelegation, AnchorId{0}, RoleId{0}}};
  if (p_.has_region) m_.regions = {"big_money", "sure_money"};
}

inline runtime::ClauseId ModelBuilder::Clause(std::string name, std::string words,
                                              std::string reason) {
  m_.clauses.push_back({std::move(name), std::move(words), std::move(reason), "refunds.writ",
                        static_cast<std::uint32_t>(10 + m_.clauses.size()), runtime::AuthorityId{0},
                        runtime::Trigger::kNone});
  return runtime::ClauseId{static_cast<std::uint32_t>(m_.clauses.size() - 1)};
}

inline std::uint32_t ModelBuilder::Cuts(table::Matrix& matrix, runtime::FactId fact,
                                        std::vector<std::int64_t> cuts) {
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  m_.atom_maps.push_back({runtime::AtomMapKind::kCuts, 0, std::move(cuts), {}});
  matrix.dimensions.push_back(
      {table::DimensionKind::kFact, fact.value,
       runtime::AtomMapId{static_cast<std::uint32_t>(m_.atom_maps.size() - 1)}});
  return static_cast<std::uint32_t>(matrix.dimensions.size() - 1);
}

inline void ModelBuilder::Row(table::Matrix& matrix, runtime::ColumnKind kind,
                              runtime::Verdict verdict, std::uint32_t anchor,
                              runtime::ClauseId clause, std::uint8_t flags, std::uint32_t name,
                              const std::vector<Cell>& cells) {
  table::Column column;
  column.kind = kind;
  column.verdict = verdict;
  column.flags = flags;
  column.anchor = runtime::AnchorId{anchor};
  column.clause = clause;
  column.authority = runtime::AuthorityId{0};
  column.name = name;
  for (const Cell& cell : cells) {
    table::Constraint constraint{cell.dimension, {}};
    const std::uint32_t atoms =
        m_.atom_maps[matrix.dimensions[cell.dimension].atoms.value].atom_count();
    for (std::uint32_t atom = 0; atom < atoms; ++atom)
      constraint.atoms.push_back(cell.admits(atom));
    column.constraints.push_back(std::move(constraint));
  }
  matrix.columns.push_back(std::move(column));
}

inline table::Matrix ModelBuilder::Refunds() {
  using namespace runtime;
  table::Matrix matrix;
  matrix.signature = {{FactId{kOrder}, true},
                      {FactId{kAmount}, true},
                      {FactId{kConfidence}, false},
                      {FactId{kHeld}, false}};
  const std::uint32_t amount = Cuts(matrix, FactId{kAmount}, {p_.limit + 1, 100'001, 500'001});
  const std::uint32_t confidence = Cuts(matrix, FactId{kConfidence}, {80});
  const std::uint32_t today = Cuts(matrix, FactId{kToday}, {p_.daily + 1});
  m_.atom_maps.push_back({AtomMapKind::kDirect, 2, {}, {}});
  matrix.dimensions.push_back({table::DimensionKind::kFact, kHeld,
                               AtomMapId{static_cast<std::uint32_t>(m_.atom_maps.size() - 1)}});
  m_.atom_maps.push_back({AtomMapKind::kDirect, 4, {}, {}});
  matrix.dimensions.push_back({table::DimensionKind::kRole, 0,
                               AtomMapId{static_cast<std::uint32_t>(m_.atom_maps.size() - 1)}});
  const std::uint32_t held = 3, role = 4;
  const std::vector<std::int64_t> cuts = m_.atom_maps[matrix.dimensions[amount].atoms.value].cuts;
  const auto above = [&](std::int64_t cents) -> Admits {
    const auto at =
        static_cast<std::uint32_t>(std::find(cuts.begin(), cuts.end(), cents + 1) - cuts.begin());
    return [at](std::uint32_t atom) { return atom >= at + 2; };
  };
  const auto is = [](std::uint32_t wanted) -> Admits {
    return [wanted](std::uint32_t atom) { return atom == wanted; };
  };
  const Admits not_agent = [](std::uint32_t atom) { return atom != 3; };
  const auto decision = ColumnKind::kDecision;
  Row(matrix, decision, Verdict::kDeny, kNoAnchor, Clause("no_authority", "no delegation", ""),
      kColumnBase, 0, {{role, not_agent}});
  if (p_.held_denies)
    Row(matrix, decision, Verdict::kDeny, kNoAnchor,
        Clause("held", "deny when held", "Held for fraud."), 0, 0, {{held, is(2)}});
  Row(matrix, decision, Verdict::kEscalate, kBoardAnchor,
      Clause("to_board", "escalate to board when amount > 5_000 EUR", ""), 0, 0,
      {{amount, above(500'000)}});
  Row(matrix, decision, Verdict::kEscalate, kRefundsAnchor,
      Clause("limit", "limit amount <= refund_autonomy", "The limit."), 0, 0,
      {{amount, above(p_.limit)}});
  const ClauseId unsure = Clause("unsure", "escalate when confidence < unsure", "");
  if (p_.unsure_escalates) {
    Row(matrix, decision, Verdict::kEscalate, kRefundsAnchor, unsure, 0, 0, {{confidence, is(1)}});
    Row(matrix, decision, Verdict::kEscalate, kRefundsAnchor, unsure, kColumnUnknown, 0,
        {{confidence, is(0)}});
  }
  const ClauseId daily = Clause("daily", "limit refunds_today <= daily_autonomy", "");
  Row(matrix, decision, Verdict::kEscalate, kRefundsAnchor, daily, 0, 0, {{today, is(2)}});
  Row(matrix, decision, Verdict::kEscalate, kRefundsAnchor, daily, kColumnUnknown, 0,
      {{today, is(0)}});
  Row(matrix, decision, Verdict::kAllow, kRefundsAnchor,
      Clause("rest", "what nothing else decides is allowed", ""), kColumnBase, 0, {});
  if (p_.notify_board) {
    Row(matrix, ColumnKind::kNotify, Verdict::kAllow, kBoardAnchor,
        Clause("tell", "notify board when amount > limit", ""), 0, 0, {{amount, above(p_.limit)}});
  }
  if (p_.has_region) {
    Row(matrix, ColumnKind::kRegion, Verdict::kAllow, kNoAnchor,
        Clause("big_money", "region big_money when amount > 1_000 EUR", ""), 0, 0,
        {{amount, above(100'000)}});
    Row(matrix, ColumnKind::kRegion, Verdict::kAllow, kNoAnchor,
        Clause("sure_money", "region sure_money when confidence >= 0.80", ""), 0, 1,
        {{confidence, is(2)}});
  }
  return matrix;
}

inline table::Matrix ModelBuilder::Returned() {
  using namespace runtime;
  table::Matrix matrix;
  matrix.signature = {{FactId{kAmount}, true}};
  const std::uint32_t amount = Cuts(matrix, FactId{kAmount}, {p_.limit + 1});
  Row(matrix, ColumnKind::kDecision, Verdict::kAllow, kNoAnchor, Clause("happens", "an event", ""),
      kColumnBase, 0, {});
  Row(matrix, ColumnKind::kNote, Verdict::kAllow, kNoAnchor,
      Clause("large_return", "note when amount > limit", "A large return."), 0, 0,
      {{amount, [](std::uint32_t atom) { return atom == 2; }}});
  return matrix;
}

inline table::Matrix ModelBuilder::Lookup() {
  using namespace runtime;
  table::Matrix matrix;
  matrix.signature = {{FactId{kOrder}, true}};
  Row(matrix, ColumnKind::kDecision, Verdict::kAllow, kRefundsAnchor,
      Clause("freely", "may freely get_order", ""), kColumnBase, 0, {});
  return matrix;
}

inline table::Model ModelBuilder::Make() {
  MakeVocabulary();
  m_.matrices.push_back(Refunds());
  m_.matrices.push_back(Returned());
  m_.matrices.push_back(Lookup());
  return std::move(m_);
}

// A table and the bytes it points into.
class OpenTable {
 public:
  explicit OpenTable(const table::Model& model) {
    auto bytes = table::WriteTable(model);
    if (!bytes) {
      ADD_FAILURE() << bytes.error().what;
      return;
    }
    words_.resize((bytes->size() + 7) / 8);
    std::copy(bytes->begin(), bytes->end(), reinterpret_cast<unsigned char*>(words_.data()));
    const runtime::OpenError error = runtime::Table::Open(words_.data(), bytes->size(), &table_);
    EXPECT_EQ(error.code, runtime::OpenCode::kOk) << error.offset;
  }
  explicit OpenTable(const RefundsPolicy& policy) : OpenTable(ModelBuilder(policy).Make()) {}
  const runtime::Table& operator*() const { return table_; }

 private:
  std::vector<std::uint64_t> words_;
  runtime::Table table_;
};

// One event, with its texts.
struct TestFact {
  std::string name, value;
  bool missing = false;
  std::optional<std::int64_t> known_at_ms;
};
struct TestEvent {
  std::string run, capability = "issue_refund", role = "refund_agent", effect = "executed",
                   observed, agent = "agent-1", case_id;
  std::int64_t at_ms = 0;
  std::vector<TestFact> facts;
  std::string arguments;  // JSON; empty: not recorded
};

// Events are numbered from 1 in the order they are given; runs keep that order.
class TestCorpus {
 public:
  std::vector<TestEvent> events;
  std::vector<CorpusLabel> labels;
  std::vector<std::pair<std::string, std::string>> clusters;

  // A refund of `cents` at `minute`, sure unless told otherwise.
  TestEvent& Refund(std::string run, std::int64_t minute, std::int64_t cents,
                    std::string effect = "executed") {
    TestEvent event;
    event.run = std::move(run);
    event.at_ms = kStart + minute * 60'000;
    event.effect = std::move(effect);
    const std::string fraction = std::to_string(100 + cents % 100).substr(1);
    event.facts = {{"order", "A1"},
                   {"amount", std::to_string(cents / 100) + "." + fraction + " EUR"},
                   {"confidence", "0.90"},
                   {"held", "false"}};
    events.push_back(std::move(event));
    return events.back();
  }

  EventSource Source() const {
    EventSource source;
    source.digest = "c0ffee";
    source.event_count = events.size();
    source.labels = labels;
    source.clusters = clusters;
    std::sort(source.clusters.begin(), source.clusters.end());
    source.for_each = [this](bool by_time, const std::function<bool(const CorpusEvent&)>& visit) {
      return Walk(by_time, visit);
    };
    return source;
  }

  static constexpr std::int64_t kStart = 1'780'000'000'000;

 private:
  std::expected<void, CorpusError> Walk(
      bool by_time, const std::function<bool(const CorpusEvent&)>& visit) const {
    std::vector<std::size_t> order(events.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::map<std::string, std::size_t> runs;
    for (const TestEvent& event : events) runs.emplace(event.run, runs.size());
    const auto place = [&](const std::string& run) { return runs.at(run); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const auto key = [&](std::size_t i) {
        return std::pair(by_time ? events[i].at_ms : 0, place(events[i].run));
      };
      return key(a) < key(b);
    });
    for (const std::size_t i : order) {
      const TestEvent& from = events[i];
      CorpusEvent event;
      event.event = static_cast<std::int64_t>(i) + 1;
      event.run = from.run;
      event.capability = from.capability;
      event.role = from.role;
      event.agent = from.agent;
      event.case_id = from.case_id;
      event.effect = from.effect;
      event.at_ms = from.at_ms;
      event.known_at_ms = from.at_ms;
      if (!from.observed.empty()) event.observed = from.observed;
      if (!from.arguments.empty()) event.arguments = from.arguments;
      for (const TestFact& fact : from.facts)
        event.facts.push_back({fact.name, fact.value, fact.missing, fact.known_at_ms});
      if (!visit(event)) break;
    }
    return {};
  }
};

inline ReplayResult MustReplay(const TestCorpus& corpus, const OpenTable& baseline,
                               const OpenTable& candidate, Horizon horizon, bool complete = true) {
  ReplayOptions options;
  options.horizon = horizon;
  options.recording_is_complete = complete;
  auto result = Replay(corpus.Source(), *baseline, *candidate, options);
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  return std::move(*result);
}

}  // namespace writ::evals::testing
