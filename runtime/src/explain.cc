// Says a decision in the policy's own words, into the caller's buffer. Entry point: `Explain`.
#include "writ/runtime/explain.h"

#include <cstring>

namespace writ::runtime {
namespace {

class Text {
 public:
  Text(char* buffer, std::size_t size) : buffer_(buffer), size_(size) {}
  Text& operator<<(std::string_view text) {
    if (length_ < size_) {
      const std::size_t room = size_ - length_;
      std::memcpy(buffer_ + length_, text.data(), text.size() < room ? text.size() : room);
    }
    length_ += text.size();
    return *this;
  }
  Text& operator<<(std::uint32_t number) {
    char digits[10];
    std::size_t first = sizeof digits;
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(digits + first, sizeof digits - first);
  }
  std::size_t Finish() {
    if (size_ > 0) buffer_[length_ < size_ ? length_ : size_ - 1] = '\0';
    return length_;
  }

 private:
  char* buffer_;
  std::size_t size_;
  std::size_t length_ = 0;
};

std::string_view Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return "allow";
    case Verdict::kEscalate:
      return "escalate";
    case Verdict::kDeny:
      return "deny";
  }
  return "deny";
}

void ExplainBuiltin(const Table& table, const Decision& d, Text& text) {
  switch (d.builtin) {
    case BuiltinRow::kNone:
      break;
    case BuiltinRow::kUnknownCapability:
      text << "no such capability";
      break;
    case BuiltinRow::kMalformed:
      text << "malformed";
      break;
    case BuiltinRow::kMissingInput:
      text << "missing input";
      break;
    case BuiltinRow::kUndecided:
      text << "no row decides";
      break;
  }
  if (d.fact.value < table.fact_count()) text << " `" << table.Fact(d.fact).name << "`";
  text << "\n";
}

void ExplainClause(const Table& table, ClauseId id, Text& text) {
  const ClauseView clause = table.Clause(id);
  if (!clause.reason.empty()) text << "  " << clause.reason << "\n";
  if (!clause.words.empty()) text << "  " << clause.words << "\n";
  text << "  ";
  if (!clause.name.empty()) text << "`" << clause.name << "`";
  if (clause.line != 0) text << " at " << clause.file << ":" << clause.line;
  text << "\n";
}

}  // namespace

std::size_t Explain(const Table& table, const Decision& d, char* buffer, std::size_t size) {
  Text text(buffer, size);
  text << Word(d.verdict);
  if (d.capability.value < table.capability_count())
    text << " " << table.Capability(d.capability).name;
  if (d.builtin != BuiltinRow::kNone) {
    text << ": ";
    ExplainBuiltin(table, d, text);
    return text.Finish();
  }
  const bool anchored = d.anchor.value < table.anchor_count();
  if (anchored && d.verdict == Verdict::kEscalate) text << " to " << table.Anchor(d.anchor).name;
  if (d.authority.value < table.authority_count())
    text << " under " << table.Authority(d.authority).name;
  if (anchored && d.verdict != Verdict::kEscalate)
    text << ", accountable: " << table.Anchor(d.anchor).name;
  text << "\n";
  if (d.clause.value < table.clause_count()) ExplainClause(table, d.clause, text);
  return text.Finish();
}

}  // namespace writ::runtime
