// The counters behind meters: a hash map from (meter, keys) to running totals, and, for meters with
// a window, a list of the events inside it, all in memory that the caller gives once. A key is kept
// as its own bytes where it is short, else as its SHA-256, so two keys are never taken for one.
// `distinct` has an entry for each value under each key, too; inside a window the events of one
// value are a list of their own.
// Entry points: `Session::Commit`, `Session::Read`.
#include "writ/runtime/session.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "frame.h"
#include "writ/runtime/sha256.h"

namespace writ::runtime {
namespace {

using format::kNone;
__extension__ typedef __int128 Wide;  // sums of int64 never overflow it

constexpr std::size_t kKeyBytes = 44;
constexpr std::int64_t kMonthSlackMs = 3 * std::int64_t{86'400'000};
constexpr std::uint32_t kOfValue = 1u << 31;  // in Key::meter: a value under a key of `distinct`

std::uint64_t RotateLeft(std::uint64_t x, int n) { return (x << n) | (x >> (64 - n)); }

// SipHash-1-3 (Aumasson and Bernstein): requests can't be made to pile up in one place without
// knowing the seed.
std::uint64_t SipHash(const std::uint64_t seed[2], const unsigned char* data, std::size_t size) {
  std::uint64_t a = seed[0] ^ 0x736f6d6570736575, b = seed[1] ^ 0x646f72616e646f6d;
  std::uint64_t c = seed[0] ^ 0x6c7967656e657261, d = seed[1] ^ 0x7465646279746573;
  const auto round = [&] {
    a += b, c += d, b = RotateLeft(b, 13) ^ a, d = RotateLeft(d, 16) ^ c, a = RotateLeft(a, 32);
    c += b, a += d, b = RotateLeft(b, 17) ^ c, d = RotateLeft(d, 21) ^ a, c = RotateLeft(c, 32);
  };
  for (std::size_t i = 0; i <= size / 8; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + 8 * i, std::min<std::size_t>(8, size - 8 * i));
    if (i == size / 8) word |= std::uint64_t{size} << 56;
    d ^= word, round(), a ^= word;
  }
  c ^= 0xFF;
  round(), round(), round();
  return a ^ b ^ c ^ d;
}

std::int64_t Clamp(Wide value, const format::CheckRecord& range) {
  return static_cast<std::int64_t>(std::max<Wide>(range.low, std::min<Wide>(range.high, value)));
}

bool IsWindowed(const format::MeterRecord& m) { return m.window_ms != 0 || m.window_months != 0; }

std::int64_t SaturatingSubtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  return __builtin_sub_overflow(a, b, &difference) ? (b > 0 ? INT64_MIN : INT64_MAX) : difference;
}

// The value of a key or input; built-in facts come from the request itself.
Value ValueOf(View v, std::uint32_t fact, const Request& request) {
  const format::FactRecord& f = v.fact(fact);
  const auto type = static_cast<ValueType>(f.type);
  const auto source = static_cast<Source>(f.source);
  Value value;
  if (source == Source::kBuiltin && IsRole(v.String(f.name), source, type)) {
    value.number = RoleNumber(v, request);
    value.kind = ValueKind::kNumber;
  } else if (source == Source::kBuiltin && IsNow(v.String(f.name), source, type)) {
    value.number = request.now_ms;
    value.kind = ValueKind::kNumber;
  } else if (Suits(v, fact, request.values[fact])) {
    value = request.values[fact];
  }
  return value;
}

}  // namespace

struct Session::Key {
  std::uint64_t hash;
  std::uint32_t meter;
  unsigned char bytes[kKeyBytes];  // zero behind the end
  std::uint8_t size;               // kKeyBytes + 1: the bytes are a digest
};

struct Session::Entry {
  std::uint64_t hash;  // 0: free
  std::uint32_t meter;
  unsigned char bytes[kKeyBytes];
  std::uint8_t size;
  std::uint8_t kept_known, complete;  // complete: no event lacked its value
  std::uint32_t used_before;          // the entry taken into use before this one, or kNone
  std::uint64_t count;                // of `distinct`: of values
  std::uint64_t sum_low;
  std::int64_t sum_high;                  // together the sum, 128 bits
  std::int64_t kept, kept_time;           // of `last` and `first`
  std::uint32_t first_event, last_event;  // kNone: none
  // How often it started anew; of a value of `distinct`: one more than that when it was last there.
  std::uint64_t generation;
};

struct Session::Event {
  std::int64_t time, value;  // the value of `distinct`: its entry
  std::uint32_t next, before;
  std::uint32_t known;
  std::uint32_t same_next;  // `distinct`: the next event of this value
};

struct Session::Totals {
  std::uint64_t count = 0;
  Wide sum = 0;
  std::int64_t kept = 0;
  bool complete = true, kept_known = false;
  bool has_this = false;  // `distinct`: the value of this request is among those there
};

std::size_t Session::BytesFor(const Table&, std::size_t capacity) {
  const std::size_t slots = capacity + capacity / 3 + 1;
  return sizeof(Session) + slots * sizeof(Entry) + capacity * sizeof(Event);
}

Session* Session::Create(const Table& table, void* memory, std::size_t size) {
  static_assert(alignof(Session) <= 8 && alignof(Entry) <= 8 && sizeof(Entry) % 8 == 0 &&
                sizeof(Session) % 8 == 0);
  if (memory == nullptr || size < BytesFor(table, 1) ||
      reinterpret_cast<std::uintptr_t>(memory) % 8 != 0) {
    return nullptr;
  }
  const std::size_t per_three = 4 * sizeof(Entry) + 3 * sizeof(Event);
  std::size_t capacity =
      std::min<std::size_t>((size - sizeof(Session)) / per_three * 3 + 3, 1u << 30);
  while (BytesFor(table, capacity) > size) --capacity;

  auto* session = new (memory) Session();
  session->table_ = TableAccess::ViewOf(table).base;
  session->key_capacity_ = session->event_capacity_ = static_cast<std::uint32_t>(capacity);
  session->slot_count_ = static_cast<std::uint32_t>(capacity + capacity / 3 + 1);
  unsigned char* at = static_cast<unsigned char*>(memory) + sizeof(Session);
  session->entries_ = reinterpret_cast<Entry*>(at);
  session->events_ = reinterpret_cast<Event*>(at + session->slot_count_ * sizeof(Entry));
  std::memcpy(session->seed_, table.digest().data(), sizeof session->seed_);
  session->seed_[0] ^=
      reinterpret_cast<std::uintptr_t>(memory);  // where memory lies is nobody's to guess
  std::memset(static_cast<void*>(session->entries_), 0, session->slot_count_ * sizeof(Entry));
  session->last_used_ = kNone;
  session->Clear();
  return session;
}

// Takes time for what was used, not for what there is: replay clears once per run.
void Session::Clear() {
  while (last_used_ != kNone) {
    Entry& entry = entries_[last_used_];
    last_used_ = entry.used_before;
    entry.hash = 0;
  }
  free_event_ = kNone;
  fresh_event_ = 0;
  key_count_ = 0;
  std::memset(lost_, 0, sizeof lost_);
}

bool Session::KeysGiven(MeterId m, const Request& request) const {
  const View v{table_};
  const format::Range keys = v.meter(m.value).keys;
  for (std::uint32_t i = 0; i < keys.count; ++i) {
    const ValueKind kind = ValueOf(v, v.lists()[keys.first + i], request).kind;
    if (kind != ValueKind::kNumber && kind != ValueKind::kText) return false;
  }
  return true;
}

bool Session::overflowed() const {
  return std::any_of(std::begin(lost_), std::end(lost_),
                     [](std::uint64_t word) { return word != 0; });
}

// False where a key is missing. The meter is part of the hash, its number of keys is fixed, and
// each part says how long it is: no two lists of values give the same bytes.
bool Session::MakeKey(std::uint32_t meter, const Request& request, bool of_value, Key* key) const {
  const View v{table_};
  const format::MeterRecord& m = v.meter(meter);
  Sha256 long_key;
  std::memset(key->bytes, 0, sizeof key->bytes);
  std::size_t size = 0;
  bool is_long = false;
  const auto append = [&](const void* data, std::size_t bytes) {
    if (!is_long && size + bytes <= kKeyBytes) {
      std::memcpy(key->bytes + size, data, bytes);
      size += bytes;
      return;
    }
    if (!is_long) long_key.Update(key->bytes, size);
    is_long = true;
    long_key.Update(data, bytes);
  };
  for (std::uint32_t i = 0; i < m.keys.count + (of_value ? 1 : 0); ++i) {
    const std::uint32_t fact = i < m.keys.count ? v.lists()[m.keys.first + i] : m.value;
    const Value value = ValueOf(v, fact, request);
    if (value.kind == ValueKind::kNumber) {
      append(&value.number, sizeof value.number);
    } else if (value.kind == ValueKind::kText) {
      append(&value.size, sizeof value.size);
      if (value.size != 0) append(value.text, value.size);
    } else {
      return false;
    }
  }
  if (is_long) {
    std::memset(key->bytes, 0, sizeof key->bytes);
    long_key.Finish(key->bytes);
    size = kKeyBytes + 1;
  }
  key->meter = of_value ? meter | kOfValue : meter;
  key->size = static_cast<std::uint8_t>(size);
  const std::uint64_t seed[2] = {seed_[0], seed_[1] + key->meter};
  key->hash = SipHash(seed, key->bytes, std::min(size, kKeyBytes));
  if (key->hash == 0) key->hash = 1;
  return true;
}

Session::Entry* Session::Find(const Key& key) const {
  std::uint32_t slot = static_cast<std::uint32_t>(key.hash % slot_count_);
  while (true) {  // there is always a free slot: key_capacity_ < slot_count_
    Entry& entry = entries_[slot];
    if (entry.hash == 0) return key_count_ < key_capacity_ ? &entry : nullptr;
    if (entry.hash == key.hash && entry.meter == key.meter && entry.size == key.size &&
        std::memcmp(entry.bytes, key.bytes, kKeyBytes) == 0) {
      return &entry;
    }
    slot = slot + 1 == slot_count_ ? 0 : slot + 1;
  }
}

// The key's entry, made if it is not there; null when all are taken.
Session::Entry* Session::Take(const Key& key) {
  Entry* entry = Find(key);
  if (entry == nullptr || entry->hash != 0) return entry;
  *entry =
      Entry{key.hash, key.meter, {}, key.size, 0, 1, last_used_, 0, 0, 0, 0, 0, kNone, kNone, 0};
  last_used_ = static_cast<std::uint32_t>(entry - entries_);
  std::memcpy(entry->bytes, key.bytes, kKeyBytes);
  ++key_count_;
  return entry;
}

void Session::DropBefore(Entry& entry, bool distinct, std::int64_t time_ms, bool all) {
  while (entry.first_event != kNone && (all || events_[entry.first_event].time < time_ms)) {
    const std::uint32_t dropped = entry.first_event;
    if (distinct && events_[dropped].known != 0) {  // the oldest of all is the oldest of its value
      Entry& value = entries_[events_[dropped].value];
      value.first_event = events_[dropped].same_next;
      if (value.first_event == kNone) value.last_event = kNone;
    }
    entry.first_event = events_[dropped].next;
    if (entry.first_event == kNone) {
      entry.last_event = kNone;
    } else {
      events_[entry.first_event].before = kNone;
    }
    events_[dropped].next = free_event_;
    free_event_ = dropped;
  }
}

// Puts the event among those of its value, in the order in which the window's list has them.
void Session::LinkValue(Entry& value, std::uint32_t id) {
  std::uint32_t before = value.last_event;
  if (before != kNone && events_[before].time > events_[id].time) {  // it comes late
    before = kNone;
    for (std::uint32_t e = value.first_event; events_[e].time <= events_[id].time;
         e = events_[e].same_next) {
      before = e;
    }
  }
  std::uint32_t& link = before == kNone ? value.first_event : events_[before].same_next;
  events_[id].same_next = link;
  link = id;
  if (events_[id].same_next == kNone) value.last_event = id;
}

// Keeps the list ordered by time; an event that comes late is put where it belongs, behind those of
// its own time.
bool Session::AddEvent(Entry& entry, const format::MeterRecord& m, std::int64_t time_ms,
                       std::int64_t value, bool known) {
  const bool distinct = static_cast<Fold>(m.fold) == Fold::kDistinct;
  const std::int64_t newest =
      entry.last_event == kNone ? time_ms : std::max(time_ms, events_[entry.last_event].time);
  // A window of months may reach further back later: 31 March at 1 a.m. begins it before 30 March
  // at 11 p.m. does.
  const std::int64_t oldest_kept =
      SaturatingSubtract(WindowStart(View{table_}, newest, m.window_ms, m.window_months),
                         m.window_months != 0 ? kMonthSlackMs : 0);
  DropBefore(entry, distinct, oldest_kept, false);
  if (time_ms < oldest_kept) return true;
  if (free_event_ == kNone && fresh_event_ == event_capacity_) return false;
  const std::uint32_t id = free_event_ != kNone ? free_event_ : fresh_event_++;
  if (id == free_event_) free_event_ = events_[id].next;
  std::uint32_t before = entry.last_event;
  while (before != kNone && events_[before].time > time_ms) before = events_[before].before;
  const std::uint32_t next = before == kNone ? entry.first_event : events_[before].next;
  events_[id] = Event{time_ms, value, next, before, known, kNone};
  (before == kNone ? entry.first_event : events_[before].next) = id;
  (next == kNone ? entry.last_event : events_[next].before) = id;
  if (distinct && known) LinkValue(entries_[value], id);
  return true;
}

bool Session::CommitMeter(std::uint32_t meter, const Request& request) {
  const View v{table_};
  const format::MeterRecord& m = v.meter(meter);
  const auto fold = static_cast<Fold>(m.fold);
  Key key;
  if (!MakeKey(meter, request, false, &key)) return true;
  Entry* entry = Take(key);
  if (entry == nullptr) return false;
  std::int64_t value = request.now_ms;
  bool known = true, is_new = true;
  if (fold == Fold::kDistinct) {
    known = MakeKey(meter, request, true, &key);
    if (known) {
      Entry* of_value = Take(key);
      if (of_value == nullptr) return false;
      is_new = of_value->generation != entry->generation + 1;
      of_value->generation = entry->generation + 1;
      value = of_value - entries_;
    }
  } else if (m.value != kNone) {
    const Value given = ValueOf(v, m.value, request);
    known = given.kind == ValueKind::kNumber;
    value = known ? given.number : 0;
  }
  if (IsWindowed(m)) return AddEvent(*entry, m, request.now_ms, value, known);
  if (!known) entry->complete = 0;
  if (fold == Fold::kDistinct) {
    entry->count += known && is_new;
    return true;
  }
  ++entry->count;
  const Wide sum = (static_cast<Wide>(entry->sum_high) * (Wide{1} << 64)) + entry->sum_low + value;
  entry->sum_low = static_cast<std::uint64_t>(sum);
  entry->sum_high = static_cast<std::int64_t>(sum >> 64);
  const bool kept =
      fold == Fold::kFirst ? request.now_ms < entry->kept_time : request.now_ms >= entry->kept_time;
  if (entry->count == 1 || kept) {
    entry->kept = value;
    entry->kept_known = known;
    entry->kept_time = request.now_ms;
  }
  return true;
}

// Forgets what was counted under the keys of the request.
void Session::StartAnew(std::uint32_t meter, const Request& request) {
  Key key;
  if (!MakeKey(meter, request, false, &key)) return;
  Entry* entry = Find(key);
  if (entry == nullptr || entry->hash == 0) return;
  const auto fold = static_cast<Fold>(View{table_}.meter(meter).fold);
  DropBefore(*entry, fold == Fold::kDistinct, INT64_MAX, true);
  entry->count = entry->sum_low = 0;
  entry->sum_high = 0;
  entry->complete = 1;
  entry->kept_known = 0;
  ++entry->generation;
}

bool Session::Commit(const Request& request) {
  const View v{table_};
  const auto lists = [&](const format::Range& list) {
    const std::uint32_t* begin = v.lists() + list.first;
    return std::find(begin, begin + list.count, request.capability.value) != begin + list.count;
  };
  bool complete = true;
  for (std::uint32_t i = 0; i < v.Count(format::kMeters); ++i) {
    if (lists(v.meter(i).since)) StartAnew(i, request);
    if (!lists(v.meter(i).targets)) continue;
    if (!CommitMeter(i, request)) {
      lost_[i / 64] |= std::uint64_t{1} << (i % 64);
      complete = false;
    }
  }
  return complete;
}

// `of_this`: the entry of this request's value, or null.
Session::Totals Session::TotalsOf(const Entry& entry, const format::MeterRecord& m,
                                  std::int64_t now_ms, const Entry* of_this) const {
  Totals totals;
  if (!IsWindowed(m)) {
    totals.count = entry.count;
    totals.sum = (static_cast<Wide>(entry.sum_high) * (Wide{1} << 64)) + entry.sum_low;
    totals.kept = entry.kept;
    totals.complete = entry.complete != 0;
    totals.kept_known = entry.kept_known != 0;
    totals.has_this = of_this != nullptr && of_this->generation == entry.generation + 1;
    return totals;
  }
  const auto fold = static_cast<Fold>(m.fold);
  const std::int64_t oldest = WindowStart(View{table_}, now_ms, m.window_ms, m.window_months);
  for (std::uint32_t e = entry.last_event; e != kNone && events_[e].time >= oldest;
       e = events_[e].before) {
    const Event& event = events_[e];
    if (event.time > now_ms) continue;
    totals.complete &= event.known != 0;
    if (fold == Fold::kDistinct) {  // of one value the last that is seen counts
      if (event.known == 0) continue;
      totals.has_this |= of_this == entries_ + event.value;
      totals.count += event.same_next == kNone || events_[event.same_next].time > now_ms;
      continue;
    }
    if (totals.count++ == 0 || fold == Fold::kFirst) {
      totals.kept = event.value;
      totals.kept_known = event.known != 0;
    }
    totals.sum += event.value;
  }
  return totals;
}

Value Session::Read(MeterId id, const Request& request) const {
  const View v{table_};
  const format::MeterRecord& m = v.meter(id.value);
  Value result;
  Key key;
  if (((lost_[id.value / 64] >> (id.value % 64)) & 1) != 0 ||
      !MakeKey(id.value, request, false, &key)) {
    return result;
  }
  const std::uint32_t* targets = v.lists() + m.targets.first;
  const bool adds_value = static_cast<Fold>(m.fold) == Fold::kDistinct && m.including_this != 0 &&
                          std::find(targets, targets + m.targets.count, request.capability.value) !=
                              targets + m.targets.count;
  const Entry* of_this = nullptr;
  if (adds_value) {
    Key value_key;
    if (!MakeKey(id.value, request, true, &value_key)) return result;
    of_this = Find(value_key);
    if (of_this != nullptr && of_this->hash == 0) of_this = nullptr;
  }
  Totals totals;
  if (const Entry* entry = Find(key); entry != nullptr && entry->hash != 0)
    totals = TotalsOf(*entry, m, request.now_ms, of_this);
  bool known = true;
  Wide number = 0;
  switch (static_cast<Fold>(m.fold)) {
    case Fold::kCount:
      number = totals.count;
      break;
    case Fold::kSum:
      number = totals.sum;
      known = totals.complete;
      break;
    case Fold::kLast:
    case Fold::kFirst:
      number = totals.kept;
      known = totals.kept_known;
      break;
    case Fold::kExists:
      number = totals.count != 0;
      break;
    case Fold::kDistinct:
      number = Wide{totals.count} + (adds_value && !totals.has_this);
      known = totals.complete;
      break;
  }
  if (!known) return result;
  result.number = Clamp(number, v.checks()[m.fact]);
  result.kind = ValueKind::kNumber;
  return result;
}

}  // namespace writ::runtime
