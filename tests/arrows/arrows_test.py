#!/usr/bin/env python3
"""Copies the tree's headers, plants one wrong arrow at a time, and expects arrows.py to name it."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = {
    "domain/access/identity.cc": '#include "storage/record_store.h"',
    "base/clock.cc": '#include "domain/access/identity.h"',
    "base/log.cc": "#include <openssl/evp.h>",
    "domain/access/identity.h": '#include "equinode/v1/record.pb.h"',
}


def run(tree):
    done = subprocess.run([sys.executable, str(HERE / "arrows.py"), str(tree)], capture_output=True, text=True)
    return done.returncode, done.stdout


with tempfile.TemporaryDirectory() as folder:
    for number, (place, line) in enumerate(CASES.items()):
        tree = pathlib.Path(folder) / str(number)
        for room in ("base", "domain"):
            shutil.copytree(ROOT / room, tree / room)
        code, said = run(tree)
        assert code == 0, said
        target = tree / place
        target.write_text(line + "\n" + target.read_text())
        code, said = run(tree)
        assert code == 1 and place in said, f"{place} was not noticed:\n{said}"
print(f"{len(CASES)} wrong arrows noticed")
