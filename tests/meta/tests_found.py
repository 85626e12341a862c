"""Each source is built, and tests are discovered, never listed: their number has a floor."""

import json
from support import BUILD, compilations, files, finding, finish, relative, run

# Raise it as the suite grows. A suite that has lost half of its tests still "passes".
FLOOR = 800

built = {source for source, _ in compilations()}
for source in files("**/*.cc"):
    # tests/install is built by the test itself, against what was installed.
    if str(source) not in built and not relative(source).startswith("tests/install/"):
        finding(relative(source), "is not part of any target")

listed = json.loads(run("ctest", "--test-dir", BUILD, "--show-only=json-v1", check=True).stdout)
names = [test["name"] for test in listed["tests"]]
for name in names:
    if name.endswith("_NOT_BUILT"):
        finding(name, "has not been built")
finish(len(names), "tests", at_least=FLOOR)
