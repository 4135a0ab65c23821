"""What is done for a vault beside its file: copies after each session, and a count of sessions.

A session that wrote something is counted in the vault, then in a file apart. Where that file has
counted further, an older vault was put in the place of this one.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.errors import SurroundingsError, UserError
from app.store.backups import Backups, Destroyed, remove_aside
from app.store.chain import NO_HEAD, Head
from app.store.engine import StoreFile
from app.store.tables.vault import COUNTED
from app.store.times import utc_now
from app.store.witness import Witness

_SESSIONS = "sessions"


class BackupFailedError(SurroundingsError):
    """The vault is closed and whole; the copy of it was not made."""

    def __init__(self, reason: UserError) -> None:
        super().__init__(
            "The backup was not made.",
            f"What you wrote is saved in the vault itself. {reason.title}",
            reason.hint,
        )


class Safekeeping:
    """For the vaults of one name. folder: where the copies go. witness: counts sessions."""

    def __init__(
        self, folder: Path, witness: Witness, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.folder = folder
        self._witness = witness
        self._now = now

    def backups(self, key: bytes) -> Backups:
        """The copies of the vault with this key."""
        return Backups(self.folder / identify(key).hex(), self._now)

    def begin(self, key: bytes) -> None:
        """A new vault is made: nothing is known of it."""
        self._witness.note(Head(0, identify(key)))

    def end_session(self, file: StoreFile, key: bytes, key_file: bytes) -> None:
        """Count the session and make a copy. Raises UserError.

        An older vault is not counted on, until its owner has accepted it.
        """
        if not self.is_older(file, key):
            number = counted(file, _SESSIONS).number + 1
            note_count(file, _SESSIONS, Head(number, b""))
            self.accept(file, key)
        self.backups(key).make(file, key_file)

    def is_older(self, file: StoreFile, key: bytes) -> bool:
        """Whether this vault has counted less than the file apart. Raises SurroundingsError."""
        known = self._witness.read()
        return known.link == identify(key) and known.number > counted(file, _SESSIONS).number

    def accept(self, file: StoreFile, key: bytes) -> None:
        """Take this file for the right one from now on."""
        self._witness.note(Head(counted(file, _SESSIONS).number, identify(key)))

    def purge(self, destroyed: Destroyed, key: bytes) -> None:
        """Take what was destroyed out of all copies. Raises SurroundingsError."""
        self.backups(key).purge(destroyed, key)
        remove_aside(self.folder)


def identify(key: bytes) -> bytes:
    """What tells a vault from another of the same name: 8 bytes that tell nothing of the key."""
    return HKDF(SHA256(), length=8, salt=None, info=b"nearmiss vault identity 1").derive(key)


def counted(file: StoreFile, name: str) -> Head:
    """How far something had counted, as this vault knows it."""
    query = select(COUNTED.c.number, COUNTED.c.head).where(COUNTED.c.name == name)
    with file.reading() as connection:
        found = connection.execute(query).one_or_none()
    return NO_HEAD if found is None else Head(found.number, bytes(found.head))


def note_count(file: StoreFile, name: str, head: Head) -> None:
    """Keep it. Raises UserError."""
    values = {"number": head.number, "head": head.link}
    statement = insert(COUNTED).values(name=name, **values)
    with file.writing() as connection:
        connection.execute(statement.on_conflict_do_update(set_=values))
