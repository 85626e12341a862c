// The corpus: past runs in one SQLite file, read-only once imported.
//
// A *run* is an ordered list of *events*; an event is a request that was made, with what was known
// at that moment and what came of it. A mapping written in SQL fills these tables (see
// `kCanonicalSchema` and docs/evals.md) from JSON lines.
//
//   runs   (run TEXT PRIMARY KEY, cluster TEXT NOT NULL)
//            cluster: inside it runs are not independent (task, customer, department)
//   events (event INTEGER PRIMARY KEY, run, seq, at, role, capability, actor, case_id, session,
//   agent, tenant,
//           observed, effect, known_at, arguments)
//            at, known_at: milliseconds since 1970 UTC; known_at: when the event's own result was
//            known (NULL: never) observed: what was decided then: 'allow' | 'deny' | 'escalate
//            ANCHOR' | NULL (not recorded) effect: 'executed' | 'executed after approval by ANCHOR'
//            | 'refused' | 'failed' | 'noted' (an event nobody requested) case_id: NULL means the
//            run is the case; arguments: of the call, a JSON object as text, from which a policy
//            derives inputs, or NULL (not recorded)
//   facts  (event, name, value, missing, known_at): inputs and facts as they stood at the decision;
//            value TEXT in the policy's spelling ('120.00 EUR', '0.93', 'true', 'gold', '90
//            minutes', '2026-10-01T12:00:00Z', raw text for id and text, a JSON array for sets);
//            missing 1 with value NULL means "known to be missing"; a NULL value without missing =
//            1 is refused; known_at NULL: known at `at`. Evidence may be given as facts
//            'evidence.E' (time) and 'evidence.E.about.X'; where it is not, replay derives it from
//            the run's own earlier events by the policy's declaration.
//   labels (run, event NULL, name, value, origin)
//   meta   (key PRIMARY KEY, value): source, licence, mapping digest, corpus digest, tool version
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace writ::evals {

// The world's fault: a file, a database, or rows that are not what the schema says.
enum class CorpusErrorCode : std::uint8_t {
  kOpen,
  kRead,
  kWrite,
  kNotACorpus,
  kBadJson,
  kBadMapping,
  kNullValue,
  kDoubledEvent,
  kBadRow,
  kDigestMismatch,
  kTooLarge,
};
struct CorpusError {
  CorpusErrorCode code = CorpusErrorCode::kRead;
  std::string message;     // says what and where, in the mapping's words
  std::uint64_t line = 0;  // 1-based line of the JSON-lines file or of the mapping; 0: none
};

struct CorpusFact {
  std::string_view name;
  std::string_view value;
  bool missing = false;
  std::optional<std::int64_t> known_at_ms;
};

struct CorpusEvent {
  std::int64_t event = 0;
  std::string_view run, role, capability, actor, case_id, session, agent, tenant,
      effect;  // empty: not recorded
  std::int64_t seq = 0;
  std::int64_t at_ms = 0;
  std::optional<std::int64_t> known_at_ms;
  std::optional<std::string_view> observed;
  std::optional<std::string_view> arguments;  // JSON
  std::vector<CorpusFact> facts;
};

struct CorpusLabel {
  std::string run;
  std::optional<std::int64_t> event;
  std::string name, value, origin;
};

struct ImportOptions {
  std::uint64_t max_line_bytes = 64u << 20;
  std::uint64_t max_lines = 50'000'000;
  std::uint64_t max_bytes = std::uint64_t{64}
                            << 30;  // of the store, and of the mapping's own tables
  std::uint64_t max_mapping_steps =
      1'000'000'000'000;  // SQLite steps, some hours; beyond them a mapping runs in circles
  std::function<void(std::uint64_t lines, std::uint64_t bytes)> progress;  // may be empty
};
struct ImportSummary {
  std::uint64_t lines = 0, runs = 0, events = 0, facts = 0, labels = 0;
  std::string digest;
};

// Loads JSON lines (several files allowed) into `lines(file, line, json)`, runs the mapping, checks
// the rows, writes `output` whole or not at all. `attachments`: further JSON-lines or CSV files a
// mapping may join, as tables `NAME(line, json)`.
std::expected<ImportSummary, CorpusError> ImportCorpus(
    const std::vector<std::string>& inputs, const std::string& mapping_path,
    const std::vector<std::pair<std::string, std::string>>& attachments, const std::string& output,
    const ImportOptions& = {});

// Reads `text` as ImportCorpus reads a file of JSON lines; how many objects it holds. `name` is for
// errors.
std::expected<std::uint64_t, CorpusError> CheckJsonLines(std::string_view name,
                                                         std::string_view text,
                                                         const ImportOptions& = {});

// A read-only corpus. Not thread-safe; open one per thread.
class Corpus {
 public:
  static std::expected<Corpus, CorpusError> Open(const std::string& path);
  Corpus(Corpus&&) noexcept;
  Corpus& operator=(Corpus&&) noexcept;
  ~Corpus();

  const std::string& digest() const;  // SHA-256 hex over the canonical rows
  std::uint64_t run_count() const;
  std::uint64_t event_count() const;
  std::string cluster(std::string_view run) const;
  // Reads every row and compares with digest(): has anything been changed since the import?
  std::expected<void, CorpusError> VerifyDigest() const;
  // Was it imported with this mapping, byte for byte? kDigestMismatch if not.
  std::expected<void, CorpusError> VerifyMapping(const std::string& path) const;

  // Calls `visit` for each event, in order of (at, place of the run in the file, seq) across runs
  // if `by_time`, else run by run in file order with seq inside. Views live until `visit` returns.
  // `visit` returns false to stop.
  std::expected<void, CorpusError> ForEachEvent(
      bool by_time, const std::function<bool(const CorpusEvent&)>& visit) const;
  std::expected<std::vector<CorpusLabel>, CorpusError> Labels() const;
  std::expected<std::vector<std::pair<std::string, std::string>>, CorpusError> Clusters()
      const;  // (run, cluster), by run
  std::string Meta(std::string_view key) const;
  // The rows of a query over the tables above, as texts (NULL as an empty one): `corpus check` and
  // `stat` count in SQL.
  std::expected<std::vector<std::vector<std::string>>, CorpusError> Query(
      std::string_view sql) const;

 private:
  struct Impl;
  explicit Corpus(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace writ::evals
