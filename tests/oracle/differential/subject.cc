// Source texts to table, requests to runtime values, runtime decisions to the oracle's words. Value
// texts are read here a second time, by the table's own word on types, so that a slip in the
// oracle's reading shows.
#include "subject.h"

#include <algorithm>
#include <cstring>

#include "writ/compiler/check.h"
#include "writ/compiler/compile.h"
#include "writ/compiler/lower.h"
#include "writ/compiler/narrowing.h"
#include "writ/compiler/succession.h"
#include "writ/lang/dump.h"
#include "writ/lang/house.h"
#include "writ/lang/parse.h"
#include "writ/oracle/calendar.h"
#include "writ/table/write.h"

namespace writ::oracle {

using runtime::FactId;
using RuntimeValue = runtime::Value;
using runtime::ValueKind;
using runtime::ValueType;

namespace {

// Without the proofs: they ask for policies that make sense.
std::optional<table::Model> LowerVersions(const std::vector<const lang::Policy*>& policies,
                                          const lang::SourceSet& sources,
                                          lang::DiagnosticSink& sink) {
  const std::optional<compiler::Program> program = compiler::Check(policies, sources, sink);
  std::optional<table::Model> model = program ? compiler::Lower(*program, sink) : std::nullopt;
  if (!model || !program->earlier) return model;
  const auto before = LowerVersions(compiler::HouseBefore(*policies.front()), sources, sink);
  return before ? compiler::AddEarlierCases(*program, *model, *before, sink) : std::nullopt;
}

// From a model to an open table.
SubjectResult Write(std::unique_ptr<Subject> subject, const table::Model& model) {
  SubjectResult result;
  result.parsed = true;
  auto bytes = table::WriteTable(model);
  if (!bytes) {
    result.why = "the writer: " + bytes.error().what;
    return result;
  }
  subject->bytes = std::move(*bytes);
  const runtime::OpenError error =
      runtime::Table::Open(subject->bytes.data(), subject->bytes.size(), &subject->table);
  if (error.code != runtime::OpenCode::kOk) {
    result.why =
        "the reader refuses what the writer wrote, at byte " + std::to_string(error.offset);
    return result;
  }
  result.subject = std::move(subject);
  return result;
}

// From trees to an open table.
SubjectResult Finish(const std::vector<lang::Ast>& trees, const lang::SourceSet& sources,
                     lang::DiagnosticSink& sink) {
  auto subject = std::make_unique<Subject>();
  std::vector<const lang::Policy*> policies;
  for (const lang::Ast& tree : trees) {
    subject->dumps.push_back(lang::DumpJson(tree));
    policies.push_back(&tree.policies.at(0));
  }
  const std::optional<table::Model> model = LowerVersions(policies, sources, sink);
  if (model) return Write(std::move(subject), *model);
  SubjectResult result;
  result.parsed = true;
  result.why = lang::RenderText(sink, sources);
  return result;
}

// Empty if one of the texts does not parse.
std::vector<lang::Ast> ParseAll(const std::vector<std::string>& texts, lang::SourceSet& sources,
                                lang::DiagnosticSink& sink) {
  std::vector<lang::Ast> trees;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const lang::FileId file = sources.AddText("file" + std::to_string(i) + ".writ", texts[i]);
    if (std::optional<lang::Ast> tree = lang::Parse(sources, file, sink))
      trees.push_back(std::move(*tree));
  }
  if (trees.size() != texts.size() || sink.HasErrors()) trees.clear();
  return trees;
}

SubjectResult NotParsed(const lang::DiagnosticSink& sink, const lang::SourceSet& sources) {
  SubjectResult result;
  result.why = lang::RenderText(sink, sources);
  return result;
}

}  // namespace

DumpResult MakeDumps(const std::vector<std::string>& texts) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  DumpResult result;
  for (const lang::Ast& tree : ParseAll(texts, sources, sink))
    result.dumps.push_back(lang::DumpJson(tree));
  result.why = lang::RenderText(sink, sources);
  return result;
}

SubjectResult MakeSubject(const std::vector<std::string>& texts) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const std::vector<lang::Ast> trees = ParseAll(texts, sources, sink);
  return trees.empty() ? NotParsed(sink, sources) : Finish(trees, sources, sink);
}

std::set<std::string> ErrorsOf(const std::vector<std::string>& texts) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const std::vector<lang::Ast> trees = ParseAll(texts, sources, sink);
  std::vector<const lang::Policy*> policies;
  for (const lang::Ast& tree : trees) policies.push_back(&tree.policies.at(0));
  compiler::CompileOptions options;
  options.max_steps = 2'000'000;  // a proof that takes more is `unproved`
  if (!policies.empty()) (void)compiler::Compile(policies, sources, sink, options);
  std::set<std::string> codes;
  for (const lang::Diagnostic& diagnostic : sink.Sorted()) {
    const lang::DiagnosticInfo& info = lang::Info(diagnostic.kind);
    if (info.severity == lang::Severity::kError) codes.emplace(info.code);
  }
  return codes;
}

SubjectResult MakeSubjectOfFile(const std::string& path) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  lang::LoadResult loaded = lang::LoadHouse(sources, path, {}, sink);
  if (!loaded.house || sink.HasErrors()) return NotParsed(sink, sources);
  std::vector<lang::Ast> trees;
  for (lang::HousePolicy& policy : loaded.house->policies) {
    trees.emplace_back();
    trees.back().policies.push_back(std::move(policy.policy));
  }
  return Finish(trees, sources, sink);
}

NarrowingResult MakeNarrowing(const std::string& path) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  NarrowingResult result;
  const lang::LoadResult loaded = lang::LoadHouse(sources, path, {}, sink);
  std::vector<const lang::Policy*> narrow;
  if (loaded.house && !sink.HasErrors()) {
    for (const lang::HousePolicy& policy : loaded.house->policies) narrow.push_back(&policy.policy);
  }
  const auto make = [&](const std::vector<const lang::Policy*>& house,
                        std::unique_ptr<Subject>& subject) {
    const std::optional<table::Model> model =
        house.empty() ? std::nullopt : LowerVersions(house, sources, sink);
    if (!model) return model;
    auto written = std::make_unique<Subject>();
    for (const lang::Policy* policy : house)
      written->dumps.push_back(lang::DumpJson(lang::Ast{.file = 0, .policies = {*policy}}));
    subject = Write(std::move(written), *model).subject;
    return model;
  };
  const auto narrower = make(narrow, result.narrower);
  const auto base =
      narrower ? make(compiler::HouseNarrowed(*narrow.front()), result.base) : std::nullopt;
  if (base) {
    result.within =
        compiler::ProveNarrowing(*narrow.front(), *base, *narrower, 500'000, sink).has_value();
  } else {
    result.narrower.reset();
  }
  for (const lang::Diagnostic& diagnostic : sink.Sorted())
    result.codes.emplace(lang::Info(diagnostic.kind).code);
  result.why = lang::RenderText(sink, sources);
  return result;
}

namespace {

RuntimeValue Malformed() {
  RuntimeValue value;
  value.kind = ValueKind::kMalformed;
  return value;
}

RuntimeValue NumberValue(std::int64_t number) {
  RuntimeValue value;
  value.kind = ValueKind::kNumber;
  value.number = number;
  return value;
}

// "12.3 EUR" in units of the last place; more decimals than there are places make it malformed.
RuntimeValue QuantityValue(const runtime::FactView& fact, const std::string& text) {
  const std::size_t space = text.find(' ');
  const std::string unit = space == std::string::npos ? "" : text.substr(space + 1);
  const std::string digits = text.substr(0, space);
  const std::size_t point = digits.find('.');
  const std::size_t places = point == std::string::npos ? 0 : digits.size() - point - 1;
  if (fact.type == ValueType::kDuration) {
    const auto unit_ms = UnitMilliseconds(unit);
    return unit_ms && places == 0 ? NumberValue(std::stoll(digits) * *unit_ms) : Malformed();
  }
  if (places > fact.scale || unit != fact.unit) return Malformed();
  std::string units = digits;
  std::erase(units, '.');
  units.append(fact.scale - places, '0');
  return NumberValue(std::stoll(units));
}

bool LooksLikeNumber(const std::string& text) {
  return !text.empty() &&
         (std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text[0] == '-');
}

std::int64_t EnumIndex(const runtime::Table& table, FactId id, const std::string& name) {
  const std::uint32_t value = table.FindFactValue(id, name);
  return value == runtime::kNotFound ? -1 : static_cast<std::int64_t>(value);
}

std::vector<std::string> Members(const std::string& set) {
  std::vector<std::string> members;
  std::string member;
  for (const char c : set) {
    if (c == '{' || c == '}' || c == ',' || c == ' ') {
      if (!member.empty()) members.push_back(member);
      member.clear();
    } else if (c != '"') {
      member += c;
    }
  }
  return members;
}

}  // namespace

RuntimeRequest::RuntimeRequest(const runtime::Table& table, const Request& request) {
  values_.resize(table.fact_count());
  texts_.reserve(4 * table.fact_count() + 64);
  sets_.reserve(table.fact_count());
  for (const auto& [name, given] : request.facts) {
    const FactId fact = table.FindFact(name);
    if (fact.valid()) Set(table, fact, given);
  }
  request_.capability = table.FindCapability(request.capability);
  request_.role = table.FindRole(request.role);
  request_.now_ms = request.now_ms;
  request_.values = values_.data();
  request_.as_in_force = request.as_in_force;
}

void RuntimeRequest::Set(const runtime::Table& table, FactId id, const Given& given) {
  const runtime::FactView fact = table.Fact(id);
  RuntimeValue& value = values_[id.value];
  const std::string& text = given.text;
  value = Malformed();
  if (given.malformed) return;
  switch (fact.type) {
    case ValueType::kBool:
      if (text == "true" || text == "false") value = NumberValue(text == "true" ? 1 : 0);
      return;
    case ValueType::kEnum:
      value = NumberValue(EnumIndex(table, id, text));
      return;
    case ValueType::kRole: {
      const runtime::RoleId role = table.FindRole(text);
      if (role.valid()) value = NumberValue(role.value);
      return;
    }
    case ValueType::kTime: {
      const auto ms = ParseInstant(text);
      if (ms) value = NumberValue(*ms);
      return;
    }
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
      if (LooksLikeNumber(text)) value = QuantityValue(fact, text);
      return;
    case ValueType::kId:
    case ValueType::kText:
      if (text.size() < 2 || text.front() != '"') return;
      texts_.push_back(text.substr(1, text.size() - 2));
      value.kind = ValueKind::kText;
      value.text = texts_.back().data();
      value.size = static_cast<std::uint32_t>(texts_.back().size());
      return;
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      break;
  }
  if (text.empty() || text.front() != '{') return;
  std::vector<std::string_view> set;
  std::int64_t bits = 0;
  for (const std::string& member : Members(text)) {
    texts_.push_back(member);
    set.push_back(texts_.back());
    const std::int64_t index = fact.type == ValueType::kEnumSet ? EnumIndex(table, id, member) : 0;
    if (index < 0) return;
    bits |= std::int64_t{1} << index;
  }
  if (fact.type == ValueType::kEnumSet) {
    value = NumberValue(bits);
    return;
  }
  sets_.push_back(std::move(set));
  value.kind = ValueKind::kTextSet;
  value.texts = sets_.back().data();
  value.size = static_cast<std::uint32_t>(sets_.back().size());
}

OwnedSession::OwnedSession(const runtime::Table& table) {
  const std::size_t size = runtime::Session::BytesFor(table, 1024);
  memory_.resize(size / 8 + 1);
  session_ = runtime::Session::Create(table, memory_.data(), memory_.size() * 8);
}

namespace {

std::string VerdictWord(runtime::Verdict verdict) {
  switch (verdict) {
    case runtime::Verdict::kAllow:
      return "allow";
    case runtime::Verdict::kEscalate:
      return "escalate";
    case runtime::Verdict::kDeny:
      break;
  }
  return "deny";
}

std::string BuiltinWord(runtime::BuiltinRow row) {
  switch (row) {
    case runtime::BuiltinRow::kNone:
      return "";
    case runtime::BuiltinRow::kUnknownCapability:
      return "unknown_capability";
    case runtime::BuiltinRow::kMalformed:
      return "malformed";
    case runtime::BuiltinRow::kMissingInput:
      return "missing_input";
    case runtime::BuiltinRow::kUndecided:
      break;
  }
  return "undecided";
}

std::string TriggerWord(runtime::Trigger trigger) {
  static const char* const kWords[] = {"", "threshold", "ambiguity", "novelty", "conflict"};
  return kWords[static_cast<std::size_t>(trigger)];
}

void AddColumn(const runtime::Table& table, const runtime::ColumnView& column, Answer& answer) {
  switch (column.kind) {
    case runtime::ColumnKind::kRegion:
      answer.regions.emplace(table.Region(column.name));
      return;
    case runtime::ColumnKind::kInvariant:  // some no author wrote: the compiler's own questions
      if (!table.Invariant(column.name).starts_with('~'))
        answer.invariants.emplace(table.Invariant(column.name));
      return;
    case runtime::ColumnKind::kDecision:
    case runtime::ColumnKind::kNote:
    case runtime::ColumnKind::kNotify:
      answer.holds.emplace(table.Clause(column.clause).name);
  }
}

}  // namespace

Answer Ask(const Subject& subject, const runtime::Request& request,
           const runtime::Session* session) {
  const runtime::Table& table = subject.table;
  const bool known = request.capability.valid();
  std::vector<std::uint64_t> bits(known ? table.Matrix(request.capability).word_count() : 1, 0);
  const runtime::Decision decision =
      runtime::Match(table, session, request, bits.data(), bits.size());
  const runtime::Decision again = runtime::Decide(table, session, request);
  Answer answer;
  answer.verdict = VerdictWord(decision.verdict);
  answer.builtin = BuiltinWord(decision.builtin);
  if (decision.column != again.column || decision.builtin != again.builtin)
    answer.builtin += " (Match and Decide differ)";
  if (decision.fact.valid()) answer.fact = table.Fact(decision.fact).name;
  if (decision.anchor.valid() && answer.verdict != "deny")
    answer.anchor = table.Anchor(decision.anchor).name;
  if (decision.authority.valid()) answer.under = table.Authority(decision.authority).name;
  if (decision.clause.valid()) {
    const runtime::ClauseView clause = table.Clause(decision.clause);
    answer.clause = clause.name;
    answer.reason = clause.reason;
    answer.trigger = TriggerWord(clause.trigger);
  }
  if (!known) return answer;
  const runtime::MatrixView matrix = table.Matrix(request.capability);
  for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
    if (((bits[c / 64] >> (c % 64)) & 1) != 0) AddColumn(table, matrix.Column(c), answer);
  }
  return answer;
}

}  // namespace writ::oracle
