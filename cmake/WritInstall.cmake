# What `cmake --install` puts in place: component `runtime` (header, wrapper, libraries, CMake
# package) and, in developer mode, component `command`.

include(CMakePackageConfigHelpers)
set(writ_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/writ")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/writ-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/writ-config.cmake"
  CONTENT "include(\"\${CMAKE_CURRENT_LIST_DIR}/writ-targets.cmake\")\n" @ONLY)
install(EXPORT writ-targets NAMESPACE writ:: DESTINATION "${writ_cmake_dir}" COMPONENT runtime)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/writ-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/writ-config-version.cmake"
        DESTINATION "${writ_cmake_dir}" COMPONENT runtime)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT runtime)
if(TARGET writ)
  install(TARGETS writ RUNTIME COMPONENT command)
endif()
