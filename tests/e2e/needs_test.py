#!/usr/bin/env python3
"""Needs at one real node: codes judged by the node's own table at import, and its counts for its own staff."""
import json
import pathlib
import re
import tempfile
import unittest

import program
from node import Node

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def resources(code, day, n):
    """A person who is hungry, and the code on an encounter of the day, signed off and secondary."""
    person, subject = f"p{n}", {"reference": f"Patient/p{n}"}
    return [
        {"resourceType": "Patient", "id": person, "gender": "female", "birthDate": "1980-01-01"},
        {"resourceType": "Observation", "id": f"o{n}", "status": "final", "subject": subject,
         "code": {"coding": [{"system": "http://loinc.org", "code": "88122-7"}]}, "effectiveDateTime": day,
         "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA6729-3"}]}},
        {"resourceType": "Condition", "id": f"c{n}", "subject": subject,
         "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
         "category": [{"coding": [{"code": "encounter-diagnosis"}]}], "code": {"coding": [{"system": ICD, "code": code}]},
         "encounter": {"reference": f"Encounter/e{n}"}, "recordedDate": day,
         "recorder": {"reference": "Practitioner/w", "display": "Jan Water MD"}},
        {"resourceType": "Encounter", "id": f"e{n}", "status": "finished", "class": {"code": "AMB"}, "subject": subject,
         "period": {"start": day}, "diagnosis": [{"condition": {"reference": f"Condition/c{n}"}, "rank": 2}]},
    ]


class Needs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-needs-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        program.certs("ca", "needs.test", self.home / "ca")
        self.elm = Node(self.home, "practice", "elm", "needs.test")
        self.addCleanup(lambda: self.elm.child.poll() is None and self.elm.kill())

    def take_in(self, name, made):
        file = self.home / f"{name}.ndjson"
        file.write_text("".join(json.dumps(one) + "\n" for one in made))
        return self.elm.ask("import", file, "--feed", "f")

    def counts(self, measure):
        rows = self.elm.ask("count", "sex", "--measure", measure, "--from", "2026-01-01", "--day", "2026-12-31")
        total = [row for row in rows if row["stratum"] == ""]
        self.assertEqual(len(total), 1, rows)
        return total[0]["denominator"], total[0]["numerator"]

    def test_an_import_judges_codes_by_the_table_in_use_at_the_node(self):
        before = self.take_in("before", resources("Z59.41", "2026-11-10", 1))
        self.assertEqual(before["codes_refused"], [])
        self.assertEqual(self.counts("positive.food-insecurity"), (1, 1))
        self.assertEqual(self.counts("coded.food-insecurity"), (1, 1))
        code, table, err = self.elm.cli("codes", "export")
        self.assertEqual(code, 0, err)
        changed = re.sub(r"(?m)^# version .*", "# version 2026-11-01", table)
        changed = re.sub(r"(?m)^(Z59\.41,[^,]*,2021-10-01),,", r"\1,2026-10-31,", changed)
        self.assertNotEqual(changed, table)
        (self.home / "codes.csv").write_text(changed)
        code, _, err = self.elm.cli("codes", "update", self.home / "codes.csv")
        self.assertEqual(code, 0, err)
        after = self.take_in("after", resources("Z59.41", "2026-11-11", 2))
        self.assertEqual([one["code"] for one in after["codes_refused"]], ["Z59.41"], after)
        # The person is hungry all the same; the code is none any more.
        self.assertEqual(self.counts("positive.food-insecurity"), (2, 2))
        self.assertEqual(self.counts("coded.food-insecurity"), (2, 0))
        # A check asks the node's table, and says whose it was; a file's where one is named.
        code, out, err = self.elm.cli("-o", "json", "zcodes", "check", "Z59.41", "--on", "2026-11-11")
        self.assertEqual((code, json.loads(out)[0]["is"]), (1, "CODE_EXPIRED"), err)
        self.assertIn(self.elm.uri, err)
        (self.home / "own.csv").write_text(table)
        code, out, err = self.elm.cli("zcodes", "check", "Z59.41", "--on", "2026-11-11", "--table", self.home / "own.csv")
        self.assertEqual(code, 0, err)
        # A version far ahead would shut out all others; a wrong one is left again.
        (self.home / "far.csv").write_text(re.sub(r"(?m)^# version .*", "# version 2999-01-01", table))
        for more in (("--check",), (), ("--allow-past",)):
            code, _, err = self.elm.cli("codes", "update", self.home / "far.csv", *more)
            self.assertEqual((code, "FUTURE_CODE_TABLE" in err), (1, True), err)
        (self.home / "eye.csv").write_text(changed.replace("2026-11-01", "2026-11-02") + "Q12.3,Cataract,2026-11-02,,,,test,,\n")
        code, _, err = self.elm.cli("codes", "update", self.home / "eye.csv")
        self.assertEqual((code, "BAD_CODE_TABLE" in err and "line " in err), (65, True), err)
        own = self.elm.ask("codes", "list")[-1]["version"]
        self.assertEqual(self.elm.ask("codes", "restore", own)[0]["code"], "Z59.41")
        self.assertEqual([one["version"] for one in self.elm.ask("codes", "list") if one["in use"]], [own])
        self.assertEqual(self.counts("coded.food-insecurity"), (2, 2))
        self.elm.stop()
        self.elm.start()
        self.assertEqual([one["version"] for one in self.elm.ask("codes", "list") if one["in use"]], [own])
        self.assertIn("RestoreCodeTable", json.dumps(self.elm.ask("audit", "list")))

    def test_counts_of_needs_say_what_they_lack(self):
        self.take_in("one", resources("Z59.4", "2026-03-01", 1))
        self.assertEqual(self.counts("coded.food-insecurity"), (1, 0), "a header is never used")
        for args, reason in ((("--measure", "positive.food-insecurity"), "PERIOD_START_MISSING"),
                             (("--measure", "positive.hunger"), "UNKNOWN_MEASURE"),
                             (("--measure", "screened.snse.food", "--from", "2026-02-01"), "NOT_A_YEAR")):
            code, out, err = self.elm.cli("count", "sex", "--day", "2026-12-31", *args)
            self.assertNotEqual(code, 0, out)
            self.assertIn(reason, err)


if __name__ == "__main__":
    unittest.main()
