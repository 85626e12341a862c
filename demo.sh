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
build release writ writ_support_desk

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

old=policies/support_refunds.writ new=policies/support_refunds_next.writ gate=policies/support_refunds.gate.yaml

step "Two versions of one policy: are they whole?" 0 writ check "$old" "$new"
step "Build the table in force" 0 writ build "$old" -o "$out/refunds.wtb"
step "Build the one that is proposed" 0 writ build "$new" -o "$out/refunds_next.wtb"
step "Exactly what would change: the rows in which they differ" 0 writ diff "$out/refunds.wtb" "$out/refunds_next.wtb"
step "20,000 recorded runs of a support desk" 0 writ_support_desk --runs 20000 --seed 1 -o "$out/runs.jsonl"
step "Import them" 0 writ corpus import "$out/runs.jsonl" --map corpora/support_desk/support_desk.sql -o "$out/runs.db"
step "Can the tables read them?" 0 writ corpus check "$out/runs.db" --table "$out/refunds.wtb"
step "How much of the policy do they exercise? Of the rest, they can tell nothing" 0 writ test "$old" --coverage --corpus "$out/runs.db"
step "May the proposed version be released?" 1 writ gate "$gate" --corpus "$out/runs.db" \
  -o "html:$out/report.html" -o "json:$out/report.json" -o "junit:$out/gate.xml"

say "The gate said BLOCK, as it should: the proposed version lets money leave orders that are held for fraud."
echo "Open the report in a browser:  $PWD/$out/report.html"
echo "Try it on your own runs:       PATH=\"$PWD/build/release/bin:\$PATH\" writ new my_rules && cat my_rules/README.md"
