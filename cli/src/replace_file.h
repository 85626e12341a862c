// Rewriting a file that somebody else wrote.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace writ::cli {

// Replaces the content of an existing file, whole or not at all: the new content is written beside
// it under a name of its own, flushed to disk, and renamed. Permissions stay; a link stays a link.
// The error is a sentence.
std::expected<void, std::string> ReplaceFile(const std::string& path, std::string_view bytes);

}  // namespace writ::cli
