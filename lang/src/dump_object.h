// What a dump is made of: objects whose fields are left out where they are absent, false or empty,
// and how each part of a tree becomes a value. The larger words' are in dump_larger.cc.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dump_words.h"
#include "llvm/Support/JSON.h"
#include "llvm_text.h"

namespace writ::lang {

template <typename T>
  requires std::is_enum_v<T>
llvm::json::Value ToJson(T value) {
  return Ref(kWords<T>[static_cast<std::size_t>(value)]);
}
inline llvm::json::Value ToJson(const Name& name) { return name.text; }
inline llvm::json::Value ToJson(const Text& text) { return text.text; }
llvm::json::Value ToJson(const Former&);
llvm::json::Value ToJson(const Literal&);
llvm::json::Value ToJson(const TypeRef&);
llvm::json::Value ToJson(const Expr&);
llvm::json::Value ToJson(const FactSource&);
llvm::json::Value ToJson(const Missing&);
llvm::json::Value ToJson(const Believed&);
llvm::json::Value ToJson(const FactLine&);
llvm::json::Value ToJson(const OnSilence&);
llvm::json::Value ToJson(const ReachedBy&);
llvm::json::Value ToJson(const RiskPart&);
llvm::json::Value ToJson(const Derivation&);
llvm::json::Value ToJson(const Input&);
llvm::json::Value ToJson(const Let&);
llvm::json::Value ToJson(const Clause&);
llvm::json::Value ToJson(const ForBlock&);
llvm::json::Value ToJson(const May&);
llvm::json::Value ToJson(const MayGrant&);
llvm::json::Value ToJson(const LookupRow&);
llvm::json::Value ToJson(const Need&);
llvm::json::Value ToJson(const Stage&);
llvm::json::Value ToJson(const Decay&);
llvm::json::Value ToJson(const Transition&);
llvm::json::Value ToJson(const BudgetLine&);
llvm::json::Value ToJson(const RunsCode&);
llvm::json::Value ToJson(const Retry&);
llvm::json::Value ToJson(const Lift&);
llvm::json::Value ToJson(const Pair&);
llvm::json::Value ToJson(const Outcome&);
llvm::json::Value ToJson(const Use&);
llvm::json::Value ToJson(const Decision&);
llvm::json::Value ToJson(const Completion&);
llvm::json::Value ToJson(const Part&);
llvm::json::Value ToJson(const Handoff&);
llvm::json::Value ToJson(const Tunable&);
llvm::json::Value ToJson(const HookResult&);
llvm::json::Value ToJson(const ModelClass&);
llvm::json::Value ToJson(const ActsAlone&);
llvm::json::Value ToJson(const Declaration&);
llvm::json::Value ToJson(const Policy&);

// An object under construction: Put leaves out what is absent, false or empty.
class Object {
 public:
  Object& At(const Span& span) {
    object_["at"] = llvm::json::Array{span.begin, span.end};
    return *this;
  }
  template <typename T>
  Object& Put(llvm::StringRef key, const T& field) {
    object_[key] = ToJson(field);
    return *this;
  }
  template <typename T>
  Object& Put(llvm::StringRef key, const std::optional<T>& field) {
    if (field) object_[key] = ToJson(*field);
    return *this;
  }
  template <typename T>
  Object& Put(llvm::StringRef key, const std::vector<T>& fields) {
    if (fields.empty()) return *this;
    llvm::json::Array array;
    array.reserve(fields.size());
    for (const T& field : fields) array.push_back(ToJson(field));
    object_[key] = std::move(array);
    return *this;
  }
  Object& Put(llvm::StringRef key, bool field) {
    if (field) object_[key] = true;
    return *this;
  }
  Object& Put(llvm::StringRef key, std::uint32_t field) {
    if (field != 0) object_[key] = field;
    return *this;
  }
  Object& Put(llvm::StringRef key, const std::string& field) {
    if (!field.empty()) object_[key] = field;
    return *this;
  }
  Object& Put(const Account& account) {
    return Put("purpose", account.purpose)
        .Put("controls", account.controls)
        .Put("owner", account.owner);
  }
  Object& Decl(llvm::StringRef name, const Span& span) {
    object_["decl"] = name;
    return At(span);
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a finished object is a value.
  operator llvm::json::Value() { return std::move(object_); }

 private:
  llvm::json::Object object_;
};

// Declarations that are larger words.
llvm::json::Value Declared(const Separate&);
llvm::json::Value Declared(const Sequence&);
llvm::json::Value Declared(const Approvals&);
llvm::json::Value Declared(const Consent&);
llvm::json::Value Declared(const Memory&);
llvm::json::Value Declared(const Promotion&);
llvm::json::Value Declared(const Budget&);
llvm::json::Value Declared(const Sandbox&);
llvm::json::Value Declared(const Skill&);
llvm::json::Value Declared(const Breaker&);
llvm::json::Value Declared(const Intent&);
llvm::json::Value Declared(const Route&);
llvm::json::Value Declared(const Boundary&);
llvm::json::Value Declared(const Channel&);
llvm::json::Value Declared(const Exposure&);
llvm::json::Value Declared(const Hook&);
llvm::json::Value Declared(const Checkpoint&);
llvm::json::Value Declared(const Compaction&);
llvm::json::Value Declared(const Models&);

}  // namespace writ::lang
