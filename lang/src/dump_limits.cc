// The words for channels, exposure and tuning as JSON, those for what comes between steps, and
// those for classes of models.
#include "dump_object.h"

namespace writ::lang {

using llvm::json::Value;

Value ToJson(const Tunable& x) {
  return Object().Put("low", x.low).Put("high", x.high).Put("step", x.step);
}

Value Declared(const Channel& x) {
  return Object()
      .Decl("channel", x.span)
      .Put("name", x.name)
      .Put("title", x.title)
      .Put("carries", x.carries)
      .Put("above", x.above)
      .Put("anchor", x.anchor);
}
Value Declared(const Exposure& x) {
  return Object()
      .Decl("exposure", x.span)
      .Put("name", x.name)
      .Put("of", x.of)
      .Put("title", x.title)
      .Put("sums", x.sums)
      .Put("capabilities", x.capabilities)
      .Put("counts_approvals", x.counts_approvals)
      .Put("within", x.within)
      .Put("up_to", x.up_to)
      .Put("above", x.above)
      .Put("anchor", x.anchor);
}

Value ToJson(const HookResult& x) {
  return Object()
      .Put("name", x.name)
      .Put("then", x.then)
      .Put("anchor", x.anchor)
      .Put("reason", x.reason);
}
Value Declared(const Hook& x) {
  return Object()
      .Decl("hook", x.span)
      .Put("name", x.name)
      .Put("before", x.before)
      .Put("title", x.title)
      .Put("runs", x.runs)
      .Put("passes", x.passes)
      .Put("results", x.results);
}
Value Declared(const Checkpoint& x) {
  return Object()
      .Decl("checkpoint", x.span)
      .Put("name", x.name)
      .Put("after", x.after)
      .Put("capabilities", x.capabilities)
      .Put("reason", x.reason);
}
Value Declared(const Compaction& x) {
  return Object().Decl("compaction", x.span).Put("keeps", x.keeps).Put("reason", x.reason);
}

Value ToJson(const ModelClass& x) { return Object().Put("name", x.name).Put("models", x.models); }
Value ToJson(const ActsAlone& x) {
  return Object()
      .Put("from", x.from)
      .Put("capabilities", x.capabilities)
      .Put("below", x.below)
      .Put("anchor", x.anchor)
      .Put("reason", x.reason);
}
Value Declared(const Models& x) {
  return Object()
      .Decl("models", x.span)
      .Put("title", x.title)
      .Put("classes", x.classes)
      .Put("alone", x.alone)
      .Put("ordered", x.ordered)
      .Put("ordered_reason", x.ordered_reason);
}

}  // namespace writ::lang
