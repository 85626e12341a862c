// The examples of docs/diagnostics.md. A section is named by its code:
//
//   ## code
//   ```writ fails=code        a policy that gets this code, and no other
//   ```writ                   the same, mended
//   ```writ file=org.writ     a file beside all policies of its section
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace writ {

struct DocSection {
  std::vector<std::string> fails;
  std::vector<std::string> mended;
  std::map<std::string, std::string> files;  // by name
};

inline std::map<std::string, DocSection> ReadDiagnosticsDoc(const std::filesystem::path& page) {
  std::ifstream in(page);
  std::map<std::string, DocSection> sections;
  std::string code;
  std::string line;
  std::string* block = nullptr;
  while (std::getline(in, line)) {
    if (block != nullptr) {
      if (line == "```") {
        block = nullptr;
      } else {
        *block += line + "\n";
      }
    } else if (line.starts_with("## ")) {
      code = line.substr(3);
      sections[code];
    } else if (line == "```writ fails=" + code) {
      block = &sections[code].fails.emplace_back();
    } else if (line == "```writ") {
      block = &sections[code].mended.emplace_back();
    } else if (line.starts_with("```writ file=")) {
      block = &sections[code].files[line.substr(13)];
    }
  }
  return sections;
}

}  // namespace writ
