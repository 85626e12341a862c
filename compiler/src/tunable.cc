// `threshold T = 200 EUR tunable in 100 EUR..300 EUR by 10 EUR`: what a search for better values
// may try (docs/semantics.md, M47). What holds whatever is tuned does not hang on it.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "execution.h"
#include "stated_limits.h"
#include "units.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Literal;
using lang::LiteralKind;

struct Size {
  std::string unit;  // only the same can be compared
  Wide value = 0;
};

constexpr std::uint8_t kScale = 9;

// Nothing where it is no amount.
std::optional<Size> SizeOf(const Literal& literal) {
  const bool amount = literal.kind == LiteralKind::kNumber || literal.kind == LiteralKind::kMoney ||
                      literal.kind == LiteralKind::kDuration;
  const auto number = amount ? ReadNumber(literal.text) : std::nullopt;
  const auto digits = number && number->scale <= kScale ? Rescale(*number, kScale) : std::nullopt;
  if (!digits) return std::nullopt;
  if (literal.kind == LiteralKind::kNumber) return Size{"", *digits};
  if (literal.kind == LiteralKind::kMoney) return Size{literal.unit, *digits};
  if (const auto months = CalendarMonths(literal)) return Size{"months", Wide{*months}};
  const auto unit = UnitMilliseconds(literal.unit);
  return unit ? std::optional(Size{"time", Wide{*digits} * *unit}) : std::nullopt;
}

class TunableChecker {
 public:
  TunableChecker(const Words& words, Reporter& reporter, std::vector<table::Statement>& statements)
      : words_(words), reporter_(reporter), statements_(statements) {}

  void Run() {
    for (const auto& entry : words_.names.thresholds) {
      if (!entry.tree->tunable || !CheckRange(*entry.tree)) continue;
      tunable_.insert(entry.tree->name.text);
      statements_.push_back({runtime::StatementOf::kPolicy, 0, runtime::StatementWord::kTunable,
                             entry.tree->name.text + ": " + Text(*entry.tree->tunable)});
    }
    if (tunable_.empty()) return;
    for (const lang::Policy* policy : words_.house.policies) {
      for (const lang::Declaration& declaration : policy->declarations)
        std::visit(
            [&](const auto& tree) {
              if constexpr (requires { CheckUses(tree); }) CheckUses(tree);
            },
            declaration);
    }
  }

 private:
  static std::string Text(const lang::Tunable& tree) {
    return "in " + AmountText(tree.low) + ".." + AmountText(tree.high) +
           (tree.step ? " by " + AmountText(*tree.step) : std::string());
  }

  bool Refuse(lang::Span span, std::string what, std::string hint) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kNotTunable, span, std::move(what)}.Hint(std::move(hint)));
    return false;
  }

  bool CheckRange(const lang::Threshold& tree) {
    const lang::Tunable& range = *tree.tunable;
    const auto value = SizeOf(tree.value), low = SizeOf(range.low), high = SizeOf(range.high);
    const auto step = range.step ? SizeOf(*range.step) : std::optional<Size>(value);
    if (!value || !low || !high || !step)
      return Refuse(range.span, "only numbers, money and durations can be tuned",
                    "leave `tunable` out");
    if (low->unit != value->unit || high->unit != value->unit || step->unit != value->unit)
      return Refuse(range.span,
                    "`" + tree.name.text + "` is " + AmountText(tree.value) +
                        ", and what it may be tuned to is something else",
                    "write the range in the unit of the value");
    if (low->value >= high->value)
      return Refuse(range.span, "there is nothing to choose from in this range",
                    "write the smaller value first");
    if (value->value < low->value || value->value > high->value)
      return Refuse(tree.value.span,
                    "`" + tree.name.text + "` is not in the range to which it may be tuned",
                    "widen the range, or choose a value in it");
    if (range.step && step->value <= 0)
      return Refuse(range.step->span, "a step leads nowhere that is not above 0",
                    "leave it out where every value will do");
    if (range.step && (value->value - low->value) % step->value != 0)
      return Refuse(
          tree.value.span,
          "`" + tree.name.text + "` is between two steps, counted from " + AmountText(range.low),
          "choose a value that a step leads to");
    return true;
  }

  // What stands whatever is tuned.
  void CheckUses(const lang::Delegation& tree) {
    CheckClauses(tree.clauses);
    for (const lang::ForBlock& block : tree.blocks) CheckClauses(block.clauses);
  }
  void CheckUses(const lang::Exception& tree) {
    if (tree.up_to) CheckExpr(*tree.up_to, "an exception");
  }
  void CheckUses(const lang::Assume& tree) { CheckExpr(tree.condition, "an assumption"); }
  void CheckUses(const lang::Invariant& tree) {
    if (tree.condition) CheckExpr(*tree.condition, "an invariant");
  }
  void CheckUses(const lang::Approvals& tree) {
    for (const lang::Stage& stage : tree.stages)
      if (stage.when) CheckExpr(*stage.when, "a signature");
  }
  void CheckUses(const lang::Promotion& tree) {
    for (const lang::Transition& step : tree.transitions) {
      if (step.when) CheckExpr(*step.when, "what becomes the record");
    }
  }
  void CheckUses(const lang::Exposure& tree) {
    CheckName(tree.up_to, "what an anchor answers for");
    CheckName(tree.within, "what an anchor answers for");
  }

  void CheckClauses(const std::vector<lang::Clause>& clauses) {
    for (const lang::Clause& clause : clauses) {
      if (clause.kind == lang::ClauseKind::kCeiling && clause.condition)
        CheckExpr(*clause.condition, "a ceiling");
    }
  }

  void CheckName(const std::optional<Literal>& literal, std::string_view what) {
    if (literal && literal->kind == LiteralKind::kWord && tunable_.contains(literal->text))
      RefuseUse({literal->text, literal->span}, what);
  }

  // Through `let`, each once a condition.
  void CheckExpr(const lang::Expr& root, std::string_view what) {
    std::set<std::string_view> entered;
    std::vector<const lang::Expr*> open = {&root};
    while (!open.empty()) {
      const lang::Expr& expr = *open.back();
      open.pop_back();
      for (const lang::Expr& operand : expr.operands) open.push_back(&operand);
      if (expr.kind != lang::ExprKind::kName || !expr.name) continue;
      if (tunable_.contains(expr.name->text)) RefuseUse(*expr.name, what);
      const auto* let = words_.names.lets.Find(expr.name->text);
      if (let && entered.insert(let->name).second) open.push_back(&let->tree->value);
    }
  }

  void RefuseUse(const lang::Name& name, std::string_view what) {
    const auto* threshold = words_.names.thresholds.Find(name.text);
    if (!refused_.emplace(name.text, what).second) return;
    reporter_.Report(
        Diagnostic{DiagnosticKind::kNotTunable, name.span,
                   "`" + name.text + "` may be tuned, and " + std::string(what) + " rests on it"}
            .At(threshold->tree->tunable->span, "tunable here")
            .Hint("give what must stand a threshold of its own"));
  }

  const Words& words_;
  Reporter& reporter_;
  std::vector<table::Statement>& statements_;
  std::set<std::string, std::less<>> tunable_;
  std::set<std::pair<std::string, std::string_view>> refused_;  // with what rests on it
};

}  // namespace

void CollectTunables(const Words& words, Reporter& reporter,
                     std::vector<table::Statement>& statements) {
  TunableChecker(words, reporter, statements).Run();
}

}  // namespace writ::compiler::check
