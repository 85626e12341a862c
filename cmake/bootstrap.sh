# Sourced by demo.sh and test.sh: finds out what is missing on this machine, installs it, configures and builds.
# POSIX sh. REQUIRES: the current folder is the root of the repository.

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Packages of the given sets (`demo`, `test`) that are not installed yet, on one line.
missing_packages() {
  for set in "$@"; do
    sed -n "s/^$set  *\([^ ]*\).*/\1/p" cmake/debian-packages.txt
  done | while read -r package; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || printf '%s ' "$package"
  done
}

# Installs the given sets. Silent when nothing is missing, so that a prepared machine needs neither
# root nor a network.
install_packages() {
  command -v dpkg-query >/dev/null || fail "needs Debian 12; elsewhere install what \
cmake/debian-packages.txt lists and run: cmake --workflow --preset release"
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "needs root, or sudo, to install: $missing"
    sudo=sudo
  fi
  say "Installing: $missing"
  log=$(mktemp)
  # shellcheck disable=SC2086  # a list of words on purpose
  if ! { $sudo apt-get update -q &&
         $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
           $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "apt could not install these packages; is there a network, and is this Debian 12?"
  fi
  rm -f "$log"
}

jobs() { nproc 2>/dev/null || echo 2; }

# configure PRESET [options]: quiet unless it fails.
configure() {
  preset=$1
  shift
  mkdir -p "build/$preset"
  cmake --preset "$preset" "$@" >"build/$preset/configure.log" 2>&1 ||
    { cat "build/$preset/configure.log" >&2; fail "configuring $preset failed"; }
}

# build PRESET TARGET...: prints nothing but errors.
build() {
  preset=$1
  shift
  cmake --build "build/$preset" --parallel "$(jobs)" --target "$@" -- --quiet
}
