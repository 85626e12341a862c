// From a model to `.wtb` bytes. Each section grows in its own buffer, records in model order, the
// shared ones (lists, names, cuts, bits) in the order in which the reader walks over them, so that
// the reader can insist on it: nothing overlaps and nothing is left over. Then the sections are
// joined, the digest is sealed, and the result opened once, so that what leaves here is a table.
// Entry point: `WriteTable`.
#include "writ/table/write.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <string_view>
#include <type_traits>

#include "format.h"
#include "matrix_writer.h"
#include "model_check.h"
#include "view.h"
#include "writ/runtime/sha256.h"

namespace writ::table {
namespace {

using format::kNone;
using format::Range;
using format::Section;

class Writer {
 public:
  explicit Writer(const Model& model) : m_(model) {}
  std::vector<unsigned char> Run();
  bool string_too_long() const { return string_too_long_; }

 private:
  template <typename T>
  void Append(Section section, const T& record) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto* bytes = reinterpret_cast<const unsigned char*>(&record);
    sections_[section].insert(sections_[section].end(), bytes, bytes + sizeof record);
  }
  std::uint32_t CountOf(Section section) const {
    return static_cast<std::uint32_t>(sections_[section].size() / format::kRecordSize[section]);
  }
  format::StringAt String(std::string_view text);     // shared with equal ones
  format::StringAt NewString(std::string_view text);  // at the end of all so far
  Range Names(const std::vector<std::string>& names);
  template <typename Id>
  Range List(const std::vector<Id>& ids);
  template <typename T>
  Range ByName(const std::vector<T>& records);

  void WritePolicy();
  void WriteFacts();
  void WriteRoles();
  void WriteAnchors();
  void WriteCapabilities();
  void WriteDerivations();
  void WriteStatements();
  void WriteFormerNames();
  void WriteMeasures();
  void WriteProvenance();
  void WriteAtomMaps();
  void WritePatterns();
  void WriteMatrix(CapabilityId capability, const Matrix& matrix);
  void WriteCode(const Matrix& matrix, const ReadPlan& plan);
  void WriteColumns(const Matrix& matrix);
  Range WriteValues(const Dimension& dimension, const std::vector<std::int64_t>& cuts);
  void WriteDimensions(const Matrix& matrix, const ReadPlan& plan, const MatrixRows& rows,
                       format::MatrixRecord& r);
  std::vector<unsigned char> Join() const;

  const Model& m_;
  std::vector<unsigned char> sections_[format::kSectionCount];
  std::map<std::string, format::StringAt, std::less<>> strings_;
  std::vector<std::string> files_;  // of clauses, ascending
  std::vector<Range> map_values_;   // per atom map
  bool string_too_long_ = false;
};

std::uint16_t To16(std::uint32_t id) {
  return id == kNone ? format::kNone16 : static_cast<std::uint16_t>(id);
}

format::StringAt Writer::String(std::string_view text) {
  if (const auto found = strings_.find(text); found != strings_.end()) return found->second;
  const format::StringAt at = NewString(text);
  strings_.emplace(text, at);
  return at;
}

format::StringAt Writer::NewString(std::string_view text) {
  if (text.size() > format::kMaxStringBytes) {
    string_too_long_ = true;
    text = {};
  }
  std::vector<unsigned char>& bytes = sections_[format::kStrings];
  const auto at = static_cast<format::StringAt>(bytes.size());
  std::size_t rest = text.size();
  for (; rest > 0x7F; rest >>= 7) bytes.push_back(static_cast<unsigned char>(rest | 0x80));
  bytes.push_back(static_cast<unsigned char>(rest));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return at;
}

Range Writer::Names(const std::vector<std::string>& names) {
  const Range range = {CountOf(format::kNames), static_cast<std::uint32_t>(names.size())};
  for (const std::string& name : names) Append(format::kNames, String(name));
  return range;
}

template <typename Id>
Range Writer::List(const std::vector<Id>& ids) {
  const Range range = {CountOf(format::kLists), static_cast<std::uint32_t>(ids.size())};
  for (const Id& id : ids) {
    if constexpr (std::is_integral_v<Id>) {
      Append(format::kLists, id);
    } else {
      Append(format::kLists, id.value);
    }
  }
  return range;
}

template <typename T>
Range Writer::ByName(const std::vector<T>& records) {
  std::vector<std::uint32_t> ids(records.size());
  std::iota(ids.begin(), ids.end(), 0u);
  std::sort(ids.begin(), ids.end(),
            [&](std::uint32_t a, std::uint32_t b) { return records[a].name < records[b].name; });
  return List(ids);
}

void Writer::WritePolicy() {
  format::PolicyRecord r = {};
  r.policy = String(m_.policy);
  r.version = String(m_.version);
  r.title = String(m_.title);
  r.zone = String(m_.zone);
  r.effective_ms = m_.effective_ms;
  r.has_effective = m_.has_effective;
  r.regions = Names(m_.regions);
  r.invariants = Names(m_.invariants);
  for (const Clause& c : m_.clauses) files_.push_back(c.file);
  std::sort(files_.begin(), files_.end());
  files_.erase(std::unique(files_.begin(), files_.end()), files_.end());
  r.files = Names(files_);
  r.facts_by_name = ByName(m_.facts);
  r.roles_by_name = ByName(m_.roles);
  r.anchors_by_name = ByName(m_.anchors);
  r.capabilities_by_name = ByName(m_.capabilities);
  Append(format::kPolicy, r);
}

void Writer::WriteFacts() {
  for (const Fact& f : m_.facts) {
    format::FactRecord r = {};
    r.name = String(f.name);
    r.unit = String(f.unit);
    r.substitute_text = String(f.substitute_text);
    r.type = static_cast<std::uint8_t>(f.type);
    r.source = static_cast<std::uint8_t>(f.source);
    r.scale = f.scale;
    r.flags = static_cast<std::uint8_t>((f.ordered ? format::kFactOrdered : 0) |
                                        (f.utf8 ? format::kFactUtf8 : 0) |
                                        (f.for_critics ? format::kFactForCritics : 0));
    r.low = f.low;
    r.high = f.high;
    r.substitute = f.substitute;
    r.evidence = f.evidence.value;
    r.meter = f.meter.value;
    r.values = Names(f.values);
    r.missing = static_cast<std::uint32_t>(f.missing);
    Append(format::kFacts, r);
    Append(format::kChecks, runtime::CheckFor(f.type, r.values.count, f.low, f.high));
  }
}

void Writer::WriteRoles() {
  for (const Role& role : m_.roles) {
    const format::RoleRecord r = {String(role.name), String(role.identity),
                                  static_cast<std::uint32_t>(role.kind), role.reports_to.value};
    Append(format::kRoles, r);
  }
}

void Writer::WriteAnchors() {
  for (const Anchor& a : m_.anchors) {
    format::AnchorRecord r = {};
    r.name = String(a.name);
    r.title = String(a.title);
    r.channel = String(a.channel);
    r.asks_first = String(a.asks_first);
    r.within_ms = a.within_ms;
    r.held_by = a.held_by.value;
    r.silence_anchor = a.silence_anchor.value;
    r.next_deputy = a.next_deputy;
    r.silence = static_cast<std::uint8_t>(a.silence);
    r.also_held_by = List(a.also_held_by);
    r.deputies = List(a.deputies);
    r.below = List(a.below);
    r.absorbs = Names(a.absorbs);
    Append(format::kAnchors, r);
  }
}

void Writer::WriteCapabilities() {
  for (const Capability& c : m_.capabilities) {
    format::CapabilityRecord r = {};
    r.name = String(c.name);
    r.title = String(c.title);
    r.system = String(c.system);
    r.kind = static_cast<std::uint8_t>(c.kind);
    r.risk = static_cast<std::uint8_t>(c.risk);
    r.irreversible = c.irreversible;
    r.inputs = List(c.inputs);
    r.optional_inputs = List(c.optional_inputs);
    Append(format::kCapabilities, r);
  }
}

void Writer::WriteDerivations() {
  for (const Derivation& d : m_.derivations) {
    Append(format::kDerivations,
           format::DerivationRecord{d.capability.value, d.fact.value,
                                    static_cast<std::uint32_t>(d.fold), String(d.path)});
  }
}

void Writer::WriteStatements() {
  for (const Statement& s : m_.statements) {
    Append(format::kStatements,
           format::StatementRecord{static_cast<std::uint32_t>(s.of), s.index,
                                   static_cast<std::uint32_t>(s.word), String(s.text)});
  }
}

void Writer::WriteFormerNames() {
  for (const FormerName& f : m_.former_names) {
    Append(format::kFormerNames, format::FormerNameRecord{static_cast<std::uint32_t>(f.of),
                                                          f.fact.value, String(f.name), f.index});
  }
}

void Writer::WriteMeasures() {
  for (const Evidence& e : m_.evidence) {
    format::EvidenceRecord r = {};
    r.within_ms = e.within_ms;
    r.within_months = e.within_months;
    r.name = String(e.name);
    r.at = e.at.value;
    r.by = List(e.by);
    r.about_given = List(e.about_given);
    r.about_wanted = List(e.about_wanted);
    Append(format::kEvidence, r);
  }
  for (const Meter& m : m_.meters) {
    format::MeterRecord r = {};
    r.window_ms = m.window_ms;
    r.window_months = m.window_months;
    r.name = String(m.name);
    r.fold = static_cast<std::uint32_t>(m.fold);
    r.including_this = m.including_this;
    r.value = m.value.value;
    r.fact = m.fact.value;
    r.targets = List(m.targets);
    r.keys = List(m.keys);
    r.since = List(m.since);
    Append(format::kMeters, r);
  }
  for (const ZoneChange& c : m_.zone_changes)
    Append(format::kZone, format::ZoneChangeRecord{c.from_ms, c.offset_ms});
  for (const Relation& r : m_.relations) {
    Append(format::kRelations,
           format::RelationRecord{
               r.invariant, static_cast<std::uint32_t>(r.kind), r.capability[0].value,
               r.capability[1].value, static_cast<std::uint32_t>(r.verdict[0]),
               static_cast<std::uint32_t>(r.verdict[1]), r.fact.value, r.falling ? 1u : 0u});
  }
}

void Writer::WriteProvenance() {
  for (const Threshold& t : m_.thresholds) {
    Append(format::kThresholds,
           format::ThresholdRecord{String(t.name), String(t.value), String(t.reason)});
  }
  for (const Authority& a : m_.authorities) {
    Append(format::kAuthorities,
           format::AuthorityRecord{String(a.name), static_cast<std::uint32_t>(a.kind),
                                   a.anchor.value, a.from.value});
  }
  for (const Clause& c : m_.clauses) {
    format::ClauseRecord r = {};
    r.name = NewString(c.name);
    NewString(c.words);
    r.reason = String(c.reason);
    r.file = static_cast<std::uint16_t>(std::lower_bound(files_.begin(), files_.end(), c.file) -
                                        files_.begin());
    r.line_and_trigger = c.line * 8 + static_cast<std::uint32_t>(c.trigger);
    r.authority = To16(c.authority.value);
    Append(format::kClauses, r);
  }
}

void Writer::WriteAtomMaps() {
  for (const AtomMap& map : m_.atom_maps) {
    Range values = {0, map.size};
    if (map.kind == AtomMapKind::kStrings) values = Names(map.strings);
    if (map.kind == AtomMapKind::kCuts) {
      values = {CountOf(format::kCuts), static_cast<std::uint32_t>(map.cuts.size())};
      for (const std::int64_t cut : map.cuts) Append(format::kCuts, cut);
    }
    map_values_.push_back(values);
    Append(format::kAtomMaps, format::AtomMapRecord{static_cast<std::uint32_t>(map.kind), values});
  }
}

void Writer::WritePatterns() {
  for (const Pattern& p : m_.patterns) {
    const Range automaton = {CountOf(format::kAutomata),
                             static_cast<std::uint32_t>(p.class_of.size() + p.next.size())};
    for (const std::uint16_t c : p.class_of) Append(format::kAutomata, c);
    for (const std::uint16_t state : p.next) Append(format::kAutomata, state);
    Append(format::kPatterns, format::PatternRecord{String(p.text), p.start, p.accepting, p.states,
                                                    p.classes, automaton});
  }
}

void Writer::WriteCode(const Matrix& matrix, const ReadPlan& plan) {
  for (const Instruction& i : matrix.code) {
    format::InstructionRecord r = {};
    r.op = static_cast<std::uint8_t>(i.op);
    r.flags = static_cast<std::uint8_t>((i.has_substitute_a ? format::kHasSubstituteA : 0) |
                                        (i.has_substitute_b ? format::kHasSubstituteB : 0));
    r.a = i.a;
    r.b = i.b;
    r.read_a = OperandAIsFact(i.op) ? ReadOf(plan, {i.a}) : kNone;
    r.read_b = OperandBIsFact(i.op) ? ReadOf(plan, {i.b}) : kNone;
    r.text = String(i.text);
    r.substitute_a = String(i.substitute_a);
    r.substitute_b = String(i.substitute_b);
    r.immediate = i.immediate;
    Append(format::kInstructions, r);
  }
}

void Writer::WriteColumns(const Matrix& matrix) {
  for (const Column& c : matrix.columns) {
    format::ColumnRecord r = {};
    r.kind_and_verdict = static_cast<std::uint8_t>(static_cast<unsigned>(c.kind) * 4 +
                                                   static_cast<unsigned>(c.verdict));
    r.flags = c.flags;
    r.anchor = To16(c.anchor.value);
    r.authority = To16(c.authority.value);
    r.clause = c.clause.value;
    r.name = static_cast<std::uint16_t>(c.name);
    Append(format::kColumns, r);
  }
}

// What tells the rows of a dimension apart: its own cuts, or what its atom map says.
Range Writer::WriteValues(const Dimension& dimension, const std::vector<std::int64_t>& cuts) {
  if (m_.atom_maps[dimension.atoms.value].kind != AtomMapKind::kCuts)
    return map_values_[dimension.atoms.value];
  const Range values = {CountOf(format::kCuts), static_cast<std::uint32_t>(cuts.size())};
  for (const std::int64_t cut : cuts) Append(format::kCuts, cut);
  return values;
}

void Writer::WriteDimensions(const Matrix& matrix, const ReadPlan& plan, const MatrixRows& rows,
                             format::MatrixRecord& r) {
  const std::uint32_t first_row = r.masks + 3 * r.word_count;
  r.dimensions = {CountOf(format::kDimensions),
                  static_cast<std::uint32_t>(matrix.dimensions.size())};
  std::vector<Range> values;
  for (std::uint32_t d = 0; d < matrix.dimensions.size(); ++d) {
    const Dimension& dimension = matrix.dimensions[d];
    values.push_back(WriteValues(dimension, rows.cuts[d]));
    Append(format::kDimensions,
           format::DimensionRecord{dimension.index, dimension.atoms.value,
                                   first_row + rows.first_row[d] * r.word_count, values[d],
                                   To16(plan.dimension_read[d]),
                                   static_cast<std::uint8_t>(dimension.kind), 0});
  }
  r.reads = {CountOf(format::kReads), static_cast<std::uint32_t>(plan.reads.size())};
  for (format::ReadRecord read : plan.reads) {
    if (read.dimension != kNone) {
      read.map = values[read.dimension];
      read.rows = first_row + read.rows * r.word_count;
    }
    Append(format::kReads, read);
  }
}

void Writer::WriteMatrix(CapabilityId capability, const Matrix& matrix) {
  const MatrixRows rows = BuildRows(m_, matrix);
  const ReadPlan plan = PlanReads(m_, capability, matrix, rows);
  format::MatrixRecord r = {};
  const auto columns = static_cast<std::uint32_t>(matrix.columns.size());
  std::vector<std::uint32_t> signature;
  for (const SignatureFact& s : matrix.signature) {
    signature.push_back(s.fact.value * 2 + (s.required ? 1 : 0));
  }
  r.signature = List(signature);
  r.evidence = List(plan.evidence);
  r.meters = List(plan.meters);
  r.word_count = format::WordCount(columns);
  std::vector<unsigned char>& bits = sections_[format::kBits];
  if (r.word_count >= 8) bits.resize(format::Align(bits.size(), format::kSectionAlignment));
  r.masks = CountOf(format::kBits);
  r.direct_count = plan.direct_count;
  r.cuts_count = plan.cuts_count;
  r.cut_steps = plan.cut_steps;
  r.row_count = rows.row_count;
  WriteDimensions(matrix, plan, rows, r);
  r.code = {CountOf(format::kInstructions), static_cast<std::uint32_t>(matrix.code.size())};
  WriteCode(matrix, plan);
  r.columns = {CountOf(format::kColumns), columns};
  for (const Column& c : matrix.columns) {
    if (c.kind != ColumnKind::kDecision) break;
    ++r.decision_count;
    if ((c.flags & runtime::kColumnAllowWhen) != 0) r.flags |= format::kHasAllowWhen;
    if ((c.flags & runtime::kColumnOtherwise) != 0) r.flags |= format::kHasOtherwise;
    if ((c.flags & runtime::kColumnEffective) != 0) r.flags |= format::kHasEffective;
  }
  if (plan.plain) r.flags |= format::kPlain;
  WriteColumns(matrix);
  for (const std::uint64_t word : rows.bits) Append(format::kBits, word);
  Append(format::kMatrices, r);
}

std::vector<unsigned char> Writer::Join() const {
  format::Header header = {};
  header.magic = format::kMagic;
  header.version = format::kVersion;
  header.section_count = format::kSectionCount;
  std::uint64_t end = format::Align(sizeof header, format::kSectionAlignment);
  for (std::uint32_t s = 0; s < format::kSectionCount; ++s) {
    header.sections[s] = {s, CountOf(static_cast<Section>(s)), end};
    end = format::Align(end + sections_[s].size(), format::kSectionAlignment);
  }
  header.size_bytes = end;
  std::vector<unsigned char> bytes(end);
  std::memcpy(bytes.data(), &header, sizeof header);
  for (std::uint32_t s = 0; s < format::kSectionCount; ++s) {
    std::copy(sections_[s].begin(), sections_[s].end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(header.sections[s].offset));
  }
  return bytes;
}

std::vector<unsigned char> Writer::Run() {
  String("");  // at offset 0
  WritePolicy();
  WriteFacts();
  WriteRoles();
  WriteAnchors();
  WriteCapabilities();
  WriteDerivations();
  WriteStatements();
  WriteFormerNames();
  WriteMeasures();
  WriteProvenance();
  WriteAtomMaps();
  WritePatterns();
  for (std::uint32_t i = 0; i < m_.matrices.size(); ++i) WriteMatrix({i}, m_.matrices[i]);
  return Join();
}

// Bytes that the bits of all matrices take at most: known before any is built, so that a table that
// is too large is never built.
std::uint64_t BitBytes(const Model& model) {
  std::uint64_t bytes = 0;
  for (const Matrix& matrix : model.matrices) {
    std::uint64_t rows = 3;
    for (const Dimension& d : matrix.dimensions)
      rows += model.atom_maps[d.atoms.value].atom_count();
    bytes += rows * format::WordCount(static_cast<std::uint32_t>(matrix.columns.size())) * 8;
  }
  return bytes;
}

}  // namespace

void SealTable(std::vector<unsigned char>& bytes) {
  if (bytes.size() < format::kAfterSignature) return;
  runtime::Sha256 hash;
  hash.Update(bytes.data(), format::kDigestOffset);
  hash.Update(bytes.data() + format::kAfterSignature, bytes.size() - format::kAfterSignature);
  hash.Finish(bytes.data() + format::kDigestOffset);
}

std::expected<std::vector<unsigned char>, WriteError> WriteTable(const Model& model,
                                                                 const WriteOptions& options) {
  auto written = WriteAndOpen(model, options);
  if (!written) return std::unexpected(std::move(written.error()));
  return std::move(written->bytes);
}

std::expected<WrittenTable, WriteError> WriteAndOpen(const Model& model,
                                                     const WriteOptions& options) {
  if (std::optional<std::string> fault = FindFault(model))
    return std::unexpected(WriteError{*std::move(fault)});
  const std::size_t limit = std::min<std::uint64_t>(options.max_bytes, format::kMaxTableBytes);
  const auto too_large = [&] {
    return std::unexpected(
        WriteError{"the table would be larger than " + std::to_string(limit) + " bytes"});
  };
  if (BitBytes(model) > limit) return too_large();
  Writer writer(model);
  WrittenTable written{writer.Run(), {}};
  if (writer.string_too_long()) return std::unexpected(WriteError{"a text is longer than 2 MiB"});
  if (written.bytes.size() > limit) return too_large();
  SealTable(written.bytes);
  if (const runtime::OpenError e =
          runtime::Table::Open(written.bytes.data(), written.bytes.size(), &written.table);
      e.code != runtime::OpenCode::kOk) {
    return std::unexpected(WriteError{"the table is inconsistent: the reader refuses it at byte " +
                                      std::to_string(e.offset) + " with code " +
                                      std::to_string(static_cast<int>(e.code))});
  }
  return written;
}

}  // namespace writ::table
