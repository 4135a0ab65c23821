"""Publishing, second half: a second person looks, signs, and so releases.

What is signed is worked out anew from what was released before: the index has to be the one
that follows, every file has to be the one that is named, and a new base has to hold exactly
the old archive with the change applied. So the first person cannot slip anything in.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tuf.api.metadata import Metadata, TargetFile, Targets, VerificationResult

from app.domain.archive import Delete, Operation, Put, Record
from app.domain.form import Form
from app.errors import DamagedError, InputError, UntrustedError
from sync.desk.contents import fold, in_order, next_index, read_contents, read_operations
from sync.desk.custody import Ring
from sync.desk.folder import (
    ARCHIVE_ROLE,
    DeskFeed,
    Released,
    clear_prepared,
    read_index,
    read_prepared,
    read_released,
    write_target,
)
from sync.desk.mail_feed import CheckedMail, check_mail
from sync.desk.record_check import find_unfit
from sync.desk.repository import check_clock, expiry, release_state
from sync.feed_index import INDEX_TARGET, Index, PackEntry
from sync.packs import PackKind
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError

_GRACE = timedelta(days=1)


class UnsoundPublicationError(UntrustedError):
    """What was prepared is not what follows from the released archive."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"What was prepared cannot be signed: {what}.",
            "Nothing was signed or published.",
            "Ask who prepared it to prepare it again: nearmiss desk publish",
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the second person is asked to sign.

    records: those that are put, by number. deleted: the numbers of the retractions.
    prepared_on: "YYYY-MM-DD". digest: names exactly this proposal. letters: how many sealed
    records of mail are new; only their readers can open them.
    """

    sequence: int
    prepared_on: str
    puts: int
    deletes: int
    records: tuple[Record, ...]
    deleted: tuple[int, ...]
    has_new_base: bool
    digest: str
    letters: int = 0

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the records that are put, in order of their number."""
        return tuple(each.texts.get("title") or f"number {each.number}" for each in self.records)

    def sentence(self) -> str:
        """The whole in one line."""
        text = (
            f"Publication {self.sequence}, prepared on {self.prepared_on}: "
            f"{self.puts} added or changed, {self.deletes} taken out."
        )
        if self.letters:
            text += f" Sealed mail to reporters, which only they can open: {self.letters}."
        return text


def inspect(feed: DeskFeed, connection: Connection, form: Form, now: datetime) -> Proposal:
    """What waits for the second signature, checked, down to what each record may hold.

    Raises InputError if nothing waits, UntrustedError if it is not sound, DamagedError.
    """
    with feed.hold():
        return _check(feed, connection, form, now)[1]


def cosign(
    feed: DeskFeed, connection: Connection, ring: Ring, form: Form, now: datetime, digest: str
) -> Proposal:
    """Add the second signature and release.

    digest: of the proposal that the person has seen; anything else is refused. If it breaks
    off, either nothing was released or all of it, and calling it again finishes the rest.
    Raises InputError if nothing waits or if the same person signed first, UntrustedError,
    DamagedError, SurroundingsError.
    """
    with feed.hold():
        released, proposal, prepared = _check(feed, connection, form, now)
        check_clock(released, now)
        if proposal.digest != digest:
            raise UnsoundPublicationError("it was changed since it was shown")
        signer = ring.signer(ARCHIVE_ROLE)
        if signer.public_key.keyid in prepared.signatures:
            raise InputError(
                "The same person cannot sign twice.",
                "Nothing was published.",
                "The second signature has to come from another analyst's key ring.",
            )
        prepared.sign(signer, append=True)
        if not _verify(released, prepared).verified:
            raise InputError(
                "This key ring does not belong to an analyst of this archive.",
                "Nothing was published.",
                "Use the key ring that was made with this desk.",
            )
        kept = released.archive.signed.targets
        for path, target in prepared.signed.targets.items():
            if kept.get(path) != target:
                write_target(feed.released, path, feed.read_target(path, target))
        release_state(feed, released, {ARCHIVE_ROLE: prepared}, ring, now)
        clear_prepared(feed)
    return proposal


def _check(
    feed: DeskFeed, connection: Connection, form: Form, now: datetime
) -> tuple[Released, Proposal, Metadata[Targets]]:
    released = read_released(feed, connection)
    prepared = read_prepared(feed)
    if prepared is not None and prepared.signed.version <= released.archive.signed.version:
        # Released by a run that broke off before it could tidy up, or overtaken.
        clear_prepared(feed)
        prepared = None
    if prepared is None:
        raise InputError(
            "Nothing waits for a second signature.",
            hint="Prepare a publication first: nearmiss desk publish",
        )
    _check_role(released, prepared, now)
    try:
        proposal = _check_contents(feed, connection, released, prepared, now)
    except DamagedError as error:
        raise UnsoundPublicationError("a file is missing or damaged") from error
    for record in proposal.records:
        unfit = find_unfit(form, record)
        if unfit is not None:
            raise UnsoundPublicationError(f"record {record.number} holds {unfit}")
    return released, proposal, prepared


def _check_role(released: Released, prepared: Metadata[Targets], now: datetime) -> None:
    signed = prepared.signed
    if signed.version != released.archive.signed.version + 1:
        raise UnsoundPublicationError("it does not follow the released one")
    if not now < signed.expires <= expiry(ARCHIVE_ROLE, now) + _GRACE:
        raise UnsoundPublicationError("it would hold for too long, or has expired")
    if signed.delegations is not None or signed.unrecognized_fields:
        raise UnsoundPublicationError("it says more than which files there are")
    if len(_verify(released, prepared).signed) != 1:
        raise UnsoundPublicationError("it is not signed by one analyst")


def _check_contents(
    feed: DeskFeed,
    connection: Connection,
    released: Released,
    prepared: Metadata[Targets],
    now: datetime,
) -> Proposal:
    old = read_index(feed, released.archive.signed, connection.tenant)
    new = read_index(feed, prepared.signed, connection.tenant)
    made = [entry for entry in new.packs if entry not in old.packs]
    made.sort(key=lambda entry: entry.kind is PackKind.BASE)
    if new != (next_index(old, made, new.signed_on) if made else old):
        raise UnsoundPublicationError("its index does not follow the released one")
    if not old.signed_on <= new.signed_on <= (now + _GRACE).date().isoformat():
        raise UnsoundPublicationError("its date is before the last one or in the future")
    mail = _check_mail(feed, connection, released, prepared, now)
    names = {INDEX_TARGET, *(entry.target for entry in new.packs)} | mail.names
    if set(prepared.signed.targets) != names:
        raise UnsoundPublicationError("it names other files than its index does")
    if not made and not mail.letters:
        raise UnsoundPublicationError("nothing in it is new")
    for entry in new.packs:
        expected = TargetFile(entry.figures.length, {"sha256": entry.figures.sha256}, entry.target)
        if prepared.signed.targets[entry.target] != expected:
            raise UnsoundPublicationError("a file is not the one in its index")
    operations = _read_change(feed, connection, released, old, prepared.signed, made)
    return _describe(new, operations, made, prepared, mail)


def _check_mail(
    feed: DeskFeed,
    connection: Connection,
    released: Released,
    prepared: Metadata[Targets],
    now: datetime,
) -> CheckedMail:
    try:
        return check_mail(feed, released.archive.signed, prepared.signed, connection.tenant, now)
    except MalformedError as error:
        raise UnsoundPublicationError(str(error)) from error


def _read_change(
    feed: DeskFeed,
    connection: Connection,
    released: Released,
    old: Index,
    prepared: Targets,
    made: list[PackEntry],
) -> list[Operation]:
    """The operations of the publication; a new base is compared with what it has to hold."""
    packs = {entry.kind: read_operations(feed, prepared, entry, connection) for entry in made}
    if PackKind.BASE not in packs:
        return packs.get(PackKind.DELTA, [])
    whole = packs[PackKind.BASE]
    change = packs.get(PackKind.DELTA, whole)
    before = read_contents(feed, released.archive.signed, old, connection)
    if in_order(fold(before, change).values()) != whole:
        raise UnsoundPublicationError("its new base is not the old archive with the change")
    return change


def _describe(
    index: Index,
    operations: list[Operation],
    made: list[PackEntry],
    prepared: Metadata[Targets],
    mail: CheckedMail,
) -> Proposal:
    puts = [each.record for each in operations if isinstance(each, Put)]
    deleted = tuple(int(each.number) for each in operations if isinstance(each, Delete))
    return Proposal(
        sequence=index.sequence,
        prepared_on=max(index.signed_on, mail.signed_on),
        puts=len(puts),
        deletes=len(deleted),
        records=tuple(puts),
        deleted=deleted,
        has_new_base=any(entry.kind is PackKind.BASE for entry in made),
        digest=hashlib.sha256(prepared.signed_bytes).hexdigest(),
        letters=mail.letters,
    )


def _verify(released: Released, prepared: Metadata[Targets]) -> VerificationResult:
    return released.targets.signed.get_verification_result(
        ARCHIVE_ROLE, prepared.signed_bytes, prepared.signatures
    )
