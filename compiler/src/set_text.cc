#include "set_text.h"

#include "llvm/Support/JSON.h"
#include "lower_assert.h"

namespace writ::compiler {

std::string SetText(const std::vector<std::string>& members) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  json.array([&] {
    for (const std::string& member : members) json.value(llvm::json::Value(member));
  });
  out.flush();
  return text;
}

std::vector<std::string> SetMembers(std::string_view text) {
  auto parsed = llvm::json::parse(llvm::StringRef(text.data(), text.size()));
  WRIT_CHECK(static_cast<bool>(parsed) && parsed->getAsArray(), "a set is kept as a JSON array");
  std::vector<std::string> members;
  for (const llvm::json::Value& member : *parsed->getAsArray())
    members.push_back(member.getAsString()->str());
  return members;
}

}  // namespace writ::compiler
