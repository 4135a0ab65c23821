"""Sheets of cards to print and cut: ten on a page, none numbered, none with a date."""

from collections.abc import Sequence
from enum import StrEnum

from service.issuer.plain_pdf import POINTS_PER_MM, Cut, Font, Mark, Text, write_pdf
from sync.protocol.card import Card

_COLUMNS, _ROWS = 2, 5
_MARGIN = 12 * POINTS_PER_MM
_INSET = 6 * POINTS_PER_MM


class Paper(StrEnum):
    """The size of a sheet."""

    LETTER = "letter"
    A4 = "a4"


_SIZES = {
    Paper.LETTER: (612.0, 792.0),
    Paper.A4: (210 * POINTS_PER_MM, 297 * POINTS_PER_MM),
}


def make_sheets(cards: Sequence[Card], whom: str, paper: Paper) -> bytes:
    """A PDF. whom: the words of the root, or the tenant's name, to be compared by the officer.

    Raises ValueError for words that cannot be printed.
    """
    width, height = _SIZES[paper]
    on_page = _COLUMNS * _ROWS
    pages = [cards[start : start + on_page] for start in range(0, len(cards), on_page)]
    return write_pdf([_draw_page(page, whom, width, height) for page in pages], width, height)


def _draw_page(cards: Sequence[Card], whom: str, width: float, height: float) -> list[Mark]:
    card_width = (width - 2 * _MARGIN) / _COLUMNS
    card_height = (height - 2 * _MARGIN) / _ROWS
    marks: list[Mark] = []
    for column in range(_COLUMNS + 1):
        x = _MARGIN + column * card_width
        marks.append(Cut(x, _MARGIN, x, height - _MARGIN))
    for row in range(_ROWS + 1):
        y = _MARGIN + row * card_height
        marks.append(Cut(_MARGIN, y, width - _MARGIN, y))
    for place, card in enumerate(cards):
        row, column = divmod(place, _COLUMNS)
        x = _MARGIN + column * card_width + _INSET
        top = height - _MARGIN - row * card_height - _INSET
        marks += _draw_card(card, whom, x, top)
    return marks


def _draw_card(card: Card, whom: str, x: float, top: float) -> list[Mark]:
    half = card.grouped()[:14], card.grouped()[15:]
    return [
        Text(x, top - 10, Font.BOLD, 10, "LEO Near Miss: enrolment card"),
        Text(x, top - 34, Font.CODE, 16, half[0]),
        Text(x, top - 54, Font.CODE, 16, half[1]),
        Text(x, top - 74, Font.TEXT, 8, "Works once. Nobody notes who takes which card."),
        Text(x, top - 86, Font.TEXT, 8, "Compare with Settings before you type it:"),
        Text(x, top - 97, Font.TEXT, 8, whom),
    ]
