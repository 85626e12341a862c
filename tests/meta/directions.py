"""Who may include what (docs/decisions, the house): a forbidden include must be a compile error.

Two checks. Our own libraries: for each library the flags it is really compiled with are taken
from compile_commands.json, and a probe that includes a header it must not know must fail to compile.
Third-party headers lie in the system's include folder, where no flag can hide them: there the sources are read.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from support import SOURCE, compilations, files, finding, finish, relative

# library: (its folder, the include folders that it may use)
LIBRARIES = {
    "runtime": ("runtime", {"runtime"}),
    "analysis": ("compiler/analysis", {"analysis", "runtime", "table"}),
    "certificate": ("compiler/certificate", {"certificate", "runtime"}),
    "lang": ("lang", {"lang"}),
    "compiler": ("compiler", {"compiler", "lang", "analysis", "runtime", "table"}),
    "evals": ("evals", {"evals", "runtime", "analysis"}),
    "cli": ("cli", {"cli", "evals", "compiler", "lang", "analysis", "certificate", "runtime", "table"}),
}

# header pattern: the folders or files that may include it, and how many files may, if that is limited
THIRD_PARTY = {
    r"antlr4-runtime.*|Writ(Lexer|Parser)\.h": (["lang/src/antlr_parser.cc"], 1),
    r"(llvm|llvm-c)/.*": (["lang/", "compiler/"], None),
    r"sqlite3(ext)?\.h": (["evals/"], 1),
    r"nlohmann/.*": (["evals/", "cli/"], None),
    r"yaml-cpp/.*": (["evals/", "cli/"], None),
    r"simdjson.*": (["evals/"], None),
    r"fmt/.*": (["lang/src/", "compiler/", "evals/", "cli/"], None),
    r"CLI/.*|CLI11\.hpp": (["cli/"], None),
    r"sodium.*": (["evals/", "cli/", "compiler/", "runtime/"], None),
    r"c?cadical\.h(pp)?": (["compiler/analysis/src/sat_solver.cc"], 1),
    r"zstd.*|lzma.*": (["evals/", "cli/"], None),
    r"gtest/.*|gmock/.*|benchmark/.*": ([], None),
}
# Sources of the table writer, which lives in the runtime's folder and is a target of its own.
WRITER = ("matrix_writer", "model_check", "read_model", "write_table")
# Never in these, unless a rule names the file: they stand alone, or speak only of tables.
STANDS_ALONE = ("runtime/include/", "runtime/src/", "compiler/analysis/")


def folder_of(name):
    return SOURCE / LIBRARIES[name][0]


def compile_flags():
    """Library -> the compiler invocation of one of its sources, without input and output."""
    flags = {}
    for source, command in compilations():
        match = re.search(r"CMakeFiles/writ_(\w+)\.dir/", command)
        if not match or match[1] not in LIBRARIES or match[1] in flags:
            continue
        if not source.endswith(".cc"):
            continue
        words = shlex.split(command)
        keep, skip = [], False
        for word in words[1:]:
            if skip:
                skip = False
            elif word in ("-o", "-c"):
                skip = True
            elif not word.startswith(("-MD", "-MT", "-MF", "/")):
                keep.append(word)
            elif word.startswith("/") and keep and keep[-1] in ("-isystem", "-I"):
                keep.append(word)
        flags[match[1]] = keep
    return flags


def compiles(flags, header):
    compiler = sys.argv[3]
    result = subprocess.run([compiler, *flags, "-fsyntax-only", "-x", "c++", "-"],
                            input=f'#include "{header}"\n', capture_output=True, text=True)
    error = next((line for line in result.stderr.splitlines() if "error:" in line), "")
    return result.returncode == 0, error


def check_our_headers():
    headers = {}  # include folder -> one header
    for path in files("**/include/writ/*/*.h"):
        headers.setdefault(path.parent.name, f"writ/{path.parent.name}/{path.name}")
    flags = compile_flags()
    checked = 0
    for library, (_, allowed) in LIBRARIES.items():
        if library not in flags:
            finding(library, "no source of it is in compile_commands.json")
            continue
        for folder, header in headers.items():
            # `table` shares its include folder with `runtime`; the text check below covers it.
            if folder not in LIBRARIES or (folder in allowed and folder != library):
                continue
            ok, error = compiles(flags[library], header)
            checked += 1
            if folder == library and not ok:
                finding(library, f"can't include its own {header}, so no probe means anything: {error}")
            # It must fail because the header itself isn't found, not for some other reason.
            if folder != library and not (header in error and re.search("No such file|not found", error)):
                finding(library, f"can find {header}, which it must not know")
    return checked


def owner(path):
    """The library that a file belongs to: the one with the longest folder that contains it."""
    best = ""
    for name, (folder, _) in LIBRARIES.items():
        if path.startswith(folder + "/") and len(folder) > len(LIBRARIES.get(best, ("",))[0]):
            best = name
    return best


def check_text():
    checked = 0
    users = {pattern: [] for pattern in THIRD_PARTY}
    for source in files("**/*.h", "**/*.cc", "**/*.c"):
        path = relative(source)
        library = owner(path)
        if not library:
            continue  # tests may include anything
        checked += 1
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not match:
                continue
            header, where = match[1], f"{path}:{number}"
            if header.startswith(("tests/", "../")):
                finding(where, f"includes {header}")
            ours = re.match(r"writ/(\w+)/", header)
            # The table writer lives beside the runtime, but isn't part of it.
            writer = library == "runtime" and ("/table" in path or Path(path).stem in WRITER)
            if ours and ours[1] not in LIBRARIES[library][1] and not (writer and ours[1] == "table"):
                finding(where, f"{library} must not include {header}")
            for pattern, (places, _) in THIRD_PARTY.items():
                if not re.fullmatch(pattern, header):
                    continue
                if path not in users[pattern]:
                    users[pattern].append(path)
                alone = path.startswith(STANDS_ALONE) and path not in places
                if alone or not path.startswith(tuple(places or ["-"])):
                    finding(where, f"{header} has no business here")
    for pattern, (_, limit) in THIRD_PARTY.items():
        if limit is not None and len(users[pattern]) > limit:
            finding(", ".join(users[pattern]), f"{pattern} belongs into {limit} source file")
    return checked


finish(check_our_headers() + check_text(), "sources and probes", at_least=20)
