"""The desk's own folders: what is released, and what waits for a second signature.

    feed/metadata   N.root.json  N.targets.json  N.archive.json  N.release.json
                    N.snapshot.json  timestamp.json
    feed/targets    archive/HASH.index.json  archive/HASH.delta-1-2.pack  keys/HASH.name.json
    prepared        the same targets, and archive.json, which one person has signed

What is released is what timestamp.json leads to. It is written last, so whatever else lies
there after a crash is not part of it; and nothing is prepared unless archive.json is there,
which is written last too.
"""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from app.errors import DamagedError, InputError, SurroundingsError, UntrustedError
from app.paths import disk_errors, make_private_folder, replace_file
from sync.feed_index import INDEX_TARGET, Index
from sync.feed_lock import one_at_a_time
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError

ARCHIVE_ROLE = "archive"
RELEASE_ROLE = "release"
_HASH = "sha256"


class BrokenFeedError(DamagedError):
    """A file of the desk's feed is missing, damaged or not signed as it has to be."""

    def __init__(self) -> None:
        super().__init__(
            "The desk's feed folder is incomplete or was changed.",
            "Nothing was signed or published.",
            "Put the folder back from its backup, or fetch it again from the service.",
        )


class BusyDeskError(SurroundingsError):
    """Another program is signing in the same folder."""

    def __init__(self) -> None:
        super().__init__(
            "The desk's feed is being changed by another program.",
            "Nothing was signed or published.",
            "Wait until the other has finished, then try again.",
        )


@dataclass(frozen=True, slots=True)
class DeskFeed:
    """The desk's folder: `feed` and `prepared` lie in it."""

    folder: Path

    @property
    def released(self) -> Path:
        """What everyone may see: this is uploaded, or copied to a stick."""
        return self.folder / "feed"

    @property
    def prepared(self) -> Path:
        """What waits for the second signature."""
        return self.folder / "prepared"

    @property
    def prepared_archive(self) -> Path:
        """The prepared metadata of the archive role: there only if something is prepared."""
        return self.prepared / "archive.json"

    def hold(self) -> AbstractContextManager[None]:
        """Keep other programs from signing meanwhile: two timestamps of one version that name
        different snapshots would break the feed for everyone. Raises BusyDeskError.
        """
        return one_at_a_time(self.folder, BusyDeskError())

    def read_target(self, path: str, target: TargetFile) -> bytes:
        """A released or prepared target, verified. Raises BrokenFeedError."""
        name = target_file(path, target.hashes[_HASH])
        for place in (self.released / name, self.prepared / name):
            with disk_errors():
                if not place.is_file():
                    continue
                content = place.read_bytes()
            if len(content) == target.length and _hash(content) == target.hashes[_HASH]:
                return content
        raise BrokenFeedError


@dataclass(frozen=True, slots=True)
class Released:
    """The released metadata, verified from the connection's root on. raw: by role, as signed."""

    root: Metadata[Root]
    timestamp: Metadata[Timestamp]
    snapshot: Metadata[Snapshot]
    targets: Metadata[Targets]
    archive: Metadata[Targets]
    release: Metadata[Targets]


def read_released(feed: DeskFeed, connection: Connection) -> Released:
    """What the feed folder holds.

    Expiry is not checked: signing is how it is made fresh. Raises BrokenFeedError, and
    InputError if there is no feed yet.
    """
    metadata = feed.released / "metadata"
    if not (metadata / "timestamp.json").exists():
        raise InputError("There is no feed yet.", hint="Make one first: nearmiss desk init")
    try:
        root = _read_root(metadata, connection.root)
        timestamp = Metadata[Timestamp].from_bytes(_read(metadata / "timestamp.json"))
        _verify(root.signed, "timestamp", timestamp)
        snapshot_meta = timestamp.signed.snapshot_meta
        snapshot = Metadata[Snapshot].from_bytes(_read_checked(metadata, "snapshot", snapshot_meta))
        _verify(root.signed, "snapshot", snapshot)
        roles: dict[str, Metadata[Targets]] = {}
        for role in ("targets", ARCHIVE_ROLE, RELEASE_ROLE):
            meta = snapshot.signed.meta[f"{role}.json"]
            roles[role] = Metadata[Targets].from_bytes(_read_checked(metadata, role, meta))
            delegator = root.signed if role == "targets" else roles["targets"].signed
            _verify(delegator, role, roles[role])
    except (RepositoryError, KeyError, ValueError) as error:
        raise BrokenFeedError from error
    return Released(
        root, timestamp, snapshot, roles["targets"], roles[ARCHIVE_ROLE], roles[RELEASE_ROLE]
    )


def read_index(feed: DeskFeed, archive: Targets, tenant: str) -> Index:
    """The index that the archive role's metadata names. Raises BrokenFeedError."""
    target = archive.targets.get(INDEX_TARGET)
    if target is None:
        raise BrokenFeedError
    try:
        return Index.from_bytes(feed.read_target(INDEX_TARGET, target), tenant=tenant)
    except MalformedError as error:
        raise BrokenFeedError from error


def read_prepared(feed: DeskFeed) -> Metadata[Targets] | None:
    """What waits for the second signature, unverified; None if nothing does.

    Raises UntrustedError for a file that is none.
    """
    with disk_errors():
        if not feed.prepared_archive.exists():
            return None
        raw = feed.prepared_archive.read_bytes()
    try:
        prepared = Metadata[Targets].from_bytes(raw)
        if prepared.signed.type != Targets.type:
            raise ValueError("another kind of metadata")
    except (RepositoryError, ValueError) as error:
        raise UntrustedError(
            "What was prepared for publication is damaged.",
            "Nothing was signed or published.",
            "Prepare it again: nearmiss desk publish",
        ) from error
    return prepared


def clear_prepared(feed: DeskFeed) -> None:
    """Nothing waits any more. archive.json goes first, so that a crash leaves nothing by half."""
    with disk_errors():
        feed.prepared_archive.unlink(missing_ok=True)
        for place in (feed.prepared / "targets").rglob("*"):
            if place.is_file():
                place.unlink()


def write_file(place: Path, content: bytes) -> None:
    """Put the file, as a whole. Raises SurroundingsError."""
    make_private_folder(place.parent)
    replace_file(place, content)


def write_target(top: Path, path: str, content: bytes) -> TargetFile:
    """Put a target under `feed` or `prepared`, with its hash in its name."""
    write_file(top / target_file(path, _hash(content)), content)
    return TargetFile.from_data(path, content, [_HASH])


def target_file(path: str, sha256: str) -> str:
    """Where a target lies in the feed: TUF's consistent snapshots put the hash before the name."""
    folder, _, name = path.rpartition("/")
    return f"targets/{folder}/{sha256}.{name}"


def _read_root(metadata: Path, first: bytes) -> Metadata[Root]:
    root = Metadata[Root].from_bytes(first)
    _verify(root.signed, "root", root)
    while (place := metadata / f"{root.signed.version + 1}.root.json").exists():
        newer = Metadata[Root].from_bytes(_read(place))
        _verify(root.signed, "root", newer)
        _verify(newer.signed, "root", newer)
        if newer.signed.version != root.signed.version + 1:
            raise BrokenFeedError
        root = newer
    return root


def _verify(
    delegator: Root | Targets,
    role: str,
    metadata: Metadata[Root] | Metadata[Timestamp] | Metadata[Snapshot] | Metadata[Targets],
) -> None:
    delegator.verify_delegate(role, metadata.signed_bytes, metadata.signatures)


def _read_checked(metadata: Path, role: str, meta: MetaFile) -> bytes:
    raw = _read(metadata / f"{meta.version}.{role}.json")
    meta.verify_length_and_hashes(raw)
    return raw


def _read(place: Path) -> bytes:
    with disk_errors():
        try:
            return place.read_bytes()
        except FileNotFoundError as error:
            raise BrokenFeedError from error


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
