#!/usr/bin/env python3
"""docs/first-network.md works: its shell blocks run as they stand."""
import json
import os
import re
import subprocess
import tempfile
import pathlib
import unittest

from program import BIN, CERTS, EQUINODE, ROOT

PAGE = ROOT / "docs/first-network.md"


class FirstNetwork(unittest.TestCase):
    def test_the_page_s_commands_run_as_they_stand(self):
        blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
        self.assertGreater(len(blocks), 8)
        # One shell for all of them, so that jobs and files live on; `set -e` ends it at the first command that fails.
        script = "set -e -m\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
        for number, block in enumerate(blocks):
            script += f"echo '--- block {number}' >&2\n{block}"
        with tempfile.TemporaryDirectory(prefix="equinode-first-") as folder:
            environment = {k: v for k, v in os.environ.items() if not k.startswith(("EQUINODE", "XDG"))}
            environment["PATH"] = f"{BIN.resolve()}:{CERTS.parent}:{environment['PATH']}"
            environment["HOME"] = folder
            done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True,
                                  timeout=200, check=False)
            logs = "".join((pathlib.Path(folder) / n / "log").read_text() for n in ("elm", "sun")
                           if (pathlib.Path(folder) / n / "log").exists())
            self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}\n{logs}")
            # It says what the page says: one practice answered, and the CSV holds shown and hidden cells.
            self.assertIn("1 of 1 node answered", done.stdout)
            csv = (pathlib.Path(folder) / "first.csv").read_text()
            self.assertIn("race,population,race_omb1997,WHITE,", csv)
            rejected = (pathlib.Path(folder) / "elm/rejected.csv").read_text().splitlines()
            made = json.loads((pathlib.Path(folder) / "made/manifest.json").read_text())
            self.assertEqual(len(rejected) - 1, made["practices"][0]["lines_to_be_refused"])


if __name__ == "__main__":
    unittest.main()
