"""Every path of this repository that a page names in backticks exists (conventions: docs drift)."""

import re
from support import SOURCE, documents, finding, finish, relative

checked = 0
roots = {p.name for p in SOURCE.iterdir()} | {
    "lang", "compiler", "runtime", "evals", "corpora", "policies", "cli", "tests", "docs", "cmake"}
roots -= {"build"}
for page in documents():
    fenced = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        if fenced:
            continue
        for span in re.findall(r"`([^`]+)`", line):
            path = span.removeprefix("./").rstrip("/")
            if not re.fullmatch(r"[\w.*\-]+(/[\w.*\-]+)*", path) or path.split("/")[0] not in roots:
                continue  # not a path, or not one of ours
            if "/" not in path and "." not in path:
                continue  # one word: `lang` may be a library, `runtime` an idea
            checked += 1
            if not any(SOURCE.glob(path)):
                finding(f"{relative(page)}:{number}", f"`{span}` does not exist")
finish(checked, "paths in README.md and docs/", at_least=5)
