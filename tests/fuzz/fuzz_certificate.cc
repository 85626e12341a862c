// Fuzz target: certificates. Whatever the bytes are, sealed again, the check refuses them or
// accepts claims that are true: of the two capabilities here one leaves requests undecided, allows
// what is asked about, and is decided otherwise by the next version; that it is not so is never
// accepted.
//
// Random bytes would never be steps, so an input is a list of edits on an honest certificate: each
// is an offset (2 bytes) and a byte; with an odd first byte the rest of the input is the text
// itself. The rest of the first byte says whose certificate: of a table, of answers, of a
// comparison, or of what is said of two requests.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "../unit/certificate/small_proofs.h"

namespace {

using namespace writ;

const test::ProvedClaims& Proved(unsigned which) {
  static const test::ProvedTable table;
  static const test::ProvedAnswers answers;
  static const test::ProvedComparison comparison;
  static const test::ProvedRelations relations;
  const test::ProvedClaims* const all[] = {&table, &answers, &comparison, &relations};
  return *all[which];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const test::ProvedClaims& proved = Proved(data[0] / 2 % 4);
  std::string bytes;
  if ((data[0] & 1) != 0) {
    bytes.assign(data + 1, data + size);
  } else {
    bytes = proved.certificate;
    for (std::size_t at = 1; at + 2 < size; at += 3)
      bytes[(std::size_t{data[at]} << 8 | data[at + 1]) % bytes.size()] =
          static_cast<char>(data[at + 2]);
  }
  static_cast<void>(certificate::QuestionsIn(bytes));
  certificate::SealCertificate(&bytes);
  const auto checked = certificate::CheckCertificate(proved.about(), bytes);
  if (!checked) return 0;
  for (const certificate::Claim& claim : checked->claims)
    if (!proved.IsTrue(claim)) std::abort();
  return 0;
}
