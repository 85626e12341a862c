# Third-party libraries, each with one job. A folder names the one it needs in SYSTEM_DEPS;
# cmake/debian-packages.txt says which package brings it and what for.

find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(LLVM 19.1 REQUIRED CONFIG)

# LLVM ADT and Support, from the archives. LLVMSupport's own link interface names libz3, which none of the
# members that we use needs, and which costs every start of the command several milliseconds.
add_library(writ_llvm INTERFACE)
add_library(writ::llvm ALIAS writ_llvm)
target_include_directories(writ_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(writ_llvm INTERFACE
  $<TARGET_FILE:LLVMSupport> $<TARGET_FILE:LLVMDemangle> ZLIB::ZLIB zstd::libzstd_shared
  Threads::Threads ${CMAKE_DL_LIBS} m)

# Libraries without a CMake package of their own on Debian.
function(_writ_plain_library name header library)
  find_path(WRIT_${name}_INCLUDE ${header} REQUIRED)
  find_library(WRIT_${name}_LIBRARY NAMES ${library} REQUIRED)
  add_library(writ_${name} INTERFACE)
  add_library(writ::${name} ALIAS writ_${name})
  target_link_libraries(writ_${name} INTERFACE "${WRIT_${name}_LIBRARY}")
endfunction()
_writ_plain_library(sodium sodium.h sodium)
_writ_plain_library(zstd zstd.h zstd)
_writ_plain_library(cadical cadical.hpp cadical)

# Headers only.
find_path(WRIT_DTL_INCLUDE dtl/dtl.hpp REQUIRED)
add_library(writ_dtl INTERFACE)
add_library(writ::dtl ALIAS writ_dtl)
target_include_directories(writ_dtl SYSTEM INTERFACE "${WRIT_DTL_INCLUDE}")
