#!/usr/bin/env python3
"""Paths, files, names and reasons that the documentation puts in `backticks` exist, and its links lead somewhere."""
import re
import unittest

import tree

FLOORS = ("base", "domain", "storage", "server", "client", "proto", "tests", "certs", "docs", "cmake")
# A page may name a source without its ending.
ENDINGS = ("", ".h", ".cc", ".proto", ".md", ".py", ".sql")


def names(text):
    """What stands in backticks, outside of code blocks."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    text = re.sub(r"^    .*$", "", text, flags=re.M)
    return re.findall(r"`([^`\n]+)`", text)


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.paths = {str(path) for path in tree.files()}
        cls.folders = {str(parent) for path in tree.files() for parent in path.parents}
        cls.words = set()
        for path in tree.files():
            if path.suffix in (".cc", ".h", ".proto", ".sql", ".py", ".csv") and path.parts[0] != "docs":
                cls.words |= set(re.findall(r"\w+", (tree.ROOT / path).read_text(encoding="utf-8", errors="replace")))

    def known_path(self, name):
        if "*" in name or "<" in name:
            prefix = re.split(r"[*<]", name)[0]
            return any(path.startswith(prefix) for path in self.paths)
        name = name.rstrip("/")
        return name in self.folders or any(name + ending in self.paths for ending in ENDINGS)

    def test_what_the_pages_name_is_there(self):
        checked = 0
        for page in tree.pages():
            for name in names((tree.ROOT / page).read_text(encoding="utf-8")):
                with self.subTest(page=str(page), name=name):
                    if re.fullmatch(r"[\w.*<>/-]+", name) and name.split("/")[0] in FLOORS and "/" in name:
                        self.assertTrue(self.known_path(name), "no such path")
                    elif re.fullmatch(r"[a-z_]+\.(cc|h|proto)", name):
                        self.assertTrue(any(path.endswith("/" + name) for path in self.paths), "no such file")
                    elif re.fullmatch(r"[A-Z][a-z]+[A-Z]\w+(::\w+)?|\w+::\w+", name):
                        for word in name.split("::"):
                            self.assertIn(word, self.words, "no such name in the code")
                    elif re.fullmatch(r"\w+Service[/.]\w+", name):
                        self.assertIn(re.split(r"[/.]", name)[1], self.words, "no such method")
                    elif re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", name):
                        self.assertIn(name, self.words, "no such word in the code")
                    else:
                        continue
                    checked += 1
        print(f"{checked} names in {len(tree.pages())} pages")
        self.assertGreater(checked, 150)

    def test_commands_that_messages_and_pages_name_exist(self):
        """`equinode person list`: both words are commands, wherever that is said."""
        known, groups = set(), set()
        for path in tree.files():
            if path.suffix == ".cc" and path.parts[:2] == ("client", "cli"):
                text = (tree.ROOT / path).read_text(encoding="utf-8")
                known |= set(re.findall(r'"([a-z][a-z-]*)"', text))
                groups |= set(re.findall(r'Group\w*\([^"\n]*"([a-z-]+)"', text))
        checked = 0
        for path in tree.files():
            if path.suffix not in (".cc", ".h", ".md", ".proto", ".toml") or path.parts[0] == "tests":
                continue
            text = (tree.ROOT / path).read_text(encoding="utf-8", errors="replace")
            for first, second in re.findall(r"[`']equinode ([a-z][a-z-]+)(?: ([a-z][a-z-]+)\b(?![./]))?", text):
                with self.subTest(page=str(path), command=f"{first} {second}"):
                    self.assertIn(first, known, "no such command")
                    if second and first in groups:
                        self.assertIn(second, known, "no such command")
                    checked += 1
        print(f"{checked} commands, {len(groups)} groups")
        self.assertGreater(checked, 50)

    def test_links_lead_somewhere(self):
        for page in tree.pages():
            text = (tree.ROOT / page).read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
                if "://" in target:
                    continue
                with self.subTest(page=str(page), target=target):
                    self.assertTrue((tree.ROOT / page).parent.joinpath(target).exists())


if __name__ == "__main__":
    unittest.main()
