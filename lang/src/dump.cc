// One overload of ToJson per struct of `ast.h`, in its order. An Object puts a field in unless it
// is empty; that is the whole format.
//
// Entry point: DumpJson.
#include "writ/lang/dump.h"

#include <string_view>
#include <utility>

#include "dump_object.h"
#include "llvm/Support/raw_ostream.h"

namespace writ::lang {
using llvm::json::Array;
using llvm::json::Value;

Value ToJson(const Former& x) { return Object().Put("now", x.now).Put("before", x.before); }

Value ToJson(const Literal& x) {
  return Object().Put("kind", x.kind).Put("text", x.text).Put("unit", x.unit).Put("words", x.words);
}

Value ToJson(const TypeRef& x) {
  return Object()
      .Put("kind", x.kind)
      .Put("scale", x.scale)
      .Put("currency", x.currency)
      .Put("values", x.values)
      .Put("ordered", x.ordered)
      .Put("low", x.low)
      .Put("high", x.high)
      .Put("element", x.element)
      .Put("named", x.named)
      .Put("was", x.was);
}

Value ToJson(const Expr& x) {
  Object object;
  object.At(x.span).Put("kind", x.kind).Put("negated", x.negated).Put("name", x.name);
  if (x.kind == ExprKind::kCompare) object.Put("op", x.op);
  return object.Put("literal", x.literal).Put("operands", x.operands);
}

Value ToJson(const FactSource& x) {
  return Object()
      .Put("kind", x.kind)
      .Put("evidence", x.evidence)
      .Put("party", x.party)
      .Put("for_critics", x.for_critics);
}
Value ToJson(const Missing& x) { return Object().Put("word", x.word).Put("value", x.value); }
Value ToJson(const Believed& x) { return Object().Put("by", x.by).Put("because", x.because); }
Value ToJson(const FactLine& x) {
  return Object()
      .Put("names", x.names)
      .Put("type", x.type)
      .Put("missing", x.missing)
      .Put("was", x.was);
}
Value ToJson(const OnSilence& x) {
  return Object().Put("next_deputy", x.next_deputy).Put("end", x.end).Put("anchor", x.anchor);
}
Value ToJson(const ReachedBy& x) {
  return Object().Put("channel", x.channel).Put("within", x.within);
}
Value ToJson(const RiskPart& x) { return Object().Put("axis", x.axis).Put("value", x.value); }
Value ToJson(const Derivation& x) { return Object().Put("fold", x.fold).Put("path", x.path); }
Value ToJson(const Input& x) {
  return Object()
      .Put("name", x.name)
      .Put("type", x.type)
      .Put("optional", x.optional)
      .Put("derivation", x.derivation)
      .Put("was", x.was);
}
Value ToJson(const Let& x) { return Object().At(x.span).Put("name", x.name).Put("value", x.value); }

Value ToJson(const Clause& x) {
  Object object;
  object.At(x.span).Put("kind", x.kind).Put("condition", x.condition).Put("evidence", x.evidence);
  object.Put("party", x.party)
      .Put("approval", x.approval)
      .Put("anchor", x.anchor)
      .Put("else_deny", x.else_deny);
  if (x.kind == ClauseKind::kOtherwise) object.Put("otherwise", x.otherwise);
  return object.Put("trigger", x.trigger).Put("reason", x.reason).Put("let", x.let);
}

Value ToJson(const ForBlock& x) {
  return Object().Put("capabilities", x.capabilities).Put("clauses", x.clauses);
}
Value ToJson(const May& x) {
  return Object().Put("kind", x.kind).Put("capabilities", x.capabilities);
}
Value ToJson(const MayGrant& x) {
  return Object().Put("capabilities", x.capabilities).Put("to", x.to).Put("depth", x.depth);
}
Value ToJson(const LookupRow& x) { return Object().Put("key", x.key).Put("values", x.values); }
Value ToJson(const Lift& x) { return Object().Put("kind", x.kind).Put("names", x.names); }
Value ToJson(const Pair& x) {
  return Object()
      .Put("name", x.name)
      .Put("call", x.call)
      .Put("since", x.since)
      .Put("within", x.within)
      .Put("value", x.value);
}
Value ToJson(const Outcome& x) {
  return Object()
      .Put("verdict", x.verdict)
      .Put("anchor", x.anchor)
      .Put("under", x.under)
      .Put("because", x.because)
      .Put("because_name", x.because_name);
}
Value ToJson(const Use& x) { return Object().Put("name", x.name).Put("version", x.version); }

// ---- declarations

namespace {

Value Declared(const Threshold& x) {
  return Object()
      .Decl("threshold", x.span)
      .Put("name", x.name)
      .Put("value", x.value)
      .Put("tunable", x.tunable)
      .Put("reason", x.reason);
}
Value Declared(const TypeAlias& x) {
  return Object().Decl("type_alias", x.span).Put("name", x.name).Put("type", x.type);
}
Value Declared(const Facts& x) {
  return Object()
      .Decl("facts", x.span)
      .Put("grouped", x.grouped)
      .Put("source", x.source)
      .Put("missing", x.missing)
      .Put("believed", x.believed)
      .Put("lines", x.lines);
}
Value Declared(const Evidence& x) {
  return Object()
      .Decl("evidence", x.span)
      .Put("name", x.name)
      .Put("by", x.by)
      .Put("about", x.about)
      .Put("within", x.within)
      .Put("was", x.was);
}
Value Declared(const Role& x) {
  return Object()
      .Decl("role", x.span)
      .Put("name", x.name)
      .Put("kind", x.kind)
      .Put("identity", x.identity)
      .Put("reports_to", x.reports_to)
      .Put("was", x.was);
}
Value Declared(const Anchor& x) {
  return Object()
      .Decl("anchor", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("held_by", x.held_by)
      .Put("deputies", x.deputies)
      .Put("absorbs", x.absorbs)
      .Put("above", x.above)
      .Put("reached_by", x.reached_by)
      .Put("on_silence", x.on_silence)
      .Put("asks_first", x.asks_first)
      .Put("was", x.was);
}
Value Declared(const Capability& x) {
  return Object()
      .Decl("capability", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("kind", x.kind)
      .Put("risk", x.risk)
      .Put("axes", x.axes)
      .Put("system", x.system)
      .Put("inputs", x.inputs)
      .Put("irreversible", x.irreversible)
      .Put("idempotent_by", x.idempotent_by)
      .Put("verify_with", x.verify_with)
      .Put("undone_by", x.undone_by)
      .Put("hands_over_to", x.hands_over_to)
      .Put("runs_code", x.runs_code)
      .Put("retry", x.retry)
      .Put("dead_letters_to", x.dead_letters_to)
      .Put("sends_on", x.sends_on)
      .Put("retained", x.retained.has_value())
      .Put("was", x.was);
}
Value Declared(const Let& x) {
  return Object().Decl("let", x.span).Put("name", x.name).Put("value", x.value);
}
Value Declared(const Meter& x) {
  return Object()
      .Decl("meter", x.span)
      .Put("name", x.name)
      .Put("fold", x.fold)
      .Put("target", x.target)
      .Put("per", x.per)
      .Put("since", x.since)
      .Put("within", x.within)
      .Put("including_this", x.including_this)
      .Put("was", x.was);
}
Value Declared(const Group& x) {
  return Object().Decl("group", x.span).Put("name", x.name).Put("members", x.members);
}
Value Declared(const Pressure& x) {
  return Object()
      .Decl("pressure", x.span)
      .Put("name", x.name)
      .Put("values", x.values)
      .Put("was", x.was);
}
Value Declared(const Event& x) {
  return Object()
      .Decl("event", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("from", x.from);
}
Value Declared(const Lookup& x) {
  return Object()
      .Decl("lookup", x.span)
      .Put("name", x.name)
      .Put("keys", x.keys)
      .Put("type", x.type)
      .Put("head", x.head)
      .Put("rows", x.rows);
}
Value Declared(const Modes& x) {
  return Object().Decl("modes", x.span).Put("values", x.values).Put("was", x.was);
}
Value Declared(const Delegation& x) {
  return Object()
      .Decl("delegation", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("from", x.from)
      .Put("to", x.to)
      .Put("may", x.may)
      .Put("may_grant", x.may_grant)
      .Put("abstain", x.abstain)
      .Put("anchor", x.anchor)
      .Put("review_every", x.review_every)
      .Put("expires", x.expires)
      .Put("clauses", x.clauses)
      .Put("blocks", x.blocks)
      .Put(x.account);
}
Value Declared(const Grant& x) {
  return Object()
      .Decl("grant", x.span)
      .Put("role", x.role)
      .Put("capabilities", x.capabilities)
      .Put("anchor", x.anchor)
      .Put("expires", x.expires);
}
Value Declared(const Guard& x) {
  return Object()
      .Decl("guard", x.span)
      .Put("name", x.name)
      .Put("reason", x.reason)
      .Put("every", x.every)
      .Put("where", x.where)
      .Put("capabilities", x.capabilities)
      .Put("clauses", x.clauses)
      .Put(x.account);
}
Value Declared(const Exception& x) {
  return Object()
      .Decl("exception", x.span)
      .Put("name", x.name)
      .Put("delegation", x.delegation)
      .Put("roles", x.roles)
      .Put("lifts", x.lifts)
      .Put("up_to", x.up_to)
      .Put("expires", x.expires)
      .Put("by", x.by)
      .Put("because", x.because);
}
Value Declared(const Assume& x) {
  return Object()
      .Decl("assume", x.span)
      .Put("name", x.name)
      .Put("condition", x.condition)
      .Put("reason", x.reason);
}
Value Declared(const Region& x) {
  return Object().Decl("region", x.span).Put("name", x.name).Put("condition", x.condition);
}
Value Declared(const Invariant& x) {
  return Object()
      .Decl("invariant", x.span)
      .Put("name", x.name)
      .Put("kind", x.kind)
      .Put("decision", x.decision)
      .Put("capabilities", x.capabilities)
      .Put("implied", x.implied)
      .Put("implied_capabilities", x.implied_capabilities)
      .Put("fact", x.fact)
      .Put("falling", x.falling)
      .Put("condition", x.condition)
      .Put("reason", x.reason);
}
Value Declared(const Sample& x) {
  return Object()
      .Decl("sample", x.span)
      .Put("name", x.name)
      .Put("role", x.role)
      .Put("capability", x.capability)
      .Put("pairs", x.pairs);
}
Value Declared(const Example& x) {
  return Object()
      .Decl("example", x.span)
      .Put("title", x.title)
      .Put("sample", x.sample)
      .Put("role", x.role)
      .Put("capability", x.capability)
      .Put("pairs", x.pairs)
      .Put("outcome", x.outcome);
}

}  // namespace

Value ToJson(const Declaration& declaration) {
  return std::visit([](const auto& x) { return Declared(x); }, declaration);
}

Value ToJson(const Policy& x) {
  return Object()
      .Put("name", x.name)
      .Put("version", x.version)
      .Put("amends", x.amends)
      .Put("narrows", x.narrows)
      .Put("title", x.title)
      .Put("effective", x.effective)
      .Put("cases_since", x.cases_since)
      .Put("zone", x.zone)
      .Put("tenant", x.tenant)
      .Put("strict", x.strict)
      .Put(x.account)
      .Put("case_is", x.case_is)
      .Put("uses", x.uses)
      .Put("declarations", x.declarations)
      .Put("before", x.before)
      .Put("narrowed", x.narrowed);
}

std::string DumpJson(const Ast& ast, bool pretty) {
  Array policies;
  for (const Policy& policy : ast.policies) policies.push_back(ToJson(policy));
  const Value root = llvm::json::Object{{"policies", std::move(policies)}};
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out, pretty ? 2 : 0);
  json.value(root);  // writes the keys of an object in sorted order
  out.flush();
  return text;
}

}  // namespace writ::lang
