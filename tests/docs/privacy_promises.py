#!/usr/bin/env python3
"""Every test that docs/privacy.md names exists, and every promise names one.

A name is `Suite.Test` (TEST, TEST_F, TEST_P), or a CTest name or room such as `domain.privacy.release`.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
NAME = re.compile(r"`([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)+)`")
ROW = re.compile(r"^\| ([SDAU]\d+) \|.*\|(.*)\|$")
TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)")
CTEST = re.compile(r"add_test\(\s*NAME\s+([\w.]+)|equinode_test\(\s*([\w.]+)|equinode_fuzz\(\s*(\w+)")


def known():
    names = set()
    for path in (ROOT / "tests").rglob("*"):
        if path.suffix == ".cc":
            names.update(".".join(found) for found in TEST.findall(path.read_text(encoding="utf-8")))
        elif path.name == "CMakeLists.txt":
            for test, room, fuzz in CTEST.findall(path.read_text(encoding="utf-8")):
                names.add(test or room or "fuzz." + fuzz)
    return names


def main():
    names, problems, promises = known(), [], 0
    for number, line in enumerate((ROOT / "docs/privacy.md").read_text(encoding="utf-8").splitlines(), 1):
        row = ROW.match(line)
        if not row:
            continue
        promises += 1
        named = NAME.findall(row.group(2))
        if not named:
            problems.append(f"line {number}: nothing shows {row.group(1)}")
        problems += [f"line {number}: there is no test {name}" for name in named if name not in names]
    if promises < 8 or len(names) < 100:
        problems.append(f"{promises} promises and {len(names)} tests found: the reading is wrong")
    for problem in problems:
        print(problem)
    print(f"{promises} promises, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
