// The other side: the same policy through Parse, Check, Lower, WriteTable and Open, and its answers
// in the oracle's words. Verify is left out on purpose, so that every well-typed policy counts,
// gaps and all.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "writ/oracle/oracle.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/session.h"
#include "writ/runtime/table.h"

namespace writ::oracle {

// The dumped trees alone: what the oracle reads.
struct DumpResult {
  std::vector<std::string> dumps;  // one per file, the policy first; none if a file does not parse
  std::string why;
};
DumpResult MakeDumps(const std::vector<std::string>& texts);

struct Subject {
  std::vector<std::string> dumps;  // for the oracle: one per file, the policy first
  std::vector<unsigned char> bytes;
  runtime::Table table;  // into `bytes`
};

struct SubjectResult {
  std::unique_ptr<Subject> subject;  // null if refused
  std::string why;                   // the diagnostics, as people read them
  bool parsed = false;               // refused by a later phase than Parse
};

// `texts`: the policy, then the policies it uses.
SubjectResult MakeSubject(const std::vector<std::string>& texts);
// The codes of all errors that compiling it gives, proofs included.
std::set<std::string> ErrorsOf(const std::vector<std::string>& texts);
// A policy file, and the ones beside it that it uses.
SubjectResult MakeSubjectOfFile(const std::string& path);

// A policy that narrows another one, both as subjects; null if one of them is refused by itself.
struct NarrowingResult {
  std::unique_ptr<Subject> base, narrower;
  bool within = false;  // the compiler says so
  std::set<std::string> codes;
  std::string why;
};
NarrowingResult MakeNarrowing(const std::string& path);

// A request as the runtime takes it. Borrows from nothing but itself.
class RuntimeRequest {
 public:
  RuntimeRequest(const runtime::Table& table, const Request& request);
  RuntimeRequest(const RuntimeRequest&) = delete;
  RuntimeRequest& operator=(const RuntimeRequest&) = delete;
  const runtime::Request& request() const { return request_; }

 private:
  void Set(const runtime::Table& table, runtime::FactId fact, const Given& given);
  runtime::Request request_;
  std::vector<runtime::Value> values_;
  std::vector<std::string> texts_;
  std::vector<std::vector<std::string_view>> sets_;
};

// A runtime session in memory of its own.
class OwnedSession {
 public:
  explicit OwnedSession(const runtime::Table& table);
  runtime::Session* get() const { return session_; }

 private:
  std::vector<std::uint64_t> memory_;
  runtime::Session* session_;
};

Answer Ask(const Subject& subject, const runtime::Request& request,
           const runtime::Session* session);

}  // namespace writ::oracle
