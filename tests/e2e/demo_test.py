#!/usr/bin/env python3
"""The demo, whole: six processes, one released report, equal to a recount that uses none of our code."""
import contextlib
import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from program import EQUINODE, EQUINODED, ROOT, run

RECOUNT = ROOT / "tests/e2e/recount.py"


def processes_of(folder):
    """Command lines of running programs that name the folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(folder) in line and "equinoded" in line:
                found.append(line)
    return found


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="equinode-e2e-")
        self.addCleanup(self.folder.cleanup)
        self.home = pathlib.Path(self.folder.name)

    def demo(self, *args):
        keep = self.home / "kept"
        begun = time.monotonic()
        code, out, err = run("-o", "json", "demo", "--keep", keep, "--once", *args, home=self.home, timeout=280)
        self.assertEqual(code, 0, err)
        self.assertEqual(processes_of(keep), [])
        return keep, json.loads(out), err, time.monotonic() - begun

    def test_the_hub_s_table_equals_the_recount(self):
        keep, account, err, spent = self.demo("--seed", "20")
        self.assertLess(spent, 60 if "EQUINODE_SLOW" not in os.environ else 280, err)
        self.assertTrue(account["clean_stop"])
        release = self.home / "release.json"
        release.write_text(json.dumps(account["release"]))
        checked = subprocess.run(["python3", str(RECOUNT), "check", str(keep / "data"), str(keep / "report.json"),
                                  str(release)], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        # Not an empty victory: three practices answered, and most of the cells of large groups are shown.
        # All who have people of their own: the QHIO says that it only carries records of others.
        practices = {uri for uri in account["release"]["answered"] if "/practice/" in uri}
        self.assertEqual(len(practices), 3)
        self.assertEqual(account["release"]["refused"], [])
        self.assertEqual([uri for uri in account["release"]["relays"] if "/qhio/" not in uri], [])
        self.assertEqual(len(account["release"]["relays"]), 1)
        self.assertEqual(account["release"]["silent"], [])
        self.assertGreater(int(checked.stdout.split()[0]), 60, checked.stdout)
        # Every line that the manifest says is to be refused was refused, and no other.
        manifest = json.loads((keep / "data/manifest.json").read_text())
        for practice in manifest["practices"]:
            self.assertEqual(account["imports"][practice["name"]]["refused"], practice["lines_to_be_refused"],
                             (practice["name"], practice["refused"],
                              account["imports"][practice["name"]]["refused_by_reason"]))
            self.assertEqual(account["imports"][practice["name"]]["conflicts"],
                             practice["kept"].get("ethnicity code in the race slot", 0))
        # Everything is the owner's alone.
        self.assertEqual(keep.stat().st_mode & 0o077, 0)
        # The stores are encrypted: no family name of the files stands in them.
        for path in (keep / "nodes").rglob("*"):
            if path.is_file() and "data" in path.parts:
                self.assertNotIn(b"Escobedo", path.read_bytes(), path)
        self.a_copy_of_the_audit_log_is_verified_anywhere(keep / "nodes/elm-street")
        self.a_kept_node_comes_back(keep, "elm-street")

    def a_copy_of_the_audit_log_is_verified_anywhere(self, node):
        copy = self.home / "elsewhere/data"
        shutil.copytree(node / "data", copy)

        def verify(*args):
            done = subprocess.run([str(EQUINODED), "audit", "verify", "--data", str(copy), *map(str, args)],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

        code, said = verify()
        self.assertEqual(code, 78, said)
        self.assertIn("--config FILE", said)
        for ways in (("--config", node / "node.toml"),
                     ("--key-file", node / "database.key", "--anchor", node / "audit-anchor")):
            code, said = verify(*ways)
            self.assertEqual(code, 0, said)
            self.assertIn("good: entries", said)
        # What is not there is not made.
        (copy / "equinode.db").unlink()
        code, said = verify("--config", node / "node.toml")
        self.assertEqual(code, 78, said)
        self.assertIn("NO_DATABASE", said)
        self.assertFalse((copy / "equinode.db").exists())

    @contextlib.contextmanager
    def running(self, keep, name):
        """A kept node, started again; the options that name it."""
        node = subprocess.Popen([str(EQUINODED), "run", "--config", str(keep / "nodes" / name / "node.toml")],
                                stderr=subprocess.DEVNULL)
        context = ("--context", keep / "contexts" / f"{name}.toml")
        try:
            end = time.monotonic() + 60
            code, err = 1, ""
            while code != 0 and time.monotonic() < end:
                code, _, err = run(*context, "health", home=self.home)
            self.assertEqual(code, 0, err)
            yield context
        finally:
            node.terminate()
            self.assertEqual(node.wait(timeout=60), 0)

    def a_kept_node_comes_back(self, keep, name):
        with self.running(keep, name) as context:
            code, out, err = run(*context, "-o", "csv", "person", "list", "--most", "1", home=self.home)
            self.assertEqual(code, 0, err)
            code, out, err = run(*context, "person", "show", out.splitlines()[1], home=self.home)
            self.assertEqual(code, 0, err)
            for word in ("name", "birth_date", "identifiers", "address", "race"):
                self.assertRegex(out, rf"(?m)^{word}\s")

    def test_the_same_seed_tells_the_same_story(self):
        keep, account, _, _ = self.demo("--seed", "7", "--people", "2500")
        care = account["care"]
        funnel = {step["step"]: step["people"] for step in care["funnel"]}
        print(funnel, care["z_code_gap"])
        self.assertGreater(funnel["screened"], funnel["positive"])
        self.assertGreater(funnel["positive"], funnel["with a signed-off Z code on an encounter"])
        figures = self.counted_at_the_nodes(keep)
        print(figures)
        self.assertEqual({name: care[name] for name in figures if name in care}, {
            name: count for name, count in figures.items() if name in care})
        for name in ("referrals", "to_an_organisation_without_a_node", "kept_back_on_the_way", "no_shows",
                     "cancellations_that_an_outcome_beat", "cancellations_that_came_first", "consents_taken_back_later",
                     "loops_closed"):
            self.assertGreater(care[name], 0, name)
            self.assertIn(name, figures)
        self.assertEqual(care["refused_without_consent"], care["kept_back_on_the_way"])
        for step, name in (("referred", "referrals"), ("accepted", "accepted"),
                           ("closed: served, with evidence", "served-with-evidence"),
                           ("closed: served, as reported", "served-as-reported"),
                           ("closed: not served, with a reason", "unmet"), ("closed: lost", "lost")):
            self.assertEqual(funnel[step], figures[name], step)
        gap = care["z_code_gap"]
        self.assertEqual(gap["gap"], gap["positive"] - gap["coded"])
        self.assertEqual(self.recounted_funnel(keep / "data"), funnel)
        shutil.rmtree(keep)
        _, again, _, _ = self.demo("--seed", "7", "--people", "2500")
        self.assertEqual(again["care"], care)
        self.assertEqual(again["release"]["tables"], account["release"]["tables"])

    def counted_at_the_nodes(self, keep):
        """What became of the referrals, as the practices' own nodes tell it when they are started again."""
        counts = dict.fromkeys((
            "referrals", "to_an_organisation_without_a_node", "kept_back_on_the_way", "no_shows",
            "cancellations_that_an_outcome_beat", "cancellations_that_came_first", "consents_taken_back_later",
            "loops_closed", "accepted", "served-with-evidence", "served-as-reported", "unmet", "lost"), 0)
        with open(keep / "data/referrals.csv", encoding="utf-8", newline="") as file:
            names = sorted({row["practice"] for row in csv.DictReader(file)})
        self.assertEqual(len(names), 3)
        for name in names:
            with self.running(keep, name) as context:
                ask = lambda *args: json.loads(run(*context, "-o", "json", "referral", *args, home=self.home)[1])
                for row in ask("outbox"):
                    shown = ask("show", row["id"])
                    one, history = shown["referral"], shown["history"]
                    happened = [(each["event"], each["role"]) for each in history]
                    if ("receive", "target-node") not in happened:
                        counts["kept_back_on_the_way"] += 1
                        continue
                    counts["referrals"] += 1
                    counts["to_an_organisation_without_a_node"] += one["owner"] != one["target_node"]
                    counts["no_shows"] += happened.count(("no-show", "target"))
                    counts["accepted"] += ("accept", "target") in happened
                    counts["loops_closed"] += one.get("loop_closed", False)
                    if one.get("loop_closed"):
                        counts[one["grade"]] += 1
                    counts["cancellations_that_came_first"] += one.get("reason") == "requester-withdrew"
                    counts["consents_taken_back_later"] += one.get("reason") == "consent-revoked"
                # All that were asked for but those that came first.
                code, out, _ = run(*context, "-o", "json", "audit", "list", "--most", 1_000_000, home=self.home)
                counts["cancellations_that_an_outcome_beat"] += sum(
                    one["subject"] == "referral cancel" and one["outcome"] == "OK" for one in json.loads(out))
        counts["cancellations_that_an_outcome_beat"] -= counts["cancellations_that_came_first"]
        return counts

    def recounted_funnel(self, data):
        """The practices' own exact counts again, from the files: answers, codes, and what the demo did to each referral."""
        steps = {"people": ("screened.food-insecurity", 0), "screened": ("screened.food-insecurity", 1),
                 "positive": ("positive.food-insecurity", 1),
                 "with a signed-off Z code on an encounter": ("coded.food-insecurity", 1),
                 "referred": ("referred.food-insecurity", 1), "accepted": ("accepted.food-insecurity", 1),
                 "closed: served, with evidence": ("closed.food-insecurity.evidence", 1),
                 "closed: served, as reported": ("closed.food-insecurity.reported", 1),
                 "closed: not served, with a reason": ("closed.food-insecurity.unmet", 1),
                 "closed: lost": ("closed.food-insecurity.lost", 1)}
        report = self.home / "funnel.json"
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
        measures = sorted({measure for measure, _ in steps.values()})
        report.write_text(json.dumps({"period_start": "2025-01-01", "period_end": tomorrow, "measure_period": "",
                                      "tables": [{"id": "sex", "stratifier": "sex", "measures": measures}]}))
        counted = json.loads(subprocess.run(["python3", str(RECOUNT), "count", str(data), str(report)],
                                            capture_output=True, text=True, check=True).stdout)
        totals = {}
        for practice in counted.values():
            for table in practice["tables"]:
                for at, people in enumerate(table["cells"][""]):
                    totals[table["measure"], at] = totals.get((table["measure"], at), 0) + people
        return {step: totals[where] for step, where in steps.items()}

    def test_ctrl_c_leaves_no_process_and_no_folder_behind(self):
        before = set(pathlib.Path(tempfile.gettempdir()).glob("equinode-demo-*"))
        child = subprocess.Popen([str(EQUINODE), "demo"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        folder = None
        for line in child.stderr:
            made = set(pathlib.Path(tempfile.gettempdir()).glob("equinode-demo-*")) - before
            folder = next(iter(made), folder)
            if "started" in line:
                break
        self.assertIsNotNone(folder)
        self.assertTrue(processes_of(folder))
        child.send_signal(signal.SIGINT)
        rest = child.stderr.read()
        child.wait(timeout=60)
        self.assertEqual(child.returncode, 1, rest)
        self.assertIn("INTERRUPTED", rest)
        self.assertEqual(processes_of(folder), [])
        self.assertFalse(folder.exists())

    def test_a_killed_demo_takes_its_nodes_with_it(self):
        keep = self.home / "kept"
        child = subprocess.Popen([str(EQUINODE), "demo", "--keep", str(keep)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        for line in child.stderr:
            if "started" in line:
                break
        self.assertTrue(processes_of(keep))
        child.kill()
        child.wait(timeout=10)
        child.stderr.close()
        end = time.monotonic() + 10
        while processes_of(keep) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(processes_of(keep), [])

    def test_it_refuses_a_folder_that_is_not_empty(self):
        (self.home / "there").write_text("x")
        code, out, err = run("demo", "--keep", self.home, home=self.home)
        self.assertEqual((code, out), (65, ""))
        self.assertIn("OUT_NOT_EMPTY", err)


if __name__ == "__main__":
    unittest.main()
