#!/usr/bin/env python3
"""kill -9 of the real programs at random moments during import and exchange.

Two nodes: a practice that only dials out, and a QHIO that it shares its records with. An import of made people runs again
and again; at a random moment the practice's node, the QHIO's or the importing program is killed, and started anew. In the
end the import runs through once more. Then: every record is at both nodes once (the numbers equal an undisturbed
import's), what was acknowledged before a kill is still there, nothing is in dead letters, both audit logs and both stores
are whole.

EQUINODE_KILL_ROUNDS says how many kills (12 by default, 50 in CI); EQUINODE_KILL_SEED repeats a run.
"""
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import tempfile
import time
import unittest

import program

ROUNDS = int(os.environ.get("EQUINODE_KILL_ROUNDS", "50" if os.environ.get("CI") else "12"))
SEED = int(os.environ.get("EQUINODE_KILL_SEED", random.randrange(1 << 30)))
PEOPLE = 4000


class Node:
    def __init__(self, home, role, name):
        self.home, self.role, self.name = home, role, name
        self.folder = home / name
        self.child = None
        program.certs("node", home / "ca", role, name)
        program.certs("operator", home / "ca", role, name, "ann")
        source = home / "ca" / role / name
        (self.folder / "certificates").mkdir(parents=True)
        for file, place in (("ca.pem", home / "ca"), ("node.pem", source), ("node.key", source)):
            target = self.folder / "certificates" / file
            target.write_bytes((place / file).read_bytes())
            target.chmod(0o600)
        self.daemon("init", "--config", self.config, "--data", self.folder / "data", "--certificates",
                    self.folder / "certificates", "--listen", "127.0.0.1:0", "--address-file", self.folder / "address")
        # From now on the port that was chosen: peers know it.
        self.start()
        text = self.config.read_text()
        self.config.write_text(re.sub(r'(?m)^listen = ".*"', f'listen = "{self.address}"', text))

    @property
    def config(self):
        return self.folder / "node.toml"

    @property
    def pem(self):
        return self.home / "ca" / self.role / self.name / "node.pem"

    @property
    def uri(self):
        return f"spiffe://kill.test/{self.role}/{self.name}"

    @property
    def address(self):
        return (self.folder / "address").read_text().strip()

    def daemon(self, *args):
        done = subprocess.run([str(program.EQUINODED), *map(str, args)], capture_output=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"equinoded {args[0]}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def start(self):
        (self.folder / "address").unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            self.child = subprocess.Popen([str(program.EQUINODED), "run", "--config", str(self.config)], stdout=log,
                                          stderr=log)
        self.wait(lambda: (self.folder / "address").exists() or self.child.poll() is not None, "an address")
        if self.child.poll() is not None:
            raise AssertionError(f"{self.name} ended: {(self.folder / 'log').read_text()[-2000:]}")
        self.wait(lambda: self.cli("health")[0] == 0, "the node to be ready")

    @staticmethod
    def wait(done, what, seconds=60):
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                raise AssertionError(f"waited {seconds} s for {what}")
            time.sleep(0.02)

    def options(self):
        return ["--node", self.address, "--node-uri", self.uri, "--identity",
                self.home / "ca" / self.role / self.name / "operator"]

    def cli(self, *args):
        return program.run(*self.options(), *args, home=self.home)

    def ask(self, *args):
        code, out, err = self.cli("-o", "json", *args)
        if code != 0:
            raise AssertionError(f"equinode {args}: {code}\n{err}")
        return json.loads(out) if out.strip() else None

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        if self.child.wait(60) != 0:
            raise AssertionError(f"{self.name} did not stop in good order")


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
        elm.cli("share", "set", qhio.uri, "--kinds", "person,coverage,measure-result,organization")
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
