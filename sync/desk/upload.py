"""Bringing the released feed to the service, in an order that never shows half of it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import InputError, SurroundingsError
from app.paths import disk_errors
from app.progress import Progress, Silent
from sync.protocol import canonical
from sync.protocol.errors import MalformedError

LISTING_FORMAT = "nearmiss-feed-listing-1"
_LAST = "metadata/timestamp.json"
_SHA256_LENGTH = 32


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What the service already has under a path. sha256: hexadecimal."""

    sha256: str
    length: int


def read_listing(raw: bytes) -> dict[str, RemoteFile]:
    """The service's answer to GET /v1/desk/feed, by path.

    Raises SurroundingsError if it is something else.
    """
    try:
        message = canonical.decode(raw)
        canonical.expect_format(message, LISTING_FORMAT)
        files = message.get("files")
        if not isinstance(files, list):
            raise MalformedError("no list of files")
        listing = {}
        for each in files:
            if not isinstance(each, dict):
                raise MalformedError("a file is no object")
            listing[canonical.text_of(each, "path")] = RemoteFile(
                canonical.from_hex(each.get("hash"), _SHA256_LENGTH).hex(),
                canonical.number_of(each, "length"),
            )
    except MalformedError as error:
        raise SurroundingsError(
            "The service did not answer as expected.",
            "Nothing was uploaded.",
            "Check that its version fits to this program, then try again.",
        ) from error
    return listing


def plan_upload(local: Path, remote: Mapping[str, RemoteFile]) -> list[str]:
    """Paths that the service lacks or has differently, in the order of sending.

    Targets first, then metadata, timestamp.json last: so a client that comes in the middle
    sees the old state or the new one, whole. Raises InputError if there is no feed.
    """
    if not (local / _LAST).is_file():
        raise InputError("There is no feed yet.", hint="Make one first: nearmiss desk init")
    differing = []
    with disk_errors():
        for place in sorted(local.rglob("*")):
            path = place.relative_to(local).as_posix()
            if place.name.startswith(".") or not place.is_file():
                continue
            content = place.read_bytes()
            here = RemoteFile(hashlib.sha256(content).hexdigest(), len(content))
            if remote.get(path) != here:
                differing.append(path)
    return sorted(differing, key=lambda path: (_rank(path), path))


def upload(
    local: Path,
    plan: Sequence[str],
    send: Callable[[str, bytes], None],
    progress: Progress | None = None,
) -> None:
    """Send each file of the plan in its order; send(path, content) raises to stop.

    Breaking off is harmless: the next plan holds what is still missing.
    """
    listener = progress or Silent()
    for done, path in enumerate(plan):
        listener.report(done, len(plan))
        with disk_errors():
            content = (local / path).read_bytes()
        send(path, content)
    listener.report(len(plan), len(plan))


def _rank(path: str) -> int:
    """Each kind names the one before it, by hash or version."""
    if path == _LAST:
        return 3
    if path.endswith(".snapshot.json"):
        return 2
    return 1 if path.startswith("metadata/") else 0
