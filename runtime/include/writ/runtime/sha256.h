// SHA-256 (FIPS 180-4), for the digests of tables, corpora and records.
#pragma once

#include <cstddef>
#include <cstdint>

namespace writ::runtime {

// Hashes what it is fed. Copyable: a copy goes on from the same state.
class Sha256 {
 public:
  Sha256() { Reset(); }
  void Reset();
  void Update(const void* data, std::size_t size_bytes);
  void Finish(unsigned char digest[32]);  // afterwards only Reset is of use

 private:
  std::uint32_t state_[8];
  std::uint64_t total_bytes_;
  unsigned char block_[64];  // the bytes that do not fill a block yet
};

}  // namespace writ::runtime
