// `writ new`: a small house to start from.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "context.h"
#include "load.h"
#include "scaffold.h"
#include "writ/lang/format.h"

namespace writ::cli {
namespace {

struct NewFlags {
  std::string folder, house;
};

std::string Fill(std::string_view text, const std::string& house) {
  constexpr std::string_view kPlace = "@HOUSE@";
  std::string filled(text);
  for (std::size_t at = 0; (at = filled.find(kPlace, at)) != std::string::npos;
       at += house.size()) {
    filled.replace(at, kPlace.size(), house);
  }
  return filled;
}

// A policy is laid out when the name of the house is known: what is aligned depends on it.
std::string Content(const ScaffoldFile& file, const std::string& house) {
  std::string text = Fill(file.content, house);
  if (!file.path.ends_with(".writ")) return text;
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const lang::FileId id = sources.AddText(std::string(file.path), text);
  return lang::Format(sources, id, sink).value_or(text);
}

std::string CheckHouse(const std::string& house) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool good = !house.empty() && house.size() <= 40 && house[0] >= 'a' && house[0] <= 'z' &&
                    std::ranges::all_of(house, fits);
  return good ? std::string() : "a house's name is a lower-case word, such as acme";
}

Exit New(const Context& context, NewFlags options) {
  namespace fs = std::filesystem;
  std::error_code code;
  if (options.house.empty()) {
    const fs::path folder(options.folder);
    options.house = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    if (!CheckHouse(options.house).empty()) {
      return context.Fail(
          Exit::kUsage,
          fmt::format("`{}` is no name for a house: it takes a lower-case word", options.house),
          "name the house: writ new FOLDER --house acme");
    }
  }
  fs::create_directories(options.folder, code);
  if (code)
    return context.Fail(Exit::kFiles,
                        fmt::format("`{}` cannot be made: {}", options.folder, code.message()),
                        "name another folder");
  for (const ScaffoldFile& file : kScaffold) {
    if (!fs::exists(fs::path(options.folder) / file.path, code)) continue;
    return context.Fail(Exit::kFiles,
                        fmt::format("`{}` is already there; nothing was written",
                                    (fs::path(options.folder) / file.path).string()),
                        "name an empty folder");
  }
  for (const ScaffoldFile& file : kScaffold) {
    const std::string path = (fs::path(options.folder) / file.path).string();
    if (const auto written = WriteFile(path, Content(file, options.house)); !written) {
      return context.Fail(Exit::kFiles, written.error(), "name a folder that can be written to");
    }
    context.out << "wrote " << path << '\n';
  }
  context.out << fmt::format("\nnext: cd {} && writ check desk.writ\n", options.folder);
  return Exit::kPass;
}

}  // namespace

void AddNew(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<NewFlags>();
  CLI::App* verb = app.add_subcommand(
      "new", "write a small house to start from: organisation, policy, gate, mapping, runs, CI");
  verb->footer(
      "Example:\n  writ new acme\n\nWhat it writes checks clean and gates green. Existing files "
      "are never overwritten.");
  verb->add_option("NAME", options->folder, "the folder to write; made if it is not there")
      ->required();
  verb->add_option("--house", options->house,
                   "the name that policies begin with; the folder's if not given")
      ->check(CheckHouse)
      ->type_name("NAME");
  verb->callback([&context, options, exit] { *exit = New(context, *options); });
}

}  // namespace writ::cli
