"""What the pages for officers and lawyers name is there, and what they cite is claimed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
THREATS = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
OFFICERS = (ROOT / "docs" / "for-officers.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:app|sync|ui|service|tests)/[\w/.]+)`", THREATS)))


@pytest.mark.parametrize("path", NAMED)
def test_what_holds_a_claim_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_each_claim_has_a_number_of_its_own_and_something_that_holds_it() -> None:
    rows = [line.split(" | ") for line in THREATS.splitlines() if re.match(r"\| \d+ \|", line)]
    numbers = [int(row[0].strip("| ")) for row in rows]
    assert numbers == list(range(1, len(rows) + 1))
    assert all(len(row) == 3 for row in rows)
    assert all("tests/" in row[2] for row in rows if int(row[0].strip("| ")) < 39)


def test_what_officers_are_told_is_claimed() -> None:
    claimed = {int(each) for each in re.findall(r"(?m)^\| (\d+) \|", THREATS)}
    cited = {int(one) for each in re.findall(r"\[([\d, ]+)\]", OFFICERS) for one in each.split(",")}
    assert cited
    assert cited <= claimed
