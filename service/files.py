"""Writing a file so that a reader sees the old one or the new one, also after a crash."""

import os
import secrets
from pathlib import Path

TEMPORARY_PREFIX = ".incoming-"
PRIVATE = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Put content at path, replacing what is there; only the service's account may read it.

    Raises OSError, and leaves nothing behind then.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb", opener=_open_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove what a crash in the middle of a write left in the folder and below it."""
    for path in folder.rglob(f"{TEMPORARY_PREFIX}*"):
        path.unlink(missing_ok=True)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder, and writes the entry with the file.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
