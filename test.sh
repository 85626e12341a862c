#!/bin/sh
# Builds everything and runs every test, from a bare Debian 12. Ends with ctest's summary.
set -eu
cd "$(dirname "$0")"
. cmake/bootstrap.sh

usage() {
  cat <<'USAGE'
usage: ./test.sh [--long] [--help]

  (nothing)   the release build and its tests; the readers of bytes and text and their unit tests under
              the address and undefined-behaviour sanitizers; 200,000 executions of each fuzz target
              (patterns: 40,000; certificates: 20,000; damaged tables with their proofs: 2,500)
  --long      also every other unit test under the sanitizers, the tests labelled `long`, and each
              public header compiled on its own
  --help      this text

Installs missing packages with apt (as root or with sudo); otherwise writes to build/ only.
Exit code: 0 if all passed.
USAGE
}

headers='' sanitized=writ_sanitized filter='-LE long'
for option in "$@"; do
  case $option in
    --long) headers=all_verify_interface_header_sets sanitized='writ_sanitized writ_unit_tests' filter='' ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

install_packages demo test

# The stages that take longest to build come before the release tests, so that the last lines of
# the output are the summary of the largest suite. A failing stage stops here, under its own.
# shellcheck disable=SC2086  # none, one or two words on purpose, here and below
{
  say "Building release"
  configure release
  build release all $headers

  say "Building with sanitizers"
  configure sanitize
  build sanitize $sanitized
  say "Fuzzing, and unit tests under sanitizers"
  ctest --preset sanitize --parallel "$(jobs)" --progress

  say "Tests"
  exec ctest --test-dir build/release --output-on-failure --no-tests=error --progress \
    --parallel "$(jobs)" $filter
}
