// The counters behind meters. Fixed memory, given at the start; time comes from the caller.
//
// One session per thing that meters are kept for (a run, or a shard of runs that share meter keys).
// Not thread-safe.
//
// A meter that counts *since* something begins anew, for the keys of that request, when it is
// committed: what was committed before it counts no longer, whatever the times say.
//
// Time is whatever the requests say. A meter without a window counts every commit, whatever its
// time. One with a window keeps, per key, the events that are at most the window older than the
// newest commit of that key: reading at an earlier time than that may miss events that were dropped
// since, and never sees events after its own `now`. Equal times are kept apart, in the order of the
// commits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::format {
struct MeterRecord;
}

namespace writ::runtime {

class Session {
 public:
  // Bytes that `capacity` entries (distinct meter keys, the values of `distinct` under each, plus
  // events inside windows) take.
  static std::size_t BytesFor(const Table&, std::size_t capacity);
  // Uses `memory` (8-byte aligned, `size` bytes) until the session ends. Returns null if it is too
  // small.
  static Session* Create(const Table&, void* memory, std::size_t size);

  // Records that the request took effect at request.now_ms. Denied and failed requests are never
  // committed. A meter with a key that the request does not give records nothing; a sum, distinct,
  // last or first whose input is missing reads missing for that key, for as long as the event
  // counts. Returns
  // false when memory is full: from then on the meters concerned are missing, and say so.
  bool Commit(const Request&);

  // What meter `m` holds before this request (without `including this`, but of `distinct` with it),
  // as a value of the meter's fact. Events inside a window are those with now - window <= time <=
  // now. Missing: a key is missing, or memory ran out.
  Value Read(MeterId m, const Request&) const;
  // Whether the request gives every key of the meter; without one the meter is missing.
  bool KeysGiven(MeterId m, const Request&) const;

  // Forgets everything.
  void Clear();
  bool overflowed() const;

 private:
  struct Key;
  struct Entry;
  struct Event;
  struct Totals;

  Session() = default;
  bool CommitMeter(std::uint32_t meter, const Request&);
  void StartAnew(std::uint32_t meter, const Request&);
  bool AddEvent(Entry&, const format::MeterRecord&, std::int64_t time_ms, std::int64_t value,
                bool known);
  void LinkValue(Entry& value, std::uint32_t event);
  void DropBefore(Entry&, bool distinct, std::int64_t time_ms, bool all);
  // `of_value`: with the value that the meter is about behind its keys.
  bool MakeKey(std::uint32_t meter, const Request&, bool of_value, Key*) const;
  Entry* Take(const Key&);
  Totals TotalsOf(const Entry&, const format::MeterRecord&, std::int64_t now_ms,
                  const Entry* of_this) const;
  Entry* Find(const Key&)
      const;  // the key's entry, or the free one where it belongs; null when all are taken

  const unsigned char* table_ = nullptr;
  Entry* entries_ = nullptr;  // open addressing
  Event* events_ = nullptr;   // those of one key are a list, oldest first
  std::uint32_t slot_count_ = 0, key_capacity_ = 0, key_count_ = 0;
  std::uint32_t last_used_ = 0;  // head of the chain of entries in use
  // Events that were dropped are a list; those from fresh_event_ on have never been used.
  std::uint32_t event_capacity_ = 0, free_event_ = 0, fresh_event_ = 0;
  std::uint64_t seed_[2] = {};
  std::uint64_t lost_[16] = {};  // meters that lost an event
};

}  // namespace writ::runtime
