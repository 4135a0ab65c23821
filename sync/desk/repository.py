"""The TUF repository: its roles, who signs for them, and how long that holds.

    root       2 of 3, two years      archive   both analysts, one year (archive/*, mail/*)
    targets    2 of 2, one year       release   one key, one year       (packages/*)
    snapshot   either analyst, 90 d   timestamp either analyst, 30 d

Source: protocol.md, "Keys and TUF roles"; The Update Framework specification 1.0.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Protocol

from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    Targets,
    Timestamp,
)

from app.errors import InputError, SurroundingsError
from sync.desk.custody import ANALYST_RINGS, ROOT_RINGS, TARGETS_RINGS, Ring, RingName
from sync.desk.folder import (
    ARCHIVE_ROLE,
    RELEASE_ROLE,
    DeskFeed,
    Released,
    read_released,
    write_file,
    write_target,
)
from sync.feed_index import INDEX_TARGET, Index
from sync.feed_verify import SIGNED_ON
from sync.protocol.connection import Connection
from sync.protocol.keys import PublicKeyFile

PERIODS = {
    "root": timedelta(days=730),
    "targets": timedelta(days=365),
    ARCHIVE_ROLE: timedelta(days=365),
    RELEASE_ROLE: timedelta(days=365),
    "snapshot": timedelta(days=90),
    "timestamp": timedelta(days=30),
}
_ROOT_THRESHOLD = 2
_HASHES = ["sha256"]


class KeyFile(Protocol):
    """What stands under `keys/`: a key of any kind, or the number of officers."""

    @property
    def name(self) -> str:
        """File name."""

    def to_bytes(self) -> bytes:
        """The signed bytes."""


class ClockBehindError(SurroundingsError):
    """The desk's clock shows a day before the last signature: what it signs would be wrong."""

    def __init__(self, signed_on: str) -> None:
        super().__init__(
            f"The clock of this computer is behind: the feed was last signed on {signed_on}.",
            "Nothing was signed.",
            "Set the clock, then try again.",
        )


def create_repository(
    feed: DeskFeed,
    rings: Mapping[RingName, Ring],
    key_files: Sequence[PublicKeyFile],
    now: datetime,
) -> bytes:
    """Make the first state of the feed: the keys, and an archive with nothing in it.

    key_files: the research key and the acknowledgement key. Returns the signed root, for
    connection.json. If it breaks off it is simply called again with new or the same keys.
    Raises InputError if there is a feed already, SurroundingsError.
    """
    if (feed.released / "metadata" / "timestamp.json").exists():
        raise InputError(
            "This desk has a feed already.",
            "A new one would not be accepted by anyone who is connected to the old one.",
            "Choose another folder.",
        )
    root = Metadata(_make_root(rings, now))
    _sign(root, [rings[name] for name in ROOT_RINGS], "root")
    root_bytes = root.to_bytes()
    write_file(feed.released / "metadata" / "1.root.json", root_bytes)

    targets = Metadata(_make_targets(feed, rings, key_files, now))
    _sign(targets, [rings[name] for name in TARGETS_RINGS], "targets")
    lead = rings[RingName.LEAD]
    index = Index(lead.tenant, 0, now.date().isoformat(), None, ())
    empty = write_target(feed.released, INDEX_TARGET, index.to_bytes())
    archive = Metadata(Targets(expires=expiry(ARCHIVE_ROLE, now), targets={INDEX_TARGET: empty}))
    _sign(archive, [rings[name] for name in ANALYST_RINGS], ARCHIVE_ROLE)
    release = Metadata(Targets(expires=expiry(RELEASE_ROLE, now)))
    _sign(release, [rings[RingName.RELEASE]], RELEASE_ROLE)
    roles = {"targets": targets, ARCHIVE_ROLE: archive, RELEASE_ROLE: release}
    _write_state(feed, roles, Snapshot(version=1), Timestamp(version=1), lead, now)
    return root_bytes


def release_state(
    feed: DeskFeed,
    released: Released,
    changed: Mapping[str, Metadata[Targets]],
    ring: Ring,
    now: datetime,
) -> None:
    """Sign a new snapshot and timestamp over the changed roles and the others as they are.

    timestamp.json is written last: until then everything is as it was. ring: of an analyst.
    Raises ClockBehindError, SurroundingsError.
    """
    check_clock(released, now)
    roles = {
        "targets": released.targets,
        ARCHIVE_ROLE: released.archive,
        RELEASE_ROLE: released.release,
    }
    snapshot, timestamp = released.snapshot.signed, released.timestamp.signed
    _write_state(
        feed,
        {**roles, **changed},
        Snapshot(version=snapshot.version + 1, meta=dict(snapshot.meta)),
        Timestamp(version=timestamp.version + 1),
        ring,
        now,
        set(changed),
    )


def refresh(feed: DeskFeed, connection: Connection, ring: Ring, now: datetime) -> None:
    """Say once more that the released state is the newest: nothing else changes."""
    with feed.hold():
        release_state(feed, read_released(feed, connection), {}, ring, now)


def renew_targets(
    feed: DeskFeed,
    connection: Connection,
    targets_rings: Sequence[Ring],
    analyst: Ring,
    now: datetime,
    more: Sequence[KeyFile] = (),
    dropped: Collection[str] = (),
) -> None:
    """Sign the keys and delegations for another year, with new key files if there are some.

    dropped: paths that are vouched for no more; the files stay where they are.
    Raises InputError if the rings are not those of both holders, SurroundingsError.
    """
    with feed.hold():
        released = read_released(feed, connection)
        check_clock(released, now)
        signed = deepcopy(released.targets.signed)
        signed.version += 1
        signed.expires = expiry("targets", now)
        for path in dropped:
            signed.targets.pop(path, None)
        for key in more:
            path = f"keys/{key.name}"
            signed.targets[path] = write_target(feed.released, path, key.to_bytes())
        targets = Metadata(signed)
        _sign(targets, targets_rings, "targets")
        _require(released.root.signed, targets, "targets")
        release_state(feed, released, {"targets": targets}, analyst, now)


def renew_root(
    feed: DeskFeed,
    connection: Connection,
    signing: Sequence[Ring],
    holders: Sequence[Ring],
    now: datetime,
) -> None:
    """Sign the root for two more years; its three holders from now on are `holders`.

    signing: at least two of the old and two of the new holders (who may be the same). What
    other roles have signed stays valid. Raises InputError if these are too few.
    """
    with feed.hold():
        released = read_released(feed, connection)
        check_clock(released, now)
        old = released.root.signed
        root = deepcopy(old)  # to_dict would share the lists of key ids
        root.version += 1
        root.expires = expiry("root", now)
        for key_id in list(root.roles["root"].keyids):
            root.revoke_key(key_id, "root")
        for holder in holders:
            root.add_key(holder.signer("root").public_key, "root")
        renewed = Metadata(root)
        _sign(renewed, signing, "root")
        _require(old, renewed, "root")
        _require(root, renewed, "root")
        write_file(feed.released / "metadata" / f"{root.version}.root.json", renewed.to_bytes())


def expiry(role: str, now: datetime) -> datetime:
    """Until when a signature of this role holds."""
    return now.replace(microsecond=0) + PERIODS[role]


def check_clock(released: Released, now: datetime) -> None:
    """Raises ClockBehindError if the last signature is of a later day than today."""
    signed_on = str(released.timestamp.signed.unrecognized_fields.get(SIGNED_ON, ""))
    if now.date().isoformat() < signed_on:
        raise ClockBehindError(signed_on)


def _make_root(rings: Mapping[RingName, Ring], now: datetime) -> Root:
    root = Root(expires=expiry("root", now), consistent_snapshot=True)
    holders = {
        "root": ROOT_RINGS,
        "targets": TARGETS_RINGS,
        "snapshot": ANALYST_RINGS,
        "timestamp": ANALYST_RINGS,
    }
    for role, names in holders.items():
        for name in names:
            root.add_key(rings[name].signer(role).public_key, role)
    root.roles["root"].threshold = _ROOT_THRESHOLD
    root.roles["targets"].threshold = len(TARGETS_RINGS)
    return root


def _make_targets(
    feed: DeskFeed,
    rings: Mapping[RingName, Ring],
    key_files: Sequence[PublicKeyFile],
    now: datetime,
) -> Targets:
    # Over folders that do not overlap, so neither role can speak for keys/ or for the other.
    archive = DelegatedRole(
        ARCHIVE_ROLE, [], len(ANALYST_RINGS), terminating=True, paths=["archive/*", "mail/*"]
    )
    release = DelegatedRole(RELEASE_ROLE, [], 1, terminating=True, paths=["packages/*"])
    targets = Targets(
        expires=expiry("targets", now),
        delegations=Delegations({}, {ARCHIVE_ROLE: archive, RELEASE_ROLE: release}),
    )
    for name in ANALYST_RINGS:
        targets.add_key(rings[name].signer(ARCHIVE_ROLE).public_key, ARCHIVE_ROLE)
    targets.add_key(rings[RingName.RELEASE].signer(RELEASE_ROLE).public_key, RELEASE_ROLE)
    for key in key_files:
        path = f"keys/{key.name}"
        targets.targets[path] = write_target(feed.released, path, key.to_bytes())
    return targets


def _write_state(
    feed: DeskFeed,
    roles: Mapping[str, Metadata[Targets]],
    snapshot: Snapshot,
    timestamp: Timestamp,
    ring: Ring,
    now: datetime,
    changed: set[str] | None = None,
) -> None:
    """Roles, snapshot, timestamp, in this order. changed: the roles to write; None for all."""
    metadata = feed.released / "metadata"
    for role in roles if changed is None else sorted(changed):
        raw = roles[role].to_bytes()
        version = roles[role].signed.version
        write_file(metadata / f"{version}.{role}.json", raw)
        snapshot.meta[f"{role}.json"] = MetaFile.from_data(version, raw, _HASHES)
    snapshot.expires = expiry("snapshot", now)
    signed_snapshot = Metadata(snapshot)
    _sign(signed_snapshot, [ring], "snapshot")
    raw = signed_snapshot.to_bytes()
    write_file(metadata / f"{snapshot.version}.snapshot.json", raw)
    timestamp.snapshot_meta = MetaFile.from_data(snapshot.version, raw, _HASHES)
    timestamp.expires = expiry("timestamp", now)
    timestamp.unrecognized_fields[SIGNED_ON] = now.date().isoformat()
    signed_timestamp = Metadata(timestamp)
    _sign(signed_timestamp, [ring], "timestamp")
    write_file(metadata / "timestamp.json", signed_timestamp.to_bytes())


def _sign(
    metadata: Metadata[Root] | Metadata[Targets] | Metadata[Snapshot] | Metadata[Timestamp],
    rings: Sequence[Ring],
    role: str,
) -> None:
    for ring in rings:
        metadata.sign(ring.signer(role), append=True)


def _require(
    delegator: Root | Targets, metadata: Metadata[Root] | Metadata[Targets], role: str
) -> None:
    found = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    if not found:
        raise InputError(
            f"Too few of those who have to sign for '{role}' have signed.",
            f"{len(found.signed)} of {found.threshold} were here. Nothing was changed.",
            "Bring the other key rings, then try again.",
        )
