#!/usr/bin/env python3
"""The demo on published sample data: it imports, and every refused line is explained."""
import concurrent.futures
import csv
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

from program import run

SAMPLES = pathlib.Path(os.environ.get("EQUINODE_REFERENCE_DIR", "")) / "people/fhir-samples"
# The folders that hold FHIR resources; their files are found, never copied.
FOLDERS = ["bulk-100", "bulk-10", "synthea-bundles-2019", "us-core-9-examples", "uscore7-bundles", "import-ndjson",
           "gravity-examples"]
# A demo waits more than it works, so they go side by side.
AT_ONCE = 3


def resources(folder):
    """Every resource of a folder, read without any of our code; lines that are no JSON are left out."""
    for path in sorted(folder.rglob("*")):
        texts = path.read_text(encoding="utf-8").split("\n") if path.suffix == ".ndjson" else (
            [path.read_text(encoding="utf-8")] if path.suffix == ".json" else [])
        for text in texts:
            try:
                document = json.loads(text)
            except ValueError:
                continue
            if document.get("resourceType") == "Bundle":
                for entry in document.get("entry", []):
                    resource = entry.get("resource", {})
                    resource.setdefault("id", entry.get("fullUrl", "").rpartition(":")[2])
                    yield resource
            else:
                yield document


def patients(folder):
    """How many there are with an id that FHIR allows, and how many have none such."""
    ids = [r.get("id", "") for r in resources(folder) if r.get("resourceType") == "Patient"]
    good = [i for i in ids if re.fullmatch(r"[A-Za-z0-9.-]{1,64}", i)]
    return len(good), len(ids) - len(good)


def demo(name):
    """(account, rows of rejected.csv, stderr) of a demo on a folder."""
    with tempfile.TemporaryDirectory(prefix="equinode-samples-") as home:
        keep = pathlib.Path(home) / "kept"
        code, out, err = run("-o", "json", "demo", "--data", SAMPLES / name, "--keep", keep, "--once",
                             home=pathlib.Path(home), timeout=280)
        if code != 0:
            return code, None, None, err
        rejected = keep / "rejected/data.csv"
        rows = []
        if rejected.exists():
            with open(rejected, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        return code, json.loads(out), rows, err


class Samples(unittest.TestCase):
    def test_every_folder_imports_and_explains_what_it_refuses(self):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            demos = dict(zip(FOLDERS, pool.map(demo, FOLDERS)))
        for name, (code, account, rows, err) in demos.items():
            with self.subTest(name):
                self.assertEqual(code, 0, err)
                read = account["read"]
                self.assertEqual(read["refused"], len(rows))
                self.assertTrue(all(r["reason"] and len(r["what_to_do"]) > 10 for r in rows), rows)
                people = sum(i["persons"] for i in account["imports"].values())
                print(f"{name}: {people} records of people, {read['refused']} refused, {read['conflicts']} conflicts, "
                      f"passed over {sum(read['passed_over'].values())}", file=sys.stderr)
                # No Patient is lost: each is a record, or a refused line that says so.
                usable, others = patients(SAMPLES / name)
                refused = [r for r in rows if r["resource"].startswith("Patient")]
                self.assertGreater(usable + others, 0)
                self.assertEqual(people + len(refused), usable + others, rows)
                self.assertGreaterEqual(len(refused), others)
                if account["attributed_to_the_payer"]:
                    self.assertIn("attributes them to its payer", err)
                if name == "synthea-bundles-2019":  # An ethnicity code stands in the race slot there.
                    self.assertGreater(read["conflicts"], 0)
                if name == "import-ndjson":  # Place-holders of a template, and a line that is no JSON.
                    self.assertLessEqual({"PLACEHOLDER_ID", "BAD_JSON"}, {r["reason"] for r in rows})

    def test_every_folder_of_samples_is_one_of_these(self):
        known = set(FOLDERS) | {"synthea-csv", "us-core-9-invariants"}  # No FHIR; read by client.import.
        self.assertEqual({p.name for p in SAMPLES.iterdir() if p.is_dir()} - known, set())


if __name__ == "__main__":
    if not SAMPLES.is_dir():
        print("the reference folder is not here: skipped", file=sys.stderr)
        sys.exit(77)
    unittest.main()
