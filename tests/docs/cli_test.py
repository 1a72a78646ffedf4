#!/usr/bin/env python3
"""docs/cli.md names every command of the program and every option of each, and no other.

Run with the folder of the programs. The program is asked itself: `--help` of each command, its subcommands and options.
"""
import pathlib
import re
import subprocess
import sys
import unittest

import tree

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve() / "equinode"
PAGE = tree.ROOT / "docs/cli.md"
# Options of every command, which the page tells in its text.
SHARED = {"--help", "--node", "--node-uri", "--identity", "--context", "--output"}


def commands(path=()):
    """{command: its options, each with its other names}, of those that do something."""
    said = subprocess.run([str(PROGRAM), *path, "--help"], check=True, capture_output=True, text=True).stdout
    subcommands, options, section = [], set(), ""
    for line in said.splitlines():
        if re.fullmatch(r"\[?[A-Za-z][\w -]*\]?:", line):
            section = line
        elif section.startswith("Subcommands") and (word := re.match(r"  ([a-z][\w-]*)(?:\s|$)", line)):
            subcommands.append(word[1])
        elif section and (names := re.match(r"\s+(-\S+)", line)):
            aliases = frozenset(re.findall(r"(?<![\w-])--[a-z][\w-]*", names[1]))
            options |= {aliases} if aliases and not aliases & SHARED else set()
    if not subcommands:
        return {" ".join(path): options}
    found = {}
    for word in subcommands:
        found.update(commands((*path, word)))
    return found


def rows():
    """(words of commands, options) of each code span in a table's first column: "need found|met PERSON" is two."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        first = re.split(r"(?<!\\)\|", line)[1]
        for span in re.findall(r"`([^`]+)`", first):
            span = span.replace("\\|", "|")
            options = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", span))
            lead = re.match(r"[a-z][\w|-]*(?: [a-z][\w|-]*)*", span)
            paths = [[]]
            for word in lead[0].split() if lead else []:
                paths = [[*path, each] for path in paths for each in word.split("|")]
            yield [" ".join(path) for path in paths], options


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands = commands()
        cls.told = {}
        for names, options in rows():
            for name in names:
                cls.told.setdefault(name, set()).update(options)

    def test_every_command_and_option_is_told(self):
        self.assertGreater(len(self.commands), 20)
        for name, options in self.commands.items():
            with self.subTest(command=name):
                self.assertIn(name, self.told, f"docs/cli.md does not name `{name}`")
                missing = sorted(min(aliases) for aliases in options if not aliases & self.told[name])
                self.assertEqual(missing, [], "options that docs/cli.md does not name")
        print(f"{len(self.commands)} commands, {sum(map(len, self.commands.values()))} options")

    def test_what_is_told_is_there(self):
        for name, options in self.told.items():
            with self.subTest(command=name):
                self.assertIn(name, self.commands, "no such command")
                self.assertEqual(sorted(options - set().union(*self.commands[name])), [], "no such options")

    def test_options_of_every_command_are_told_in_the_text(self):
        text = PAGE.read_text(encoding="utf-8")
        for option in SHARED - {"--output", "--help"}:
            self.assertIn(option, text)
        self.assertIn("-o table|json|csv", text)


if __name__ == "__main__":
    unittest.main()
