"""Search and read the offline archive. It needs no vault, no passphrase and no network."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.archive import ArchiveNumber, ArchiveStatus, Record, SearchHit
from app.errors import InputError
from app.store.archive import ArchiveStore

__all__ = ["ArchiveStatus", "ArchiveStore", "open_archive", "read_record", "search_archive"]


def open_archive(path: Path, key: bytes) -> ArchiveStore:
    """Open the archive, or make an empty one. key: 32 bytes. Raises UserError."""
    return ArchiveStore.open_or_create(path, key)


def search_archive(
    archive: ArchiveStore,
    words: str,
    where: Mapping[str, str] | None = None,
    shelf: str | None = None,
    limit: int = 20,
) -> tuple[SearchHit, ...]:
    """Records with these words and codes. Raises InputError if nothing was fetched yet."""
    if not archive.status().records:
        raise InputError(
            "The archive on this computer is empty.",
            hint="Fetch it with: nearmiss archive update, or import it from a stick.",
        )
    return archive.search(words, where, shelf, limit)


def read_record(archive: ArchiveStore, number: ArchiveNumber) -> Record:
    """The report of this number. Raises InputError if the archive has none."""
    record = archive.get(number)
    if record is None:
        raise InputError(
            f"The archive has no report {number}.",
            "It may have been taken back, or it is not on this computer yet.",
            "Search for it, or update the archive.",
        )
    return record
