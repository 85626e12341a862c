// Fuzz target: damaged tables against the check of certificates. An input is edits of a small
// table, sealed again, and of a certificate that is written for what became of it: the check
// refuses it, or no request that is tried shows otherwise. The layout is that of TryHostile.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "../unit/certificate/hostile_proofs.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (writ::test::TryHostile({data, size}).refuted) std::abort();
  return 0;
}
