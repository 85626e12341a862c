// Fuzz target: certificates. Whatever the bytes are, sealed again, the check refuses them or
// accepts claims that are true: of the two capabilities here one leaves requests undecided, and
// that it does not is never accepted.
//
// Random bytes would never be steps, so an input is a list of edits on an honest certificate: each
// is an offset (2 bytes) and a byte; with an odd first byte the rest of the input is the text
// itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "../unit/certificate/small_proofs.h"

namespace {

using namespace writ;

const test::ProvedTable& Proved() {
  static const test::ProvedTable proved;
  return proved;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  std::string bytes;
  if ((data[0] & 1) != 0) {
    bytes.assign(data + 1, data + size);
  } else {
    bytes = Proved().certificate;
    for (std::size_t at = 1; at + 2 < size; at += 3)
      bytes[(std::size_t{data[at]} << 8 | data[at + 1]) % bytes.size()] =
          static_cast<char>(data[at + 2]);
  }
  certificate::SealCertificate(&bytes);
  const auto checked = certificate::CheckCertificate(Proved().table, bytes);
  if (!checked) return 0;
  for (const certificate::Claim& claim : checked->claims)
    if (!Proved().IsTrue(claim)) std::abort();
  return 0;
}
