// Conditions in disjunctive normal form over atom sets. Atom sets are interned: a table has few
// distinct ones, so the algebra works on ids and touches words only for sets it has not combined. A
// list is simplified as it is built: a box that another one contains is dropped, and two boxes that
// differ in one dimension become one. Entry points: AtomSets, BoxAlgebra.
#include "boxes.h"

#include <algorithm>

namespace writ::compiler {
namespace {

std::uint64_t HashWords(std::span<const std::uint64_t> words) {
  std::uint64_t hash = 0x9E3779B97F4A7C15u + words.size();
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

AtomSets::AtomSets() : slots_(256, 0) { (void)Intern({}); }

SetId AtomSets::Intern(std::span<const std::uint64_t> words) {
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  std::size_t slot = HashWords(words) & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const SetId id = slots_[slot] - 1;
    if (std::ranges::equal(Words(id), words)) return id;
  }
  const auto id = static_cast<SetId>(sets_.size());
  sets_.push_back(
      {static_cast<std::uint32_t>(arena_.size()), static_cast<std::uint32_t>(words.size())});
  arena_.insert(arena_.end(), words.begin(),
                words.end());  // `words` never lies in the arena: those are found above
  slots_[slot] = id + 1;
  if (sets_.size() * 2 > slots_.size()) Grow();
  return id;
}

void AtomSets::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::uint32_t id = 0; id < sets_.size(); ++id) {
    std::size_t slot = HashWords(Words(id)) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = id + 1;
  }
}

SetId AtomSets::Range(std::uint32_t begin, std::uint32_t end) {
  scratch_.assign((end + 63u) / 64u, 0);
  for (std::uint32_t w = begin / 64; w < scratch_.size(); ++w) {
    std::uint64_t word = ~std::uint64_t{0};
    if (w == begin / 64) word &= ~std::uint64_t{0} << (begin % 64);
    if (w == end / 64) word &= (std::uint64_t{1} << (end % 64)) - 1;
    scratch_[w] = word;
  }
  return Intern(scratch_);
}

SetId AtomSets::And(SetId a, SetId b) {
  if (a == b) return a;
  const auto x = Words(a), y = Words(b);
  scratch_.resize(std::min(x.size(), y.size()));
  for (std::size_t i = 0; i < scratch_.size(); ++i) scratch_[i] = x[i] & y[i];
  return Intern(scratch_);
}

SetId AtomSets::Or(SetId a, SetId b) {
  if (a == b) return a;
  const auto x = Words(a), y = Words(b);
  scratch_.resize(std::max(x.size(), y.size()));
  for (std::size_t i = 0; i < scratch_.size(); ++i)
    scratch_[i] = (i < x.size() ? x[i] : 0) | (i < y.size() ? y[i] : 0);
  return Intern(scratch_);
}

SetId AtomSets::Minus(SetId a, SetId b) {
  const auto x = Words(a), y = Words(b);
  scratch_.resize(x.size());
  for (std::size_t i = 0; i < scratch_.size(); ++i) scratch_[i] = x[i] & ~(i < y.size() ? y[i] : 0);
  return Intern(scratch_);
}

bool AtomSets::Subset(SetId a, SetId b) const {
  if (a == b) return true;
  const auto x = Words(a), y = Words(b);
  if (x.size() > y.size()) return false;  // the last word of a set is never zero
  for (std::size_t i = 0; i < x.size(); ++i)
    if ((x[i] & ~y[i]) != 0) return false;
  return true;
}

bool AtomSets::Has(SetId a, std::uint32_t atom) const {
  const auto words = Words(a);
  return atom / 64 < words.size() && ((words[atom / 64] >> (atom % 64)) & 1u) != 0;
}

Boxes BoxAlgebra::Of(std::uint32_t d, SetId set) const {
  if (set == sets_.Empty()) return Boxes::None();
  Boxes boxes = Boxes::True();
  if (set != full_[d]) boxes.list[0].parts.emplace_back(d, set);
  return boxes;
}

Boxes BoxAlgebra::And(const Boxes& a, const Boxes& b) const {
  if (a.overflow || b.overflow) {
    if (!a.overflow && a.list.empty()) return a;
    if (!b.overflow && b.list.empty()) return b;
    return Boxes::TooMany();
  }
  Boxes result;
  Box box;
  for (const Box& x : a.list) {
    for (const Box& y : b.list) {
      if (Intersect(x, y, box)) Add(result, box);
      if (result.overflow) return result;
    }
  }
  return result;
}

Boxes BoxAlgebra::Or(const Boxes& a, const Boxes& b) const {
  if (a.overflow || b.overflow) return Boxes::TooMany();
  if (a.list.empty()) return b;
  Boxes result = a;
  for (const Box& box : b.list) {
    Add(result, box);
    if (result.overflow) return result;
  }
  return result;
}

void BoxAlgebra::Add(Boxes& boxes, Box box) const {
  if (boxes.overflow) return;
  Box merged;
  for (std::size_t i = 0; i < boxes.list.size();) {
    if (Absorbs(boxes.list[i], box)) return;
    if (Absorbs(box, boxes.list[i])) {
      boxes.list.erase(boxes.list.begin() + static_cast<std::ptrdiff_t>(i));
    } else if (Merge(boxes.list[i], box, merged)) {
      boxes.list.erase(boxes.list.begin() + static_cast<std::ptrdiff_t>(i));
      box = merged;
      i = 0;  // what was passed over may now be absorbed
    } else {
      ++i;
    }
  }
  boxes.list.push_back(std::move(box));
  if (boxes.list.size() > limit_) boxes = Boxes::TooMany();
}

bool BoxAlgebra::Intersect(const Box& a, const Box& b, Box& out) const {
  out.parts.clear();
  auto x = a.parts.begin(), y = b.parts.begin();
  while (x != a.parts.end() || y != b.parts.end()) {
    if (y == b.parts.end() || (x != a.parts.end() && x->first < y->first)) {
      out.parts.push_back(*x++);
    } else if (x == a.parts.end() || y->first < x->first) {
      out.parts.push_back(*y++);
    } else {
      const SetId both = sets_.And(x->second, y->second);
      if (both == sets_.Empty()) return false;
      out.parts.emplace_back(x->first, both);
      ++x, ++y;
    }
  }
  return true;
}

bool BoxAlgebra::Absorbs(const Box& a, const Box& b) const {
  if (a.parts.size() > b.parts.size()) return false;
  auto y = b.parts.begin();
  for (const auto& [d, set] : a.parts) {
    while (y != b.parts.end() && y->first < d) ++y;
    if (y == b.parts.end() || y->first != d || !sets_.Subset(y->second, set)) return false;
  }
  return true;
}

bool BoxAlgebra::Merge(const Box& a, const Box& b, Box& out) const {
  if (a.parts.size() != b.parts.size()) return false;
  std::size_t differing = a.parts.size();
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (a.parts[i].first != b.parts[i].first) return false;
    if (a.parts[i].second == b.parts[i].second) continue;
    if (differing != a.parts.size()) return false;
    differing = i;
  }
  if (differing == a.parts.size()) return false;
  out = a;
  const std::uint32_t d = a.parts[differing].first;
  const SetId either = sets_.Or(a.parts[differing].second, b.parts[differing].second);
  if (either == full_[d]) {
    out.parts.erase(out.parts.begin() + static_cast<std::ptrdiff_t>(differing));
  } else {
    out.parts[differing].second = either;
  }
  return true;
}

}  // namespace writ::compiler
