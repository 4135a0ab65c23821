"""The post: a file of sealed things that wait. It opens without a passphrase.

Its key lies beside it, readable for its owner only: nothing in it can be read by anyone who
has both. Several programs may have it open, the window and the system's scheduler.
"""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import DamagedError, SurroundingsError
from app.paths import disk_errors, make_private_folder, replace_file
from app.progress import Progress
from app.store import chain
from app.store.engine import KEY_LENGTH, StoreFile, create_file, open_file
from app.store.failures import MissingFileError
from app.store.kinds import POST
from app.store.open_store import OpenStore
from app.store.tables.post import MARKS, SETTINGS
from app.store.witness import Witness

_FILE = "post.db"
_KEY = "post.key"
_LOCK = "post.lock"
_SENDING = "sending.lock"


class SendingError(SurroundingsError):
    """Another program of this user is sending already."""

    def __init__(self) -> None:
        super().__init__(
            "Another window or the scheduler is sending already.",
            "Nothing is lost.",
            "Wait a minute, then look into the outbox.",
        )


class Post(OpenStore):
    """The open post of one vault."""

    def __init__(self, file: StoreFile, witness: Witness | None) -> None:
        super().__init__(file)
        self._witness = witness

    @classmethod
    def open_or_create(cls, folder: Path, witness: Witness | None = None) -> Self:
        """Open the post in the folder, or make an empty one.

        witness: keeps the head of its chain a second time; None for nobody.
        Raises DamagedError, DamagedFileError, NewerFileError, SurroundingsError.
        """
        if not (folder / _FILE).exists():
            _create(folder)
        opened = cls(open_file(folder / _FILE, _read_key(folder), POST), witness)
        try:
            opened._catch_up()
        except BaseException:
            opened.close()
            raise
        return opened

    @contextlib.contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction that changes what waits: the chain has one more entry afterwards.

        The witness of an older file stays as it is, until its owner has accepted the file.
        """
        witness = self._witness
        with self.file.writing() as connection:
            is_right = witness is not None and chain.holds(connection, witness.read())
            yield connection
            chain.extend(connection)
            head = chain.head(connection)
        if witness is not None and is_right:
            witness.note(head)

    def head(self) -> chain.Head:
        """The last entry of the chain over what waits."""
        with self.file.reading() as connection:
            return chain.head(connection)

    def is_older_than(self, known: chain.Head) -> bool:
        """Whether this file has never gone through what was known: an older one, or another."""
        with self.file.reading() as connection:
            return not chain.holds(connection, known)

    def is_older_than_noted(self) -> bool:
        """Whether the witness knows of something that this file has never gone through."""
        return self._witness is not None and self.is_older_than(self._witness.read())

    def accept(self) -> None:
        """Take this file for the right one from now on, whatever the witness knows."""
        if self._witness is not None:
            self._witness.note(self.head())

    def forget_links(self, up_to: int) -> None:
        """Drop the entries of the chain before this one."""
        with self.file.writing() as connection:
            chain.prune(connection, up_to)

    def setting(self, name: str) -> str | None:
        """What was kept under the name."""
        with self.file.reading() as connection:
            query = select(SETTINGS.c.value).where(SETTINGS.c.name == name)
            return connection.execute(query).scalar_one_or_none()

    def put_setting(self, name: str, value: str) -> None:
        """Keep the value under the name."""
        statement = insert(SETTINGS).values(name=name, value=value)
        with self.file.writing() as connection:
            connection.execute(statement.on_conflict_do_update(set_={"value": value}))

    def mark(self, name: str) -> int:
        """The highest number that was noted under the name; 0 before the first."""
        with self.file.reading() as connection:
            query = select(MARKS.c.value).where(MARKS.c.name == name)
            return connection.execute(query).scalar_one_or_none() or 0

    def raise_mark(self, name: str, value: int) -> None:
        """Note the number, unless a higher one is there: a mark never goes down."""
        statement = insert(MARKS).values(name=name, value=value)
        higher = func.max(MARKS.c.value, statement.excluded.value)
        with self.file.writing() as connection:
            connection.execute(statement.on_conflict_do_update(set_={"value": higher}))

    @contextlib.contextmanager
    def only_sender(self) -> Iterator[None]:
        """While this holds, no other program sends from this post. Raises SendingError.

        Raises MissingFileError for a post that was erased or has gone to another computer while
        it was open here: it must not send, nor leave a folder behind.
        """
        path = self.file.path
        if not path.exists():
            raise MissingFileError(POST)
        lock = _lock_sending(path.parent)
        try:
            yield
        finally:
            lock.release()

    def check(self, progress: Progress) -> None:
        """Verify the whole file and the chain. Raises DamagedFileError, BrokenChainError."""
        self.file.check(progress)
        with self.file.reading() as connection:
            chain.verify(connection)

    def _catch_up(self) -> None:
        """Note what a crash, or a full disk, has kept from being noted."""
        if self._witness is not None:
            noted, head = self._witness.read(), self.head()
            if noted.number < head.number and not self.is_older_than(noted):
                self._witness.note(head)


def require_not_sending(folder: Path) -> None:
    """Raises SendingError if somebody sends from the post in the folder."""
    _lock_sending(folder).release()


def _lock_sending(folder: Path) -> FileLock:
    lock = FileLock(folder / _SENDING, timeout=0, mode=0o600)
    with disk_errors():
        try:
            lock.acquire()
        except Timeout:  # a kind of OSError, so it is caught first
            raise SendingError from None
    return lock


def _create(folder: Path) -> None:
    make_private_folder(folder)
    # Window and scheduler may both find nothing there; the second waits for the first.
    with disk_errors(), FileLock(folder / _LOCK, mode=0o600):
        if (folder / _FILE).exists():
            return
        if not (folder / _KEY).exists():
            replace_file(folder / _KEY, secrets.token_bytes(KEY_LENGTH).hex().encode() + b"\n")
        create_file(folder / _FILE, _read_key(folder), POST)


def _read_key(folder: Path) -> bytes:
    with disk_errors():
        raw = (folder / _KEY).read_bytes() if (folder / _KEY).exists() else b""
    try:
        key = bytes.fromhex(raw.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_LENGTH:
        raise DamagedError(
            "The key of the outbox is missing or damaged.",
            "What waits to be sent cannot be read without it; drafts are not touched.",
            "Put the file post.key back from a backup of the vault's folder.",
        )
    return key
