// From a path on the command line to something a verb can work with.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "context.h"
#include "writ/compiler/compile.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/house.h"
#include "writ/lang/source_set.h"
#include "writ/runtime/table.h"

namespace writ::cli {

// Where a policy stands: `FILE.writ`, or `FILE.writ@1.0.0` of a file with several versions.
struct PolicyPath {
  std::string file, version;  // version: may be empty
};
PolicyPath PolicyPathOf(const std::string& path);
bool IsPolicy(const std::string& path);

lang::LoadResult LoadHouse(const std::string& path, const std::vector<std::string>& search,
                           lang::SourceSet&, lang::DiagnosticSink&);

// A policy compiled from its source, with all that was said about it. `compiled` is empty if it was
// refused.
struct CompiledPolicy {
  lang::SourceSet sources;
  lang::DiagnosticSink diagnostics;
  std::optional<compiler::Compiled> compiled;
  bool unreadable = false;  // the file itself could not be read
};
CompiledPolicy CompilePolicy(const std::string& path, const std::vector<std::string>& search,
                             const compiler::CompileOptions& options = {});

// Prints what was said about a policy, as text on `err` or as JSON on `out`; gives the exit code.
Exit ReportDiagnostics(const Context&, const CompiledPolicy&);
// The exit code alone, and what to do next.
Exit Verdict(const Context&, const CompiledPolicy&);

// An open table with the bytes it stands in.
struct LoadedTable {
  std::vector<unsigned char> bytes;
  runtime::Table table;
};

// Opens PATH: a table (`.wtb`), or a policy (`.writ`), which is compiled first. On failure says why
// and gives the exit code.
std::expected<std::unique_ptr<LoadedTable>, Exit> LoadTable(const Context&,
                                                            const std::string& path);

// Bytes as hexadecimal digits: how a digest is written.
std::string Hex(runtime::Slice<unsigned char>);

// Whole files, with a bound. The error is a sentence.
std::expected<std::string, std::string> ReadFile(const std::string& path, std::size_t max_bytes);
// Writes beside the target and renames, so that nobody sees half a file. The error is a sentence.
std::expected<void, std::string> WriteFile(const std::string& path, std::string_view bytes);

}  // namespace writ::cli
