"""The encrypted file of one person: made, opened, locked, and its passphrase changed.

The folder holds `vault.db`, `vault.key` (the file's key under the passphrase) and
`vault.lock` (held by whoever has the vault open).
"""

import contextlib
import secrets
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock, Timeout
from sqlalchemy import delete, select

from app.errors import SurroundingsError, UserError
from app.paths import disk_errors, flush_folder, make_private_folder, replace_file
from app.progress import Progress
from app.store import keys
from app.store.backups import Backup, Destroyed
from app.store.copies import Copies
from app.store.engine import KEY_LENGTH, StoreFile, create_file, open_file
from app.store.failures import AlreadyThereError, MissingFileError
from app.store.keys import RFC9106_SECOND, Cost, DamagedKeyError
from app.store.kinds import VAULT
from app.store.open_store import OpenStore
from app.store.safekeeping import BackupFailedError, Safekeeping
from app.store.tables.vault import DESTROYED, REPLIES

VAULT_NAME = "vault.db"
_UNFINISHED = "vault.new"
KEY_NAME = "vault.key"
_LOCK = "vault.lock"
LABEL = "vault"
# Copies on the way to another computer, and from a backup, that a crash left here.
MOVING = ".moving-"
RESTORED = ".restored."
_CUT_OFF = (f"*{MOVING}*", f"{RESTORED}*")
_NONCE_LENGTH = 12


class VaultInUseError(SurroundingsError):
    """Someone has it open already."""

    def __init__(self) -> None:
        super().__init__(
            "This vault is open in another window or program.",
            "It was not changed.",
            "Go to the other window, or close it and try again.",
        )


class Vault(OpenStore):
    """An open vault. Nobody else can open it until it is closed.

    copies_when_closed: whether closing also sees to the copy at a chosen place, which can be slow.
    step: held by the thread that changes vault and post together, since between the two commits
    they look as a crash leaves them.
    """

    def __init__(
        self, file: StoreFile, lock: FileLock, key: bytes, safe: Safekeeping | None
    ) -> None:
        super().__init__(file)
        self._lock = lock
        self._key = key
        self._safe = safe
        self.copies_when_closed = True
        self.step = threading.RLock()
        # In memory only: what waits there while the vault is locked can be read by it alone.
        made = HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=None, info=b"nearmiss memory 1")
        self._memory = AESGCMSIV(made.derive(key))

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        cost: Cost = RFC9106_SECOND,
        code: bytes | None = None,
        safe: Safekeeping | None = None,
    ) -> Self:
        """Make an empty vault in the folder and open it. code: 16 bytes that open it, too.

        safe: makes copies of it after each session; None for no copies.
        Raises AlreadyThereError, InputError for an empty passphrase, SurroundingsError.
        """
        make_private_folder(folder)
        lock = lock_folder(folder)
        try:
            if (folder / KEY_NAME).exists() or (folder / VAULT_NAME).exists():
                raise AlreadyThereError(VAULT)
            key = secrets.token_bytes(KEY_LENGTH)
            locked = keys.lock_secret(key, passphrase, label=LABEL, cost=cost, code=code)
            # Left by a creation that was cut off: no key of it was ever kept.
            with disk_errors():
                (folder / _UNFINISHED).unlink(missing_ok=True)
            create_file(folder / _UNFINISHED, key, VAULT)
            replace_file(folder / KEY_NAME, locked)
            _finish_creation(folder)
            if safe is not None:
                safe.begin(key)
            return cls(open_file(folder / VAULT_NAME, key, VAULT), lock, key, safe)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, folder: Path, passphrase: str, safe: Safekeeping | None = None) -> Self:
        """Open the vault in the folder. safe: as for `create`.

        Raises WrongPassphraseError, VaultInUseError, MissingFileError, DamagedKeyError,
        DamagedFileError, NewerFileError, SurroundingsError.
        """
        require_there(folder)
        lock = lock_folder(folder)
        try:
            key = keys.open_secret(read_key(folder), passphrase, label=LABEL)
            _finish_creation(folder)
            return cls(open_file(folder / VAULT_NAME, key, VAULT), lock, key, safe)
        except BaseException:
            lock.release()
            raise

    @staticmethod
    def change_passphrase(folder: Path, old: str, new: str, cost: Cost = RFC9106_SECOND) -> None:
        """Put the file's key under a new passphrase; the file itself is not written again.

        It works while the vault is open, too. Raises as `open` does.
        """
        require_there(folder)
        relocked = keys.relock(read_key(folder), old, new, label=LABEL, cost=cost)
        replace_file(folder / KEY_NAME, relocked)

    def check(self, progress: Progress) -> None:
        """Verify the whole file. Raises DamagedFileError."""
        self.file.check(progress)

    def check_backups(self, progress: Progress) -> tuple[Backup, ...]:
        """Verify the copies that were made by themselves; returns those that are damaged."""
        return (
            () if self._safe is None else self._safe.backups(self._key).check(self._key, progress)
        )

    def backups(self) -> tuple[Backup, ...]:
        """The copies that were made by themselves, the newest first."""
        return () if self._safe is None else self._safe.backups(self._key).all()

    @property
    def copies(self) -> Copies:
        """The copies at places that its owner chose."""
        return Copies(self.file)

    def copy_to(self, place: Path) -> Path:
        """Make a copy in a folder that its owner chose. Raises as `Copies.make`."""
        return self.copies.make(place, read_key(self.file.path.parent))

    def copy_if_due(self) -> None:
        """Make a copy at the place for that, if there is one, it can be reached, and the newest
        copy there is a day old. It blocks for as long as that place does.
        """
        place = self.copies.place()
        if place is not None and self.copies.is_due():
            self.copy_to(place)

    def is_older_than_noted(self) -> bool:
        """Whether a later vault was here before: an old file was put in its place."""
        return self._safe is not None and self._safe.is_older(self.file, self._key)

    def accept(self) -> None:
        """Take this file for the right one from now on."""
        if self._safe is not None:
            self._safe.accept(self.file, self._key)

    def seal_away(self, raw: bytes) -> bytes:
        """What only this vault can read again, once it is open; for memory, never for a file."""
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        return nonce + self._memory.encrypt(nonce, raw, None)

    def take_back(self, sealed: bytes) -> bytes | None:
        """What `seal_away` has sealed; None if another vault has."""
        try:
            return self._memory.decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], None)
        except InvalidTag:
            return None

    def forget_deleted(self) -> None:
        """Leave nothing of what was deleted: in free pages, the log, or automatic copies.

        Not in copies at places that its owner chose: those are listed.
        """
        self.file.rewrite()
        with disk_errors():
            for pattern in _CUT_OFF:
                for copy in self.file.path.parent.glob(pattern):
                    copy.unlink(missing_ok=True)
                    flush_folder(copy.parent)
        if self._safe is not None:
            self._safe.purge(self._destroyed(), self._key)
        with self.file.writing() as connection:
            connection.execute(delete(DESTROYED))

    def close(self) -> None:
        """Make a copy if something was written, close the file, and let others open it.

        Raises BackupFailedError, also after it was closed.
        """
        trouble: UserError | None = None
        try:
            self._keep_copies()
        except UserError as error:
            trouble = error
        finally:
            try:
                super().close()
            finally:
                self._lock.release()
        if trouble is not None:
            raise BackupFailedError(trouble) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What went wrong inside is told, not that the copy failed as well.
        with contextlib.nullcontext() if error is None else contextlib.suppress(BackupFailedError):
            self.close()

    def _keep_copies(self) -> None:
        if self._safe is None or not self._lock.is_locked:
            return
        if self._has_destroyed():  # a crash has kept it from going everywhere
            self.forget_deleted()
        key_file = read_key(self.file.path.parent)
        if self.file.was_written or not self.backups():
            self._safe.end_session(self.file, self._key, key_file)
        if self.copies_when_closed:
            self.copy_if_due()

    def _has_destroyed(self) -> bool:
        with self.file.reading() as connection:
            return connection.execute(select(DESTROYED.c.id).limit(1)).first() is not None

    def _destroyed(self) -> Destroyed:
        emptied = select(REPLIES.c.report_id, REPLIES.c.turn).where(REPLIES.c.draft == "")
        with self.file.reading() as connection:
            ids = tuple(connection.execute(select(DESTROYED.c.id)).scalars())
            replies = [(row.report_id.hex(), row.turn) for row in connection.execute(emptied)]
        return Destroyed(ids, ids, replies)


def require_closed(folder: Path) -> None:
    """Raises VaultInUseError if somebody has the vault in the folder open."""
    lock_folder(folder).release()


def lock_folder(folder: Path) -> FileLock:
    """Held until it is released, or left. Raises VaultInUseError, SurroundingsError."""
    # thread_local=False: the vault is opened on one thread and closed on another.
    lock = FileLock(folder / _LOCK, timeout=0, mode=0o600, thread_local=False)
    with disk_errors():
        try:
            lock.acquire()
        except Timeout:  # a kind of OSError, so it is caught first
            raise VaultInUseError from None
    return lock


def require_there(folder: Path) -> None:
    """Raises MissingFileError if there is no vault in the folder."""
    if not folder.is_dir() or not any((folder / each).exists() for each in (KEY_NAME, VAULT_NAME)):
        raise MissingFileError(VAULT)


def read_key(folder: Path) -> bytes:
    """The key file. Raises DamagedKeyError if it is not there, SurroundingsError."""
    if not (folder / KEY_NAME).exists():
        raise DamagedKeyError  # the file is there, what opens it is not
    with disk_errors():
        return (folder / KEY_NAME).read_bytes()


def _finish_creation(folder: Path) -> None:
    """The last step of a creation, or of one that was cut off after the key was kept."""
    with disk_errors(), contextlib.suppress(FileNotFoundError):
        if not (folder / VAULT_NAME).exists():
            (folder / _UNFINISHED).rename(folder / VAULT_NAME)
            flush_folder(folder)
