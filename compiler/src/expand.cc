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
      if (const auto* capability = std::get_if<lang::Capability>(&declaration))
        index.capabilities.emplace(capability->name.text, capability);
      if (const auto* consent = std::get_if<lang::Consent>(&declaration))
        index.consents.emplace(consent->name.text, consent);
      if (const auto* budget = std::get_if<lang::Budget>(&declaration))
        index.budgets.emplace(budget->name.text, budget);
      if (const auto* group = std::get_if<lang::Group>(&declaration))
        index.groups.emplace(group->name.text, group);
      if (const auto* intent = std::get_if<lang::Intent>(&declaration))
        index.intents.emplace(intent->name.text, intent);
      if (const auto* route = std::get_if<lang::Route>(&declaration)) index.routes.push_back(route);
      if (const auto* sandbox = std::get_if<lang::Sandbox>(&declaration))
        index.sandboxes.emplace(sandbox->name.text, sandbox);
      if (const auto* promotion = std::get_if<lang::Promotion>(&declaration))
        index.promotions.push_back(promotion);
      index.has_approvals |= std::holds_alternative<lang::Approvals>(declaration);
      index.has_evidence |= std::holds_alternative<lang::Evidence>(declaration);
      index.has_classes |= std::holds_alternative<lang::Channel>(declaration) ||
                           std::holds_alternative<lang::Memory>(declaration);
      if (const auto* channel = std::get_if<lang::Channel>(&declaration))
        index.channels.emplace(channel->name.text, channel);
      if (const auto* delegation = std::get_if<lang::Delegation>(&declaration))
        index.delegations.push_back(delegation);
      if (const auto* grant = std::get_if<lang::Grant>(&declaration)) index.grants.push_back(grant);
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
    std::visit(
        [&](const auto& tree) {
          if constexpr (requires { Expand(tree, context); }) Expand(tree, context);
        },
        declaration);
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

Expr Named(std::string name, lang::Span at) {
  Expr expr;
  expr.kind = ExprKind::kName;
  expr.name = lang::Name{std::move(name), at};
  expr.span = at;
  return expr;
}

Expr Valued(const lang::Literal& literal) {
  if (literal.kind == lang::LiteralKind::kWord) return Named(literal.text, literal.span);
  Expr expr;
  expr.kind = ExprKind::kLiteral;
  expr.literal = literal;
  expr.literal->span.end = literal.span.begin;
  expr.span = literal.span;
  return expr;
}

Expr Not(Expr inner) {
  if (inner.kind == ExprKind::kNot) return Expr(inner.operands.front());
  Expr expr;
  expr.kind = ExprKind::kNot;
  expr.span = inner.span;
  expr.operands.push_back(std::move(inner));
  return expr;
}

Expr Join(ExprKind kind, std::vector<Expr> parts, lang::Span at) {
  if (parts.size() == 1) return std::move(parts.front());
  Expr joined;
  joined.kind = kind;
  joined.operands = std::move(parts);
  joined.span = at;
  return joined;
}

std::set<std::string> MembersOf(const std::vector<lang::Name>& names, const HouseIndex& index) {
  std::set<std::string> members, entered;
  std::vector<const lang::Name*> open;
  for (const lang::Name& name : names) open.push_back(&name);
  while (!open.empty()) {
    const lang::Name& name = *open.back();
    open.pop_back();
    const auto group = index.groups.find(name.text);
    if (group == index.groups.end()) {
      members.insert(name.text);
    } else if (entered.insert(name.text).second) {
      for (const lang::Name& member : group->second->members) open.push_back(&member);
    }
  }
  return members;
}

lang::Event EventOf(lang::Name name, std::string title, std::string_view from) {
  lang::Event event;
  event.title = lang::Text{std::move(title), name.span};
  event.from = {std::string(from), name.span};
  event.span = name.span;
  event.name = std::move(name);
  return event;
}

lang::Facts FactOf(lang::Name name, lang::TypeKind type) {
  lang::Facts facts;
  facts.span = name.span;
  lang::FactLine& line = facts.lines.emplace_back();
  line.type.kind = type;
  line.type.span = line.span = name.span;
  line.names.push_back(std::move(name));
  return facts;
}

lang::Clause ClauseOf(lang::ClauseKind kind, Expr condition, lang::Span at) {
  lang::Clause clause;
  clause.kind = kind;
  clause.condition = std::move(condition);
  clause.span = at;
  return clause;
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
