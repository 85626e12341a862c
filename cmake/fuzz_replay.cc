// Runs a fuzz target over files instead of under libFuzzer: each file of the folders and files
// named on the command line once, then the empty input and a few damaged forms of every file. It lets
// any compiler build the fuzz targets, and makes their seeds ordinary regression tests.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::vector<uint8_t> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The input itself, two truncations, and one flipped bit near the front, middle and end. A copy of
// exact size each time, so that a sanitizer sees a read beyond the end.
size_t Replay(const std::vector<uint8_t>& input) {
  size_t runs = 0;
  const auto run = [&runs](const std::vector<uint8_t>& bytes) {
    const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    ++runs;
  };
  run(input);
  if (input.empty()) return runs;
  for (const size_t cut : {input.size() / 2, input.size() - 1}) {
    run({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(cut)});
  }
  for (const size_t at : {size_t{0}, input.size() / 2, input.size() - 1}) {
    std::vector<uint8_t> flipped = input;
    flipped[at] ^= 0x10;
    run(flipped);
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  size_t runs = Replay({});
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path argument = argv[i];
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(argument)) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argument)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
    } else if (std::filesystem::is_regular_file(argument)) {
      files.push_back(argument);
    } else {
      std::fprintf(stderr, "%s: no such file or folder\n", argv[i]);
      return 2;
    }
    for (const std::filesystem::path& file : files) runs += Replay(ReadFile(file));
  }
  std::printf("%zu inputs replayed\n", runs);
  return 0;
}
