#!/usr/bin/env python3
"""docs/threats.md and the tests that bear a threat's id name each other, and none of the first stage is missing."""
import re
import unittest

import tree

PAGE = tree.ROOT / "docs/threats.md"
# What a network of nodes has to show from its first stage on.
FIRST_STAGE = [f"TC{n:02d}" for n in (*range(1, 21), 23, 24)] + [
    "TA", "TA01", "TA08", "TA09", "TA10", "TA11", "TI11", "TI13", "TF07", "TF11", "TF12", "TL01", "TL03", "TL08"]
ID = r"(?:T[CAIFL]|R)\d\d"


def ids_of(name):
    """The ids that a test's name bears: TC11, TF07_TI11, TC02ToTC10AndTC12ToTC17, TC02_to_TC18; TA alone is the table."""
    found = set(re.findall(rf"(?<![A-Z0-9]){ID}", name))
    for kind, first, last in re.findall(r"(T[CAIFL])(\d\d)_?[Tt]o_?\1(\d\d)", name):
        found |= {f"{kind}{number:02d}" for number in range(int(first), int(last) + 1)}
    if re.search(r"\.TA_", name):
        found.add("TA")
    return sorted(found)


class Threats(unittest.TestCase):
    def setUp(self):
        self.tests = {**tree.cpp_tests(), **tree.python_tests()}
        self.there = {}
        for name in self.tests:
            for each in ids_of(name):
                self.there.setdefault(each, set()).add(name)
        self.index = {}
        for line in PAGE.read_text(encoding="utf-8").splitlines():
            if row := re.match(rf"\| ({ID}|TA) \| (.+) \| (.+) \|$", line):
                self.assertNotIn(row[1], self.index, "two rows")
                self.index[row[1]] = set(re.findall(r"`([^`]+)`", row[3]))

    def test_ids_are_read_from_names(self):
        self.assertEqual(ids_of("A.TC02ToTC04AndTC12ToTC13AreStopped"), ["TC02", "TC03", "TC04", "TC12", "TC13"])
        self.assertEqual(ids_of("A.TF07_TI11_X"), ["TF07", "TI11"])
        self.assertEqual(ids_of("A.TC02_to_TC03_X"), ["TC02", "TC03"])
        self.assertEqual(ids_of("A.TA_Every"), ["TA"])
        self.assertEqual(ids_of("A.test_TL08_x"), ["TL08"])
        self.assertEqual(ids_of("A.STA08x"), [])

    def test_the_page_names_every_test_that_bears_an_id_and_no_other(self):
        self.assertEqual(sorted(self.index), sorted(self.there))
        for each, names in sorted(self.there.items()):
            with self.subTest(each):
                self.assertEqual(sorted(self.index[each]), sorted(names))

    def test_every_case_of_the_first_stage_has_a_test(self):
        self.assertEqual([each for each in FIRST_STAGE if each not in self.there], [])
        print(f"{len(self.there)} ids, {len(set().union(*self.there.values()))} tests")

    def test_certificates_of_a_range_are_each_made(self):
        """A test over a table bears a range: the table has a row for each id of it."""
        made = set(re.findall(rf'Add\("({ID})"', (tree.ROOT / "tests/support/odd_certificates.cc").read_text()))
        table = set(ids_of("OddCertificateTest.TC02ToTC10AndTC12ToTC17AreStoppedWhereTheyShould"))
        self.assertEqual(sorted(table - made), [])


if __name__ == "__main__":
    unittest.main()
