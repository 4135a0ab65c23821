"""What the archive holds, made again from its packs, and the index that follows another."""

from collections.abc import Iterable, Sequence
from itertools import chain

from tuf.api.metadata import Targets

from app.domain.archive import ArchiveNumber, Operation, Put
from sync.desk.folder import BrokenFeedError, DeskFeed
from sync.feed_index import DELTA_LIMIT, Index, PackEntry, choose_packs
from sync.packs import DamagedPackError, PackKey, PackKind, read_pack
from sync.protocol.connection import Connection


def pack_key(connection: Connection, kind: PackKind) -> PackKey:
    """The key of this connection's packs."""
    return PackKey.derive(connection.archive_secret, connection.tenant, kind)


def read_operations(
    feed: DeskFeed, archive: Targets, entry: PackEntry, connection: Connection
) -> list[Operation]:
    """What is in one pack of the desk's folder. Raises BrokenFeedError."""
    target = archive.targets.get(entry.target)
    if target is None:
        raise BrokenFeedError
    content = feed.read_target(entry.target, target)
    try:
        return list(read_pack(content, entry.figures, pack_key(connection, entry.kind)))
    except DamagedPackError as error:
        raise BrokenFeedError from error


def read_contents(
    feed: DeskFeed, archive: Targets, index: Index, connection: Connection
) -> dict[ArchiveNumber, Put]:
    """Every record that is published, by its number. Raises BrokenFeedError."""
    packs = choose_packs(index, held=0).packs
    return fold(
        {},
        chain.from_iterable(read_operations(feed, archive, entry, connection) for entry in packs),
    )


def fold(
    contents: dict[ArchiveNumber, Put], operations: Iterable[Operation]
) -> dict[ArchiveNumber, Put]:
    """The contents after the operations."""
    after = dict(contents)
    for operation in operations:
        if isinstance(operation, Put):
            after[operation.record.number] = operation
        else:
            after.pop(operation.number, None)
    return after


def in_order(operations: Iterable[Operation]) -> list[Operation]:
    """Sorted by archive number, so that the order tells nothing of how they came about.

    Raises ValueError if a number is there twice.
    """
    by_number: dict[ArchiveNumber, Operation] = {}
    for operation in operations:
        number = operation.record.number if isinstance(operation, Put) else operation.number
        if number in by_number:
            raise ValueError("an archive number is there twice")
        by_number[number] = operation
    return [by_number[number] for number in sorted(by_number)]


def next_index(index: Index, made: Sequence[PackEntry], signed_on: str) -> Index:
    """The index after one more publication; of the deltas, the last 26 are kept.

    made: the new packs. Which of the old ones stay follows from the index alone, so that the
    second person can work out the same.
    """
    base = index.base
    deltas = list(index.deltas)
    for entry in made:
        if entry.kind is PackKind.BASE:
            base = entry
        else:
            deltas.append(entry)
    return Index(index.tenant, index.sequence + 1, signed_on, base, tuple(deltas[-DELTA_LIMIT:]))
