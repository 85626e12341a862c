// The automata of patterns and prefixes, and one for UTF-8, are run side by side: a state of the
// product is what each of them has seen. Bytes that none of them tells apart are one class. The
// states from which a text can still end well are found first; then texts are spelled out, shorter
// ones first. As many texts as are wanted, and as must be left out, go through a state at most:
// more would be no use. So when the search ends by itself, there are no other texts.
//
// Entry point: ShortestTexts.
#include "writ/analysis/language.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>

namespace writ::analysis {

namespace {

using runtime::PatternView;

constexpr std::size_t kMaxSideBySide = 20'000;
constexpr std::size_t kMaxSpelled = 1'000'000;

// What is expected of UTF-8 next: a character, or one, two, three continuation bytes, the first of
// which may be narrowed.
enum Utf8 : std::uint32_t {
  kCharacter,
  kOne,
  kTwo,
  kThree,
  kAfterE0,
  kAfterED,
  kAfterF0,
  kAfterF4,
  kBroken
};

std::uint32_t NextUtf8(std::uint32_t state, unsigned byte) {
  const auto in = [byte](unsigned low, unsigned high) { return low <= byte && byte <= high; };
  switch (state) {
    case kCharacter:
      if (byte < 0x80) return kCharacter;
      if (in(0xC2, 0xDF)) return kOne;
      if (byte == 0xE0) return kAfterE0;
      if (byte == 0xED) return kAfterED;
      if (in(0xE1, 0xEF)) return kTwo;
      if (byte == 0xF0) return kAfterF0;
      if (in(0xF1, 0xF3)) return kThree;
      return byte == 0xF4 ? kAfterF4 : kBroken;
    case kOne:
      return in(0x80, 0xBF) ? kCharacter : kBroken;
    case kTwo:
      return in(0x80, 0xBF) ? kOne : kBroken;
    case kThree:
      return in(0x80, 0xBF) ? kTwo : kBroken;
    case kAfterE0:
      return in(0xA0, 0xBF) ? kOne : kBroken;
    case kAfterED:
      return in(0x80, 0x9F) ? kOne : kBroken;
    case kAfterF0:
      return in(0x90, 0xBF) ? kTwo : kBroken;
    case kAfterF4:
      return in(0x80, 0x8F) ? kTwo : kBroken;
    default:
      return kBroken;
  }
}

// Readable letters first, so that a witness can be read.
std::array<unsigned char, 256> BytesInOrder() {
  std::array<unsigned char, 256> order{};
  std::size_t count = 0;
  std::array<bool, 256> placed{};
  const auto place = [&](unsigned byte) {
    if (placed[byte]) return;
    placed[byte] = true;
    order[count++] = static_cast<unsigned char>(byte);
  };
  for (unsigned byte = 'a'; byte <= 'z'; ++byte) place(byte);
  for (unsigned byte = '0'; byte <= '9'; ++byte) place(byte);
  for (unsigned byte = '!'; byte <= '~'; ++byte) place(byte);
  for (unsigned byte = ' '; byte < 256; ++byte) place(byte);
  for (unsigned byte = 0; byte < ' '; ++byte) place(byte);
  return order;
}

class SideBySide {
 public:
  explicit SideBySide(const Language& language) : l_(language) { Classify(); }

  // False: too many states.
  bool Explore() {
    Number(Start());
    for (std::uint32_t s = 0; s < keys_.size(); ++s) {
      if (keys_.size() > kMaxSideBySide) return false;
      const Key from = *keys_[s];
      for (const std::vector<unsigned char>& bytes : classes_) {
        Key to;
        next_.push_back(Step(from, bytes[0], &to) ? Number(std::move(to)) : kNone);
      }
    }
    FindLive();
    return true;
  }

  std::size_t size() const { return keys_.size(); }

  // At most count + without.size() words for each state.
  void Spell(std::size_t count, const std::vector<std::string>& without,
             std::vector<std::string>* texts) const {
    const std::size_t most = count + without.size();
    std::vector<std::size_t> visits(keys_.size());
    std::deque<std::pair<std::uint32_t, std::string>> queue;
    if (live_[0]) queue.emplace_back(0, "");
    while (!queue.empty() && texts->size() < count) {
      const auto [state, word] = std::move(queue.front());
      queue.pop_front();
      if (accepting_[state] && !std::binary_search(without.begin(), without.end(), word))
        texts->push_back(word);
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        const std::uint32_t to = next_[state * classes_.size() + c];
        if (to == kNone || !live_[to]) continue;
        for (std::size_t b = 0; b < classes_[c].size() && b < most && visits[to] < most; ++b) {
          ++visits[to];
          queue.emplace_back(to, word + static_cast<char>(classes_[c][b]));
        }
      }
    }
  }

 private:
  // UTF-8, then each pattern, then how much of each prefix has been seen (kNone: something else).
  using Key = std::vector<std::uint32_t>;
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;

  void Classify() {
    std::map<std::vector<std::uint32_t>, std::size_t> known;
    for (const unsigned char byte : BytesInOrder()) {
      std::vector<std::uint32_t> signature;
      for (std::uint32_t state = 0; state < kBroken; ++state)
        signature.push_back(NextUtf8(state, byte));
      for (const auto& [pattern, wanted] : l_.patterns) signature.push_back(pattern.class_of[byte]);
      for (const auto& [prefix, wanted] : l_.prefixes) {
        const bool occurs = prefix.find(static_cast<char>(byte)) != std::string_view::npos;
        signature.push_back(occurs ? byte : kNone);
      }
      const auto [at, fresh] = known.try_emplace(std::move(signature), classes_.size());
      if (fresh) classes_.emplace_back();
      classes_[at->second].push_back(byte);
    }
  }

  Key Start() const {
    Key key = {kCharacter};
    for (const auto& [pattern, wanted] : l_.patterns) key.push_back(pattern.start);
    key.resize(key.size() + l_.prefixes.size(), 0);
    return key;
  }

  // False: no text goes on this way.
  bool Step(const Key& from, unsigned char byte, Key* to) const {
    const std::uint32_t utf8 = NextUtf8(from[0], byte);
    if (utf8 == kBroken) return false;
    to->push_back(utf8);
    for (const auto& [pattern, wanted] : l_.patterns)
      to->push_back(pattern.Next(from[to->size()], byte));
    for (const auto& [prefix, wanted] : l_.prefixes) {
      std::uint32_t seen = from[to->size()];
      if (seen != kNone && seen < prefix.size()) {
        seen = static_cast<unsigned char>(prefix[seen]) == byte ? seen + 1 : kNone;
        if (seen == kNone && wanted) return false;
      }
      to->push_back(seen);
    }
    return true;
  }

  bool Accepts(const Key& key) const {
    if (key[0] != kCharacter) return false;
    std::size_t i = 1;
    for (const auto& [pattern, wanted] : l_.patterns) {
      if ((key[i++] < pattern.accepting) != wanted) return false;
    }
    for (const auto& [prefix, wanted] : l_.prefixes) {
      if ((key[i++] == prefix.size()) != wanted) return false;
    }
    return true;
  }

  std::uint32_t Number(Key key) {
    const auto [at, fresh] =
        numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(keys_.size()));
    if (fresh) {
      keys_.push_back(&at->first);
      accepting_.push_back(Accepts(at->first));
    }
    return at->second;
  }

  // From which an accepting state can be reached.
  void FindLive() {
    std::vector<std::vector<std::uint32_t>> before(keys_.size());
    for (std::size_t edge = 0; edge < next_.size(); ++edge) {
      if (next_[edge] != kNone)
        before[next_[edge]].push_back(static_cast<std::uint32_t>(edge / classes_.size()));
    }
    live_.assign(keys_.size(), false);
    std::vector<std::uint32_t> open;
    for (std::uint32_t s = 0; s < keys_.size(); ++s) {
      if (accepting_[s]) open.push_back(s);
    }
    while (!open.empty()) {
      const std::uint32_t s = open.back();
      open.pop_back();
      if (live_[s]) continue;
      live_[s] = true;
      open.insert(open.end(), before[s].begin(), before[s].end());
    }
  }

  const Language& l_;
  std::vector<std::vector<unsigned char>> classes_;
  std::map<Key, std::uint32_t> numbers_;
  std::vector<const Key*> keys_;
  std::vector<bool> accepting_, live_;
  std::vector<std::uint32_t> next_;  // state * classes + class
};

}  // namespace

bool ShortestTexts(const Language& language, std::size_t count,
                   const std::vector<std::string>& without, std::vector<std::string>* texts) {
  texts->clear();
  SideBySide automata(language);
  if (!automata.Explore()) return false;
  if (automata.size() * (count + without.size()) > kMaxSpelled) return false;
  automata.Spell(count, without, texts);
  return true;
}

}  // namespace writ::analysis
