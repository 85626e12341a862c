// Roles form a forest by `reports to`; anchors an order by `above` and by that forest
// (docs/semantics.md, M3.2). Both must be free of circles, and every silence must end: these are
// the walks below. The order of the anchors is closed here, so that nobody after this has to look
// at a reporting line again.
#include "people.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::AnchorId;
using runtime::RoleId;

runtime::RoleKind Convert(lang::RoleKind kind) {
  switch (kind) {
    case lang::RoleKind::kHuman:
      return runtime::RoleKind::kHuman;
    case lang::RoleKind::kAgent:
      return runtime::RoleKind::kAgent;
    case lang::RoleKind::kCoordinator:
      return runtime::RoleKind::kCoordinator;
    case lang::RoleKind::kParty:
      return runtime::RoleKind::kParty;
  }
  return runtime::RoleKind::kHuman;
}

std::string_view Word(runtime::RoleKind kind) {
  switch (kind) {
    case runtime::RoleKind::kHuman:
      return "a human";
    case runtime::RoleKind::kAgent:
      return "an agent";
    case runtime::RoleKind::kCoordinator:
      return "a coordinator";
    case runtime::RoleKind::kParty:
      return "an outside party";
  }
  return "";
}

class PeopleChecker {
 public:
  PeopleChecker(const Words& words, Reporter& reporter)
      : names_(words.names), reporter_(reporter) {}

  People Run() {
    for (const auto& entry : names_.roles) AddRole(*entry.tree);
    RefuseReportingCycles();
    for (const auto& entry : names_.anchors) AddAnchor(*entry.tree);
    RefuseEndlessSilence();
    RankAnchors();
    return std::move(people_);
  }

 private:
  RoleId FindRole(const lang::Name& name) {
    if (const auto index = names_.roles.Index(name.text)) return RoleId{*index};
    reporter_.UnknownName("role", name, names_.roles.Names());
    return {};
  }
  AnchorId FindAnchor(const lang::Name& name) {
    if (const auto index = names_.anchors.Index(name.text)) return AnchorId{*index};
    reporter_.UnknownName("anchor", name, names_.anchors.Names());
    return {};
  }

  void AddRole(const lang::Role& tree) {
    table::Role role;
    role.name = tree.name.text;
    role.kind = Convert(tree.kind);
    if (tree.identity) role.identity = tree.identity->text;
    if (tree.reports_to) {
      role.reports_to = FindRole(*tree.reports_to);
      if (role.reports_to.valid() &&
          names_.roles[role.reports_to.value].tree->kind != lang::RoleKind::kHuman) {
        reporter_.Report(Diagnostic{
            DiagnosticKind::kNotHuman, tree.reports_to->span,
            "a reporting line leads to people, and `" + tree.reports_to->text + "` is " +
                std::string(Word(Convert(names_.roles[role.reports_to.value].tree->kind)))});
      }
    }
    people_.roles.push_back(std::move(role));
  }

  // Cuts each circle where it is reported, so that later walks end.
  void RefuseReportingCycles() {
    std::vector<std::uint8_t> state(people_.roles.size(), 0);  // 0 new, 1 on this walk, 2 ends
    for (std::uint32_t start = 0; start < state.size(); ++start) {
      std::vector<std::uint32_t> walk;
      RoleId at{start};
      while (at.valid() && state[at.value] == 0) {
        state[at.value] = 1;
        walk.push_back(at.value);
        const RoleId next = people_.roles[at.value].reports_to;
        if (next.valid() && state[next.value] == 1) {
          const lang::Role& tree = *names_.roles[at.value].tree;
          reporter_.Report(
              Diagnostic{DiagnosticKind::kReportingCycle, tree.reports_to->span,
                         "`" + tree.name.text + "` ends up reporting to itself"}
                  .At(names_.roles[next.value].span, "the line leads from here back to here")
                  .Hint("somebody at the top reports to nobody"));
          people_.roles[at.value].reports_to = {};
          break;
        }
        at = next;
      }
      for (const std::uint32_t role : walk) state[role] = 2;
    }
  }

  void AddAnchor(const lang::Anchor& tree) {
    table::Anchor anchor;
    anchor.name = tree.name.text;
    if (tree.title) anchor.title = tree.title->text;
    for (const lang::Name& name : tree.held_by) {
      const RoleId holder = FindPerson(name, DiagnosticKind::kAnchorNotHuman, "hold an anchor");
      if (!holder.valid()) continue;
      if (!anchor.held_by.valid())
        anchor.held_by = holder;
      else
        anchor.also_held_by.push_back(holder);
    }
    if (tree.held_by.empty()) {
      reporter_.Report(Diagnostic{DiagnosticKind::kAnchorNotHeld, tree.name.span,
                                  "nobody holds anchor `" + tree.name.text + "`"}
                           .Hint("write `held by ROLE`, with a human role"));
    }
    for (const lang::Name& name : tree.deputies) {
      const RoleId deputy = FindPerson(name, DiagnosticKind::kAnchorNotHuman, "be a deputy");
      if (deputy.valid()) anchor.deputies.push_back(deputy);
    }
    for (const lang::Name& name : tree.absorbs) anchor.absorbs.push_back(name.text);
    AddReach(tree, anchor);
    AddSilence(tree, anchor);
    people_.anchors.push_back(std::move(anchor));
  }

  RoleId FindPerson(const lang::Name& name, DiagnosticKind kind, std::string_view what) {
    const RoleId role = FindRole(name);
    if (!role.valid() || people_.roles[role.value].kind == runtime::RoleKind::kHuman) return role;
    reporter_.Report(Diagnostic{kind, name.span,
                                "only a person can " + std::string(what) + ", and `" + name.text +
                                    "` is " + std::string(Word(people_.roles[role.value].kind))}
                         .At(names_.roles[role.value].span, "declared here")
                         .Hint("name a role that is `human`"));
    return {};
  }

  void AddReach(const lang::Anchor& tree, table::Anchor& anchor) {
    if (tree.reached_by) {
      anchor.channel = tree.reached_by->channel.text;
      anchor.within_ms = ReadDuration(tree.reached_by->within, reporter_).value_or(0);
    } else {
      reporter_.Report(Diagnostic{DiagnosticKind::kAnchorUnreachable, tree.name.span,
                                  "nothing says how anchor `" + tree.name.text + "` is reached"}
                           .Hint("write `reached by \"queue:…\" within 4 hours`"));
    }
    if (!tree.asks_first) return;
    anchor.asks_first = tree.asks_first->text;
    const RoleId asked = FindRole(*tree.asks_first);
    if (asked.valid() && people_.roles[asked.value].kind != runtime::RoleKind::kParty) {
      reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.asks_first->span,
                                  "only a party can be asked first, and `" + tree.asks_first->text +
                                      "` is " +
                                      std::string(Word(people_.roles[asked.value].kind))});
    }
  }

  void AddSilence(const lang::Anchor& tree, table::Anchor& anchor) {
    if (!tree.on_silence) return;
    const lang::OnSilence& silence = *tree.on_silence;
    anchor.next_deputy = silence.next_deputy;
    if (silence.next_deputy && tree.deputies.empty()) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kNoDeputy, silence.span,
                     "anchor `" + tree.name.text + "` hands over to a deputy, and has none"}
              .Hint("write `deputies ROLE`"));
    }
    switch (silence.end) {
      case lang::SilenceEnd::kDeny:
        return;
      case lang::SilenceEnd::kAllow:
        reporter_.Report(
            Diagnostic{
                DiagnosticKind::kSilenceAllows, silence.span,
                "nobody answering would permit what anchor `" + tree.name.text + "` was asked"}
                .Hint("write `on silence deny`, or `on silence next deputy, then deny`"));
        return;
      case lang::SilenceEnd::kEscalate:
        break;
    }
    if (!silence.anchor) {
      reporter_.Report(Diagnostic{DiagnosticKind::kIncomplete, silence.span,
                                  "this does not say to whom silence escalates"}
                           .Hint("write `on silence escalate to ANCHOR`"));
      return;
    }
    anchor.silence = runtime::Verdict::kEscalate;
    anchor.silence_anchor = FindAnchor(*silence.anchor);
  }

  // Each anchor has at most one next one, so a walk that meets itself is a circle.
  void RefuseEndlessSilence() {
    std::vector<std::uint8_t> state(people_.anchors.size(), 0);
    for (std::uint32_t start = 0; start < state.size(); ++start) {
      std::vector<std::uint32_t> walk;
      AnchorId at{start};
      while (at.valid() && state[at.value] == 0) {
        state[at.value] = 1;
        walk.push_back(at.value);
        const AnchorId next = people_.anchors[at.value].silence_anchor;
        if (next.valid() && state[next.value] == 1) {
          const lang::Anchor& tree = *names_.anchors[at.value].tree;
          reporter_.Report(
              Diagnostic{DiagnosticKind::kSilenceCycle, tree.on_silence->span,
                         "when nobody answers, the question goes in a circle and never ends"}
                  .At(names_.anchors[next.value].span, "it comes back to this anchor")
                  .Hint("let one of them end with `on silence deny`"));
          break;
        }
        at = next;
      }
      for (const std::uint32_t anchor : walk) state[anchor] = 2;
    }
  }

  using Matrix = std::vector<std::vector<bool>>;

  static void Close(Matrix& above) {
    const std::size_t n = above.size();
    for (std::size_t middle = 0; middle < n; ++middle) {
      for (std::size_t upper = 0; upper < n; ++upper) {
        if (!above[upper][middle]) continue;
        for (std::size_t lower = 0; lower < n; ++lower) {
          if (above[middle][lower]) above[upper][lower] = true;
        }
      }
    }
  }

  [[nodiscard]] bool HoldersAbove(const table::Anchor& upper, const table::Anchor& lower) const {
    const auto holders = [](const table::Anchor& anchor) {
      std::vector<RoleId> all = anchor.also_held_by;
      if (anchor.held_by.valid()) all.push_back(anchor.held_by);
      return all;
    };
    const std::vector<RoleId> uppers = holders(upper);
    const std::vector<RoleId> lowers = holders(lower);
    if (uppers.empty() || lowers.empty()) return false;
    return std::ranges::all_of(uppers, [&](RoleId a) {
      return std::ranges::all_of(lowers,
                                 [&](RoleId b) { return StandsAbove(people_.roles, a, b); });
    });
  }

  // The cube of the number of anchors, so their number is bounded where it would be felt.
  void RankAnchors() {
    constexpr std::size_t kMaxAnchors = 1000;
    const std::size_t n = people_.anchors.size();
    if (n > kMaxAnchors) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kTooLarge, names_.anchors[kMaxAnchors].span,
                     "there are more than " + std::to_string(kMaxAnchors) + " anchors"});
      return;
    }
    Matrix above(n, std::vector<bool>(n, false));
    for (std::size_t i = 0; i < n; ++i) {
      for (const lang::Name& name : names_.anchors[i].tree->above) {
        const AnchorId lower = FindAnchor(name);
        if (lower.valid()) above[i][lower.value] = true;
      }
    }
    for (const auto& [upper, lower] : names_.ranks) {
      const auto i = names_.anchors.Index(upper), j = names_.anchors.Index(lower);
      if (i && j) above[*i][*j] = true;
    }
    Close(above);  // as written
    const Matrix written = above;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (i != j && !written[j][i] && HoldersAbove(people_.anchors[i], people_.anchors[j]))
          above[i][j] = true;
      }
    }
    Close(above);
    bool reported = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (above[i][i] && !std::exchange(reported, true)) ReportAnchorCycle(i, above);
      for (std::size_t j = 0; j < n; ++j) {
        if (i != j && above[i][j])
          people_.anchors[i].below.push_back(AnchorId{static_cast<std::uint32_t>(j)});
      }
    }
  }

  void ReportAnchorCycle(std::size_t at, const Matrix& above) {
    std::string ring;
    const lang::Name* place = nullptr;
    for (std::size_t i = 0; i < above.size(); ++i) {
      if (!above[at][i] || !above[i][at]) continue;
      ring += (ring.empty() ? "`" : ", `") + people_.anchors[i].name + "`";
      const lang::Anchor& tree = *names_.anchors[i].tree;
      if (!place && !tree.above.empty()) place = &tree.above.front();
    }
    reporter_.Report(Diagnostic{DiagnosticKind::kAnchorCycle,
                                place ? place->span : names_.anchors[at].span,
                                "these anchors rank above each other: " + ring}
                         .Hint("leave out one `above`"));
  }

  const Names& names_;
  Reporter& reporter_;
  People people_;
};

}  // namespace

bool StandsAbove(const std::vector<table::Role>& roles, RoleId upper, RoleId lower) {
  for (RoleId at = roles[lower.value].reports_to; at.valid(); at = roles[at.value].reports_to) {
    if (at == upper) return true;
  }
  return false;
}

People CheckPeople(const Words& words, Reporter& reporter) {
  return PeopleChecker(words, reporter).Run();
}

}  // namespace writ::compiler::check
