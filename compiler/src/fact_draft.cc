// Drafts of the facts that are declared, asked for as inputs, or built in. One name is one fact
// (docs/semantics.md, M1.1): the first mention gives the type, and every other one is held to it.
#include "fact_draft.h"

#include "set_text.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::MissingWord;
using runtime::Source;
using runtime::ValueType;

Source Convert(lang::SourceKind kind) {
  switch (kind) {
    case lang::SourceKind::kHost:
      return Source::kHost;
    case lang::SourceKind::kEvidence:
      return Source::kEvidence;
    case lang::SourceKind::kHeader:
      return Source::kHeader;
    case lang::SourceKind::kMeter:
      return Source::kMeter;
    case lang::SourceKind::kPrincipal:
      return Source::kPrincipal;
    case lang::SourceKind::kTool:
      return Source::kTool;
    case lang::SourceKind::kModel:
      return Source::kModel;
    case lang::SourceKind::kClaimed:
      return Source::kClaimed;
  }
  return Source::kHost;
}

void Fill(FactDraft& draft, const Type& type) {
  draft.type = type;
  draft.fact.type = type.kind;
  draft.fact.scale = type.scale;
  draft.fact.ordered = type.ordered;
  draft.fact.unit = type.unit;
  draft.fact.low = type.low;
  draft.fact.high = type.high;
  draft.fact.values = type.values;
}

class Drafter {
 public:
  Drafter(const Words& words, Drafts& drafts, Reporter& reporter)
      : words_(words), drafts_(drafts), reporter_(reporter) {}

  void Run() {
    BuiltIn();
    for (const auto& entry : words_.names.pressures) {
      DraftBuiltIn(drafts_, "pressure." + std::string(entry.name),
                   EnumType(entry.tree->values, true), Source::kHost, entry.span, false);
    }
    for (const auto& [party, name] : words_.names.confirmations) {
      DraftBuiltIn(drafts_, "confirmation." + std::string(party), BoolType(), Source::kPrincipal,
                   name->span, false);
    }
    if (!words_.names.modes.empty()) AddMode(*words_.names.modes.front().tree);
    // By group, so that a type that many names share is resolved, and refused, once.
    const lang::FactLine* line = nullptr;
    std::optional<Type> type;
    for (const auto& entry : InOrder()) {
      if (entry.tree.line != line) {
        line = entry.tree.line;
        type = ResolveType(line->type, words_, entry.policy, reporter_);
      }
      AddFact(entry, type);
    }
    for (const auto& deed : words_.names.deeds) {
      if (deed.tree.capability) AddInputs(*deed.tree.capability, deed.policy);
    }
  }

 private:
  std::vector<Entry<DeclaredFact>> InOrder() const {
    std::vector<Entry<DeclaredFact>> entries(words_.names.facts.begin(), words_.names.facts.end());
    std::ranges::sort(entries, {}, [](const auto& entry) {
      return std::tuple(entry.tree.line->span.file, entry.tree.line->span.begin, entry.span.begin);
    });
    return entries;
  }

  void BuiltIn() {
    for (const std::string_view name : BuiltinNames()) {
      if (name == "capability") continue;  // no fact: settled when compiling
      if (name == "header") {
        DraftBuiltIn(drafts_, std::string(name), HeaderType(), Source::kHeader, {}, false);
        continue;
      }
      const Type type = name == "now"    ? TimeType()
                        : name == "role" ? RoleType(words_.names.roles.size())
                                         : IdType();
      DraftBuiltIn(drafts_, std::string(name), type, Source::kBuiltin, {}, false);
    }
  }

  static Type HeaderType() {
    Type type;
    type.kind = ValueType::kEnum;
    type.values.assign(HeaderStates().begin(), HeaderStates().end());
    type.high = static_cast<std::int64_t>(type.values.size()) - 1;
    return type;
  }

  // Without a mode in the header the strictest one holds (docs/semantics.md, M20).
  void AddMode(const lang::Modes& tree) {
    const Type type = EnumType(tree.values, true);
    DraftBuiltIn(drafts_, "mode", type, Source::kHeader, tree.span, false);
    table::Fact& fact = drafts_.facts.find("mode")->second.fact;
    fact.missing = MissingWord::kValue;
    fact.substitute = type.high;
  }

  void AddFact(const Entry<DeclaredFact>& entry, const std::optional<Type>& type) {
    FactDraft draft;
    draft.span = entry.span;
    draft.declared = true;
    draft.broken = !type;
    if (type) Fill(draft, *type);
    const lang::FactSource& source = entry.tree.group->source;
    draft.fact.source = Convert(source.kind);
    if (source.kind == lang::SourceKind::kEvidence) AddSource(source, draft);
    if (source.kind == lang::SourceKind::kMeter) {
      draft.broken = true;
      reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, source.span,
                                  "facts from meters are declared as meters"}
                           .Hint("write `meter " + std::string(entry.name) + " = count …`"));
    }
    const auto& line = entry.tree.line->missing;
    const auto& missing = line ? line : entry.tree.group->missing;
    if (missing && type) AddMissing(*missing, *type, entry, draft);
    drafts_.facts.insert_or_assign(std::string(entry.name), std::move(draft));
  }

  void AddSource(const lang::FactSource& source, FactDraft& draft) {
    if (!source.evidence) {
      draft.broken = true;
      return;
    }
    if (const auto index = words_.names.evidence.Index(source.evidence->text)) {
      draft.fact.evidence = runtime::EvidenceId{*index};
      return;
    }
    draft.broken = true;
    reporter_.UnknownName("evidence", *source.evidence, words_.names.evidence.Names());
  }

  void AddMissing(const lang::Missing& missing, const Type& type, const Entry<DeclaredFact>& entry,
                  FactDraft& draft) {
    switch (missing.word) {
      case lang::MissingWord::kDeny:
        return;
      case lang::MissingWord::kEscalate:
        draft.fact.missing = MissingWord::kEscalate;
        return;
      case lang::MissingWord::kValue:
        break;
    }
    if (!missing.value) return;
    const auto value = ReadValue(*missing.value, type, "`" + std::string(entry.name) + "`", words_,
                                 entry.policy, reporter_);
    if (!value) return;
    draft.fact.missing = MissingWord::kValue;
    draft.fact.substitute = value->number;
    draft.fact.substitute_text =
        type.kind == ValueType::kIdSet ? SetText(value->texts) : value->text;
  }

  void AddInputs(const lang::Capability& capability, std::uint32_t policy) {
    for (const lang::Input& input : capability.inputs) {
      const auto type = ResolveType(input.type, words_, policy, reporter_);
      const auto at = drafts_.facts.find(input.name.text);
      if (at != drafts_.facts.end()) {
        if (type && !at->second.broken) Merge(input, *type, at->second);
        continue;
      }
      FactDraft draft;
      draft.span = input.name.span;
      draft.broken = !type;
      if (type) Fill(draft, *type);
      draft.fact.source = Source::kInput;
      drafts_.facts.emplace(input.name.text, std::move(draft));
    }
  }

  void Merge(const lang::Input& input, const Type& type, const FactDraft& first) {
    if (first.fact.source == Source::kBuiltin) return;  // reported as a reserved name
    const std::string quoted = "`" + input.name.text + "`";
    if (type != first.type) {
      Diagnostic diagnostic{DiagnosticKind::kConflictingTypes, input.type.span,
                            quoted + " has another " +
                                (Describe(type) == Describe(first.type) ? "range" : "type") +
                                " elsewhere"};
      diagnostic.labels.push_back({first.span, "declared here as " + Describe(first.type)});
      diagnostic.hints.push_back(
          "one name is one fact: give both one type (`type NAME = …`), or rename one");
      reporter_.Report(std::move(diagnostic));
    } else if (first.declared && first.fact.source == Source::kEvidence) {
      reporter_.Report(Diagnostic{DiagnosticKind::kConflictingTypes, input.name.span,
                                  quoted + " is an input here, and a fact from evidence elsewhere"}
                           .At(first.span, "declared here")
                           .Hint("what is asked for is no evidence: rename one"));
    } else if (first.declared && input.optional && first.fact.missing != MissingWord::kDeny) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kConflictingTypes, input.name.span,
                     "a missing optional input counts as `missing deny`, and the fact " + quoted +
                         " says otherwise"}
              .At(first.span, "declared here")
              .Hint("rename one, or let the fact say `missing deny`"));
    }
  }

  const Words& words_;
  Drafts& drafts_;
  Reporter& reporter_;
};

}  // namespace

void DraftBuiltIn(Drafts& drafts, std::string name, const Type& type, Source source,
                  lang::Span span, bool broken) {
  FactDraft draft;
  draft.span = span;
  draft.broken = broken;
  draft.used = true;
  Fill(draft, type);
  draft.fact.source = source;
  drafts.facts.insert_or_assign(std::move(name), std::move(draft));
}

void DraftDeclared(const Words& words, Drafts& drafts, Reporter& reporter) {
  Drafter(words, drafts, reporter).Run();
}

}  // namespace writ::compiler::check
