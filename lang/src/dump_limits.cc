// The words for channels, exposure and tuning as JSON.
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

}  // namespace writ::lang
