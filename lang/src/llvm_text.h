// Text as LLVM's writers take it.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <string_view>

namespace writ::lang {

inline llvm::StringRef Ref(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace writ::lang
