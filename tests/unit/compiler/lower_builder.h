// Programs made by hand, and requests to the tables that they become. For tests of what comes after
// Check.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "writ/compiler/lower.h"
#include "writ/compiler/program.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"
#include "writ/table/write.h"

namespace writ::compiler::testing {

using lang::ClauseKind;

constexpr std::int64_t kYear1 = -62'135'596'800'000, kYear9999 = 253'402'300'799'999;

class Builder {
 public:
  Builder() {
    p.vocabulary.policy = "test", p.vocabulary.version = "1.0.0", p.vocabulary.zone = "UTC";
    now = Number("now", ValueType::kTime, kYear1, kYear9999, Source::kBuiltin);
    role = Add({.name = "role", .type = ValueType::kRole, .source = Source::kBuiltin});
    agent = Role("agent", RoleKind::kAgent);
    lead = Role("lead", RoleKind::kHuman);
  }

  // ---- vocabulary
  FactId Add(table::Fact fact) {
    p.vocabulary.facts.push_back(std::move(fact));
    p.fact_spans.emplace_back();
    return FactId{static_cast<std::uint32_t>(p.vocabulary.facts.size() - 1)};
  }
  FactId Number(std::string name, ValueType type, std::int64_t low, std::int64_t high,
                Source source = Source::kHost) {
    return Add({.name = std::move(name), .type = type, .source = source, .low = low, .high = high});
  }
  FactId Integer(std::string name, std::int64_t low, std::int64_t high,
                 MissingWord word = MissingWord::kDeny, std::int64_t value = 0) {
    return Add({.name = std::move(name),
                .type = ValueType::kInteger,
                .source = Source::kHost,
                .low = low,
                .high = high,
                .missing = word,
                .substitute = value});
  }
  FactId Bool(std::string name, MissingWord word = MissingWord::kDeny, std::int64_t value = 0) {
    return Add({.name = std::move(name),
                .type = ValueType::kBool,
                .source = Source::kHost,
                .low = 0,
                .high = 1,
                .missing = word,
                .substitute = value});
  }
  FactId Enum(std::string name, std::vector<std::string> values,
              MissingWord word = MissingWord::kDeny, std::int64_t value = 0) {
    const auto high = static_cast<std::int64_t>(values.size()) - 1;
    return Add({.name = std::move(name),
                .type = ValueType::kEnum,
                .source = Source::kHost,
                .ordered = true,
                .high = high,
                .values = std::move(values),
                .missing = word,
                .substitute = value});
  }
  FactId Id(std::string name, MissingWord word = MissingWord::kDeny, std::string text = {}) {
    return Add({.name = std::move(name),
                .type = ValueType::kId,
                .source = Source::kHost,
                .missing = word,
                .substitute_text = std::move(text)});
  }
  RoleId Role(std::string name, RoleKind kind, RoleId reports_to = {}) {
    p.vocabulary.roles.push_back({std::move(name), kind, {}, reports_to});
    p.role_spans.emplace_back();
    return RoleId{static_cast<std::uint32_t>(p.vocabulary.roles.size() - 1)};
  }
  AnchorId Anchor(std::string name, std::vector<AnchorId> below = {}) {
    table::Anchor anchor;
    anchor.name = std::move(name), anchor.held_by = lead, anchor.below = std::move(below);
    p.vocabulary.anchors.push_back(std::move(anchor));
    p.anchor_spans.emplace_back();
    return AnchorId{static_cast<std::uint32_t>(p.vocabulary.anchors.size() - 1)};
  }
  CapabilityId Capability(std::string name, std::vector<FactId> inputs = {},
                          std::vector<FactId> optional = {},
                          CapabilityKind kind = CapabilityKind::kAct) {
    table::Capability c;
    c.name = std::move(name), c.kind = kind, c.inputs = std::move(inputs),
    c.optional_inputs = std::move(optional);
    for (const FactId f : c.inputs) p.vocabulary.facts[f.value].source = Source::kInput;
    for (const FactId f : c.optional_inputs) p.vocabulary.facts[f.value].source = Source::kInput;
    p.vocabulary.capabilities.push_back(std::move(c));
    p.capability_spans.emplace_back();
    return CapabilityId{static_cast<std::uint32_t>(p.vocabulary.capabilities.size() - 1)};
  }

  // ---- conditions
  ExprId Make(Node node) {
    p.nodes.push_back(std::move(node));
    return ExprId{static_cast<std::uint32_t>(p.nodes.size() - 1)};
  }
  ExprId Make(NodeKind kind, std::vector<ExprId> operands) {
    Node node;
    node.kind = kind, node.operands = std::move(operands);
    return Make(std::move(node));
  }
  ExprId F(FactId fact) {
    Node node;
    node.kind = NodeKind::kFact, node.fact = fact;
    node.low = p.vocabulary.facts[fact.value].low, node.high = p.vocabulary.facts[fact.value].high;
    return Make(std::move(node));
  }
  ExprId N(std::int64_t number) {
    Node node;
    node.kind = NodeKind::kNumber, node.number = node.low = node.high = number;
    return Make(std::move(node));
  }
  ExprId B(bool value) {
    Node node;
    node.kind = NodeKind::kBool, node.number = value ? 1 : 0;
    return Make(std::move(node));
  }
  ExprId T(std::string text) {
    Node node;
    node.kind = NodeKind::kText, node.texts = {std::move(text)};
    return Make(std::move(node));
  }
  ExprId And(ExprId a, ExprId b) { return Make(NodeKind::kAnd, {a, b}); }
  ExprId Or(ExprId a, ExprId b) { return Make(NodeKind::kOr, {a, b}); }
  ExprId Not(ExprId a) { return Make(NodeKind::kNot, {a}); }
  ExprId Eq(ExprId a, ExprId b) { return Make(NodeKind::kEqual, {a, b}); }
  ExprId Lt(ExprId a, ExprId b) { return Make(NodeKind::kLess, {a, b}); }
  ExprId Le(ExprId a, ExprId b) { return Make(NodeKind::kLessEqual, {a, b}); }
  ExprId Gt(FactId f, std::int64_t n) { return Not(Le(F(f), N(n))); }
  ExprId Ge(FactId f, std::int64_t n) { return Not(Lt(F(f), N(n))); }
  ExprId AtMost(FactId f, std::int64_t n) { return Le(F(f), N(n)); }
  ExprId Missing(FactId f) {
    Node node;
    node.kind = NodeKind::kIsMissing, node.fact = f;
    return Make(std::move(node));
  }
  ExprId Arithmetic(NodeKind kind, ExprId a, ExprId b, std::int64_t low, std::int64_t high) {
    Node node;
    node.kind = kind, node.operands = {a, b}, node.low = low, node.high = high;
    return Make(std::move(node));
  }
  ExprId Let(std::string name, ExprId value) {
    p.lets.push_back({std::move(name), value, {}});
    Node node;
    node.kind = NodeKind::kLet, node.let = LetId{static_cast<std::uint32_t>(p.lets.size() - 1)};
    node.low = p.node(value).low, node.high = p.node(value).high;
    return Make(std::move(node));
  }

  // ---- clauses
  AuthorityId NewAuthority(std::string name, AuthorityKind kind, AnchorId anchor) {
    p.vocabulary.authorities.push_back({std::move(name), kind, anchor, lead});
    return AuthorityId{static_cast<std::uint32_t>(p.vocabulary.authorities.size() - 1)};
  }
  // REQUIRES: all delegations and grants are made before pointers to them are used.
  std::size_t Delegation(std::string name, std::vector<RoleId> to, std::vector<CapabilityId> may,
                         AnchorId anchor, std::vector<CapabilityId> freely = {}) {
    Authority authority;
    authority.id = NewAuthority(std::move(name), AuthorityKind::kDelegation, anchor);
    authority.to = std::move(to), authority.may = std::move(may),
    authority.freely = std::move(freely), authority.anchor = anchor;
    p.authorities.push_back(std::move(authority));
    return p.authorities.size() - 1;
  }
  Clause NewClause(AuthorityId owner, ClauseKind kind, ExprId condition,
                   std::vector<CapabilityId> capabilities) {
    Clause clause;
    clause.kind = kind, clause.condition = condition, clause.capabilities = std::move(capabilities);
    static const std::map<ClauseKind, std::string> kWords = {
        {ClauseKind::kRequire, "require"},     {ClauseKind::kRequireEvidence, "evidence"},
        {ClauseKind::kDeny, "deny"},           {ClauseKind::kLimit, "limit"},
        {ClauseKind::kEscalate, "escalate"},   {ClauseKind::kAllow, "allow"},
        {ClauseKind::kOtherwise, "otherwise"}, {ClauseKind::kNote, "note"},
        {ClauseKind::kNotify, "notify"}};
    const std::string stem =
        p.vocabulary.authorities[owner.value].name + "/*/" + kWords.at(kind) + ".";
    table::Clause named;
    named.name = stem + std::to_string(++numbers_[stem]);
    named.line = static_cast<std::uint32_t>(p.vocabulary.clauses.size()) + 1;
    named.authority = owner;
    named.file = "test.writ";
    p.vocabulary.clauses.push_back(std::move(named));
    clause.id = ClauseId{static_cast<std::uint32_t>(p.vocabulary.clauses.size() - 1)};
    return clause;
  }
  Clause& Say(std::size_t delegation, ClauseKind kind, ExprId condition = {},
              std::vector<CapabilityId> capabilities = {}) {
    Authority& authority = p.authorities[delegation];
    if (capabilities.empty()) capabilities = authority.may;
    authority.clauses.push_back(NewClause(authority.id, kind, condition, std::move(capabilities)));
    return authority.clauses.back();
  }
  Clause& SayInGuard(std::string guard, ClauseKind kind, ExprId condition,
                     std::vector<CapabilityId> capabilities) {
    Guard g;
    g.id = NewAuthority(std::move(guard), AuthorityKind::kGuard, {});
    g.clauses.push_back(NewClause(g.id, kind, condition, std::move(capabilities)));
    p.guards.push_back(std::move(g));
    return p.guards.back().clauses.back();
  }
  void Region(std::string name, ExprId condition) {
    p.vocabulary.regions.push_back(name);
    std::ranges::sort(p.vocabulary.regions);
    p.regions.push_back({std::move(name), condition, {}});
    std::ranges::sort(p.regions, {}, &compiler::Region::name);
  }
  void Never(std::string name, Verdict verdict, std::vector<CapabilityId> capabilities,
             ExprId condition) {
    p.vocabulary.invariants.push_back(name);
    std::ranges::sort(p.vocabulary.invariants);
    Invariant& invariant = p.invariants.emplace_back();
    invariant.name = std::move(name);
    invariant.verdict = verdict;
    invariant.capabilities = std::move(capabilities);
    invariant.condition = condition;
  }

  Program p;
  FactId now, role;
  RoleId agent, lead;

 private:
  std::map<std::string, int> numbers_;
};

// A value in a test's request: absent from the list is missing.
struct Given {
  FactId fact;
  std::int64_t number = 0;
  std::optional<std::string> text;
};

// The table of a program, opened from its bytes.
class Bench {
 public:
  explicit Bench(const Program& program, const LowerOptions& options = {}) {
    lang::DiagnosticSink sink;
    std::optional<table::Model> lowered = Lower(program, sink, options);
    if (!lowered) return;
    model = std::move(*lowered);
    auto written = table::WriteTable(model);
    EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().what);
    if (!written) return;
    bytes = std::move(*written);
    const runtime::OpenError error = runtime::Table::Open(bytes.data(), bytes.size(), &table);
    EXPECT_EQ(error.code, runtime::OpenCode::kOk) << "at " << error.offset;
    ok = error.code == runtime::OpenCode::kOk;
  }
  // "deny a/*/deny.1", "escalate to board a/*/limit.1", "allow ~default_allow", "deny malformed",
  // ...; of unknown rows with " (unknown)".
  std::string Decide(CapabilityId capability, RoleId role, const std::vector<Given>& given,
                     std::int64_t now_ms = 1'000'000, bool in_force = false) {
    std::vector<runtime::Value> values(model.facts.size());
    for (const Given& g : given) {
      runtime::Value& v = values[g.fact.value];
      if (g.text) {
        v.kind = runtime::ValueKind::kText, v.text = g.text->data(),
        v.size = static_cast<std::uint32_t>(g.text->size());
      } else {
        v.kind = runtime::ValueKind::kNumber, v.number = g.number;
      }
    }
    runtime::Request request;
    request.capability = capability, request.role = role, request.now_ms = now_ms,
    request.values = values.data(), request.as_in_force = in_force;
    decision = runtime::Decide(table, nullptr, request);
    bits.assign(capability.valid() ? table.Matrix(capability).word_count() : 1, 0);
    const runtime::Decision matched =
        runtime::Match(table, nullptr, request, bits.data(), bits.size());
    EXPECT_EQ(matched.column, decision.column);
    return Words(capability);
  }
  // The annotation columns that held, by clause, region or invariant name.
  std::vector<std::string> Reported(CapabilityId capability) const {
    std::vector<std::string> names;
    const runtime::MatrixView matrix = table.Matrix(capability);
    for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c) {
      if (((bits[c / 64] >> (c % 64)) & 1u) == 0) continue;
      const runtime::ColumnView column = matrix.Column(c);
      if (column.kind == ColumnKind::kRegion) names.emplace_back(table.Region(column.name));
      if (column.kind == ColumnKind::kInvariant) names.emplace_back(table.Invariant(column.name));
      if (column.kind == ColumnKind::kNote || column.kind == ColumnKind::kNotify)
        names.push_back(std::string(table.Clause(column.clause).name) +
                        ((column.flags & kColumnUnknown) != 0 ? " (unknown)" : ""));
    }
    return names;
  }
  const table::Matrix& matrix(CapabilityId c) const { return model.matrices[c.value]; }

  table::Model model;
  std::vector<unsigned char> bytes;
  runtime::Table table;
  bool ok = false;
  runtime::Decision decision;
  std::vector<std::uint64_t> bits;

 private:
  std::string Words(CapabilityId capability) const {
    switch (decision.builtin) {
      case runtime::BuiltinRow::kNone:
        break;
      case runtime::BuiltinRow::kUnknownCapability:
        return "deny unknown capability";
      case runtime::BuiltinRow::kMalformed:
        return "deny malformed " + model.facts[decision.fact.value].name;
      case runtime::BuiltinRow::kMissingInput:
        return "deny missing input " + model.facts[decision.fact.value].name;
      case runtime::BuiltinRow::kUndecided:
        return "deny undecided";
    }
    std::string words = decision.verdict == Verdict::kAllow  ? "allow "
                        : decision.verdict == Verdict::kDeny ? "deny "
                                                             : "escalate to ";
    if (decision.verdict == Verdict::kEscalate)
      words += model.anchors[decision.anchor.value].name + " ";
    words += model.clauses[decision.clause.value].name;
    if ((table.Matrix(capability).Column(decision.column).flags & kColumnUnknown) != 0)
      words += " (unknown)";
    return words;
  }
};

}  // namespace writ::compiler::testing
