"""One node of a test: the real equinoded, its operator, its folder."""
import json
import pathlib
import re
import signal
import subprocess
import time

import program


class Node:
    def __init__(self, home, role, name, network="kill.test"):
        """Certificates of home/ca, a store of its own, running."""
        self.home, self.role, self.name, self.network = home, role, name, network
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
        return f"spiffe://{self.network}/{self.role}/{self.name}"

    @property
    def address(self):
        return (self.folder / "address").read_text().strip()

    def daemon(self, *args):
        done = subprocess.run([str(program.EQUINODED), *map(str, args)], capture_output=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"equinoded {args[0]}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def spawn(self):
        (self.folder / "address").unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            self.child = subprocess.Popen([str(program.EQUINODED), "run", "--config", str(self.config)], stdout=log,
                                          stderr=log)

    def start(self):
        self.spawn()
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
