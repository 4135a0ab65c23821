"""Copies of a vault that are made by themselves, encrypted as it is and under the same key.

They lie outside of the vault's folder, in one folder for each vault: `vault.key` as it is now, so
that a passphrase that was changed opens no old copy, and a file for each copy, named by its time.
A vault that was made anew under the same name has another folder. Of the copies the newest few
stay, and the newest of each of the last days on which there was one.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, bindparam, text

from app.errors import DamagedError
from app.paths import disk_errors, flush_folder, make_private_folder, replace_file
from app.progress import Progress
from app.store.engine import StoreFile, open_as_it_is
from app.store.kinds import VAULT
from app.store.times import utc_now

KEPT_NEWEST = 5
KEPT_DAYS = 10
KEY_FILE = "vault.key"
ASIDE = "aside-"
"""What the name of a folder begins with that holds a vault which could not be read."""
_ENDING = ".db"
_NAME_OF_TIME = "%Y-%m-%dT%H-%M-%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy. path: of the file; its key lies beside it. made_utc: to the second."""

    path: Path
    made_utc: datetime
    size_bytes: int

    @property
    def key_file(self) -> Path:
        """What its passphrase is checked with."""
        return self.path.with_name(KEY_FILE)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What no copy may hold any more. drafts: ids. receipts: ids of reports in hexadecimal.
    replies: id of the report in hexadecimal and turn of those whose text is gone.
    """

    drafts: Sequence[str]
    receipts: Sequence[str]
    replies: Sequence[tuple[str, int]]


class Backups:
    """The copies of one vault in a folder of their own."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._folder = folder
        self._now = now

    def make(self, file: StoreFile, key_file: bytes) -> Backup:
        """Make a copy, and let the oldest go that are more than enough. Raises UserError."""
        make_private_folder(self._folder)
        moment = self._now().astimezone(UTC)
        while (path := self._folder / (moment.strftime(_NAME_OF_TIME) + _ENDING)).exists():
            moment += timedelta(seconds=1)  # one of the same second is not replaced
        self.put_key(key_file)
        file.copy_to(path)
        with disk_errors():
            for each in _superfluous(self.all()):
                if each.path != path:  # by a clock that was set back it can be the oldest
                    each.path.unlink(missing_ok=True)
            # One that a power cut brings back would hold what is taken out of the others.
            flush_folder(self._folder)
        return _describe(path)

    def put_key(self, key_file: bytes) -> None:
        """The key as it is locked now opens all copies from now on. Raises SurroundingsError."""
        path = self._folder / KEY_FILE
        with disk_errors():
            is_there = path.exists() and path.read_bytes() == key_file
        if not is_there:
            replace_file(path, key_file)

    def all(self) -> tuple[Backup, ...]:
        """The newest first. Raises SurroundingsError."""
        with disk_errors():
            found = sorted(self._folder.glob(f"*{_ENDING}"), reverse=True)
            return tuple(_describe(each) for each in found if _is_named(each))

    def purge(self, destroyed: Destroyed, key: bytes) -> None:
        """Take what was destroyed out of every copy; one that cannot be opened is deleted, and so
        is what a crash has left of one.

        Raises SurroundingsError, and can then be repeated.
        """
        with disk_errors():
            for path in self._folder.glob(f".*{_ENDING}.*"):
                path.unlink(missing_ok=True)
        for each in self.all():
            try:
                copy = open_as_it_is(each.path, key, VAULT)
            except DamagedError:
                with disk_errors():
                    each.path.unlink(missing_ok=True)
                    flush_folder(self._folder)
                continue
            try:
                with copy.writing() as connection:
                    is_changed = _delete(connection, destroyed)
                if is_changed:
                    copy.rewrite()
            finally:
                copy.close()

    def check(self, key: bytes, progress: Progress) -> tuple[Backup, ...]:
        """Verify every page of every copy; returns those that are damaged."""
        found = self.all()
        damaged = []
        for done, each in enumerate(found):
            progress.report(done, len(found))
            try:
                copy = open_as_it_is(each.path, key, VAULT)
                with contextlib.closing(copy):
                    copy.check(_Quiet(progress))
            except DamagedError:
                damaged.append(each)
        progress.report(len(found), len(found))
        return tuple(damaged)


class _Quiet:
    """Lets a person stop a part of the work, and reports nothing of how far it is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def report(self, done: int, total: int) -> None:
        """Raises Cancelled."""
        self._progress.report(0, 0)


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """All copies below the folder of a vault's name, the newest first. Raises SurroundingsError."""
    with disk_errors():
        folders = [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
    found = [backup for each in folders for backup in Backups(each).all()]
    found = [each for each in found if each.key_file.exists()]
    return tuple(sorted(found, key=lambda each: each.made_utc, reverse=True))


def remove_aside(folder: Path) -> None:
    """Delete what was put aside below the folder of a vault's name, since nobody can take out of
    it what has to go. Raises SurroundingsError.
    """
    with disk_errors():
        for each in folder.glob(f"{ASIDE}*"):
            shutil.rmtree(each)
            flush_folder(folder)


def replace_keys(folder: Path, old: bytes, new: bytes) -> None:
    """Below the folder of a vault's name: copies that opened with this key file open with another.

    Raises SurroundingsError.
    """
    with disk_errors():
        for path in folder.glob(f"*/{KEY_FILE}"):
            if path.read_bytes() == old:
                replace_file(path, new)


def _superfluous(found: Sequence[Backup]) -> Iterable[Backup]:
    kept = set(found[:KEPT_NEWEST])
    newest_of_day: dict[object, Backup] = {}
    for each in found:
        newest_of_day.setdefault(each.made_utc.date(), each)
    kept.update(list(newest_of_day.values())[:KEPT_DAYS])
    return [each for each in found if each not in kept]


def _delete(connection: Connection, destroyed: Destroyed) -> bool:
    """Whether there was something. A copy may be of an older version, with fewer tables."""
    names = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
    statements = [("DELETE FROM drafts WHERE id IN :ids", destroyed.drafts)]
    if "receipts" in names:
        statements.append(("DELETE FROM receipts WHERE hex(report_id) IN :ids", destroyed.receipts))
    changed = 0
    for words, ids in statements:
        wanted = text(words).bindparams(bindparam("ids", expanding=True))
        upper = list(ids) if "drafts" in words else [each.upper() for each in ids]
        changed += connection.execute(wanted, {"ids": upper}).rowcount
    if "replies" in names:
        emptied = text(
            "UPDATE replies SET draft = '' "
            "WHERE hex(report_id) = :id AND turn = :turn AND draft != ''"
        )
        for report_id, turn in destroyed.replies:
            values = {"id": report_id.upper(), "turn": turn}
            changed += connection.execute(emptied, values).rowcount
    return changed > 0


def _describe(path: Path) -> Backup:
    made = datetime.strptime(path.stem, _NAME_OF_TIME).replace(tzinfo=UTC)
    return Backup(path, made, path.stat().st_size)


def _is_named(path: Path) -> bool:
    try:
        datetime.strptime(path.stem, _NAME_OF_TIME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
