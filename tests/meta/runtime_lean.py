"""The runtime needs the C++ standard library and nothing else, and its stripped size stays small."""

import re
import tempfile
from support import BUILD, finding, finish, run

LIMIT_BYTES = 100 * 1024  # The promise of the product page; a host embeds this file.
library = (BUILD / "lib" / "libwrit.so").resolve()

with tempfile.NamedTemporaryFile() as stripped:
    run("strip", "--strip-all", "-o", stripped.name, library, check=True)
    size_bytes = len(open(stripped.name, "rb").read())
print(f"stripped: {size_bytes} bytes of {LIMIT_BYTES}")
if size_bytes > LIMIT_BYTES:
    finding(library.name, f"{size_bytes} bytes stripped, more than {LIMIT_BYTES}")

symbols = run("nm", "--dynamic", "--portability", library, check=True).stdout.splitlines()
exported = 0
for line in symbols:
    name, kind = line.split()[:2]
    if kind == "U":
        if not re.search(r"@@?(GLIBC|GLIBCXX|CXXABI|GCC)_[\w.]+$", name):
            finding(library.name, f"undefined symbol {name} comes from elsewhere than libstdc++ or libc")
        if re.match(r"(__cxa_throw|__cxa_allocate_exception|__dynamic_cast)@", name):
            finding(library.name, f"{name}: the runtime is built without exceptions and RTTI")
    elif kind not in "wA":
        exported += 1
        if not re.fullmatch(r"writ_\w+@@WRIT_\d+", name):
            finding(library.name, f"exports {name}, which is not a versioned writ_ symbol")

needed = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", library, check=True).stdout)
for name in needed:
    if not re.match(r"(libstdc\+\+|libgcc_s|libc|libm|ld-linux[\w-]*)\.so", name):
        finding(library.name, f"needs {name}")
finish(exported, "exported symbols")
