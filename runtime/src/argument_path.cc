// A path is a small part of JSONPath (RFC 9535): members, elements, all elements. Names between
// quotes hold no quote and no backslash, so that nothing has to be unescaped. Entry points:
// `TakePathStep`, `IsArgumentPath`, `FoldGives`.
#include "writ/runtime/argument_path.h"

namespace writ::runtime {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool TakeBareName(std::string_view& rest, PathStep* step) {
  std::size_t size = 0;
  while (size < rest.size() && (IsNameStart(rest[size]) || (size > 0 && IsDigit(rest[size]))))
    ++size;
  step->kind = PathStepKind::kMember;
  step->name = rest.substr(0, size);
  rest.remove_prefix(size);
  return size > 0;
}

bool TakeQuotedName(std::string_view& rest, PathStep* step) {
  std::size_t size = 0;
  while (size < rest.size() && rest[size] != '"' && rest[size] != '\\' &&
         static_cast<unsigned char>(rest[size]) >= 0x20) {
    ++size;
  }
  step->kind = PathStepKind::kMember;
  step->name = rest.substr(0, size);
  if (rest.substr(size, 2) != "\"]") return false;
  rest.remove_prefix(size + 2);
  return true;
}

bool TakeElement(std::string_view& rest, PathStep* step) {
  std::size_t size = 0;
  step->kind = PathStepKind::kElement;
  step->index = 0;
  while (size < rest.size() && IsDigit(rest[size]) && step->index <= kMaxPathElement) {
    step->index = step->index * 10 + static_cast<std::uint32_t>(rest[size++] - '0');
  }
  const bool spelled_once = size == 1 || (size > 1 && rest[0] != '0');
  if (!spelled_once || step->index > kMaxPathElement || rest.substr(size, 1) != "]") return false;
  rest.remove_prefix(size + 1);
  return true;
}

}  // namespace

bool TakePathStep(std::string_view& rest, PathStep* step) {
  const char first = rest[0];
  rest.remove_prefix(1);
  if (first == '.') return TakeBareName(rest, step);
  if (first != '[') return false;
  if (rest.substr(0, 2) == "*]") {
    step->kind = PathStepKind::kAll;
    rest.remove_prefix(2);
    return true;
  }
  if (rest.substr(0, 1) != "\"") return TakeElement(rest, step);
  rest.remove_prefix(1);
  return TakeQuotedName(rest, step);
}

bool IsArgumentPath(std::string_view path) {
  if (path.substr(0, 1) != "$") return false;
  std::string_view rest = path.substr(1);
  PathStep step;
  for (std::uint32_t steps = 0; !rest.empty(); ++steps) {
    if (steps == kMaxPathSteps || !TakePathStep(rest, &step)) return false;
  }
  return true;
}

bool FoldGives(ArgumentFold fold, ValueType type) {
  const bool quantity = type == ValueType::kInteger || type == ValueType::kDecimal ||
                        type == ValueType::kMoney || type == ValueType::kDuration;
  switch (fold) {
    case ArgumentFold::kCount:
      return type == ValueType::kInteger;
    case ArgumentFold::kSum:
      return quantity;
    case ArgumentFold::kMin:
    case ArgumentFold::kMax:
      return quantity || type == ValueType::kTime;
    case ArgumentFold::kFirst:
      return true;
    case ArgumentFold::kDistinct:
      return type == ValueType::kInteger || type == ValueType::kIdSet ||
             type == ValueType::kEnumSet;
    case ArgumentFold::kDigest:
      return type == ValueType::kId || type == ValueType::kText;
  }
  return false;
}

}  // namespace writ::runtime
