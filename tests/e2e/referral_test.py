#!/usr/bin/env python3
"""Referrals and consent with the real programs, as a clinic, a food bank and a pantry without a node use them.

Three nodes: a practice that only dials out, a food bank with a node, a QHIO that hosts the pantry.
"""
import csv
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

import program
from node import Node

NETWORK = "referral.test"
DOMAIN = "food-insecurity"
TODAY = time.strftime("%Y-%m-%d", time.gmtime())
SOON = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))


class Referrals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="equinode-referral-")
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        program.certs("ca", NETWORK, cls.home / "ca")
        cls.clinic = Node(cls.home, "practice", "elm", NETWORK)
        cls.bank = Node(cls.home, "cbo", "foodbank", NETWORK)
        cls.qhio = Node(cls.home, "qhio", "bay", NETWORK)
        nodes = (cls.clinic, cls.bank, cls.qhio)
        cls.addClassCleanup(lambda: [n.kill() for n in nodes if n.child.poll() is None])
        for other in (cls.bank, cls.qhio):
            cls.must(cls.clinic, "peer", "add", other.pem, "--address", other.address)
            cls.must(other, "peer", "add", cls.clinic.pem)
        cls.pantry = f"spiffe://{NETWORK}/cbo/pantry"
        cls.shelter = f"spiffe://{NETWORK}/cbo/shelter"
        for name in ("pantry", "shelter"):
            program.certs("operator", cls.home / "ca", "cbo", name, "pat")
        for each in (cls.pantry, cls.shelter):
            cls.must(cls.qhio, "host", "add", each)
            cls.must(cls.clinic, "host", "add", each, "--at", cls.qhio.uri)
        made = cls.home / "made"
        code, _, err = program.run("generate", "--out", made, "--people", 20, "--organisation", "elm", "--seed", 7,
                                   home=cls.home)
        assert code == 0, err
        code, _, err = cls.clinic.cli("import", made / "elm", "--profile", made / "profiles/elm.toml", "--feed", "feed",
                                      "--rejected", cls.home / "rejected.csv")
        assert code in (0, 1, 65), err
        cls.people = [one["source_id"] for one in cls.clinic.ask("person", "list")]
        cls.form = cls.home / "form.pdf"
        cls.form.write_bytes(b"%PDF signed by hand")

    @staticmethod
    def must(node, *args):
        code, out, err = node.cli(*args)
        assert code == 0, f"{args}: {code} {err}"
        return out

    def hosted(self, name, *args):
        """As an operator of an organisation without a node, at the QHIO's."""
        return program.run("--node", self.qhio.address, "--node-uri", self.qhio.uri, "--identity",
                           self.home / "ca/cbo" / name / "operator", *args, home=self.home)

    def as_hosted(self, name, *args):
        code, out, err = self.hosted(name, "-o", "json", *args)
        self.assertEqual(code, 0, f"{args}: {err}")
        return json.loads(out) if out.strip() else None

    def refused(self, node, wanted, exit_code, *args):
        code, out, err = node.cli(*args)
        self.assertIn(wanted, err, args)
        self.assertEqual(code, exit_code, f"{args}: {err}")
        self.assertEqual(out, "")

    def consent(self, person, *more):
        return self.clinic.ask("consent", "give", "--person", person, "--recipient", "class:cbo", "--category", DOMAIN,
                               "--signed", TODAY, "--document", self.form, *more)["id"]

    def create(self, person, to, *more):
        return self.clinic.ask("referral", "create", "--person", person, "--domain", DOMAIN, "--to", to, "--field",
                               "client_name=Maria Canary", "--field", "service_text=food box", *more)["id"]

    def state(self, node, referral):
        code, out, _ = node.cli("-o", "json", "referral", "show", referral)
        return json.loads(out)["referral"]["state"] if code == 0 else ""

    def awaits(self, node, referral, state):
        Node.wait(lambda: self.state(node, referral) == state, f"{referral} to be {state} at {node.name}")

    def test_a_loop_is_closed_over_two_nodes(self):
        person = self.people[0]
        self.refused(self.clinic, "NO_CONSENT", 1, "referral", "create", "--person", person, "--domain", DOMAIN, "--to",
                     self.bank.uri, "--field", "service_text=food box")
        self.consent(person)
        self.assertEqual(self.clinic.ask("consent", "check", "--person", person, "--recipient", self.bank.uri,
                                         "--category", DOMAIN)["answer"], "given")
        referral = self.create(person, self.bank.uri)
        self.awaits(self.bank, referral, "requested")
        self.assertIn(referral, self.must(self.bank, "referral", "inbox"))
        self.assertIn("accept or reject", self.must(self.bank, "referral", "worklist"))
        self.refused(self.bank, "NO_SUCH_MOVE", 1, "referral", "start", referral)
        self.refused(self.bank, "REASON_REQUIRED", 65, "referral", "reject", referral)
        self.refused(self.bank, "2026-11-27", 64, "referral", "schedule", referral, "--when", "tomorrow")
        self.must(self.bank, "referral", "accept", referral)
        self.must(self.bank, "referral", "schedule", referral, "--when", SOON)
        self.refused(self.bank, "RESULT_REQUIRED", 65, "referral", "complete", referral)
        self.refused(self.bank, "BAD_EVIDENCE", 65, "referral", "complete", referral, "--evidence", "foo|bar|1890-01-01")
        self.refused(self.bank, "BAD_TIME", 65, "referral", "hold", referral, "--reason", "waiting-list", "--when",
                     "2001-01-01")
        self.refused(self.bank, "NOTHING_TO_SETTLE", 1, "referral", "settle", referral, "--as", "lost", "--note", "x")
        self.must(self.bank, "referral", "complete", referral, "--reported-by", "Tim")
        self.refused(self.bank, "NO_SUCH_MOVE", 1, "referral", "accept", referral)
        self.awaits(self.clinic, referral, "completed")
        self.must(self.clinic, "referral", "acknowledge", referral)
        Node.wait(lambda: self.clinic.ask("referral", "show", referral)["referral"].get("loop_closed"), "the loop")
        ours = self.clinic.ask("referral", "show", referral)["history"]
        theirs = self.bank.ask("referral", "show", referral)["history"]
        self.assertEqual(ours, theirs, "one story at both ends")
        self.assertEqual([one["event"] for one in ours],
                         ["create", "receive", "accept", "schedule", "complete", "acknowledge"])
        # A bare day is its first moment.
        self.assertEqual(ours[3]["when"], f"{SOON}T00:00:00Z")
        people = self.must(self.bank, "referral", "show", referral)
        # Who of which organisation did it: both may have somebody of that name.
        self.assertRegex(people, r"create +\S+ of \S+")
        self.assertRegex(people, r"accept +\S+ of foodbank")
        self.assertIn("Maria Canary", people)
        self.assertNotIn(person, people, "who it is at the clinic is the clinic's")
        # What a program reads has one heading.
        for part, heading in ((), "property,value"), (("--part", "state"), "property,value"), \
                (("--part", "history"), "#,at,event,by,state,reason,note"), (("--part", "order"), "property,value"):
            code, out, err = self.bank.cli("-o", "csv", "referral", "show", referral, *part)
            rows = list(csv.reader(out.splitlines()))
            self.assertEqual((code, ",".join(rows[0]), {len(row) for row in rows}), (0, heading, {len(rows[0])}), err)
        self.assertEqual(len(self.bank.ask("referral", "show", referral, "--part", "history")), 6)
        self.refused(self.bank, "--part", 64, "referral", "show", referral, "--part", "all")
        # Lists by what somebody asks for.
        listed = lambda node, *more: {one["id"] for one in node.ask("referral", *more)}
        self.assertIn(referral, listed(self.bank, "inbox", "--domain", DOMAIN, "--organisation", self.clinic.uri))
        self.assertIn(referral, listed(self.clinic, "outbox", "--domain", DOMAIN, "--organisation", self.bank.uri))
        self.assertNotIn(referral, listed(self.clinic, "outbox", "--organisation", self.pantry))
        self.assertNotIn(referral, listed(self.bank, "inbox", "--domain", "homelessness"))
        self.assertNotIn(referral, listed(self.bank, "inbox", "--overdue"))
        self.refused(self.bank, "UNKNOWN_DOMAIN", 65, "referral", "inbox", "--domain", "food")
        self.refused(self.bank, "BAD_IDENTITY", 65, "referral", "inbox", "--organisation", "the clinic")

    def test_what_is_wrong_is_said(self):
        person = self.people[1]
        self.consent(person)
        create = ("referral", "create", "--person", person, "--domain", DOMAIN, "--field", "service_text=x")
        self.refused(self.clinic, "NO_SUCH_PEER", 1, *create, "--to", f"spiffe://{NETWORK}/cbo/nobody")
        self.refused(self.clinic, "BAD_IDENTITY", 65, *create, "--to", "the food bank")
        self.refused(self.clinic, "NO_SUCH_FIELD", 65, *create, "--to", self.bank.uri, "--field", "diagnosis=Z59.41")
        self.refused(self.clinic, "--field", 64, *create, "--to", self.bank.uri, "--field", "diagnosis")
        self.refused(self.clinic, "NO_SUCH_PERSON", 1, "referral", "create", "--person", "feed/Patient/none", "--domain",
                     DOMAIN, "--to", self.bank.uri, "--field", "service_text=x")
        self.refused(self.clinic, "SAFE_CONTACT_NEEDED", 65, "referral", "create", "--person", person, "--domain",
                     "intimate-partner-violence", "--to", self.bank.uri, "--field", "service_text=x")
        # It will not fit another time either.
        self.refused(self.clinic, "MESSAGE_TOO_LARGE", 65, *create, "--to", self.bank.uri, "--field",
                     "note=" + "x" * 100_000)
        self.refused(self.clinic, "BAD_REFERRAL_ID", 65, "referral", "show", "17")
        self.refused(self.clinic, "NO_SUCH_REFERRAL", 1, "referral", "accept", "01920000-0000-7000-8000-000000000001")
        self.refused(self.clinic, "NO_SUCH_ORDER", 1, "referral", "order", "01920000-0000-7000-8000-000000000001")
        self.refused(self.clinic, "NO_SUCH_CONSENT", 1, "consent", "revoke", "01920000-0000-7000-8000-000000000001")
        self.refused(self.clinic, "BAD_CONSENT", 65, "consent", "give", "--person", person, "--recipient", "class:bank",
                     "--category", DOMAIN, "--signed", TODAY, "--document", self.form)
        self.refused(self.clinic, "BAD_CONSENT", 65, "consent", "give", "--person", person, "--recipient", "class:cbo",
                     "--category", DOMAIN, "--signed", "2999-01-01", "--document", self.form)
        self.refused(self.clinic, "form", 65, "consent", "give", "--person", person, "--recipient", "class:cbo",
                     "--category", DOMAIN, "--signed", TODAY, "--document", self.home / "no such form")
        self.refused(self.clinic, "BAD_HOST", 65, "host", "add", f"spiffe://{NETWORK}/practice/oak", "--at",
                     self.qhio.uri)
        self.refused(self.bank, "BAD_CAPACITY", 65, "referral", "capacity", "set", "--domain", DOMAIN, "--status",
                     "plenty", "--until", SOON)
        self.refused(self.bank, "CURSOR_AHEAD", 1, "referral", "watch", "--once", "--after", "999999")

    def test_a_pantry_without_a_node(self):
        person = self.people[2]
        self.consent(person)
        # Capacity first: nobody has said, then they have.
        self.clinic.ask("referral", "capacity", "ask", "--organisation", self.pantry, "--domain", DOMAIN)
        known = lambda: self.clinic.ask("referral", "capacity", "list", "--organisation", self.pantry)[0]
        Node.wait(lambda: "no answer" not in known()["asked"], "an answer about capacity")
        self.assertEqual(known()["status"], "unknown")
        self.as_hosted("pantry", "referral", "capacity", "set", "--domain", DOMAIN, "--status", "no-capacity", "--until",
                       SOON)
        Node.wait(lambda: known()["status"] == "no-capacity", "what the pantry has said")
        self.refused(self.clinic, "NO_CAPACITY", 1, "referral", "create", "--person", person, "--domain", DOMAIN, "--to",
                     self.pantry, "--field", "service_text=milk")
        self.as_hosted("pantry", "referral", "capacity", "set", "--domain", DOMAIN, "--status", "capacity", "--until",
                       SOON)
        Node.wait(lambda: known()["status"] == "capacity", "what the pantry has said since")

        referral = self.create(person, self.pantry)
        shown = lambda who: self.hosted(who, "-o", "json", "referral", "show", referral)
        Node.wait(lambda: shown("pantry")[0] == 0, "the referral at the QHIO")
        self.assertIn("Maria Canary", shown("pantry")[1])
        code, _, err = shown("shelter")
        self.assertEqual((code, "NO_SUCH_REFERRAL" in err), (1, True), err)
        self.assertEqual(self.as_hosted("shelter", "referral", "inbox"), [])
        self.assertEqual([one["id"] for one in self.as_hosted("pantry", "referral", "inbox")], [referral])
        self.assertEqual([one["id"] for one in self.as_hosted("pantry", "referral", "worklist")], [referral])
        for forbidden in (("status",), ("person", "list"), ("consent", "list", person), ("audit", "list"),
                          ("referral", "orders"), ("host", "list")):
            code, _, err = self.hosted("pantry", *forbidden)
            self.assertEqual(code, 77, f"{forbidden}: {err}")
        code, _, err = self.hosted("shelter", "referral", "accept", referral)
        self.assertEqual((code, "NO_SUCH_REFERRAL" in err), (1, True), err)
        self.as_hosted("pantry", "referral", "accept", referral)
        self.as_hosted("pantry", "referral", "complete", referral, "--reported-by", "Pat")
        self.awaits(self.clinic, referral, "completed")
        history = self.clinic.ask("referral", "show", referral)["history"]
        self.assertEqual(history[2]["actor"], f"{self.pantry}/operator/pat")
        acts = [one for one in self.qhio.ask("audit", "list") if one["action"].endswith("ActOnReferral")]
        self.assertEqual({one["actor"] for one in acts if one["outcome"] == "OK"}, {f"{self.pantry}/operator/pat"})
        told = self.clinic.ask("consent", "disclosures", person)
        self.assertEqual([one["recipient"] for one in told], [self.pantry])
        # Withdrawn: out with the next call.
        self.must(self.qhio, "host", "remove", self.shelter)
        code, _, err = self.hosted("shelter", "referral", "inbox")
        self.assertEqual((code, "NOT_ENROLLED" in err), (77, True), err)
        self.must(self.qhio, "host", "add", self.shelter)

    def test_one_order_for_two(self):
        person = self.people[3]
        self.consent(person)
        order = self.clinic.ask("referral", "split", "--person", person, "--domain", DOMAIN, "--to", self.bank.uri, "--to",
                                f"{self.shelter} service_text=two nights", "--field", "service_text=food box",
                                "--despite-capacity")
        self.assertEqual((order["state"], len(order["parts"])), ("requested", 2))
        parts = {one["owner"]: one["id"] for one in order["parts"]}
        self.awaits(self.bank, parts[self.bank.uri], "requested")
        Node.wait(lambda: self.hosted("shelter", "referral", "show", parts[self.shelter])[0] == 0, "the shelter's part")
        self.assertIn("two nights", self.hosted("shelter", "referral", "show", parts[self.shelter])[1])
        self.as_hosted("shelter", "referral", "reject", parts[self.shelter], "--reason", "no-capacity")
        self.must(self.bank, "referral", "accept", parts[self.bank.uri])
        self.must(self.bank, "referral", "complete", parts[self.bank.uri], "--reported-by", "Tim")
        get = lambda: self.clinic.ask("referral", "order", order["id"])
        Node.wait(lambda: get()["state"] == "completed", "the whole to be completed")
        self.assertTrue(get()["partial"])
        self.assertIn("completed, in part", self.must(self.clinic, "referral", "orders"))
        self.refused(self.clinic, "BAD_SPLIT", 65, "referral", "split", "--person", person, "--domain", DOMAIN, "--to",
                     self.bank.uri, "--field", "service_text=x")

    def test_a_watch_comes_back_where_it_was(self):
        person = self.people[4]
        self.consent(person)
        said = lambda out: [json.loads(line)["id"] for line in out.splitlines()]
        first = self.create(person, self.bank.uri)
        self.awaits(self.bank, first, "requested")
        code, out, err = self.bank.cli("-o", "json", "referral", "watch", "--once")
        self.assertEqual(code, 0, err)
        self.assertIn(first, said(out))
        cursor = re.search(r"--after (\d+)", err).group(1)
        code, out, _ = self.bank.cli("-o", "json", "referral", "watch", "--once", "--after", cursor)
        self.assertEqual((code, out), (0, ""), "nothing twice")
        # One that stays, over a restart of the node.
        log = open(self.home / "watch.out", "w+b")
        talk = open(self.home / "watch.err", "w+b")
        watch = subprocess.Popen([str(program.EQUINODE), *map(str, self.bank.options()), "-o", "json", "referral", "watch",
                                  "--after", cursor], stdout=log, stderr=talk, env={"HOME": str(self.home)})
        self.addCleanup(watch.kill)
        heard = lambda: said((self.home / "watch.out").read_text())
        second = self.create(person, self.bank.uri)
        Node.wait(lambda: second in heard(), "the watch to hear of the second")
        self.bank.stop()
        Node.wait(lambda: b"on from" in (self.home / "watch.err").read_bytes(), "the watch to notice")
        self.bank.start()
        third = self.create(person, self.bank.uri)
        Node.wait(lambda: third in heard(), "the watch to be back", 90)
        self.must(self.bank, "referral", "accept", third)
        Node.wait(lambda: heard().count(third) == 2, "the acceptance of the third")
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(30), 0, (self.home / "watch.err").read_text())
        self.assertEqual(heard().count(second), 1, "heard once, over the restart too")
        self.assertNotIn(first, heard())

    def test_a_caller_watches_no_more_than_its_share(self):
        config = self.bank.config.read_text()
        self.bank.stop()
        # Two, since a peer's exchange is made of streams too.
        self.bank.config.write_text(re.sub(r"(?m)^streams_at_once = .*", "streams_at_once = 2", config))
        self.assertIn("streams_at_once = 2", self.bank.config.read_text())
        self.bank.start()
        person = self.people[7]
        self.consent(person)
        referral = self.create(person, self.bank.uri)
        self.awaits(self.bank, referral, "requested")
        watches = []
        for name in ("one", "two"):
            with open(self.home / f"{name}.out", "wb") as out, open(self.home / f"{name}.err", "wb") as talk:
                watches.append(subprocess.Popen([str(program.EQUINODE), *map(str, self.bank.options()), "-o", "json",
                                                 "referral", "watch"], stdout=out, stderr=talk, env={"HOME": str(self.home)}))
            self.addCleanup(lambda child=watches[-1]: child.poll() is None and child.kill())
            Node.wait(lambda: referral in (self.home / f"{name}.out").read_text(), f"watch {name} to hear of it")
        code, out, err = self.bank.cli("referral", "watch", "--once")
        self.assertEqual((code, "TOO_MANY_STREAMS" in err), (75, True), err)
        watches[0].send_signal(signal.SIGINT)
        self.assertEqual(watches[0].wait(30), 0, (self.home / "one.err").read_text())
        Node.wait(lambda: self.bank.cli("referral", "watch", "--once")[0] == 0, "room for another watch")
        watches[1].send_signal(signal.SIGINT)
        self.assertEqual(watches[1].wait(30), 0, (self.home / "two.err").read_text())
        self.bank.stop()
        self.bank.config.write_text(config)
        self.bank.start()

    def test_a_revocation_is_heard_and_shown(self):
        person = self.people[5]
        consent = self.consent(person)
        referral = self.create(person, self.bank.uri)
        self.awaits(self.bank, referral, "requested")
        self.must(self.bank, "referral", "accept", referral)
        self.awaits(self.clinic, referral, "accepted")
        said = self.clinic.ask("consent", "revoke", consent)
        self.assertEqual(said["told"], self.bank.uri)
        Node.wait(lambda: self.clinic.ask("consent", "disclosures", person)[0]["heard"], "the revocation to be heard")
        self.assertNotIn("order", self.bank.ask("referral", "show", referral))
        self.assertNotIn("Maria Canary", self.must(self.bank, "referral", "show", referral))
        self.must(self.bank, "referral", "confirm-cancel", referral)
        self.awaits(self.clinic, referral, "cancelled")
        self.refused(self.clinic, "REVOKED_BEFORE", 1, "consent", "revoke", consent)
        self.refused(self.clinic, "CONSENT_REVOKED", 1, "referral", "create", "--person", person, "--domain", DOMAIN,
                     "--to", self.bank.uri, "--field", "service_text=x")
        self.assertEqual(self.bank.ask("status")["dead_letters"], 0)

    def test_labels_the_way_back_and_a_later_no(self):
        person = self.people[8]
        say = lambda verb, category, *more: self.clinic.ask(
            "consent", verb, "--person", person, "--recipient", "*", "--category", category, "--signed",
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "--document", self.form, *more)
        create = ("referral", "create", "--person", person, "--to", self.bank.uri, "--field", "service_text=help")
        safe = ("--domain", "substance-use", "--field", "safe_contact=by day")
        food = ("--domain", DOMAIN)
        check = ("consent", "check", "--person", person, "--recipient", self.bank.uri, "--category")
        self.refused(self.clinic, "food-insecurity", 65, *check, "food")
        self.refused(self.clinic, "UNKNOWN_DOMAIN", 65, *check, "fod")
        self.refused(self.clinic, "BAD_CONSENT", 65, "consent", "give", "--person", person, "--recipient",
                     f"spiffe://{NETWORK}/xyz/nobody", "--category", DOMAIN, "--signed", TODAY, "--document", self.form)
        self.refused(self.clinic, "no field diagnosis", 65, *create, *food, "--field", "diagnosis=x")
        say("give", "*")
        self.refused(self.clinic, "PART2", 1, *create, *safe)
        self.refused(self.clinic, "SOGI", 1, *create, *food, "--field", "pronouns=they/them")
        say("give", "PART2")
        code, out, err = self.clinic.cli("-o", "json", *create, *safe, "--field", "address=5 Elm St")
        self.assertEqual((code, "address" in err), (0, True), err)
        recovery = json.loads(out)["id"]
        self.awaits(self.bank, recovery, "requested")
        notice = "42 CFR part 2 prohibits"
        self.assertIn(notice, self.bank.ask("referral", "show", recovery)["notices"][0])
        self.assertIn(notice, self.bank.cli("referral", "show", recovery)[2])
        self.assertIn(notice, self.clinic.ask("consent", "disclosures", person, "--since", TODAY)[0]["notice"])
        self.assertEqual(self.clinic.ask("consent", "disclosures", person, "--since", SOON), [])
        self.refused(self.clinic, "SENSITIVE_NOTE", 65, "referral", "cancel", recovery, "--reason", "other", "--note",
                     "at 5 Elm St")

        box = self.create(person, self.bank.uri)
        self.awaits(self.bank, box, "requested")
        self.must(self.bank, "referral", "accept", box, "--note", "come on Friday")
        self.assertEqual(say("refuse", "*", "--direction", "back")["told"], self.bank.uri)
        Node.wait(lambda: "tell_back" in self.bank.ask("referral", "show", box)["order"], "the limit at the food bank")
        self.refused(self.bank, "STATUS_ONLY", 1, "referral", "interim-note", box, "--note", "came twice")
        time.sleep(1.1)  # A no counts against what was signed before it, by the second here.
        self.assertEqual(say("refuse", DOMAIN)["told"], self.bank.uri)
        Node.wait(lambda: "order" not in self.bank.ask("referral", "show", box), "the order to be gone")
        self.assertIn("order", self.bank.ask("referral", "show", recovery), "which nobody has refused")
        self.must(self.bank, "referral", "confirm-cancel", box)
        self.awaits(self.clinic, box, "cancelled")
        self.refused(self.clinic, "CONSENT_REFUSED", 1, *create, *food)

    def test_no_log_names_anybody(self):
        person = self.people[6]
        self.consent(person)
        referral = self.create(person, self.bank.uri, "--field", "phone=555-0142")
        self.awaits(self.bank, referral, "requested")
        self.bank.cli("referral", "reject", referral, "--reason", "other", "--note", "Canary in a note")
        for node in (self.clinic, self.bank, self.qhio):
            for said in ((node.folder / "log").read_text(), json.dumps(node.ask("audit", "list"))):
                for canary in ("Canary", "555-0142", person):
                    self.assertNotIn(canary, said, node.name)


if __name__ == "__main__":
    unittest.main()
