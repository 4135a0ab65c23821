"""Bring the offline archive to what the signed feed says, and answer which keys hold.

The archive's file and the feed's cache are kept apart for each tenant, so that a change of
the connection never mixes two archives.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from app.domain.archive import Operation
from app.errors import DamagedError, InputError
from app.paths import Home, replace_file
from app.progress import Progress
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition, SignedKey
from app.store.failures import MissingFileError
from app.store.mail import Mail
from app.store.mail_changes import ArrivedPack, MailChange
from app.use_cases import keep_safe, read_archive
from sync import feed
from sync.client import HttpFeed
from sync.connect import archive_key
from sync.feed import Update
from sync.feed_keys import (
    KeyProof,
    UnsignedKeysError,
    prove_files,
    prove_keys,
    read_issuer_keys,
    read_officer_counts,
    read_proof,
)
from sync.feed_mail import ArrivedMail
from sync.feed_marks import Marks, higher_marks, trusted_time
from sync.feed_verify import METADATA_FOLDER
from sync.inspection import note_issuer
from sync.network import read_network
from sync.protocol import issuer_key, officer_count
from sync.protocol.connection import Connection
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import PublicKeyFile, Purpose
from sync.protocol.officer_count import OfficerCount

_NAME_LENGTH = 8
_LAST_UPDATE = "last-update"  # an empty file: its time is all that it tells
_COUNTED = ("sequence", "root", "targets", "archive")
# A new root may let these begin again (Marks.check_not_older), so each root has its own.
_COUNTED_BY_ROOT = ("timestamp", "snapshot", "day")
# Beside the keys in the archive: the metadata that proves them, the roots in their order.
_PROOF = "proof"
_TARGETS_FILE = "targets.json"
# A stray folder, or a colleague's post that is damaged: the other marks hold.
_NO_POST = (MissingFileError, DamagedError, InputError)


def open_archive(home: Home, connection: Connection) -> ArchiveStore:
    """The offline copy that belongs to the connection. Raises UserError."""
    return read_archive.open_archive(_archive_file(home, connection), archive_key(connection))


def update_archive(
    home: Home, connection: Connection, now_utc: datetime, progress: Progress
) -> Update:
    """Fetch what is new from the network. Raises UserError; the archive is then as before."""
    with HttpFeed(connection.feed_url, read_network(home)) as source:
        done = _update(
            home,
            connection,
            progress,
            lambda marks, apply, held, mail: feed.update(
                connection,
                source,
                _cache_folder(home, connection),
                marks,
                now_utc,
                apply,
                held=held,
                held_mail=mail,
                progress=progress,
            ),
        )
    note_issuer(home, source.private_issuer)
    replace_file(home.folder / _LAST_UPDATE, b"")
    return done


def last_update_utc(home: Home) -> datetime | None:
    """When `update_archive` last went well, None if it never did."""
    try:
        return datetime.fromtimestamp((home.folder / _LAST_UPDATE).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def import_archive(
    home: Home,
    connection: Connection,
    folder: Path,
    now_utc: datetime,
    progress: Progress,
    *,
    allow_expired: bool,
) -> Update:
    """The same from a stick or a share.

    Raises ExpiredFeedError, which names the date, unless allow_expired; otherwise as
    `update_archive`.
    """
    return _update(
        home,
        connection,
        progress,
        lambda marks, apply, held, mail: feed.import_folder(
            connection,
            folder,
            _cache_folder(home, connection),
            marks,
            now_utc,
            apply,
            held=held,
            held_mail=mail,
            allow_expired=allow_expired,
            progress=progress,
        ),
    )


def research_key(home: Home, connection: Connection) -> PublicKeyFile:
    """The newest signed key that reports are sealed to, whatever its age.

    Raises InputError if none was fetched yet, otherwise as `verified_keys`.
    """
    keys = verified_keys(home, connection, Purpose.RESEARCH)
    if not keys:
        raise InputError(
            "The key to seal reports with is not on this computer yet.",
            "The draft is safe in the vault.",
            "Fetch it with: nearmiss archive update, or import it from a stick.",
        )
    return max(keys, key=lambda key: (key.last_month, key.first_month, key.name))


def verified_keys(
    home: Home, connection: Connection, purpose: Purpose
) -> tuple[PublicKeyFile, ...]:
    """The keys for one purpose, verified from the connection's root on at each call.

    Raises UnsignedKeysError if what is kept is not what the research team has signed, or is
    older than what was fetched before; UserError if the archive cannot be opened.
    """
    kept, proof, lowest = _read_kept(home, connection, purpose.value)
    return prove_keys(connection, proof, kept, purpose, lowest)


def issuer_keys(home: Home, connection: Connection) -> tuple[IssuerKey, ...]:
    """The issuer's keys, verified as `verified_keys` does (some 20 ms each). Raises UserError."""
    kept, proof, lowest = _read_kept(home, connection, issuer_key.PURPOSE)
    prove_files(connection, proof, kept, issuer_key.PURPOSE, lowest)
    return read_issuer_keys(kept, connection.tenant)


def officer_counts(home: Home, connection: Connection) -> tuple[OfficerCount, ...]:
    """How many were enrolled, the newest first, verified as the keys are. Raises UserError."""
    kept, proof, lowest = _read_kept(home, connection, officer_count.PURPOSE)
    prove_files(connection, proof, kept, officer_count.PURPOSE, lowest)
    return read_officer_counts(kept, connection.tenant)


def trusted_clock(home: Home, connection: Connection, now_utc: datetime) -> datetime:
    """The later of this computer's clock and the day on which the feed was last signed.

    Raises UserError if the archive cannot be opened.
    """
    with open_archive(home, connection) as archive:
        return trusted_time(now_utc, _read_marks(archive))


def _update(
    home: Home,
    connection: Connection,
    progress: Progress,
    fetch: Callable[[Marks, feed.Apply, int, Collection[str]], Update],
) -> Update:
    with _open_or_renew(home, connection) as archive:
        marks = _highest_marks(home, connection, Marks.from_mapping(archive.marks()))

        def apply(update: Update, operations: Iterator[Operation]) -> None:
            # The feed's lock is held here, so the cache is as it was just verified.
            proof = read_proof(_cache_folder(home, connection) / METADATA_FOLDER, connection)
            keys = [SignedKey(key.purpose, key.name, key.to_bytes()) for key in update.keys]
            files = [SignedKey(each.purpose, each.name, each.content) for each in update.files]
            edition = Edition(
                sequence=update.sequence,
                signed_on=update.signed_on,
                keys=[*keys, *files, *_split_proof(proof)],
                marks=update.marks.to_mapping(),
                mail=_mail_change(update.mail),
            )
            write = archive.replace_all if update.replaces_all else archive.apply
            write(operations, edition, progress, update.operations)

        done = fetch(marks, apply, archive.status().sequence, Mail(archive).held())
    for name in home.vault_names():
        with suppress(*_NO_POST):
            _raise_marks_of_post(home, name, connection, done.marks)
    return done


def _read_kept(
    home: Home, connection: Connection, purpose: str
) -> tuple[dict[str, bytes], KeyProof | None, Marks]:
    """The files of one purpose by name, what proves them, and below which marks nothing holds."""
    with open_archive(home, connection) as archive:
        kept = {key.name: key.content for key in archive.signed_keys(purpose)}
        files = archive.signed_keys(_PROOF)
        marks = _read_marks(archive)
    return kept, _join_proof(files), _highest_marks(home, connection, marks)


def _mail_change(mail: ArrivedMail) -> MailChange:
    packs = (
        ArrivedPack(each.pack.sha256, each.pack.signed_on, each.records) for each in mail.arrived
    )
    return MailChange(mail.kept, tuple(packs))


def _open_or_renew(home: Home, connection: Connection) -> ArchiveStore:
    """The archive; a damaged one is begun anew, since all of it can be fetched again."""
    try:
        return open_archive(home, connection)
    except DamagedError:
        ArchiveStore.discard(_archive_file(home, connection))
        return open_archive(home, connection)


def _read_marks(archive: ArchiveStore) -> Marks:
    """The archive's own marks, which whoever wrote a key into its file may have spoilt too."""
    try:
        return Marks.from_mapping(archive.marks())
    except ValueError as error:
        raise UnsignedKeysError from error


def _split_proof(proof: KeyProof | None) -> list[SignedKey]:
    if proof is None:
        return []
    roots = [
        SignedKey(_PROOF, f"{place:04}.root.json", raw) for place, raw in enumerate(proof.roots)
    ]
    return [*roots, SignedKey(_PROOF, _TARGETS_FILE, proof.targets)]


def _join_proof(files: Sequence[SignedKey]) -> KeyProof | None:
    """files: by name, so that the roots come first and in their order."""
    if not files or files[-1].name != _TARGETS_FILE:
        return None
    return KeyProof(tuple(file.content for file in files[:-1]), files[-1].content)


def _highest_marks(home: Home, connection: Connection, marks: Marks) -> Marks:
    """The higher of the archive's marks and those of every post here."""
    for name in home.vault_names():
        with suppress(*_NO_POST):
            marks = higher_marks(marks, _marks_of_post(home, name, connection))
    return marks


def _marks_of_post(home: Home, name: str, connection: Connection) -> Marks:
    with keep_safe.open_post(home, name) as post:
        found = {each: post.mark(_mark_name(connection, each)) for each in _COUNTED}
        for each in _COUNTED_BY_ROOT:
            found[each] = post.mark(_mark_name(connection, each, found["root"]))
    day = found.pop("day")
    return Marks(signed_on=date.fromordinal(day).isoformat() if day else "", **found)


def _raise_marks_of_post(home: Home, name: str, connection: Connection, marks: Marks) -> None:
    day = date.fromisoformat(marks.signed_on).toordinal() if marks.signed_on else 0
    values = {"timestamp": marks.timestamp, "snapshot": marks.snapshot, "day": day}
    with keep_safe.open_post(home, name) as post:
        for each, value in values.items():  # before the root that they belong to
            post.raise_mark(_mark_name(connection, each, marks.root), value)
        for each in _COUNTED:
            post.raise_mark(_mark_name(connection, each), int(getattr(marks, each)))


def _mark_name(connection: Connection, name: str, root: int | None = None) -> str:
    return f"{connection.tenant}/{name}" if root is None else f"{connection.tenant}/{root}/{name}"


def _archive_file(home: Home, connection: Connection) -> Path:
    return home.archive_folder / f"{connection.tenant[:_NAME_LENGTH]}.db"


def _cache_folder(home: Home, connection: Connection) -> Path:
    return home.feed_cache_folder / connection.tenant[:_NAME_LENGTH]
