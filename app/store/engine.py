"""One encrypted file, opened: connections, transactions, checks, copies.

What is set here, and why, is measured in design.md, section 7. `cipher_memory_security`
stays off: it slows the whole process down up to seven times.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from app.errors import SurroundingsError
from app.paths import disk_errors, flush_folder, make_private_file
from app.progress import Progress
from app.store.failures import (
    AlreadyThereError,
    DamagedFileError,
    FileBusyError,
    MissingFileError,
    NewerFileError,
    told_plainly,
)
from app.store.kinds import FileKind

KEY_LENGTH = 32
_BUSY_TIMEOUT_MS = 5_000
_READING = "reading"


class StoreFile:
    """An open file of one kind. Threads may share it; each transaction has a connection.

    was_written: whether a transaction that writes was begun since it was opened.
    """

    def __init__(self, path: Path, kind: FileKind, engine: Engine) -> None:
        self.path = path
        self.kind = kind
        self._writers = engine
        self._readers = engine.execution_options(**{_READING: True})
        self.was_written = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or undone when anything is raised.

        When it ends well, the disk holds it (archive: unless the power is cut at once).
        Raises UserError for what is wrong with file, disk or memory.
        """
        with told_plainly(self.kind, self.path), self._writers.begin() as connection:
            self.was_written = True
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the file. Raises UserError as `writing` does."""
        with told_plainly(self.kind, self.path), self._readers.begin() as connection:
            yield connection

    def empty_log(self) -> None:
        """Move everything from the write-ahead log into the file and cut the log to nothing.

        Waits for readers of an older view; raises FileBusyError if one does not finish.
        """
        busy, _pages, _moved = self._run("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if busy:
            raise FileBusyError(self.kind)

    def rewrite(self) -> None:
        """Write the file anew without what was deleted, and empty the log; copies from before a
        migration, which hold it still, are deleted.

        `secure_delete` overwrites deleted rows, but moving rows between pages can leave a
        part of one behind. Raises SurroundingsError if there is no room for it.
        """
        self._run("VACUUM")
        self.empty_log()
        name = backup_before_migration(self.path, "*").name
        with disk_errors():
            for pattern in (name, f".{name}"):  # with a dot: of a copy that was cut off
                for copy in self.path.parent.glob(pattern):
                    copy.unlink(missing_ok=True)
                    flush_folder(copy.parent)

    def check(self, progress: Progress) -> None:
        """Verify every page's authentication code, the structure, and the references.

        Raises DamagedFileError. A page put back from an older copy goes unnoticed here.
        """
        # The first step looks at the file alone: a page that was half moved out of the log when
        # the power went is whole in the log, and must not be called damaged. Where the log cannot
        # be emptied (a full disk, a long reader) the file is checked as it lies.
        with contextlib.suppress(SurroundingsError):
            self.empty_log()
        steps = ("cipher_integrity_check", "integrity_check", "foreign_key_check")
        for done, step in enumerate(steps):
            progress.report(done, len(steps))
            rows = self._run(f"PRAGMA {step}")
            if rows and rows != [("ok",)]:
                raise DamagedFileError(self.kind)
        progress.report(len(steps), len(steps))

    def copy_to(self, target: Path) -> None:
        """Write a consistent, encrypted copy under the same key, in the old one's place.

        Others may go on reading and writing. Raises SurroundingsError; target is then as before.
        """
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        make_private_file(temporary)
        try:
            with told_plainly(self.kind, self.path), self._raw() as connection:
                # The new file has the process's default, not the page size of this one, and could
                # not be opened. Whoever opens a file here names its page size, so none is hurt.
                connection.execute(f"PRAGMA cipher_default_page_size = {self.kind.page_size}")
                connection.execute("VACUUM INTO ?", (str(temporary),))
            with disk_errors():
                flush_file(temporary)
                temporary.replace(target)
                flush_folder(target.parent)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the file back. The last one to close it empties the write-ahead log."""
        self._writers.dispose()

    def _run(self, statement: str) -> list[tuple[object, ...]]:
        # Outside of a transaction: in one, these statements are refused.
        with told_plainly(self.kind, self.path), self._raw() as connection:
            rows: list[tuple[object, ...]] = connection.execute(statement).fetchall()
            return rows

    @contextlib.contextmanager
    def _raw(self) -> Iterator[sqlcipher.Connection]:
        proxied = self._writers.raw_connection()
        try:
            yield proxied.driver_connection
        finally:
            proxied.close()


def open_file(path: Path, key: bytes, kind: FileKind) -> StoreFile:
    """Open a file, after migrating it to this version's schema if it is older.

    key: 32 bytes. Raises MissingFileError, DamagedFileError, NewerFileError, SurroundingsError.
    """
    opened = open_as_it_is(path, key, kind)
    try:
        version = _version(opened)
        if version < kind.version:
            _migrate(opened, version)
    except BaseException:
        opened.close()
        raise
    return opened


def open_as_it_is(path: Path, key: bytes, kind: FileKind) -> StoreFile:
    """Open a file with the schema that it has, be it older. Raises as `open_file` does."""
    with disk_errors():
        if not path.is_file():
            raise MissingFileError(kind)
        if not path.stat().st_size:
            raise DamagedFileError(kind)  # the engine would take it for a new file
    opened = StoreFile(path, kind, _engine(path, key, kind))
    try:
        version = _version(opened)
        if version > kind.version:
            raise NewerFileError(kind)
        if version < 1:
            raise DamagedFileError(kind)
    except BaseException:
        opened.close()
        raise
    return opened


def create_file(path: Path, key: bytes, kind: FileKind) -> None:
    """Make a new, empty file of this kind. It appears whole or not at all.

    Raises AlreadyThereError, SurroundingsError.
    """
    if path.exists():
        raise AlreadyThereError(kind)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    make_private_file(temporary)
    fresh = StoreFile(temporary, kind, _engine(temporary, key, kind))
    try:
        _migrate(fresh, 0)
        fresh.close()
        with disk_errors():
            flush_file(temporary)
            temporary.rename(path)
            flush_folder(path.parent)
    except BaseException:
        fresh.close()
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
        raise


def backup_before_migration(path: Path, version: int | Literal["*"]) -> Path:
    """Where the copy goes that is kept when a file of this version is migrated; "*" for any."""
    return path.with_name(f"{path.name}.version-{version}")


def flush_file(path: Path) -> None:
    """Flush a file's content to the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _migrate(opened: StoreFile, version: int) -> None:
    # Imported only when there is something to migrate: alembic takes 0.3 s to import.
    from app.store.migrate import migrate  # noqa: PLC0415

    if version:
        opened.copy_to(backup_before_migration(opened.path, version))
    with opened.writing() as connection:
        # Another process may have done it while this one waited for its turn.
        if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == version:
            migrate(connection, opened.kind)


def _version(opened: StoreFile) -> int:
    with opened.reading() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _engine(path: Path, key: bytes, kind: FileKind) -> Engine:
    if len(key) != KEY_LENGTH:
        raise ValueError("a file's key has 32 bytes")

    def connect() -> sqlcipher.Connection:
        connection = sqlcipher.connect(path, isolation_level=None, check_same_thread=False)
        try:
            for words in _settings(key, kind):
                connection.execute(f"PRAGMA {words}").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    # hide_parameters: the texts of exceptions would otherwise hold the story.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # The driver's own way of beginning leaves DDL out of the transaction. A writer takes the
    # lock at once: one that upgrades later is refused without waiting.
    is_reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _settings(key: bytes, kind: FileKind) -> tuple[str, ...]:
    return (
        "cipher_log_level = NONE",  # it writes to the terminal otherwise
        f"key = \"x'{key.hex()}'\"",
        f"cipher_page_size = {kind.page_size}",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        f"synchronous = {kind.synchronous}",
        f"secure_delete = {'ON' if kind.secure_delete else 'OFF'}",
        "foreign_keys = ON",
        "temp_store = MEMORY",
    )
