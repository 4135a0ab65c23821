"""The archive's way in: what is new in the signed feed, verified, for the store to apply.

Nothing is written to the archive here. The caller hands in `apply`, which writes the
operations, the marks and the keys in one transaction of its own; if it is not reached, or
if the operations break off with an error, the archive stays as it was.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from tuf.api.exceptions import ExpiredMetadataError

from app.domain.archive import Operation
from app.errors import SurroundingsError, UntrustedError
from app.progress import Progress, Silent
from sync.feed_clock import NEVER_EXPIRED
from sync.feed_folder import FolderSource
from sync.feed_index import Plan, choose_packs
from sync.feed_lock import one_at_a_time
from sync.feed_mail import ArrivedMail, fetch_mail, plan_mail
from sync.feed_marks import Marks, OlderFeedError, trusted_time
from sync.feed_source import FeedSource
from sync.feed_verify import SignedFile, VerifiedFeed, verify_feed
from sync.packs import PackKey, read_pack
from sync.protocol.connection import Connection
from sync.protocol.keys import PublicKeyFile, Purpose


class UpdateState(StrEnum):
    """`EXPIRED`: it is out of date and was not used, since nobody allowed that."""

    NEW = "new"
    NOTHING_NEW = "nothing new"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Update:
    """What an update found.

    sequence: of the index. signed_on: the day on which the feed was last signed, to be shown
    with the archive; published_on: of the last publication; both "YYYY-MM-DD".
    is_expired: by the trusted clock. is_clock_behind: the system's clock shows a day before
    the one that was signed. replaces_all: the operations are the whole archive.
    keys: those the feed vouches for. marks: to be kept, in the same transaction; those that
    were handed in, if it is `EXPIRED`. mail: all that the feed carries, to be kept with it.
    files: what stands beside the keys, to be kept as they are.
    """

    state: UpdateState
    sequence: int
    signed_on: str
    published_on: str
    is_expired: bool
    is_clock_behind: bool
    replaces_all: bool
    operations: int
    keys: tuple[PublicKeyFile, ...]
    marks: Marks
    mail: ArrivedMail = field(default=ArrivedMail(), repr=False)
    files: tuple[SignedFile, ...] = ()

    def keys_for(self, purpose: Purpose) -> tuple[PublicKeyFile, ...]:
        """The keys for one purpose, the newest first."""
        found = (key for key in self.keys if key.purpose is purpose)
        return tuple(sorted(found, key=lambda key: (key.last_month, key.name), reverse=True))

    def sentence(self) -> str:
        """What to tell the person."""
        if self.state is UpdateState.NEW:
            text = f"The archive is now that of {self.published_on}."
        elif self.sequence == 0:
            text = "Fetched and verified. Nothing is published yet."
        else:
            found = "New mail came." if self.mail.arrived else "Nothing newer."
            text = f"{found} The archive was last signed on {self.signed_on}."
        if self.is_clock_behind:
            text += " The clock of this computer is behind."
        return text


Apply: TypeAlias = Callable[[Update, Iterator[Operation]], None]
"""Writes an update in one transaction. It reads the operations to their end, or fails."""


class ExpiredFeedError(UntrustedError):
    """The folder holds a feed that has expired. It may be used if a person says so."""

    def __init__(self, signed_on: str) -> None:
        super().__init__(
            f"This copy of the archive was signed on {signed_on} and is out of date.",
            "It was not used. It may still be newer than what is on this computer.",
            "Get a newer copy, or import it knowing that it is old.",
        )
        self.signed_on = signed_on


class BusyFeedError(SurroundingsError):
    """Another program of the same home is updating."""

    def __init__(self) -> None:
        super().__init__(
            "The archive is being updated already.",
            "Nothing was changed.",
            "Wait until the other update has finished, then try again.",
        )


def update(
    connection: Connection,
    source: FeedSource,
    cache_folder: Path,
    high_water: Marks,
    now: datetime,
    apply: Apply,
    *,
    held: int | None = None,
    held_mail: Collection[str] = (),
    allow_expired: bool = False,
    progress: Progress | None = None,
) -> Update:
    """Bring the archive to what the feed says.

    high_water: the higher of archive's and post's marks. held: the sequence that the archive
    holds, if that is another (0 after it was lost). held_mail: the packs of mail that are
    here, by hash; every other one is fetched. now: the system's clock, with its time zone.
    An expired feed is not a failure here: reading goes on, and the state says so.
    Unless it says `EXPIRED`, `apply` is called once, with no operations if there is nothing
    newer: date, marks and keys are to be kept all the same, and may have been lost.
    Raises UntrustedError, DamagedError, SurroundingsError, and what `apply` raises.
    """
    held = high_water.sequence if held is None else held
    meter = _Meter(progress or Silent())
    with one_at_a_time(cache_folder, BusyFeedError()):  # python-tuf's cache demands it
        feed, is_expired = _verify(connection, source, cache_folder, high_water, now, meter)
        if held > feed.index.sequence:
            raise OlderFeedError(high_water.signed_on)
        plan = choose_packs(feed.index, held)
        found = _describe(feed, plan, now, is_expired=is_expired)
        if is_expired and not allow_expired:
            return replace(found, state=UpdateState.EXPIRED, marks=high_water)
        post = plan_mail(feed.mail, held_mail, trusted_time(now, feed.marks))
        meter.expect(plan.length + post.length)
        _fetch_packs(feed, plan, meter)
        found = replace(found, mail=fetch_mail(feed, post, plan.length, meter.reach))
        apply(found, _read_operations(feed, plan, connection))
        _sweep(feed.folder)
    return found


def import_folder(
    connection: Connection,
    folder: Path,
    cache_folder: Path,
    high_water: Marks,
    now: datetime,
    apply: Apply,
    *,
    held: int | None = None,
    held_mail: Collection[str] = (),
    allow_expired: bool = False,
    progress: Progress | None = None,
) -> Update:
    """The same from a stick or a share, where a person chose the folder.

    Raises ExpiredFeedError, which carries the date, unless allow_expired; otherwise as
    `update`.
    """
    found = update(
        connection,
        FolderSource(folder),
        cache_folder,
        high_water,
        now,
        apply,
        held=held,
        held_mail=held_mail,
        allow_expired=allow_expired,
        progress=progress,
    )
    if found.state is UpdateState.EXPIRED:
        raise ExpiredFeedError(found.signed_on)
    return found


class _Meter:
    """Adds up what was fetched of the packs, for the progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._total = 0
        self._done = 0

    def expect(self, total: int) -> None:
        """From here on, so many bytes are to come."""
        self._total = total
        self._done = 0

    def add(self, length: int) -> None:
        """So many more have come. Raises Cancelled when asked to stop."""
        self._done = min(self._done + length, self._total)
        self._progress.report(self._done, self._total)

    def reach(self, done: int) -> None:
        """So many are there now, some perhaps from the cache."""
        self._done = done
        self._progress.report(done, self._total)


def _verify(
    connection: Connection,
    source: FeedSource,
    cache_folder: Path,
    high_water: Marks,
    now: datetime,
    meter: _Meter,
) -> tuple[VerifiedFeed, bool]:
    """The verified feed, and whether it has expired. Raises OlderFeedError below the mark."""
    clock = trusted_time(now, high_water)
    try:
        feed = verify_feed(connection, source, cache_folder, clock, meter.add)
        is_expired = False
    except ExpiredMetadataError:
        # Everything else is verified once more in the same way, to learn what was signed.
        feed = verify_feed(connection, source, cache_folder, NEVER_EXPIRED, meter.add)
        is_expired = True
    high_water.check_not_older(feed.marks)
    return feed, is_expired


def _describe(feed: VerifiedFeed, plan: Plan, now: datetime, *, is_expired: bool) -> Update:
    today = (now + timedelta(days=1)).date().isoformat()  # a day of grace for time zones
    return Update(
        state=UpdateState.NEW if plan.packs else UpdateState.NOTHING_NEW,
        sequence=feed.index.sequence,
        signed_on=feed.marks.signed_on,
        published_on=feed.index.signed_on,
        is_expired=is_expired,
        is_clock_behind=feed.marks.signed_on > today,
        replaces_all=plan.replaces_all,
        operations=sum(pack.figures.operations for pack in plan.packs),
        keys=feed.keys,
        marks=feed.marks,
        files=feed.files,
    )


def _fetch_packs(feed: VerifiedFeed, plan: Plan, meter: _Meter) -> None:
    """All into the cache first, so that `apply` does not wait for the network."""
    done = 0
    for pack in plan.packs:
        feed.read_pack_file(pack)
        done += pack.figures.length
        meter.reach(done)


def _read_operations(feed: VerifiedFeed, plan: Plan, connection: Connection) -> Iterator[Operation]:
    for pack in plan.packs:
        key = PackKey.derive(connection.archive_secret, connection.tenant, pack.kind)
        yield from read_pack(feed.read_pack_file(pack), pack.figures, key)


def _sweep(folder: Path) -> None:
    """Packs that were applied are not needed again; the index and the keys are."""
    with suppress(OSError):
        for place in folder.glob("*.pack*"):
            place.unlink()
