"""The repository is about its subject only: no path of somebody's machine, no merge marks, no
file too large to review, no text that isn't UTF-8, no source longer than a reader takes in."""

import re
from support import SOURCE, files, finding, finish, relative

# Folder names are put together here so that this file isn't its own first finding.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) +
                          r")/[\w.]+")
MERGE_MARK = re.compile(r"^(<{7} |>{7} )", re.M)
LIMIT_BYTES = 8 << 20
LIMIT_LINES = 650  # of a source
PACKED = {".xz", ".zst", ".gz", ".wtb", ".png", ".db", ".bin"}

checked = 0
for path in files("**/*"):
    name = relative(path)
    checked += 1
    if path.stat().st_size > LIMIT_BYTES:
        finding(name, f"{path.stat().st_size} bytes; more than {LIMIT_BYTES}")
    if path.suffix in PACKED or name.startswith(("corpora/", "tests/fuzz/")):
        continue  # data: recorded text is left as it was recorded
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        if not name.startswith("tests/cases/"):
            finding(name, "is not UTF-8")
        continue
    if path.suffix in {".cc", ".h"} and text.count("\n") > LIMIT_LINES:
        finding(name, f"{text.count(chr(10))} lines; a source has at most {LIMIT_LINES}")
    for pattern, what in ((MACHINE_PATH, "path of a machine"), (MERGE_MARK, "merge mark")):
        match = pattern.search(text)
        if match:
            line = text.count("\n", 0, match.start()) + 1
            finding(f"{name}:{line}", f"{what}: {match[0]}")
finish(checked, "files", at_least=20)
