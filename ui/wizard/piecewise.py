"""Looks for what identifies somebody in texts that are still being written.

A text is cut into pieces, so that after a key only the piece that it went into is looked at
again. What a name in one piece means for the others is settled in a second look at those few
pieces in which one of its words occurs. The last page looks at everything as a whole; this is
its forerunner, and may differ from it where a sentence far away decides.
"""

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.form import FieldId
from app.domain.report import Finding, Kind, Span
from sync.scrub import Identities, Scrubber

_ELSEWHERE = "named elsewhere in this report"
_FIELD = "text"
_LONG_PARAGRAPH = 800
_SHORTEST_PIECE, _LONGEST_PIECE = 200, 1_200
_ONE_IN = 3  # how many ends of sentences end a piece, where it is neither short nor long
_SENTENCE = re.compile(r"[.!?][\"')\]]?\s+")
_WORD = re.compile(r"\w+")

_Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Looked:
    """What was found so far. is_complete: whether all pieces have been looked at.

    findings: by field; spans are code points of the text that was given.
    """

    findings: Mapping[FieldId, tuple[Finding, ...]]
    is_complete: bool


@dataclass(frozen=True, slots=True, repr=False)
class _Piece:
    field: FieldId
    start: int
    text: str


class PiecewiseLook:
    """Keeps what was found in the pieces of the last texts. For one thread at a time.

    scrubber: called when it is first needed, since building one takes a moment.
    """

    def __init__(self, scrubber: Callable[[], Scrubber]) -> None:
        self._scrubber = scrubber
        self._known = Identities()
        self._alone: dict[str, tuple[Finding, ...]] = {}
        self._together: dict[tuple[str, _Names], tuple[Finding, ...]] = {}

    def look(
        self,
        texts: Mapping[FieldId, str],
        known: Identities,
        caret: tuple[FieldId, int] | None,
        at_most_s: float,
    ) -> Looked:
        """Find what has not been looked at yet, the piece at the caret first.

        known: from the private notes. at_most_s: begin no further piece after that time; one is
        always done, so that repeated calls come to an end.
        """
        if known != self._known:
            self._known = known
            self._alone.clear()
            self._together.clear()
        pieces = [each for field, text in texts.items() for each in _cut(field, text)]
        until_s = time.monotonic() + at_most_s
        is_complete = self._look_alone(sorted(pieces, key=_distance_from(caret)), until_s)
        links = self._link([each for each in pieces if each.text in self._alone])
        if is_complete:
            is_complete = self._look_together(links, until_s)
        self._forget_others(links)
        found: dict[FieldId, list[Finding]] = {field: [] for field in texts}
        for piece, names in links:
            known_so_far = self._together.get((piece.text, names), self._alone[piece.text])
            found[piece.field] += _shift(known_so_far, piece.start)
        return Looked({field: tuple(each) for field, each in found.items()}, is_complete)

    def _look_alone(self, pieces: Iterable[_Piece], until_s: float) -> bool:
        """Every piece by itself; False if the time was over before."""
        is_first = True
        for piece in pieces:
            if piece.text not in self._alone:
                if not is_first and time.monotonic() > until_s:
                    return False
                is_first = False
                self._alone[piece.text] = self._scrub(piece.text, self._known)
        return True

    def _link(self, pieces: list[_Piece]) -> list[tuple[_Piece, _Names]]:
        """For each piece the names found in others of which a word stands in this one too."""
        own = {piece.text: _names_in(piece.text, self._alone[piece.text]) for piece in pieces}
        by_word: dict[str, set[str]] = {}
        for names in own.values():
            for name in names:
                for word in _words(name):
                    by_word.setdefault(word, set()).add(name)
        linked = []
        for piece in pieces:
            others = {
                name for word in _words(piece.text) & by_word.keys() for name in by_word[word]
            }
            linked.append((piece, tuple(sorted(others - own[piece.text]))))
        return linked

    def _look_together(self, links: Iterable[tuple[_Piece, _Names]], until_s: float) -> bool:
        is_first = True
        for piece, names in links:
            if names and (piece.text, names) not in self._together:
                if not is_first and time.monotonic() > until_s:
                    return False
                is_first = False
                known = replace(self._known, names=(*self._known.names, *names))
                alone = {each.span for each in self._alone[piece.text]}
                self._together[piece.text, names] = tuple(
                    each
                    if each.source != "known" or each.span in alone
                    else replace(each, reason=_ELSEWHERE)
                    for each in self._scrub(piece.text, known)
                )
        return True

    def _forget_others(self, links: Iterable[tuple[_Piece, _Names]]) -> None:
        """Drop what was found in pieces that do not exist any more."""
        links = list(links)
        texts = {piece.text for piece, _ in links}
        together = {(piece.text, names) for piece, names in links}
        self._alone = {text: each for text, each in self._alone.items() if text in texts}
        self._together = {key: each for key, each in self._together.items() if key in together}

    def _scrub(self, text: str, known: Identities) -> tuple[Finding, ...]:
        return self._scrubber().scrub({_FIELD: text}, known).findings[_FIELD]


def cut_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their places, long ones cut at some ends of sentences.

    Which ends depends on the words before them alone, so that a change moves no cut behind it.
    """
    start = 0
    for paragraph in text.splitlines(keepends=True):
        if len(paragraph) <= _LONG_PARAGRAPH:
            yield start, paragraph
        else:
            for begin, end in _cut_long(paragraph):
                yield start + begin, paragraph[begin:end]
        start += len(paragraph)


def _cut_long(paragraph: str) -> Iterator[tuple[int, int]]:
    begin = sentence = 0
    for found in _SENTENCE.finditer(paragraph):
        end = found.end()
        is_cut = zlib.crc32(paragraph[sentence:end].encode("utf-8", "replace")) % _ONE_IN == 0
        sentence = end
        if end - begin > _LONGEST_PIECE or (is_cut and end - begin > _SHORTEST_PIECE):
            yield from _cut_at_blanks(paragraph, begin, end)
            begin = end
    if begin < len(paragraph):
        yield from _cut_at_blanks(paragraph, begin, len(paragraph))


def _cut_at_blanks(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """What has no ends of sentences is cut at a blank, or in the middle of what has none."""
    while end - begin > 2 * _LONGEST_PIECE:
        blank = text.rfind(" ", begin + _SHORTEST_PIECE, begin + _LONGEST_PIECE)
        cut = blank + 1 if blank > 0 else begin + _LONGEST_PIECE
        yield begin, cut
        begin = cut
    yield begin, end


def _cut(field: FieldId, text: str) -> Iterator[_Piece]:
    return (_Piece(field, start, piece) for start, piece in cut_pieces(text) if piece.strip())


def _distance_from(caret: tuple[FieldId, int] | None) -> Callable[[_Piece], int]:
    """How far a piece is from the caret; those of other fields keep their order at the end."""

    def distance(piece: _Piece) -> int:
        if caret is None or piece.field != caret[0]:
            return 1 << 30
        end = piece.start + len(piece.text)
        return max(piece.start - caret[1], caret[1] - end, 0)

    return distance


def _names_in(text: str, found: Iterable[Finding]) -> set[str]:
    return {
        " ".join(text[each.span.start : each.span.end].split())
        for each in found
        if each.kind is Kind.NAME and each.masked
    }


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > 1}


def _shift(found: Iterable[Finding], by: int) -> list[Finding]:
    return [replace(each, span=Span(each.span.start + by, each.span.end + by)) for each in found]
