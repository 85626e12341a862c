# The only way to add a library, a command, a test or a fuzz target.
#
# The presets release and sanitize compile several sources of a target as one (CMAKE_UNITY_BUILD): half
# the time from a clean clone. So two sources of one target don't give the same name to different
# things, also not in unnamed namespaces; a source that must is marked SKIP_UNITY_BUILD_INCLUSION.
# For daily work, where one source changes at a time, preset dev compiles each on its own.
#
#   writ_library(NAME lang SOURCES src/parse.cc ...
#                [DEPS writ::runtime ...]        what our public headers may include
#                [PRIVATE_DEPS writ::llvm ...]   what only our sources may include
#                [SYSTEM_DEPS SQLite::SQLite3 ...]  third-party targets, for our sources only
#                [HEADERS writ/table ...]        which folders of include/ are its own, if two share it
#                [LEAN])                         no exceptions, no RTTI, hidden symbols
#     Target `writ_lang`, alias `writ::lang`. `include/` is public, `src/` is private. A header of
#     another library can only be found if that library is a dependency: the directions of the
#     house are include paths, and a forbidden include does not compile.
#   writ_executable(NAME writ SOURCES ... DEPS ...)     -> bin/writ
#   writ_test(NAME lang_test SOURCES ... DEPS ... [LABELS ...] [TIMEOUT seconds] [CASES])
#     GoogleTest; each TEST is found by running the binary. Label `unit` unless told otherwise.
#     In a sanitized build only what is tested is instrumented, not the tests: they compile in half
#     the time. SANITIZED: part of `writ_sanitized`, what ./test.sh runs under sanitizers. BUSY: the
#     tests themselves compute much; they are optimised a little, and begin before the others.
#     CASES: what it has of `Cases/*` is one test.
#   writ_fuzzer(NAME parse_fuzz SOURCES ... DEPS ... [SEEDS dir ...] [OPTIONS -max_len=4096 ...])
#     Preset sanitize: libFuzzer, WRIT_FUZZ_RUNS executions in ctest. Every other preset: the same
#     target replays its seeds once, so that it can't rot.

# Which sources of a target are compiled together hangs on their names alone: a new one moves no other,
# and so cannot bring names together that have never met.
function(_writ_group target sources)
  list(LENGTH sources count)
  set(groups 1)
  while(count GREATER 24)
    math(EXPR groups "${groups} * 2")
    math(EXPR count "(${count} + 1) / 2")
  endwhile()
  # Tests of one kind of cases each are made alike, down to their names.
  list(FILTER sources EXCLUDE REGEX "_cases_test\\.cc$")
  foreach(source IN LISTS sources)
    string(SHA1 hash "${source}")
    string(SUBSTRING "${hash}" 0 4 hash)
    math(EXPR group "0x${hash} % ${groups}")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${group}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

function(_writ_sources out prefix)
  set(result ${${prefix}_SOURCES})
  if(NOT result)
    message(FATAL_ERROR "${${prefix}_NAME}: SOURCES is empty")
  endif()
  set(${out} ${result} PARENT_SCOPE)
endfunction()

function(writ_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "LEAN" "NAME"
    "SOURCES;HEADERS;DEPS;PRIVATE_DEPS;SYSTEM_DEPS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME)
    message(FATAL_ERROR "writ_library: unexpected or missing arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  _writ_sources(sources arg)

  set(target writ_${arg_NAME})
  add_library(${target} STATIC ${sources})
  _writ_group(${target} "${sources}")
  add_library(writ::${arg_NAME} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${arg_NAME})
  if(arg_LEAN)
    # Its wrapper serves C++17 programs; its own sources are C++23 as all others.
    target_compile_features(${target} PRIVATE cxx_std_23 INTERFACE cxx_std_17)
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti;-fvisibility-inlines-hidden>
      -fvisibility=hidden -ffunction-sections -fdata-sections)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    target_compile_features(${target} PUBLIC cxx_std_23)
  endif()

  # Every public header must compile on its own: `all_verify_interface_header_sets`.
  set(patterns)
  foreach(folder IN LISTS arg_HEADERS)
    if(folder MATCHES "\\.h$")
      list(APPEND patterns "${CMAKE_CURRENT_SOURCE_DIR}/include/${folder}")
    else()
      list(APPEND patterns "${CMAKE_CURRENT_SOURCE_DIR}/include/${folder}/*.h")
    endif()
  endforeach()
  if(NOT patterns)
    set(patterns "${CMAKE_CURRENT_SOURCE_DIR}/include/*.h")
  endif()
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${patterns})
  target_sources(${target} PUBLIC FILE_SET HEADERS
    BASE_DIRS "${CMAKE_CURRENT_SOURCE_DIR}/include" FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/src")

  # BUILD_INTERFACE: what is installed must not drag our flags or private libraries along.
  target_link_libraries(${target} PUBLIC ${arg_DEPS} PRIVATE $<BUILD_INTERFACE:writ_flags>)
  foreach(dep IN LISTS arg_PRIVATE_DEPS arg_SYSTEM_DEPS)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${dep}>)
  endforeach()
endfunction()

function(writ_executable)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPS")
  _writ_sources(sources arg)
  add_executable(${arg_NAME} ${sources})
  _writ_group(${arg_NAME} "${sources}")
  target_compile_features(${arg_NAME} PRIVATE cxx_std_23)
  target_link_libraries(${arg_NAME} PRIVATE writ_flags ${arg_DEPS})
endfunction()

if(NOT WRIT_DEVELOPER_MODE)
  return()
endif()

include(GoogleTest)
add_custom_target(writ_unit_tests)
add_custom_target(writ_fuzzers)
add_custom_target(writ_sanitized)
add_dependencies(writ_sanitized writ_fuzzers)

function(writ_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "SANITIZED;BUSY;CASES" "NAME;TIMEOUT" "SOURCES;DEPS;LABELS")
  _writ_sources(sources arg)
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  writ_executable(NAME ${arg_NAME} SOURCES ${sources} DEPS ${arg_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${arg_NAME} PRIVATE WRIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_include_directories(${arg_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  # What is tested is a library, built as it ships.
  set(cost 0)
  set(effort -O0)
  if(arg_BUSY)
    set(cost 50)
    set(effort -O1)
  endif()
  target_compile_options(${arg_NAME} PRIVATE $<$<CONFIG:Release>:${effort}>)
  if(WRIT_SANITIZE AND arg_SANITIZED)
    # All in one process: a sanitized one takes a tenth of a second to begin.
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} --gtest_brief=1
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 1800 COST 50)
  else()
    # Files of tests/cases are hundreds of tests of a millisecond: these are one. Not where the
    # binary may not have been built.
    set(found *)
    if(arg_CASES AND NOT WRIT_SANITIZE)
      set(found -Cases/*)
      add_test(NAME ${arg_NAME}.Cases COMMAND ${arg_NAME} --gtest_filter=Cases/* --gtest_brief=1
        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
      set_tests_properties(${arg_NAME}.Cases PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
    endif()
    # At test time, so that building never runs what it has just built.
    gtest_discover_tests(${arg_NAME} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_FILTER ${found}
      TEST_PREFIX "${arg_NAME}." WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
      PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} COST ${cost})
  endif()
  if(WRIT_SANITIZE)
    target_compile_options(${arg_NAME} PRIVATE -O0 -fno-sanitize=all)
  endif()
  if("unit" IN_LIST arg_LABELS)
    add_dependencies(writ_unit_tests ${arg_NAME})
  endif()
  if(arg_SANITIZED)
    add_dependencies(writ_sanitized ${arg_NAME})
  endif()
endfunction()

function(writ_fuzzer)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPS;SEEDS;OPTIONS")
  _writ_sources(sources arg)
  if(NOT arg_SEEDS AND IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/seeds/${arg_NAME}")
    set(arg_SEEDS "seeds/${arg_NAME}")
  endif()
  set(seeds)
  foreach(seed IN LISTS arg_SEEDS)
    cmake_path(ABSOLUTE_PATH seed BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    list(APPEND seeds "${seed}")
  endforeach()
  if(WRIT_FUZZ)
    writ_executable(NAME ${arg_NAME} SOURCES ${sources} DEPS ${arg_DEPS})
    target_link_options(${arg_NAME} PRIVATE -fsanitize=fuzzer)
    # The first folder receives what the fuzzer finds; it is in the build tree on purpose.
    set(work "${CMAKE_BINARY_DIR}/fuzz/${arg_NAME}")
    file(MAKE_DIRECTORY "${work}/corpus")
    add_test(NAME fuzz.${arg_NAME}
      COMMAND ${arg_NAME} -runs=${WRIT_FUZZ_RUNS} -seed=1 -timeout=10 -rss_limit_mb=2048
              -verbosity=0 -print_final_stats=1 "-artifact_prefix=${work}/" ${arg_OPTIONS}
              "${work}/corpus" ${seeds})
    set_tests_properties(fuzz.${arg_NAME} PROPERTIES LABELS fuzz TIMEOUT 900 COST 100)  # first: they take longest
  else()
    writ_executable(NAME ${arg_NAME} SOURCES ${sources} "${PROJECT_SOURCE_DIR}/cmake/fuzz_replay.cc"
      DEPS ${arg_DEPS})
    target_compile_options(${arg_NAME} PRIVATE $<$<CONFIG:Release>:-O0>)  # a few seeds, once
    add_test(NAME fuzz.${arg_NAME} COMMAND ${arg_NAME} ${seeds})
    set_tests_properties(fuzz.${arg_NAME} PROPERTIES LABELS "fuzz;unit" TIMEOUT 60)
    add_dependencies(writ_unit_tests ${arg_NAME})
  endif()
  add_dependencies(writ_fuzzers ${arg_NAME})
endfunction()
