#!/usr/bin/env python3
"""kill -9 of the real programs at random moments during import and exchange.

Two nodes: a practice that only dials out, and a QHIO that it shares its records with. An import of made people runs again
and again; at a random moment the practice's node, the QHIO's or the importing program is killed, and started anew. In the
end the import runs through once more. Then: every record is at both nodes once (the numbers equal an undisturbed
import's), what was acknowledged before a kill is still there, nothing is in dead letters, both audit logs and both stores
are whole.

EQUINODE_KILL_ROUNDS says how many kills (12 by default, 50 in CI); EQUINODE_KILL_SEED repeats a run.
"""
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
PEOPLE = 4000


class Kill(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(self):
        chance = random.Random(SEED)
        print(f"{ROUNDS} kills, EQUINODE_KILL_SEED={SEED}")
        with tempfile.TemporaryDirectory() as folder:
            home = pathlib.Path(folder)
            program.certs("ca", "kill.test", home / "ca")
            qhio, elm = Node(home, "qhio", "bay"), Node(home, "practice", "elm")
            try:
                self.scenario(chance, home, elm, qhio)
            finally:
                for node in (elm, qhio):
                    if node.child.poll() is None:
                        node.kill()

    def scenario(self, chance, home, elm, qhio):
        elm.cli("peer", "add", qhio.pem, "--address", qhio.address)
        qhio.cli("peer", "add", elm.pem)
        elm.cli("share", "set", qhio.uri, "--kinds", "person,coverage,measure-result,organization,screening,condition,encounter,need")
        code, _, err = program.run("generate", "--out", home / "made", "--people", PEOPLE, "--organisation", "elm",
                                   "--seed", SEED % 1000, home=home)
        self.assertEqual(code, 0, err)

        def importing():
            environment = {**os.environ, "HOME": str(home)}
            return subprocess.Popen([str(program.EQUINODE), *map(str, elm.options()), "-o", "json", "import",
                                     str(home / "made" / "elm"), "--profile", str(home / "made/profiles/elm.toml"),
                                     "--rejected", str(home / "rejected.csv")], env=environment,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        acknowledged = 0
        for _ in range(ROUNDS):
            run = importing()
            time.sleep(chance.uniform(0.02, 0.5))
            victim = chance.choice(["elm", "qhio", "import", "both"])
            if victim in ("elm", "both"):
                elm.kill()
            if victim in ("qhio", "both"):
                qhio.kill()
            run.kill() if victim == "import" else None
            run.communicate(timeout=120)
            for node in (qhio, elm):
                if node.child.poll() is not None:
                    node.start()
            records = elm.ask("status")["records"]
            self.assertGreaterEqual(records, acknowledged, "records that were there are gone")
            acknowledged = records

        run = importing()
        out, err = run.communicate(timeout=300)
        self.assertEqual(run.returncode, 0, err.decode())
        records = elm.ask("status")["records"]
        Node.wait(lambda: qhio.ask("status")["records"] == records, "the QHIO to have every record", 120)
        here, there = elm.ask("status"), qhio.ask("status")
        self.assertEqual(there["persons"], here["persons"])
        self.assertEqual([here["dead_letters"], there["dead_letters"]], [0, 0])
        again = importing()
        out, err = again.communicate(timeout=300)
        self.assertEqual(again.returncode, 0, err.decode())
        self.assertEqual(elm.ask("status")["records"], records)
        print(f"{records} records of {here['persons']} people, at both nodes")
        for node in (elm, qhio):
            node.stop()
            node.daemon("audit", "verify", "--config", node.config)
            node.daemon("store", "check", "--config", node.config)


if __name__ == "__main__":
    unittest.main()
