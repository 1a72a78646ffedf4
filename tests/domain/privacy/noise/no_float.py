#!/usr/bin/env python3
"""No floating-point number in domain/privacy/noise.

With GCC the room is compiled so that any use of one is an error; this holds that the room's own flags still do
that, by compiling two probes with them. With any compiler it reads the room's sources for the words.

Usage: no_float.py SOURCE_DIR COMPILER COMPILER_ID FLAGS
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
COMPILER, COMPILER_ID = sys.argv[2], sys.argv[3]
FLAGS = [flag for flag in sys.argv[4].split(";") if flag and not flag.startswith("$<")]
ROOM = ROOT / "domain/privacy/noise"
WORDS = re.compile(
    r"\b(float|double|_Float\d+|__float\d+|cmath|math\.h|random>|std::(exp|log|sqrt|pow|sto[df]|distribution)\w*)\b"
    r"|\b\d+\.\d*(e[+-]?\d+)?[fFlL]?\b|\b\d+[eE][+-]?\d+\b")
PROBES = {
    "whole": ("#include <string>\nstd::string F(int a) { return std::to_string(a * 2); }\n", True),
    "double": ("int F(int a) { const double b = a; return static_cast<int>(b * 1.5); }\n", False),
}


def code_of(text):
    """Without comments, texts and includes of our own."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def compiles(source):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "probe.cc"
        path.write_text(source, encoding="utf-8")
        done = subprocess.run([COMPILER, "-std=c++20", "-O2", *FLAGS, "-c", str(path), "-o", str(path.with_suffix(".o"))],
                              capture_output=True, text=True, check=False)
        return done.returncode == 0


def main():
    problems = []
    for wrong in ("double x;", "float y = 1;", "auto z = 0.5;", "std::exp(x)", "auto w = 1e9;"):
        if not WORDS.search(code_of(wrong)):
            problems.append(f"the reading of sources overlooks: {wrong}")
    files = sorted(path for path in ROOM.rglob("*") if path.suffix in (".h", ".cc"))
    for path in files:
        for number, line in enumerate(code_of(path.read_text(encoding="utf-8")).splitlines(), 1):
            if found := WORDS.search(line):
                problems.append(f"{path.relative_to(ROOT)}: about line {number}: {found.group(0)}")
    if len(files) < 10:
        problems.append(f"only {len(files)} files in {ROOM}")
    if COMPILER_ID == "GNU":
        for name, (source, good) in PROBES.items():
            if compiles(source) != good:
                problems.append(f"the room's flags {' '.join(FLAGS)}: the probe '{name}' "
                                f"{'does not compile' if good else 'compiles'}")
    for problem in problems:
        print(problem)
    print(f"{len(files)} files, compiler {COMPILER_ID}, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
