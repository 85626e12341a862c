"""docs/features.md: every planned concept has one row, a known state, and something that shows it."""

import re
from support import SOURCE, finding, finish

PAGE = SOURCE / "docs/features.md"
WANTED = [f"{letter}{n}" for letter, last in (("C", 66), ("O", 45), ("B", 42))
          for n in range(1, last + 1)]
ROW = re.compile(r"\| ([A-Z]\d+) \| (.+?) \| (works|part|not yet|host)(: .+?)? \| (.*?) ?\|")

seen = []
for number, line in enumerate(PAGE.read_text(encoding="utf-8").splitlines(), 1):
    if not re.match(r"\| [A-Z]\d+ \|", line):
        continue
    row = ROW.fullmatch(line)
    where = f"docs/features.md:{number}"
    if not row:
        finding(where, "a row is `| id | concept | state | shown by |`")
        continue
    seen.append(row[1])
    link = re.fullmatch(r"\[[^\]]+\]\(([^)]+)\)", row[5])
    if row[3] in ("works", "part"):
        if not link:
            finding(where, f"{row[1]}: {row[3]}, and nothing shows it")
        elif not (PAGE.parent / link[1]).resolve().is_file():
            finding(where, f"{link[1]} does not exist")
    elif row[5]:
        finding(where, f"{row[1]} is {row[3]}, so there is nothing to show")
    if row[3] == "part" and not row[4]:
        finding(where, f"{row[1]}: which part?")
for concept in WANTED:
    if seen.count(concept) != 1:
        finding("docs/features.md", f"{concept} has {seen.count(concept)} rows")
for concept in sorted(set(seen) - set(WANTED)):
    finding("docs/features.md", f"{concept} is no concept")
finish(len(seen), "concepts", at_least=len(WANTED))
