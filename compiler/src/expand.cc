// The pass over all larger words, and the small trees that they are said in.
#include "expand.h"

#include <utility>
#include <variant>

namespace writ::compiler::check {

using lang::Expr;
using lang::ExprKind;

ExpandedBlock& ExpandedWord::Block(std::string_view block, std::string_view kind) {
  for (ExpandedBlock& one : blocks) {
    if (one.name == block && one.kind == kind) return one;
  }
  ExpandedBlock& added = blocks.emplace_back();
  added.name = block;
  added.kind = kind;
  return added;
}

namespace {

HouseIndex IndexOf(const House& house) {
  HouseIndex index;
  for (const lang::Policy* policy : house.policies) {
    for (const lang::Declaration& declaration : policy->declarations) {
      if (const auto* threshold = std::get_if<lang::Threshold>(&declaration))
        index.thresholds.emplace(threshold->name.text, threshold);
      if (const auto* role = std::get_if<lang::Role>(&declaration))
        index.roles.emplace(role->name.text, role);
      if (const auto* anchor = std::get_if<lang::Anchor>(&declaration))
        index.anchors.emplace(anchor->name.text, anchor);
    }
  }
  return index;
}

}  // namespace

Expansion ExpandWords(const House& house, Reporter& reporter) {
  Expansion expansion;
  const HouseIndex index = IndexOf(house);
  // What is used comes first, as in CollectNames.
  const auto each = [&](auto visit) {
    for (std::uint32_t i = static_cast<std::uint32_t>(house.policies.size()); i-- > 0;) {
      const ExpandContext context{index, i, expansion, reporter};
      for (const lang::Declaration& declaration : house.policies[i]->declarations)
        visit(declaration, context);
    }
  };
  each([](const lang::Declaration& declaration, const ExpandContext& context) {
    if (const auto* separate = std::get_if<lang::Separate>(&declaration))
      Expand(*separate, context);
    if (const auto* sequence = std::get_if<lang::Sequence>(&declaration))
      Expand(*sequence, context);
    if (const auto* approvals = std::get_if<lang::Approvals>(&declaration))
      Expand(*approvals, context);
  });
  each([](const lang::Declaration& declaration, const ExpandContext& context) {
    if (const auto* delegation = std::get_if<lang::Delegation>(&declaration))
      ImplyAnchors(*delegation, context);
  });
  return expansion;
}

// ------------------------------------------------------------------------------------- counters

std::string NameOf(const Counter& counter) {
  std::string name = "done(" + counter.target.text + ")";
  if (counter.since) name += " since " + counter.since->text;
  if (!counter.within) return name;
  name += " within " + counter.within->text;
  const std::string& unit = counter.within->unit;
  if (unit.size() <= 2) return name + unit;  // 48h
  return name + " " + unit + (counter.within->text == "1" ? "" : "s");
}

Expr ValueOf(const Counter& counter, lang::Span at, ExpandContext& context) {
  if (!counter.since && !counter.within) return CountOf("done", counter.target, at);
  Expr value;
  value.kind = ExprKind::kName;
  value.name = lang::Name{NameOf(counter), at};
  value.span = at;
  if (!context.out.counters.insert(value.name->text).second) return value;
  lang::Meter meter;
  meter.name = *value.name;
  meter.target = counter.target;
  meter.per = {{"case", at}};
  meter.since = counter.since;
  meter.within = counter.within;
  meter.span = at;
  if (meter.within && meter.within->kind == lang::LiteralKind::kWord) {
    const auto threshold = context.index.thresholds.find(meter.within->text);
    if (threshold == context.index.thresholds.end()) {
      std::vector<std::string> known;
      for (const auto& [name, tree] : context.index.thresholds) known.emplace_back(name);
      context.reporter.UnknownName("threshold", {meter.within->text, meter.within->span}, known);
      meter.within.reset();
    } else {
      context.out.thresholds.push_back(meter.within->text);
      meter.within = threshold->second->value;
    }
  }
  context.out.meters.emplace_back(std::move(meter), context.policy);
  return value;
}

// ------------------------------------------------------------------------------------- trees

Expr CountOf(std::string_view function, const lang::Name& target, lang::Span at) {
  Expr name;
  name.kind = ExprKind::kName;
  name.name = target;
  name.span = target.span;
  Expr call;
  call.kind = ExprKind::kCall;
  call.name = lang::Name{std::string(function), at};
  call.operands.push_back(std::move(name));
  call.span = at;
  return call;
}

Expr Compare(lang::CompareOp op, Expr left, Expr right, lang::Span at) {
  Expr compare;
  compare.kind = ExprKind::kCompare;
  compare.op = op;
  compare.operands.push_back(std::move(left));
  compare.operands.push_back(std::move(right));
  compare.span = at;
  return compare;
}

Expr WithZero(lang::CompareOp op, Expr count) {
  const lang::Span at = count.span;
  Expr zero;
  zero.kind = ExprKind::kLiteral;
  zero.literal.emplace();
  zero.literal->text = "0";
  zero.literal->span = {at.file, at.begin, at.begin};
  zero.span = at;
  return Compare(op, std::move(count), std::move(zero), at);
}

Expr Always(lang::Span at) {
  Expr always;
  always.kind = ExprKind::kLiteral;
  always.literal.emplace();
  always.literal->kind = lang::LiteralKind::kBool;
  always.literal->text = "true";
  always.literal->span = at;
  always.span = at;
  return always;
}

Expr Join(ExprKind kind, std::vector<Expr> parts, lang::Span at) {
  if (parts.size() == 1) return std::move(parts.front());
  Expr joined;
  joined.kind = kind;
  joined.operands = std::move(parts);
  joined.span = at;
  return joined;
}

std::string JoinNames(const std::vector<lang::Name>& names, std::string_view between) {
  std::string joined;
  for (const lang::Name& name : names) {
    if (!joined.empty()) joined += between;
    joined += name.text;
  }
  return joined;
}

}  // namespace writ::compiler::check
