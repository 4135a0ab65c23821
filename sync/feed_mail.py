"""The mail of a verified feed: every pack that is not here yet, whosever mail is in it.

What is fetched follows from the signed index, from what is here, and from the clock alone. Nobody
who sees the requests learns which mail somebody waits for: it is never known here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sync.feed_verify import TamperedFeedError, VerifiedFeed
from sync.mail_index import MailIndex, MailPack
from sync.mail_packs import read_mail_pack
from sync.protocol.errors import MalformedError


@dataclass(frozen=True, slots=True)
class ArrivedPack:
    """A pack that was fetched. records: tag and sealed record of each."""

    pack: MailPack
    records: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """kept: the hashes of all packs that hold now. arrived: those that were not here."""

    kept: frozenset[str] = frozenset()
    arrived: tuple[ArrivedPack, ...] = ()


@dataclass(frozen=True, slots=True)
class MailPlan:
    """What stays, and what is fetched."""

    kept: frozenset[str]
    missing: tuple[MailPack, ...]

    @property
    def length(self) -> int:
        """Bytes to fetch."""
        return sum(pack.length for pack in self.missing)


def plan_mail(index: MailIndex, held: Collection[str], clock: datetime) -> MailPlan:
    """All packs that have not expired by the clock, less those that are here by their hash."""
    today = clock.date().isoformat()
    valid = [pack for pack in index.packs if not pack.has_expired(today)]
    missing = tuple(pack for pack in valid if pack.sha256 not in held)
    return MailPlan(frozenset(pack.sha256 for pack in valid), missing)


def fetch_mail(
    feed: VerifiedFeed, plan: MailPlan, done: int, reach: Callable[[int], None]
) -> ArrivedMail:
    """Fetch and check what is missing. done: bytes that were fetched before, for `reach`.

    Raises TamperedFeedError, SurroundingsError, and what `reach` raises.
    """
    arrived = []
    for pack in plan.missing:
        try:
            records = read_mail_pack(feed.read_mail_file(pack), pack)
        except MalformedError as error:
            raise TamperedFeedError from error
        arrived.append(ArrivedPack(pack, records))
        done += pack.length
        reach(done)
    return ArrivedMail(plan.kept, tuple(arrived))
