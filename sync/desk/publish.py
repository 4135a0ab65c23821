"""Publishing, first half: what changes is packed, listed in a new index, signed by one person.

Mail to reporters goes out in the same way, beside the archive or alone.

Nothing of it can be seen yet: it lies in the folder `prepared` until a second person has
looked at it and signed (cosign). Preparing again replaces what was prepared before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Metadata, Targets

from app.domain.archive import Operation, Put
from app.errors import InputError
from app.progress import Progress, Silent
from sync.desk.contents import fold, in_order, next_index, pack_key, read_contents
from sync.desk.custody import Ring
from sync.desk.folder import (
    ARCHIVE_ROLE,
    DeskFeed,
    Released,
    clear_prepared,
    read_index,
    read_released,
    write_file,
    write_target,
)
from sync.desk.mail_feed import PreparedMail, prepare_mail, read_mail_index, write_mail_targets
from sync.desk.repository import check_clock, expiry
from sync.feed_index import INDEX_TARGET, Index, PackEntry, needs_new_base
from sync.mail_index import MailIndex
from sync.packs import Pack, PackKind, write_pack
from sync.protocol.connection import Connection

_STEPS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """What waits for the second signature.

    sequence: the one it will have. has_new_base: whether the whole archive is packed anew.
    letters: how many sealed records of mail it carries.
    """

    sequence: int
    puts: int
    deletes: int
    has_new_base: bool
    letters: int = 0


def publish(
    feed: DeskFeed,
    connection: Connection,
    ring: Ring,
    operations: Sequence[Operation],
    now: datetime,
    progress: Progress | None = None,
    mail: Sequence[bytes] = (),
) -> Prepared:
    """Prepare a publication and sign it with the ring's key for the archive.

    operations: what changes, each archive number at most once. now: with its time zone. mail:
    sealed records for reporters. Raises InputError if nothing changes or there is too much
    mail, ValueError for a number twice or a record that cannot be written, DamagedError,
    SurroundingsError.
    """
    with feed.hold():
        return publish_held(feed, connection, ring, operations, now, progress, mail)


def publish_held(
    feed: DeskFeed,
    connection: Connection,
    ring: Ring,
    operations: Sequence[Operation],
    now: datetime,
    progress: Progress | None = None,
    mail: Sequence[bytes] = (),
) -> Prepared:
    """The same for a caller that holds the feed's lock, and decided under it what changes."""
    if not operations and not mail:
        raise InputError(
            "There is nothing to publish.",
            hint="Approve a case or import records first.",
        )
    today = now.date().isoformat()
    steps = progress or Silent()
    released = read_released(feed, connection)
    check_clock(released, now)
    index = read_index(feed, released.archive.signed, connection.tenant)
    steps.report(1, _STEPS)
    before = read_mail_index(feed, released.archive.signed, connection.tenant)
    post = prepare_mail(before, mail, today)
    packs: list[tuple[PackEntry, Pack]] = []
    if operations:
        packs = _pack_change(feed, connection, released, index, in_order(operations), steps)
        index = next_index(index, [entry for entry, _ in packs], today)
    _write_prepared(feed, released, index, packs, (before, post), ring, now)
    steps.report(_STEPS, _STEPS)
    puts = sum(isinstance(each, Put) for each in operations)
    has_new_base = any(entry.kind is PackKind.BASE for entry, _ in packs)
    return Prepared(index.sequence, puts, len(operations) - puts, has_new_base, len(mail))


def _pack_change(
    feed: DeskFeed,
    connection: Connection,
    released: Released,
    index: Index,
    operations: Sequence[Operation],
    steps: Progress,
) -> list[tuple[PackEntry, Pack]]:
    """The delta, and the whole archive as a new base if it is time for one."""
    sequence = index.sequence + 1
    delta = write_pack(operations, pack_key(connection, PackKind.DELTA))
    entry = PackEntry(PackKind.DELTA, index.sequence, sequence, delta.figures)
    steps.report(2, _STEPS)
    packs = [(entry, delta)] if index.sequence else []
    if index.base is None or needs_new_base(index.base, (*index.deltas, entry)):
        contents = read_contents(feed, released.archive.signed, index, connection)
        whole = in_order(fold(contents, operations).values())
        base = write_pack(whole, pack_key(connection, PackKind.BASE))
        packs.append((PackEntry(PackKind.BASE, 0, sequence, base.figures), base))
    steps.report(3, _STEPS)
    return packs


def _write_prepared(
    feed: DeskFeed,
    released: Released,
    index: Index,
    packs: Sequence[tuple[PackEntry, Pack]],
    mail: tuple[MailIndex, PreparedMail],
    ring: Ring,
    now: datetime,
) -> None:
    """Targets first, the signed metadata last: only then is something prepared.

    mail: before and after.
    """
    signer = ring.signer(ARCHIVE_ROLE)
    clear_prepared(feed)
    old = released.archive.signed
    made = {entry.target: pack.content for entry, pack in packs}
    targets = {INDEX_TARGET: write_target(feed.prepared, INDEX_TARGET, index.to_bytes())}
    for entry in index.packs:
        if entry.target in made:
            content = made[entry.target]
            targets[entry.target] = write_target(feed.prepared, entry.target, content)
        else:
            targets[entry.target] = old.targets[entry.target]
    targets |= write_mail_targets(feed.prepared, old, *mail)
    archive = Metadata(
        Targets(version=old.version + 1, expires=expiry(ARCHIVE_ROLE, now), targets=targets)
    )
    archive.sign(signer)
    write_file(feed.prepared_archive, archive.to_bytes())
