#!/usr/bin/env python3
"""A plan's file of closed loops, in and out with the real programs: every status word of every system comes out of the
node that took it in as it came; days, reasons and the plan's own member ids; what a line or a file is refused for.
"""
import csv
import io
import json
import pathlib
import tempfile
import time
import unittest

import program
from node import Node

NETWORK = "closures.test"
DOMAIN = "food-insecurity"
PLAN = f"spiffe://{NETWORK}/payer/sunrise"
OTHER = f"spiffe://{NETWORK}/payer/bluffs"
WORDS = program.ROOT / "domain/referral/data/status_words.csv"
NOW = time.time()
DAY = lambda days: time.strftime("%Y-%m-%d", time.gmtime(NOW + days * 86400))
# Nobody says these: only the clock of a node expires a referral.
NO_WAY = {("Bitfocus Clarity HMIS", "Expired"), ("HL7 v2 table 0283", "HL7 v2 0283 E")}


class Closures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="equinode-closures-")
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        program.certs("ca", NETWORK, cls.home / "ca")
        cls.clinic = Node(cls.home, "practice", "elm", NETWORK)
        cls.bank = Node(cls.home, "cbo", "foodbank", NETWORK)
        cls.addClassCleanup(lambda: [n.kill() for n in (cls.clinic, cls.bank) if n.child.poll() is None])
        cls.must(cls.clinic, 0, "peer", "add", cls.bank.pem, "--address", cls.bank.address)
        cls.must(cls.bank, 0, "peer", "add", cls.clinic.pem)
        people = cls.home / "people.ndjson"
        cover = lambda person, name, member, start, end=None: json.dumps({
            "resourceType": "Coverage", "id": f"{person}-{member}", "status": "active",
            "subscriberId": member, "beneficiary": {"reference": f"Patient/{person}"},
            "period": {"start": start, **({"end": end} if end else {})}, "payor": [{"display": name}]})
        people.write_text("\n".join(
            [json.dumps({"resourceType": "Patient", "id": one, "gender": "female", "birthDate": "1980-01-01"})
             for one in ("ann", "bea", "cat")] +
            [cover("ann", "Sunrise", "S-OLD", "2020-01-01", "2022-12-31"), cover("ann", "Sunrise", "S-100", "2023-01-01"),
             cover("ann", "Bluffs", "B-100", "2023-06-01"), cover("bea", "Bluffs", "B-200", "2023-01-01")]) + "\n")
        profile = cls.home / "profile.toml"
        profile.write_text('feed = "feed"\n' + "".join(
            f'[[payer]]\nname = "{name}"\nuri = "{uri}"\n' for name, uri in (("Sunrise", PLAN), ("Bluffs", OTHER))))
        cls.must(cls.clinic, 0, "import", people, "--profile", profile, "--rejected", cls.home / "rejected.csv")
        form = cls.home / "form.pdf"
        form.write_bytes(b"%PDF signed by hand")
        for one in ("ann", "bea"):
            cls.must(cls.clinic, 0, "consent", "give", "--person", f"feed/Patient/{one}", "--recipient", "class:cbo",
                     "--category", DOMAIN, "--signed", DAY(0), "--document", form)

    @staticmethod
    def must(node, wanted, *args):
        code, out, err = node.cli(*args)
        assert code == wanted, f"{args}: {code} {out}{err}"
        return out, err

    def referral(self, person="ann"):
        return self.clinic.ask("referral", "create", "--person", f"feed/Patient/{person}", "--domain", DOMAIN, "--to",
                               self.bank.uri, "--field", "service_text=food box")["id"]

    def arrived(self, *ids):
        Node.wait(lambda: set(ids) <= {one["id"] for one in self.bank.ask("referral", "inbox")}, "referrals to arrive")

    def columns(self, system, more="", extra=""):
        file = self.home / "columns.toml"
        file.write_text(f'system = "{system}"\n{extra}' + "".join(
            f'[[column]]\nwhat = "{what}"\nheading = "{heading}"\n' for what, heading in (
                ("referral", "Referral ID"), ("status", "Status"), ("status_date", "Date of Status"),
                ("closure", "Reason for Loop Closure"))) + more)
        return file

    def take_in(self, columns, lines, wanted=0, header="Referral ID,Status,Date of Status,Reason for Loop Closure"):
        file = self.home / "in.csv"
        file.write_text("\n".join([header, *lines]) + "\n")
        code, out, err = self.bank.cli("-o", "json", "referral", "closures", "import", file, "--columns", columns)
        self.assertEqual(code, wanted, out + err)
        return json.loads(out), err

    def export(self, node, columns, wanted=0, *more):
        out, err = self.must(node, wanted, "referral", "closures", "export", "--columns", columns, *more)
        return {row["Referral ID"]: row for row in csv.DictReader(io.StringIO(out))}, err

    def test_every_word_comes_back_as_it_came(self):
        by_system = {}
        for row in csv.DictReader(WORDS.read_text(encoding="utf-8").splitlines()):
            by_system.setdefault(row["system"], []).append(row["status"])
        self.assertGreaterEqual(sum(map(len, by_system.values())), 42)
        back, refused = 0, set()
        for system, words in by_system.items():
            columns = self.columns(system)
            ids = [self.referral() for _ in words]
            self.arrived(*ids)
            # Half of them were accepted here before the other system's file comes.
            for each in ids[::2]:
                self.must(self.bank, 0, "referral", "accept", each)
            hopeless = {word for word in words if (system, word) in NO_WAY}
            rows, err = self.take_in(columns, [f'{each},"{word}",{DAY(0)},' for each, word in zip(ids, words)],
                                     65 if hopeless else 0)
            # Those of the systems before have ends that this one has no word for: those alone are missing.
            _, text, said = self.bank.cli("referral", "closures", "export", "--columns", columns)
            out = {row["Referral ID"]: row for row in csv.DictReader(io.StringIO(text))}
            for each, word, row in zip(ids, words, rows):
                if row["outcome"] == "NO_WAY":
                    refused.add((system, word))
                    self.assertIn('column "Status"', row["why"])
                    self.assertIn("equinode referral", row["why"], "what the person can do")
                elif row["outcome"] == "behind":
                    self.assertIn(each, ids[::2], "the word is older than the acceptance")
                    self.assertIn("accepted", row["why"])
                else:
                    self.assertEqual((out[each]["Status"], out[each]["Date of Status"]), (word, DAY(0)), system)
                    back += 1
        self.assertEqual(refused, NO_WAY)
        behind = sum(1 for words in by_system.values() for word in words[::2]
                     if word in ("Not updated", "Initiated", "Pending", "Sent", "HL7 v2 0283 P")
                     and (word != "Pending" or "Denied (by client)" in words))
        self.assertEqual(back, sum(map(len, by_system.values())) - len(NO_WAY) - behind)

    def test_a_line_that_is_wrong_is_refused_with_its_column(self):
        columns = self.columns("findhelp", '[closure_words]\nunable-to-reach = "No answer"\n')
        ids = [self.referral() for _ in range(6)]
        self.arrived(*ids)
        rows, err = self.take_in(columns, [
            f"{ids[0]},No capacity,1999-13-45,not-eligible",
            f"{ids[1]},No capacity,{DAY(0)},not-eligible",
            f"{ids[2]},No capacity,{DAY(40)},",
            f"{ids[3]},Got helped,{DAY(0)},",
            f"17,No capacity,{DAY(0)},",
            f"{ids[4]},Couldn't contact,{DAY(0)},No answer",
            f"{ids[5]},No capacity,{DAY(0)},no-capacity"], 65)
        self.assertEqual([row["outcome"] for row in rows],
                         ["BAD_STATUS_DAY", "CLOSURE_DISAGREES", "BAD_STATUS_DAY", "NO_SUCH_STATUS", "BAD_REFERRAL_ID",
                          "accept, fail", "reject"])
        for row, line, column in zip(rows, range(2, 7), ("Date of Status", "Reason for Loop Closure", "Date of Status",
                                                         "Status", "Referral ID")):
            self.assertIn(f'line {line}, column "{column}": ', row["why"])
        self.assertIn("2 lines taken in, 0 older than what is here, 5 refused", err)
        state = lambda each: self.bank.ask("referral", "show", each, "--part", "state")["state"]
        self.assertTrue(all(state(each).startswith("requested") for each in ids[:4]), "nothing was done")

    def test_the_plans_file_has_every_row_and_its_own_ids(self):
        plan = ('[[column]]\nwhat = "member_id"\nheading = "Member ID"\n'
                '[closure_words]\nno-capacity = "Other"\nother = "Other"\n')
        columns = self.columns("DHCS CLR", plan, f'plan = "{PLAN}"\n')
        turned_down, held, theirs = self.referral(), self.referral(), self.referral("bea")
        self.arrived(turned_down, held, theirs)
        self.must(self.bank, 0, "referral", "reject", turned_down, "--reason", "no-capacity")
        self.must(self.bank, 0, "referral", "accept", held)
        self.must(self.bank, 0, "referral", "hold", held, "--reason", "waiting-list", "--when", DAY(9))
        shown = lambda each: self.clinic.ask("referral", "show", each)["referral"]
        Node.wait(lambda: shown(turned_down)["state"] == "rejected" and shown(held)["state"] == "on-hold", "the answers")
        self.must(self.clinic, 0, "referral", "acknowledge", turned_down)
        # What has no word is said, and the file is not passed off as whole.
        out, err = self.export(self.clinic, columns, 65, "--box", "outbox")
        self.assertNotIn(held, out)
        self.assertIn("words_instead", err)
        self.assertIn("ARE MISSING", err)
        columns = self.columns("DHCS CLR", plan + '[words_instead]\non-hold = "Outreach Initiated"\n'
                               'requested = "Outreach Initiated"\n', f'plan = "{PLAN}"\n')
        out, err = self.export(self.clinic, columns, 0, "--box", "outbox")
        self.assertEqual(out[held]["Status"], "Outreach Initiated")
        self.assertEqual(out[turned_down]["Status"], "Referral Loop Closed: Other")
        self.assertEqual(out[turned_down]["Reason for Loop Closure"], "Other")
        self.assertEqual({out[each]["Member ID"] for each in (held, turned_down)}, {"S-100"}, "of that plan, on that day")
        self.assertNotIn(theirs, out, "the plan is not told of whom it does not cover")
        self.assertIn("1 left out: of people whom this plan does not cover", err)
        code, _, err = self.clinic.cli("referral", "closures", "export", "--columns", self.columns("DHCS CLR", plan))
        self.assertEqual(code, 65)
        self.assertIn("plan = ", err, "of which plan is the member id")


if __name__ == "__main__":
    unittest.main(argv=["closures_test.py"])
