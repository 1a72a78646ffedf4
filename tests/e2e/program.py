"""Runs the programs of the build folder as a user does."""
import os
import pathlib
import subprocess
import sys

BIN = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "build/release/bin")
ROOT = pathlib.Path(__file__).resolve().parents[2]
EQUINODE = BIN.resolve() / "equinode"
EQUINODED = BIN.resolve() / "equinoded"
CERTS = ROOT / "certs" / "equinode-certs"


def run(*args, home, timeout=120, **more):
    """(exit code, stdout, stderr) of equinode with a home of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("EQUINODE", "XDG"))}
    environment["HOME"] = str(home)
    done = subprocess.run([str(EQUINODE), *map(str, args)], env=environment, capture_output=True, timeout=timeout,
                          cwd=more.pop("cwd", home), **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def certs(*args):
    subprocess.run([str(CERTS), *map(str, args)], check=True, capture_output=True)


def fingerprint(pem):
    """SHA-256 of the first certificate in a file, as our programs write it."""
    said = subprocess.run(["openssl", "x509", "-in", str(pem), "-noout", "-fingerprint", "-sha256"], check=True,
                          capture_output=True, text=True).stdout
    return said.strip().rpartition("=")[2].replace(":", "").lower()
