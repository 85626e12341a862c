# The ANTLR tool, WRIT_ANTLR, and its runtime, `writ::antlr`. lang/CMakeLists.txt generates the parser.

find_program(WRIT_ANTLR antlr4 REQUIRED)
find_path(WRIT_ANTLR_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
# The archive: one library less to find and load at every start of the command.
find_library(WRIT_ANTLR_LIBRARY NAMES libantlr4-runtime.a antlr4-runtime REQUIRED)

add_library(writ_antlr INTERFACE)
add_library(writ::antlr ALIAS writ_antlr)
target_include_directories(writ_antlr SYSTEM INTERFACE "${WRIT_ANTLR_INCLUDE}")
target_link_libraries(writ_antlr INTERFACE "${WRIT_ANTLR_LIBRARY}" Threads::Threads)
