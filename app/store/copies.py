"""Copies of a vault at places that its owner chose: one file each, and a list of them.

The list is in the vault, since a path tells of a person. Such a copy is never deleted unasked,
and nothing is ever taken out of it: the list says where they lie.

    copy = "NEARMISS-VAULT-COPY-1\\n" ‖ length of vault.key (4 bytes) ‖ vault.key ‖ vault.db

Both parts are encrypted and authenticated as they are in the vault's folder.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import DamagedError, InputError
from app.paths import disk_errors, flush_folder, make_private_file
from app.store.engine import StoreFile
from app.store.tables.vault import COPIES, WISHES
from app.store.times import from_text, to_text, utc_now

MAGIC = b"NEARMISS-VAULT-COPY-1\n"
ENDING = ".nmcopy"
COPY_AFTER = timedelta(days=1)
_KIND = b"NEARMISS-VAULT-COPY-"
_LENGTH_BYTES = 4
_LONGEST_KEY = 65_536
_NAME_OF_TIME = "%Y-%m-%dT%H-%M-%SZ"
_PLACE = "backup_place"


class NotACopyError(DamagedError):
    """The file is not a copy of a vault, or not a whole one."""

    def __init__(self) -> None:
        super().__init__(
            "This file is not a whole copy of a vault.",
            "Nothing was changed.",
            f"Choose another file; copies end in {ENDING}.",
        )


class NewerCopyError(InputError):
    """A newer version of the program has written it."""

    def __init__(self) -> None:
        super().__init__(
            "This copy was written by a newer version of this program.",
            "Nothing was changed.",
            "Install the newer version.",
        )


class NoPlaceError(InputError):
    """The folder is not there."""

    def __init__(self) -> None:
        super().__init__(
            "The folder for copies is not there.",
            "No copy was made. What you wrote is saved in the vault itself.",
            "If it is on a stick or another disk, put that in and try again.",
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """One that was made. is_there: whether the file can be seen now."""

    path: Path
    made_utc: datetime
    is_there: bool


class Copies:
    """The list of copies in an open vault, and the place for more."""

    def __init__(self, file: StoreFile, now: Callable[[], datetime] = utc_now) -> None:
        self._file = file
        self._now = now

    def place(self) -> Path | None:
        """The folder that was chosen; None for none."""
        query = select(WISHES.c.value).where(WISHES.c.name == _PLACE)
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else Path(found)

    def choose(self, place: Path | None) -> None:
        """From now on copies go there; None for nowhere. What lies there stays."""
        with self._file.writing() as connection:
            connection.execute(delete(WISHES).where(WISHES.c.name == _PLACE))
            if place is not None:
                connection.execute(insert(WISHES).values(name=_PLACE, value=str(place)))

    def all(self) -> tuple[Copy, ...]:
        """The newest first."""
        query = select(COPIES).order_by(COPIES.c.made_utc.desc(), COPIES.c.path)
        with self._file.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Copy(Path(path), from_text(made), _is_there(path)) for path, made in rows)

    def make(self, place: Path, key_file: bytes) -> Path:
        """Write a copy into the folder. Raises NoPlaceError, SurroundingsError."""
        if not place.is_dir():
            raise NoPlaceError
        moment = self._now()
        name = moment.astimezone(UTC).strftime(_NAME_OF_TIME) + ENDING
        target = _free(place / name)
        _write(target, self._file, key_file)
        row = {"path": str(target), "made_utc": to_text(moment)}
        with self._file.writing() as connection:
            connection.execute(insert(COPIES).values(row).on_conflict_do_nothing())
        return target

    def is_due(self) -> bool:
        """Whether there is a place, it can be reached, and the newest copy is a day old."""
        place = self.place()
        if place is None or not place.is_dir():
            return False
        made = [each.made_utc for each in self.all() if each.path.parent == place]
        return not made or abs(self._now() - max(made)) >= COPY_AFTER

    def remove(self, path: Path) -> None:
        """Delete a copy that was listed and forget it; one that cannot be seen stays listed.

        Raises NoPlaceError, SurroundingsError.
        """
        if not path.parent.is_dir():
            raise NoPlaceError
        with disk_errors():
            path.unlink(missing_ok=True)
        self.forget(path)

    def forget(self, path: Path) -> None:
        """Take it off the list; the file is not touched."""
        with self._file.writing() as connection:
            connection.execute(delete(COPIES).where(COPIES.c.path == str(path)))


def read_key(copy: Path) -> bytes:
    """The key file in a copy. Raises NotACopyError, NewerCopyError, SurroundingsError."""
    with _opened(copy) as (_source, key_file):
        return key_file


def unpack(copy: Path, target: Path) -> bytes:
    """Write the vault's file in a copy to the target; returns the key file.

    Raises as `read_key`; the target is then not there.
    """
    with _opened(copy) as (source, key_file):
        make_private_file(target)
        try:
            with disk_errors(), target.open("wb") as file:
                shutil.copyfileobj(source, file)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                target.unlink(missing_ok=True)
            raise
        return key_file


@contextlib.contextmanager
def _opened(copy: Path) -> Iterator[tuple[BinaryIO, bytes]]:
    with disk_errors():
        if not copy.is_file():  # a folder, or a device that never ends
            raise NotACopyError
        with copy.open("rb") as source:
            kind = source.read(len(MAGIC))
            if kind != MAGIC:
                raise NewerCopyError if kind.startswith(_KIND) else NotACopyError
            length = int.from_bytes(source.read(_LENGTH_BYTES), "big")
            key_file = source.read(length) if 0 < length <= _LONGEST_KEY else b""
            if not key_file or len(key_file) != length:
                raise NotACopyError
            yield source, key_file


def _write(target: Path, file: StoreFile, key_file: bytes) -> None:
    """First beside the vault, so that a place which is slow or goes away holds up nobody else."""
    body = file.path.with_name(f".copy.{secrets.token_hex(4)}")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        file.copy_to(body)
        make_private_file(temporary)
        with disk_errors():
            with temporary.open("wb") as out, body.open("rb") as source:
                out.write(MAGIC + len(key_file).to_bytes(_LENGTH_BYTES, "big") + key_file)
                shutil.copyfileobj(source, out)
                out.flush()
                os.fsync(out.fileno())
            temporary.rename(target)
            flush_folder(target.parent)
    finally:
        for each in (body, temporary):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)


def _free(path: Path) -> Path:
    """The path, or one beside it that is not taken: a copy never replaces another."""
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return found


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:
        return False
