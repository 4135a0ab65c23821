"""From untrusted files to a verified state of the feed, by the rules of TUF.

Every failure leaves here as a sentence: UntrustedError for what is not signed as it has to
be, SurroundingsError for what the network or the disk did.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from tuf.api import exceptions as tuf_errors
from tuf.api.metadata import TargetFile, Timestamp
from tuf.ngclient import Updater, UpdaterConfig

from app.errors import SurroundingsError, UntrustedError
from app.paths import explain, make_private_folder
from sync.feed_clock import set_clock, verified_roles, verified_targets
from sync.feed_fetcher import SourceFetcher
from sync.feed_index import INDEX_TARGET, Index, PackEntry, read_date
from sync.feed_marks import Marks, OlderFeedError
from sync.feed_source import FeedSource
from sync.mail_index import INDEX_TARGET as MAIL_INDEX_TARGET
from sync.mail_index import MailIndex, MailPack
from sync.protocol import issuer_key, officer_count
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError
from sync.protocol.keys import PublicKeyFile, Purpose

SIGNED_ON = "signed_on"
"""A field of our own in the signed timestamp: the day on which the desk last signed."""
ARCHIVE_ROLE = "archive"
KEY_FOLDER = "keys/"
"""Where the keys stand among the targets of the top-level role."""
FILE_PURPOSES = frozenset({issuer_key.PURPOSE, officer_count.PURPOSE})
"""Of files that are not keys of the form that `PublicKeyFile` has."""
METADATA_FOLDER = "metadata"
"""In the cache: what python-tuf has verified."""
_KEYS_LIMIT = 100
_KEY_FILE_LIMIT = 8 * 1024
_INDEX_LIMIT = 64 * 1024
_MAIL_INDEX_LIMIT = 128 * 1024
_CONFIG = UpdaterConfig(
    max_root_rotations=64,
    max_delegations=8,
    root_max_length=64 * 1024,
    timestamp_max_length=16 * 1024,
    snapshot_max_length=64 * 1024,
    targets_max_length=256 * 1024,
)


class TamperedFeedError(UntrustedError):
    """A file of the feed is not what those who may sign it have signed."""

    def __init__(self) -> None:
        super().__init__(
            "The archive's files are not signed as they have to be.",
            "They are damaged or were tampered with, and were not used. "
            "The archive on this computer is as it was before.",
            "Try again later or from another copy; if it stays so, tell the research team.",
        )


class IncompleteFeedError(SurroundingsError):
    """A file that the feed names is not there."""

    def __init__(self) -> None:
        super().__init__(
            "Files of the archive are missing in this place.",
            "Nothing was changed.",
            "Check the address or the folder; a copy may have been cut short, or is under way.",
        )


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file beside the keys: the issuer's keys, the number of officers. Read where it is used."""

    purpose: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class VerifiedFeed:
    """A state of the feed that has been verified down to the indexes and the keys."""

    index: Index
    mail: MailIndex
    keys: tuple[PublicKeyFile, ...]
    files: tuple[SignedFile, ...]
    marks: Marks
    updater: Updater
    folder: Path

    def read_pack_file(self, entry: PackEntry) -> bytes:
        """The pack as it was signed; fetched unless it is in the cache.

        Raises TamperedFeedError, SurroundingsError.
        """
        return self._read_file(entry.target, entry.figures.length, entry.figures.sha256)

    def read_mail_file(self, pack: MailPack) -> bytes:
        """The same for a pack of mail."""
        return self._read_file(pack.target, pack.length, pack.sha256)

    def _read_file(self, path: str, length: int, sha256: str) -> bytes:
        with translated():
            target = self.updater.get_targetinfo(path)
            if target is None or target.length != length or target.hashes.get("sha256") != sha256:
                raise TamperedFeedError
            return _read_target(self.updater, target, self.folder)


def verify_feed(
    connection: Connection,
    source: FeedSource,
    cache_folder: Path,
    clock: datetime,
    fetched: Callable[[int], None],
) -> VerifiedFeed:
    """Verify metadata, index and keys, from the connection's root on.

    clock: the time against which expiry is checked. fetched: told the bytes of each piece.
    Raises tuf's ExpiredMetadataError if it has expired by that clock, UntrustedError,
    SurroundingsError.
    """
    metadata, targets = cache_folder / METADATA_FOLDER, cache_folder / "targets"
    for folder in (metadata, targets):
        make_private_folder(folder)
    with translated():
        updater = Updater(
            metadata_dir=str(metadata),
            metadata_base_url="metadata/",
            target_base_url="targets/",
            fetcher=SourceFetcher(source, fetched),
            config=_CONFIG,
            bootstrap=connection.root,
        )
        set_clock(updater, clock)
        updater.refresh()
        index = _read_index(updater, targets, connection.tenant)
        mail = _read_mail_index(updater, targets, connection.tenant)
        keys, files = _read_keys(updater, targets, connection.tenant)
        marks = _read_marks(updater, index)
        return VerifiedFeed(index, mail, keys, files, marks, updater, targets)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn python-tuf's and the system's failures into ours, except an expired role."""
    try:
        yield
    except tuf_errors.ExpiredMetadataError:
        raise
    except tuf_errors.BadVersionNumberError as error:
        raise OlderFeedError from error
    except (
        tuf_errors.RepositoryError,
        tuf_errors.DownloadLengthMismatchError,
        MalformedError,
    ) as error:
        raise TamperedFeedError from error
    except tuf_errors.DownloadError as error:
        raise IncompleteFeedError from error
    except OSError as error:
        raise explain(error) from None


def _read_index(updater: Updater, folder: Path, tenant: str) -> Index:
    target = updater.get_targetinfo(INDEX_TARGET)
    if target is None or target.length > _INDEX_LIMIT:
        raise TamperedFeedError
    return Index.from_bytes(_read_target(updater, target, folder), tenant=tenant)


def _read_mail_index(updater: Updater, folder: Path, tenant: str) -> MailIndex:
    """The mail; none before the first, which is signed too: nobody can leave it out."""
    target = updater.get_targetinfo(MAIL_INDEX_TARGET)
    if target is None:
        return MailIndex(tenant)
    if target.length > _MAIL_INDEX_LIMIT:
        raise TamperedFeedError
    return MailIndex.from_bytes(_read_target(updater, target, folder), tenant=tenant)


def _read_keys(
    updater: Updater, folder: Path, tenant: str
) -> tuple[tuple[PublicKeyFile, ...], tuple[SignedFile, ...]]:
    """What the top-level role vouches for; what has an unknown purpose is left out."""
    named = [
        (path, target)
        for path, target in sorted(verified_targets(updater).targets.items())
        if path.startswith(KEY_FOLDER)
    ]
    if len(named) > _KEYS_LIMIT:
        raise TamperedFeedError
    keys, files = [], []
    for path, target in named:
        purpose = path.removeprefix(KEY_FOLDER).partition("-")[0]
        if purpose not in {*Purpose, *FILE_PURPOSES}:
            continue
        if target.length > _KEY_FILE_LIMIT:
            raise TamperedFeedError
        raw = _read_target(updater, target, folder)
        if purpose in FILE_PURPOSES:
            files.append(SignedFile(purpose, path.removeprefix(KEY_FOLDER), raw))
            continue
        key = PublicKeyFile.from_bytes(raw, tenant=tenant, purpose=Purpose(purpose))
        if path != KEY_FOLDER + key.name:
            raise TamperedFeedError
        keys.append(key)
    return tuple(keys), tuple(files)


def _read_marks(updater: Updater, index: Index) -> Marks:
    roles = verified_roles(updater)
    timestamp = roles["timestamp"]
    if ARCHIVE_ROLE not in roles or not isinstance(timestamp, Timestamp):
        raise TamperedFeedError
    return Marks(
        sequence=index.sequence,
        signed_on=read_date(timestamp.unrecognized_fields),
        root=roles["root"].version,
        timestamp=timestamp.version,
        snapshot=roles["snapshot"].version,
        targets=roles["targets"].version,
        archive=roles[ARCHIVE_ROLE].version,
    )


def _read_target(updater: Updater, target: TargetFile, folder: Path) -> bytes:
    """The target's content, verified as it is returned; from the cache if it is there."""
    place = folder / quote(target.path, "")
    with contextlib.suppress(OSError, tuf_errors.LengthOrHashMismatchError):
        return _read_verified(place, target)
    # python-tuf writes straight to the place it is given, so it gets another one.
    partial = place.with_name(f"{place.name}.part")
    updater.download_target(target, str(partial))
    partial.replace(place)
    return _read_verified(place, target)


def _read_verified(place: Path, target: TargetFile) -> bytes:
    with place.open("rb") as file:
        content = file.read(target.length + 1)
    target.verify_length_and_hashes(content)
    return content
