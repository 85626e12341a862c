// `budget NAME within OTHER { … }`: what may be used up before a person is asked
// (docs/semantics.md, M38).
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "expand.h"
#include "units.h"

namespace writ::compiler::check {

using lang::BudgetLine;
using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::Measure;

namespace {

constexpr std::array<std::string_view, 4> kMeasures = {"calls", "tokens", "cost", "wall"};
constexpr std::array kAmountKinds = {lang::LiteralKind::kNumber, lang::LiteralKind::kNumber,
                                     lang::LiteralKind::kMoney, lang::LiteralKind::kDuration};
constexpr std::array kSpentTypes = {lang::TypeKind::kInteger, lang::TypeKind::kInteger,
                                    lang::TypeKind::kMoney, lang::TypeKind::kDuration};

std::string_view WordOf(Measure measure) { return kMeasures[static_cast<std::size_t>(measure)]; }

const BudgetLine* Find(const lang::Budget& budget, Measure measure) {
  const auto line = std::ranges::find(budget.lines, measure, &BudgetLine::measure);
  return line == budget.lines.end() ? nullptr : &*line;
}

// In the smallest unit of its kind, as far as it can be read.
std::optional<Wide> AmountOf(const lang::Literal& literal) {
  const auto number = ReadNumber(literal.text);
  if (!number) return std::nullopt;
  const auto digits = Rescale(*number, std::max<std::uint8_t>(number->scale, 6));
  if (!digits || number->scale > 6) return std::nullopt;
  if (literal.kind != lang::LiteralKind::kDuration) return Wide{*digits};
  const auto unit = UnitMilliseconds(literal.unit);
  return unit ? std::optional<Wide>(Wide{*digits} * *unit) : std::nullopt;
}

class BudgetExpander {
 public:
  BudgetExpander(const lang::Budget& tree, ExpandContext& context)
      : tree_(tree), context_(context) {}

  void Run() {
    if (!tree_.exhausted || tree_.lines.empty()) {
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kIncomplete, tree_.name.span,
                     "budget `" + tree_.name.text + "` does not say " +
                         (tree_.lines.empty() ? "how much there is" : "what its end means")}
              .Hint(tree_.lines.empty() ? "write, for example, `calls 60`"
                                        : "write `on exhausted deny`, or `escalate`"));
      return;
    }
    CheckParent();
    word_ = WordOf("budget", tree_, context_);
    targets_ = tree_.capabilities.empty() ? Everything() : tree_.capabilities;
    if (targets_.empty()) return;
    for (const BudgetLine& line : tree_.lines) AddLine(line);
    context_.out.words.push_back(std::move(word_));
  }

 private:
  // Handing over to a person costs nothing.
  [[nodiscard]] std::vector<lang::Name> Everything() const {
    std::vector<lang::Name> all;
    for (const auto& [name, capability] : context_.index.capabilities) {
      if (!capability->hands_over_to) all.push_back({capability->name.text, tree_.name.span});
    }
    return all;
  }

  void CheckParent() {
    if (!tree_.within) return;
    std::set<std::string_view> seen = {tree_.name.text};
    const lang::Budget* at = &tree_;
    while (at->within) {
      const auto parent = context_.index.budgets.find(at->within->text);
      if (parent == context_.index.budgets.end()) {
        std::vector<std::string> known;
        for (const auto& [name, budget] : context_.index.budgets) known.emplace_back(name);
        context_.reporter.UnknownName("budget", *at->within, known);
        return;
      }
      if (!seen.insert(parent->second->name.text).second) {
        context_.reporter.Report(Diagnostic{DiagnosticKind::kCircular, tree_.within->span,
                                            "budget `" + tree_.name.text + "` is within itself"});
        return;
      }
      at = parent->second;
      Compare(*at);
    }
  }

  void Compare(const lang::Budget& parent) {
    for (const BudgetLine& line : tree_.lines) {
      const BudgetLine* above = Find(parent, line.measure);
      if (!above) continue;
      const auto own = AmountOf(line.amount);
      const auto whole = AmountOf(above->amount);
      const bool other = line.measure == Measure::kCost && line.amount.unit != above->amount.unit;
      if (!own || !whole || (*own <= *whole && !other)) continue;
      context_.reporter.Report(Diagnostic{
          DiagnosticKind::kBudgetAboveParent, line.span,
          "`" + tree_.name.text + "` has " +
              (other ? "another currency" : "more " + std::string(WordOf(line.measure))) +
              " than `" + parent.name.text + "`, of which it is a part"}
                                   .At(above->span, "all there is")
                                   .Hint("a part is no more than the whole"));
    }
  }

  void AddLine(const BudgetLine& line) {
    const auto measure = static_cast<std::size_t>(line.measure);
    const lang::Literal& amount = line.amount;
    if (amount.kind != kAmountKinds[measure]) {
      static constexpr std::array<std::string_view, 4> kExamples = {"60", "200_000", "3.00 EUR",
                                                                    "15 minutes"};
      const std::string word(WordOf(line.measure));
      context_.reporter.Report(
          Diagnostic{DiagnosticKind::kTypeMismatch, amount.span,
                     "this is no amount of `" + word + "`"}
              .Hint("write, for example, `" + word + " " + std::string(kExamples[measure]) + "`"));
      return;
    }
    const lang::Name spent = {"budget." + tree_.name.text + "." + std::string(WordOf(line.measure)),
                              line.span};
    if (line.measure == Measure::kCalls) {
      Meter(spent);
    } else {
      lang::Facts facts = FactOf(spent, kSpentTypes[measure]);
      facts.lines.front().type.currency = amount.unit;
      context_.out.implied.emplace_back(std::move(facts), context_.policy);
      word_.declarations.push_back("fact " + spent.text + " from host");
    }
    lang::Clause clause = ClauseOf(
        tree_.exhausted == lang::Verdict::kDeny ? ClauseKind::kDeny : ClauseKind::kEscalate,
        check::Compare(CompareOp::kGreaterEqual, Named(spent.text, line.span), Valued(amount),
                       line.span),
        line.span);
    clause.anchor = tree_.anchor;
    ExpandedBlock& block = word_.Block(
        tree_.capabilities.empty() ? "*" : JoinNames(tree_.capabilities, "+"), "budget");
    block.targets = targets_;
    block.clauses.push_back(std::move(clause));
  }

  void Meter(const lang::Name& name) {
    lang::Meter meter;
    meter.name = name;
    meter.per = {{"session", name.span}};
    meter.span = name.span;
    if (targets_.size() == 1) {
      meter.target = targets_.front();
    } else {
      lang::Group group;
      group.name = {"budget." + tree_.name.text, tree_.name.span};
      group.members = targets_;
      group.span = tree_.name.span;
      meter.target = group.name;
      context_.out.implied.emplace_back(std::move(group), context_.policy);
    }
    word_.declarations.push_back(
        "meter " + name.text + " = count " +
        (tree_.capabilities.empty() ? "every capability" : JoinNames(targets_, ", ")) +
        " per session");
    context_.out.implied.emplace_back(std::move(meter), context_.policy);
  }

  const lang::Budget& tree_;
  ExpandContext& context_;
  ExpandedWord word_;
  std::vector<lang::Name> targets_;
};

}  // namespace

void Expand(const lang::Budget& tree, ExpandContext context) {
  BudgetExpander(tree, context).Run();
}

}  // namespace writ::compiler::check
