// The counters behind meters: a hash map from (meter, keys) to running totals, and, for meters with
// a window, a list of the events inside it, all in memory that the caller gives once. A key is kept
// as its own bytes where it is short, else as its SHA-256, so two keys are never taken for one.
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
  std::uint8_t last_known, sum_known;
  std::uint32_t used_before;  // the entry taken into use before this one, or kNone
  std::uint64_t count;
  std::uint64_t sum_low;
  std::int64_t sum_high;  // together the sum, 128 bits
  std::int64_t last, last_time;
  std::uint32_t first_event, last_event;  // kNone: none
};

struct Session::Event {
  std::int64_t time, value;
  std::uint32_t next, before;
  std::uint32_t known;
  std::uint32_t unused;
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
bool Session::MakeKey(std::uint32_t meter, const Request& request, Key* key) const {
  const View v{table_};
  const format::Range keys = v.meter(meter).keys;
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
  for (std::uint32_t i = 0; i < keys.count; ++i) {
    const Value value = ValueOf(v, v.lists()[keys.first + i], request);
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
  key->meter = meter;
  key->size = static_cast<std::uint8_t>(size);
  const std::uint64_t seed[2] = {seed_[0], seed_[1] + meter};
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

void Session::DropBefore(Entry& entry, std::int64_t time_ms) {
  while (entry.first_event != kNone && events_[entry.first_event].time < time_ms) {
    const std::uint32_t dropped = entry.first_event;
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

// Keeps the list ordered by time; an event that comes late is put where it belongs, behind those of
// its own time.
bool Session::AddEvent(Entry& entry, std::int64_t window_ms, std::int64_t time_ms,
                       std::int64_t value, bool known) {
  const std::int64_t newest =
      entry.last_event == kNone ? time_ms : std::max(time_ms, events_[entry.last_event].time);
  const std::int64_t oldest_kept = SaturatingSubtract(newest, window_ms);
  DropBefore(entry, oldest_kept);
  if (time_ms < oldest_kept) return true;
  if (free_event_ == kNone && fresh_event_ == event_capacity_) return false;
  const std::uint32_t id = free_event_ != kNone ? free_event_ : fresh_event_++;
  if (id == free_event_) free_event_ = events_[id].next;
  std::uint32_t before = entry.last_event;
  while (before != kNone && events_[before].time > time_ms) before = events_[before].before;
  const std::uint32_t next = before == kNone ? entry.first_event : events_[before].next;
  events_[id] = Event{time_ms, value, next, before, known, 0};
  (before == kNone ? entry.first_event : events_[before].next) = id;
  (next == kNone ? entry.last_event : events_[next].before) = id;
  return true;
}

bool Session::CommitMeter(std::uint32_t meter, const Request& request) {
  const View v{table_};
  const format::MeterRecord& m = v.meter(meter);
  Key key;
  if (!MakeKey(meter, request, &key)) return true;
  Entry* entry = Find(key);
  if (entry == nullptr) return false;
  if (entry->hash == 0) {
    *entry =
        Entry{key.hash, meter, {}, key.size, 0, 1, last_used_, 0, 0, 0, 0, INT64_MIN, kNone, kNone};
    last_used_ = static_cast<std::uint32_t>(entry - entries_);
    std::memcpy(entry->bytes, key.bytes, kKeyBytes);
    ++key_count_;
  }
  std::int64_t value = request.now_ms;
  bool known = true;
  if (m.value != kNone) {
    const Value given = ValueOf(v, m.value, request);
    known = given.kind == ValueKind::kNumber;
    value = known ? given.number : 0;
  }
  if (m.window_ms != 0) return AddEvent(*entry, m.window_ms, request.now_ms, value, known);
  ++entry->count;
  if (!known) entry->sum_known = 0;
  const Wide sum = (static_cast<Wide>(entry->sum_high) * (Wide{1} << 64)) + entry->sum_low + value;
  entry->sum_low = static_cast<std::uint64_t>(sum);
  entry->sum_high = static_cast<std::int64_t>(sum >> 64);
  if (request.now_ms >= entry->last_time) {
    entry->last = value;
    entry->last_known = known;
    entry->last_time = request.now_ms;
  }
  return true;
}

// Forgets what was counted under the keys of the request.
void Session::StartAnew(std::uint32_t meter, const Request& request) {
  Key key;
  if (!MakeKey(meter, request, &key)) return;
  Entry* entry = Find(key);
  if (entry == nullptr || entry->hash == 0) return;
  while (entry->first_event != kNone) {
    const std::uint32_t dropped = entry->first_event;
    entry->first_event = events_[dropped].next;
    events_[dropped].next = free_event_;
    free_event_ = dropped;
  }
  entry->last_event = kNone;
  entry->count = entry->sum_low = 0;
  entry->sum_high = 0;
  entry->sum_known = 1;
  entry->last_known = 0;
  entry->last_time = INT64_MIN;
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

Value Session::Read(MeterId id, const Request& request) const {
  const View v{table_};
  const format::MeterRecord& m = v.meter(id.value);
  Value result;
  Key key;
  if (((lost_[id.value / 64] >> (id.value % 64)) & 1) != 0 || !MakeKey(id.value, request, &key))
    return result;
  std::uint64_t count = 0;
  Wide sum = 0;
  std::int64_t last = 0;
  bool sum_known = true, last_known = false;
  if (const Entry* entry = Find(key); entry != nullptr && entry->hash != 0) {
    if (m.window_ms == 0) {
      count = entry->count;
      sum = (static_cast<Wide>(entry->sum_high) * (Wide{1} << 64)) + entry->sum_low;
      last = entry->last;
      sum_known = entry->sum_known != 0;
      last_known = entry->last_known != 0;
    } else {
      const std::int64_t oldest = SaturatingSubtract(request.now_ms, m.window_ms);
      for (std::uint32_t e = entry->last_event; e != kNone && events_[e].time >= oldest;
           e = events_[e].before) {
        const Event& event = events_[e];
        if (event.time > request.now_ms) continue;
        if (count++ == 0) {
          last = event.value;
          last_known = event.known != 0;
        }
        sum += event.value;
        sum_known &= event.known != 0;
      }
    }
  }
  bool known = true;
  Wide number = 0;
  switch (static_cast<Fold>(m.fold)) {
    case Fold::kCount:
      number = count;
      break;
    case Fold::kSum:
      number = sum;
      known = sum_known;
      break;
    case Fold::kLast:
      number = last;
      known = last_known;
      break;
    case Fold::kExists:
      number = count != 0;
      break;
  }
  if (!known) return result;
  result.number = Clamp(number, v.checks()[m.fact]);
  result.kind = ValueKind::kNumber;
  return result;
}

}  // namespace writ::runtime
