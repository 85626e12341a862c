// The C ABI of writ.h over the C++ library: arguments are checked, structs translated, nothing
// else. The values of a request are not copied: `writ_value` is laid out as `runtime::Value` is.
// Entry points: all of writ.h.
#include "writ.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <version>

#include "writ/runtime/decide.h"
#include "writ/runtime/explain.h"
#include "writ/runtime/session.h"

#ifndef __GLIBCXX__
#error \
    "writ_text is laid out as std::string_view of libstdc++ is; other standard libraries need a copy here"
#endif

using writ::runtime::Decision;
using writ::runtime::OpenCode;
using writ::runtime::OpenError;
using writ::runtime::Request;
using writ::runtime::Session;
using writ::runtime::Table;
using writ::runtime::Value;

struct writ_table {
  Table table;
  void* copy;  // the bytes, where they are ours
};

struct writ_session {
  const writ_table* table;
  Session* session;
  std::uint64_t memory[1];  // as much as was asked for
};

static_assert(sizeof(writ_value) == sizeof(Value) &&
              offsetof(writ_value, number) == offsetof(Value, number) &&
              offsetof(writ_value, at) == offsetof(Value, text) &&
              offsetof(writ_value, size) == offsetof(Value, size) &&
              offsetof(writ_value, kind) == offsetof(Value, kind));
static_assert(sizeof(writ_text) == sizeof(std::string_view));
static_assert(WRIT_OPEN_MISALIGNED == static_cast<int>(OpenCode::kMisaligned));
static_assert(WRIT_FOLD_DIGEST == static_cast<int>(writ::runtime::ArgumentFold::kDigest));
static_assert(WRIT_DENY == static_cast<int>(writ::runtime::Verdict::kDeny));
static_assert(WRIT_ROW_UNDECIDED == static_cast<int>(writ::runtime::BuiltinRow::kUndecided));
static_assert(WRIT_VALUE_MALFORMED == static_cast<int>(writ::runtime::ValueKind::kMalformed));

namespace {

// A struct from a newer header may be longer than ours, one from the first header may say zero.
template <typename T>
bool KnownSize(const T& argument) {
  return argument.struct_size == 0 || argument.struct_size >= sizeof(T);
}

bool Translate(const writ_table& table, const writ_request* in, Request* out) {
  if (in == nullptr || !KnownSize(*in)) return false;
  const std::uint32_t facts = table.table.fact_count();
  if (in->value_count < facts || (in->values == nullptr && facts != 0)) return false;
  out->capability = {in->capability};
  out->role = {in->role};
  out->now_ms = in->now_ms;
  out->values = reinterpret_cast<const Value*>(in->values);
  out->as_in_force = (in->flags & WRIT_REQUEST_AS_IN_FORCE) != 0;
  return true;
}

void Translate(const Decision& in, writ_decision* out) {
  out->verdict = static_cast<std::int32_t>(in.verdict);
  out->row = static_cast<std::int32_t>(in.builtin);
  out->column = in.column;
  out->anchor = in.anchor.value;
  out->clause = in.clause.value;
  out->authority = in.authority.value;
  out->fact = in.fact.value;
  out->capability = in.capability.value;
}

std::size_t CopyText(std::string_view text, char* buffer, std::size_t size) {
  if (size > 0) {
    const std::size_t copied = text.size() < size ? text.size() : size - 1;
    std::memcpy(buffer, text.data(), copied);
    buffer[copied] = '\0';
  }
  return text.size();
}

}  // namespace

extern "C" {

const char* writ_version(void) { return WRIT_VERSION; }

writ_status writ_table_open(const void* bytes, size_t size, const writ_open_options* options,
                            writ_table** table, writ_error* error) {
  if (table == nullptr) return WRIT_ERROR_ARGUMENT;
  *table = nullptr;
  if ((bytes == nullptr && size != 0) || (options != nullptr && !KnownSize(*options)))
    return WRIT_ERROR_ARGUMENT;
  void* copy = nullptr;
  if (options != nullptr && (options->flags & WRIT_OPEN_COPY) != 0 && size != 0) {
    copy = std::aligned_alloc(64, (size + 63) / 64 * 64);
    if (copy == nullptr) return WRIT_ERROR_MEMORY;
    std::memcpy(copy, bytes, size);
    bytes = copy;
  }
  Table opened;
  const OpenError result = Table::Open(bytes, size, &opened);
  if (error != nullptr) {
    error->code = static_cast<std::int32_t>(result.code);
    error->offset = result.offset;
  }
  if (result.code != OpenCode::kOk) {
    std::free(copy);
    return WRIT_ERROR_TABLE;
  }
  void* memory = std::malloc(sizeof(writ_table));
  if (memory == nullptr) {
    std::free(copy);
    return WRIT_ERROR_MEMORY;
  }
  *table = new (memory) writ_table{opened, copy};
  return WRIT_OK;
}

void writ_table_close(writ_table* table) {
  if (table == nullptr) return;
  std::free(table->copy);
  std::free(table);
}

uint32_t writ_fact(const writ_table* table, const char* name) {
  return table == nullptr || name == nullptr ? WRIT_NONE : table->table.FindFact(name).value;
}
uint32_t writ_capability(const writ_table* table, const char* name) {
  return table == nullptr || name == nullptr ? WRIT_NONE : table->table.FindCapability(name).value;
}
uint32_t writ_role(const writ_table* table, const char* name) {
  return table == nullptr || name == nullptr ? WRIT_NONE : table->table.FindRole(name).value;
}
uint32_t writ_anchor(const writ_table* table, const char* name) {
  return table == nullptr || name == nullptr ? WRIT_NONE : table->table.FindAnchor(name).value;
}

uint32_t writ_fact_value(const writ_table* table, uint32_t fact, const char* name) {
  if (table == nullptr || name == nullptr || fact >= table->table.fact_count()) return WRIT_NONE;
  return table->table.FindFactValue({fact}, name);
}

uint32_t writ_fact_count(const writ_table* table) {
  return table == nullptr ? 0 : table->table.fact_count();
}

int writ_fact_for_critics(const writ_table* table, uint32_t fact) {
  if (table == nullptr || fact >= table->table.fact_count()) return 0;
  return table->table.Fact({fact}).for_critics ? 1 : 0;
}

size_t writ_anchor_name(const writ_table* table, uint32_t anchor, char* buffer, size_t size) {
  if (buffer == nullptr) size = 0;
  const bool known = table != nullptr && anchor < table->table.anchor_count();
  return CopyText(known ? table->table.Anchor({anchor}).name : std::string_view(), buffer, size);
}

uint32_t writ_derivation_count(const writ_table* table) {
  return table == nullptr ? 0 : table->table.derivation_count();
}

writ_status writ_derivation_get(const writ_table* table, uint32_t index,
                                writ_derivation* derivation) {
  if (table == nullptr || derivation == nullptr || !KnownSize(*derivation) ||
      index >= table->table.derivation_count()) {
    return WRIT_ERROR_ARGUMENT;
  }
  const writ::runtime::DerivationView view = table->table.Derivation(index);
  derivation->capability = view.capability.value;
  derivation->fact = view.fact.value;
  derivation->fold = static_cast<std::int32_t>(view.fold);
  return WRIT_OK;
}

size_t writ_derivation_path(const writ_table* table, uint32_t index, char* buffer, size_t size) {
  if (buffer == nullptr) size = 0;
  const bool known = table != nullptr && index < table->table.derivation_count();
  return CopyText(known ? table->table.Derivation(index).path : std::string_view(), buffer, size);
}

writ_status writ_session_open(const writ_table* table, size_t capacity, writ_session** session) {
  if (session == nullptr) return WRIT_ERROR_ARGUMENT;
  *session = nullptr;
  if (table == nullptr || capacity == 0) return WRIT_ERROR_ARGUMENT;
  if (capacity > (std::size_t{1} << 30)) return WRIT_ERROR_MEMORY;
  const std::size_t size = Session::BytesFor(table->table, capacity);
  auto* opened = static_cast<writ_session*>(std::malloc(offsetof(writ_session, memory) + size));
  if (opened == nullptr) return WRIT_ERROR_MEMORY;
  opened->table = table;
  opened->session = Session::Create(table->table, opened->memory, size);
  *session = opened;
  return WRIT_OK;
}

void writ_session_close(writ_session* session) { std::free(session); }

writ_status writ_session_commit(writ_session* session, const writ_request* request) {
  Request translated;
  if (session == nullptr || !Translate(*session->table, request, &translated))
    return WRIT_ERROR_ARGUMENT;
  if (translated.capability.value >= session->table->table.capability_count())
    return WRIT_ERROR_ARGUMENT;
  return session->session->Commit(translated) ? WRIT_OK : WRIT_ERROR_FULL;
}

writ_status writ_decide(const writ_table* table, const writ_session* session,
                        const writ_request* request, writ_decision* decision) {
  if (decision == nullptr || !KnownSize(*decision)) return WRIT_ERROR_ARGUMENT;
  Translate(Decision(), decision);
  Request translated;
  if (table == nullptr || (session != nullptr && session->table != table) ||
      !Translate(*table, request, &translated)) {
    return WRIT_ERROR_ARGUMENT;
  }
  Translate(Decide(table->table, session == nullptr ? nullptr : session->session, translated),
            decision);
  return WRIT_OK;
}

size_t writ_explain(const writ_table* table, const writ_decision* decision, char* buffer,
                    size_t size) {
  if (buffer == nullptr) size = 0;
  if (table == nullptr || decision == nullptr || !KnownSize(*decision))
    return CopyText("", buffer, size);
  Decision d;
  d.verdict = static_cast<writ::runtime::Verdict>(decision->verdict);
  d.builtin = static_cast<writ::runtime::BuiltinRow>(decision->row);
  d.column = decision->column;
  d.anchor = {decision->anchor};
  d.clause = {decision->clause};
  d.authority = {decision->authority};
  d.fact = {decision->fact};
  d.capability = {decision->capability};
  return Explain(table->table, d, buffer, size);
}

}  // extern "C"
