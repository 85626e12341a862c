// writ_support_desk [--runs N] [--seed N] -o FILE: writes the runs of a support desk as JSON lines.
#include <charconv>
#include <cstdio>
#include <string_view>

#include "generate.h"

namespace {

constexpr char kUsage[] =
    "usage: writ_support_desk [--runs N] [--seed N] -o FILE    (N up to 10,000,000; runs 20,000, "
    "seed 1)\n";

template <typename Number>
bool Read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool Parse(int count, char** arguments, writ::support_desk::Options& options, const char*& output) {
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 >= count) return false;
    const char* value = arguments[i + 1];
    if (name == "--runs" && Read(std::string_view(value), options.runs)) continue;
    if (name == "--seed" && Read(std::string_view(value), options.seed)) continue;
    if (name != "-o") return false;
    output = value;
  }
  return output != nullptr && options.runs >= 1 && options.runs <= 10'000'000;
}

}  // namespace

int main(int count, char** arguments) {
  writ::support_desk::Options options;
  const char* output = nullptr;
  if (!Parse(count, arguments, options, output)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::FILE* file = std::fopen(output, "wb");
  if (file == nullptr) {
    std::perror(output);
    return 4;
  }
  bool written = true;
  for (const std::string& line : writ::support_desk::Generate(options)) {
    written = written && std::fwrite(line.data(), 1, line.size(), file) == line.size() &&
              std::fputc('\n', file) != EOF;
  }
  if (std::fclose(file) != 0 || !written) {
    std::perror(output);
    return 4;
  }
  std::printf("%u runs written to %s (seed %llu)\n", options.runs, output,
              static_cast<unsigned long long>(options.seed));
  return 0;
}
