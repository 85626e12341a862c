// What a handbook is read from. Entry point: HandbookSource::Load.
#include "handbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "handbook_source.h"
#include "writ/analysis/witness.h"

namespace writ::cli {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

std::int64_t FloorDays(std::int64_t ms) {
  return ms >= 0 ? ms / kMsPerDay : -((-ms + kMsPerDay - 1) / kMsPerDay);
}

// The day on which a policy says that it takes effect, and how far its clocks are ahead of UTC
// then.
std::optional<std::pair<std::int64_t, std::int64_t>> EffectOf(const lang::Policy& policy,
                                                              std::int64_t effective_ms) {
  constexpr std::int64_t kFurthestMs = 15 * 3'600'000;  // of any clock from UTC
  if (!policy.effective) return std::nullopt;
  const auto day = DayOf(policy.effective->text);
  if (!day) return std::nullopt;
  const std::int64_t ahead = *day * kMsPerDay - effective_ms;
  if (ahead < -kFurthestMs || ahead > kFurthestMs) return std::nullopt;
  return std::pair(*day, ahead);
}

// In days, as far as a length can be said in days.
std::int64_t DaysOf(const lang::Literal& literal) {
  std::int64_t count = 0;
  std::from_chars(literal.text.data(), literal.text.data() + literal.text.size(), count);
  const char unit = literal.unit.empty() ? ' ' : literal.unit.front();
  if (literal.unit.starts_with("month")) return count * 30;
  return unit == 'w' ? count * 7 : unit == 'y' ? count * 365 : unit == 'd' ? count : 0;
}

}  // namespace

std::string DayText(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<std::int64_t> DayOf(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto read = [&](std::size_t at, std::size_t size, auto& into) {
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + size, into);
    return error == std::errc() && end == text.data() + at + size;
  };
  if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::expected<std::unique_ptr<HandbookSource>, Exit> HandbookSource::Load(const Context& context,
                                                                          const std::string& path) {
  auto source = std::make_unique<HandbookSource>();
  source->policy = CompilePolicy(path, {});
  if (!source->policy.compiled) return std::unexpected(ReportDiagnostics(context, source->policy));
  lang::DiagnosticSink sink;
  lang::LoadResult loaded = LoadHouse(path, {}, source->sources, sink);
  const auto& bytes = source->policy.compiled->bytes;
  const bool opened = runtime::Table::Open(bytes.data(), bytes.size(), &source->table).code ==
                      runtime::OpenCode::kOk;
  if (!loaded.house || !opened) {
    return std::unexpected(context.Fail(Exit::kFiles, "the policy could not be read again",
                                        "check that nothing rewrites it meanwhile"));
  }
  source->house = *std::move(loaded.house);
  source->document = DescribeTable(source->table, {});
  std::vector<const lang::Policy*> policies;
  for (const lang::HousePolicy& member : source->house.policies) policies.push_back(&member.policy);
  source->larger = compiler::DescribeLargerWords(policies, source->sources);
  for (const lang::HousePolicy& member : source->house.policies) {
    if (source->first_day || !source->table.has_effective()) continue;
    const auto effect = EffectOf(member.policy, source->table.effective_ms());
    if (!effect) continue;
    source->first_day = effect->first;
    source->ahead_ms_ = effect->second;
  }
  source->CollectMandates();
  source->CollectReach();
  return source;
}

std::string HandbookSource::Words(const lang::Span& span) const {
  std::string words;
  bool space = false;
  for (const char c : sources.Text(span)) {
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space && space && !words.empty()) words += ' ';
    if (!is_space) words += c;
    space = is_space;
  }
  return words;
}

std::string HandbookSource::Amount(const lang::Literal& literal) const {
  if (literal.kind != lang::LiteralKind::kWord) return Words(literal.span);
  for (std::uint32_t i = 0; i < table.threshold_count(); ++i) {
    const runtime::ThresholdView threshold = table.Threshold(i);
    if (threshold.name == literal.text)
      return literal.text + " (" + std::string(threshold.value) + ")";
  }
  return literal.text;
}

std::string HandbookSource::WordsWithout(const lang::Span& span,
                                         const std::optional<lang::Text>& reason) const {
  std::string words = Words(span);
  const std::string quoted = reason ? Words(reason->span) : std::string();
  const std::size_t at = words.rfind(quoted);
  if (!quoted.empty() && at != std::string::npos) words.erase(at, quoted.size());
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

// Clocks that are changed between two days move a first instant by an hour or so, never by half a
// day.
std::int64_t HandbookSource::DayThatBegins(std::int64_t ms) const {
  return FloorDays(ms + ahead_ms_ + kMsPerDay / 2);
}

void HandbookSource::CollectMandates() {
  const compiler::Program& program = policy.compiled->program;
  const auto names = [&](const std::vector<runtime::CapabilityId>& ids) {
    std::vector<std::string> all;
    for (const runtime::CapabilityId id : ids) all.push_back(CapabilityName(id.value));
    return all;
  };
  for (const compiler::Authority& authority : program.authorities) {
    const runtime::AuthorityView view = table.Authority(authority.id);
    Mandate mandate;
    mandate.authority = authority.id.value;
    mandate.grant = authority.is_grant;
    mandate.name = view.name;
    if (view.from.valid()) mandate.from = RoleName(view.from.value);
    if (authority.anchor.valid()) mandate.anchor = table.Anchor(authority.anchor).name;
    for (const runtime::RoleId role : authority.to) mandate.to.push_back(RoleName(role.value));
    mandate.may = names(authority.may);
    mandate.freely = names(authority.freely);
    mandate.propose = names(authority.propose);
    mandate.abstain = names(authority.abstain);
    if (authority.expires_ms) mandate.last_day = DayThatBegins(*authority.expires_ms) - 1;
    for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
      const runtime::StatementView said = table.Statement(i);
      if (said.of != runtime::StatementOf::kAuthority || said.index != mandate.authority) continue;
      if (said.word == runtime::StatementWord::kOwner) mandate.owner = said.text;
      if (said.word == runtime::StatementWord::kPurpose) mandate.purpose = said.text;
      if (said.word == runtime::StatementWord::kControls) mandate.controls.emplace_back(said.text);
    }
    Each<lang::Delegation>([&](const lang::Delegation& tree) {
      if (authority.is_grant || tree.name.text != mandate.name) return;
      if (tree.title) mandate.title = tree.title->text;
      if (tree.review_every) {
        mandate.review = Words(tree.review_every->span);
        mandate.review_days = DaysOf(*tree.review_every);
      }
    });
    mandate.place = fmt::format("line {}", policy.sources.LineColumn(authority.span).line);
    mandates.push_back(std::move(mandate));
  }
}

void HandbookSource::CollectReach() {
  analysis::Budget budget;
  reach.resize(table.capability_count());
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    if (table.Capability({c}).kind == runtime::CapabilityKind::kEvent) continue;
    for (std::uint32_t role = 0; role < table.role_count(); ++role) {
      analysis::Restriction where;
      where.roles = {runtime::RoleId{role}};
      reach[c].push_back(analysis::FindReach(table, {c}, where, budget));
      whole = whole && reach[c].back().open.empty();
    }
  }
}

Line Said(std::string text) { return {Piece{std::move(text), Look::kPlain, {}, {}}}; }
Piece Strong(std::string text) { return {std::move(text), Look::kStrong, {}, {}}; }
Piece Soft(std::string text) { return {std::move(text), Look::kSoft, {}, {}}; }
Piece CodePiece(std::string text, std::string to) {
  return {std::move(text), Look::kCode, std::move(to), {}};
}
Piece Badge(std::string text, std::string style) {
  return {std::move(text), Look::kBadge, {}, std::move(style)};
}

Line Names(const std::vector<std::string>& names) {
  Line line;
  for (const std::string& name : names) {
    if (!line.empty()) line.push_back({", ", Look::kPlain, {}, {}});
    line.push_back(CodePiece(name));
  }
  return line;
}

Line CapabilityLinks(const HandbookSource& source, const std::vector<std::string>& names) {
  Line line = Names(names);
  for (Piece& piece : line) {
    // A group has no table of its own.
    if (piece.look == Look::kCode && source.table.FindCapability(piece.text).valid())
      piece.to = piece.text;
  }
  return line;
}

std::string CountOf(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

bool MentionsWord(std::string_view words, std::string_view name) {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  for (std::size_t at = words.find(name); at != std::string_view::npos && !name.empty();
       at = words.find(name, at + 1)) {
    const bool begins = at == 0 || !part(words[at - 1]);
    const bool ends = at + name.size() >= words.size() || !part(words[at + name.size()]);
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace writ::cli
