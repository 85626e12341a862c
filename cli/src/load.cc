#include "load.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace writ::cli {
namespace {

// The largest table the compiler writes by default, and room to spare.
constexpr std::size_t kMaxTableBytes = std::size_t{512} << 20;

const char* Words(runtime::OpenCode code) {
  switch (code) {
    case runtime::OpenCode::kOk:
      return "is whole";
    case runtime::OpenCode::kTruncated:
      return "is cut off";
    case runtime::OpenCode::kBadMagic:
      return "is not a table";
    case runtime::OpenCode::kBadVersion:
      return "was written for another version of the format";
    case runtime::OpenCode::kBadDigest:
      return "is damaged: its digest does not fit its content";
    case runtime::OpenCode::kBadSection:
      return "is damaged: a section lies outside the file or overlaps";
    case runtime::OpenCode::kBadIndex:
      return "is damaged: something refers to a place that does not exist";
    case runtime::OpenCode::kBadValue:
      return "is damaged: a value is none of those allowed";
    case runtime::OpenCode::kTooLarge:
      return "is larger than the reader's bounds";
    case runtime::OpenCode::kMisaligned:
      return "is damaged: a section is not aligned";
  }
  return "is damaged";
}

std::expected<std::unique_ptr<LoadedTable>, Exit> Open(const Context& context,
                                                       const std::string& path,
                                                       std::vector<unsigned char> bytes) {
  auto loaded = std::make_unique<LoadedTable>();
  loaded->bytes = std::move(bytes);
  const runtime::OpenError error =
      runtime::Table::Open(loaded->bytes.data(), loaded->bytes.size(), &loaded->table);
  if (error.code != runtime::OpenCode::kOk) {
    return std::unexpected(context.Fail(
        Exit::kDigest, fmt::format("`{}` {} (byte {})", path, Words(error.code), error.offset),
        "build it again from its policy: writ build POLICY.writ -o " + path));
  }
  return loaded;
}

}  // namespace

PolicyPath PolicyPathOf(const std::string& path) {
  const std::size_t at = path.rfind(".writ@");
  if (at == std::string::npos) return {path, ""};
  const std::size_t end = at + std::string_view(".writ").size();
  return {path.substr(0, end), path.substr(end + 1)};
}

bool IsPolicy(const std::string& path) { return PolicyPathOf(path).file.ends_with(".writ"); }

lang::LoadResult LoadHouse(const std::string& path, const std::vector<std::string>& search,
                           lang::SourceSet& sources, lang::DiagnosticSink& diagnostics) {
  PolicyPath policy = PolicyPathOf(path);
  return lang::LoadHouse(sources, policy.file, search, diagnostics,
                         {.parse = {}, .version = std::move(policy.version)});
}

CompiledPolicy CompilePolicy(const std::string& path, const std::vector<std::string>& search,
                             const compiler::CompileOptions& options) {
  CompiledPolicy result;
  const lang::LoadResult loaded = LoadHouse(path, search, result.sources, result.diagnostics);
  result.unreadable = loaded.failure == lang::LoadFailure::kMainUnreadable;
  if (!loaded.house || result.diagnostics.HasErrors()) return result;
  std::vector<const lang::Policy*> policies;
  for (const lang::HousePolicy& member : loaded.house->policies) policies.push_back(&member.policy);
  result.compiled = compiler::Compile(policies, result.sources, result.diagnostics, options);
  return result;
}

Exit ReportDiagnostics(const Context& context, const CompiledPolicy& policy) {
  if (context.json) {
    context.out << lang::RenderJson(policy.diagnostics, policy.sources) << '\n';
  } else {
    context.err << lang::RenderText(policy.diagnostics, policy.sources, context.color);
  }
  return Verdict(context, policy);
}

Exit Verdict(const Context& context, const CompiledPolicy& policy) {
  if (policy.compiled) return Exit::kPass;
  if (policy.unreadable)
    return context.Fail(Exit::kFiles, "the policy could not be read",
                        "check the path and its permissions");
  const std::size_t count = policy.diagnostics.error_count();
  return context.Fail(
      Exit::kUsage,
      fmt::format("the policy does not compile: {} {}", count, count == 1 ? "error" : "errors"),
      "mend the first error and check again; docs/diagnostics.md explains each code");
}

std::expected<std::unique_ptr<LoadedTable>, Exit> LoadTable(const Context& context,
                                                            const std::string& path) {
  if (IsPolicy(path)) {
    CompiledPolicy policy = CompilePolicy(path, {});
    if (!policy.compiled) return std::unexpected(ReportDiagnostics(context, policy));
    return Open(context, path, std::move(policy.compiled->bytes));
  }
  auto bytes = ReadFile(path, kMaxTableBytes);
  if (!bytes)
    return std::unexpected(
        context.Fail(Exit::kFiles, bytes.error(), "give a table (.wtb) or a policy (.writ)"));
  return Open(context, path, std::vector<unsigned char>(bytes->begin(), bytes->end()));
}

std::string Hex(runtime::Slice<unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::expected<std::string, std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code))
    return std::unexpected(fmt::format("`{}` is a folder", path));
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return std::unexpected(fmt::format("`{}` cannot be read: {}", path, std::strerror(errno)));
  std::string bytes;
  char buffer[1 << 16];
  while (file.read(buffer, sizeof buffer), file.gcount() > 0) {
    bytes.append(buffer, static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > max_bytes)
      return std::unexpected(fmt::format("`{}` is larger than {} bytes", path, max_bytes));
  }
  if (file.bad())
    return std::unexpected(fmt::format("`{}` cannot be read: {}", path, std::strerror(errno)));
  return bytes;
}

std::expected<void, std::string> WriteFile(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".partial";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code code;
  if (file) std::filesystem::rename(temporary, path, code);
  if (!file || code) {
    const std::string why = code ? code.message() : std::strerror(errno);
    std::filesystem::remove(temporary, code);
    return std::unexpected(fmt::format("`{}` cannot be written: {}", path, why));
  }
  return {};
}

}  // namespace writ::cli
