"""A sheet of cards is a PDF that a reader understands, and tells nothing but the cards."""

import re

import pytest

from service.issuer.card_sheet import Paper, make_sheets
from sync.protocol.card import Card

WORDS = "anew shiny unpaved rubdown amaze backboned lather"
CARDS = [Card.generate() for _ in range(23)]


def _objects(raw: bytes) -> dict[int, bytes]:
    """The objects where the table at the end says that they are."""
    start = int(raw.rsplit(b"startxref\n", 1)[1].split()[0])
    lines = raw[start:].split(b"\n")
    assert lines[0] == b"xref"
    count = int(lines[1].split()[1])
    found = {}
    for number in range(1, count):
        entry = lines[2 + number]
        assert re.fullmatch(rb"[0-9]{10} 00000 n ", entry)
        at = int(entry[:10])
        assert raw[at:].startswith(b"%d 0 obj\n" % number)
        found[number] = raw[at : raw.index(b"endobj", at)]
    return found


@pytest.mark.parametrize(
    ("paper", "size"), [(Paper.LETTER, b"612.00 792.00"), (Paper.A4, b"595.28")]
)
def test_every_card_stands_on_three_pages_of_the_right_size(paper: Paper, size: bytes) -> None:
    raw = make_sheets(CARDS, WORDS, paper)
    objects = _objects(raw)
    assert raw.startswith(b"%PDF-1.4\n")
    assert raw.endswith(b"%%EOF\n")
    assert sum(b"/Type /Page " in each for each in objects.values()) == 3
    assert any(size in each for each in objects.values())
    for card in CARDS:
        assert card.grouped()[:14].encode() in raw
        assert card.grouped()[15:].encode() in raw
    assert raw.count(WORDS.encode()) == len(CARDS)


def test_each_stream_is_as_long_as_it_says() -> None:
    for each in _objects(make_sheets(CARDS, WORDS, Paper.A4)).values():
        if b"stream" in each:
            length = int(each.split(b"/Length ")[1].split()[0])
            content = each.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
            assert len(content) == length


def test_no_date_number_or_program_is_in_it() -> None:
    raw = make_sheets(CARDS, WORDS, Paper.LETTER)
    for word in (b"CreationDate", b"Producer", b"Author", b"/Info", b"/ID"):
        assert word not in raw
    assert make_sheets(CARDS, WORDS, Paper.LETTER) == raw


def test_words_with_brackets_are_kept_and_strange_letters_refused() -> None:
    assert rb"a \(b\) \\" in make_sheets(CARDS[:1], r"a (b) \\"[:8], Paper.A4)
    with pytest.raises(ValueError, match="encode"):
        make_sheets(CARDS[:1], "名", Paper.A4)
