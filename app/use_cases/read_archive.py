"""Search and read the offline archive. It needs no vault, no passphrase and no network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.archive import ArchiveNumber, ArchiveStatus, Record, SearchHit
from app.errors import InputError
from app.store.archive import ArchiveStore
from app.store.facets import SHELF, Facets
from app.store.records import SPECIAL, code_words

__all__ = [
    "FACET_FIELDS",
    "SHELF",
    "SPECIAL",
    "ArchiveStatus",
    "ArchiveStore",
    "Facets",
    "Question",
    "Results",
    "code_words",
    "find_reports",
    "find_similar",
    "lesson_points",
    "open_archive",
    "read_record",
    "search_archive",
]

# What a trainer looks for: what was done, what could have hurt, why, where, who, when. All are
# published as soon as a report is; fields that wait for the k-anonymity check would be empty.
FACET_FIELDS = (
    SHELF,
    "activity_detail",
    "hazard",
    "contributing",
    "location_type",
    "agency_type",
    "light",
    "time_block",
    "event_year",
)
# Two reports are alike if the same was done, the same threatened, and the same led to it.
_ALIKE_FIELDS = ("activity_detail", "hazard", "contributing")
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u2013]|\d{1,2}[.)])\s+")
# A sentence ends after a small-letter word; "Sgt. Ferraro" and "No. 5" are not torn apart.
_SENTENCE_END = re.compile(r"(?<=[a-z]{3}[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for.

    where: code by field, all must fit; "special:unknown" for a special value, and the name of
    a shelf under SHELF.
    """

    words: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    def with_code(self, name: str, code: str) -> "Question":
        """The same, with this code in the field instead of another."""
        return Question(self.words, {**self.where, name: code})

    def without(self, name: str) -> "Question":
        """The same, with any answer in the field."""
        return Question(
            self.words, {other: code for other, code in self.where.items() if other != name}
        )

    @property
    def codes(self) -> dict[str, str]:
        """`where` without the shelf."""
        return dict(self.without(SHELF).where)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results, and how all of them are distributed over the main fields."""

    hits: tuple[SearchHit, ...]
    facets: Facets


def open_archive(path: Path, key: bytes) -> ArchiveStore:
    """Open the archive, or make an empty one. key: 32 bytes. Raises UserError."""
    return ArchiveStore.open_or_create(path, key)


def search_archive(
    archive: ArchiveStore,
    words: str,
    where: Mapping[str, str] | None = None,
    shelf: str | None = None,
    limit: int = 20,
) -> tuple[SearchHit, ...]:
    """Records with these words and codes. Raises InputError if nothing was fetched yet."""
    if not archive.status().records:
        raise InputError(
            "The archive on this computer is empty.",
            hint="Fetch it with: nearmiss archive update, or import it from a stick.",
        )
    return archive.search(words, where, shelf, limit)


def find_reports(
    archive: ArchiveStore, question: Question, limit: int = 50, offset: int = 0
) -> Results:
    """One page of the results, with counts over all of them. Raises UserError."""
    shelf = question.where.get(SHELF)
    hits = archive.search(question.words, question.codes, shelf, limit, offset)
    return Results(hits, archive.facets(question.words, question.codes, shelf, FACET_FIELDS))


def find_similar(archive: ArchiveStore, record: Record, limit: int = 3) -> tuple[SearchHit, ...]:
    """Other reports in which most is alike: what was done, what threatened, what led to it."""
    return archive.similar(record, _ALIKE_FIELDS, limit)


def lesson_points(text: str) -> tuple[str, ...]:
    """A text of lessons as the points of a list.

    Lines are points, without the dash or number they begin with; a single paragraph is
    divided into its sentences.
    """
    lines = [_BULLET.sub("", line).strip() for line in text.splitlines()]
    points = [line for line in lines if line]
    return tuple(_SENTENCE_END.split(points[0])) if len(points) == 1 else tuple(points)


def read_record(archive: ArchiveStore, number: ArchiveNumber) -> Record:
    """The report of this number. Raises InputError if the archive has none."""
    record = archive.get(number)
    if record is None:
        raise InputError(
            f"The archive has no report {number}.",
            "It may have been taken back, or it is not on this computer yet.",
            "Search for it, or update the archive.",
        )
    return record
