"""The repository as text, for the tests of the documentation."""
import functools
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def files():
    """Every file that is ours, relative to the root; build folders are not."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        inside = pathlib.Path(folder).relative_to(ROOT)
        if inside == pathlib.Path("."):
            folders[:] = [name for name in folders if name not in ("build", ".git")]
        found += [inside / name for name in names]
    return sorted(found)


def pages():
    return [path for path in files() if path.suffix == ".md" and path.parts[0] in ("README.md", "docs", "certs")]


def cpp_tests():
    """{Suite.Name: file} of every GoogleTest case."""
    found = {}
    for path in files():
        if path.parts[0] == "tests" and path.suffix == ".cc":
            text = (ROOT / path).read_text(encoding="utf-8")
            for suite, name in re.findall(r"^(?:TEST(?:_F|_P)?|RC_GTEST\w*_PROP)\(\s*(\w+)\s*,\s*(\w+)", text, re.M):
                found[f"{suite}.{name}"] = path
    return found


def python_tests():
    """{Class.test_name: file} of every unittest case."""
    found = {}
    for path in files():
        if path.parts[0] == "tests" and path.name.endswith("_test.py"):
            case = ""
            for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
                if line.startswith("class "):
                    case = re.match(r"class (\w+)", line)[1]
                elif test := re.match(r"    def (test_\w+)", line):
                    found[f"{case}.{test[1]}"] = path
    return found
