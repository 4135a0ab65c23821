"""The encrypted file of one person: made, opened, locked, and its passphrase changed.

The folder holds `vault.db`, `vault.key` (the file's key under the passphrase) and
`vault.lock` (held by whoever has the vault open).
"""

import contextlib
import secrets
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from app.errors import SurroundingsError
from app.paths import disk_errors, flush_folder, make_private_folder, replace_file
from app.progress import Progress
from app.store import keys
from app.store.engine import KEY_LENGTH, StoreFile, create_file, open_file
from app.store.failures import AlreadyThereError, MissingFileError
from app.store.keys import RFC9106_SECOND, Cost, DamagedKeyError
from app.store.kinds import VAULT
from app.store.open_store import OpenStore

_FILE = "vault.db"
_UNFINISHED = "vault.new"
_KEY = "vault.key"
_LOCK = "vault.lock"
_LABEL = "vault"
_COPIES = f"{_FILE}.version-*"


class VaultInUseError(SurroundingsError):
    """Someone has it open already."""

    def __init__(self) -> None:
        super().__init__(
            "This vault is open in another window or program.",
            "It was not changed.",
            "Go to the other window, or close it and try again.",
        )


class Vault(OpenStore):
    """An open vault. Nobody else can open it until it is closed."""

    def __init__(self, file: StoreFile, lock: FileLock) -> None:
        super().__init__(file)
        self._lock = lock

    @classmethod
    def create(cls, folder: Path, passphrase: str, cost: Cost = RFC9106_SECOND) -> Self:
        """Make an empty vault in the folder and open it.

        Raises AlreadyThereError, InputError for an empty passphrase, SurroundingsError.
        """
        make_private_folder(folder)
        lock = _lock(folder)
        try:
            if (folder / _KEY).exists() or (folder / _FILE).exists():
                raise AlreadyThereError(VAULT)
            key = secrets.token_bytes(KEY_LENGTH)
            locked = keys.lock_secret(key, passphrase, label=_LABEL, cost=cost)
            # Left by a creation that was cut off: no key of it was ever kept.
            with disk_errors():
                (folder / _UNFINISHED).unlink(missing_ok=True)
            create_file(folder / _UNFINISHED, key, VAULT)
            replace_file(folder / _KEY, locked)
            _finish_creation(folder)
            return cls(open_file(folder / _FILE, key, VAULT), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Self:
        """Open the vault in the folder.

        Raises WrongPassphraseError, VaultInUseError, MissingFileError, DamagedKeyError,
        DamagedFileError, NewerFileError, SurroundingsError.
        """
        _require(folder)
        lock = _lock(folder)
        try:
            key = keys.open_secret(_read_key(folder), passphrase, label=_LABEL)
            _finish_creation(folder)
            return cls(open_file(folder / _FILE, key, VAULT), lock)
        except BaseException:
            lock.release()
            raise

    @staticmethod
    def change_passphrase(folder: Path, old: str, new: str, cost: Cost = RFC9106_SECOND) -> None:
        """Put the file's key under a new passphrase; the file itself is not written again.

        It works while the vault is open, too. Raises as `open` does.
        """
        _require(folder)
        relocked = keys.relock(_read_key(folder), old, new, label=_LABEL, cost=cost)
        replace_file(folder / _KEY, relocked)

    def check(self, progress: Progress) -> None:
        """Verify the whole file. Raises DamagedFileError."""
        self.file.check(progress)

    def forget_deleted(self) -> None:
        """Leave nothing of what was deleted: in free pages, the log, or automatic copies."""
        self.file.rewrite()
        with disk_errors():
            for copy in self.file.path.parent.glob(_COPIES):
                copy.unlink()

    def close(self) -> None:
        """Close the file and let others open it."""
        try:
            super().close()
        finally:
            self._lock.release()


def _lock(folder: Path) -> FileLock:
    # thread_local=False: the vault is opened on one thread and closed on another.
    lock = FileLock(folder / _LOCK, timeout=0, mode=0o600, thread_local=False)
    with disk_errors():
        try:
            lock.acquire()
        except Timeout:  # a kind of OSError, so it is caught first
            raise VaultInUseError from None
    return lock


def _require(folder: Path) -> None:
    if not folder.is_dir() or not any((folder / each).exists() for each in (_KEY, _FILE)):
        raise MissingFileError(VAULT)


def _read_key(folder: Path) -> bytes:
    if not (folder / _KEY).exists():
        raise DamagedKeyError  # the file is there, what opens it is not
    with disk_errors():
        return (folder / _KEY).read_bytes()


def _finish_creation(folder: Path) -> None:
    """The last step of a creation, or of one that was cut off after the key was kept."""
    with disk_errors(), contextlib.suppress(FileNotFoundError):
        if not (folder / _FILE).exists():
            (folder / _UNFINISHED).rename(folder / _FILE)
            flush_folder(folder)
