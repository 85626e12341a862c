// Used policies are found by the name in their header, not by a file name: an index of the folders
// is made at the first `use`, from the first tokens of each file. Then files are parsed as `use`
// lines ask for them, depth first, with the chain of files that are open to tell a cycle from a
// policy that is used twice.
//
// Entry point: LoadHouse.
#include "writ/lang/house.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <string_view>
#include <utility>

#include "amend.h"
#include "lexer.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace writ::lang {
namespace {

// Each stands in the table beside those before it.
constexpr std::size_t kMostSuccessions = 8;

// A policy's header is within the first few lines; comments may stand before it.
constexpr std::size_t kHeaderBytes = 64 * 1024;

// A policy as the header of its file names it.
struct Found {
  std::string name, version, path;
};

// What the headers at `path` say; of a file with several versions of a policy, at least the first.
void AddHeaders(const std::string& path, std::vector<Found>& found) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(kHeaderBytes, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  // Only what is before the first byte that is not text matters.
  const std::string_view text = std::string_view(bytes).substr(0, FindInvalidUtf8(bytes));
  const TokenList tokens = Lex(0, text);
  for (std::size_t i = 0; i + 1 < tokens.tokens.size(); ++i) {
    if (tokens.tokens[i].kind != TokenKind::kPolicy) continue;
    const bool versioned =
        i + 2 < tokens.tokens.size() && tokens.tokens[i + 2].kind == TokenKind::kVersion;
    found.push_back({std::string(tokens.TextOf(tokens.tokens[i + 1])),
                     versioned ? std::string(tokens.TextOf(tokens.tokens[i + 2])) : std::string(),
                     path});
  }
}

// Of the versions in a file the one that is meant, and those above it; all of them if it is none of
// these.
void EndWith(std::string_view version, std::vector<Policy>& versions) {
  const auto meant = std::ranges::find_if(
      versions, [&](const Policy& policy) { return policy.version.text == version; });
  if (meant != versions.end()) versions.erase(meant + 1, versions.end());
}

Policy TakeLast(std::vector<Policy>& versions) {
  Policy policy = std::move(versions.back());
  versions.pop_back();
  return policy;
}

std::string Canonical(const std::string& path) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(path, real)) return path;
  return std::string(real.str());
}

class Loader {
 public:
  Loader(SourceSet& sources, std::span<const std::string> folders, DiagnosticSink& sink,
         const HouseOptions& options)
      : sources_(sources),
        sink_(sink),
        options_(options),
        folders_(folders.begin(), folders.end()) {}

  LoadResult Run(const std::string& main_path) {
    const auto file = sources_.AddFile(main_path);
    if (!file) {
      const auto number = static_cast<std::uint32_t>(sources_.AddText(main_path, ""));
      sink_.Report({DiagnosticKind::kUnreadableFile,
                    {number, 0, 0},
                    "`" + main_path + "` cannot be read: " + file.error().message});
      return {std::nullopt, LoadFailure::kMainUnreadable};
    }
    main_path_ = main_path;
    if (!Load(*file, false, options_.version)) return {std::nullopt, LoadFailure::kMistakes};
    if (const Text& version = policies_.front().policy.version;
        !options_.version.empty() && version.text != options_.version) {
      sink_.Report({DiagnosticKind::kVersionMismatch, version.span,
                    "`" + main_path + "` has version " + version.text + ", and none that is " +
                        options_.version});
    }
    House house;
    house.policies = std::move(policies_);
    return {std::move(house), sink_.HasErrors() ? LoadFailure::kMistakes : LoadFailure::kNone};
  }

 private:
  struct Link {  // a policy whose `use` lines are being followed
    std::string name;
    Span use;  // the line that is followed now
  };

  // Parses a file, takes its policy into the house, and follows its `use` lines. Of several
  // versions it takes the one that is named, else the last.
  bool Load(FileId file, bool again, std::string_view version) {
    std::optional<Ast> ast = ParseFile(file, again);
    if (!ast || ast->policies.empty()) return false;
    if (!version.empty()) EndWith(version, ast->policies);
    Policy policy = TakeLast(ast->policies);
    if (policy.amends) Amend(policy, std::move(ast->policies), {policy.version.text});
    if (policy.narrows) Narrow(policy, {policy.name.text});
    const std::vector<Use> uses = policy.uses;
    versions_[policy.name.text] = policy.version.text;
    chain_.push_back({policy.name.text, {}});
    policies_.push_back({file, std::move(policy)});
    for (const Use& use : uses) Follow(use);
    chain_.pop_back();
    return true;
  }

  // `above`: the versions that stand above it in its file. `versions`: those on the way here,
  // `policy`'s last.
  void Amend(Policy& policy, std::vector<Policy> above, std::vector<std::string> versions) {
    const Use amends = *policy.amends;
    const std::string& version = amends.version->text;
    if (amends.name.text != policy.name.text ||
        std::find(versions.begin(), versions.end(), version) != versions.end()) {
      sink_.Report(Diagnostic{DiagnosticKind::kAmendsWrong, amends.span,
                              "`" + policy.name.text + "` amends an earlier version of itself"}
                       .Hint("write `amends " + policy.name.text +
                             " 1.0.0`, with the version that "
                             "it changes; what stands in another policy is used, with `use`"));
      return;
    }
    if (policy.cases_since && !chain_.empty()) {
      sink_.Report(Diagnostic{DiagnosticKind::kAmendsSince, policy.cases_since->span,
                              "cases from before would be decided by " + version +
                                  ", and only the policy that is compiled can have two versions"}
                       .Hint("amend the policy that uses this one `for cases since`, and let each "
                             "of its versions use one of these"));
      return;
    }
    EndWith(version, above);
    if (above.empty() || above.back().version.text != version) above = VersionsIn(amends);
    if (above.empty()) return;
    Policy amended = TakeLast(above);
    if (amended.version.text != version) return ReportVersion(amends, amended.version.text);
    versions.push_back(version);
    if (versions.size() > options_.parse.max_depth) return ReportTooDeep(amends);
    if (amended.amends) Amend(amended, std::move(above), std::move(versions));
    if (policy.cases_since) {
      if (CountSuccessions(amended) >= kMostSuccessions) return ReportTooDeep(amends);
      policy.before = HouseOf(amended);
    }
    TakeOver(policy, std::move(amended));
  }

  // `names`: of the policies on the way here, `policy`'s last.
  void Narrow(Policy& policy, std::vector<std::string> names) {
    const Use narrows = *policy.narrows;
    const auto refuse = [&](const std::string& why, std::string hint) {
      sink_.Report(
          Diagnostic{DiagnosticKind::kNarrowsWrong, narrows.span, why}.Hint(std::move(hint)));
    };
    if (!chain_.empty())
      return refuse(
          "`" + policy.name.text +
              "` is used, and only the policy that is compiled can "
              "be proved to narrow another",
          "let the policy that uses it narrow, or use `" + narrows.name.text + "` itself");
    if (std::find(names.begin(), names.end(), narrows.name.text) != names.end())
      return refuse("`" + narrows.name.text + "` would have to be narrower than itself",
                    "a later version of a policy `amends` it; `narrows` names another policy");
    std::vector<Policy> above = VersionsIn(narrows);
    if (above.empty()) return;
    Policy base = TakeLast(above);
    if (base.version.text != narrows.version->text)
      return ReportVersion(narrows, base.version.text);
    if (names.size() > options_.parse.max_depth) return ReportTooDeep(narrows);
    names.push_back(base.name.text);
    if (base.amends) Amend(base, std::move(above), {base.version.text});
    if (base.narrows) Narrow(base, std::move(names));
    if (!policy.before.empty() || !base.before.empty())
      return refuse(
          "older cases would be decided by another version, `for cases since`, which "
          "nothing narrows",
          "narrow each version by a policy of its own");
    policy.narrowed = HouseOf(base);
    // They say what the base gives, which this one may well give less of.
    std::erase_if(base.declarations, [](const Declaration& declaration) {
      return std::holds_alternative<Example>(declaration);
    });
    TakeOver(policy, std::move(base));
  }

  static std::size_t CountSuccessions(const Policy& policy) {
    return policy.before.empty() ? 0 : 1 + CountSuccessions(policy.before.front());
  }

  // A policy with what it uses, as if nothing else was loaded.
  std::vector<Policy> HouseOf(const Policy& policy) {
    auto versions = std::exchange(versions_, {{policy.name.text, policy.version.text}});
    auto chain = std::exchange(chain_, {{policy.name.text, {}}});
    auto policies = std::exchange(policies_, {});
    for (const Use& use : policy.uses) Follow(use);
    std::vector<Policy> house = {policy};
    for (HousePolicy& member : policies_) house.push_back(std::move(member.policy));
    versions_ = std::move(versions);
    chain_ = std::move(chain);
    policies_ = std::move(policies);
    return house;
  }

  // A file is read once, and its mistakes are reported once.
  std::optional<Ast> ParseFile(FileId file, bool again) {
    DiagnosticSink reported;
    return Parse(sources_, file, again ? reported : sink_, options_.parse);
  }

  // What is found in the folders: the version that is meant, and those above it in its file.
  std::vector<Policy> VersionsIn(const Use& amends) {
    const std::optional<std::string> path = PathOf(amends);
    if (!path) return {};
    const auto [file, again] = FileAt(*path, amends);
    if (!file) return {};
    std::optional<Ast> ast = ParseFile(*file, again);
    if (!ast) return {};
    EndWith(amends.version->text, ast->policies);
    return std::move(ast->policies);
  }

  void Follow(const Use& use) {
    chain_.back().use = use.span;
    const auto open = std::find_if(chain_.begin(), chain_.end(),
                                   [&](const Link& link) { return link.name == use.name.text; });
    if (open != chain_.end())
      return ReportCycle(static_cast<std::size_t>(open - chain_.begin()), use);
    if (!versions_.contains(use.name.text) && !Find(use)) return;
    CheckVersion(use);
  }

  // The chain of `use` lines is as long as the house has policies, and each is one level of
  // recursion.
  bool Find(const Use& use) {
    if (chain_.size() > options_.parse.max_depth) return ReportTooDeep(use), false;
    const std::optional<std::string> path = PathOf(use);
    if (!path) return false;
    const auto [file, again] = FileAt(*path, use);
    if (!file) return false;
    return Load(*file, again,
                use.version ? std::string_view(use.version->text) : std::string_view());
  }

  struct Opened {
    std::optional<FileId> file;
    bool again = false;  // it was opened before
  };
  Opened FileAt(const std::string& path, const Use& use) {
    if (const auto known = files_.find(path); known != files_.end()) return {known->second, true};
    const auto file = sources_.AddFile(path);
    if (!file) return ReportUnreadable(use, path, file.error().message), Opened{};
    files_.emplace(path, *file);
    return {*file, false};
  }

  // Where several versions lie in the folders, the one that is named is meant.
  std::optional<std::string> PathOf(const Use& use) {
    if (!indexed_) MakeIndex();
    std::vector<const Found*> found;
    for (const Found& one : index_) {
      if (one.name == use.name.text) found.push_back(&one);
    }
    if (found.empty()) return ReportUnknown(use), std::nullopt;
    const auto is_meant = [&](const Found* one) {
      return use.version && one->version == use.version->text;
    };
    if (std::any_of(found.begin(), found.end(), is_meant))
      std::erase_if(found, [&](const Found* one) { return !is_meant(one); });
    const auto again = std::ranges::unique(found, {}, [](const Found* one) { return one->path; });
    found.erase(again.begin(), again.end());  // versions in one file
    if (found.size() > 1) ReportTwiceFound(use, found);
    return found.front()->path;
  }

  void MakeIndex() {
    indexed_ = true;
    std::string main_folder(llvm::sys::path::parent_path(main_path_));
    folders_.insert(folders_.begin(), main_folder.empty() ? "." : std::move(main_folder));
    const std::string main_file = Canonical(main_path_);
    std::vector<std::string> seen = {main_file};
    for (const std::string& folder : folders_) IndexFolder(folder, seen);
  }

  void IndexFolder(const std::string& folder, std::vector<std::string>& seen) {
    std::vector<std::string> paths;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      if (llvm::sys::path::extension(it->path()) == ".writ") paths.push_back(it->path());
    }
    std::sort(paths.begin(), paths.end());
    if (paths.size() > options_.max_files_per_folder) {
      paths.resize(options_.max_files_per_folder);
      cut_ = true;
    }
    for (const std::string& path : paths) {
      std::string canonical = Canonical(path);
      if (std::find(seen.begin(), seen.end(), canonical) != seen.end()) continue;
      seen.push_back(std::move(canonical));
      AddHeaders(path, index_);
    }
  }

  void ReportUnknown(const Use& use) {
    Diagnostic diagnostic{DiagnosticKind::kUnknownPolicy, use.name.span,
                          "no policy is called `" + use.name.text + "`"};
    std::string looked = "looked for it in the `.writ` files of";
    for (const std::string& folder : folders_) looked += " `" + folder + "`";
    if (cut_) looked += ", though not in all of them: there are too many";
    diagnostic.notes.push_back(std::move(looked));
    std::vector<std::string> names;
    for (const Found& found : index_) names.push_back(found.name);
    if (const auto near = NearestName(use.name.text, names)) {
      diagnostic.hints.push_back("did you mean `" + *near + "`?");
    }
    sink_.Report(std::move(diagnostic));
  }

  void ReportTwiceFound(const Use& use, const std::vector<const Found*>& found) {
    Diagnostic diagnostic{DiagnosticKind::kPolicyFoundTwice, use.name.span,
                          "`" + use.name.text + "` is declared in more than one file"};
    for (const Found* one : found) diagnostic.notes.push_back("`" + one->path + "`");
    diagnostic.hints.emplace_back(
        "keep one of them in the folders that are searched, or name the version that you mean");
    sink_.Report(std::move(diagnostic));
  }

  void ReportTooDeep(const Use& use) {
    sink_.Report({DiagnosticKind::kTooDeep, use.span,
                  "policies use each other more than " + std::to_string(options_.parse.max_depth) +
                      " levels deep"});
  }

  void ReportUnreadable(const Use& use, const std::string& path, const std::string& why) {
    sink_.Report(
        {DiagnosticKind::kUnreadableFile, use.span, "`" + path + "` cannot be read: " + why});
  }

  void CheckVersion(const Use& use) {
    const auto found = versions_.find(use.name.text);
    if (found == versions_.end() || !use.version || use.version->text == found->second) return;
    ReportVersion(use, found->second);
  }

  void ReportVersion(const Use& use, const std::string& version) {
    sink_.Report(
        Diagnostic{DiagnosticKind::kVersionMismatch, use.version->span,
                   "`" + use.name.text + "` has version " + version + ", not " + use.version->text}
            .Hint("write `" + use.name.text + " " + version + "`"));
  }

  void ReportCycle(std::size_t first, const Use& use) {
    std::string circle;
    for (std::size_t i = first; i < chain_.size(); ++i) circle += "`" + chain_[i].name + "` uses ";
    Diagnostic diagnostic{DiagnosticKind::kUseCycle, use.span, circle + "`" + use.name.text + "`"};
    for (std::size_t i = first; i + 1 < chain_.size(); ++i) {
      diagnostic.labels.push_back(
          {chain_[i].use, "`" + chain_[i].name + "` uses `" + chain_[i + 1].name + "` here"});
    }
    diagnostic.hints.emplace_back("move what both need into a policy that uses neither");
    sink_.Report(std::move(diagnostic));
  }

  SourceSet& sources_;
  DiagnosticSink& sink_;
  const HouseOptions& options_;
  std::vector<std::string> folders_;
  std::string main_path_;
  bool indexed_ = false;
  bool cut_ = false;
  std::vector<Found> index_;
  std::map<std::string, std::string> versions_;  // of the policies in the house
  std::map<std::string, FileId> files_;          // that have been opened, by path
  std::vector<Link> chain_;
  std::vector<HousePolicy> policies_;
};

}  // namespace

LoadResult LoadHouse(SourceSet& sources, const std::string& main_path,
                     std::span<const std::string> search_folders, DiagnosticSink& sink,
                     const HouseOptions& options) {
  return Loader(sources, search_folders, sink, options).Run(main_path);
}

}  // namespace writ::lang
