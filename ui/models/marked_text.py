"""The texts of a report cut into pieces, as they are written and as they will leave.

A piece knows where it comes from, so that a place in the text on the screen can be taken back
to a place in the field. The screen counts UTF-16 units, a field counts code points.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.form import FieldId
from app.domain.report import Finding, Span
from sync.decisions import Decisions, Place, is_open
from ui.models.kinds import KIND_LETTERS

PieceRole = Literal["heading", "space", "plain", "masked", "open", "left", "look", "letter"]


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A run of text that is shown in one way.

    place: where in the field it comes from; None for what stands in no field. finding: what was
    found there. exact: whether the text is the field's own, character by character.
    """

    text: str
    role: PieceRole
    place: Place | None = None
    finding: Finding | None = None
    exact: bool = False


def cut_written(
    decisions: Decisions,
    leftovers: Mapping[FieldId, tuple[Span, ...]],
    heading: Callable[[FieldId], str],
) -> Iterator[Piece]:
    """The texts as written: each finding followed by its letter, leftovers marked."""
    for field, text in decisions.texts.items():
        yield from _begin(field, decisions, heading)
        marks: list[tuple[Span, Finding | None]] = [
            (found.span, found) for found in decisions.findings[field]
        ]
        taken = [span for span, _ in marks]
        marks += [
            (span, None)
            for span in leftovers.get(field, ())
            if not any(span.overlaps(each) for each in taken)
        ]
        position = 0
        for span, found in sorted(marks, key=lambda each: each[0]):
            if span.start > position:
                yield _plain(field, text, position, span.start)
            place = Place(field, span)
            words = text[span.start : span.end]
            if found is None:
                yield Piece(words, "look", place, None, exact=True)
            else:
                yield Piece(words, role_of(found), place, found, exact=True)
                yield Piece(KIND_LETTERS[found.kind], "letter", place, found)
            position = span.end
        if position < len(text):
            yield _plain(field, text, position, len(text))


def cut_leaving(decisions: Decisions, heading: Callable[[FieldId], str]) -> Iterator[Piece]:
    """The texts exactly as they will leave, which is what `apply_findings` gives."""
    for field, text in decisions.texts.items():
        yield from _begin(field, decisions, heading)
        position = 0
        for found in decisions.findings[field]:
            if found.span.start > position:
                yield _plain(field, text, position, found.span.start)
            words = text[found.span.start : found.span.end]
            shown = found.replacement if found.masked else words
            place = Place(field, found.span)
            yield Piece(shown, role_of(found), place, found, exact=not found.masked)
            position = found.span.end
        if position < len(text):
            yield _plain(field, text, position, len(text))


def role_of(finding: Finding) -> PieceRole:
    """How a finding is shown."""
    if finding.masked:
        return "masked"
    return "open" if is_open(finding) else "left"


def units(text: str) -> int:
    """How many UTF-16 units the text has, which is what a text document counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class PieceMap:
    """Where each piece lies in a document that was filled with them in this order."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = tuple(pieces)
        self._starts: list[int] = []
        position = 0
        for piece in self.pieces:
            self._starts.append(position)
            position += units(piece.text)

    def range_of(self, place: Place) -> tuple[int, int] | None:
        """The units [start, end) at which a finding or leftover is shown."""
        for start, piece in zip(self._starts, self.pieces, strict=True):
            if piece.place == place and piece.role not in {"plain", "letter"}:
                return start, start + units(piece.text)
        return None

    def piece_at(self, position: int) -> Piece | None:
        """The piece that the unit at `position` belongs to."""
        index = bisect_right(self._starts, position) - 1
        return self.pieces[index] if index >= 0 else None

    def selected(self, start: int, end: int) -> tuple[FieldId, int, int] | None:
        """The field and the code points that are selected; of several fields the first.

        Only what stands in a field counts, not headings and letters. None if nothing does.
        """
        field: FieldId | None = None
        points: list[int] = []
        for begin, piece in zip(self._starts, self.pieces, strict=True):
            if piece.place is None or not piece.exact or begin >= end:
                continue
            length = units(piece.text)
            low, high = max(start - begin, 0), min(end - begin, length)
            if low < high and piece.place.field == (field or piece.place.field):
                field = piece.place.field
                points += [piece.place.span.start + _points(piece.text, at) for at in (low, high)]
        if field is None or min(points) == max(points):
            return None
        return field, min(points), max(points)


def _begin(
    field: FieldId, decisions: Decisions, heading: Callable[[FieldId], str]
) -> Iterator[Piece]:
    if field != next(iter(decisions.texts)):
        yield Piece("\n", "space")
    yield Piece(heading(field), "heading")
    yield Piece("\n", "space")


def _plain(field: FieldId, text: str, start: int, end: int) -> Piece:
    return Piece(text[start:end], "plain", Place(field, Span(start, end)), exact=True)


def _points(text: str, length: int) -> int:
    """How many code points the first `length` UTF-16 units are."""
    if text.isascii():
        return length
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * length]
    return len(raw.decode("utf-16-le", "ignore"))
