"""The folder as a disk could hold it after a power cut, made from a trace of what was written.

What was flushed before the cut is there. Each later write is there, is not there, or is torn at 512
bytes; each later change of a folder is there or not. `IN_ORDER` is a file system with a journal
(ext4, NTFS): folders change in the order in which they were told to, and every flush takes along
what was told before. `ANY_ORDER` promises what POSIX does and no more: a name lasts once its folder
was flushed.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath

from tests.torture.trace import Named, Node, Trace, Written, join_changes

SECTOR = 512
_TORN = 1 / 3


class DiskOrder(StrEnum):
    """What a file system promises of changes that were not flushed."""

    IN_ORDER = "in order"
    ANY_ORDER = "any order"


def cut_power(trace: Trace, at: int, target: Path, order: DiskOrder, chance: random.Random) -> None:
    """Make the target folder what the disk could hold if the power went before the event."""
    share = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    held: dict[PurePosixPath, Node] = {}
    for each in _names_kept(trace, at, order, share, chance):
        if each.removes is not None:
            held.pop(each.removes, None)
        if each.adds is not None:
            held[each.adds] = each.node
    target.mkdir()
    for path in sorted(held):
        place = target / path.relative_to(trace.root)
        if not place.parent.is_dir():
            continue  # its folder is not there, so nothing of it is
        if held[path].is_folder:
            place.mkdir()
        else:
            place.write_bytes(join_changes(_changes_kept(held[path], at, share, chance)))
            place.chmod(0o600)


def _names_kept(
    trace: Trace, at: int, order: DiskOrder, share: float, chance: random.Random
) -> Iterator[Named]:
    found = bisect_left(trace.flushes, at)
    flushed = trace.flushes[found - 1] if found else -1
    for each in trace.names:
        if each.at >= at:
            return
        if order is DiskOrder.IN_ORDER:
            if each.at > flushed and chance.random() >= share:
                return
            yield each
        else:
            lasting = each.folder is not None and each.folder.flushed_before(at) > each.at
            # The root is given: whoever has made it has flushed its parent.
            if lasting or chance.random() < share:
                yield each


def _changes_kept(node: Node, at: int, share: float, chance: random.Random) -> Iterator[Written]:
    flushed = node.flushed_before(at)
    for each in node.changes:
        if each.at >= at:
            return
        if each.at < flushed:
            yield each
        elif chance.random() < _TORN:
            yield from _tear(each, share, chance)
        elif chance.random() < share:
            yield each


def _tear(each: Written, share: float, chance: random.Random) -> Iterator[Written]:
    if each.raw is None:
        return
    start, end = each.offset, each.offset + len(each.raw)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        if chance.random() < share:
            yield Written(each.at, start, each.raw[start - each.offset : stop - each.offset])
        start = stop
