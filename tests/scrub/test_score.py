"""The measuring itself: what counts as masked, leaked and wrongly masked."""

import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.report import Kind
from marks import Narrative, read_narratives
from score import (
    DIRECT,
    QUASI,
    Judged,
    count_words,
    find_masked_words,
    is_name,
    judge,
    measure,
    measure_ratio,
    sum_up,
    wilson,
)

_MARKED = "=== x1, note\n[[NAME|Ann O'Dell]]'s {{Tahoe}} hit {{chase}} on [[DATE|May 3]]."
_NAMES = frozenset({"chase", "hunter"})


@pytest.fixture
def narrative(tmp_path: Path) -> Narrative:
    path = tmp_path / "x.txt"
    path.write_text(_MARKED, encoding="utf-8")
    return read_narratives(path)[0]


def _positions(text: str, *pieces: str) -> set[int]:
    return {
        at for piece in pieces for at in range(text.index(piece), text.index(piece) + len(piece))
    }


def _judge(narrative: Narrative, *pieces: str) -> Judged:
    return judge(narrative, _positions(narrative.text, *pieces), _NAMES)


def test_every_kind_of_the_program_is_direct_or_quasi() -> None:
    assert {kind.value for kind in Kind} == DIRECT | QUASI
    assert not DIRECT & QUASI


def test_nothing_masked_leaks_all(narrative: Narrative) -> None:
    judged = _judge(narrative)
    assert [mark.masked for mark in judged.marks] == [False, False]
    assert judged.leaks
    assert (judged.masked_words, judged.right_words) == (0, 0)


def test_a_mark_is_masked_without_its_blanks_and_signs(narrative: Narrative) -> None:
    judged = _judge(narrative, "Ann", "O", "Dell")
    assert judged.marks[0].masked
    assert not judged.leaks


def test_one_letter_left_is_a_leak(narrative: Narrative) -> None:
    judged = _judge(narrative, "Ann O'Del")
    assert not judged.marks[0].masked
    assert judged.leaks


def test_a_quasi_identifier_left_is_no_direct_leak(narrative: Narrative) -> None:
    assert not _judge(narrative, "Ann O'Dell").leaks


def test_words_outside_marks_are_wrong_and_a_part_of_a_word_counts(narrative: Narrative) -> None:
    judged = _judge(narrative, "Ann O'Dell's Tah", "ay 3")
    assert (judged.masked_words, judged.right_words) == (7, 5)
    assert judged.wrong == ("s", "Tahoe")


def test_any_letter_of_a_look_alike_counts_and_names_are_apart(narrative: Narrative) -> None:
    judged = _judge(narrative, "Tah")
    assert [(look.text, look.is_name, look.masked) for look in judged.look_alikes] == [
        ("Tahoe", False, True),
        ("chase", True, False),
    ]


def test_only_one_word_of_letters_resembles_a_name() -> None:
    assert is_name("Chase", _NAMES)
    assert not is_name("Chase 3", _NAMES)
    assert not is_name("wall", _NAMES)


def test_masked_words_are_found_by_their_characters() -> None:
    assert find_masked_words("one two-three", {4, 6, 7}) == [(4, 7)]
    assert find_masked_words("one two", {3}) == []
    assert count_words("I-95, don't") == 4


def test_the_sum_counts_marks_narratives_and_kinds(narrative: Narrative) -> None:
    score = sum_up(
        [_judge(narrative, "Ann O'Dell", "chase"), _judge(narrative, "May 3")], random.Random(1)
    )
    assert (score.direct.hits, score.direct.total) == (1, 2)
    assert (score.quasi.hits, score.quasi.total) == (1, 2)
    assert (score.leak_free.hits, score.leak_free.total) == (1, 2)
    assert (score.precision.hits, score.precision.total) == (5, 6)
    assert (score.look_alikes.hits, score.look_alikes.total) == (1, 4)
    assert (score.look_names.hits, score.look_names.total) == (1, 2)
    assert (score.look_others.hits, score.look_others.total) == (0, 2)
    assert list(score.kinds) == ["NAME", "DATE"]
    assert score.narratives == 2


def test_wilson_gives_the_known_figures() -> None:
    # Newcombe 1998 (Statistics in Medicine 17), table I: 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_a_share_of_nothing_is_no_number() -> None:
    share = measure([])
    assert math.isnan(share.value)
    assert (share.low, share.high) == (0.0, 1.0)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1


def test_the_bootstrap_is_seeded_and_narrows_with_more_narratives() -> None:
    few = measure_ratio([(9, 10), (5, 10), (10, 10)] * 3, random.Random(1))
    many = measure_ratio([(9, 10), (5, 10), (10, 10)] * 60, random.Random(1))
    assert few == measure_ratio([(9, 10), (5, 10), (10, 10)] * 3, random.Random(1))
    assert few.value == many.value == pytest.approx(0.8)
    assert few.low < many.low < 0.8 < many.high < few.high


def test_nothing_masked_has_no_precision() -> None:
    assert math.isnan(measure_ratio([(0, 0)], random.Random(1)).value)
    share = measure_ratio([(0, 0), (3, 3)], random.Random(1))
    assert (share.value, share.low, share.high) == (1.0, 1.0, 1.0)
