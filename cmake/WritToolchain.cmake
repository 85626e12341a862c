# How our code is compiled: the language level, the flags targets, the launcher and the linker.
# Flags live in INTERFACE targets that each of our targets links PRIVATE; nothing is set globally,
# so that third-party headers and a project that embeds us keep their own.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Speed of building only: neither changes what is built.
if(WRIT_DEVELOPER_MODE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(WRIT_CCACHE ccache)
  if(WRIT_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER "${WRIT_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${WRIT_CCACHE}")
  endif()
endif()

# Sanitizers: everything of ours, the generated parser included.
add_library(writ_sanitize INTERFACE)
if(WRIT_SANITIZE)
  set(sanitize "-fsanitize=${WRIT_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(WRIT_FUZZ)
    # Library code only carries the coverage counters; the driver comes with each fuzz target.
    target_compile_options(writ_sanitize INTERFACE -fsanitize=fuzzer-no-link)
  endif()
  target_compile_options(writ_sanitize INTERFACE ${sanitize})
  target_link_options(writ_sanitize INTERFACE ${sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # UBSan's vptr check needs RTTI, which the runtime is built without.
    target_compile_options(writ_sanitize INTERFACE -fno-sanitize=vptr)
  endif()
endif()
if(WRIT_FUZZ AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "WRIT_FUZZ needs Clang; use the preset `sanitize`")
endif()

add_library(writ_flags INTERFACE)
target_link_libraries(writ_flags INTERFACE writ_sanitize)
target_compile_definitions(writ_flags INTERFACE WRIT_VERSION="${PROJECT_VERSION}")
target_compile_options(writ_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch
  # `Options{.limit = 3}` means: the rest as declared.
  -Wno-missing-field-initializers
  $<$<BOOL:${WRIT_WARNINGS_AS_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Flow-based warnings of GCC 12 report false positives inside std::string and std::optional;
  # Clang and the sanitizers cover the same ground.
  target_compile_options(writ_flags INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread
    -Wno-array-bounds -Wno-free-nonheap-object)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::stable_sort of GCC 12's library calls what that library itself calls deprecated.
  target_compile_options(writ_flags INTERFACE -Wno-deprecated-declarations)
endif()

# A shared library that nothing is taken from costs every start of the command its loading.
target_link_options(writ_flags INTERFACE -Wl,--as-needed)

# lld links a test binary with the LLVM archives several times faster than GNU ld.
find_program(WRIT_LLD ld.lld HINTS /usr/lib/llvm-19/bin)
if(WRIT_DEVELOPER_MODE AND WRIT_LLD)
  cmake_path(GET WRIT_LLD PARENT_PATH lld_dir)
  target_link_options(writ_flags INTERFACE -fuse-ld=lld "-B${lld_dir}")
endif()
