"""Every fenced `console` example in README.md and docs/ is run, and must print what the page shows.

    $ writ check policies/x.writ     # exit 1     the exit code, 0 unless told otherwise
    expected output, standard output and standard error as a person sees them
    ...                                           on its own line: any number of lines
    decided in ... ns                             inside a line: any text

A command may go on after a backslash, on lines that start with `> `. The blocks of one page run in
order in one folder: a fresh copy of policies/, corpora/ and docs/, with `writ` on PATH. An example that
can't be run here (`./test.sh`) belongs into an `sh` block.

To rewrite what a page shows: doc_examples.py SOURCE_DIR BUILD_DIR --update [page.md ...]
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from support import BUILD, SOURCE, documents, finding, finish, relative

FOLDERS = ("policies", "corpora", "docs")
TIMEOUT_SECONDS = 60  # An example that takes longer than a minute is no example.


def line_matches(expected, actual):
    parts = [re.escape(p) for p in expected.split("...")]
    return re.fullmatch(".*".join(parts), actual) is not None


def matches(expected, actual):
    """Whether lines match, where the line `...` stands for any number of lines."""
    reachable = {0}  # positions in `actual` that the expectation so far can end at
    for line in expected:
        if line.strip() == "...":
            reachable = set(range(min(reachable), len(actual) + 1)) if reachable else set()
        else:
            reachable = {i + 1 for i in reachable
                         if i < len(actual) and line_matches(line.rstrip(), actual[i])}
    return len(actual) in reachable


def examples(text):
    """Yields (first line of the output, line after it, command) as indices into the page."""
    lines = text.splitlines()
    i = 0
    while i < len(lines):
        if lines[i].strip() != "```console":
            i += 1
            continue
        i += 1
        while i < len(lines) and lines[i].strip() != "```":
            if not lines[i].startswith("$ "):
                yield i, i + 1, None  # output without a command
                i += 1
                continue
            command = lines[i][2:]
            i += 1
            while command.endswith("\\") and i < len(lines) and lines[i].startswith("> "):
                command = command[:-1] + lines[i][2:]
                i += 1
            start = i
            while i < len(lines) and lines[i].strip() != "```" and not lines[i].startswith("$ "):
                i += 1
            yield start, i, command
        i += 1


def run_page(page, update):
    text = page.read_text(encoding="utf-8")
    found = list(examples(text))
    if not found:
        return 0
    lines = text.splitlines()
    changes = []
    with tempfile.TemporaryDirectory() as folder:
        for name in FOLDERS:
            if (SOURCE / name).is_dir():
                shutil.copytree(SOURCE / name, os.path.join(folder, name))
        environment = dict(os.environ, HOME=folder, LC_ALL="C.UTF-8", NO_COLOR="1", TERM="dumb",
                           PATH=f"{BUILD / 'bin'}:{os.environ['PATH']}")
        for start, end, command in found:
            where = f"{relative(page)}:{start}"
            if command is None:
                finding(where, "output before the first `$ ` command of the block")
                continue
            exit_note = re.search(r"\s+# exit (\d+)\s*$", command)
            expected_exit = int(exit_note[1]) if exit_note else 0
            try:
                result = subprocess.run(
                    ["sh", "-c", command[:exit_note.start()] if exit_note else command],
                    cwd=folder, env=environment, stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            except subprocess.TimeoutExpired:
                finding(where, f"$ {command}\n    took more than {TIMEOUT_SECONDS} seconds")
                continue
            actual = [l.rstrip() for l in result.stdout.decode("utf-8", "replace").splitlines()]
            if result.returncode != expected_exit:
                finding(where, f"$ {command}\n    exit code {result.returncode}, "
                        f"the page says {expected_exit}\n    " + "\n    ".join(actual[-20:]))
            elif not matches(lines[start:end], actual):
                if update:
                    changes.append((start, end, actual))
                else:
                    finding(where, f"$ {command}\n    prints:\n    " + "\n    ".join(actual[:60]) +
                            "\n    the page shows:\n    " + "\n    ".join(lines[start:end]))
    for start, end, actual in reversed(changes):
        lines[start:end] = actual
    if changes:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{relative(page)}: {len(changes)} examples rewritten")
    return len(found)


def main():
    update = "--update" in sys.argv
    chosen = [a for a in sys.argv[3:] if a != "--update"]
    pages = [p for p in documents() if not chosen or relative(p) in chosen]
    finish(sum(run_page(page, update) for page in pages), "examples in README.md and docs/")


if __name__ == "__main__":
    main()
