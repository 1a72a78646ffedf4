#!/usr/bin/env python3
"""The command line at the edges: exit codes, what is said and where (DESIGN section 11)."""
import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from program import EQUINODE, certs, run

# What only the node can find out: a dry run does not see it.
BY_THE_NODE = {"measure row of a record number that nobody has", "measure row of a patient who is refused"}


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="equinode-cli-")
        self.addCleanup(self.folder.cleanup)
        self.home = pathlib.Path(self.folder.name)

    def run_cli(self, *args, **more):
        return run(*args, home=self.home, **more)

    def expect(self, code, said, *args, **more):
        """The command fails with this code and says this on stderr, nothing on stdout."""
        got, out, err = self.run_cli(*args, **more)
        self.assertEqual((got, out), (code, ""), f"{args}: {err}")
        self.assertIn(said, err)
        return err

    def write(self, name, text, mode=0o600):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def identity(self):
        certs("ca", "n.test", self.home / "ca")
        certs("operator", self.home / "ca", "practice", "elm", "ann")
        return self.home / "ca/practice/elm/operator"


class Usage(Cli):
    def test_help_goes_to_stdout(self):
        for args in (["--help"], ["import", "--help"], ["hub", "collect", "--help"], ["--version"]):
            code, out, err = self.run_cli(*args)
            self.assertEqual((code, err), (0, ""))
            self.assertIn("equinode", out.lower() + "equinode" if args == ["--version"] else out.lower() + " equinode")

    def test_wrong_command_lines_end_with_64(self):
        for args in ([], ["fly"], ["peer"], ["peer", "add"], ["status", "--nonsense"], ["-o", "xml", "status"],
                     ["import"], ["person", "list", "--most", "0"], ["generate"]):
            code, out, err = self.run_cli(*args)
            self.assertEqual((code, out), (64, ""), args)
            self.assertTrue(err, args)

    def test_what_only_we_can_check_ends_with_64_too(self):
        identity = self.identity()
        node = ["--node", "127.0.0.1:1", "--identity", identity]
        self.expect(64, "there are: race_omb1997", *node, "count", "race", "--day", "2025-12-31")
        self.expect(64, "YYYY-MM-DD", *node, "count", "sex", "--day", "31.12.2025")
        self.expect(64, "YYYY-MM-DD", *node, "count", "sex", "--day", "2025-02-30")
        self.expect(64, "--wait is a span", *node, "hub", "collect", "x", "--wait", "soon")
        self.expect(64, "one of --uri", *node, "revoke")
        self.expect(64, "a kind of record is", *node, "share", "set", "spiffe://n.test/payer/p", "--kinds", "people")
        self.expect(64, "", *node, "revoke", "--uri", "a", "--crl", "b")


class Configuration(Cli):
    def test_without_a_node_it_says_how_to_name_one(self):
        err = self.expect(78, "NO_CONTEXT", "status")
        self.assertIn("--node ADDRESS", err)
        self.expect(78, "NO_CONTEXT", "--node", "127.0.0.1:1", "status")

    def test_a_context_that_others_may_read_is_refused(self):
        path = self.write("c.toml", 'node = "127.0.0.1:1"\n', 0o644)
        self.expect(78, "0600", "--context", path, "status")

    def test_a_context_is_read_with_line_numbers(self):
        path = self.write("c.toml", 'node = "127.0.0.1:1"\nnodes = 1\n')
        self.expect(78, "line 2: unknown key", "--context", path, "status")
        self.expect(78, "there is no context file", "--context", self.home / "none", "status")

    def test_identities_are_checked(self):
        self.expect(78, "NO_IDENTITY", "--node", "127.0.0.1:1", "--identity", self.home / "none", "status")
        identity = self.identity()
        (identity / "ann.key").chmod(0o644)
        self.expect(78, "KEY_READABLE", "--node", "127.0.0.1:1", "--identity", identity, "status")
        (identity / "ann.key").chmod(0o600)
        (identity / "ann.pem").write_text("not a certificate")
        self.expect(78, "BAD_IDENTITY_FILES", "--node", "127.0.0.1:1", "--identity", identity, "status")

    def test_a_saved_context_is_used_from_then_on(self):
        identity = self.identity()
        code, _, err = self.run_cli("--node", "127.0.0.1:1", "--identity", identity, "context", "save")
        self.assertEqual(code, 0, err)
        path = self.home / ".config/equinode/context.toml"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        code, out, err = self.run_cli("-o", "json", "context", "show")
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)["you"], "spiffe://n.test/practice/elm/operator/ann")
        self.assertEqual(json.loads(out)["node_uri"], "spiffe://n.test/practice/elm")
        self.expect(69, "PEER_UNREACHABLE", "status")


class PrivacyNoise(Cli):
    TABLE = "cell,count\nAIAN,7\nASIAN,140\nWHITE,1200\n"

    def noise(self, *args):
        table = self.write("table.csv", self.TABLE)
        code, out, err = self.run_cli("privacy", "noise", "--table", table, *args, "-o", "json")
        self.assertEqual(code, 0, err)
        return json.loads(out), err

    def test_a_seed_gives_the_same_noise_and_another_other_noise(self):
        first, err = self.noise("--rho", "0.0125", "--seed", "7")
        self.assertEqual([row["cell"] for row in first], ["AIAN", "ASIAN", "WHITE"])
        self.assertEqual([row["count"] for row in first], [7, 140, 1200])
        self.assertEqual({row["variance"] for row in first}, {80})
        self.assertIn("rho 0.0125", err)
        self.assertIn("never to be released", err)
        self.assertEqual(self.noise("--gaussian", "80", "--seed", "7")[0], first)
        self.assertNotEqual(self.noise("--gaussian", "80", "--seed", "8")[0], first)

    def test_it_tells_what_noise_costs_and_how_far_off_it_is(self):
        rows, err = self.noise("--laplace", "2", "--draws", "20000", "--sources", "2")
        for row in rows:
            self.assertGreater(row["variance"], 15.6)
            self.assertTrue(2.5 < row["mean_off"] < 3.5, row)
        self.assertIn("epsilon 1 outright", err)
        _, err = self.noise("--epsilon", "1", "--delta", "1e-6")
        self.assertRegex(err, r"rho 0\.02435\d*, which is epsilon (1|0\.9999\d*) at delta 1e-6")

    def test_what_is_wrong_is_said(self):
        table = self.write("table.csv", self.TABLE)
        for args in ([], ["--rho", "0.1", "--laplace", "2"], ["--rho", "-1"], ["--rho", "0"], ["--gaussian", "nan"],
                     ["--rho", "0.1", "--delta", "x"], ["--rho", "0.1", "--sources", "0"],
                     ["--rho", "0.1", "--draws", "0"], ["--rho", "0.1", "--neighbour", "me"]):
            code, out, err = self.run_cli("privacy", "noise", "--table", table, *args)
            self.assertEqual((code, out), (64, ""), (args, err))
        self.expect(65, "line 2: the count", "privacy", "noise", "--rho", "0.1", "--table",
                    self.write("bad.csv", "cell,count\nAIAN,few\n"))


class Data(Cli):
    def test_nobody_at_the_address_is_69(self):
        identity = self.identity()
        for command in (["status"], ["health"], ["person", "list"], ["peer", "list"], ["audit", "list"],
                        ["hub", "collect", "x"], ["dead-letter", "list"], ["report", "list"]):
            err = self.expect(69, "PEER_UNREACHABLE", "--node", "127.0.0.1:1", "--identity", identity, *command)
            self.assertIn("what to do: ", err)

    def test_a_wrong_definition_is_refused_with_its_place_before_anybody_is_called(self):
        path = self.write("r.json", '{"name": "a", "tables": [{"id": "x", "stratifier": "race"}]}')
        err = self.expect(65, "tables[0].stratifier", "report", "create", path)
        self.assertIn("r.json", err)
        self.expect(65, "at line 1", "report", "create", self.write("s.json", "{"))
        self.expect(65, "NO_SUCH_FILE", "report", "create", self.home / "none.json")

    def test_wrong_profiles_and_paths(self):
        data = self.write("p.ndjson", '{"resourceType":"Patient","id":"1"}\n')
        wrong = self.write("w.toml", 'feed = "f"\nmethods = "self-reported"\n')
        self.expect(78, "line 2", "import", "--dry-run", "--profile", wrong, data)
        self.expect(65, "NO_SUCH", "import", "--dry-run", "--profile", self.home / "none.toml", data)
        self.expect(65, "NO_SUCH_PATH", "import", "--dry-run", "--feed", "f", self.home / "none")
        self.expect(78, "NO_FEED", "import", "--dry-run", data)

    def test_generate_says_what_it_cannot_make(self):
        out = self.home / "out"
        self.expect(64, "from 1 to 100,000,000", "generate", "--out", out, "--people", "0")
        self.expect(64, "a-z 0-9", "generate", "--out", out, "--organisation", "Elm Street")
        self.write("there", "x")
        self.expect(65, "OUT_NOT_EMPTY", "generate", "--out", self.home)

    def test_a_dry_run_refuses_the_lines_that_the_manifest_names_and_sends_nothing(self):
        code, out, err = self.run_cli("-o", "json", "generate", "--out", self.home / "made", "--people", "4000")
        self.assertEqual(code, 0, err)
        self.assertEqual(sum(p["people"] for p in json.loads(out)), 4000)
        manifest = json.loads((self.home / "made/manifest.json").read_text())
        for practice in manifest["practices"]:
            name = practice["name"]
            rejected = self.home / f"{name}.csv"
            code, out, err = self.run_cli("-o", "json", "import", "--dry-run", "--profile",
                                          self.home / f"made/profiles/{name}.toml", "--rejected", rejected,
                                          self.home / "made" / name)
            account = json.loads(out)
            self.assertGreater(account["refused"], 0)
            self.assertEqual(code, 65, err)
            expected = sum(n for what, n in practice["refused"].items() if what not in BY_THE_NODE)
            with open(rejected, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual((account["refused"], len(rows)), (expected, expected))
            self.assertTrue(all(r["reason"] and r["what_to_do"] and r["line"] for r in rows))
            self.assertEqual(account["conflicts"], practice["kept"].get("ethnicity code in the race slot", 0))
            self.assertEqual(account["passed_over"].keys(), {"Encounter"})
            self.assertIn("dry run", err)
            self.assertTrue(account["unmapped_payors"])

    def test_a_full_or_closed_stdout_is_an_error_not_a_silence(self):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([str(EQUINODE), "generate", "--out", str(self.home / "o"), "--people", "10"],
                              stdout=write, stderr=subprocess.PIPE, check=False)
        os.close(write)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"CANNOT_WRITE", done.stderr)


if __name__ == "__main__":
    unittest.main()
