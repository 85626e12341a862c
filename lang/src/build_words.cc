// The words of a policy: thresholds, types, facts, evidence, `let`, meters, groups, pressures,
// events.
#include "build.h"

namespace writ::lang {
namespace {

std::optional<Missing> TakeMissing(Builder& b, CstReader& parent) {
  const auto child = parent.Take(Rule::kMissing);
  if (!child) return std::nullopt;
  CstReader node = *child;
  Missing missing;
  missing.span = node.span();
  node.Eat(TokenKind::kMissing);
  if (node.Eat(TokenKind::kDeny)) {
    missing.word = MissingWord::kDeny;
  } else if (node.Eat(TokenKind::kEscalate)) {
    missing.word = MissingWord::kEscalate;
  } else {
    missing.word = MissingWord::kValue;
    missing.value = node.At(Rule::kSetValue) ? BuildSetValue(b, node.TakeChild())
                                             : BuildValue(b, node.TakeChild());
  }
  return missing;
}

std::optional<Believed> TakeBelieved(Builder& b, CstReader& parent) {
  const auto child = parent.Take(Rule::kBelieved);
  if (!child) return std::nullopt;
  CstReader node = *child;
  Believed believed;
  believed.span = node.span();
  node.Eat(TokenKind::kBelieved);
  node.Eat(TokenKind::kBy);
  believed.by = TakeName(b, node);
  node.Eat(TokenKind::kBecause);
  believed.because = TextAt(b, node.TakeToken());
  return believed;
}

std::vector<Literal> BuildCells(Builder& b, CstReader node) {
  std::vector<Literal> cells;
  do {
    cells.push_back(BuildValue(b, node.TakeChild()));
  } while (node.Eat(TokenKind::kComma));
  return cells;
}

// A row of a table; one without a colon is the head, and comes first.
void BuildLookupRow(Builder& b, CstReader node, Lookup& lookup) {
  const Span span = node.span();
  std::vector<Literal> cells = BuildCells(b, node.TakeChild());
  if (!node.Eat(TokenKind::kColon)) {
    if (!lookup.rows.empty() || !lookup.head.empty()) {
      b.Report(Diagnostic{DiagnosticKind::kUnexpected, span, "a row of a table starts with its key"}
                   .Hint("write `key: value, value`"));
    }
    lookup.head = std::move(cells);
    return;
  }
  if (cells.size() != 1) {
    b.Report(Diagnostic{DiagnosticKind::kUnexpected, span, "a row of a table has one key"}.Hint(
        "write a row for each key"));
  }
  lookup.rows.push_back(
      {.key = std::move(cells.front()), .values = BuildCells(b, node.TakeChild()), .span = span});
}

FactSource TakeSource(Builder& b, CstReader& node) {
  FactSource source;
  source.span = node.span();
  if (node.Eat(TokenKind::kClaimed)) {
    node.Eat(TokenKind::kBy);
    source.kind = SourceKind::kClaimed;
    source.party = TakeName(b, node);
    return source;
  }
  node.Eat(TokenKind::kFrom);
  if (node.Eat(TokenKind::kEvidence)) {
    source.kind = SourceKind::kEvidence;
    source.evidence = TakeName(b, node);
    return source;
  }
  const Name word = TakeName(b, node);
  source.kind = Choose<SourceKind>(b, word, "a source of facts",
                                   {{"host", SourceKind::kHost},
                                    {"header", SourceKind::kHeader},
                                    {"meter", SourceKind::kMeter},
                                    {"principal", SourceKind::kPrincipal},
                                    {"tool", SourceKind::kTool},
                                    {"model", SourceKind::kModel}})
                    .value_or(SourceKind::kHost);
  return source;
}

}  // namespace

FactSource BuildSource(Builder& b, CstReader node) {
  FactSource source = TakeSource(b, node);
  source.for_critics = node.Eat(TokenKind::kFor) && node.Eat(TokenKind::kCritics);
  return source;
}

FactLine BuildFactLine(Builder& b, CstReader node) {
  FactLine line;
  line.span = node.span();
  do {
    line.names.push_back(TakeDottedName(b, node));
    TakeFormer(b, node, line.names.back(), line.was);
  } while (node.Eat(TokenKind::kComma));
  node.Eat(TokenKind::kColon);
  line.type = BuildType(b, node.TakeChild());
  line.missing = TakeMissing(b, node);
  return line;
}

Threshold BuildThreshold(Builder& b, CstReader node) {
  Threshold threshold;
  threshold.span = node.span();
  node.Eat(TokenKind::kThreshold);
  threshold.name = TakeName(b, node);
  node.Eat(TokenKind::kEqual);
  threshold.value = BuildValue(b, node.TakeChild());
  if (const auto tunable = node.Take(Rule::kTunable)) threshold.tunable = BuildTunable(b, *tunable);
  threshold.reason = TakeOptionalText(b, node);
  return threshold;
}

TypeAlias BuildTypeAlias(Builder& b, CstReader node) {
  TypeAlias alias;
  alias.span = node.span();
  node.Eat(TokenKind::kType);
  alias.name = TakeName(b, node);
  node.Eat(TokenKind::kEqual);
  alias.type = BuildType(b, node.TakeChild());
  return alias;
}

Facts BuildFact(Builder& b, CstReader node) {
  Facts facts;
  facts.span = node.span();
  FactLine line;
  line.span = facts.span;
  node.Eat(TokenKind::kFact);
  line.names.push_back(TakeName(b, node));
  TakeFormer(b, node, line.names.back(), line.was);
  node.Eat(TokenKind::kColon);
  line.type = BuildType(b, node.TakeChild());
  facts.source = BuildSource(b, node.TakeChild());
  line.missing = TakeMissing(b, node);
  facts.believed = TakeBelieved(b, node);
  facts.lines.push_back(std::move(line));
  return facts;
}

Facts BuildFacts(Builder& b, CstReader node) {
  Facts facts;
  facts.grouped = true;
  facts.span = node.span();
  node.Eat(TokenKind::kFacts);
  facts.source = BuildSource(b, node.TakeChild());
  facts.missing = TakeMissing(b, node);
  facts.believed = TakeBelieved(b, node);
  node.Eat(TokenKind::kLBrace);
  while (const auto line = node.Take(Rule::kFactLine))
    facts.lines.push_back(BuildFactLine(b, *line));
  return facts;
}

Evidence BuildEvidence(Builder& b, CstReader node) {
  Evidence evidence;
  evidence.span = node.span();
  node.Eat(TokenKind::kEvidence);
  evidence.name = TakeName(b, node);
  TakeFormer(b, node, evidence.name, evidence.was);
  node.Eat(TokenKind::kBy);
  evidence.by = BuildNames(b, node.TakeChild());
  if (node.Eat(TokenKind::kAbout)) evidence.about = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kWithin);
  evidence.within = BuildValue(b, node.TakeChild());
  return evidence;
}

Let BuildLet(Builder& b, CstReader node) {
  Let let;
  let.span = node.span();
  node.Eat(TokenKind::kLet);
  let.name = TakeName(b, node);
  node.Eat(TokenKind::kEqual);
  let.value = BuildExpr(b, node.TakeChild());
  return let;
}

Meter BuildMeter(Builder& b, CstReader node) {
  Meter meter;
  meter.span = node.span();
  node.Eat(TokenKind::kMeter);
  meter.name = TakeName(b, node);
  TakeFormer(b, node, meter.name, meter.was);
  node.Eat(TokenKind::kEqual);
  const Name fold = TakeName(b, node);
  meter.fold = Choose<Fold>(b, fold, "what a meter can work out",
                            {{"count", Fold::kCount},
                             {"sum", Fold::kSum},
                             {"last", Fold::kLast},
                             {"exists", Fold::kExists},
                             {"first", Fold::kFirst},
                             {"distinct", Fold::kDistinct}})
                   .value_or(Fold::kCount);
  meter.target = TakeName(b, node);
  node.Eat(TokenKind::kPer);
  meter.per = BuildNames(b, node.TakeChild());
  if (node.Eat(TokenKind::kSince)) meter.since = TakeName(b, node);
  if (node.Eat(TokenKind::kWithin)) meter.within = BuildValue(b, node.TakeChild());
  meter.including_this = node.Eat(TokenKind::kIncluding);
  return meter;
}

Group BuildGroup(Builder& b, CstReader node) {
  Group group;
  group.span = node.span();
  node.Eat(TokenKind::kGroup);
  group.name = TakeName(b, node);
  node.Eat(TokenKind::kEqual);
  group.members = BuildNames(b, node.TakeChild());
  return group;
}

Pressure BuildPressure(Builder& b, CstReader node) {
  Pressure pressure;
  pressure.span = node.span();
  node.Eat(TokenKind::kPressure);
  pressure.name = TakeName(b, node);
  TypeRef values = BuildEnumeration(b, node.TakeChild());
  if (!values.ordered) {
    b.Report(Diagnostic{DiagnosticKind::kBadType, values.span,
                        "a pressure rises: its values are ordered"}
                 .Hint("write `{ none < rising < stuck }`, the quiet one first"));
  }
  pressure.values = std::move(values.values);
  pressure.was = std::move(values.was);
  return pressure;
}

Lookup BuildLookup(Builder& b, CstReader node) {
  Lookup lookup;
  lookup.span = node.span();
  node.Eat(TokenKind::kTable);
  lookup.name = TakeName(b, node);
  node.Eat(TokenKind::kLParen);
  lookup.keys = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kRParen);
  if (node.Eat(TokenKind::kColon)) lookup.type = BuildType(b, node.TakeChild());
  node.Eat(TokenKind::kLBrace);
  while (const auto row = node.Take(Rule::kLookupRow)) BuildLookupRow(b, *row, lookup);
  return lookup;
}

Modes BuildModes(Builder& b, CstReader node) {
  Modes modes;
  modes.span = node.span();
  node.Eat(TokenKind::kModes);
  TypeRef values = BuildEnumeration(b, node.TakeChild());
  if (!values.ordered) {
    b.Report(Diagnostic{DiagnosticKind::kBadType, values.span,
                        "safety modes grow stricter: they are ordered"}
                 .Hint("write `modes { normal < cautious < frozen }`, the normal one first"));
  }
  modes.values = std::move(values.values);
  modes.was = std::move(values.was);
  return modes;
}

Event BuildEvent(Builder& b, CstReader node) {
  Event event;
  event.span = node.span();
  node.Eat(TokenKind::kEvent);
  event.name = TakeName(b, node);
  event.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kFrom);
  event.from = TakeName(b, node);
  return event;
}

}  // namespace writ::lang
