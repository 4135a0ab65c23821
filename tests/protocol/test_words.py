import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import MalformedError
from sync.protocol.words import LIST_SIZE, WordList
from tests.golden import make_protocol as golden

PINNED = "abae49761b88f3f1ba31ef944bea1f61b795a3cd7e1cfb7d276ed45bf77967ba"
FINGERPRINT = ("garden", "cried", "sterling", "monkhood", "frays", "flashy", "art")
_SPACE = st.sampled_from(
    [" ", "  ", "\n", "\t", ", ", ",", "\u00a0", "\u2003", "\u3000", "\r\n", "; "]
)


def test_the_list_is_the_one_that_receipts_were_made_with(word_list: WordList) -> None:
    """Another order would change every fingerprint, another word lose a receipt."""
    content = "\n".join(word_list.words).encode()
    assert hashlib.sha256(content).hexdigest() == PINNED
    assert word_list.words[0] == "abacus"
    assert len(word_list.words) == LIST_SIZE


def test_a_drawn_receipt_is_seven_words_of_the_list(word_list: WordList) -> None:
    drawn = word_list.draw()
    assert len(drawn) == 7
    assert set(drawn) <= set(word_list.words)
    assert word_list.draw() != drawn


@given(draw=st.data())
def test_words_are_read_in_any_case_width_and_spacing(
    word_list: WordList, draw: st.DataObject
) -> None:
    places = draw.draw(st.lists(st.integers(0, LIST_SIZE - 1), min_size=7, max_size=7))
    words = tuple(word_list.words[place] for place in places)
    typed = draw.draw(st.sampled_from(["", " ", "\n"]))
    for word in words:
        way = draw.draw(st.sampled_from([str.lower, str.upper, str.title]))
        typed += way(word) + draw.draw(_SPACE)
    assert word_list.read(typed) == words


@pytest.mark.parametrize(
    "typed",
    [
        "abacus drop\u2011down felt\u2010tip t\u2013shirt yo\u2212yo zoom reshape",
        "\ufeffabacus drop-down felt-tip t-shirt yo-yo zoom re\u00adshape",
        "\u202aabacus drop-down felt-tip t-shirt yo-yo zoom reshape\u202c",
        "\uff41\uff42\uff41\uff43\uff55\uff53 drop-down felt-tip t-shirt yo-yo zoom reshape",
        "abacus\u200bdrop-down felt-tip t-shirt yo-yo zoom reshape",
    ],
    ids=["hyphens of a word processor", "byte order mark", "bidi marks", "full width", "no width"],
)
def test_what_keyboards_and_clipboards_add_does_no_harm(word_list: WordList, typed: str) -> None:
    assert word_list.read(typed) == golden.WORDS


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_seven_words_or_malformed(word_list: WordList, text: str) -> None:
    try:
        assert set(word_list.read(text)) <= set(word_list.words)
    except MalformedError as error:
        assert "word" in str(error)  # noqa: PT017


@pytest.mark.parametrize("count", [0, 1, 6, 8, 100])
def test_another_number_of_words_is_told(word_list: WordList, count: int) -> None:
    with pytest.raises(MalformedError, match=f"not {count}$"):
        word_list.read("abacus " * count)


def test_a_wrong_word_is_named_by_its_place_and_not_repeated(word_list: WordList) -> None:
    with pytest.raises(MalformedError) as caught:
        word_list.read("abacus abdomen zoom secretword zoom zoom zoom")
    assert str(caught.value) == "word 4 is not in the list"


def test_a_letter_that_only_looks_the_same_is_not_accepted(word_list: WordList) -> None:
    with pytest.raises(MalformedError, match="word 1"):
        word_list.read("\u0430bacus zoom zoom zoom zoom zoom zoom")


@pytest.mark.parametrize(
    "raw", [b"", b"one two", b"\xff", "é\n".encode(), b"zoom\n" * LIST_SIZE, bytes(10)]
)
def test_a_list_that_is_not_complete_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        WordList.from_bytes(raw)


@given(raw=st.binary(max_size=100))
def test_any_bytes_are_a_list_or_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        WordList.from_bytes(raw)


def test_a_fingerprint_stays_what_it_was(word_list: WordList) -> None:
    assert word_list.fingerprint(golden.ROOT) == FINGERPRINT


@given(one=st.binary(), other=st.binary())
def test_different_content_has_different_fingerprints(
    word_list: WordList, one: bytes, other: bytes
) -> None:
    same = word_list.fingerprint(one) == word_list.fingerprint(other)
    assert same == (one == other)
    assert len(word_list.fingerprint(one)) == 7
