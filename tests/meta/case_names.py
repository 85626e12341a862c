"""Files in tests/cases say in their name what they are: snake case, `fail_` if and only if the
case must fail. What a case expects stands in the file itself, so the name can be held to it."""

import re
from support import SOURCE, files, finding, finish, relative

NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*(\.[a-z0-9]+)+")
EXPECTS_ERROR = re.compile(r"^\s*(//|#|--)\s*(CHECK|EXPECT|expect)\b.*\berror\b", re.M | re.I)

checked = 0
for path in files("tests/cases/**/*"):
    if path.name in ("CMakeLists.txt", "README.md") or path.suffix in (".cc", ".h", ".py"):
        continue
    checked += 1
    if not NAME.fullmatch(path.name):
        finding(relative(path), "name is not snake case")
    if path.suffix == ".writ":
        fails = EXPECTS_ERROR.search(path.read_text(encoding="utf-8", errors="replace")) is not None
        if fails != path.name.startswith("fail_"):
            finding(relative(path), "expects an error but has no fail_ prefix" if fails
                    else "has the prefix fail_ but expects no error")
finish(checked, "cases", at_least=1 if (SOURCE / "tests/cases").is_dir() else 0)
