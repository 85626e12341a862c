// Runs the command in-process, and keeps files in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "writ/cli/run.h"

namespace writ::command {

struct Result {
  int exit = -1;
  std::string out, err;
};

inline Result Writ(const std::vector<std::string>& args, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out, err;
  Result result;
  result.exit = cli::Run(args, in, out, err);
  result.out = out.str();
  result.err = err.str();
  return result;
}

inline std::string Source(const std::string& path) {
  return std::string(WRIT_SOURCE_DIR) + "/" + path;
}

// A corpus that lies beside the repository, or an empty string. Where: WRIT_CORPORA, else
// ../shared/corpora.
inline std::string SharedCorpus(const std::string& path) {
  const char* root = std::getenv("WRIT_CORPORA");
  const std::filesystem::path full =
      (root != nullptr ? std::filesystem::path(root)
                       : std::filesystem::path(Source("../shared/corpora"))) /
      path;
  return std::filesystem::exists(full) ? full.lexically_normal().string() : std::string();
}

inline std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Workspace : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("writ_command_" + std::string(info->test_suite_name()) + "_" + info->name() + "_" +
               std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    return Path(name);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace writ::command
