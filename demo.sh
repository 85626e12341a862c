#!/bin/sh
# From clone to a gate verdict on shipped runs. Installs what is missing, builds the command, and
# walks through it; each step prints the command it runs, so that you can run it yourself.
set -eu
cd "$(dirname "$0")"
. cmake/bootstrap.sh

case ${1-} in
  '') ;;
  --help | -h) echo "usage: ./demo.sh    (no options; writes to build/ only)"; exit 0 ;;
  *) echo "usage: ./demo.sh" >&2; exit 2 ;;
esac

install_packages demo
say "Building the writ command (the first time takes some minutes)"
configure release
build release writ

PATH="$PWD/build/release/bin:$PATH"
out=build/demo
rm -rf "$out" && mkdir -p "$out"

# step TITLE EXIT COMMAND...: shows the command, runs it, and stops the demo if it ends with
# another exit code than EXIT: a gate that blocks is a success here, and must not look like one by chance.
number=0
step() {
  title=$1 expected=$2
  shift 2
  number=$((number + 1))
  say "$number. $title"
  printf '$ %s\n' "$*"
  status=0
  "$@" || status=$?
  [ "$status" -eq "$expected" ] || fail "step $number ended with exit code $status, expected $expected"
}

step "The command" 0 writ --version

say "Your own runs"
echo 'PATH="'"$PWD"'/build/release/bin:$PATH" writ --help'
