// The larger words of a tree as JSON: one function for each struct of their headers.
#include "dump_object.h"

namespace writ::lang {

using llvm::json::Value;

Value ToJson(const Need& x) {
  return Object()
      .At(x.span)
      .Put("target", x.target)
      .Put("needs", x.needs)
      .Put("approval", x.approval)
      .Put("when", x.when)
      .Put("one_each", x.one_each)
      .Put("until", x.until)
      .Put("since", x.since)
      .Put("within", x.within)
      .Put("else", x.otherwise)
      .Put("anchor", x.anchor)
      .Put("trigger", x.trigger)
      .Put("reason", x.reason);
}
Value ToJson(const Stage& x) {
  return Object().At(x.span).Put("role", x.role).Put("when", x.when).Put("same_as", x.same_as);
}
Value ToJson(const Decay& x) {
  return Object()
      .At(x.span)
      .Put("when", x.when)
      .Put("amount", x.amount)
      .Put("then", x.then)
      .Put("anchor", x.anchor)
      .Put("reason", x.reason);
}
Value ToJson(const Transition& x) {
  return Object()
      .At(x.span)
      .Put("from", x.from)
      .Put("to", x.to)
      .Put("by", x.by)
      .Put("when", x.when)
      .Put("sources", x.sources)
      .Put("not_author", x.not_author)
      .Put("reason", x.reason);
}
Value ToJson(const BudgetLine& x) {
  return Object().Put("measure", x.measure).Put("amount", x.amount);
}
Value ToJson(const RunsCode& x) { return Object().Put("sandbox", x.sandbox); }
Value ToJson(const Retry& x) { return Object().Put("times", x.times).Put("within", x.within); }
Value ToJson(const Decision& x) {
  return Object()
      .Put("name", x.name)
      .Put("owner", x.owner)
      .Put("outcomes", x.outcomes)
      .Put("evidence", x.evidence);
}
Value ToJson(const Completion& x) {
  return Object().Put("by", x.by).Put("evidence", x.evidence).Put("verified", x.verified);
}
Value ToJson(const Part& x) { return Object().Put("name", x.name).Put("roles", x.roles); }
Value ToJson(const Handoff& x) {
  return Object()
      .Put("from", x.from)
      .Put("to", x.to)
      .Put("by", x.by)
      .Put("when", x.when)
      .Put("reason", x.reason);
}

Value Declared(const Separate& x) {
  return Object()
      .Decl("separate", x.span)
      .Put("sides", x.sides)
      .Put("when", x.when)
      .Put("reason", x.reason);
}
Value Declared(const Sequence& x) {
  return Object()
      .Decl("sequence", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("when", x.when)
      .Put("needs", x.needs);
}
Value Declared(const Approvals& x) {
  return Object()
      .Decl("approvals", x.span)
      .Put("name", x.name)
      .Put("capability", x.capability)
      .Put("title", x.title)
      .Put("stages", x.stages);
}
Value Declared(const Consent& x) {
  return Object()
      .Decl("consent", x.span)
      .Put("name", x.name)
      .Put("over", x.over)
      .Put("title", x.title)
      .Put("by", x.by)
      .Put("lasts", x.lasts);
}
Value Declared(const Memory& x) {
  return Object()
      .Decl("memory", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("class", x.data_class)
      .Put("tier", x.tier)
      .Put("consent", x.consent)
      .Put("written_by", x.written_by)
      .Put("recalled_by", x.recalled_by)
      .Put("decay", x.decay);
}
Value Declared(const Promotion& x) {
  return Object()
      .Decl("promotion", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("from", x.from)
      .Put("to", x.to)
      .Put("system", x.system)
      .Put("transitions", x.transitions);
}
Value Declared(const Budget& x) {
  return Object()
      .Decl("budget", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("within", x.within)
      .Put("capabilities", x.capabilities)
      .Put("lines", x.lines)
      .Put("exhausted", x.exhausted)
      .Put("anchor", x.anchor);
}
Value Declared(const Sandbox& x) {
  return Object()
      .Decl("sandbox", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("image", x.image)
      .Put("cpu", x.cpu)
      .Put("memory", x.memory)
      .Put("processes", x.processes)
      .Put("time", x.time)
      .Put("network", x.network)
      .Put("hosts", x.hosts)
      .Put("no_mounts", x.no_mounts)
      .Put("mounts", x.mounts);
}
Value Declared(const Skill& x) {
  return Object()
      .Decl("skill", x.span)
      .Put("name", x.name)
      .Put("version", x.version)
      .Put("roles", x.roles)
      .Put("title", x.title)
      .Put("uses", x.uses)
      .Put("pins", x.pins)
      .Put("tested_by", x.tested_by);
}
Value Declared(const Breaker& x) {
  return Object()
      .Decl("breaker", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("capabilities", x.capabilities)
      .Put("failures", x.failures)
      .Put("within", x.within)
      .Put("open", x.open)
      .Put("anchor", x.anchor);
}
Value Declared(const Intent& x) {
  return Object()
      .Decl("intent", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("class", x.intent_class)
      .Put("decisions", x.decisions)
      .Put("complete", x.complete);
}
Value Declared(const Route& x) {
  return Object()
      .Decl("route", x.span)
      .Put("name", x.name)
      .Put("to", x.to)
      .Put("by", x.by)
      .Put("reason", x.reason);
}
Value Declared(const Boundary& x) {
  return Object()
      .Decl("boundary", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("parts", x.parts)
      .Put("handoffs", x.handoffs);
}

}  // namespace writ::lang
