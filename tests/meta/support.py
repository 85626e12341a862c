"""What the scripts in this folder share: the list of files, and how a finding is reported."""

import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(sys.argv[1]).resolve()
BUILD = pathlib.Path(sys.argv[2]).resolve()
_findings = []


def finding(where, message):
    _findings.append(f"{where}: {message}")


def finish(checked, what, at_least=1):
    """Prints the findings and leaves. A test that found nothing to check has failed."""
    if checked < at_least:
        finding(what, f"only {checked} checked, expected at least {at_least}")
    for line in _findings:
        print(line)
    print(f"{checked} {what} checked, {len(_findings)} findings")
    sys.exit(1 if _findings else 0)


def _walk():
    for folder, folders, names in os.walk(SOURCE):
        top = pathlib.Path(folder) == SOURCE
        folders[:] = sorted(f for f in folders if f not in (".git", "__pycache__", ".cache")
                            and not (top and f == "build"))
        # `.git` is a file where the checkout is a further working tree.
        yield from (pathlib.Path(folder, name) for name in sorted(names) if name != ".git")


def files(*patterns):
    """Files of the repository that match, without build trees; `**/` is any number of folders."""
    rules = [re.escape(p).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*") for p in patterns]
    whole = re.compile("|".join(rules))
    return [path for path in _walk() if path.is_file() and whole.fullmatch(relative(path))]


def relative(path):
    return path.relative_to(SOURCE).as_posix()


def run(*command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)


def compilations():
    """(source, command) of everything that is compiled, also of what a unity build puts together."""
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["file"])
        parts = [entry["file"]]
        if file.parent.name == "Unity":
            parts = re.findall(r'^#include "(/.*)"$', file.read_text(), re.M)
        yield from ((part, entry["command"]) for part in parts)


def documents():
    """The pages whose paths and examples are held to the truth."""
    return files("README.md", "docs/**/*.md")
