"""A published report, and how a set of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType, TypeAlias

ArchiveNumber = NewType("ArchiveNumber", int)
NEAR_MISS_SHELF = "near-miss"

CodeValue: TypeAlias = str | int | list[str] | dict[str, str]
"""An answer as the form writes it: a code, a year, several codes, {"special": "unknown"}."""


@dataclass(frozen=True, slots=True)
class Record:
    """A published report.

    shelf: "near-miss", or the name of a sister system. codes: by field. texts: by field,
    plain text; "title", "synopsis", "what_happened", "lessons" are the common ones.
    marks: what else a reader must know, such as "invented".
    """

    number: ArchiveNumber
    revision: int
    shelf: str
    codes: Mapping[str, CodeValue]
    texts: Mapping[str, str]
    marks: tuple[str, ...] = ()


_READ_FIRST = (
    "title",
    "synopsis",
    "what_happened",
    "decisions",
    "went_well",
    "lessons",
    "lessons_edit",
    "prevention",
    "action_taken",
)


def in_reading_order(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as one reads a report: what it is, what happened, what follows, the rest."""
    order = {name: place for place, name in enumerate(_READ_FIRST)}
    return dict(sorted(texts.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))


@dataclass(frozen=True, slots=True)
class Put:
    """Add the record, or replace an older revision of it."""

    record: Record


@dataclass(frozen=True, slots=True)
class Delete:
    """Take the record out: a retraction."""

    number: ArchiveNumber
    revision: int


Operation: TypeAlias = Put | Delete


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result. snippet: plain text, the found words between U+0002 and U+0003.

    codes: by field.
    """

    number: ArchiveNumber
    shelf: str
    title: str
    snippet: str
    codes: Mapping[str, CodeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What the offline copy is. sequence: the index it holds; 0 before the first.

    signed_on: the date on which the feed was signed, "YYYY-MM-DD", empty before the first.
    """

    sequence: int
    signed_on: str
    records: int
