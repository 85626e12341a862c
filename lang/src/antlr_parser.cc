// The fence around ANTLR: its headers, types and exceptions are known in this file only. Three
// small adapters connect the generated parser with the rest:
//   Tokens      our token list as ANTLR's token stream (no second lexer, no copies of texts)
//   TreeMaker   rule entries and exits, recorded as a flat concrete syntax tree; ANTLR's own tree
//   is off Strategy    every error goes to SyntaxErrors, and parsing goes on where Recovery says
// The driver below them parses a file unit by unit, so that memory is bounded by the longest
// declaration.
//
// The grammar needs one token of lookahead everywhere: neither SLL nor LL prediction is ever asked.
//
// Entry point: ParseSyntax.
#include <algorithm>
#include <bitset>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "WritParser.h"
#include "antlr4-runtime.h"
#include "recovery.h"
#include "syntax.h"
#include "syntax_errors.h"

namespace writ::lang {
namespace {

using writ_grammar::WritParser;

#define WRIT_TOKEN(enumerator, grammar_name, spelling) \
  static_assert(static_cast<std::size_t>(TokenKind::enumerator) == WritParser::grammar_name);
#include "token_kind.def"
#undef WRIT_TOKEN
#define WRIT_RULE(name, phrase) \
  static_assert(static_cast<std::size_t>(Rule::k##name) == WritParser::Rule##name);
#include "rule.def"
#undef WRIT_RULE

std::size_t AntlrType(TokenKind kind) {
  return kind == TokenKind::kEnd ? antlr4::Token::EOF : static_cast<std::size_t>(kind);
}

// One token as ANTLR sees it: a type and an index. Positions are asked from the token list.
class TokenView final : public antlr4::Token {
 public:
  TokenView(std::size_t type, std::size_t index) : type_(type), index_(index) {}
  std::string getText() const override { return {}; }
  std::size_t getType() const override { return type_; }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() const override { return 0; }
  std::size_t getChannel() const override { return DEFAULT_CHANNEL; }
  std::size_t getTokenIndex() const override { return index_; }
  std::size_t getStartIndex() const override { return index_; }
  std::size_t getStopIndex() const override { return index_; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

 private:
  std::size_t type_;
  std::size_t index_;
};

class Tokens final : public antlr4::TokenStream {
 public:
  explicit Tokens(const TokenList& list) {
    views_.reserve(list.tokens.size());
    for (const Token& token : list.tokens)
      views_.emplace_back(AntlrType(token.kind), views_.size());
  }

  [[nodiscard]] std::uint32_t at() const { return static_cast<std::uint32_t>(at_); }

  antlr4::Token* LT(ssize_t k) override { return get(Clamp(k)); }
  std::size_t LA(ssize_t k) override { return views_[Clamp(k)].getType(); }
  antlr4::Token* get(std::size_t index) const override {
    return const_cast<TokenView*>(&views_[index]);  // ANTLR's interface; it never writes to it
  }
  void consume() override { at_ = std::min(at_ + 1, views_.size() - 1); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = std::min(index, views_.size() - 1); }
  std::size_t size() override { return views_.size(); }
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  [[nodiscard]] std::size_t Clamp(ssize_t k) const {
    if (k < 0) return at_ - std::min(at_, static_cast<std::size_t>(-k));
    return std::min(at_ + static_cast<std::size_t>(k) - 1, views_.size() - 1);
  }

  std::vector<TokenView> views_;
  std::size_t at_ = 0;
};

class TreeMaker final : public antlr4::tree::ParseTreeListener {
 public:
  TreeMaker(Tokens& tokens, SyntaxErrors& errors) : tokens_(tokens), errors_(errors) {}

  void enterEveryRule(antlr4::ParserRuleContext* context) override {
    open_.push_back(static_cast<std::uint32_t>(cst_.nodes.size()));
    const auto rule = static_cast<Rule>(context->getRuleIndex());
    cst_.nodes.push_back({rule, tokens_.at(), tokens_.at()});
  }
  void exitEveryRule(antlr4::ParserRuleContext*) override {
    CstNode& node = cst_.nodes[open_.back()];
    open_.pop_back();
    node.end = tokens_.at();
    node.next = static_cast<std::uint32_t>(cst_.nodes.size());
    if (node.rule == Rule::kExpr) errors_.ConditionEndsAt(node.end);
  }
  void visitTerminal(antlr4::tree::TerminalNode*) override {}
  void visitErrorNode(antlr4::tree::ErrorNode*) override {}

  // A mistake is in every rule that is open now.
  void MarkBroken() {
    for (const std::uint32_t node : open_) cst_.nodes[node].broken = true;
  }

  Cst& cst() { return cst_; }
  // The rules that are open now, outermost first.
  [[nodiscard]] std::vector<Frame> Stack() const {
    std::vector<Frame> stack;
    for (const std::uint32_t node : open_)
      stack.push_back({cst_.nodes[node].rule, cst_.nodes[node].first});
    return stack;
  }

 private:
  Tokens& tokens_;
  SyntaxErrors& errors_;
  Cst cst_;
  std::vector<std::uint32_t> open_;
};

// Where the generated parser meets a token that it cannot use, it throws inside the rule, and the
// rule calls reportError and recover. Rules with a list of items call sync between them as well.
// After an error nothing is reported until a token has been matched again, so that one mistake is
// one message.
class Strategy final : public antlr4::ANTLRErrorStrategy {
 public:
  Strategy(Tokens& tokens, TreeMaker& tree, const Recovery& recovery, SyntaxErrors& errors)
      : tokens_(tokens), tree_(tree), recovery_(recovery), errors_(errors) {}

  void reset(antlr4::Parser*) override { recovering_ = told_unclosed_ = false; }
  bool inErrorRecoveryMode(antlr4::Parser*) override { return recovering_; }
  void reportMatch(antlr4::Parser*) override { recovering_ = false; }

  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    throw antlr4::InputMismatchException(parser);
  }
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& exception) override {
    (void)exception;
    Complain(parser->getExpectedTokens());
  }
  // Only a list of items can go on, or the driver. What is between passes the exception on;
  // otherwise a rule in the middle would go on matching what does not belong to it.
  void recover(antlr4::Parser*, std::exception_ptr exception) override {
    std::vector<Frame> stack = tree_.Stack();
    stack.pop_back();  // the rule that has just failed
    const bool to_list = !stack.empty() && IsContainer(stack.back().rule) &&
                         recovery_.OpeningBrace(stack.back()) < tokens_.at();
    if (!stack.empty() && !to_list) std::rethrow_exception(exception);
    Resume();
  }

  void sync(antlr4::Parser* parser) override {
    antlr4::atn::ATNState* state = parser->getATN().states[parser->getState()];
    if (!IsContainer(static_cast<Rule>(state->ruleIndex))) return;
    const std::size_t type = state->getStateType();
    if (type != antlr4::atn::ATNState::STAR_LOOP_ENTRY &&
        type != antlr4::atn::ATNState::STAR_LOOP_BACK) {
      return;
    }
    const Loop& loop = LoopAt(*parser, parser->getState());
    const std::size_t next = tokens_.LA(1);
    if (next < loop.tokens.size() && loop.tokens.test(next)) return;
    const bool leaving = recovery_.CanOnlyFollow(Innermost(), tokens_.at());
    Complain(loop.expected);
    told_unclosed_ = told_unclosed_ || leaving;
    if (leaving) return;  // the closing brace is missed next, in silence
    tokens_.seek(tokens_.at() + 1);
    Resume();
  }

 private:
  struct Loop {
    std::bitset<256> tokens;
    antlr4::misc::IntervalSet expected;
  };

  // What can stand at a state between items; a dozen states have any.
  const Loop& LoopAt(antlr4::Parser& parser, std::size_t state) {
    const auto [at, added] = loops_.try_emplace(state);
    Loop& loop = at->second;
    if (!added) return loop;
    loop.expected = parser.getATN().nextTokens(parser.getATN().states[state]);
    for (std::size_t kind = 1; kind < loop.tokens.size(); ++kind) {
      if (loop.expected.contains(kind)) loop.tokens.set(kind);
    }
    return loop;
  }

  void Complain(const antlr4::misc::IntervalSet& expected) {
    if (recovering_) return;
    recovering_ = true;
    tree_.MarkBroken();
    std::vector<TokenKind> kinds;
    for (const ssize_t type : expected.toList()) {
      if (type > 0) kinds.push_back(static_cast<TokenKind>(type));
    }
    errors_.Unexpected(tree_.Stack(), tokens_.at(), kinds);
  }

  [[nodiscard]] Rule Innermost() const {
    const std::vector<Frame> stack = tree_.Stack();
    return stack.empty() ? Rule::kDeclaration : stack.back().rule;
  }

  // What comes next is a new mistake if it is one, except that one missing brace lets all be
  // missed.
  void Resume() {
    const std::uint32_t from = std::max(tokens_.at(), errors_.told_end());
    const std::uint32_t at = recovery_.ResumeInside(tree_.Stack(), from);
    tokens_.seek(at);
    errors_.ResumedAt(at);
    recovering_ = told_unclosed_ && recovery_.CanOnlyFollow(Innermost(), at);
  }

  Tokens& tokens_;
  TreeMaker& tree_;
  const Recovery& recovery_;
  SyntaxErrors& errors_;
  bool recovering_ = false;
  bool told_unclosed_ = false;
  std::unordered_map<std::size_t, Loop> loops_;  // by state
};

class Driver {
 public:
  Driver(const TokenList& list, const ParseOptions& options, DiagnosticSink& sink,
         UnitReceiver& receiver)
      : list_(list),
        options_(options),
        recovery_(list),
        errors_(list, recovery_, sink),
        tokens_(list),
        tree_(tokens_, errors_),
        parser_(&tokens_),
        receiver_(receiver) {
    parser_.setBuildParseTree(false);
    parser_.removeErrorListeners();
    parser_.addParseListener(&tree_);
    parser_.setErrorHandler(std::make_shared<Strategy>(tokens_, tree_, recovery_, errors_));
    parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(
        options.prediction == Prediction::kFast ? antlr4::atn::PredictionMode::SLL
                                                : antlr4::atn::PredictionMode::LL);
  }

  void Run() {
    while (Kind() != TokenKind::kEnd) {
      if (Kind() == TokenKind::kPolicy) {
        ParseUnit(Rule::kHeader);
        in_head_ = true;
      } else if (StartsHeadItem()) {
        if (!in_head_) errors_.HeadOutOfPlace(tokens_.at());
        ParseUnit(Rule::kHeaderItem);
      } else if (recovery_.StartsUnit(tokens_.at()) && Kind() != TokenKind::kLater) {
        in_head_ = false;
        ParseUnit(Rule::kDeclaration);
      } else if (recovery_.StartsDelegationItem(tokens_.at())) {
        Orphans();
      } else {
        Misplaced();
      }
    }
    errors_.Finish();
  }

 private:
  [[nodiscard]] TokenKind Kind() const { return list_.tokens[tokens_.at()].kind; }

  [[nodiscard]] bool StartsHeadItem() const {
    const TokenKind kind = Kind();
    return kind == TokenKind::kUse || kind == TokenKind::kEffective || kind == TokenKind::kZone ||
           kind == TokenKind::kCase || (kind == TokenKind::kString && in_head_);
  }

  void ParseUnit(Rule rule) {
    SyntaxUnit unit;
    unit.rule = rule;
    unit.first = tokens_.at();
    if (!WithinLimit(unit.first)) return;
    const std::size_t errors_before = errors_.count();
    tree_.cst().nodes.clear();
    parser_.getErrorHandler()->reset(&parser_);
    parser_.setState(antlr4::atn::ATNState::INVALID_STATE_NUMBER);
    switch (rule) {
      case Rule::kHeader:
        parser_.header();
        break;
      case Rule::kHeaderItem:
        parser_.headerItem();
        break;
      case Rule::kRest:
        parser_.rest();
        break;
      default:
        parser_.declaration();
        break;
    }
    parser_.getTreeTracker().reset();
    unit.end = tokens_.at();
    unit.has_error = errors_.count() != errors_before;
    unit.has_slip = HasSlip(unit.first, unit.end);
    after_error_ = unit.has_error;
    std::swap(unit.cst, tree_.cst());
    receiver_.Receive(unit);
    std::swap(unit.cst, tree_.cst());  // keep the memory for the next one
  }

  // Slips of single tokens are mended for the parser, and told at the end.
  bool HasSlip(std::uint32_t first, std::uint32_t end) {
    while (next_slip_ < list_.problems.size() && list_.problems[next_slip_].token_index < first)
      ++next_slip_;
    return next_slip_ < list_.problems.size() && list_.problems[next_slip_].token_index < end;
  }

  // ANTLR keeps a context for each rule of a unit until the unit is done.
  bool WithinLimit(std::uint32_t first) {
    const std::uint64_t last = std::uint64_t{first} + options_.max_declaration_tokens;
    if (last >= list_.tokens.size()) return true;
    const std::uint32_t end = recovery_.NextUnit(first + 1);
    if (end <= last) return true;
    errors_.DeclarationTooLong(first, options_.max_declaration_tokens);
    tokens_.seek(end);
    after_error_ = true;
    return false;
  }

  // Items of a delegation that was closed too early: read for their mistakes, then dropped.
  void Orphans() {
    const std::uint32_t at = tokens_.at();
    const bool after_brace = at > 0 && list_.tokens[at - 1].kind == TokenKind::kRBrace;
    if (after_brace || !after_error_) errors_.ClosedTooEarly(at);
    ParseUnit(Rule::kRest);
    after_error_ = true;
  }

  void Misplaced() {
    errors_.Misplaced(tokens_.at(), after_error_);
    const bool brace = Kind() == TokenKind::kRBrace;
    const std::uint32_t next = tokens_.at() + 1;
    tokens_.seek(brace ? next : recovery_.NextUnit(next));
    errors_.ResumedAt(tokens_.at());
    after_error_ = true;
  }

  const TokenList& list_;
  const ParseOptions& options_;
  Recovery recovery_;
  SyntaxErrors errors_;
  Tokens tokens_;
  TreeMaker tree_;
  WritParser parser_;
  UnitReceiver& receiver_;
  bool in_head_ = true;
  bool after_error_ = false;
  std::size_t next_slip_ = 0;
};

}  // namespace

void ParseSyntax(const TokenList& tokens, const ParseOptions& options, DiagnosticSink& sink,
                 UnitReceiver& receiver) {
  Driver(tokens, options, sink, receiver).Run();
}

}  // namespace writ::lang
