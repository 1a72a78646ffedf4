#!/usr/bin/env python3
"""Figures from a file of counts, without a node: as docs/equity.md shows it, and with mistakes."""
import csv
import io
import json
import pathlib
import re
import shlex
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


class Programmes(unittest.TestCase):
    HEADER = "measure,period,organisation,frame,dimension,stratum,numerator,denominator\n"
    COUNTS = (HEADER + "COL,2023,p,ncqa_hedis,race,White,380,1000\nCOL,2023,p,ncqa_hedis,race,Asian,390,1000\n"
              "COL,2023,p,ncqa_hedis,race,Unknown,20,100\nCOL,2023,p,,,,800,2150\n")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-programmes-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    def file(self, name, text):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return path

    def score(self, programme, text, *args):
        return run("equity", "score", programme, "--input", self.file("counts.csv", text), *args, home=self.home)

    def test_the_list_has_all_forty_and_what_each_is(self):
        code, out, err = run("equity", "list", "-o", "csv", home=self.home)
        self.assertEqual(code, 0)
        self.assertIn("40 of 40 systems", err)
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual(len({row["programme"] for row in rows}), 40)
        kinds = {row["what"].split(",")[0] for row in rows}
        self.assertEqual(kinds, {"computed", "checklist", "no formula in the source"})
        self.assertTrue(all(row["name"] and row["owner"] and row["version"] for row in rows))

    def test_every_programme_explains_itself(self):
        _, out, _ = run("equity", "list", "-o", "csv", home=self.home)
        for row in csv.DictReader(io.StringIO(out)):
            code, text, err = run("equity", "explain", row["programme"], home=self.home)
            self.assertEqual((code, err), (0, ""))
            self.assertTrue(text.startswith(row["programme"] + ": "))
            self.assertLessEqual(max(len(line) for line in text.splitlines()), 120, row["programme"])
        _, words, _ = run("equity", "explain", "nc_withhold", home=self.home)
        for said in ("[8, 10) -> 80", "[10, ...) -> 100", "below 2 -> 0", "edges", "9.99", "exact (default)",
                     "--benchmarks", "African American"):
            self.assertIn(said, words)
        self.assertNotIn("rate.previous", words)
        _, rules, _ = run("equity", "explain", "nc_withhold", "--rules", home=self.home)
        self.assertIn("rate.previous", rules)
        code, text, _ = run("equity", "explain", "nc_withhold", "-o", "json", home=self.home)
        self.assertEqual(json.loads(text)["readings"][0]["default"], "exact")

    def test_a_score_says_how_good_its_data_are_in_every_format(self):
        benchmarks = self.file("b.csv", "measure,name,value\nCOL,p50,38.07\n")
        code, out, err = self.score("ca_dmhc_heqms", self.COUNTS, "--benchmarks", benchmarks)
        self.assertEqual(code, 0, err)
        for said in ("in_groups", "if unknowns", "93.0%", "4.7%", "2.3%", "data behind the figures",
                     "1 more numerator hit: meets_minimum yes"):
            self.assertIn(said, out)
        code, out, _ = self.score("ca_dmhc_heqms", self.COUNTS, "--benchmarks", benchmarks, "-o", "csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertTrue(rows and all(abs(float(row["in_groups"]) - 2000 / 2150) < 1e-9 for row in rows))
        (asian,) = [row for row in rows if (row["group"], row["figure"]) == ("Asian", "rate_pct")]
        self.assertAlmostEqual(float(asian["if_unknowns_worst"]), 390 / 1080)
        self.assertAlmostEqual(float(asian["if_unknowns_best"]), 410 / 1020)
        self.assertEqual(asian["version"], "2024-11.2")
        self.assertIn("rounding=two_decimals", asian["readings"])
        code, out, _ = self.score("ca_dmhc_heqms", self.COUNTS, "--benchmarks", benchmarks, "-o", "json")
        (group,) = [row for row in json.loads(out)["rows"] if row.get("group") == "Asian"]
        self.assertAlmostEqual(group["data_quality"][0]["no_answer"]["value"], 100 / 2150)
        self.assertAlmostEqual(group["data_quality"][0]["outside"]["value"], 50 / 2150)
        self.assertEqual(group["figures"]["meets_minimum"]["if_unknowns"], {"lower": False, "upper": True})
        code, out, _ = self.score("ca_dmhc_heqms", self.COUNTS, "--benchmarks", benchmarks, "--wide")
        self.assertRegex(out, r"p +COL +Asian .* own 2023 390/1000")

    def test_hidden_and_noised_counts_give_ranges(self):
        header = self.HEADER.strip() + ",numerator_lower,numerator_upper,numerator_noise_variance\n"
        hidden = (header + "CBP,2020,ca,california,race,White,540,1000,,,\n"
                  "CBP,2020,ca,california,race,Asian,,20,1,10,\nCBP,2020,ca,california,race,Other,300,600,,,16\n")
        benchmarks = self.file("b.csv", "measure,name,value\nCBP,benchmark,55\n")
        code, out, err = self.score("ca_hsag_disparity", hidden, "--benchmarks", benchmarks, "-o", "json")
        self.assertEqual(code, 0, err)
        rows = {row.get("group"): row for row in json.loads(out)["rows"]}
        rate = rows["Asian"]["figures"]["rate"]
        self.assertEqual((rate["value"], rate["upper"]), (0.05, 0.5))
        self.assertTrue(rows["Asian"]["bounded"])
        rate = rows["Other"]["figures"]["rate"]
        self.assertTrue(rate["value"] < 0.5 < rate["upper"])
        self.assertTrue(rows["Other"]["noised"])
        total = rows[None]["figures"]["disparities"]  # The first row without a group is the measure's.
        self.assertNotEqual(total["value"], total.get("upper", total["value"]))

    def test_mistakes_are_told_with_their_place_and_the_remedy(self):
        bad_value = self.file("v.csv", "measure,name,value\nCOL,p50,many\n")
        bad_name = self.file("n.csv", "measure,name,value\nCOL,p90,40\n")
        for programme, text, args, said, want in (
                ("ca_dmhc_heqms", self.COUNTS.replace("numerator", "numerater", 1), (), "line 1, column 7: there is no column", 65),
                ("ca_dmhc_heqms", self.COUNTS.replace("390", "many"), (), "line 3, column 7 (numerator)", 65),
                ("ca_dmhc_heqms", self.COUNTS.replace("ncqa_hedis", "omb_2024"), (), "Count the people anew", 65),
                ("ca_dmhc_heqms", self.COUNTS, ("--benchmarks", bad_value), "line 2, column 3 (value)", 65),
                ("ca_dmhc_heqms", self.COUNTS, ("--benchmarks", bad_name), "it asks for p50", 65),
                ("ca_dmhc_heqms", self.COUNTS, ("--reading", "rounding=up"), "no option 'up': two_decimals none", 65),
                ("ca_dmhc_heqms", self.COUNTS, ("--reading", "round=none"), "it has: rounding stratified", 65),
                ("ca_dmhc_heqms", self.COUNTS, ("--reading", "rounding"), "NAME=VALUE", 64),
                ("ca_dmhc", self.COUNTS, (), "perhaps ca_dmhc_heqms", 1)):
            got, out, err = self.score(programme, text, *args)
            self.assertEqual((got, out), (want, ""), err)
            self.assertIn(said, err)
        code, out, err = self.score("ca_dmhc_heqms", "a,b\n1,2\n")
        self.assertEqual((code, out), (65, ""))
        self.assertIn("needed are measure, period, organisation, dimension, stratum, numerator, denominator", err)
        code, out, err = self.score("mn_disparity", self.HEADER + "XYZ,2023,p,minnesota,race,Black,1,2\n")
        self.assertEqual(code, 0)
        self.assertIn("nothing in the files is of this programme: equinode equity explain mn_disparity", err)
        code, out, err = self.score("ca_dmhc_heqms", self.COUNTS)
        self.assertEqual(code, 0)
        self.assertNotIn("nothing in the files", err)
        self.assertIn("benchmark 'p50' is missing for: COL", err)
        self.assertIn("no_benchmark_p50", out)


class Pages(unittest.TestCase):
    """What the pages tell to save and to run, as pasted, in one folder; and what they say it prints."""

    def follow(self, page):
        text = (ROOT / page).read_text(encoding="utf-8")
        said = []
        with tempfile.TemporaryDirectory(prefix="equinode-page-") as folder:
            home = pathlib.Path(folder)
            for block in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M):
                kind, body = block.groups()
                if body.startswith(("measure,", "organisation,")) and not kind:
                    name = re.findall(r"`([\w.-]+\.csv)`", text[:block.start()])[-1]
                    (home / name).write_text(body, encoding="utf-8")
                elif kind == "console" and "equinode equity" in body:
                    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.M):
                        said.append((command, self.runs(command, home), shown))
            # Commands within a sentence that name nothing to be filled in.
            for command in re.findall(r"`(equinode equity [^`]*)`", re.sub(r"```.*?```", "", text, flags=re.S)):
                if not re.search(r"\.\.\.|[A-Z]{3}", command):
                    self.runs(command, home)
        return said

    def runs(self, command, home):
        program, *words = shlex.split(command)
        self.assertEqual(program, "equinode", command)
        code, out, err = run(*words, home=home)
        self.assertEqual(code, 0, f"{command}\n{err}")
        return out + err

    def check(self, page, least):
        said = self.follow(page)
        self.assertGreaterEqual(len(said), least, page)
        for command, got, shown in said:
            with self.subTest(page=page, command=command):
                self.assertTrue(shown.strip(), "the page says what it prints")
                # A line of three points stands for any lines.
                parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.M)]
                tidy = re.sub(r"[ ]+$", "", got, flags=re.M)
                self.assertRegex(tidy, r"\A" + r"(?s:.*?)".join(parts) + r"\Z")
                if "-o csv" not in command:
                    self.assertLessEqual(max(len(line) for line in got.splitlines()), 120)

    def test_the_page_of_the_figures(self):
        self.check("docs/equity.md", 4)

    def test_the_readme(self):
        self.check("README.md", 1)


if __name__ == "__main__":
    unittest.main()
