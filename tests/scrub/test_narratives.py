"""Whole narratives, invented, with every identifier marked by hand: recall and precision.

The figures are floors that the rules alone reach on these; they say nothing of other texts,
because the rules were mended by the same narratives.
"""

import re
from pathlib import Path

import pytest

from app.domain.report import Kind
from sync.scrub import Scrubber

QUASI = {Kind.PLACE, Kind.AGENCY, Kind.DATE, Kind.TIME}
MARK = re.compile(r"\{([A-Z]+):([^}]*)\}")


def read_narratives() -> list[str]:
    text = (Path(__file__).parent / "narratives.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [block.strip() for block in "\n".join(lines).split("\n\n") if block.strip()]


def read_marks(marked: str) -> tuple[str, list[tuple[int, int, Kind]]]:
    """The text without marks, and where each stood."""
    plain, marks, position = "", [], 0
    for match in MARK.finditer(marked):
        plain += marked[position : match.start()]
        marks.append((len(plain), len(plain) + len(match[2]), Kind(match[1])))
        plain += match[2]
        position = match.end()
    return plain + marked[position:], marks


def masked_places(rules_only: Scrubber, text: str) -> set[int]:
    findings = [each for each in rules_only.scrub_text(text) if each.masked]
    return {at for each in findings for at in range(each.span.start, each.span.end)}


def test_there_are_at_least_forty_narratives() -> None:
    assert len(read_narratives()) >= 40


@pytest.mark.parametrize(("direct", "floor"), [(True, 0.98), (False, 0.95)])
def test_recall_stays(rules_only: Scrubber, direct: bool, floor: float) -> None:
    hits: list[bool] = []
    for marked in read_narratives():
        text, marks = read_marks(marked)
        masked = masked_places(rules_only, text)
        for start, end, kind in marks:
            if (kind not in QUASI) is direct:
                hits.append(all(at in masked for at in range(start, end) if text[at].isalnum()))
    assert sum(hits) / len(hits) >= floor


def test_precision_stays(rules_only: Scrubber) -> None:
    right = wrong = 0
    for marked in read_narratives():
        text, marks = read_marks(marked)
        wanted = {at for start, end, _ in marks for at in range(start, end)}
        masked = masked_places(rules_only, text)
        for word in re.finditer(r"\w+", text):
            if word.start() in masked:
                right += word.start() in wanted
                wrong += word.start() not in wanted
    assert right / (right + wrong) >= 0.97
