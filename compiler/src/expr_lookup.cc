// Lookup tables: `T(a, b)` is the one cell whose row and column a and b name. It becomes a sum of
// cells, each times the equality of its key, so nothing after this knows of tables; a missing key
// makes the sum missing (docs/semantics.md, M19). A table is read once, before any condition.
#include <limits>

#include "expr.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::LiteralKind;
using runtime::ValueType;

namespace {

constexpr std::int64_t kMaxKeyValues = 64;
constexpr std::size_t kMaxCells = 256;

Shape ShapeOf(const Type& type) {
  Shape shape;
  shape.ordered = type.ordered;
  shape.values = &type.values;
  shape.unit = type.unit;
  shape.kind = type.kind == ValueType::kBool       ? ShapeKind::kBool
               : type.kind == ValueType::kEnum     ? ShapeKind::kEnum
               : type.kind == ValueType::kMoney    ? ShapeKind::kMoney
               : type.kind == ValueType::kDuration ? ShapeKind::kDuration
                                                   : ShapeKind::kNumber;
  return shape;
}

std::string ValueName(const Type& type, std::int64_t value) {
  if (type.kind == ValueType::kBool) return value != 0 ? "true" : "false";
  if (type.kind == ValueType::kEnum) return type.values[static_cast<std::size_t>(value)];
  return std::to_string(value);
}

bool CanBeKey(const Type& type) {
  return type.kind == ValueType::kBool || type.kind == ValueType::kEnum ||
         (type.kind == ValueType::kInteger && type.high - type.low < kMaxKeyValues &&
          type.high >= type.low && type.low > std::numeric_limits<std::int32_t>::min() &&
          type.high < std::numeric_limits<std::int32_t>::max());
}

// What the cells are where the table does not say: numbers with as many decimals as the most exact
// one, or amounts and durations as the first one.
std::optional<Type> TypeOfCells(const lang::Lookup& tree) {
  const lang::Literal& first = tree.rows.front().values.front();
  Type type = IntegerType(std::numeric_limits<std::int64_t>::min() / 2,
                          std::numeric_limits<std::int64_t>::max() / 2);
  switch (first.kind) {
    case LiteralKind::kBool:
      return BoolType();
    case LiteralKind::kMoney:
      type.kind = ValueType::kMoney;
      type.unit = first.unit;
      type.scale = CurrencyScale(first.unit);
      return type;
    case LiteralKind::kDuration:
      type.kind = ValueType::kDuration;
      return type;
    case LiteralKind::kNumber:
      for (const lang::LookupRow& row : tree.rows) {
        for (const lang::Literal& cell : row.values) {
          const auto number = ReadNumber(cell.text);
          if (cell.kind == LiteralKind::kNumber && number)
            type.scale = std::max(type.scale, number->scale);
        }
      }
      if (type.scale > 0) type.kind = ValueType::kDecimal;
      return type;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<ExprChecker::LookupKey> ExprChecker::ReadLookupKey(
    const lang::Name& name, std::uint32_t policy, const std::vector<lang::Literal>& values,
    lang::Span span) {
  std::optional<Type> type;
  if (const auto alias = words_.names.types.Index(name.text)) {
    type = ResolveType(words_.names.types[*alias].tree->type, words_, policy, reporter_);
  } else if (const auto fact = facts_.Find(name.text)) {
    if (!facts_.broken[fact->value]) type = TypeOf(facts_.fact(*fact));
  } else {
    std::vector<std::string> candidates = words_.names.types.Names();
    for (const table::Fact& known : facts_.facts) candidates.push_back(known.name);
    reporter_.UnknownName("type, fact or input", name, candidates);
  }
  if (!type) return std::nullopt;
  if (!CanBeKey(*type)) {
    reporter_.Report(Diagnostic{DiagnosticKind::kTypeMismatch, name.span,
                                "a key of a table is true or false, an enum, or an integer of at "
                                "most 64 values, and `" +
                                    name.text + "` is " + Describe(*type)});
    return std::nullopt;
  }
  LookupKey key{.type = *type, .values = {}};
  for (const lang::Literal& literal : values) {
    const auto value = ReadValue(literal, *type, "`" + name.text + "`", words_, policy, reporter_);
    if (!value) return std::nullopt;
    if (std::ranges::find(key.values, value->number) != key.values.end()) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kSaidTwice, literal.span,
                     "the table speaks of `" + ValueName(*type, value->number) + "` twice"});
      return std::nullopt;
    }
    key.values.push_back(value->number);
  }
  for (std::int64_t value = type->low; value <= type->high; ++value) {
    if (std::ranges::find(key.values, value) != key.values.end()) continue;
    reporter_.Report(
        Diagnostic{DiagnosticKind::kIncomplete, span,
                   "the table does not say what holds for `" + ValueName(*type, value) + "`"}
            .Hint("every value of `" + name.text + "` needs its cells"));
    return std::nullopt;
  }
  return key;
}

bool ExprChecker::ReadCells(const lang::Lookup& tree, std::uint32_t policy, LookupTable& out) {
  const std::size_t width = tree.keys.size() == 2 ? tree.head.size() : 1;
  for (const lang::LookupRow& row : tree.rows) {
    if (row.values.size() == width) continue;
    reporter_.Report(Diagnostic{DiagnosticKind::kIncomplete, row.span,
                                "this row has " + std::to_string(row.values.size()) +
                                    " values, and the table has " + std::to_string(width) +
                                    (width == 1 ? " column" : " columns")});
    return false;
  }
  const std::optional<Type> type =
      tree.type ? ResolveType(*tree.type, words_, policy, reporter_) : TypeOfCells(tree);
  const bool fits =
      type && (type->kind == ValueType::kBool || type->kind == ValueType::kEnum ||
               type->kind == ValueType::kInteger || type->kind == ValueType::kDecimal ||
               type->kind == ValueType::kMoney || type->kind == ValueType::kDuration);
  if (!fits) {
    if (type || !tree.type) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kTypeMismatch, tree.rows.front().values.front().span,
                     "the cells of a table are numbers, amounts, durations, or words of an enum"}
              .Hint("say what words are: `table " + tree.name.text + "(…) : TYPE { … }`"));
    }
    return false;
  }
  for (const lang::LookupRow& row : tree.rows) {
    for (const lang::Literal& cell : row.values) {
      const auto value =
          ReadValue(cell, *type, "a cell of `" + tree.name.text + "`", words_, policy, reporter_);
      if (!value) return false;
      out.cells.push_back(value->number);
    }
  }
  out.type = *type;
  return true;
}

ExprChecker::LookupTable ExprChecker::ReadLookup(const lang::Lookup& tree, std::uint32_t policy) {
  LookupTable out;
  const bool two = tree.keys.size() == 2;
  if (tree.keys.size() > 2 || tree.rows.empty() || two == tree.head.empty()) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                   tree.keys.size() > 2 ? "a table has one key or two"
                   : tree.rows.empty()  ? "a table without rows"
                   : two ? "a table of two keys names the values of the second above its columns"
                         : "a table of one key has no words above its column"}
            .Hint(two ? "write `value, value` before the first row" : "write `key: value`"));
    return out;
  }
  std::vector<lang::Literal> rows;
  for (const lang::LookupRow& row : tree.rows) rows.push_back(row.key);
  auto first = ReadLookupKey(tree.keys[0], policy, rows, tree.name.span);
  if (!first || !ReadCells(tree, policy, out)) return out;
  out.keys.push_back(*std::move(first));
  if (two) {
    auto second = ReadLookupKey(tree.keys[1], policy, tree.head, tree.name.span);
    if (!second) return out;
    out.keys.push_back(*std::move(second));
  }
  if (out.cells.size() > kMaxCells) {
    reporter_.Report(Diagnostic{DiagnosticKind::kTooLarge, tree.name.span,
                                "the table has " + std::to_string(out.cells.size()) +
                                    " cells, and at most " + std::to_string(kMaxCells) +
                                    " are possible"});
    return out;
  }
  out.broken = false;
  return out;
}

Operand ExprChecker::CheckLookup(const lang::Expr& expr, const Scope& scope, std::uint32_t index) {
  used_lookups[index] = true;
  const LookupTable& table = lookups_[index];
  const std::string name(words_.names.lookups[index].name);
  std::vector<ExprId> keys;
  for (std::size_t i = 0; i < expr.operands.size(); ++i) {
    Operand operand = Check(expr.operands[i], scope);
    if (operand.Is(ShapeKind::kBroken) || table.broken) return Broken(expr.span);
    if (i >= table.keys.size()) break;
    const Type& type = table.keys[i].type;
    const Shape wanted = ShapeOf(type);
    // A bare word is a value of the key.
    const Operand key{.shape = wanted, .span = expr.span};
    if (operand.Is(ShapeKind::kWord) && !ResolveWord(operand, key, scope)) return Broken(expr.span);
    if (RefuseAmbiguous(operand, key)) return Broken(expr.span);
    const Node& node = At(operand.id);
    const bool suits = operand.Is(wanted.kind) &&
                       (!operand.Is(ShapeKind::kEnum) || *operand.shape.values == type.values) &&
                       (!operand.Is(ShapeKind::kNumber) ||
                        (node.scale == 0 && node.low >= type.low && node.high <= type.high));
    if (!suits) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kTypeMismatch, expr.operands[i].span,
                     "`" + name + "` has a row for each " + Describe(type) + ", and " +
                         Shown(expr.operands[i].span) + " is " + DescribeShape(operand) +
                         (operand.Is(ShapeKind::kNumber) ? " that can lie outside" : "")}
              .At(words_.names.lookups[index].span, "declared here"));
      return Broken(expr.span);
    }
    keys.push_back(operand.id);
  }
  if (table.broken) return Broken(expr.span);
  if (expr.operands.size() != table.keys.size()) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, expr.span,
                   "`" + name + "` is asked with " + std::to_string(table.keys.size()) + " keys"}
            .At(words_.names.lookups[index].span, "declared here"));
    return Broken(expr.span);
  }
  const ExprId cell = Select(table, keys, expr.span);
  if (table.type.kind == ValueType::kBool)
    return Bool(NodeKind::kEqual, {cell, Constant({1, 0}, expr.span)}, expr.span);
  return Operand{.shape = ShapeOf(table.type), .id = cell, .span = expr.span};
}

// At most one term of a sum is not 0, so every partial sum lies between 0 and a cell.
ExprId ExprChecker::Select(const LookupTable& table, const std::vector<ExprId>& keys,
                           lang::Span span) {
  const auto [low, high] = std::ranges::minmax(table.cells);
  const auto arithmetic = [&](NodeKind kind, ExprId a, ExprId b) {
    Node node;
    node.kind = kind;
    node.operands = {a, b};
    node.low = std::min<std::int64_t>(0, low), node.high = std::max<std::int64_t>(0, high);
    node.scale = table.type.scale;
    node.span = span;
    return Add(std::move(node));
  };
  const auto where = [&](std::size_t key, std::size_t i) {
    return Bool(NodeKind::kEqual, {keys[key], Constant({table.keys[key].values[i], 0}, span)}, span)
        .id;
  };
  const auto sum = [&](std::size_t count, const auto& term) {
    ExprId total;
    for (std::size_t i = 0; i < count; ++i) {
      const ExprId next = term(i);
      total = total.valid() ? arithmetic(NodeKind::kAdd, total, next) : next;
    }
    return total;
  };
  std::vector<ExprId> columns;
  if (keys.size() == 2) {
    for (std::size_t j = 0; j < table.keys[1].values.size(); ++j) columns.push_back(where(1, j));
  }
  const std::size_t width = std::max<std::size_t>(1, columns.size());
  const ExprId total = sum(table.keys[0].values.size(), [&](std::size_t i) {
    const auto cell = [&](std::size_t j) {
      return Constant({table.cells[i * width + j], table.type.scale}, span);
    };
    const ExprId row = columns.empty() ? cell(0) : sum(width, [&](std::size_t j) {
      return arithmetic(NodeKind::kMultiply, columns[j], cell(j));
    });
    return arithmetic(NodeKind::kMultiply, where(0, i), row);
  });
  nodes[total.value].low = low, nodes[total.value].high = high;
  return total;
}

}  // namespace writ::compiler::check
