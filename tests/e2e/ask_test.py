#!/usr/bin/env python3
"""What one who asks for counts meets, with the real programs: nobody answers, nobody is there, and what the log says."""
import json
import pathlib
import tempfile
import unittest

import program
from node import Node

NETWORK = "ask.test"
REPORT = {"name": "first", "period_start": "2025-01-01", "period_end": "2025-12-31", "measure_period": "2025",
          "tables": [{"id": "race", "stratifier": "race_omb1997", "measures": ["population", "available.race", "CBP"]}]}


class Ask(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-ask-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        program.certs("ca", NETWORK, self.home / "ca")
        self.hub, self.elm = Node(self.home, "payer", "plan", NETWORK), Node(self.home, "practice", "elm", NETWORK)
        self.addCleanup(lambda: [n.kill() for n in (self.hub, self.elm) if n.child.poll() is None])
        self.expect(0, "", self.elm, "peer", "add", self.hub.pem, "--address", self.hub.address)
        self.expect(0, "", self.hub, "peer", "add", self.elm.pem)
        made = self.home / "made"
        code, _, err = program.run("generate", "--out", made, "--people", 300, "--organisation", "elm", "--payer",
                                   self.hub.uri, home=self.home)
        self.assertEqual(code, 0, err)
        self.elm.cli("import", made / "elm", "--profile", made / "profiles/elm.toml", "--rejected", self.home / "r.csv")

    def expect(self, code, said, node, *args):
        """Runs a command; its stdout."""
        got, out, err = node.cli(*args)
        self.assertEqual(got, code, f"{args}: {out}\n{err}")
        self.assertIn(said, err)
        return out

    def report(self, **changes):
        path = self.home / "report.json"
        path.write_text(json.dumps(REPORT | changes))
        return path

    def test_a_payer_or_measure_that_nobody_has_is_said(self):
        count = ("count", "sex", "--day", "2025-12-31")
        self.expect(65, "BAD_PAYER", self.elm, *count, "--payer", "foo")
        self.expect(65, "BAD_PAYER", self.elm, *count, "--payer", self.elm.uri)
        self.expect(1, "is covered by spiffe://ask.test/payer/none on 2025-12-31", self.elm, *count, "--payer",
                    "spiffe://ask.test/payer/none")
        self.expect(1, "denominator of NOPE for 2025", self.elm, *count, "--measure", "NOPE", "--measure-period", "2025")
        self.expect(1, "without a --measure-period", self.elm, *count, "--measure", "CBP")
        self.expect(65, "BAD_PERIOD", self.elm, *count, "--measure", "CBP", "--measure-period", "last year")
        out = self.expect(0, "raw counts", self.elm, "-o", "json", *count, "--payer", self.hub.uri)
        self.assertGreater(json.loads(out)[-1]["denominator"], 100)

    def test_where_nobody_answers_nothing_is_kept(self):
        self.expect(65, "PERIOD_NOT_WHOLE", self.hub, "report", "create",
                    self.report(period_start="2025-12-31"))
        self.expect(65, "PERIOD_NOT_WHOLE", self.hub, "report", "create", self.report(measure_period="2025-03"))
        self.expect(0, "", self.hub, "report", "create", self.report())
        # It shares nothing, and says so.
        out = self.expect(69, "NOT_SHARED", self.hub, "hub", "collect", "first", "--wait", "60s")
        self.assertEqual(out, "")
        self.assertFalse(self.hub.ask("hub", "releases"))
        # It is not there.
        self.expect(0, "", self.elm, "share", "set", self.hub.uri, "--counts")
        self.elm.stop()
        self.expect(75, "silent: spiffe://ask.test/practice/elm", self.hub, "hub", "collect", "first", "--wait", "1s")
        self.assertFalse(self.hub.ask("hub", "releases"))
        # It comes back, and the same command goes on.
        self.elm.start()
        out = self.expect(0, "", self.hub, "hub", "collect", "first", "--wait", "60s")
        self.assertIn("1 of 1 node answered", out)
        self.assertEqual([r["number"] for r in self.hub.ask("hub", "releases")], [1])
        # The hub asked, and told nobody anything about people; the practice did, once.
        self.assertEqual(self.hub.ask("audit", "list", "--disclosures") or [], [])
        told = self.elm.ask("audit", "list", "--disclosures")
        self.assertEqual([e["action"] for e in told], ["REPORT_ANSWERED"])
        self.assertEqual(told[0]["purpose"], "report first version 1")
        entries = self.hub.ask("audit", "list")
        self.assertIn("ENVELOPES_SEALED", {e["action"] for e in entries})
        self.assertTrue(all(e["from"] for e in entries if "/operator/" in e["actor"]), entries)


if __name__ == "__main__":
    unittest.main()
