#!/usr/bin/env python3
"""The recount itself: it must find a release that is wrong."""
import copy
import pathlib
import tempfile
import unittest

import recount

REPORT = {"tables": [{"id": "sex", "measures": ["population", "X"]}]}
COUNTS = {
    "a": {("sex", "population"): {"FEMALE": [40, 0], "MALE": [60, 0], "": [100, 0]},
          ("sex", "X"): {"FEMALE": [30, 15], "MALE": [4, 2], "": [34, 17]}},
    "b": {("sex", "population"): {"FEMALE": [50, 0], "MALE": [50, 0], "": [100, 0]},
          ("sex", "X"): {"FEMALE": [0, 0], "MALE": [0, 0], "": [0, 0]}},
}


def shown(count):
    return {"count": count, "hidden": False, "shown_sum": count, "nodes_hidden": 0}


def hidden(nodes, others):
    return {"count": None, "hidden": True, "shown_sum": others, "nodes_hidden": nodes}


def release():
    return {"answered": ["spiffe://n/practice/a", "spiffe://n/practice/b"], "tables": [
        {"table": "sex", "measure": "population", "cells": [
            {"stratum": "FEMALE", "denominator": shown(90), "numerator": None},
            {"stratum": "MALE", "denominator": shown(110), "numerator": None},
            {"stratum": "", "denominator": shown(200), "numerator": None}]},
        {"table": "sex", "measure": "X", "cells": [
            {"stratum": "FEMALE", "denominator": hidden(1, 0), "numerator": hidden(1, 0)},
            {"stratum": "MALE", "denominator": hidden(1, 0), "numerator": hidden(1, 0)},
            {"stratum": "", "denominator": shown(34), "numerator": shown(17)}]}]}


class Recount(unittest.TestCase):
    def problems(self, change=None):
        one = copy.deepcopy(release())
        if change:
            change(one["tables"])
        checker = recount.Checker(COUNTS, one)
        checker.run(REPORT)
        return checker.problems

    def test_a_right_release_passes(self):
        self.assertEqual(self.problems(), [])

    def test_it_finds_what_is_wrong(self):
        def cell(tables, table, at):
            return tables[table]["cells"][at]

        changes = {
            "a sum that is off by one": lambda t: cell(t, 0, 0)["denominator"].update(count=91),
            "a total that is off": lambda t: cell(t, 1, 2)["numerator"].update(count=18),
            "a small cell shown": lambda t: cell(t, 1, 1).update(denominator=shown(4)),
            "a small numerator shown": lambda t: cell(t, 1, 1).update(numerator=shown(2)),
            "a wrong sum of the others": lambda t: cell(t, 1, 0)["denominator"].update(shown_sum=5),
            "hidden by more nodes than there are": lambda t: cell(t, 1, 0)["denominator"].update(nodes_hidden=3),
            "hidden by nobody": lambda t: cell(t, 1, 0)["denominator"].update(nodes_hidden=0),
            "a zero hidden": lambda t: cell(t, 1, 0).update(denominator=hidden(2, 0)),
            "a hidden one with a count": lambda t: cell(t, 1, 0)["denominator"].update(count=30),
            "a stratum that is missing": lambda t: t[0]["cells"].pop(0),
            "a table that is missing": lambda t: t.pop(),
            "no numerator": lambda t: cell(t, 1, 2).update(numerator=None),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.problems(change), [])

    def test_it_finds_a_gate_that_hides_almost_everything(self):
        # One practice, one small count: beside it one other must be hidden, and ten are.
        strata = {f"S{i}": [20 + i, 0] for i in range(10)} | {"S0": [4, 0]}
        cells = strata | {"": [sum(d for d, _ in strata.values()), 0]}

        def problems(hide):
            table = [{"stratum": s, "denominator": hidden(1, 0) if s in hide else shown(d), "numerator": None}
                     for s, (d, _) in cells.items()]
            one = {"answered": ["spiffe://n/practice/a"],
                   "tables": [{"table": "sex", "measure": "population", "cells": table}]}
            checker = recount.Checker({"a": {("sex", "population"): cells}}, one)
            checker.run({"tables": [{"id": "sex", "measures": ["population"]}]})
            return checker.problems

        self.assertEqual(problems({"S0", "S1"}), [])
        self.assertEqual(problems({"S0", "S2"}), [])
        found = problems(set(strata))
        self.assertTrue(any("without need" in p for p in found), found)

    def test_a_withheld_table_is_one_of_too_few(self):
        def problems(people):
            one = {"answered": ["spiffe://n/practice/a"], "tables": [
                {"table": "sex", "measure": "population", "nodes_withheld": 1, "cells": [
                    {"stratum": "", "denominator": hidden(1, 0), "numerator": None}]}]}
            counts = {"a": {("sex", "population"): {"MALE": [people, 0], "FEMALE": [0, 0], "": [people, 0]}}}
            checker = recount.Checker(counts, one)
            checker.run({"tables": [{"id": "sex", "measures": ["population"]}]})
            return [p for p in checker.problems if "without a reason" in p]

        self.assertEqual(problems(5), [])
        self.assertNotEqual(problems(60), [])

    def test_a_table_whose_rest_is_too_few_may_be_withheld(self):
        counts = {"a": {("sex", "X"): {"MALE": [40, 39], "FEMALE": [40, 38], "": [80, 77]}}}
        one = {"answered": ["spiffe://n/practice/a"], "tables": [{"table": "sex", "measure": "X", "nodes_withheld": 1,
               "cells": [{"stratum": "", "denominator": hidden(1, 0), "numerator": hidden(1, 0)}]}]}
        checker = recount.Checker(counts, one)
        checker.run({"tables": [{"id": "sex", "measures": ["X"]}]})
        self.assertEqual([p for p in checker.problems if "without a reason" in p], [])
        counts["a"]["sex", "X"] = {"MALE": [40, 20], "FEMALE": [40, 20], "": [80, 40]}
        checker = recount.Checker(counts, one)
        checker.run({"tables": [{"id": "sex", "measures": ["X"]}]})
        self.assertNotEqual([p for p in checker.problems if "without a reason" in p], [])

    def test_it_finds_a_small_difference(self):
        counts = {"a": {("sex", "X"): {"FEMALE": [30, 25], "": [30, 25]}}}
        one = {"answered": ["spiffe://n/practice/a"], "tables": [{"table": "sex", "measure": "X", "cells": [
            {"stratum": "FEMALE", "denominator": shown(30), "numerator": shown(25)},
            {"stratum": "", "denominator": shown(30), "numerator": shown(25)}]}]}
        checker = recount.Checker(counts, one)
        checker.run({"tables": [{"id": "sex", "measures": ["X"]}]})
        self.assertEqual(len([p for p in checker.problems if "difference is small" in p]), 2)

    def test_it_knows_how_measures_of_needs_are_parts_of_each_other(self):
        # 40 positive, 33 of them coded: the difference of what two tables show is 7 people.
        counts = {"a": {("sex", "screened.food-insecurity"): {"FEMALE": [90, 80], "": [90, 80]},
                        ("sex", "positive.food-insecurity"): {"FEMALE": [80, 40], "": [80, 40]},
                        ("sex", "coded.food-insecurity"): {"FEMALE": [40, 33], "": [40, 33]}}}
        cells, sums = recount.family_of(counts["a"], {"sex": "sex"})
        values = {name[1]: value for name, value in cells.items() if name[2:] == ("", "")}
        self.assertEqual(values["positive food-insecurity"], 40)
        self.assertEqual(values["positive food-insecurity less coded food-insecurity"], 7)
        self.assertEqual(values["screened food-insecurity less coded food-insecurity"], 47)
        self.assertEqual(values[" less positive food-insecurity"], 50)
        for one in sums:
            self.assertEqual(cells[one[0]], sum(cells[part] for part in one[1:]), one)
        hidden_ones = {("people", group, *at) for group in ("positive food-insecurity", "coded food-insecurity")
                       for at in (("", ""), ("sex", "FEMALE"))}
        # One of the two must be hidden beside the small difference: needed. With the other shown, it would be told.
        self.assertEqual([c for c in recount.needless(cells, sums, hidden_ones) if "coded" in c[1]], [])

    def test_ends_of_loops_are_parts_of_the_closed(self):
        tables = {("sex", f"closed.food-insecurity{end}"): {"FEMALE": [60, n], "": [60, n]}
                  for end, n in (("", 50), (".evidence", 30), (".reported", 12), (".unmet", 8), (".lost", 0))}
        cells, sums = recount.family_of(tables, {"sex": "sex"})
        whole = ("people", "closed food-insecurity", "", "")
        of_ends = [one for one in sums if one[0] == whole and len(one) == 5]
        self.assertEqual([[cells[c] for c in one] for one in of_ends], [[50, 30, 12, 8, 0]])
        self.assertTrue(all(cells[one[0]] == sum(cells[c] for c in one[1:]) for one in sums))

    def test_referrals_are_counted_by_the_period_s_last_day(self):
        import datetime
        day = datetime.date.fromisoformat
        needs = recount.Needs()
        needs.take("Observation", {"code": {"coding": [{"code": "88122-7"}]}, "effectiveDateTime": "2025-05-01",
                                   "valueCodeableConcept": {"coding": [{"code": "LA6729-3"}]},
                                   "subject": {"reference": "Patient/p"}})
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "referrals.csv"
            path.write_text("practice,person,domain,organisation,sent,accepted,ended,acknowledged,end\n"
                            "elm,f/Patient/p,food-insecurity,pantry,2025-05-03,2025-05-04,2025-06-10,2025-07-02,reported\n"
                            "elm,f/Patient/q,food-insecurity,pantry,,,,,\n"
                            "oak,f/Patient/r,food-insecurity,pantry,2025-05-03,,,,\n")
            needs.read_referrals(path, "elm")
        needs.index()
        self.assertEqual(sorted(needs.referrals), ["p"], "of its own people, and only what was sent")

        def standing(measure, last="2025-12-31", person="p"):
            return needs.standing(person, measure, day("2025-01-01"), day(last))

        self.assertEqual(standing("referred.food-insecurity"), (True, True))
        self.assertEqual(standing("referred.food-insecurity", "2025-05-02"), (True, False))
        self.assertEqual(standing("accepted.food-insecurity"), (True, True))
        self.assertEqual(standing("accepted.food-insecurity", "2025-05-03"), (True, False))
        self.assertEqual(standing("closed.food-insecurity"), (True, True))
        self.assertEqual(standing("closed.food-insecurity", "2025-07-01"), (True, False), "not seen yet")
        self.assertEqual(standing("closed.food-insecurity.reported"), (True, True))
        self.assertEqual(standing("closed.food-insecurity.evidence"), (True, False))
        self.assertEqual(standing("closed.food-insecurity", person="q"), (False, False))
        self.assertEqual(standing("intervened.snse.food"), (True, True), "a referral is an intervention")
        self.assertEqual(recount.expand("closed.food-insecurity.ends")[0], "closed.food-insecurity.evidence")

    def test_languages_and_counties_have_one_name_each(self):
        def language(code):
            return recount.language_of({"communication": [
                {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}}]})

        for code, subtag in {"en": "en", "en-US": "en", "spa": "es", "chi": "zh", "ase": "ase", "zh-Hant": "zh"}.items():
            self.assertEqual(language(code), (subtag, True))
        with self.assertRaises(SystemExit):  # Nothing is counted by a guess.
            language("zz")
        for state, county in (("CA", "Kern"), ("California", "Kern County"), ("CA", "Kern County")):
            place = {"address": [{"state": state, "district": county, "postalCode": "93307"}]}
            self.assertEqual(recount.place_of(place), ("CA/Kern", "933"))

    def test_dates_are_first_and_last_days(self):
        self.assertEqual([d.isoformat() for d in recount.days("2024-02")], ["2024-02-01", "2024-02-29"])
        for wrong in ("2025-02-30", "1987-13-45", "25-01-01", "2025-1-1", ""):
            with self.assertRaises(recount.Refused):
                recount.days(wrong)

    def test_needs_are_counted_by_the_rules(self):
        import datetime
        day = datetime.date.fromisoformat

        def needs(answers, services=(), conditions=()):
            made = recount.Needs()
            for question, answer, on in answers:
                made.take("Observation", {"code": {"coding": [{"code": question}]}, "effectiveDateTime": on,
                                          "valueCodeableConcept": {"coding": [{"code": answer}]},
                                          "subject": {"reference": "Patient/p"}})
            made.services["p"] = [("food-insecurity", day(on)) for on in services]
            for at, (code, rank, signed, on) in enumerate(conditions):
                made.take("Condition", {"id": f"c{at}", "code": {"coding": [{"code": code}]},
                                        "verificationStatus": {"coding": [{"code": "confirmed"}]},
                                        "encounter": {"reference": f"Encounter/e{at}"},
                                        "subject": {"reference": "Patient/p"}} | ({"recorder": {}} if signed else {}))
                made.take("Encounter", {"id": f"e{at}", "period": {"start": on}, "diagnosis": [{"rank": rank}]})
            made.index()
            return lambda measure: made.standing("p", measure, day("2025-01-01"), day("2025-12-31"))

        hungry = [("88122-7", "LA6729-3", "2025-05-01")]
        self.assertEqual(needs([("88122-7", "LA15775-2", "2025-05-01"), ("88123-5", "LA28398-8", "2025-05-01")])(
            "screened.food-insecurity.declined"), (True, True))
        self.assertEqual(needs(hungry)("positive.food-insecurity"), (True, True))
        for on, counts in (("2025-05-01", True), ("2025-05-31", True), ("2025-06-01", False), ("2025-04-30", False)):
            self.assertEqual(needs(hungry, [on])("intervened.snse.food"), (True, counts), on)
        for on, counts in (("2025-12-01", True), ("2025-12-02", False), ("2024-12-31", False)):
            self.assertEqual(needs([("88122-7", "LA6729-3", on)])("screened.snse.food"), (True, counts), on)
        for code, rank, signed, counts in (("Z59.41", 2, True, True), ("Z59.41", 1, True, False),
                                           ("Z59.41", 2, False, False), ("Z59.4", 2, True, False),
                                           ("Z59.82", 2, True, False)):
            self.assertEqual(needs(hungry, (), [(code, rank, signed, "2025-06-01")])("coded.food-insecurity"),
                             (True, counts), (code, rank, signed))

    def test_ages_are_completed_years(self):
        import datetime
        day = datetime.date(2025, 12, 31)
        self.assertEqual(recount.age_band(datetime.date(2007, 12, 31), day, [0, 18]), "18+")
        self.assertEqual(recount.age_band(datetime.date(2008, 1, 1), day, [0, 18]), "0-17")
        self.assertEqual(recount.age_band(None, day, [0, 18]), "UNKNOWN")


if __name__ == "__main__":
    unittest.main()
