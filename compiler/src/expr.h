// Typed expressions: trees of conditions -> nodes of the Program.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities.h"
#include "facts.h"
#include "people.h"
#include "types.h"
#include "units.h"
#include "writ/compiler/program.h"

namespace writ::compiler::check {

// What an expression is, as far as it matters beside another one.
enum class ShapeKind : std::uint8_t {
  kBroken,  // it was refused, and said so: nothing more is said about it
  kBool,
  kEnum,
  kNumber,
  kMoney,
  kDuration,
  kTime,
  kId,
  kText,
  kRole,
  kIdSet,
  kEnumSet,
  kActingRole,   // the built-in `role`
  kTextLiteral,  // beside an id or a text
  kWord,         // a bare word that names nothing: beside an enum, one of its values
  kMonths,       // a threshold that is a window of the calendar, and no value
  kAttribute,    // `capability`, and in `where` also `kind`, `risk`, `system`
};

enum class Attribute : std::uint8_t { kCapability, kKind, kRisk, kSystem };

struct Shape {
  ShapeKind kind = ShapeKind::kBroken;
  bool ordered = false;
  const std::vector<std::string>* values = nullptr;  // enums and sets of them
  std::string_view unit;                             // money
  Attribute attribute = Attribute::kCapability;
};

struct Operand {
  Shape shape;
  ExprId id;        // invalid: kBroken, kWord, kAttribute
  lang::Name word;  // kWord
  lang::Span span;
  std::string_view bare;  // the name, if the operand is nothing but a name that is declared
  [[nodiscard]] bool Is(ShapeKind kind) const { return shape.kind == kind; }
};

// Lets of a delegation or block, over those of what surrounds it.
struct LocalLets {
  const LocalLets* parent = nullptr;
  std::map<std::string_view, LetId> lets;
};

// Which words of the capability an expression may ask for.
enum class Asks : std::uint8_t { kNothing, kCapability, kOnlyAttributes };

struct Scope {
  std::uint32_t policy = 0;  // for its zone
  Asks asks = Asks::kNothing;
  const LocalLets* locals = nullptr;
};

struct CheckedLet {
  std::string name;
  Shape shape;
  ExprId value;
  lang::Span span;
};

// One per compilation; not thread-safe. Grows `nodes` and `lets`, and marks what was named.
class ExprChecker {
 public:
  ExprChecker(const Words&, const People&, const Deeds&, const Facts&, Reporter&);

  // The time in the fact `first`, or `now` where it is missing, lies before `date`.
  ExprId DatedBefore(std::string_view first, std::int64_t date, lang::Span);
  // The id that the request gives for a fact is missing or another one.
  ExprId IsOtherThan(std::string_view fact, const lang::Text& id);
  // A condition. Invalid if it was refused.
  ExprId Condition(const lang::Expr&, const Scope&);
  // All lets of one place, in the order in which they need each other, into `into`.
  void AddLets(const std::vector<const lang::Let*>& trees, const Scope& scope, LocalLets& into);
  void AddGlobalLets();
  // A condition that is always true.
  ExprId True(lang::Span span);
  // The built-in fact that this party has confirmed the request.
  ExprId Confirmation(const lang::Name& party);

  std::vector<Node> nodes;
  std::vector<CheckedLet> lets;  // by LetId
  LocalLets global;
  std::vector<bool> used_facts, used_thresholds, used_evidence;  // evidence: by `require evidence`
  std::set<std::uint32_t> used_lets;
  std::vector<bool> used_lookups;  // by position in Names::lookups
  std::vector<bool> used_approvals;
  std::vector<table::Pattern> patterns;
  std::set<std::uint32_t> pattern_facts;  // against which a pattern is held

 private:
  struct Threshold {
    Shape shape;
    Number number;
    std::string text;
  };

  // expr.cc
  Threshold ReadThreshold(const lang::Threshold&, std::uint32_t policy);
  Operand Check(const lang::Expr&, const Scope&);
  Operand CheckJunction(const lang::Expr&, const Scope&);
  Operand CheckNot(const lang::Expr&, const Scope&);
  Operand CheckName(const lang::Name&, const Scope&);
  Operand CheckLiteral(const lang::Literal&, const Scope&);
  Operand CheckCall(const lang::Expr&, const Scope&);
  Operand CheckApproval(const lang::Name&, lang::Span);
  Operand CheckIsMissing(const lang::Expr&, const Scope&);
  std::optional<Operand> CheckAttributeWord(const lang::Name&, const Scope&);
  Operand FactOperand(FactId, lang::Span, std::string_view bare);
  Operand LetOperand(LetId, lang::Span, std::string_view bare);
  Operand ThresholdOperand(std::uint32_t index, lang::Span, std::string_view bare);
  const LetId* FindLet(std::string_view name, const LocalLets* locals) const;
  void ReportNoLength(const std::string& threshold, lang::Span);
  void UnknownValueName(const lang::Name&, const Scope&);
  void AddLet(const lang::Let&, const Scope&, LocalLets& into, bool circular);
  LetId NewLet(CheckedLet let) {
    lets.push_back(std::move(let));
    return LetId{static_cast<std::uint32_t>(lets.size() - 1)};
  }

  // expr_compare.cc
  Operand CheckCompare(const lang::Expr&, const Scope&);
  Operand CheckInSet(const lang::Expr&, const Scope&);
  Operand CheckInRange(const lang::Expr&, const Scope&);
  Operand CheckIn(const lang::Expr&, const Scope&);
  Operand Compare(lang::CompareOp, Operand left, Operand right, lang::Span, const Scope&);
  Operand CompareBools(lang::CompareOp, const Operand&, const Operand&, lang::Span);
  Operand CompareTexts(lang::CompareOp, const Operand&, const Operand&, lang::Span);
  Operand CompareRoles(lang::CompareOp, const Operand&, const Operand&, lang::Span);
  Operand CompareNumbers(lang::CompareOp, Operand, Operand, lang::Span);
  Operand CompareAttribute(lang::CompareOp, const Operand&, const Operand&, lang::Span);
  std::optional<std::vector<CapabilityId>> AttributeMatches(Attribute, const Operand& value);
  bool ResolveWord(Operand& word, const Operand& beside, const Scope&);
  bool ResolveWords(Operand& left, Operand& right, const Scope&);
  bool RefuseAmbiguous(const Operand& named, const Operand& beside);
  bool RefuseOrder(lang::CompareOp, const Operand& left, lang::Span);
  Operand Comparison(lang::CompareOp, ExprId left, ExprId right, lang::Span);
  Operand Mismatch(const Operand& left, const Operand& right, lang::Span);
  std::optional<Operand> InConstants(const Operand& left, const std::vector<Operand>& members,
                                     lang::Span);

  // expr_text.cc
  Operand CheckStartsWith(const lang::Expr&, const Scope&);
  Operand CheckMatches(const lang::Expr&, const Scope&);
  // The fact of type text on the left of `matches` or `starts with`; anything else is refused.
  std::optional<Operand> CheckText(const lang::Expr&, std::string_view verb, const Scope&);
  std::optional<std::uint32_t> PatternIndex(std::string_view pattern, lang::Span);
  Operand EnumInSet(const Operand& value, const Operand& set, lang::Span);

  // expr_lookup.cc
  struct LookupKey {
    Type type;
    std::vector<std::int64_t> values;  // one for each row (column), in the order written
  };
  struct LookupTable {
    bool broken = true;
    Type type;  // of a cell
    std::vector<LookupKey> keys;
    std::vector<std::int64_t> cells;  // row by row
  };
  LookupTable ReadLookup(const lang::Lookup&, std::uint32_t policy);
  std::optional<LookupKey> ReadLookupKey(const lang::Name&, std::uint32_t policy,
                                         const std::vector<lang::Literal>& values, lang::Span);
  bool ReadCells(const lang::Lookup&, std::uint32_t policy, LookupTable&);
  Operand CheckLookup(const lang::Expr&, const Scope&, std::uint32_t lookup);
  ExprId Select(const LookupTable&, const std::vector<ExprId>& keys, lang::Span);

  // expr_arith.cc
  Operand CheckArithmetic(const lang::Expr&, const Scope&);
  Operand CheckProduct(const Operand&, const Operand&, lang::Span);
  Operand CheckSum(NodeKind, Operand, Operand, lang::Span);
  Operand CheckExtreme(NodeKind, const std::vector<Operand>&, lang::Span);
  Operand CheckNegate(const Operand&, lang::Span);
  // Gives both one scale, by multiplying the smaller. False if that might not fit.
  bool Align(Operand&, Operand&, lang::Span);
  ExprId Arithmetic(NodeKind, std::vector<ExprId>, lang::Span);
  ExprId Raise(ExprId, std::uint8_t scale, lang::Span);

  // Small makers.
  ExprId Add(Node node) {
    nodes.push_back(std::move(node));
    return ExprId{static_cast<std::uint32_t>(nodes.size() - 1)};
  }
  ExprId Constant(Number, lang::Span, std::vector<std::string> thresholds = {});
  Operand Bool(NodeKind, std::vector<ExprId> operands, lang::Span);
  Operand Negated(bool negated, Operand, lang::Span);
  Operand CapabilityIn(std::vector<CapabilityId>, lang::Span);
  [[nodiscard]] const Node& At(ExprId id) const { return nodes[id.value]; }
  [[nodiscard]] bool IsConstant(const Operand& o) const {
    return o.id.valid() && At(o.id).kind == NodeKind::kNumber;
  }
  [[nodiscard]] bool IsFact(const Operand& o) const {
    return o.id.valid() && At(o.id).kind == NodeKind::kFact;
  }
  [[nodiscard]] std::string Shown(lang::Span span) const;
  [[nodiscard]] std::string DescribeShape(const Operand&) const;
  static Operand Broken(lang::Span span) { return Operand{.span = span}; }

  const Words& words_;
  const People& people_;
  const Deeds& deeds_;
  const Facts& facts_;
  Reporter& reporter_;
  std::vector<Threshold> thresholds_;  // by position in Names::thresholds
  std::vector<LookupTable> lookups_;   // by position in Names::lookups
  std::vector<std::string> value_names_;
  std::set<std::uint32_t> open_approvals_;  // whose conditions are being read
  std::map<std::string, std::optional<std::uint32_t>, std::less<>> pattern_index_;
};

}  // namespace writ::compiler::check
