"""The recipe of the model, as far as it needs nothing but this project: marks, swaps, noise."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marks import Narrative, read_narratives, read_parts
from noise import roughen
from swap import Swapper
from swap_lists import Lists

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "build" / "scrub_model"
TEXTS = sorted((RECIPE / "texts").glob("*.txt"))
SETS = sorted(Path(__file__).parent.glob("*/[a-h].txt"))
MARKED = (
    "=== x1, neat\nSgt. [[NAME.full|Ann O'Dell]] told [[NAME.last|O'Dell]]'s partner at"
    " [[ADDRESS|14 Elm St]] on [[DATE|May 3, 2021]], case [[CASE|22-0183]], {{Tahoe}}."
)


@pytest.fixture(scope="module")
def lists() -> Lists:
    words = json.loads((RECIPE / "swap_words.json").read_text(encoding="utf-8"))
    return Lists(
        first_names=["Maria", "Deshawn"],
        surnames=["Okafor", "Nguyen"],
        other_names=[("Thu", "Tran")],
        towns=["Dayton", "Laredo"],
        counties=["Mercer"],
        words=words,
    )


@pytest.fixture
def narrative(tmp_path: Path) -> Narrative:
    path = tmp_path / "x.txt"
    path.write_text(MARKED, encoding="utf-8")
    return read_narratives(path)[0]


def test_marks_are_read_and_leave_the_text(narrative: Narrative) -> None:
    assert narrative.text.startswith("Sgt. Ann O'Dell told O'Dell's partner at 14 Elm St on May")
    kinds = [(part.kind, part.sub) for part in narrative.parts if part.kind]
    assert kinds[:2] == [("NAME", "full"), ("NAME", "last")]
    assert [part.text for part in narrative.parts if part.look_alike] == ["Tahoe"]


@given(seed=st.integers(0, 10_000))
def test_a_swap_changes_marked_texts_only_and_keeps_who_is_who(lists: Lists, seed: int) -> None:
    parts = _read(MARKED).parts
    swapped = Swapper(lists, random.Random(seed)).swap(_read(MARKED)).parts
    assert [part.kind for part in swapped] == [part.kind for part in parts]
    assert [part.text for part in swapped if not part.kind] == [
        part.text for part in parts if not part.kind
    ]
    full, last = (part.text for part in swapped if part.kind == "NAME")
    assert full.endswith(last)


@given(seed=st.integers(0, 10_000))
def test_noise_keeps_the_kinds_and_loses_no_identifier(lists: Lists, seed: int) -> None:
    rough = roughen(Swapper(lists, random.Random(seed)).swap(_read(MARKED)), random.Random(seed))
    kept = [part.kind for part in rough.parts if part.kind]
    assert kept == ["NAME", "NAME", "ADDRESS", "DATE", "CASE"]


def test_the_training_texts_are_many_and_none_is_in_a_measuring_set() -> None:
    trained = [each for path in TEXTS for each in read_narratives(path)]
    measured = [each for path in SETS for each in read_narratives(path)]
    assert len(trained) >= 2_500
    assert len(measured) == 240
    sentences = {each for narrative in trained for each in _long_sentences(narrative)}
    assert not [
        narrative.name
        for narrative in measured
        if any(each in sentences for each in _long_sentences(narrative))
    ]


def _long_sentences(narrative: Narrative) -> list[str]:
    return [each for each in narrative.text.split(". ") if len(each) > 40]


def _read(marked: str) -> Narrative:
    _, _, body = marked.partition("\n")
    return Narrative("x1", tuple(read_parts(body)))
