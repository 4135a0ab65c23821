"""A real desk with a real feed, for the tests of both ends."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Operation, Put, Record
from app.domain.form_file import load_form
from resources.read import read_form_files
from sync.desk.cosign import Proposal, cosign, inspect
from sync.desk.custody import Ring, RingName, make_research_key, make_rings
from sync.desk.folder import DeskFeed
from sync.desk.publish import publish
from sync.desk.repository import create_repository
from sync.feed import Update
from sync.feed_marks import Marks
from sync.feed_source import FeedSource
from sync.protocol.connection import Connection, new_tenant
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey

CODES: Mapping[str, CodeValue] = {"event_year": 2025, "light": "1", "weather": ["1", "10"]}
FORM = load_form(*read_form_files())[0]
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """An analyst's machine, with all key rings open."""

    feed: DeskFeed
    connection: Connection
    rings: Mapping[RingName, Ring]

    @property
    def lead(self) -> Ring:
        return self.rings[RingName.LEAD]

    @property
    def second(self) -> Ring:
        return self.rings[RingName.SECOND]

    def at(self, folder: Path) -> "Desk":
        """The same desk, its folder copied to another place."""
        return Desk(DeskFeed(folder), self.connection, self.rings)

    def release(self, operations: list[Operation], now: datetime = NOW) -> Proposal:
        """Publish and cosign."""
        publish(self.feed, self.connection, self.lead, operations, now)
        digest = inspect(self.feed, self.connection, FORM, now).digest
        return cosign(self.feed, self.connection, self.second, FORM, now, digest)


def make_desk(folder: Path, now: datetime = NOW) -> Desk:
    """A desk whose feed holds the keys and an empty archive."""
    tenant = new_tenant()
    rings = make_rings(tenant)
    sealing, research = make_research_key(tenant, "2026-01", "2026-06")
    rings[RingName.LEAD] = rings[RingName.LEAD].with_key(sealing, research)
    public = SigningKey.generate().public_bytes()
    acknowledgement = PublicKeyFile(tenant, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", public)
    feed = DeskFeed(folder)
    root = create_repository(feed, rings, [research, acknowledgement], now)
    url = "https://service.example"
    secret = secrets.token_bytes(32)
    connection = Connection(tenant, "A test", url, f"{url}/feed", root, secret)
    return Desk(feed, connection, rings)


def put(number: int, revision: int = 1, text: str = "A dog in the yard.") -> Put:
    """A record with this number."""
    return Put(
        Record(
            number=ArchiveNumber(number),
            revision=revision,
            shelf="near-miss",
            codes=dict(CODES),
            texts={"title": f"Title {number}", "what_happened": text},
            marks=("invented",),
        )
    )


def delete(number: int, revision: int = 2) -> Delete:
    """A retraction."""
    return Delete(ArchiveNumber(number), revision)


@dataclass
class Archive:
    """What a client keeps: stands in for the store, and applies as one transaction would."""

    records: dict[int, Record] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    signed_on: str = ""
    applied: int = 0

    def apply(self, found: Update, operations: Iterator[Operation]) -> None:
        """All or nothing."""
        records = {} if found.replaces_all else dict(self.records)
        for operation in operations:
            if isinstance(operation, Put):
                records[operation.record.number] = operation.record
            else:
                records.pop(operation.number, None)
        self.records, self.marks, self.signed_on = records, found.marks, found.signed_on
        self.applied += 1


@dataclass
class Recording:
    """A source that remembers what was asked of it."""

    source: FeedSource
    paths: list[str] = field(default_factory=list)
    length: int = 0

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        self.paths.append(path)
        for piece in self.source.read(path, limit):
            self.length += len(piece)
            yield piece
