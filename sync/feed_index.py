"""The index of the archive: which packs there are, and which of them a client needs.

The index is the target `archive/index.json`. It names a base (the whole archive at one
sequence) and a chain of deltas, each from one sequence to a later one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sync.packs import (
    LENGTH_LIMIT,
    OPERATIONS_LIMIT,
    UNPACKED_LIMIT,
    PackFigures,
    PackKind,
)
from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError

FORMAT = "nearmiss-index-1"
INDEX_TARGET = "archive/index.json"
DELTA_LIMIT = 26
"""Deltas that are kept: half a year of weekly ones."""
_DATE = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SHA256_LENGTH = 32
_MEMBERS = ("format", "tenant", "sequence", "signed_on", "base", "deltas")
_PACK_MEMBERS = ("name", "hash", "length", "unpacked_length", "operations")


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One pack in the index.

    first: the sequence that a client must hold to use it, 0 for a base. sequence: what it
    holds afterwards.
    """

    kind: PackKind
    first: int
    sequence: int
    figures: PackFigures

    @property
    def target(self) -> str:
        """The name of the target, such as "archive/delta-11-12.pack"."""
        if self.kind is PackKind.BASE:
            return f"archive/base-{self.sequence}.pack"
        return f"archive/delta-{self.first}-{self.sequence}.pack"

    def to_json(self) -> dict[str, object]:
        """As it stands in the index."""
        message: dict[str, object] = {
            "name": self.target,
            "hash": self.figures.sha256,
            "length": self.figures.length,
            "unpacked_length": self.figures.unpacked_length,
            "operations": self.figures.operations,
        }
        if self.kind is PackKind.BASE:
            return {**message, "sequence": self.sequence}
        return {**message, "from": self.first, "to": self.sequence}


@dataclass(frozen=True, slots=True)
class Index:
    """What is published. sequence: counts publications. signed_on: "YYYY-MM-DD"."""

    tenant: str
    sequence: int
    signed_on: str
    base: PackEntry | None
    deltas: tuple[PackEntry, ...]

    @property
    def packs(self) -> tuple[PackEntry, ...]:
        """The base, then the deltas in their order."""
        return (() if self.base is None else (self.base,)) + self.deltas

    def to_bytes(self) -> bytes:
        """The target's content."""
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "sequence": self.sequence,
                "signed_on": self.signed_on,
                "base": None if self.base is None else self.base.to_json(),
                "deltas": [delta.to_json() for delta in self.deltas],
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes, *, tenant: str) -> "Index":
        """Read the index of this tenant.

        Raises MalformedError for another tenant's, for figures beyond the limits, and for
        packs that do not lead to the sequence without a gap.
        """
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, *_MEMBERS)
        if message.get("tenant") != tenant:
            raise MalformedError("the index belongs to another tenant")
        base, deltas = message.get("base"), message.get("deltas")
        if not isinstance(deltas, list) or len(deltas) > DELTA_LIMIT:
            raise MalformedError(f"the deltas are no list of {DELTA_LIMIT} or fewer")
        index = cls(
            tenant=tenant,
            sequence=canonical.number_of(message, "sequence"),
            signed_on=read_date(message),
            base=None if base is None else _read_entry(base, PackKind.BASE),
            deltas=tuple(_read_entry(delta, PackKind.DELTA) for delta in deltas),
        )
        _check_chain(index)
        return index


@dataclass(frozen=True, slots=True)
class Plan:
    """What a client fetches. replaces_all: the first pack is a base."""

    packs: tuple[PackEntry, ...]
    replaces_all: bool

    @property
    def length(self) -> int:
        """Bytes to fetch."""
        return sum(pack.figures.length for pack in self.packs)


def choose_packs(index: Index, held: int) -> Plan:
    """The cheaper of base and chain for a client that holds the sequence `held`.

    Equal cost is decided for the chain, which rewrites less.
    """
    if index.base is None or held == index.sequence:
        return Plan((), replaces_all=False)
    base = Plan((index.base, *_chain(index.deltas, index.base.sequence)), replaces_all=True)
    chain = Plan(_chain(index.deltas, held), replaces_all=False)
    reaches = bool(chain.packs) and chain.packs[0].first == held
    return chain if reaches and chain.length <= base.length else base


def needs_new_base(base: PackEntry, deltas: Sequence[PackEntry]) -> bool:
    """Whether it is time to rebase: the chain since the base costs more than the base did,
    or has more links than are kept.
    """
    chain = _chain(deltas, base.sequence)
    cost = sum(delta.figures.length for delta in chain)
    return len(chain) > DELTA_LIMIT or cost > base.figures.length


def read_date(message: dict[str, Json]) -> str:
    """The date under "signed_on". Raises MalformedError."""
    text = canonical.text_of(message, "signed_on")
    if not _DATE.fullmatch(text):
        raise MalformedError("'signed_on' is not a date")
    return text


def _chain(deltas: Sequence[PackEntry], first: int) -> tuple[PackEntry, ...]:
    return tuple(delta for delta in deltas if delta.first >= first)


def _read_entry(message: Json, kind: PackKind) -> PackEntry:
    if not isinstance(message, dict):
        raise MalformedError("a pack is no object")
    figures = PackFigures(
        sha256=canonical.from_hex(message.get("hash"), _SHA256_LENGTH).hex(),
        length=canonical.number_of(message, "length"),
        unpacked_length=canonical.number_of(message, "unpacked_length"),
        operations=canonical.number_of(message, "operations"),
    )
    if (
        figures.length > LENGTH_LIMIT
        or figures.unpacked_length > UNPACKED_LIMIT
        or figures.operations > OPERATIONS_LIMIT
    ):
        raise MalformedError("a pack is larger than any may be")
    places = ("sequence",) if kind is PackKind.BASE else ("from", "to")
    canonical.expect_only(message, *_PACK_MEMBERS, *places)
    if kind is PackKind.BASE:
        entry = PackEntry(kind, 0, canonical.number_of(message, "sequence"), figures)
    else:
        entry = PackEntry(
            kind, canonical.number_of(message, "from"), canonical.number_of(message, "to"), figures
        )
    if message.get("name") != entry.target or entry.first >= entry.sequence:
        raise MalformedError("a pack whose name or place is wrong")
    return entry


def _check_chain(index: Index) -> None:
    if index.base is None:
        if index.sequence or index.deltas:
            raise MalformedError("there is no base")
        return
    for before, after in zip(index.deltas, index.deltas[1:], strict=False):
        if before.sequence != after.first:
            raise MalformedError("there is a gap between two deltas")
    last = index.deltas[-1].sequence if index.deltas else index.base.sequence
    links = {index.sequence} | {delta.first for delta in index.deltas}
    if last != index.sequence or index.base.sequence not in links:
        raise MalformedError("the packs do not lead to the sequence")
