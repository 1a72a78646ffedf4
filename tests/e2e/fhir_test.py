#!/usr/bin/env python3
"""FHIR out of one node and into another, with the real programs: referrals, needs, codes, consents; and orders of others.

Three nodes: a clinic, a food bank, and another clinic that knows nothing yet.
"""
import copy
import json
import pathlib
import tempfile
import time
import unittest

import program
from node import Node

NETWORK = "fhir.test"
DOMAIN = "food-insecurity"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
GRAVITY = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
LOINC = "http://loinc.org"
NOW = time.time()


def day(ago):
    return time.strftime("%Y-%m-%d", time.gmtime(NOW - ago * 86400))


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


def people():
    """Five people as an EHR tells them, of two of them needs: a panel with members, a whole response, a diagnosis on an encounter."""
    def about(n):
        return {"reference": f"Patient/p{n}"}

    made = [{"resourceType": "Patient", "id": f"p{n}", "gender": "female", "birthDate": "1980-01-01",
             "identifier": [{"system": "urn:mrn", "value": f"M{n}"}], "name": [{"family": "Canary", "given": [f"N{n}"]}]}
            for n in range(1, 6)]
    made += [
        {"resourceType": "Observation", "id": "panel", "status": "final", "code": coded(LOINC, "88121-9"),
         "subject": about(1), "effectiveDateTime": day(40),
         "hasMember": [{"reference": "Observation/q1"}, {"reference": "Observation/q2"}]},
        {"resourceType": "Observation", "id": "q1", "status": "final", "code": coded(LOINC, "88122-7"),
         "subject": about(1), "effectiveDateTime": day(40), "valueCodeableConcept": coded(LOINC, "LA28397-0"),
         "performer": [about(1)]},
        {"resourceType": "Observation", "id": "q2", "status": "final", "code": coded(LOINC, "88123-5"),
         "subject": about(1), "effectiveDateTime": day(40),
         "dataAbsentReason": coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")},
        {"resourceType": "QuestionnaireResponse", "id": "r1", "status": "completed", "subject": about(2),
         "authored": day(30), "questionnaire": "http://loinc.org/q/93025-5", "item": [{"linkId": "/93025-5", "item": [
             {"linkId": "/93025-5/93031-3",
              "answer": [{"valueCoding": {"system": LOINC, "code": "LA30125-1"}},
                         {"valueCoding": {"system": LOINC, "code": "LA30126-9"}}]},
             {"linkId": "/93025-5/71802-3", "answer": [{"valueCoding": {"system": LOINC, "code": "LA30190-5"}}]}]}]},
        {"resourceType": "Condition", "id": "c1", "subject": about(1), "recordedDate": day(20),
         "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
         "verificationStatus": coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
         "category": [coded("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis")],
         "code": coded(ICD, "Z59.00"), "encounter": {"reference": "Encounter/e1"},
         "asserter": {"reference": "Practitioner/w", "display": "Jan Water MD"}},
        {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"}, "subject": about(1),
         "period": {"start": day(20)}, "diagnosis": [{"condition": {"reference": "Condition/c1"}, "rank": 3}]},
    ]
    return made


def order(patient, service, **task):
    """An order as another system writes it: no UUIDs, no URIs."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "https://ehr.example/ServiceRequest/77", "resource": {
            "resourceType": "ServiceRequest", "id": "77", "status": "active", "intent": "order",
            "category": [coded(GRAVITY, DOMAIN)], "code": {"text": service},
            "subject": {"reference": f"https://ehr.example/Patient/{patient}"}}},
        {"resource": {
            "resourceType": "Task", "id": "78", "status": "requested", "intent": "order",
            "code": coded("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"), "priority": "urgent",
            "identifier": [{"system": "https://ehr.example/orders", "value": "A-78"}],
            "focus": {"reference": "https://ehr.example/ServiceRequest/77"}, "for": {"reference": f"Patient/{patient}"},
            "authoredOn": "2026-01-31T09:30:00Z", "requester": {"display": "Dr Water"}, **task}}]}


class Fhir(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="equinode-fhir-")
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        program.certs("ca", NETWORK, cls.home / "ca")
        cls.clinic = Node(cls.home, "practice", "elm", NETWORK)
        cls.bank = Node(cls.home, "cbo", "foodbank", NETWORK)
        cls.oak = Node(cls.home, "practice", "oak", NETWORK)
        nodes = (cls.clinic, cls.bank, cls.oak)
        cls.addClassCleanup(lambda: [n.kill() for n in nodes if n.child.poll() is None])
        cls.must(cls.clinic, "peer", "add", cls.bank.pem, "--address", cls.bank.address)
        cls.must(cls.bank, "peer", "add", cls.clinic.pem)
        source = cls.home / "ehr.ndjson"
        source.write_text("".join(json.dumps(one) + "\n" for one in people()))
        cls.must(cls.clinic, "import", source, "--feed", "ehr", "--rejected", cls.home / "rejected.csv")
        cls.form = cls.home / "form.pdf"
        cls.form.write_bytes(b"%PDF signed by hand")

    @staticmethod
    def must(node, *args):
        code, out, err = node.cli(*args)
        assert code == 0, f"{args}: {code} {err}"
        return out

    def refused(self, node, wanted, exit_code, *args):
        code, out, err = node.cli(*args)
        self.assertIn(wanted, out + err, args)
        self.assertEqual(code, exit_code, f"{args}: {out}{err}")

    def rows(self, node, exit_code, *args):
        code, out, err = node.cli("-o", "json", *args)
        self.assertEqual(code, exit_code, f"{args}: {out}{err}")
        return json.loads(out)

    def export(self, node, *args):
        file = self.home / "export.json"
        file.unlink(missing_ok=True)
        self.must(node, "export", "fhir", *args, "--out", file)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        return file

    def consent(self, person, verb="give", *more):
        return self.clinic.ask("consent", verb, "--person", person, "--recipient", "class:cbo", "--category", DOMAIN,
                               "--signed", day(10), "--document", self.form, *more)["id"]

    def state(self, node, referral):
        code, out, _ = node.cli("-o", "json", "referral", "show", referral)
        return json.loads(out)["referral"]["state"] if code == 0 else ""

    def awaits(self, node, referral, state):
        Node.wait(lambda: self.state(node, referral) == state, f"{referral} to be {state} at {node.name}")

    def facts(self, node, person):
        """What is known of a person's needs, without the names of records."""
        needs = node.ask("need", "show", person)
        asked = node.ask("screen", "show", person)
        for each in asked:
            each.pop("sources", None)
            each.pop("source", None)
        return {
            "outcomes": asked,
            "stages": sorted((each["code"], each["stage"]) for each in needs.get("codes", [])),
            "needs": sorted((each["domain"], each["state"], json.dumps(each["found_on"])) for each in needs["needs"]),
        }

    def signed(self, node, person):
        """(code, what, day, who signed or at which place of an encounter) of each signature and encounter."""
        return {(each["code"], step["event"], json.dumps(step["on"]),
                 step.get("clinician") if step["event"] == "CODE_EVENT_CONFIRM" else step.get("position"))
                for each in node.ask("need", "show", person).get("codes", []) for step in each["steps"]
                if step["event"] in ("CODE_EVENT_CONFIRM", "CODE_EVENT_CODE")}

    def test_needs_codes_and_consents_are_the_same_at_another_node(self):
        person = "ehr/Patient/p1"
        self.must(self.clinic, "screen", "add", person, "--instrument", "Hunger Vital Sign", "--on", day(15), "--answer",
                  "88122-7=LA28397-0", "--answer", "88123-5=declined")
        self.must(self.clinic, "need", "confirm", person, DOMAIN, "Z59.41", "--clinician", "Pat Williams MSW", "--on",
                  day(14))
        self.must(self.clinic, "need", "code", person, DOMAIN, "Z59.41", "--encounter", "visit-9", "--position", "2",
                  "--on", day(13))
        given = self.consent(person)
        self.consent(person, "refuse")
        self.must(self.clinic, "consent", "revoke", given)
        self.consent("ehr/Patient/p2", "give", "--purpose", "referral", "--purpose", "treatment", "--until", day(-300))
        everybody = self.export(self.clinic, "--all", "--only", "facts").read_text()
        self.assertIn('"Patient/p2"', everybody)
        self.assertNotIn('"Patient/p5"', everybody, "of the fifth nothing is known")
        self.assertNotIn("Canary", everybody, "who it is goes along where it is asked for")
        file = self.export(self.clinic, "--person", person, "--person", "ehr/Patient/p2", "--only", "facts",
                           "--with-patient")
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        self.assertEqual(len(lines), 2)
        kinds = {entry["resource"]["resourceType"] for line in lines for entry in line["entry"]}
        self.assertEqual(kinds, {"Patient", "Observation", "QuestionnaireResponse", "Condition", "Encounter", "Consent"})
        taken = self.oak.ask("import", file, "--feed", "elm", "--rejected", self.home / "rejected.csv")
        self.assertEqual(taken["refused"], 0, taken)
        kept = self.rows(self.oak, 0, "consent", "import", file, "--feed", "elm")
        self.assertEqual([each["outcome"] for each in kept], ["kept"] * 3, kept)
        for n in (1, 2):
            there, here = f"elm/Patient/p{n}", f"ehr/Patient/p{n}"
            self.assertEqual(self.facts(self.oak, there), self.facts(self.clinic, here), f"person {n}")
            self.assertLessEqual(self.signed(self.clinic, here), self.signed(self.oak, there))
            for purpose in ("referral", "treatment", "research"):
                asked = ("--recipient", self.bank.uri, "--category", DOMAIN, "--purpose", purpose)
                self.assertEqual(self.oak.ask("consent", "check", "--person", there, *asked)["answer"],
                                 self.clinic.ask("consent", "check", "--person", here, *asked)["answer"], purpose)
        self.assertEqual(len(self.signed(self.clinic, person)), 4)
        stages = dict(self.facts(self.oak, "elm/Patient/p1")["stages"])
        self.assertEqual((stages["Z59.41"], stages["Z59.00"]), ("CODE_STAGE_CODED", "CODE_STAGE_CODED"))
        # Once more changes nothing; a yes that was taken back elsewhere is a person's to take back here.
        again = self.rows(self.oak, 0, "consent", "import", file, "--feed", "elm")
        self.assertEqual([each["outcome"] for each in again], ["as it was"] * 3)
        self.assertEqual(len(self.oak.ask("consent", "list", "elm/Patient/p1")), 2)
        self.must(self.clinic, "consent", "revoke", self.clinic.ask("consent", "list", "ehr/Patient/p2")[0]["id"])
        file = self.export(self.clinic, "--person", "ehr/Patient/p2", "--only", "facts")
        differs = self.rows(self.oak, 1, "consent", "import", file, "--feed", "elm")
        self.assertEqual([each["outcome"] for each in differs], ["differs"])
        self.assertIn("equinode consent revoke", differs[0]["why"])
        self.assertEqual(self.oak.ask("consent", "list", "elm/Patient/p2")[0]["revoked"], "")
        # What was exported from there says the same again.
        back = self.export(self.oak, "--person", "elm/Patient/p1", "--only", "facts")
        taken = self.oak.ask("import", back, "--feed", "elm", "--rejected", self.home / "rejected.csv")
        self.assertEqual((taken["refused"], taken["created"], taken["changed"]), (0, 0, 0), taken)
        # Two people of whom the staff did the same, at visits that are called the same.
        p4, p5 = "ehr/Patient/p4", "ehr/Patient/p5"
        for who, clinician in ((p4, "Pat Williams MSW"), (p5, "Ann Lee MD")):
            self.must(self.clinic, "need", "found", who, DOMAIN)
            self.must(self.clinic, "need", "confirm", who, DOMAIN, "Z59.41", "--clinician", clinician)
            self.must(self.clinic, "need", "code", who, DOMAIN, "Z59.41", "--encounter", "visit-9")
        self.must(self.clinic, "need", "refute", p5, DOMAIN, "Z59.41", "--reason", "lives with family")
        both = self.export(self.clinic, "--person", p4, "--person", p5, "--only", "facts", "--with-patient")
        taken = self.oak.ask("import", both, "--feed", "elm", "--rejected", self.home / "rejected.csv")
        self.assertEqual((taken["refused"], taken["changed"]), (0, 0), taken)
        for n in (4, 5):
            self.assertEqual(self.facts(self.oak, f"elm/Patient/p{n}")["stages"],
                             self.facts(self.clinic, f"ehr/Patient/p{n}")["stages"], f"person {n}")
        # Each reading is in the log as a disclosure.
        log = [one for one in self.clinic.ask("audit", "list", "--disclosures", "--most", 1000)
               if "ListNeedRecords" in json.dumps(one)]
        self.assertGreaterEqual(len(log), 3)

    def test_a_referral_is_the_same_in_the_file_and_at_both_ends(self):
        person = "ehr/Patient/p3"
        self.consent(person)
        referral = self.clinic.ask("referral", "create", "--person", person, "--domain", DOMAIN, "--to", self.bank.uri,
                                   "--field", "client_name=Maria Canary", "--field", "service_text=food box")["id"]
        self.awaits(self.bank, referral, "requested")
        self.must(self.bank, "referral", "accept", referral, "--note", "come on Friday")
        self.must(self.bank, "referral", "complete", referral, "--evidence",
                  f"http://snomed.info/sct|710925007|{day(0)}")
        self.awaits(self.clinic, referral, "completed")
        self.must(self.clinic, "referral", "acknowledge", referral)
        Node.wait(lambda: self.bank.ask("referral", "show", referral)["referral"].get("loop_closed"), "the loop")
        file = self.export(self.clinic, "--referral", referral)
        bundle = json.loads(file.read_text())
        by_type = {}
        for entry in bundle["entry"]:
            by_type.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
        self.assertEqual({kind: len(found) for kind, found in by_type.items()},
                         {"ServiceRequest": 1, "Task": 1, "Procedure": 1, "Consent": 1})
        task = by_type["Task"][0]
        self.assertEqual((task["status"], by_type["ServiceRequest"][0]["status"]), ("completed", "completed"))
        self.assertEqual(task["note"][0]["text"], "come on Friday")
        self.assertEqual(task["output"][0]["valueReference"]["reference"], "Procedure/" + by_type["Procedure"][0]["id"])
        # Both ends read it as what they hold; who the person is at the clinic the bank is not told.
        for node in (self.clinic, self.bank):
            same = self.rows(node, 0, "referral", "import", file)
            self.assertEqual([each["outcome"] for each in same], ["the same"], same)
        theirs = self.export(self.bank, "--referral", referral).read_text()
        self.assertNotIn(person, theirs)
        self.assertNotIn('"Consent"', theirs)
        self.assertIn("Maria Canary", theirs)
        # A file that says otherwise changes nothing.
        other = copy.deepcopy(bundle)
        other["entry"][1]["resource"]["status"] = "failed"
        other["entry"][1]["resource"]["note"][0]["text"] = "never came"
        forged = self.home / "forged.json"
        forged.write_text(json.dumps(other))
        differs = self.rows(self.clinic, 1, "referral", "import", forged)
        self.assertEqual((differs[0]["outcome"], differs[0]["why"]), ("differs", "Task.status, Task.note"))
        self.assertEqual(self.state(self.clinic, referral), "completed")
        # Where nobody has seen it happen, nobody says that it did.
        self.refused(self.oak, "NOT_AN_OPEN_ORDER", 65, "referral", "import", file, "--feed", "elm")
        self.assertEqual(self.oak.ask("referral", "outbox"), [])
        # Everything, a line each; what changed after a cursor.
        code, out, err = self.clinic.cli("export", "fhir", "--all", "--only", "referrals")
        self.assertEqual(code, 0, err)
        listed = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(listed), len(self.clinic.ask("referral", "outbox")))
        code, out, err = self.clinic.cli("export", "fhir", "--after", 0)
        self.assertEqual((code, len(out.splitlines())), (0, len(listed)), err)
        cursor = err.split("--after ")[1].split()[0]
        code, out, err = self.clinic.cli("export", "fhir", "--after", cursor)
        self.assertEqual((code, out), (0, ""), err)
        code, out, err = self.clinic.cli("export", "fhir", "--person", person, "--state", "requested")
        self.assertEqual((code, out), (0, ""), err)
        log = [one for one in self.clinic.ask("audit", "list", "--disclosures", "--most", 1000)
               if "ExportReferral" in json.dumps(one)]
        self.assertGreaterEqual(len(log), 3)

    def test_another_systems_order_is_asked_for_once_and_under_our_rules(self):
        file = self.home / "order.json"
        file.write_text(json.dumps(order("p4", "two bags a week")))
        asked = ("referral", "import", file, "--feed", "ehr")
        self.refused(self.clinic, "NO_TARGET", 65, *asked)
        self.refused(self.clinic, "NO_FEED", 65, "referral", "import", file, "--to", self.bank.uri)
        dry = self.rows(self.clinic, 0, *asked, "--to", self.bank.uri, "--dry-run")
        self.assertEqual(dry[0]["outcome"], "would be sent")
        self.refused(self.clinic, "NO_CONSENT", 65, *asked, "--to", self.bank.uri)
        self.consent("ehr/Patient/p4")
        sent = self.rows(self.clinic, 0, *asked, "--to", self.bank.uri)
        self.assertEqual(sent[0]["outcome"], "sent", sent)
        self.assertEqual(sent[0]["order"], "https://ehr.example/orders|A-78")
        referral = sent[0]["referral"]
        self.awaits(self.bank, referral, "requested")
        shown = self.bank.ask("referral", "show", referral)
        self.assertEqual((shown["referral"]["priority"], shown["order"]), ("urgent", {"service_text": "two bags a week"}))
        again = self.rows(self.clinic, 0, *asked, "--to", self.bank.uri)
        self.assertEqual(again[0]["referral"], referral, "read twice is read once")
        file.write_text(json.dumps(order("p4", "three bags a week")))
        self.refused(self.clinic, "STILL_OPEN", 65, *asked, "--to", self.bank.uri)
        # Two people in one order; a story that is over; one that nobody wants; a word that is none.
        wrong = order("p4", "x")
        wrong["entry"][0]["resource"]["subject"] = {"reference": "Patient/p1"}
        over = order("p4", "x", status="completed")
        unwanted = order("p4", "x")
        unwanted["entry"][0]["resource"]["status"] = "revoked"
        lines = [wrong, over, unwanted, order("p4", "x", status="received"), order("p4", "x", focus={}), {"resourceType": "Patient"}]
        many = self.home / "orders.ndjson"
        many.write_text("".join(json.dumps(one) + "\n" for one in lines) + "{\n")
        rows = self.rows(self.clinic, 65, "referral", "import", many, "--feed", "ehr", "--to", self.bank.uri)
        self.assertEqual([(each["line"], each["outcome"]) for each in rows],
                         [(1, "BAD_FHIR"), (2, "NOT_AN_OPEN_ORDER"), (3, "NOT_AN_OPEN_ORDER"), (4, "BAD_FHIR"),
                          (5, "BAD_FHIR"), (6, "BAD_FHIR"), (7, "BAD_FHIR")])
        self.assertIn("ServiceRequest.subject", rows[0]["why"])

    def test_a_file_is_of_one_feed(self):
        """Two feeds may have a Patient/p1 each; who reads the file would make one person of them."""
        source = self.home / "other.ndjson"
        source.write_text("".join(json.dumps(one) + "\n" for one in people()))
        self.must(self.oak, "import", source, "--feed", "a", "--rejected", self.home / "rejected.csv")
        self.must(self.oak, "import", source, "--feed", "b", "--rejected", self.home / "rejected.csv")
        out = self.home / "feeds.ndjson"
        self.refused(self.oak, "--feed NAME", 64, "export", "fhir", "--all", "--only", "facts", "--out", out)
        self.refused(self.oak, "--feed NAME", 64, "export", "fhir", "--person", "a/Patient/p1", "--person", "b/Patient/p2",
                     "--only", "facts", "--out", out)
        self.assertFalse(out.exists())
        file = self.export(self.oak, "--all", "--only", "facts", "--feed", "b")
        self.assertEqual(len(file.read_text().splitlines()), 2, "the two of whom something is known")
        taken = self.oak.ask("import", file, "--feed", "b", "--rejected", self.home / "rejected.csv")
        self.assertEqual((taken["refused"], taken["created"], taken["changed"]), (0, 0, 0), taken)

    def test_what_is_wrong_is_said(self):
        nobody = "01920000-0000-7000-8000-000000000001"
        export = ("export", "fhir")
        self.refused(self.clinic, "say what to write", 64, *export)
        self.refused(self.clinic, "say what to write", 64, *export, "--all", "--after", 3)
        self.refused(self.clinic, "leave -o out", 64, "-o", "csv", *export, "--all")
        self.refused(self.clinic, "--only is", 64, *export, "--all", "--only", "needs")
        self.refused(self.clinic, "--only facts", 64, *export, "--all", "--only", "facts", "--open")
        self.refused(self.clinic, "--box, --state and --open", 64, *export, "--referral", nobody, "--open")
        self.refused(self.clinic, "BAD_BOX", 65, *export, "--all", "--box", "attic")
        out = self.home / "none.json"
        self.refused(self.clinic, "NO_SUCH_REFERRAL", 1, *export, "--referral", nobody, "--out", out)
        self.refused(self.clinic, "BAD_REFERRAL_ID", 65, *export, "--referral", "17", "--out", out)
        self.refused(self.clinic, "NO_SUCH_PERSON", 1, *export, "--person", "ehr/Patient/none", "--out", out)
        self.assertFalse(out.exists())
        self.assertEqual(list(self.home.glob("none.json*")), [])
        self.refused(self.clinic, "CANNOT_WRITE", 1, *export, "--all", "--out", self.home / "no/such/folder.json")
        empty = self.home / "empty.json"
        for text, args, why in (("", ("referral", "import"), "no Task"), ("", ("consent", "import", "--feed", "ehr"), "no Consent"),
                                ("{", ("referral", "import"), "BAD_FHIR"), ("[]", ("consent", "import", "--feed", "ehr"), "BAD_FHIR")):
            empty.write_text(text)
            self.refused(self.clinic, why, 65, *args, empty)
        self.refused(self.clinic, "NO_SUCH_FILE", 65, "referral", "import", self.home / "nothing")
        self.refused(self.clinic, "is a folder", 65, "consent", "import", self.home, "--feed", "ehr")
        alone = self.home / "alone.json"
        for text, why in ((json.dumps(order("p1", "x")["entry"][0]["resource"]), "alone; put the Task, its ServiceRequest"),
                          ('{"resourceType": "Bundle",\n "entry": [', "not JSON at line 2, column 12: it ends too early")):
            alone.write_text(text)
            self.assertIn(why, json.dumps(self.rows(self.clinic, 65, "referral", "import", alone)))
        # One rule for all: what is good is kept, and 65 says that something was refused.
        half = self.home / "half.ndjson"
        half.write_text(json.dumps(people()[0]) + "\n{\"resourceType\": \"Patient\",\n")
        code, out, err = self.clinic.cli("-o", "json", "import", half, "--feed", "half", "--rejected", self.home / "half.csv")
        self.assertEqual((code, json.loads(out)["refused"], json.loads(out)["created"]), (65, 1, 1), err)
        self.refused(self.clinic, "--feed", 64, "consent", "import", empty)
        bundle = self.home / "task.json"
        bundle.write_text(json.dumps(order("p1", "x")))
        code, _, err = self.clinic.cli("import", bundle, "--feed", "ehr", "--rejected", self.home / "rejected.csv")
        self.assertEqual(code, 0, err)
        self.assertIn("equinode referral import", err)


if __name__ == "__main__":
    unittest.main()
