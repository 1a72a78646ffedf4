#!/usr/bin/env python3
"""Figures from a file of counts, without a node: as docs/equity.md shows it, and with mistakes."""
import csv
import io
import json
import pathlib
import re
import tempfile
import unittest

from program import ROOT, run

HEADER = "measure,period,organisation,dimension,stratum,numerator,denominator"


class Inequality(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-equity-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    def figures(self, text, *args):
        path = self.home / "counts.csv"
        path.write_text(text, encoding="utf-8")
        return run("equity", "inequality", "--input", path, *args, home=self.home)

    def example(self):
        """The first block of the page that is a file of counts."""
        page = (ROOT / "docs/equity.md").read_text(encoding="utf-8")
        return re.search(r"```\n(measure,.*?)```", page, re.S).group(1)

    def test_the_example_of_the_page_works_and_hides_what_is_hidden(self):
        code, out, err = self.figures(self.example(), "--reference", "White")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("2 organisations pooled", out)
        self.assertIn("White (reference)", out)
        self.assertIn("31 to 40", out)  # 30 and 1 to 10.
        code, out, err = self.figures(self.example(), "-o", "json")
        self.assertEqual((code, err), (0, ""))
        (one,) = json.loads(out)
        groups = {group["group"]: group for group in one["groups"]}
        self.assertIsNone(groups["Black or African American"]["rate"]["value"])
        self.assertAlmostEqual(groups["White"]["rate"]["value"], 410 / 700)
        self.assertIsNone(one["inequality"]["bgv"]["value"])
        self.assertLess(one["inequality"]["bgv"]["bounds"]["lower"], one["inequality"]["bgv"]["bounds"]["upper"])
        code, out, err = self.figures(self.example(), "-o", "csv")
        self.assertEqual((code, err), (0, ""))
        rows = list(csv.DictReader(io.StringIO(out)))
        (share,) = [row for row in rows if row["figure"] == "share_no_answer"]
        self.assertAlmostEqual(float(share["value"]), 80 / 1020)
        self.assertTrue(all(row["value"] == "" for row in rows if row["figure"] == "theil"))

    def test_two_periods_show_the_change(self):
        text = HEADER + "".join(f"\nCOL,{year},p,sex,{sex},{x},100" for year, sex, x in
                                (("MY1", "F", 60), ("MY1", "M", 40), ("MY2", "F", 62), ("MY2", "M", 50)))
        code, out, err = self.figures(text, "--from", "MY1", "--to", "MY2", "-o", "json")
        self.assertEqual((code, err), (0, ""))
        group = [group for group in json.loads(out)[1]["groups"] if group["group"] == "M"][0]
        self.assertAlmostEqual(group["change"]["difference_in_differences"]["value"], -0.08)

    def test_mistakes_are_told_with_their_place_and_the_remedy(self):
        good = "\nCOL,1,p,sex,F,5,10\nCOL,1,p,sex,M,6,10\n"
        for text, said, args, code in (
                (HEADER.replace("numerator", "numerater", 1) + good, "did you mean numerator?", (), 65),
                (HEADER + good + "COL,1,p,sex,X,many,10\n", "line 4, column 6 (numerator)", (), 65),
                (HEADER + "\nCOL,1,p,race,White,5,10\n", "omb_1997", (), 65),
                (HEADER + good.replace("COL", "NEW"), "--better", (), 65),
                (HEADER + "\nCOL,1,p,,,5,10\n", "totals only", (), 65),
                (HEADER + good, "cannot be the reference", ("--reference", "Z"), 65),
                (HEADER + good, "no counts of the period", ("--from", "0", "--to", "1"), 65),
                (HEADER + good, "go together", ("--from", "1"), 64),
                (HEADER + good, "--interval is one of", ("--interval", "best"), 64),
                (HEADER + good, "0.95", ("--level", "95"), 65)):
            got, out, err = self.figures(text, *args)
            self.assertEqual((got, out), (code, ""), err)
            self.assertIn(said, err)
        code, out, err = run("equity", "inequality", "--input", "nowhere.csv", home=self.home)
        self.assertEqual((code, out), (65, ""))
        self.assertIn("nowhere.csv", err)
        code, out, err = run("equity", "inequality", home=self.home)
        self.assertEqual((code, out), (64, ""))


if __name__ == "__main__":
    unittest.main()
