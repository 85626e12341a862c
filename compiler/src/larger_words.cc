// What larger words stand for, printed as smaller words of the language: the trees that the pass
// makes, with what the author wrote as it stands. Entry point: DescribeLargerWords.
#include "writ/compiler/larger_words.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "expand.h"

namespace writ::compiler {
namespace check {
namespace {

using lang::CompareOp;
using lang::Expr;
using lang::ExprKind;

std::string_view SignOf(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return " = ";
    case CompareOp::kNotEqual:
      return " != ";
    case CompareOp::kLess:
      return " < ";
    case CompareOp::kLessEqual:
      return " <= ";
    case CompareOp::kGreater:
      return " > ";
    case CompareOp::kGreaterEqual:
      return " >= ";
  }
  return "";
}

class Printer {
 public:
  Printer(const lang::SourceSet& sources, Expansion expansion)
      : sources_(sources), expansion_(std::move(expansion)) {}

  std::vector<LargerWord> Run() {
    std::vector<std::pair<lang::Span, LargerWord>> words;
    for (const ExpandedWord& word : expansion_.words) words.emplace_back(word.span, Print(word));
    for (const auto& [name, approvals] : expansion_.approvals)
      words.emplace_back(approvals.tree->span, Print(approvals));
    std::ranges::sort(
        words, {}, [](const auto& word) { return std::pair(word.first.file, word.first.begin); });
    std::vector<LargerWord> sorted;
    for (auto& [span, word] : words) sorted.push_back(std::move(word));
    return sorted;
  }

 private:
  LargerWord Begin(std::string what, lang::Span span) const {
    return {.what = std::move(what),
            .file = BaseName(sources_.Path(lang::FileId{span.file})),
            .line = sources_.LineColumn(span).line,
            .declarations = {},
            .rows = {}};
  }

  LargerWord Print(const ExpandedWord& word) const {
    LargerWord printed =
        Begin(word.prefix.empty() ? "separate" : word.prefix.substr(0, word.prefix.size() - 2),
              word.span);
    printed.declarations = word.declarations;
    for (const ExpandedBlock& block : word.blocks) {
      std::uint32_t number = 0;
      for (const lang::Clause& clause : block.clauses) {
        if (clause.condition) AddCounters(*clause.condition, printed);
        printed.rows.push_back({word.name + "/" + block.name + "/" + std::string(block.kind) + "." +
                                    std::to_string(++number),
                                OneLine(sources_.Text(clause.span)),
                                "for " + block.name + ": " + RowText(clause)});
      }
    }
    return printed;
  }

  LargerWord Print(const ExpandedApprovals& approvals) const {
    const lang::Approvals& tree = *approvals.tree;
    LargerWord printed = Begin("approvals " + tree.name.text, tree.span);
    for (const ExpandedStage& stage : approvals.stages) {
      const std::string& role = stage.tree->role.text;
      const std::string name = tree.name.text + "." + role;
      printed.declarations.push_back("event approval." + name + " from approvals");
      printed.declarations.push_back("meter signed." + name + " = exists approval." + name +
                                     " per case since " + tree.capability.text);
      if (const auto anchor = expansion_.stage_anchors.find(role);
          anchor != expansion_.stage_anchors.end())
        printed.declarations.push_back("anchor " + role + " { held by " + role + "  … as " +
                                       anchor->second->name.text + " }");
      printed.rows.push_back({"…/approval.N." + role, OneLine(sources_.Text(stage.tree->span)),
                              "escalate to " + role + " when " + Condition(stage.asked)});
    }
    printed.rows.push_back({"", "approval " + tree.name.text, Condition(approvals.granted)});
    return printed;
  }

  [[nodiscard]] std::string RowText(const lang::Clause& clause) const {
    if (clause.condition) return Verdict(clause) + " when " + Condition(*clause.condition);
    return "require evidence " + JoinNames(clause.evidence, ", ");
  }

  static std::string Verdict(const lang::Clause& clause) {
    const std::string anchor = clause.anchor ? " to " + clause.anchor->text : "";
    switch (clause.kind) {
      case lang::ClauseKind::kEscalate:
        return "escalate" + anchor;
      case lang::ClauseKind::kNote:
        return "note";
      case lang::ClauseKind::kNotify:
        return "notify " + (clause.anchor ? clause.anchor->text : "");
      default:
        return "deny";
    }
  }

  // The counters that a condition reads, each once a word.
  void AddCounters(const Expr& expr, LargerWord& word) const {
    std::string text;
    if (expr.kind == ExprKind::kCall && expr.name && FoldOfCall(expr.name->text) &&
        expr.operands.size() == 1 && expr.operands[0].name) {
      const std::string& target = expr.operands[0].name->text;
      const bool counts = FoldOfCall(expr.name->text) == lang::Fold::kCount;
      text = "meter " + expr.name->text + "(" + target +
             ") = " + (counts ? "count" : expr.name->text) + " " + target + " per case" +
             (expr.name->text == "own" ? ", actor" : "");
    } else if (expr.kind == ExprKind::kName && expr.name) {
      const auto counter = std::ranges::find_if(expansion_.meters, [&](const auto& meter) {
        return meter.first.name.text == expr.name->text;
      });
      if (counter != expansion_.meters.end()) text = MeterText(counter->first);
    }
    if (!text.empty() && std::ranges::find(word.declarations, text) == word.declarations.end())
      word.declarations.push_back(std::move(text));
    for (const Expr& operand : expr.operands) AddCounters(operand, word);
  }

  [[nodiscard]] std::string MeterText(const lang::Meter& meter) const {
    std::string text = "meter " + meter.name.text + " = count " + meter.target.text + " per case";
    if (meter.since) text += " since " + meter.since->text;
    if (meter.within) text += " within " + OneLine(sources_.Text(meter.within->span));
    return text;
  }

  [[nodiscard]] std::string Condition(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::kAnd:
      case ExprKind::kOr: {
        std::string text;
        for (const Expr& operand : expr.operands) {
          if (!text.empty()) text += expr.kind == ExprKind::kAnd ? " and " : " or ";
          text += expr.kind == operand.kind ? Condition(operand) : Part(operand);
        }
        return text;
      }
      case ExprKind::kNot:
        return "not " + Part(expr.operands[0]);
      case ExprKind::kCompare:
        return Condition(expr.operands[0]) + std::string(SignOf(expr.op)) +
               Condition(expr.operands[1]);
      case ExprKind::kName:
        return expr.name->text;
      case ExprKind::kCall:
        if (expr.operands.size() != 1 || !expr.operands[0].name) return Source(expr);
        if (expr.name->text == "approval") return "approval " + expr.operands[0].name->text;
        return expr.name->text + "(" + expr.operands[0].name->text + ")";
      case ExprKind::kLiteral:
        if (expr.literal->kind == lang::LiteralKind::kBool) return expr.literal->text;
        if (expr.literal->span.begin != expr.literal->span.end) return Source(expr);
        return expr.literal->text + (expr.literal->unit.empty() ? "" : " " + expr.literal->unit);
      default:
        return Source(expr);
    }
  }

  // In parentheses where it has parts itself.
  [[nodiscard]] std::string Part(const Expr& expr) const {
    const bool parts = expr.kind == ExprKind::kAnd || expr.kind == ExprKind::kOr ||
                       (expr.kind == ExprKind::kNot && expr.operands[0].kind == ExprKind::kNot);
    return parts ? "(" + Condition(expr) + ")" : Condition(expr);
  }

  [[nodiscard]] std::string Source(const Expr& expr) const {
    return OneLine(sources_.Text(expr.span));
  }

  const lang::SourceSet& sources_;
  Expansion expansion_;
};

}  // namespace
}  // namespace check

std::vector<LargerWord> DescribeLargerWords(const std::vector<const lang::Policy*>& policies,
                                            const lang::SourceSet& sources) {
  lang::DiagnosticSink sink;
  check::Reporter reporter(sink);
  const CheckOptions options;
  const check::House house{policies, sources, options};
  return check::Printer(sources, check::ExpandWords(house, reporter)).Run();
}

}  // namespace writ::compiler
