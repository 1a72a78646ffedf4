#!/usr/bin/env python3
"""kill -9 of the real programs at random moments during import and exchange.

Three nodes: the practice elm, which only dials out, the QHIO bay that it shares its records with, and the practice oak,
which takes in the same files and is never disturbed. Each round is a feed of its own: oak takes it in first, which tells
how long that lasts; then elm does, and at a random moment of that time elm's node, the QHIO's, both, or the importing
program is killed and started anew, and the import goes on to its end. A round whose import was over before the kill does
not count and another takes its place, so that each kill hits programs at work.

Held: what was durable before a kill is there after it; each round's rejected.csv has the rows of oak's, none lost and
none twice; in the end elm has the people, records and counts of oak, and the QHIO has them once; files that are read
again from the start change nothing; nothing is in dead letters; audit logs and stores of all three are whole.

EQUINODE_KILL_ROUNDS says how many kills (12 by default, 50 in CI); EQUINODE_KILL_SEED repeats a run.
"""
import csv
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time
import unittest

import program
from node import Node

ROUNDS = int(os.environ.get("EQUINODE_KILL_ROUNDS", "50" if os.environ.get("CI") else "12"))
SEED = int(os.environ.get("EQUINODE_KILL_SEED", random.randrange(1 << 30)))
KINDS = "person,coverage,measure-result,organization,screening,condition,encounter,need"
PEOPLE = 250   # Of a feed.
A_BATCH = 64   # Feeds that are made at once: people of several batches share record numbers.


class Kill(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(self):
        self.chance = random.Random(SEED)
        print(f"{ROUNDS} kills, EQUINODE_KILL_SEED={SEED}")
        with tempfile.TemporaryDirectory() as folder:
            self.home = pathlib.Path(folder)
            program.certs("ca", "kill.test", self.home / "ca")
            self.bay, self.elm, self.oak = (Node(self.home, role, name) for role, name in
                                            (("qhio", "bay"), ("practice", "elm"), ("practice", "oak")))
            nodes = (self.bay, self.elm, self.oak)
            try:
                self.elm.cli("peer", "add", self.bay.pem, "--address", self.bay.address)
                self.bay.cli("peer", "add", self.elm.pem)
                self.elm.cli("share", "set", self.bay.uri, "--kinds", KINDS)
                feeds = self.rounds()
                self.compare()
                self.read_again(feeds[-3:])
                for node in nodes:
                    node.stop()
                    node.daemon("audit", "verify", "--config", node.config)
                    node.daemon("store", "check", "--config", node.config)
            finally:
                for node in nodes:
                    if node.child.poll() is None:
                        node.kill()

    def feeds(self):
        """(name, folder, profile) of feeds without end, each of other people."""
        for batch in range(1000):
            made = self.home / f"made-{batch}"
            names = [f"f{batch}-{number}" for number in range(min(A_BATCH, ROUNDS + 2))]
            organisations = [word for name in names for word in ("--organisation", name)]
            code, _, err = program.run("generate", "--out", made, "--people", PEOPLE * len(names), "--seed",
                                       SEED % 100_000 + batch, *organisations, home=self.home)
            self.assertEqual(code, 0, err)
            for name in names:
                yield name, made / name, made / f"profiles/{name}.toml"

    def importing(self, node, feed, *more):
        name, folder, profile = feed
        environment = {**os.environ, "HOME": str(self.home)}
        return subprocess.Popen([str(program.EQUINODE), *map(str, node.options()), "-o", "json", "import", str(folder),
                                 "--profile", str(profile), "--rejected", str(self.rejected(node, name)), *more],
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def imported(self, node, feed, *more):
        """The account of an import to the end. A machine that is too busy to answer is tried again, as a user would."""
        for _ in range(6):
            run = self.importing(node, feed, *more)
            out, err = run.communicate(timeout=300)
            if run.returncode not in (69, 75):
                break
        account = json.loads(out)
        self.assertEqual(run.returncode, 65 if account["refused"] else 0, err.decode())
        return account

    def rejected(self, node, name):
        return self.home / f"{node.name}-{name}.csv"

    def refused(self, node, name):
        """The rows of the list, its head among them; nothing for a feed whose every line was taken."""
        if not self.rejected(node, name).exists():
            return []
        with open(self.rejected(node, name), encoding="utf-8", newline="") as file:
            return sorted(csv.reader(file))

    def rounds(self):
        done, attempts, self.refusals, self.asking = [], 0, 0, 0.2
        for feed in self.feeds():
            if len(done) == ROUNDS:
                break
            attempts += 1
            self.assertLess(attempts, 10 * ROUNDS + 20, "imports are over before anything can be killed")
            if self.round(feed):
                done.append(feed)
        self.assertGreater(self.refusals, ROUNDS, "feeds without refused lines show nothing of them")
        print(f"{attempts} imports, {len(done)} of them killed at work, {self.refusals} lines refused")
        return done

    def round(self, feed):
        """Whether the kill hit an import that was under way."""
        name = feed[0]
        start = time.monotonic()
        self.imported(self.oak, feed)
        lasts = time.monotonic() - start
        self.refusals += max(0, len(self.refused(self.oak, name)) - 1)

        run = self.importing(self.elm, feed)
        time.sleep(self.chance.uniform(0, max(0.0, lasts - self.asking)))
        # Durable by now; more may become so before the kill.
        start = time.monotonic()
        before = {node: node.ask("status")["records"] for node in (self.elm, self.bay)}
        self.asking = time.monotonic() - start
        at_work = run.poll() is None
        victim = self.chance.choice(["elm", "bay", "import", "both"])
        killed = {"elm": [self.elm], "bay": [self.bay], "import": [], "both": [self.elm, self.bay]}[victim]
        if victim == "import":
            run.kill()
        for node in killed:
            node.kill()
        run.communicate(timeout=120)
        for node in killed:
            node.start()
        for node, records in before.items():
            self.assertGreaterEqual(node.ask("status")["records"], records, f"{name}: records of {node.name} are gone")
        self.imported(self.elm, feed)
        self.assertEqual(self.refused(self.elm, name), self.refused(self.oak, name), f"{name}: {victim} killed")
        return at_work

    def compare(self):
        here, calm = self.elm.ask("status"), self.oak.ask("status")
        for what in ("persons", "records"):
            self.assertEqual(here[what], calm[what], what)
        Node.wait(lambda: self.bay.ask("status")["records"] == here["records"], "the QHIO to have every record", 120)
        there = self.bay.ask("status")
        self.assertEqual(there["persons"], here["persons"])
        self.assertEqual([status["dead_letters"] for status in (here, there, calm)], [0, 0, 0])
        people = [sorted(row["source_id"] for row in node.ask("person", "list", "--most", 100_000_000))
                  for node in (self.elm, self.oak)]
        self.assertEqual(len(people[1]), calm["persons"])
        self.assertEqual(people[0], people[1])
        for stratifier in ("race_omb1997", "language", "sex"):
            tables = [node.ask("count", stratifier, "--day", "2025-12-31") for node in (self.elm, self.oak)]
            self.assertEqual(tables[0], tables[1], stratifier)
            self.assertGreater(len(tables[1]), 1)
        print(f"{here['records']} records of {here['persons']} people, as of an undisturbed import; the QHIO has them")

    def read_again(self, feeds):
        records = self.elm.ask("status")["records"]
        for feed in feeds:
            account = self.imported(self.elm, feed, "--from-start")
            self.assertEqual([account[what] for what in ("created", "changed", "not_restated")], [0, 0, 0])
            self.assertGreater(account["unchanged"], PEOPLE)
        self.assertEqual(self.elm.ask("status")["records"], records)


if __name__ == "__main__":
    unittest.main()
