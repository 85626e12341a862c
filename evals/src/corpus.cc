// Reading a corpus back: events in order, each with its facts.
//
// Two statements run side by side, one over events and one over the facts of the present event, so
// that memory stays flat whatever the size. Entry point: `Corpus::Open`.
#include "writ/evals/corpus.h"

#include <utility>

#include "corpus_schema.h"
#include "hex.h"
#include "import_lines.h"
#include "sqlite.h"

namespace writ::evals {
namespace {

constexpr std::string_view kEventColumns =
    "SELECT e.event, e.run, e.seq, e.at, e.role, e.capability, e.actor, e.case_id, e.session, "
    "e.agent, e.tenant,"
    " e.observed, e.effect, e.known_at, e.arguments FROM main.runs r CROSS JOIN main.events e ON "
    "e.run = r.run ";

std::unexpected<CorpusError> Fail(const sqlite::Error& error, const std::string& where) {
  return std::unexpected(FromSqlite(error, CorpusErrorCode::kRead, where));
}

std::optional<std::int64_t> OptionalInt(const sqlite::Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Int(column);
}

void ReadEvent(const sqlite::Statement& row, CorpusEvent& event) {
  event.event = row.Int(0);
  event.run = row.Text(1);
  event.seq = row.Int(2);
  event.at_ms = row.Int(3);
  event.role = row.Text(4);
  event.capability = row.Text(5);
  event.actor = row.Text(6);
  event.case_id = row.Text(7);
  event.session = row.Text(8);
  event.agent = row.Text(9);
  event.tenant = row.Text(10);
  event.observed.reset();
  if (!row.IsNull(11)) event.observed = row.Text(11);
  event.effect = row.Text(12);
  event.known_at_ms = OptionalInt(row, 13);
  event.arguments.reset();
  if (!row.IsNull(14)) event.arguments = row.Text(14);
}

}  // namespace

struct Corpus::Impl {
  Impl(std::string path_in, sqlite::Database db_in)
      : path(std::move(path_in)), db(std::move(db_in)) {}

  std::string path;
  mutable sqlite::Database db;
  std::string digest;
  std::uint64_t run_count = 0, event_count = 0;
};

Corpus::Corpus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;
Corpus::~Corpus() = default;

std::expected<Corpus, CorpusError> Corpus::Open(const std::string& path) {
  auto db = sqlite::Database::Open(path, sqlite::Mode::kRead);
  if (!db) {
    return std::unexpected(
        CorpusError{CorpusErrorCode::kOpen, path + ": cannot be opened: " + db.error().message, 0});
  }
  auto impl = std::make_unique<Impl>(path, std::move(*db));
  const auto application = impl->db.Number("PRAGMA application_id");
  if (!application) return Fail(application.error(), path);
  if (*application != kApplicationId) {
    return std::unexpected(
        CorpusError{CorpusErrorCode::kNotACorpus,
                    path + ": is a database, but not a corpus that `writ corpus import` made", 0});
  }
  const auto version = impl->db.Number("PRAGMA user_version");
  if (!version || *version != kSchemaVersion) {
    return std::unexpected(
        CorpusError{CorpusErrorCode::kNotACorpus,
                    path + ": was made by another version of writ; import it again", 0});
  }
  // Every table and column is named once, so that a file with the right header and other tables is
  // refused here.
  const auto runs = impl->db.Number("SELECT count(*), max(run), max(cluster) FROM main.runs");
  const auto events = impl->db.Number("SELECT count(*) FROM main.events");
  const auto columns = impl->db.Number(std::string(kEventColumns) + "LIMIT 1");
  const auto facts =
      impl->db.Number("SELECT event, name, value, missing, known_at FROM main.facts LIMIT 1");
  const auto labels =
      impl->db.Number("SELECT event, run, name, value, origin FROM main.labels LIMIT 1");
  for (const auto* checked : {&runs, &events, &columns, &facts, &labels}) {
    if (!*checked) {
      return std::unexpected(FromSqlite(checked->error(), CorpusErrorCode::kNotACorpus, path));
    }
  }
  impl->run_count = static_cast<std::uint64_t>(*runs);
  impl->event_count = static_cast<std::uint64_t>(*events);
  Corpus corpus(std::move(impl));
  corpus.impl_->digest = corpus.Meta("digest");
  if (corpus.impl_->digest.size() != 64) {
    return std::unexpected(
        CorpusError{CorpusErrorCode::kNotACorpus, path + ": names no digest", 0});
  }
  return corpus;
}

const std::string& Corpus::digest() const { return impl_->digest; }
std::uint64_t Corpus::run_count() const { return impl_->run_count; }
std::uint64_t Corpus::event_count() const { return impl_->event_count; }

std::string Corpus::cluster(std::string_view run) const {
  auto row = impl_->db.Prepare("SELECT cluster FROM main.runs WHERE run = ?1");
  if (!row) return {};
  row->Bind(1, run);
  const auto found = row->Step();
  return found && *found ? std::string(row->Text(0)) : std::string();
}

std::string Corpus::Meta(std::string_view key) const {
  auto row = impl_->db.Prepare("SELECT value FROM main.meta WHERE key = ?1");
  if (!row) return {};
  row->Bind(1, key);
  const auto found = row->Step();
  return found && *found ? std::string(row->Text(0)) : std::string();
}

std::expected<void, CorpusError> Corpus::VerifyDigest() const {
  const auto digest = DigestRows(impl_->db);
  if (!digest) return std::unexpected(digest.error());
  if (*digest == impl_->digest) return {};
  return std::unexpected(CorpusError{CorpusErrorCode::kDigestMismatch,
                                     impl_->path + ": its rows give digest " + *digest +
                                         ", but it was imported as " + impl_->digest,
                                     0});
}

std::expected<void, CorpusError> Corpus::VerifyMapping(const std::string& path) const {
  const auto mapping = ReadMapping(path);
  if (!mapping) return std::unexpected(mapping.error());
  if (Sha256Hex(*mapping) == Meta("mapping_digest")) return {};
  return std::unexpected(
      CorpusError{CorpusErrorCode::kDigestMismatch,
                  impl_->path + ": was imported with another mapping than " + path + " is now", 0});
}

std::expected<void, CorpusError> Corpus::ForEachEvent(
    bool by_time, const std::function<bool(const CorpusEvent&)>& visit) const {
  auto events =
      impl_->db.Prepare(std::string(kEventColumns) +
                        (by_time ? "ORDER BY e.at, r.rowid, e.seq" : "ORDER BY r.rowid, e.seq"));
  if (!events) return Fail(events.error(), impl_->path);
  auto facts = impl_->db.Prepare(
      "SELECT name, value, missing, known_at FROM main.facts WHERE event = ?1 ORDER BY name");
  if (!facts) return Fail(facts.error(), impl_->path);
  CorpusEvent event;
  // The facts' views must outlive the step to the next fact: their bytes are gathered here, in one
  // block per event.
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> sizes;
  while (true) {
    const auto more = events->Step();
    if (!more) return Fail(more.error(), impl_->path);
    if (!*more) return {};
    ReadEvent(*events, event);
    event.facts.clear();
    bytes.clear();
    sizes.clear();
    facts->Bind(1, event.event);
    while (true) {
      const auto fact = facts->Step();
      if (!fact) return Fail(fact.error(), impl_->path);
      if (!*fact) break;
      const std::string_view name = facts->Text(0), value = facts->Text(1);
      bytes.append(name).append(value);
      sizes.emplace_back(name.size(), value.size());
      event.facts.push_back({{}, {}, facts->Int(2) != 0, OptionalInt(*facts, 3)});
    }
    facts->Reset();
    std::string_view rest = bytes;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      event.facts[i].name = rest.substr(0, sizes[i].first);
      event.facts[i].value = rest.substr(sizes[i].first, sizes[i].second);
      rest.remove_prefix(sizes[i].first + sizes[i].second);
    }
    if (!visit(event)) return {};
  }
}

std::expected<std::vector<CorpusLabel>, CorpusError> Corpus::Labels() const {
  auto rows = impl_->db.Prepare(
      "SELECT run, event, name, value, origin FROM main.labels ORDER BY run, event, name, value, "
      "origin");
  if (!rows) return Fail(rows.error(), impl_->path);
  std::vector<CorpusLabel> labels;
  while (true) {
    const auto more = rows->Step();
    if (!more) return Fail(more.error(), impl_->path);
    if (!*more) return labels;
    labels.push_back({std::string(rows->Text(0)), OptionalInt(*rows, 1), std::string(rows->Text(2)),
                      std::string(rows->Text(3)), std::string(rows->Text(4))});
  }
}

std::expected<std::vector<std::pair<std::string, std::string>>, CorpusError> Corpus::Clusters()
    const {
  auto rows = impl_->db.Prepare("SELECT run, cluster FROM main.runs ORDER BY run");
  if (!rows) return Fail(rows.error(), impl_->path);
  std::vector<std::pair<std::string, std::string>> clusters;
  while (true) {
    const auto more = rows->Step();
    if (!more) return Fail(more.error(), impl_->path);
    if (!*more) return clusters;
    clusters.emplace_back(std::string(rows->Text(0)), std::string(rows->Text(1)));
  }
}

std::expected<std::vector<std::vector<std::string>>, CorpusError> Corpus::Query(
    std::string_view sql) const {
  auto rows = impl_->db.Prepare(sql);
  if (!rows) return Fail(rows.error(), impl_->path);
  std::vector<std::vector<std::string>> result;
  while (true) {
    const auto more = rows->Step();
    if (!more) return Fail(more.error(), impl_->path);
    if (!*more) return result;
    std::vector<std::string>& row = result.emplace_back();
    for (int i = 0; i < rows->column_count(); ++i) row.emplace_back(rows->Text(i));
  }
}

}  // namespace writ::evals
