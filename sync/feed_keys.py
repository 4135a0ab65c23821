"""Which keys the research team has signed, proven anew each time one is used.

The archive's key is in the connection file, which every agency has, so whoever can write the
archive's file could put a key of their own into it. What cannot be written there is a
signature: beside the keys lie the root metadata that followed the connection's own and the
targets metadata that names the keys, and a key holds only if they still lead to it. They are
kept with the archive, in the same transaction, so that a wiped cache does not matter.

Expiry is not checked: reports are sealed to the newest key, whatever its age.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from app.errors import UntrustedError
from app.paths import disk_errors
from sync.feed_marks import Marks
from sync.feed_verify import KEY_FOLDER
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError
from sync.protocol.issuer_key import IssuerKey, read_issuer_key
from sync.protocol.keys import PublicKeyFile, Purpose
from sync.protocol.officer_count import OfficerCount

_ROOTS_LIMIT = 64  # as many as an update follows


class UnsignedKeysError(UntrustedError):
    """A key, or what should prove it, is not what the research team has signed."""

    def __init__(self) -> None:
        super().__init__(
            "The keys on this computer are not signed by the research team.",
            "They are damaged or were tampered with. Nothing was sealed, "
            "and nothing was taken for received.",
            "Update the archive: nearmiss archive update, or import it from a stick. "
            "If it stays so, tell the research team.",
        )


@dataclass(frozen=True, slots=True)
class KeyProof:
    """Signed metadata, as it was fetched. roots: those after the connection's, in order."""

    roots: tuple[bytes, ...]
    targets: bytes


def read_proof(metadata: Path, connection: Connection) -> KeyProof | None:
    """The proof in python-tuf's cache after a refresh; None if there is none.

    Raises SurroundingsError.
    """
    roots: list[bytes] = []
    with disk_errors():
        try:
            root = _read_root(connection.root)
            targets = (metadata / "targets.json").read_bytes()
        except (FileNotFoundError, RepositoryError):
            return None
        for version in range(root.version + 1, root.version + 1 + _ROOTS_LIMIT):
            try:
                raw = (metadata / "root_history" / f"{version}.root.json").read_bytes()
                root = _follow(root, raw)
            except (FileNotFoundError, RepositoryError):
                break  # python-tuf passes over one that does not fit, too
            roots.append(raw)
    return KeyProof(tuple(roots), targets)


def prove_keys(
    connection: Connection,
    proof: KeyProof | None,
    kept: Mapping[str, bytes],
    purpose: Purpose,
    lowest: Marks,
) -> tuple[PublicKeyFile, ...]:
    """The keys for one purpose, if those that are kept are exactly those that are signed.

    As `prove_files`; a key whose name is not its own is refused too.
    """
    prove_files(connection, proof, kept, purpose.value, lowest)
    keys = []
    try:
        for name, content in kept.items():
            key = PublicKeyFile.from_bytes(content, tenant=connection.tenant, purpose=purpose)
            if key.name != name:
                raise UnsignedKeysError
            keys.append(key)
    except MalformedError as error:
        raise UnsignedKeysError from error
    return tuple(keys)


def prove_files(
    connection: Connection,
    proof: KeyProof | None,
    kept: Mapping[str, bytes],
    purpose: str,
    lowest: Marks,
) -> None:
    """Raises UnsignedKeysError unless the files that are kept are exactly those that are signed.

    kept: the content of each key file, by name. lowest: no older root or targets is believed,
    since that could bring back a key that was given up. Nothing kept and no proof: no keys.
    """
    if proof is None:
        if kept:
            raise UnsignedKeysError
        return
    try:
        targets = _verify(connection.root, proof, lowest)
        if _select(targets, purpose) != kept.keys():
            raise UnsignedKeysError
        for name, content in kept.items():
            targets.targets[KEY_FOLDER + name].verify_length_and_hashes(content)
    except RepositoryError as error:
        raise UnsignedKeysError from error


def read_issuer_keys(kept: Mapping[str, bytes], tenant: str) -> tuple[IssuerKey, ...]:
    """The issuer's keys in files that were proven. Raises UnsignedKeysError.

    Two keys of one quarter are refused: who has the one would be told from who has the other.
    """
    try:
        keys = {name: read_issuer_key(content, tenant) for name, content in kept.items()}
    except MalformedError as error:
        raise UnsignedKeysError from error
    quarters = {key.quarter for key in keys.values()}
    if len(quarters) != len(keys) or any(key.name != name for name, key in keys.items()):
        raise UnsignedKeysError
    return tuple(keys.values())


def read_officer_counts(kept: Mapping[str, bytes], tenant: str) -> tuple[OfficerCount, ...]:
    """The numbers of enrolled officers, the newest first. Raises UnsignedKeysError."""
    try:
        counts = [OfficerCount.from_bytes(content, tenant=tenant) for content in kept.values()]
    except MalformedError as error:
        raise UnsignedKeysError from error
    if {count.name for count in counts} != kept.keys():
        raise UnsignedKeysError
    return tuple(sorted(counts, key=lambda count: count.quarter, reverse=True))


def _verify(first_root: bytes, proof: KeyProof, lowest: Marks) -> Targets:
    """Raises RepositoryError, UnsignedKeysError."""
    root = _read_root(first_root)
    for raw in proof.roots:
        root = _follow(root, raw)
    metadata = Metadata[Targets].from_bytes(proof.targets)
    if not isinstance(metadata.signed, Targets):
        raise UnsignedKeysError
    root.verify_delegate(Targets.type, metadata.signed_bytes, metadata.signatures)
    if root.version < lowest.root or metadata.signed.version < lowest.targets:
        raise UnsignedKeysError
    return metadata.signed


def _read_root(raw: bytes) -> Root:
    """A root that signs itself. Raises RepositoryError."""
    metadata = Metadata[Root].from_bytes(raw)
    if not isinstance(metadata.signed, Root):
        raise RepositoryError("no root metadata")
    metadata.signed.verify_delegate(Root.type, metadata.signed_bytes, metadata.signatures)
    return metadata.signed


def _follow(root: Root, raw: bytes) -> Root:
    """The next root, which the one before has to sign too (TUF specification, 5.3)."""
    metadata = Metadata[Root].from_bytes(raw)
    newer = _read_root(raw)
    root.verify_delegate(Root.type, metadata.signed_bytes, metadata.signatures)
    if newer.version != root.version + 1:
        raise RepositoryError("not the next root metadata")
    return newer


def _select(targets: Targets, purpose: str) -> set[str]:
    """The names of the signed keys for one purpose."""
    start = f"{KEY_FOLDER}{purpose}-"
    return {path.removeprefix(KEY_FOLDER) for path in targets.targets if path.startswith(start)}
