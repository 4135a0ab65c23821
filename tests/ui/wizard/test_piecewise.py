"""Texts that are being written are looked at piece by piece, and each piece once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.form import FieldId
from sync.scrub import Identities, Scrubber, ScrubResult
from ui.cli.parts import build_scrubber
from ui.wizard.piecewise import Looked, PiecewiseLook, cut_pieces

STORY, LESSONS = FieldId("what_happened"), FieldId("lessons")
NOBODY = Identities()
PARAGRAPHS = ["Ofc. Xyzzar Qulb fell.", "Then the rain came.", "I saw xyzzar get up."]


@dataclass
class CountingScrubber:
    """Rules alone, and a list of what they were given."""

    rules: Scrubber = field(default_factory=lambda: Scrubber(build_scrubber().lexicon))
    seen: list[str] = field(default_factory=list)

    def scrub(self, texts: Mapping[str, str], known: Identities) -> ScrubResult:
        self.seen += texts.values()
        return self.rules.scrub(texts, known)


@pytest.fixture
def scrubber() -> CountingScrubber:
    return CountingScrubber()


@pytest.fixture
def look(scrubber: CountingScrubber) -> PiecewiseLook:
    return PiecewiseLook(lambda: cast("Scrubber", scrubber))


def words(texts: Mapping[FieldId, str], looked: Looked) -> list[str]:
    return [
        texts[name][each.span.start : each.span.end]
        for name, found in looked.findings.items()
        for each in found
    ]


@given(st.text(alphabet="ab.!? \n\r\u2028\U0001f694", max_size=4000))
def test_pieces_are_the_text_in_its_order(text: str) -> None:
    pieces = list(cut_pieces(text))
    assert "".join(piece for _, piece in pieces) == text
    assert all(start + len(piece) == after for (start, piece), (after, _) in pairwise(pieces))


def test_a_long_paragraph_is_cut_with_and_without_ends_of_sentences() -> None:
    for long in ("We went on and saw. " * 1000, "we went on " * 2000, "x" * 20_000):
        assert max(len(piece) for _, piece in cut_pieces(long)) <= 2400


def test_a_change_moves_no_cut_far_behind_it() -> None:
    sentences = [f"Sentence number {number} is about the rain. " for number in range(200)]
    before = {piece for _, piece in cut_pieces("".join(sentences))}
    after = {piece for _, piece in cut_pieces("".join(["New. ", *sentences]))}
    assert len(after - before) <= 3


def test_only_the_changed_paragraph_is_looked_at_again(
    look: PiecewiseLook, scrubber: CountingScrubber
) -> None:
    texts = {STORY: "\n\n".join(PARAGRAPHS)}
    assert look.look(texts, NOBODY, None, 10).is_complete
    scrubber.seen.clear()
    changed = {STORY: texts[STORY].replace("rain came", "rain stopped")}
    assert look.look(changed, NOBODY, None, 10).is_complete
    assert scrubber.seen == ["Then the rain stopped.\n"]


def test_a_name_is_known_in_other_paragraphs_and_other_texts(look: PiecewiseLook) -> None:
    texts = {STORY: "\n".join(PARAGRAPHS), LESSONS: "Tell xyzzar early."}
    looked = look.look(texts, NOBODY, None, 10)
    assert words(texts, looked) == ["Xyzzar Qulb", "xyzzar", "xyzzar"]
    assert looked.findings[LESSONS][0].reason == "named elsewhere in this report"


def test_a_name_that_is_gone_is_known_no_more(look: PiecewiseLook) -> None:
    texts = {STORY: "\n".join(PARAGRAPHS)}
    look.look(texts, NOBODY, None, 10)
    rest = {STORY: "\n".join(PARAGRAPHS[1:])}
    assert "xyzzar" not in words(rest, look.look(rest, NOBODY, None, 10))


def test_private_notes_that_change_count_at_once(look: PiecewiseLook) -> None:
    texts = {STORY: "Then zuni ran."}
    assert words(texts, look.look(texts, NOBODY, None, 10)) == []
    assert words(texts, look.look(texts, Identities(names=("Zuni",)), None, 10)) == ["zuni"]


def test_without_time_one_piece_is_done_at_a_time_and_the_one_at_the_caret_first(
    look: PiecewiseLook, scrubber: CountingScrubber
) -> None:
    texts = {STORY: "\n".join(PARAGRAPHS)}
    looked = look.look(texts, NOBODY, (STORY, len(texts[STORY])), 0)
    assert not looked.is_complete
    assert scrubber.seen == [PARAGRAPHS[2]]
    for _ in range(8):
        looked = look.look(texts, NOBODY, None, 0)
    assert looked.is_complete
    assert words(texts, looked) == ["Xyzzar Qulb", "xyzzar"]


def test_nothing_is_kept_of_pieces_that_are_gone(look: PiecewiseLook) -> None:
    look.look({STORY: "\n".join(PARAGRAPHS)}, NOBODY, None, 10)
    look.look({STORY: ""}, NOBODY, None, 10)
    assert look._alone == {}
    assert look._together == {}
