#!/usr/bin/env python3
"""docs/tables.md tells every table of the schema, and no other."""
import re
import unittest

import tree


class Tables(unittest.TestCase):
    def test_every_table_is_told(self):
        there = set()
        for path in sorted((tree.ROOT / "storage/schema").glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            there |= set(re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", text, re.M))
            there -= set(re.findall(r"^DROP TABLE (?:IF EXISTS )?(\w+)", text, re.M))
        told = set()
        for line in (tree.ROOT / "docs/tables.md").read_text(encoding="utf-8").splitlines():
            if line.startswith("| `"):
                told |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
        print(f"{len(there)} tables")
        self.assertGreater(len(there), 30)
        self.assertEqual(sorted(there - told), [], "not in docs/tables.md")
        self.assertEqual(sorted(told - there), [], "in docs/tables.md but not in the schema")


if __name__ == "__main__":
    unittest.main()
