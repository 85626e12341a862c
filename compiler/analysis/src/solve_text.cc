// Finds texts and sets of texts that meet equalities, differences, prefixes and memberships.
//
// Texts that must be equal are merged. Each class then takes one of the strings that are named
// anywhere, or a new one: nothing, or a named prefix, continued with a letter that occurs in no
// named string. Such a text equals nothing else and has no prefix but those of the prefix it
// continues, so if none of these choices fits, none does (the small-model property of equality,
// with prefixes). Where patterns are asked of it, a class takes the shortest texts of their
// language that nobody names, as many as there are classes (language.cc): one more would differ
// from no other. Sets hold what they must and nothing else.
//
// Entry point: SolveTexts.
#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "tableau.h"
#include "writ/analysis/language.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::uint64_t kMaxTextSteps = 100'000;  // choices; beyond, unknown

class TextSolver {
 public:
  TextSolver(const Space::Impl& space, const Component& component, const std::vector<AtomSet>& box,
             const State& state)
      : s_(space), c_(component), box_(box), state_(state) {}

  Feasibility Run(std::vector<std::string>* texts, std::vector<std::vector<std::string>>* sets,
                  std::uint64_t* steps) {
    texts->assign(c_.domains.size(), {});
    sets->assign(c_.domains.size(), {});
    Merge();
    MakeCandidates();
    for (const std::vector<std::string>& candidates : candidates_) {
      if (candidates.empty()) return exact_ ? Feasibility::kInfeasible : Feasibility::kUnknown;
    }
    const Feasibility found = Search(sets, steps);
    if (found != Feasibility::kFeasible) return found;
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      if (class_of_[d] != kNoIndex) (*texts)[d] = TextOf(d);
    }
    return found;
  }

 private:
  const FactDomain& Domain(std::uint32_t d) const { return s_.domains[c_.domains[d]]; }
  bool IsText(std::uint32_t d) const {
    return IsTextType(Domain(d).type) && state_.presence[d] == Presence::kPresent;
  }
  const std::string& TextOf(std::uint32_t d) const {
    return candidates_[class_of_[d]][chosen_[class_of_[d]]];
  }

  void Merge() {
    std::vector<std::uint32_t> leader(c_.domains.size());
    std::iota(leader.begin(), leader.end(), 0u);
    const auto find = [&](std::uint32_t d) {
      while (leader[d] != d) d = leader[d];
      return d;
    };
    for (const TextNeed& need : state_.texts) {
      if (need.kind == NeedKind::kSame) leader[find(need.a)] = find(need.b);
    }
    class_of_.assign(c_.domains.size(), kNoIndex);
    std::vector<std::uint32_t> number(c_.domains.size(), kNoIndex);
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      if (!IsText(d)) continue;
      std::uint32_t& n = number[find(d)];
      if (n == kNoIndex) n = count_++;
      class_of_[d] = n;
    }
  }

  // Everything named, then, first to be tried, a string that nobody names.
  void MakeCandidates() {
    std::vector<std::string> named, prefixes;
    for (const TextNeed& need : state_.texts) {
      if (need.kind == NeedKind::kPrefix) prefixes.emplace_back(need.text);
      if (need.kind == NeedKind::kTextAtoms) {
        const AtomMapId map = s_.dimensions[need.b].view.atoms;
        for (std::uint32_t i = 0; i + 2 < s_.table.AtomMap(map).atom_count; ++i) {
          named.emplace_back(s_.table.AtomString(map, i));
        }
      } else if (!need.text.empty() || need.kind == NeedKind::kIs) {
        named.emplace_back(need.text);
      }
    }
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      if (Domain(d).text) named.push_back(*Domain(d).text);
      if (!Domain(d).texts) continue;
      named.insert(named.end(), Domain(d).texts->begin(), Domain(d).texts->end());
    }
    std::sort(named.begin(), named.end());
    named.erase(std::unique(named.begin(), named.end()), named.end());
    prefixes.insert(prefixes.begin(), "");
    std::optional<char> fresh;
    candidates_.resize(count_);
    for (std::uint32_t k = 0; k < count_; ++k) {
      std::vector<std::string> all;
      if (const Language language = LanguageOf(k); !language.patterns.empty()) {
        exact_ = ShortestTexts(language, count_, named, &all) && exact_;
      } else {
        if (!fresh) fresh = UnusedLetter(named, prefixes);
        for (const std::string& prefix : prefixes) {
          all.push_back(prefix + *fresh + (k == 0 ? "" : std::to_string(k)));
        }
      }
      all.insert(all.end(), named.begin(), named.end());
      for (std::string& text : all) {
        if (FitsAlone(k, text)) candidates_[k].push_back(std::move(text));
      }
    }
  }

  // What patterns and prefixes ask of a class.
  Language LanguageOf(std::uint32_t k) const {
    Language language;
    for (const TextNeed& need : state_.texts) {
      if (class_of_[need.a] != k) continue;
      if (need.kind == NeedKind::kMatches || need.kind == NeedKind::kMatchesNot)
        language.patterns.emplace_back(s_.table.Pattern(need.b), need.kind == NeedKind::kMatches);
      if (need.kind == NeedKind::kPrefix || need.kind == NeedKind::kNotPrefix)
        language.prefixes.emplace_back(need.text, need.kind == NeedKind::kPrefix);
    }
    return language;
  }

  char UnusedLetter(const std::vector<std::string>& named,
                    const std::vector<std::string>& prefixes) {
    for (const char letter :
         std::string("xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ_-+")) {
      const auto has = [&](const std::string& text) {
        return text.find(letter) != std::string::npos;
      };
      if (std::none_of(named.begin(), named.end(), has) &&
          std::none_of(prefixes.begin(), prefixes.end(), has))
        return letter;
    }
    exact_ = false;
    return 'x';
  }

  // What is asked of one text by itself.
  bool FitsAlone(std::uint32_t k, const std::string& text) const {
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      if (class_of_[d] == k && Domain(d).text && *Domain(d).text != text) return false;
    }
    for (const TextNeed& need : state_.texts) {
      if (class_of_[need.a] != k) continue;
      switch (need.kind) {
        case NeedKind::kIs:
          if (text != need.text) return false;
          break;
        case NeedKind::kIsNot:
          if (text == need.text) return false;
          break;
        case NeedKind::kPrefix:
          if (!text.starts_with(need.text)) return false;
          break;
        case NeedKind::kNotPrefix:
          if (text.starts_with(need.text)) return false;
          break;
        case NeedKind::kMatches:
        case NeedKind::kMatchesNot:
          if (s_.table.Pattern(need.b).Accepts(text) != (need.kind == NeedKind::kMatches))
            return false;
          break;
        case NeedKind::kTextAtoms:
          if (!box_[need.b].Has(AtomOf(need.b, text))) return false;
          break;
        default:
          break;
      }
    }
    return true;
  }

  std::uint32_t AtomOf(std::uint32_t dimension, const std::string& text) const {
    const AtomMapId map = s_.dimensions[dimension].view.atoms;
    const std::uint32_t other = s_.table.AtomMap(map).atom_count - 1;
    std::uint32_t low = 0, high = other - 1;  // known strings, ascending
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (s_.table.AtomString(map, middle) < text) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1 < other && s_.table.AtomString(map, low) == text ? low + 1 : other;
  }

  // Depth first over the classes, without recursion.
  Feasibility Search(std::vector<std::vector<std::string>>* sets, std::uint64_t* steps) {
    chosen_.assign(count_, 0);
    std::uint32_t depth = 0;
    for (std::uint64_t tries = 0;; ++tries, ++*steps) {
      if (tries > kMaxTextSteps) return Feasibility::kUnknown;
      if (depth == count_ && FillSets(sets)) return Feasibility::kFeasible;
      if (depth < count_ && FitsSoFar(depth)) {
        ++depth;
        if (depth < count_) chosen_[depth] = 0;
        continue;
      }
      if (depth == count_ && depth-- == 0) break;
      while (++chosen_[depth] == candidates_[depth].size()) {
        if (depth-- == 0) return exact_ ? Feasibility::kInfeasible : Feasibility::kUnknown;
      }
    }
    return exact_ ? Feasibility::kInfeasible : Feasibility::kUnknown;
  }

  bool FitsSoFar(std::uint32_t k) const {
    for (const TextNeed& need : state_.texts) {
      if (need.kind != NeedKind::kDifferent) continue;
      const std::uint32_t a = class_of_[need.a], b = class_of_[need.b];
      if (std::max(a, b) == k && TextOf(need.a) == TextOf(need.b)) return false;
    }
    return true;
  }

  bool FillSets(std::vector<std::vector<std::string>>* sets) const {
    for (std::vector<std::string>& set : *sets) set.clear();
    std::vector<std::vector<std::string>> without(sets->size());
    for (const TextNeed& need : state_.texts) {
      switch (need.kind) {
        case NeedKind::kHas:
          (*sets)[need.a].emplace_back(need.text);
          break;
        case NeedKind::kHasNot:
          without[need.a].emplace_back(need.text);
          break;
        case NeedKind::kHasFact:
          (*sets)[need.a].push_back(TextOf(need.b));
          break;
        case NeedKind::kHasNotFact:
          without[need.a].push_back(TextOf(need.b));
          break;
        default:
          break;
      }
    }
    for (std::uint32_t d = 0; d < sets->size(); ++d) {
      std::vector<std::string>& set = (*sets)[d];
      std::sort(set.begin(), set.end());
      set.erase(std::unique(set.begin(), set.end()), set.end());
      if (Domain(d).texts && state_.presence[d] == Presence::kPresent) {
        for (const std::string& text : set) {
          const auto& fixed = *Domain(d).texts;
          if (std::find(fixed.begin(), fixed.end(), text) == fixed.end()) return false;
        }
        set = *Domain(d).texts;
      }
      for (const std::string& text : without[d]) {
        if (std::find(set.begin(), set.end(), text) != set.end()) return false;
      }
    }
    return true;
  }

  const Space::Impl& s_;
  const Component& c_;
  const std::vector<AtomSet>& box_;
  const State& state_;
  std::uint32_t count_ = 0;              // classes of equal texts
  std::vector<std::uint32_t> class_of_;  // by domain; kNoIndex: no text
  std::vector<std::vector<std::string>> candidates_;
  std::vector<std::size_t> chosen_;
  bool exact_ = true;  // the candidates are all that can matter
};

}  // namespace

Feasibility SolveTexts(const Space::Impl& space, const Component& component,
                       const std::vector<AtomSet>& box, const State& state,
                       std::vector<std::string>* texts, std::vector<std::vector<std::string>>* sets,
                       std::uint64_t* steps) {
  return TextSolver(space, component, box, state).Run(texts, sets, steps);
}

}  // namespace writ::analysis
