#!/bin/sh
# Builds everything and runs every test, from a bare Debian 12. Ends with ctest's summary.
set -eu
cd "$(dirname "$0")"
. cmake/bootstrap.sh

usage() {
  cat <<'USAGE'
usage: ./test.sh [--sanitize | --long] [--help]

  (nothing)   release build and its tests, with the seeds of each fuzz target and damaged copies of them
  --sanitize  also the unit tests under the address and undefined-behaviour sanitizers, and 200,000
              executions of each fuzz target
  --long      everything, and the tests labelled `long` too
  --help     this text

Installs missing packages with apt (as root or with sudo); otherwise writes to build/ only.
Exit code: 0 if all passed.
USAGE
}

sanitize=no
filter='-LE long'
for option in "$@"; do
  case $option in
    --sanitize) sanitize=yes ;;
    --long) sanitize=yes filter= ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

install_packages demo test

say "Building release"
configure release
build release all all_verify_interface_header_sets

# The stages that take longest to build come before the release tests, so that the last lines of
# the output are the summary of the largest suite. A failing stage stops here, under its own.
if [ "$sanitize" = yes ]; then
  say "Building with sanitizers"
  configure asan
  build asan writ_unit_tests
  say "Unit tests under sanitizers"
  ctest --preset asan --parallel "$(jobs)" --progress

  say "Building the fuzz targets"
  configure fuzz
  build fuzz writ_fuzzers
  say "Fuzzing"
  ctest --preset fuzz --parallel "$(jobs)" --progress
fi

say "Tests"
# shellcheck disable=SC2086  # empty or two words on purpose
exec ctest --test-dir build/release --output-on-failure --no-tests=error --progress \
  --parallel "$(jobs)" $filter
