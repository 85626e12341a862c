#include "replace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace writ::cli {
namespace {

std::unexpected<std::string> Failed(const std::string& path) {
  return std::unexpected(fmt::format("`{}` cannot be written: {}", path, std::strerror(errno)));
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The file behind `path`, without links; empty if there is none.
std::string Real(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return {};
  std::string result(real);
  std::free(real);
  return result;
}

}  // namespace

std::expected<void, std::string> ReplaceFile(const std::string& path, std::string_view bytes) {
  const std::string target = Real(path);
  struct stat status{};
  if (target.empty() || ::stat(target.c_str(), &status) != 0) return Failed(path);
  // A rename would replace what its owner has protected.
  if (::access(target.c_str(), W_OK) != 0) return Failed(path);
  std::string temporary = target + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return Failed(path);
  const bool written =
      WriteAll(file, bytes) && ::fchmod(file, status.st_mode & 07777) == 0 && ::fsync(file) == 0;
  const int why = errno;
  const bool closed = ::close(file) == 0;
  if (!written) errno = why;
  if (written && closed && std::rename(temporary.c_str(), target.c_str()) == 0) return {};
  const auto error = Failed(path);
  ::unlink(temporary.c_str());
  return error;
}

}  // namespace writ::cli
