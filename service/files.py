"""Writing a file so that a reader sees the old one or the new one, also after a crash."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

TEMPORARY_PREFIX = ".incoming-"
PRIVATE = 0o600
_LEFT_BEHIND_S = 3_600
"""Nobody is still writing a file that was last written so long ago."""


def write_whole(path: Path, content: bytes) -> None:
    """Put content at path, replacing what is there; only the service's account may read it.

    Raises OSError, and leaves nothing behind then.
    """
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place at path when the block ends, and is on the disk then.

    Only the service's account may read it. If the block raises, it is gone.
    """
    temporary = path.with_name(temporary_name())
    try:
        with open(temporary, "xb", opener=_open_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def temporary_name() -> str:
    """A fresh name that says that the file is not whole yet."""
    return f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}"


def remove_leftovers(folder: Path) -> None:
    """Remove what a crash in the middle of a write left in the folder and below it.

    Only what is an hour old: another worker may be writing into the same folder now.
    """
    for path in folder.rglob(f"{TEMPORARY_PREFIX}*"):
        try:
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND_S:
                path.unlink()
        except FileNotFoundError:
            # Another worker has finished or removed it.
            continue


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
