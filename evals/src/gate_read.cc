// Reading `gate.yaml`: every key is known or refused, with its line; all mistakes of a file in one
// go.
//
// Entry point: ReadGateFile. yaml-cpp keeps doubled keys silently, so each mapping is walked and
// checked before a value is taken from it. Exceptions of yaml-cpp end here.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

#include "gate_names.h"
#include "hex.h"
#include "writ/evals/gate.h"

namespace writ::evals {
namespace {

constexpr std::size_t kMaxFileBytes = 1u << 20;  // a gate file is read by people
constexpr std::size_t kMaxErrors = 100;

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string Suggest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t distance = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t d = EditDistance(word, candidate);
    if (d < distance) {
      distance = d;
      best = candidate;
    }
  }
  if (!best.empty()) return "did you mean `" + std::string(best) + "`?";
  std::string list;
  for (const std::string_view candidate : known)
    list += (list.empty() ? "`" : ", `") + std::string(candidate) + "`";
  return "known here: " + list;
}

class Reader {
 public:
  GateFile file;
  std::vector<GateFileError> errors;

  void ReadRoot(const YAML::Node& root);

 private:
  using Keys = std::vector<std::string_view>;

  void Error(const YAML::Node& node, std::string message, std::string hint = {}) {
    const YAML::Mark mark = node.Mark();
    if (errors.size() < kMaxErrors) {
      errors.push_back({static_cast<std::uint32_t>(std::max(mark.line, 0) + 1),
                        static_cast<std::uint32_t>(std::max(mark.column, 0) + 1),
                        std::move(message), std::move(hint)});
    }
  }
  bool CheckKeys(const YAML::Node& map, const std::string& what, const Keys& known);
  std::string Text(const YAML::Node& map, const char* key, bool required, const std::string& what);
  std::optional<double> ShareValue(const YAML::Node& map, const char* key);
  std::uint64_t Count(const YAML::Node& map, const char* key);
  bool Flag(const YAML::Node& map, const char* key);
  template <typename Enum>
  Enum Word(const YAML::Node& map, const char* key, const std::vector<NamedValue<Enum>>& words,
            Enum otherwise);

  void ReadCorpora(const YAML::Node& node);
  void ReadCorpusGates(const YAML::Node& corpora);
  void ReadGates(const YAML::Node& node);
  void ReadGate(const YAML::Node& node);
  void ReadForbid(const YAML::Node& node, GateSpec& gate);
  void ReadRate(const YAML::Node& node, GateSpec& gate);
  void ReadUnknown(const YAML::Node& node, GateSpec& gate);
  void ReadCoverage(const YAML::Node& node, GateSpec& gate);
  void ReadCommon(const YAML::Node& node, GateSpec& gate);
  void ReadLabel(const YAML::Node& node, GateSpec& gate);
  void ReadWaivers(const YAML::Node& node);
  Direction ReadDirection(const YAML::Node& node);
};

bool Reader::CheckKeys(const YAML::Node& map, const std::string& what, const Keys& known) {
  if (!map.IsMap()) {
    Error(map, what + " is not a list of `key: value` lines");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : map) {
    if (!entry.first.IsScalar()) {
      Error(entry.first, "a key of " + what + " is not a word");
      continue;
    }
    const std::string& key = entry.first.Scalar();
    if (!seen.insert(key).second) {
      Error(entry.first, "`" + key + "` is given twice in " + what, "keep one of the two");
    } else if (std::find(known.begin(), known.end(), key) == known.end()) {
      Error(entry.first, "`" + key + "` means nothing in " + what, Suggest(key, known));
    }
  }
  return true;
}

std::string Reader::Text(const YAML::Node& map, const char* key, bool required,
                         const std::string& what) {
  const YAML::Node node = map[key];
  if (!node || node.IsNull()) {
    if (required) Error(node ? node : map, what + " has no `" + key + "`");
    return {};
  }
  if (!node.IsScalar()) {
    Error(node, "`" + std::string(key) + "` is not a text");
    return {};
  }
  if (required && node.Scalar().empty()) Error(node, "`" + std::string(key) + "` is empty");
  return node.Scalar();
}

// "0.25" or "25%".
std::optional<double> Reader::ShareValue(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  if (!node) return std::nullopt;
  const std::string text = node.IsScalar() ? node.Scalar() : std::string();
  const bool percent = text.ends_with('%');
  const char* last = text.data() + text.size() - (percent ? 1 : 0);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), last, value);
  if (text.empty() || code != std::errc() || end != last) {
    Error(node, "`" + std::string(key) + "` is not a share",
          "write a number between 0 and 1, or a percentage: 2.5%");
    return std::nullopt;
  }
  if (percent) value /= 100.0;
  if (!(value >= 0.0 && value <= 1.0)) {
    Error(node, "`" + std::string(key) + "` is not between 0 and 1",
          percent ? "" : "for percent write the sign: " + text + "%");
    return std::nullopt;
  }
  return value;
}

std::uint64_t Reader::Count(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  if (!node) return 0;
  const std::string text = node.IsScalar() ? node.Scalar() : std::string();
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) {
    Error(node, "`" + std::string(key) + "` is not a whole number", "write digits only: 1000");
  }
  return value;
}

bool Reader::Flag(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  if (!node) return false;
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (!node.IsScalar() || node.Scalar() != "false")
    Error(node, "`" + std::string(key) + "` is `true` or `false`");
  return false;
}

template <typename Enum>
Enum Reader::Word(const YAML::Node& map, const char* key,
                  const std::vector<NamedValue<Enum>>& words, Enum otherwise) {
  const YAML::Node node = map[key];
  if (!node) return otherwise;
  std::vector<std::string_view> known;
  for (const auto& [name, value] : words) {
    if (node.IsScalar() && node.Scalar() == name) return value;
    known.push_back(name);
  }
  Error(node,
        "`" + (node.IsScalar() ? node.Scalar() : std::string("…")) + "` is not a value of `" + key +
            "`",
        Suggest(node.IsScalar() ? node.Scalar() : "", known));
  return otherwise;
}

void Reader::ReadCorpora(const YAML::Node& node) {
  if (!node) return;
  if (!node.IsSequence()) {
    Error(node, "`corpora` is not a list");
    return;
  }
  for (const YAML::Node& entry : node) {
    if (!CheckKeys(
            entry, "a corpus",
            {"path", "mapping", "gates", "minimum_runs", "minimum_clusters", "newest_within_days"}))
      continue;
    CorpusSpec corpus;
    corpus.path = Text(entry, "path", node.size() > 1, "one corpus of several");
    // Reports and `--corpus` go by the name of the file.
    const auto name = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
    for (const CorpusSpec& other : file.corpora) {
      if (!corpus.path.empty() && name(other.path) == name(corpus.path))
        Error(entry["path"], "two corpora are called `" + name(corpus.path) + "`");
    }
    corpus.mapping = Text(entry, "mapping", false, "a corpus");
    corpus.minimum_runs = Count(entry, "minimum_runs");
    corpus.minimum_clusters = Count(entry, "minimum_clusters");
    if (entry["newest_within_days"]) {
      corpus.newest_within_days = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(Count(entry, "newest_within_days"), 1'000'000));
    }
    file.corpora.push_back(std::move(corpus));
  }
}

// Which gates judge which corpus. Read last: the names are those of the gates.
void Reader::ReadCorpusGates(const YAML::Node& corpora) {
  if (!corpora || !corpora.IsSequence() || file.corpora.size() != corpora.size()) return;
  std::vector<std::string_view> names, judging;
  for (const GateSpec& spec : file.gates) names.push_back(spec.name);
  for (std::size_t i = 0; i < file.corpora.size(); ++i) {
    const YAML::Node list = corpora[i]["gates"];
    if (!list) judging = names;
    if (!list) continue;
    if (!list.IsSequence() || list.size() == 0) {
      Error(list, "`gates` of a corpus is not a list of names");
      continue;
    }
    for (const YAML::Node& entry : list) {
      const std::string name = entry.IsScalar() ? entry.Scalar() : std::string();
      const auto known = std::find(names.begin(), names.end(), name);
      if (known == names.end()) {
        Error(entry, "no gate is named `" + name + "`", Suggest(name, names));
        continue;
      }
      judging.push_back(*known);
      file.corpora[i].gates.push_back(name);
    }
  }
  if (!errors.empty() || file.corpora.empty()) return;
  for (const std::string_view name : names) {
    if (std::find(judging.begin(), judging.end(), name) == judging.end())
      Error(corpora, "gate `" + std::string(name) + "` judges no corpus",
            "add it to the `gates` of a corpus");
  }
}

Direction Reader::ReadDirection(const YAML::Node& node) {
  static const std::vector<NamedValue<Direction>> kWords = {{"loosened", Direction::kLoosened},
                                                            {"tightened", Direction::kTightened},
                                                            {"re-routed", Direction::kRerouted}};
  YAML::Node holder;
  holder["direction"] = node;
  return Word(holder, "direction", kWords, Direction::kLoosened);
}

void Reader::ReadForbid(const YAML::Node& node, GateSpec& gate) {
  CheckKeys(node, "a `forbid` gate",
            {"name", "kind", "reason", "tier", "region", "capability", "role", "direction", "max",
             "minimum_runs", "on_inconclusive", "dry_run"});
  const YAML::Node direction = node["direction"];
  if (!direction) {
    Error(node, "a `forbid` gate has no `direction`", "for example `direction: loosened`");
  } else if (direction.IsSequence()) {
    for (const YAML::Node& one : direction) gate.directions.push_back(ReadDirection(one));
    if (direction.size() == 0) Error(direction, "`direction` is empty");
  } else {
    gate.directions.push_back(ReadDirection(direction));
  }
  gate.max = static_cast<double>(Count(node, "max"));
}

void Reader::ReadLabel(const YAML::Node& node, GateSpec& gate) {
  if (!node["label"]) return;
  const std::string text = Text(node, "label", true, "a gate");
  const auto trim = [](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    return std::string(part);
  };
  LabelSelector label;
  const std::size_t equals = text.find('=');
  label.name = trim(std::string_view(text).substr(0, equals));
  if (equals != std::string::npos) label.value = trim(std::string_view(text).substr(equals + 1));
  if (label.name.empty())
    Error(node["label"], "`label` names no label",
          "write `label: incident` or `label: incident = true`");
  gate.label = std::move(label);
}

void Reader::ReadRate(const YAML::Node& node, GateSpec& gate) {
  static const std::vector<NamedValue<Unit>> kUnits = {{"event", Unit::kEvents},
                                                       {"run", Unit::kRuns}};
  static const std::vector<NamedValue<LaneId>> kLaneWords = {{"baseline", LaneId::kBaseline},
                                                             {"candidate", LaneId::kCandidate}};
  CheckKeys(node, "a `rate` gate",
            {"name", "kind", "reason", "tier", "region", "capability", "role", "of", "per", "lane",
             "label", "min", "max", "confidence", "minimum_runs", "on_inconclusive", "dry_run"});
  if (!node["of"]) Error(node, "a `rate` gate has no `of`", "for example `of: escalated`");
  gate.property = Word(node, "of", Properties(), Property::kStopped);
  if (node["per"]) gate.unit = Word(node, "per", kUnits, Unit::kEvents);
  gate.lane = Word(node, "lane", kLaneWords, LaneId::kCandidate);
  ReadLabel(node, gate);
  const bool joins = gate.property == Property::kCaught || gate.property == Property::kMissed ||
                     gate.property == Property::kFalseAlarm;
  if (joins && !gate.label) {
    Error(node, "`of: " + std::string(NameOf(Properties(), gate.property)) + "` needs a `label`",
          "for example `label: incident`");
  }
  gate.min = ShareValue(node, "min");
  gate.max = ShareValue(node, "max");
  if (!node["min"] && !node["max"]) Error(node, "a `rate` gate has neither `min` nor `max`");
  if (const auto confidence = ShareValue(node, "confidence")) {
    gate.confidence = *confidence;
    if (*confidence <= 0.5 || *confidence >= 1.0) {
      Error(node["confidence"], "`confidence` is not above 0.5 and below 1", "0.95 is usual");
      gate.confidence = 0.95;
    }
  }
}

void Reader::ReadUnknown(const YAML::Node& node, GateSpec& gate) {
  CheckKeys(node, "an `unknown` gate",
            {"name", "kind", "reason", "tier", "region", "capability", "role", "fact", "max",
             "minimum_runs", "on_inconclusive", "dry_run"});
  gate.fact = Text(node, "fact", false, "a gate");
  gate.max = ShareValue(node, "max");
  if (!node["max"]) Error(node, "an `unknown` gate has no `max`", "for example `max: 2%`");
}

void Reader::ReadCoverage(const YAML::Node& node, GateSpec& gate) {
  static const std::vector<NamedValue<CoverageOf>> kWords = {{"clauses", CoverageOf::kClauses},
                                                             {"regions", CoverageOf::kRegions}};
  CheckKeys(node, "a `coverage` gate",
            {"name", "kind", "reason", "tier", "of", "min", "minimum_runs", "on_inconclusive",
             "dry_run"});
  if (!node["of"]) Error(node, "a `coverage` gate has no `of`", "`clauses` or `regions`");
  gate.coverage = Word(node, "of", kWords, CoverageOf::kClauses);
  gate.min = ShareValue(node, "min");
  if (!node["min"]) Error(node, "a `coverage` gate has no `min`", "for example `min: 80%`");
}

void Reader::ReadCommon(const YAML::Node& node, GateSpec& gate) {
  static const std::vector<NamedValue<Outcome>> kInconclusive = {
      {"inconclusive", Outcome::kInconclusive}, {"block", Outcome::kBlock}};
  gate.name = Text(node, "name", true, "a gate");
  gate.reason = Text(node, "reason", false, "a gate");
  gate.region = Text(node, "region", false, "a gate");
  gate.capability = Text(node, "capability", false, "a gate");
  gate.role = Text(node, "role", false, "a gate");
  if (!node["tier"])
    Error(node, "gate `" + gate.name + "` has no `tier`", "`critical`, `supporting` or `advisory`");
  gate.tier = Word(node, "tier", Tiers(), Tier::kCritical);
  gate.minimum_runs = Count(node, "minimum_runs");
  gate.on_inconclusive = Word(node, "on_inconclusive", kInconclusive, Outcome::kInconclusive);
  gate.dry_run = Flag(node, "dry_run");
  gate.line = static_cast<std::uint32_t>(node.Mark().line + 1);
}

void Reader::ReadGate(const YAML::Node& node) {
  if (!node.IsMap()) {
    Error(node, "a gate is not a list of `key: value` lines");
    return;
  }
  GateSpec gate;
  const std::string kind = Text(node, "kind", true, "a gate");
  const auto& later = GateKindsNotYet();
  if (std::find(later.begin(), later.end(), kind) != later.end()) {
    Error(node["kind"], "gates of kind `" + kind + "` are not yet supported");
    return;
  }
  if (kind.empty()) return;
  const std::size_t before = errors.size();
  gate.kind = Word(node, "kind", GateKinds(), GateKind::kForbid);
  if (errors.size() != before) return;
  switch (gate.kind) {
    case GateKind::kForbid:
      ReadForbid(node, gate);
      break;
    case GateKind::kRate:
      ReadRate(node, gate);
      break;
    case GateKind::kUnknown:
      ReadUnknown(node, gate);
      break;
    case GateKind::kCoverage:
      ReadCoverage(node, gate);
      break;
  }
  ReadCommon(node, gate);
  const bool taken = std::any_of(file.gates.begin(), file.gates.end(),
                                 [&](const GateSpec& other) { return other.name == gate.name; });
  if (taken && !gate.name.empty()) Error(node["name"], "two gates are named `" + gate.name + "`");
  file.gates.push_back(std::move(gate));
}

void Reader::ReadGates(const YAML::Node& node) {
  if (!node || !node.IsSequence() || node.size() == 0) return;
  for (const YAML::Node& entry : node) ReadGate(entry);
}

void Reader::ReadWaivers(const YAML::Node& node) {
  if (!node) return;
  if (!node.IsSequence()) {
    Error(node, "`waivers` is not a list");
    return;
  }
  for (const YAML::Node& entry : node) {
    if (!CheckKeys(entry, "a waiver", {"gate", "owner", "reason", "expires"})) continue;
    Waiver waiver{.gate = Text(entry, "gate", true, "a waiver"),
                  .owner = Text(entry, "owner", true, "a waiver"),
                  .reason = Text(entry, "reason", true, "a waiver"),
                  .expires = Text(entry, "expires", true, "a waiver"),
                  .line = static_cast<std::uint32_t>(entry.Mark().line + 1)};
    if (!waiver.expires.empty() && !IsDate(waiver.expires)) {
      Error(entry["expires"], "`expires` is not a date", "write 2026-12-31");
    }
    const auto gate = std::find_if(file.gates.begin(), file.gates.end(),
                                   [&](const GateSpec& spec) { return spec.name == waiver.gate; });
    if (gate == file.gates.end()) {
      std::vector<std::string_view> names;
      for (const GateSpec& spec : file.gates) names.push_back(spec.name);
      if (!waiver.gate.empty())
        Error(entry["gate"], "no gate is named `" + waiver.gate + "`", Suggest(waiver.gate, names));
    } else if (gate->tier != Tier::kSupporting) {
      Error(
          entry["gate"],
          "`" + waiver.gate + "` is " + std::string(TierName(gate->tier)) + " and can't be waived",
          "only supporting gates can be");
    }
    file.waivers.push_back(std::move(waiver));
  }
}

void Reader::ReadRoot(const YAML::Node& root) {
  static const std::vector<NamedValue<Horizon>> kHorizons = {{"event", Horizon::kEvent},
                                                             {"run", Horizon::kRun}};
  if (!CheckKeys(
          root, "a gate file",
          {"gate", "title", "horizon", "baseline", "candidate", "corpora", "gates", "waivers"})) {
    return;
  }
  file.name = Text(root, "gate", true, "a gate file");
  file.title = Text(root, "title", false, "a gate file");
  file.baseline = Text(root, "baseline", false, "a gate file");
  file.candidate = Text(root, "candidate", false, "a gate file");
  file.horizon = Word(root, "horizon", kHorizons, Horizon::kRun);
  ReadCorpora(root["corpora"]);
  const YAML::Node gates = root["gates"];
  if (!gates || !gates.IsSequence() || gates.size() == 0) {
    Error(gates ? gates : root, "a gate file without `gates` judges nothing");
  }
  ReadGates(gates);
  ReadCorpusGates(root["corpora"]);
  ReadWaivers(root["waivers"]);
}

}  // namespace

std::expected<GateFile, std::vector<GateFileError>> ReadGateFile(std::string_view yaml,
                                                                 std::string_view path) {
  if (yaml.size() > kMaxFileBytes) {
    return std::unexpected(
        std::vector<GateFileError>{{1, 1, "the gate file is larger than 1 MiB", ""}});
  }
  Reader reader;
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
    if (documents.size() != 1 || documents[0].IsNull()) {
      return std::unexpected(std::vector<GateFileError>{
          {1, 1,
           documents.size() > 1 ? "the gate file holds more than one document"
                                : "the gate file is empty",
           ""}});
    }
    reader.ReadRoot(documents[0]);
  } catch (const YAML::Exception& error) {
    reader.errors.push_back({static_cast<std::uint32_t>(std::max(error.mark.line, 0) + 1),
                             static_cast<std::uint32_t>(std::max(error.mark.column, 0) + 1),
                             "not YAML: " + error.msg, ""});
  }
  if (!reader.errors.empty()) {
    std::stable_sort(
        reader.errors.begin(), reader.errors.end(),
        [](const GateFileError& a, const GateFileError& b) { return a.line < b.line; });
    return std::unexpected(std::move(reader.errors));
  }
  reader.file.path = path;
  reader.file.digest = Sha256Hex(yaml);
  return std::move(reader.file);
}

std::string GateFileError::Text(std::string_view path) const {
  std::string text = std::string(path) + ":" + std::to_string(line) + ":" + std::to_string(column) +
                     ": " + message;
  if (!hint.empty()) text += "\n  hint: " + hint;
  return text;
}

}  // namespace writ::evals
