#!/usr/bin/env python3
"""The demo on published sample data: it imports, and every refused line is explained."""
import csv
import json
import os
import pathlib
import sys
import tempfile
import unittest

from program import run

SAMPLES = pathlib.Path(os.environ.get("EQUINODE_REFERENCE_DIR", "")) / "people/fhir-samples"
# As many as there are in the folders of that name; the files are found, never copied.
FOLDERS = ["bulk-100", "bulk-10", "synthea-bundles-2019", "us-core-9-examples", "uscore7-bundles", "import-ndjson",
           "gravity-examples"]


class Samples(unittest.TestCase):
    def demo(self, path):
        with tempfile.TemporaryDirectory(prefix="equinode-samples-") as home:
            keep = pathlib.Path(home) / "kept"
            code, out, err = run("-o", "json", "demo", "--data", path, "--keep", keep, "--once",
                                 home=pathlib.Path(home), timeout=280)
            self.assertEqual(code, 0, err)
            rejected = keep / "rejected/data.csv"
            rows = []
            if rejected.exists():
                with open(rejected, encoding="utf-8", newline="") as file:
                    rows = list(csv.DictReader(file))
            return json.loads(out), rows, err

    def test_every_folder_imports_and_explains_what_it_refuses(self):
        for name in FOLDERS if "EQUINODE_LONG" in os.environ else FOLDERS[:3]:
            with self.subTest(name):
                account, rows, err = self.demo(SAMPLES / name)
                read = account["read"]
                self.assertEqual(read["refused"], len(rows))
                self.assertTrue(all(r["reason"] and len(r["what_to_do"]) > 10 for r in rows), rows)
                people = sum(i["persons"] for i in account["imports"].values())
                print(f"{name}: {people} records of people, {read['refused']} refused, {read['conflicts']} conflicts, "
                      f"passed over {sum(read['passed_over'].values())}", file=sys.stderr)
                self.assertGreater(people, 0)
                if account["attributed_to_the_payer"]:
                    self.assertIn("attributes them to its payer", err)
                if name == "synthea-bundles-2019":  # An ethnicity code stands in the race slot there.
                    self.assertGreater(read["conflicts"], 0)


if __name__ == "__main__":
    if not SAMPLES.is_dir():
        print("the reference folder is not here: skipped", file=sys.stderr)
        sys.exit(77)
    unittest.main()
