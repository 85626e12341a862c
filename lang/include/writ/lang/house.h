// A policy together with the policies that it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/parse.h"
#include "writ/lang/source_set.h"

namespace writ::lang {

// One policy of a house, and the file that it stands in.
struct HousePolicy {
  FileId file{};
  Policy policy;
};

struct House {
  // The main policy first, then those it uses, depth first in the order of their `use` lines; each
  // once.
  std::vector<HousePolicy> policies;
};

struct HouseOptions {
  ParseOptions parse;
  std::string version;  // of the main policy, where its file has several; the last, if empty
  // `*.writ` files that are looked at in one folder. Beyond, the rest is not searched, and an
  // `unknown-policy` says so.
  std::size_t max_files_per_folder = 10'000;
};

// What became of LoadHouse when there is no house.
enum class LoadFailure : std::uint8_t {
  kNone,
  kMainUnreadable,  // the main file could not be read at all: the world's fault, not the author's
  kMistakes,        // the diagnostics say which
};

struct LoadResult {
  std::optional<House> house;
  LoadFailure failure = LoadFailure::kNone;
};

// Reads `main_path` and, transitively, each policy that a `use` names. A used policy is found by
// the name in its header among the `*.writ` files beside the main file and in `search_folders`, in
// that order; of several versions in one file, the last unless one is named. Reported with the
// range of the `use`: `unknown-policy`, `policy-found-twice`, `version-mismatch`, `use-cycle`,
// `unreadable-file`. The house is there as soon as the main policy could be read; it is complete if
// and only if `sink` got no error. Never throws.
[[nodiscard]] LoadResult LoadHouse(SourceSet& sources, const std::string& main_path,
                                   std::span<const std::string> search_folders,
                                   DiagnosticSink& sink, const HouseOptions& options = {});

}  // namespace writ::lang
