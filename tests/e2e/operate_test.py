#!/usr/bin/env python3
"""What an operator does to a running node, with the real programs: renewals, old backups, stops."""
import gzip
import json
import pathlib
import shutil
import signal
import tempfile
import time
import unittest

import program
from node import Node

NETWORK = "operate.test"


class Operate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="equinode-operate-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        program.certs("ca", NETWORK, self.home / "ca")
        self.qhio, self.elm = Node(self.home, "qhio", "bay", NETWORK), Node(self.home, "practice", "elm", NETWORK)
        self.addCleanup(lambda: [n.kill() for n in (self.qhio, self.elm) if n.child.poll() is None])
        self.must(self.elm, "peer", "add", self.qhio.pem, "--address", self.qhio.address, "--take-over-renewals")
        self.must(self.qhio, "peer", "add", self.elm.pem, "--take-over-renewals")
        self.must(self.elm, "share", "set", self.qhio.uri, "--kinds", "person,coverage")

    def must(self, node, *args):
        code, out, err = node.cli(*args)
        self.assertEqual(code, 0, f"{args}: {err}")
        return out

    def take_in(self, seed, people=40):
        made = self.home / f"made-{seed}"
        code, _, err = program.run("generate", "--out", made, "--people", people, "--organisation", "elm", "--seed",
                                   seed, home=self.home)
        self.assertEqual(code, 0, err)
        code, _, err = self.elm.cli("import", made / "elm", "--profile", made / "profiles/elm.toml", "--feed",
                                    f"feed-{seed}", "--rejected", self.home / f"rejected-{seed}.csv")
        self.assertIn(code, (0, 1, 65), err)

    def persons(self, node):
        return node.ask("status")["persons"]

    def await_persons(self, wanted):
        Node.wait(lambda: self.persons(self.qhio) == wanted, f"{wanted} people at the QHIO")

    def actions(self, node, action):
        return [e for e in node.ask("audit", "list") if e["action"].endswith(action)]

    def faults(self, node):
        return {link["fault"] for link in node.ask("status")["links"]} - {""}

    def imported(self, *args):
        """The account of an import to the end."""
        code, out, err = self.elm.cli("-o", "json", "import", *args, "--feed", "f", "--rejected",
                                      self.home / "rejected.csv")
        self.assertIn(code, (0, 65), err)
        account = json.loads(out)
        self.assertEqual(code, 65 if account["refused"] else 0, account)
        return account

    def assert_nothing_new(self, account, what):
        counts = {word: account[word] for word in ("created", "changed", "older", "not_restated")}
        self.assertEqual(set(counts.values()), {0}, f"{what}: {counts}")
        self.assertGreater(account["unchanged"], 0, what)

    def test_the_same_content_under_another_name_changes_nothing(self):
        made = self.home / "made"
        code, _, err = program.run("generate", "--out", made, "--people", 3000, "--organisation", "elm", home=self.home)
        self.assertEqual(code, 0, err)
        first = self.imported(made / "elm")
        self.assertGreater(first["changed"], 20, "the made files hold people in two versions")
        rows = self.elm.ask("status")["records"]
        self.assert_nothing_new(self.imported(made / "elm", "--from-start"), "from the start")
        shutil.copytree(made / "elm", self.home / "copy")
        self.assert_nothing_new(self.imported(self.home / "copy"), "in another folder")
        other = self.home / "other"
        other.mkdir()
        for file in sorted((made / "elm").iterdir()):
            with gzip.open(other / f"again-{file.name}.gz", "wb") as packed:
                packed.write(file.read_bytes())
        self.assert_nothing_new(self.imported(other), "gzipped")
        # With one line more it is another file, and only that line is new.
        patients = self.home / "copy/Patient.ndjson"
        patients.write_bytes(b'{"resourceType":"Patient","id":"new-one","birthDate":"1980-01-01"}\n' + patients.read_bytes())
        account = self.imported(self.home / "copy")
        self.assertEqual((account["created"], account["changed"]), (1, 0))
        self.assertEqual(self.elm.ask("status")["records"], rows + 1)

    def test_an_older_export_does_not_undo_what_is_newer(self):
        def export(name, *versions):
            path = self.home / name
            path.write_text("".join(
                json.dumps({"resourceType": "Patient", "id": "p", "birthDate": born, **({"meta": meta} if meta else {})}) + "\n"
                for born, meta in versions))
            return path

        def born():
            return self.elm.ask("person", "show", "f/Patient/p")["record"]

        def at(day):
            return {"lastUpdated": f"2025-03-{day:02}T10:00:00.000Z"}
        newer = export("b.ndjson", ("1982-01-01", at(20)))
        older = export("c.ndjson", ("1981-01-01", at(10)))
        self.assertEqual(self.imported(newer)["created"], 1)
        now = born()
        account = self.imported(older)
        self.assertEqual((account["changed"], account["older"]), (0, 1))
        self.assertEqual(born(), now)
        # Both in one import, in either order of files.
        for folder, names in (("one", "ab"), ("two", "ba")):
            (self.home / folder).mkdir()
            for name, source in zip(names, (newer, older)):
                shutil.copy(source, self.home / folder / f"{name}.ndjson")
            self.assertEqual(self.imported(self.home / folder)["changed"], 0, folder)
        self.assertEqual(self.imported(export("d.ndjson", ("1981-01-01", at(25))))["changed"], 1)
        # Without a word on when: what is new is taken, what was here before is not, unless that is said.
        self.assertEqual(self.imported(export("e.ndjson", ("1983-01-01", None)))["changed"], 1)
        now = born()
        again = export("g.ndjson", ("1982-01-01", None))
        account = self.imported(again)
        self.assertEqual((account["changed"], account["not_restated"]), (0, 1))
        self.assertEqual(born(), now)
        code, _, err = self.elm.cli("import", again, "--feed", "f", "--rejected", self.home / "rejected.csv")
        self.assertEqual(code, 0, err)
        self.assertIn("--restate", err)
        self.assertEqual(self.imported(again, "--restate")["changed"], 1)
        self.assertNotEqual(born(), now)

    def test_a_renewal_is_announced_by_the_old_key_and_nothing_stops(self):
        self.take_in(1)
        self.await_persons(self.persons(self.elm))
        program.certs("renew", self.home / "ca", "practice", "elm")
        made, used = self.home / "ca/practice/elm", self.elm.folder / "certificates"
        fresh = program.fingerprint(made / "node.pem")
        self.assertNotEqual(fresh, program.fingerprint(used / "node.pem"))
        for name in ("node.1.pem", "node.1.key", "node.key", "node.pem"):
            shutil.copyfile(made / name, used / name)
            (used / name).chmod(0o600)

        def states():
            return {one["certificate"]: one["state"] for one in self.qhio.ask("peer", "list")}
        Node.wait(lambda: fresh in states(), "the notice of the new certificate")
        Node.wait(lambda: self.actions(self.elm, "KEYS_CHANGED"), "the new pair to be in use")
        self.assertEqual(len(self.actions(self.elm, "KEYS_ANNOUNCED")), 1)
        # What is made from then on arrives under the new key, without a word of any operator.
        self.take_in(2)
        self.await_persons(self.persons(self.elm))
        self.assertIn(states()[fresh], ("next", "current"), "good for both sides, and used")
        self.assertEqual(self.qhio.ask("status")["dead_letters"], 0)

    def test_links_begin_anew_after_an_old_backup(self):
        self.take_in(1)
        before = self.persons(self.elm)
        self.await_persons(before)
        self.elm.stop()
        # The whole folder, anchor included: nobody on that machine can tell.
        shutil.copytree(self.elm.folder, self.home / "backup")
        self.elm.start()
        # Its log has grown well past the backup's when the peer last hears of it.
        for _ in range(60):
            self.elm.ask("status")
        self.take_in(2)
        self.await_persons(self.persons(self.elm))
        self.elm.stop()
        shutil.rmtree(self.elm.folder)
        shutil.copytree(self.home / "backup", self.elm.folder)
        self.elm.start()
        self.assertEqual(self.persons(self.elm), before)
        self.take_in(3)
        time.sleep(1)  # Each look is an entry of its log.
        Node.wait(lambda: self.faults(self.elm), "the links to stand still")
        code = self.elm.ask("peer", "begin-anew", self.qhio.uri)["code"]
        slip = code[:-1] + ("0" if code[-1] != "0" else "1")
        got, _, err = self.qhio.cli("peer", "begin-anew", self.elm.uri, "--code", slip)
        self.assertEqual(got, 65)
        self.assertIn("BAD_LINK_CODE", err)
        self.assertFalse(self.qhio.ask("peer", "begin-anew", self.elm.uri, "--code", code)["already"])
        self.assertTrue(self.qhio.ask("peer", "begin-anew", self.elm.uri, "--code", code)["already"])
        # R10: with the first envelope of its second life the peer notices the log that went back, and says so.
        Node.wait(lambda: any(one["audit_faults"] for one in self.qhio.ask("peer", "list")), "the peer to notice")
        self.assertTrue(self.actions(self.qhio, "PEER_AUDIT_WENT_BACK"))
        # Everything of the restored node arrives; what it lost and the QHIO has stays there.
        lost = 40
        Node.wait(lambda: self.persons(self.qhio) >= self.persons(self.elm) + lost // 2, "what was made since")
        Node.wait(lambda: all(l["waiting"] == 0 and l["done"] == l["given"] for l in self.elm.ask("status")["links"]
                              if l["direction"] == "out" and l["lane"] != "control"), "all to be receipted")
        for node in (self.elm, self.qhio):
            self.assertEqual(self.faults(node), set())
            self.assertEqual(len([e for e in self.actions(node, "BeginLinksAnew") if e["outcome"] == "OK"]),
                             1 if node is self.elm else 2)
        for node in (self.elm, self.qhio):
            node.stop()
            node.daemon("audit", "verify", "--config", node.config)

    def test_a_start_and_a_stop_are_an_entry_each_and_nothing_is_denied(self):
        self.elm.stop()
        self.elm.start()
        entries = self.elm.ask("audit", "list")
        self.assertEqual([e for e in entries if e["outcome"] not in ("OK", "NOT_READY")], [],
                         "the node's call of itself is no denial")
        self.assertEqual(len([e for e in entries if e["action"] == "NODE_STARTED"]), 2)
        self.assertEqual(len([e for e in entries if e["action"] == "NODE_STOPPED"]), 1)

    def test_TF12_a_stop_during_the_start_and_a_second_one_end_in_good_order(self):
        for wait in (0.0, 0.03, 0.1, 0.3):
            self.elm.stop()
            self.elm.spawn()
            time.sleep(wait)
            begun = time.monotonic()
            self.elm.child.send_signal(signal.SIGTERM)
            self.elm.child.send_signal(signal.SIGTERM)
            code = self.elm.child.wait(30)
            # Before it has a handler the signal ends it, as any program; after that it ends itself.
            self.assertIn(code, (0, -signal.SIGTERM), wait)
            self.assertLess(time.monotonic() - begun, 20)
            self.elm.start()
        self.take_in(1)
        self.await_persons(self.persons(self.elm))
        self.elm.stop()
        self.elm.daemon("audit", "verify", "--config", self.elm.config)


if __name__ == "__main__":
    unittest.main()
