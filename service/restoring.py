"""Putting a backup back, into a new folder and empty databases of either kind."""

import hashlib
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.backup import ADDRESS, FORMAT, MANIFEST, PARTS, Part, find_addresses
from service.database.copies import copy_all
from service.database.engine import open_engine
from service.database.schema import migrate, refuse_used
from service.errors import ServiceError
from service.files import TEMPORARY_PREFIX, write_whole
from service.folder import FEED, clear_folder, prepare_folder
from sync.protocol import canonical
from sync.protocol.errors import MalformedError

_DAMAGED = "This is no whole backup of a service; take another one."
_LARGEST_SMALL = 1024 * 1024
_HASH_LENGTH = 32
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Entry:
    hash: bytes
    length: int


def restore_backup(source: Path, folder: Path, addresses: Mapping[str, str | None]) -> None:
    """Make a service in folder, which must be new or empty, from a backup.

    addresses: where each database goes, by its name in the backup; None for inside the folder.
    If it fails, nothing stays in the folder. Raises ServiceError, UnavailableError, OSError.
    """
    prepare_folder(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=folder) as scratch:
            _unpack(source, Path(scratch))
            _put_back(Path(scratch), folder, addresses)
        find_addresses(folder)
    except (tarfile.TarError, MalformedError, EOFError) as error:
        clear_folder(folder)
        raise ServiceError(_DAMAGED) from error
    except BaseException:
        clear_folder(folder)
        raise


def _unpack(source: Path, scratch: Path) -> None:
    with tarfile.open(source, mode="r:") as archive:
        wanted = _read_manifest(archive)
        for name, entry in wanted.items():
            _extract(archive, name, entry, scratch / name)
        if archive.next() is not None:
            raise ServiceError(_DAMAGED)


def _read_manifest(archive: tarfile.TarFile) -> dict[str, _Entry]:
    member = archive.next()
    if member is None or member.name != MANIFEST or member.size > _LARGEST_SMALL:
        raise ServiceError(_DAMAGED)
    file = archive.extractfile(member)
    if file is None:
        raise ServiceError(_DAMAGED)
    message = canonical.decode(file.read())
    canonical.expect_format(message, FORMAT)
    files = message.get("files")
    if not isinstance(files, list):
        raise ServiceError(_DAMAGED)
    return dict(_read_entry(each) for each in files)


def _read_entry(entry: canonical.Json) -> tuple[str, _Entry]:
    if not isinstance(entry, dict):
        raise ServiceError(_DAMAGED)
    path, length = entry.get("path"), entry.get("length")
    if not isinstance(path, str) or not isinstance(length, int):
        raise ServiceError(_DAMAGED)
    parts = Path(path).parts
    if not parts or Path(path).is_absolute() or ".." in parts or parts[0] == FEED:
        raise ServiceError(_DAMAGED)
    return path, _Entry(canonical.from_hex(entry.get("hash"), _HASH_LENGTH), length)


def _extract(archive: tarfile.TarFile, name: str, entry: _Entry, target: Path) -> None:
    member = archive.next()
    if member is None or member.name != name or not member.isreg() or member.size != entry.length:
        raise ServiceError(_DAMAGED)
    file = archive.extractfile(member)
    if file is None:
        raise ServiceError(_DAMAGED)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        while piece := file.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
    if digest.digest() != entry.hash:
        raise ServiceError(_DAMAGED)


def _put_back(scratch: Path, folder: Path, addresses: Mapping[str, str | None]) -> None:
    databases = {part.name: part for part in PARTS if (scratch / part.name).exists()}
    last = {part.settings for part in databases.values()}
    for path in sorted(scratch.rglob("*")):
        name = path.relative_to(scratch).as_posix()
        target = folder / name
        if path.is_dir():
            target.mkdir(mode=0o700)
        elif name not in databases and name not in last:
            write_whole(target, path.read_bytes())
    (folder / FEED).mkdir(exist_ok=True)
    homes = {
        name: addresses.get(name) or own_address(folder, databases[name]) for name in databases
    }
    for address in homes.values():
        _expect_empty(address)
    for name, part in databases.items():
        _fill(part, scratch / name, homes[name])
        settings = canonical.decode((scratch / part.settings).read_bytes())
        settings[ADDRESS] = addresses.get(name)
        # The settings last, since they make the folder a service's.
        write_whole(folder / part.settings, canonical.encode(settings))


def own_address(folder: Path, part: Part) -> str:
    """The database inside the folder."""
    place = (folder / part.settings).parent / part.name
    return f"sqlite:///{place.resolve().as_posix()}"


def _expect_empty(address: str) -> None:
    engine = open_engine(address)
    try:
        refuse_used(engine)
    finally:
        engine.dispose()


def _fill(part: Part, copy: Path, address: str) -> None:
    source = open_engine(f"sqlite:///{copy.as_posix()}")
    target = open_engine(address)
    try:
        # A backup of an older version first becomes one of this.
        migrate(source, part.schema)
        copy_all(source, target, part.schema)
    finally:
        source.dispose()
        target.dispose()
