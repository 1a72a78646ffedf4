#!/usr/bin/env python3
"""equinode privacy: suppress, audit and cost, from files, as a publisher uses them (docs/suppression.md)."""
import json
import os
import pathlib
import tempfile
import unittest

from program import ROOT, run

REFERENCE = pathlib.Path(os.environ.get("EQUINODE_REFERENCE_DIR", ROOT / "../shared/reference")) / "privacy"

# Two ways; one inner count is small.
TABLE = {
    "id": "race-by-need",
    "cells": {"A|y": 4, "A|n": 40, "B|y": 25, "B|n": 33, "C|y": 60, "C|n": 71,
              "A": 44, "B": 58, "C": 131, "y": 89, "n": 144, "all": 233},
    "equations": [{"total": r, "parts": [r + "|y", r + "|n"]} for r in "ABC"] +
                 [{"total": c, "parts": [r + "|" + c for r in "ABC"]} for c in "yn"] +
                 [{"total": "all", "parts": ["A", "B", "C"]}, {"total": "all", "parts": ["y", "n"]}],
    "never_suppressed": ["A", "B", "C", "y", "n", "all"],
}


class Privacy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-privacy-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    def write(self, name, what):
        path = self.home / name
        path.write_text(what if isinstance(what, str) else json.dumps(what), encoding="utf-8")
        return path

    def privacy(self, code, *args):
        got, out, err = run("privacy", *args, home=self.home)
        self.assertEqual(got, code, f"{args}: {err}")
        return out, err

    def refused(self, code, said, *args):
        out, err = self.privacy(code, *args)
        self.assertEqual(out, "", args)
        self.assertIn(said, err)
        return err


class Suppress(Privacy):
    def test_a_small_count_is_hidden_with_three_others_and_the_audit_agrees(self):
        family = self.write("family.json", TABLE)
        out, err = self.privacy(0, "suppress", "--input", family, "-o", "json")
        found = json.loads(out)
        self.assertEqual(found["primary"], ["A|y"])
        self.assertEqual(len(found["complementary"]), 3)
        # What may be printed has one mark and no small number in it.
        self.assertEqual(set(found["published"]), set(TABLE["cells"]))
        marked = {cell for cell, count in found["published"].items() if count is None}
        self.assertEqual(marked, set(found["suppressed"]))
        self.assertFalse([c for c in found["published"].values() if c is not None and 1 <= c <= 10])
        self.assertIn("12 cells, 1 small, 3 hidden beside them", err)

        pattern = self.write("pattern.json", out)
        out, err = self.privacy(0, "audit", "--input", family, "--pattern", pattern, "-o", "json")
        audit = json.loads(out)["patterns"][0]
        self.assertEqual((audit["verdict"], audit["safe_label"], audit["recovered"], audit["unproven"]),
                         ("safe", True, {}, []))
        low, high = audit["feasible_integer"]["A|y"]
        self.assertTrue(low <= 1 and high >= 10, audit)
        # Twice the same.
        self.assertEqual(self.privacy(0, "suppress", "--input", family, "-o", "json")[0], pattern.read_text())
        # For people and for spreadsheets.
        for form in ("table", "csv"):
            out, _ = self.privacy(0, "suppress", "--input", family, "-o", form)
            self.assertIn("protects another", out)

    def test_a_pattern_that_gives_the_count_away_ends_with_1(self):
        family = self.write("family.json", TABLE)
        for pattern in (["A|y"], ["A|y", "B|y"], {"suppressed": ["A|y", "A|n"]}):
            out, err = self.privacy(1, "audit", "--input", family, "--pattern", self.write("p.json", pattern), "-o", "json")
            audit = json.loads(out)["patterns"][0]
            self.assertEqual((audit["verdict"], audit["feasible_integer"]["A|y"]), ("unsafe", [4, 4]))
            self.assertEqual(audit["recovered"]["A|y"], 4)
            self.assertIn("unsafe", err)
        # Nothing hidden at all: the small count is simply printed.
        self.privacy(1, "audit", "--input", family, "--pattern", self.write("p.json", []))

    def test_level_exact_asks_for_less(self):
        family = self.write("family.json", {"cells": {"a": 3, "b": 2, "c": 30, "ab": 5, "all": 35},
                                            "equations": [{"total": "ab", "parts": ["a", "b"]},
                                                          {"total": "all", "parts": ["ab", "c"]}],
                                            "patterns": [{"name": "both", "suppressed": ["a", "b", "ab", "c"]},
                                                         {"name": "parts", "suppressed": ["a", "b"]}]})
        # "parts" prints ab, which is small: unsafe at either. "both" leaves ab at least 2: enough for exact only.
        out, _ = self.privacy(1, "audit", "--input", family, "-o", "json")
        self.assertEqual([(p["safe_exact"], p["safe_label"]) for p in json.loads(out)["patterns"]],
                         [(True, False), (False, False)])

    def test_a_rate_tells_both_counts_and_is_not_printed(self):
        family = self.write("family.json", {"cells": {"met": 49, "not": 6, "d": 55},
                                            "equations": [{"total": "d", "parts": ["met", "not"]}],
                                            "rates": [{"num": "met", "den": "d", "percent": "89.1"}]})
        found = json.loads(self.privacy(0, "suppress", "--input", family, "-o", "json")[0])
        self.assertEqual(found["rates"][0]["percent"], None)
        self.assertEqual(found["rates"][0]["mark"], "hidden")

    def test_detail_is_given_up_before_a_table(self):
        family = self.write("family.json", {
            "cells": {"a1": 1, "a2": 1, "a": 2, "b": 40, "all": 42},
            "equations": [{"total": "a", "parts": ["a1", "a2"]}, {"total": "all", "parts": ["a", "b"]}],
            "never_suppressed": ["all"],
            "coarsenings": [{"name": "a as one", "drops": ["a1", "a2"], "shows": []}]})
        out, err = self.privacy(0, "suppress", "--input", family, "-o", "json")
        found = json.loads(out)
        self.assertEqual((found["safe"], found["coarsened"], found["dropped"]), (True, ["a as one"], ["a1", "a2"]))
        self.assertIn("given up: a as one", err)

    def test_what_was_printed_before_cannot_be_mended(self):
        family = self.write("family.json", {"cells": {"a": 4, "b": 30, "all": 34},
                                            "equations": [{"total": "all", "parts": ["a", "b"]}],
                                            "published_before": ["b", "all"]})
        out, err = self.privacy(1, "suppress", "--input", family, "-o", "json")
        self.assertFalse(json.loads(out)["safe"])
        self.assertIn("NOT SAFE", err)

    def test_every_reference_case(self):
        files = sorted(REFERENCE.glob("suppression*.json"))
        if not files:
            self.skipTest("no reference folder")
        intervals = 0
        for path in files:
            stated = json.loads(path.read_text())
            unsafe = any(not p["safe_label"] for c in stated["cases"] for p in c["patterns"])
            out, _ = self.privacy(1 if unsafe else 0, "audit", "--input", path, "-o", "json")
            for case, ours in zip(stated["cases"], json.loads(out)["cases"], strict=True):
                for pattern, audit in zip(case["patterns"], ours["patterns"], strict=True):
                    where = (case["id"], pattern["name"])
                    self.assertEqual(audit["safe_label"], pattern["safe_label"], where)
                    self.assertEqual(audit["safe_exact"], pattern["safe_exact"], where)
                    if "feasible_integer" not in pattern:
                        continue
                    for cell, interval in pattern["feasible_integer"].items():
                        self.assertEqual(audit["feasible_integer"][cell], interval, where)
                        intervals += 1
            out, _ = self.privacy(0, "suppress", "--input", path, "-o", "json")
            for case, ours in zip(stated["cases"], json.loads(out)["cases"], strict=True):
                self.assertTrue(ours["safe"])
                self.assertEqual(sorted(ours["primary"]), sorted(case["primary"]))
                if case.get("fewest_complementary_label") is not None:
                    self.assertGreaterEqual(len(ours["complementary"]), case["fewest_complementary_label"], case["id"])
        print(f"{len(files)} files, {intervals} intervals", flush=True)


class WrongInput(Privacy):
    def test_it_is_refused_with_its_place(self):
        good = self.write("good.json", TABLE)
        for text, said in (
                ('{"cells": {"a": 1},\n "equations": [}', "line 2, column 16"),
                ('{"cells": {"a": 1}', "BAD_FAMILY"),
                ("", "BAD_FAMILY"),
                ("[]", "cells"),
                ('{"cells": {"a": 1, "a": 2}}', "'a' comes twice"),
                ('{"cells": {"a": -1}}', "from 0"),
                ('{"cells": {"a": 1e3}}', "cells.a: write a whole number"),
                ('{"cells": {"a": 1}, "equations": [{"total": "a", "parts": ["b"]}]}', "equations[0].parts[0]"),
                ('{"cells": {"a": 5, "b": 4}, "equations": [{"total": "a", "parts": ["b"]}]}', "do not add up"),
                ('{"cells": {"a": 5}, "never_supressed": ["a"]}', 'write "never_suppressed"'),
                ('{"cells": {"a": 5}, "zeros_always_published": "no"}', "is true or false"),
                ('{"cases": [{"cells": {"a": 1}}, {"cells": {"a": true}}]}', "cases[1].cells.a")):
            path = self.write("bad.json", text)
            for command in ("suppress", "audit"):
                self.refused(65, said, command, "--input", path)
        self.refused(65, "NO_SUCH_FILE", "suppress", "--input", self.home / "none.json")
        self.refused(65, "NO_SUCH_FILE", "audit", "--input", good, "--pattern", self.home / "none.json")
        self.refused(65, "there is no cell 'Z'", "audit", "--input", good, "--pattern", self.write("p.json", ["Z"]))
        self.refused(65, "line 1", "audit", "--input", good, "--pattern", self.write("p.json", '["A|y",'))

    def test_a_wrong_command_line_ends_with_64(self):
        good = self.write("good.json", TABLE)
        self.refused(64, "--input", "suppress")
        self.refused(64, "--level", "suppress", "--input", good, "--level", "some")
        self.refused(64, "--least-denominator", "suppress", "--input", good, "--least-denominator", "0")
        self.refused(64, "there is no pattern to audit", "audit", "--input", good)
        self.refused(64, "a file of one family", "audit", "--input", self.write("l.json", {"cases": [TABLE]}),
                     "--pattern", self.write("p.json", []))

    def test_notes_of_others_are_named_and_let_pass(self):
        _, err = self.privacy(0, "suppress", "--input", self.write("n.json", {**TABLE, "colour": "red"}))
        self.assertIn('note: "colour" is not read', err)


class Cost(Privacy):
    DEFINITION = {"name": "d", "version": 1, "period_start": "2025-01-01", "period_end": "2025-12-31",
                  "tables": [{"id": "race", "stratifier": "race_omb1997", "measures": ["population"]},
                             {"id": "sex", "stratifier": "sex", "measures": ["population"]}]}

    def rows(self, counts):
        rows = [{"measure": "population", "stratum": s, "denominator": n, "numerator": None} for s, n in counts.items()]
        return rows + [{"measure": "population", "stratum": "", "denominator": sum(counts.values()), "numerator": None}]

    def cost(self, *args):
        definition = self.write("d.json", self.DEFINITION)
        race = self.write("race.json", self.rows({"white": 400, "black": 70, "aian": 4, "asian": 26}))
        sex = self.write("sex.json", self.rows({"female": 260, "male": 240}))
        return self.privacy(0, "cost", definition, "--counts", f"race_omb1997={race}", "--counts", f"sex={sex}", *args)

    def test_what_is_hidden_and_what_noise_would_cost(self):
        out, err = self.cost("-o", "json")
        race, sex = json.loads(out)
        self.assertEqual((race["small"], race["hidden_beside"], sex["small"], sex["hidden_beside"]), (1, 1, 0, 0))
        # Two tables for 0.05: sigma^2 = 2 * 2 / (2 * 0.05) = 40, each costs half of it.
        self.assertEqual((race["noise_rho"], sex["noise_rho"]), ("0.025", "0.025"))
        self.assertIn("rho 0.05 together, 0.025 each; that is epsilon ", err)
        self.assertIn("sigma^2 40 on every count, standard deviation 6.32", err)
        self.assertEqual((race["noise_drowns"], sex["noise_drowns"]), (1, 0))  # 4 is under 12.65.
        self.assertIn("nothing was released", err)

    def test_less_rho_and_more_parties_are_more_noise(self):
        out, err = self.cost("--rho", "0.001", "--sources", "2", "-o", "json")
        self.assertIn("sigma^2 2000 on every count, standard deviation 63.25 from 2 parties", err)
        self.assertEqual([row["noise_drowns"] for row in json.loads(out)], [3, 0])  # 4, 26 and 70 are under 126.5.

    def test_what_is_wrong_is_said(self):
        definition = self.write("d.json", self.DEFINITION)
        race = self.write("race.json", self.rows({"white": 400}))
        given = ["--counts", f"race_omb1997={race}"]
        self.refused(65, "no counts of population by sex", "cost", definition, *given)
        self.refused(64, "STRATIFIER=FILE", "cost", definition, "--counts", "x=y")
        for rho in ("0", "-1", "much"):
            self.refused(64, "--rho", "cost", definition, *given, "--counts", f"sex={race}", "--rho", rho)
        self.refused(64, "--sources", "cost", definition, *given, "--sources", "0")
        self.refused(65, "NO_SUCH_FILE", "cost", definition, "--counts", "sex=none.json")
        self.refused(65, "NO_SUCH_FILE", "cost", self.home / "none.json", *given)
        self.refused(65, '"denominator" is a whole number', "cost", definition, "--counts",
                     "sex=" + str(self.write("s.json", [{"measure": "population", "stratum": "f", "denominator": -1}])))


if __name__ == "__main__":
    unittest.main()
