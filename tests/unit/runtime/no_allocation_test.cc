// Deciding, with and without a session, and recording never call operator new.
#include <atomic>
#include <cstdlib>
#include <new>

#include "random_model.h"
#include "support.h"
#include "writ/runtime/explain.h"

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

// Not inlined: GCC then takes the pair for mismatched.
__attribute__((noinline)) void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace writ::test {
namespace {

TEST(NoAllocation, DecideMatchCommitExplain) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const table::Model model = ModelMaker(seed, seed % 4 == 0 ? 700 : 12).Make();
    const Opened o = OpenWritten(model);
    std::vector<std::uint64_t> memory(Session::BytesFor(o.table, 64) / 8 + 1);
    Session* session = Session::Create(o.table, memory.data(), memory.size() * 8);
    std::vector<std::uint64_t> bits(64);
    char text[256];
    Random random(seed);
    for (int i = 0; i < 20; ++i) {
      OwnedRequest owned = RandomRequest(TypesOf(model), random);
      owned.request.capability = {random.Below(3)};
      const std::size_t before = allocations.load();
      const Decision d = Decide(o.table, nullptr, owned.request);
      Decide(o.table, session, owned.request);
      Match(o.table, session, owned.request, bits.data(), bits.size());
      session->Commit(owned.request);
      Explain(o.table, d, text, sizeof text);
      EXPECT_EQ(allocations.load(), before);
    }
  }
}

}  // namespace
}  // namespace writ::test
