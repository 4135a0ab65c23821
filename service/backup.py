"""Backups: one file with everything that a service cannot make again, from either database.

A tar file: `manifest.json` first, with the hash of everything else; the keys and settings,
without the databases' addresses, which may hold passwords; each database as SQLite, its rows in
the order of their keys. The feed is left out: a desk uploads it again, and an older one would be
refused by every client. No times, no owners.
"""

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.database.copies import copy_all
from service.database.engine import open_engine
from service.database.schema import INTAKE, ISSUER, Schema, expect_current
from service.errors import ServiceError
from service.files import PRIVATE, TEMPORARY_PREFIX, replacing
from service.folder import FEED, open_service
from service.folder import SETTINGS as INTAKE_SETTINGS
from service.issuer.home import FOLDER as ISSUER_FOLDER
from service.issuer.home import SETTINGS, open_issuer
from sync.protocol import canonical

FORMAT = "nearmiss-service-backup-1"
MANIFEST = "manifest.json"
ISSUER_SETTINGS = f"{ISSUER_FOLDER}/{SETTINGS}"
ADDRESS = "database"
"""The member of a settings file that names the database."""
_SQLITE = ".sqlite"


@dataclass(frozen=True, slots=True)
class Part:
    """A database in a backup. name: its file there. settings: the file that has its address."""

    name: str
    settings: str
    schema: Schema


PARTS = (
    Part("intake.sqlite", INTAKE_SETTINGS, INTAKE),
    Part("issuer.sqlite", ISSUER_SETTINGS, ISSUER),
)


def make_backup(folder: Path, target: Path) -> None:
    """Write a backup of the service in folder to target, which must be new and lie elsewhere.

    The service may go on meanwhile. Raises ServiceError, UnavailableError, OSError.
    """
    addresses = find_addresses(folder)
    if target.exists():
        raise ServiceError("A file of this name is there already; choose another name.")
    if target.resolve().is_relative_to(folder.resolve()):
        raise ServiceError("A backup belongs on another disk than the service's own folder.")
    with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=target.parent) as scratch:
        contents: dict[str, Path | bytes] = dict(_read_small(folder))
        for part, address in addresses:
            contents[part.name] = Path(scratch) / part.name
            _copy_out(part, address, Path(scratch) / part.name)
        with replacing(target) as file, tarfile.open(fileobj=file, mode="w") as archive:
            _add(archive, MANIFEST, canonical.encode(_describe(contents)))
            for name, content in contents.items():
                _add(archive, name, content)


def find_addresses(folder: Path) -> list[tuple[Part, str]]:
    """The databases of the service in folder, each with its address. Raises ServiceError."""
    intake, issuer = PARTS
    home = open_issuer(folder)
    found = []
    # An issuer may be alone on its host.
    if home is None or (folder / INTAKE_SETTINGS).exists():
        found.append((intake, open_service(folder).database))
    if home is not None:
        found.append((issuer, home.database))
    return found


def _copy_out(part: Part, address: str, copy: Path) -> None:
    source = open_engine(address)
    target = open_engine(f"{_SQLITE[1:]}:///{copy}")
    try:
        expect_current(source, part.schema)
        copy_all(source, target, part.schema)
    finally:
        source.dispose()
        # The last connection puts the write-ahead log into the file.
        target.dispose()


def _read_small(folder: Path) -> Iterator[tuple[str, bytes]]:
    settings = {part.settings for part in PARTS}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.startswith(f"{FEED}/") or _SQLITE in path.suffix:
            continue
        if path.name.startswith(TEMPORARY_PREFIX):
            continue
        content = path.read_bytes()
        yield name, _without_address(content) if name in settings else content


def _without_address(settings: bytes) -> bytes:
    return canonical.encode({**canonical.decode(settings), ADDRESS: None})


def _describe(contents: dict[str, Path | bytes]) -> dict[str, object]:
    files = []
    for name, content in contents.items():
        with _open(content) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            length = file.seek(0, io.SEEK_END)
            files.append({"path": name, "hash": digest, "length": length})
    return {"format": FORMAT, "files": files}


def _add(archive: tarfile.TarFile, name: str, content: Path | bytes) -> None:
    with _open(content) as file:
        entry = tarfile.TarInfo(name)
        entry.mode = PRIVATE
        entry.size = file.seek(0, io.SEEK_END)
        file.seek(0)
        archive.addfile(entry, file)


def _open(content: Path | bytes) -> io.BufferedIOBase:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
