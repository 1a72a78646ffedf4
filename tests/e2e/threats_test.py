#!/usr/bin/env python3
"""Threats that only the whole network can show, with the real programs (docs/threats.md).

Three nodes: a practice that only dials out, the QHIO that relays for it and gets its records, the payer's hub.
"""
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import program
from node import Node

NETWORK = "threats.test"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
CDCREC = "urn:oid:2.16.840.1.113883.6.238"


class Canaries:
    """A different word for each field, so that a find says which field it was."""

    def __init__(self):
        self.words = {}

    def word(self, field):
        word = f"Canary{len(self.words):02d}{''.join(chr(97 + (7 * len(self.words) + i * i) % 26) for i in range(12))}"
        self.words[field if field not in self.words else f"{field} {len(self.words)}"] = word
        return word

    def needles(self):
        """What would be found in clear: the bytes, as UTF-16, and base64 wherever it begins."""
        for field, word in self.words.items():
            raw = word.encode()
            yield field, raw
            yield field, word.encode("utf-16-le")
            for shift in range(3):
                yield field, base64.b64encode(b"\0" * shift + raw + b"\0\0\0")[4:4 * ((len(raw) + shift) // 3)]


def answer(canaries, name, codes=()):
    parts = [{"url": "ombCategory" if i == 0 else "detailed",
              "valueCoding": {"system": CDCREC, "code": code, "display": canaries.word(f"{name} display {code}")}}
             for i, code in enumerate(codes)]
    return {"url": US_CORE + name, "extension": [*parts, {"url": "text", "valueString": canaries.word(f"{name} text")}]}


def patient(canaries, number):
    word = canaries.word
    return {
        "resourceType": "Patient", "id": word(f"id {number}"),
        "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}],
                                 "text": word("identifier type")},
                        "system": "http://elm.example/mrn", "value": word("medical record number")},
                       {"system": "http://hl7.org/fhir/sid/us-ssn", "value": word("social security number")}],
        "name": [{"use": "official", "text": word("name text"), "family": word("family name"),
                  "given": [word("given name"), word("second given name")], "prefix": [word("prefix")],
                  "suffix": [word("suffix")]}],
        "telecom": [{"system": "phone", "value": word("phone"), "use": "home"},
                    {"system": "email", "value": word("email") + "@example.org"}],
        "gender": "female", "birthDate": "1961-07-13",
        "address": [{"use": "home", "text": word("address text"), "line": [word("street"), word("second line")],
                     "city": word("city"), "district": word("district"), "state": "CA", "postalCode": "94110",
                     "country": "US"}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "es",
                                                    "display": word("language display")}],
                                        "text": word("language text")}, "preferred": True}],
        "extension": [answer(canaries, "us-core-race", ("2054-5", "2056-0")),
                      answer(canaries, "us-core-ethnicity", ("2186-5",)),
                      {"url": US_CORE + "us-core-genderIdentity",
                       "valueCodeableConcept": {"text": word("gender identity text")}},
                      {"url": US_CORE + "us-core-tribal-affiliation", "extension": [
                          {"url": "tribalAffiliation", "valueCodeableConcept": {"text": word("tribe text")}}]}],
    }


def coverage(canaries, person):
    word = canaries.word
    return {"resourceType": "Coverage", "id": word("coverage id"), "status": "active",
            "beneficiary": {"reference": f"Patient/{person['id']}", "display": word("beneficiary display")},
            "relationship": {"coding": [{"code": "self"}]},
            "subscriberId": word("subscriber id"),
            "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                                                 "code": "MB"}]}, "system": "http://sun.example/member",
                            "value": word("member id")}],
            "period": {"start": "2024-01-01"}, "payor": [{"display": word("payor display")}]}


class Threats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="equinode-threats-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = pathlib.Path(cls.folder.name)
        # All that any of our processes may write lies in here: home, temporary files, stores, logs.
        cls.home = cls.root / "home"
        (cls.root / "tmp").mkdir()
        os.environ["TMPDIR"] = str(cls.root / "tmp")
        cls.addClassCleanup(os.environ.pop, "TMPDIR")
        program.certs("ca", NETWORK, cls.home / "ca")
        cls.nodes = []
        cls.addClassCleanup(lambda: [node.kill() for node in cls.nodes if node.child.poll() is None])
        for role, name in (("qhio", "bay"), ("practice", "elm"), ("payer", "sun")):
            cls.nodes.append(Node(cls.home, role, name, NETWORK))
        cls.qhio, cls.elm, cls.sun = cls.nodes
        for peer in (cls.elm, cls.sun):
            cls.must(peer, "peer", "add", cls.qhio.pem, "--address", cls.qhio.address)
            cls.must(cls.qhio, "peer", "add", peer.pem)
        cls.must(cls.elm, "peer", "add", cls.sun.pem, "--relay", cls.qhio.uri)
        cls.must(cls.sun, "peer", "add", cls.elm.pem, "--relay", cls.qhio.uri)
        for peer in (cls.qhio, cls.sun):  # To the payer's node over the relay, which only carries it.
            cls.must(cls.elm, "share", "set", peer.uri, "--kinds", "person,coverage,measure-result,organization")
        cls.canaries = Canaries()
        cls.people = [patient(cls.canaries, number) for number in range(3)]
        cls.source = cls.root / "source"
        cls.source.mkdir()
        lines = [*cls.people, *(coverage(cls.canaries, person) for person in cls.people)]
        refused = {"resourceType": "Patient", "birthDate": cls.canaries.word("refused birth date"),
                   "name": [{"family": cls.canaries.word("refused name")}]}
        (cls.source / "all.ndjson").write_text("".join(json.dumps(line) + "\n" for line in [*lines, refused]))
        mrn = cls.people[0]["identifier"][0]["value"]
        (cls.source / "measures.csv").write_text(
            "mrn,measure,period,denominator,numerator\n" + f"{mrn},CBP,2025,1,1\n"
            + f"{cls.canaries.word('unknown mrn')},CBP,2025,1,1\n")
        code, out, err = cls.elm.cli("-o", "json", "import", cls.source, "--feed", "elm", "--rejected",
                                     cls.home / "rejected.csv")
        assert code in (0, 1, 65), err
        cls.said = [out.encode(), err.encode()]
        cls.account = json.loads(out)

    @staticmethod
    def must(node, *args):
        code, out, err = node.cli(*args)
        assert code == 0, f"{args}: {err}"
        return out

    def await_records(self, *nodes):
        records = self.elm.ask("status")["records"]
        self.assertGreaterEqual(records, 6)
        for node in nodes:
            Node.wait(lambda at=node: at.ask("status")["records"] == records, "every record to be there")

    def test_TA01_what_is_another_s_or_missing_or_of_another_kind_looks_the_same(self):
        self.await_records(self.qhio)
        own = self.elm.ask("person", "list")
        self.assertEqual(len(own), 3)
        mine = own[0]["source_id"]
        code, out, _ = self.elm.cli("person", "show", mine)
        self.assertEqual(code, 0)
        self.assertIn(self.canaries.words["family name"][:6], out)
        covered = mine.replace("/Patient/", "/Coverage/")
        answers = set()
        for node, asked in ((self.elm, mine + "x"), (self.elm, covered), (self.elm, "nobody"),
                            (self.elm, mine.upper()), (self.qhio, mine), (self.sun, mine),
                            (self.qhio, "nobody"), (self.elm, "' OR 1=1 --"), (self.elm, mine + "\n")):
            code, out, err = node.cli("person", "show", asked)
            self.assertEqual(out, "")
            answers.add((code, err))
        self.assertEqual(len(answers), 1, answers)
        self.assertIn("NO_SUCH_RECORD", answers.pop()[1])
        self.assertEqual(self.qhio.ask("person", "list"), [], "a peer's people are nobody's to list")
        # Deleting is asking, too.
        deleted = {node.cli("record", "delete", "person", asked)[::2]
                   for node, asked in ((self.elm, "nobody"), (self.qhio, mine), (self.sun, mine))}
        self.assertEqual(len(deleted), 1, deleted)
        # An operator of another organisation is told nothing about any id.
        strangers = set()
        for asked in (mine, "nobody"):
            code, out, err = program.run(
                "--node", self.elm.address, "--node-uri", self.elm.uri, "--identity",
                self.home / "ca/payer/sun/operator", "person", "show", asked, home=self.home)
            self.assertEqual((code, out), (77, ""))
            strangers.add(err)
        self.assertEqual(len(strangers), 1)

    def test_TL08_no_word_of_a_person_is_in_clear_anywhere(self):
        self.await_records(self.qhio, self.sun)
        self.assertGreater(len(self.canaries.words), 90)
        # It is there: the one who may sees the words, and so does the search, in the source.
        shown = json.dumps([self.elm.ask("person", "show", one["source_id"]) for one in self.elm.ask("person", "list")])
        missing = [field for field, word in self.canaries.words.items() if word not in shown]
        self.assertLess(len(missing), 30, missing)
        for field in ("family name", "street", "phone", "medical record number", "us-core-race text", "email"):
            self.assertNotIn(field, missing)
        needles = list(self.canaries.needles())
        found_in_source = {field for field, needle in needles if needle in (self.source / "all.ndjson").read_bytes()}
        self.assertGreater(len(found_in_source), 90)
        # What operators are shown of the node's running holds none either.
        said = list(self.said)
        for node in self.nodes:
            for command in (("status",), ("audit", "list"), ("dead-letter", "list"), ("peer", "list"), ("health",),
                            ("count", "race_omb1997", "--day", "2025-12-31")):
                code, out, err = node.cli("-o", "json", *command)
                self.assertEqual(code, 0, err)
                said += [out.encode(), err.encode()]
        # With everything still in the logs beside the databases, and once more after a stop in good order.
        sizes = {}
        for name, act in (("killed", Node.kill), ("stopped", Node.stop)):
            if name == "stopped":
                for node in self.nodes:
                    node.start()
            for node in self.nodes:
                act(node)
            looked = 0
            for path in sorted(self.root.rglob("*")):
                if not path.is_file() or self.source in path.parents:
                    continue
                looked += 1
                content = path.read_bytes()
                if path.name.endswith("-wal"):
                    sizes[name] = sizes.get(name, 0) + len(content)
                for field, needle in needles:
                    self.assertNotIn(needle, content, f"{field} in {path} ({name})")
            self.assertGreater(looked, 20)
        self.assertGreater(sizes["killed"], 100_000, "the logs beside the databases were looked at while full")
        for text in said:
            for field, needle in needles:
                # Payors that the profile does not map are listed, so that the operator can map them.
                if not field.startswith("payor display"):
                    self.assertNotIn(needle, text, field)
        # The refusals name line and reason, and are of use without the words.
        rejected = (self.home / "rejected.csv").read_text().splitlines()
        self.assertEqual(len(rejected), 1 + self.account["refused"])
        self.assertGreaterEqual(self.account["refused"], 2)
        for node in self.nodes:
            node.start()


if __name__ == "__main__":
    unittest.main()
