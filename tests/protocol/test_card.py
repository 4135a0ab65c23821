"""A card is read however it is typed, and a slip of the finger is noticed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.card import CARD_LENGTH, Card
from sync.protocol.errors import MalformedError
from tests.golden.make_protocol import TENANT

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CARD = Card.generate()


def test_a_card_has_24_letters_and_no_two_are_alike() -> None:
    cards = {Card.generate().text for _ in range(200)}
    assert len(cards) == 200
    assert all(len(each) == CARD_LENGTH and set(each) <= set(ALPHABET) for each in cards)


@given(st.randoms(use_true_random=False))
def test_dashes_spaces_and_small_letters_do_not_matter(chance: random.Random) -> None:
    typed = "".join(
        chance.choice((each, each.lower())) + chance.choice(("", " ", "-", "\t"))
        for each in CARD.text
    )
    assert Card.from_text(f" {typed}\n") == CARD


def test_digits_that_no_card_has_are_read_as_what_they_look_like() -> None:
    typed = CARD.grouped().replace("O", "0").replace("I", "1").replace("B", "8")
    assert Card.from_text(typed) == CARD


def test_almost_every_wrong_letter_is_noticed() -> None:
    chance, missed = random.Random(5), 0
    for _ in range(2_000):
        place = chance.randrange(CARD_LENGTH)
        other = chance.choice([each for each in ALPHABET if each != CARD.text[place]])
        try:
            Card.from_text(CARD.text[:place] + other + CARD.text[place + 1 :])
        except MalformedError:
            continue
        missed += 1
    assert missed < 10  # one in 1,024


@pytest.mark.parametrize("text", ["", "A" * 23, "A" * 25, "Ä" * 24, "A" * 24, "9" * 24])
def test_other_texts_are_no_cards(text: str) -> None:
    with pytest.raises(MalformedError):
        Card.from_text(text)


def test_a_digest_is_of_one_tenant_and_one_card() -> None:
    other = Card.generate()
    digests = {CARD.digest(TENANT), CARD.digest("f" * 32), other.digest(TENANT)}
    assert len(digests) == 3
    assert CARD.text not in repr(CARD)
