"""Mail in the desk's feed folder: what is released, what comes next, and is it sound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tuf.api.metadata import TargetFile, Targets

from app.errors import InputError
from sync.desk.folder import BrokenFeedError, DeskFeed, write_target
from sync.mail_index import INDEX_TARGET, MailIndex, MailPack, exceeds_limits, next_mail_index
from sync.mail_packs import read_mail_pack, write_mail_packs
from sync.protocol.errors import MalformedError

_GRACE = timedelta(days=1)


class TooMuchMailError(InputError):
    """More than clients take in half a year."""

    def __init__(self) -> None:
        super().__init__(
            "There is more mail than the feed can hold.",
            "Nothing was prepared. Every client fetches all mail of half a year.",
            "Publish less often, so that one publication carries more of it.",
        )


@dataclass(frozen=True, slots=True)
class PreparedMail:
    """The mail of a publication. packs: those that are new, with their content."""

    index: MailIndex
    packs: Sequence[tuple[MailPack, bytes]]


@dataclass(frozen=True, slots=True)
class CheckedMail:
    """names: the targets that the mail may have. letters: how many records are new. signed_on:
    the day on which they were prepared, empty if none are new.
    """

    names: frozenset[str] = frozenset()
    letters: int = 0
    signed_on: str = ""


def read_mail_index(feed: DeskFeed, archive: Targets, tenant: str) -> MailIndex:
    """The index that the archive role names; an empty one before the first mail.

    Raises BrokenFeedError.
    """
    target = archive.targets.get(INDEX_TARGET)
    if target is None:
        return MailIndex(tenant)
    try:
        return MailIndex.from_bytes(feed.read_target(INDEX_TARGET, target), tenant=tenant)
    except MalformedError as error:
        raise BrokenFeedError from error


def prepare_mail(index: MailIndex, records: Iterable[bytes], today: str) -> PreparedMail:
    """Pack the records and leave out what has expired. Raises TooMuchMailError."""
    packs = write_mail_packs(records, index.sequence + 1, today)
    new = next_mail_index(index, [pack for pack, _content in packs], today)
    if exceeds_limits(new):
        raise TooMuchMailError
    return PreparedMail(new, packs)


def write_mail_targets(
    top: Path, old: Targets, before: MailIndex, mail: PreparedMail
) -> dict[str, TargetFile]:
    """The targets of all mail; new files are written below `top`, the others stay."""
    if mail.index == before:
        return {path: target for path, target in old.targets.items() if path.startswith("mail/")}
    made = {pack.target: content for pack, content in mail.packs}
    targets = {INDEX_TARGET: write_target(top, INDEX_TARGET, mail.index.to_bytes())}
    for pack in mail.index.packs:
        content = made.get(pack.target)
        targets[pack.target] = (
            old.targets[pack.target] if content is None else write_target(top, pack.target, content)
        )
    return targets


def check_mail(
    feed: DeskFeed, released: Targets, prepared: Targets, tenant: str, now: datetime
) -> CheckedMail:
    """What the prepared mail is, looked at as the second person.

    The records stay sealed: only their readers can open them. Raises MalformedError if the mail
    does not follow from the released mail, BrokenFeedError.
    """
    if INDEX_TARGET not in {**released.targets, **prepared.targets}:
        return CheckedMail()
    old = read_mail_index(feed, released, tenant)
    new = read_mail_index(feed, prepared, tenant)
    made = [pack for pack in new.packs if pack not in old.packs]
    if new not in (old, next_mail_index(old, made, new.signed_on or old.signed_on)):
        raise MalformedError("the mail does not follow the released one")
    if new != old and not old.signed_on <= new.signed_on <= (now + _GRACE).date().isoformat():
        raise MalformedError("the mail's date is before the last one or in the future")
    for pack in new.packs:
        expected = TargetFile(pack.length, {"sha256": pack.sha256}, pack.target)
        if prepared.targets.get(pack.target) != expected:
            raise MalformedError("a pack of mail is not the one in its index")
    letters = sum(_count_new(feed, prepared, pack, new) for pack in made)
    names = frozenset({INDEX_TARGET, *(pack.target for pack in new.packs)})
    return CheckedMail(names, letters, new.signed_on if new != old else "")


def released_records(feed: DeskFeed, archive: Targets, tenant: str) -> Iterable[bytes]:
    """All records of the released feed, the newest pack first. Raises BrokenFeedError."""
    for pack in reversed(read_mail_index(feed, archive, tenant).packs):
        target = archive.targets.get(pack.target)
        if target is None:
            raise BrokenFeedError
        try:
            found = read_mail_pack(feed.read_target(pack.target, target), pack)
        except MalformedError as error:
            raise BrokenFeedError from error
        yield from (record for _tag, record in found)


def _count_new(feed: DeskFeed, prepared: Targets, pack: MailPack, index: MailIndex) -> int:
    if (pack.sequence, pack.signed_on) != (index.sequence, index.signed_on):
        raise MalformedError("a pack of mail says that it is of another day")
    content = feed.read_target(pack.target, prepared.targets[pack.target])
    return len(read_mail_pack(content, pack))
