"""Puts a copy of a vault in the vault's place. What was there before is never lost by it.

If it is whole and of the same key it becomes a backup like any other; otherwise its files are put
aside below the backups, until something is destroyed the next time.
"""

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.errors import DamagedError
from app.paths import (
    disk_errors,
    flush_folder,
    make_private_file,
    make_private_folder,
    replace_file,
)
from app.progress import Progress, Silent
from app.store import copies, vault_keys
from app.store.backups import ASIDE, Backups
from app.store.engine import flush_file, open_as_it_is
from app.store.kinds import VAULT
from app.store.safekeeping import Safekeeping
from app.store.vault import KEY_NAME, RESTORED, VAULT_NAME, Vault, lock_folder

_LOGS = ("-wal", "-shm")
_ENDINGS = ("", *_LOGS)


def restore(
    source: Path, passphrase: str, folder: Path, safe: Safekeeping, progress: Progress
) -> None:
    """Check a copy whole, then put it where the vault of this folder was.

    source: a backup, or a copy at a chosen place. passphrase: the copy's. The post is not
    touched. Raises WrongPassphraseError, VaultInUseError, DamagedError, NewerFileError,
    SurroundingsError; the vault is then as it was.
    """
    make_private_folder(folder)
    with lock_folder(folder), _unpacked(source, folder) as (fresh, key_file):
        key = vault_keys.open_key(key_file, passphrase)
        with contextlib.closing(open_as_it_is(fresh, key, VAULT)) as copy:
            copy.check(progress)
        flush_file(fresh)
        _put_aside(folder, key, safe)
        replace_file(folder / KEY_NAME, key_file)
        with disk_errors():
            fresh.replace(folder / VAULT_NAME)
            flush_folder(folder)
    with Vault.open(folder, passphrase, safe) as vault:  # migrates it, and counts from here
        vault.accept()


@contextlib.contextmanager
def _unpacked(source: Path, folder: Path) -> Iterator[tuple[Path, bytes]]:
    fresh = folder / f"{RESTORED}{secrets.token_hex(4)}"
    try:
        key_beside = source.with_name(KEY_NAME)
        if source.suffix == copies.ENDING or not key_beside.exists():
            key_file = copies.unpack(source, fresh)
        else:
            make_private_file(fresh)
            with disk_errors():
                key_file = key_beside.read_bytes()
                shutil.copyfile(source, fresh)
        yield fresh, key_file
    finally:
        for ending in _ENDINGS:
            with contextlib.suppress(OSError):
                fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def _put_aside(folder: Path, key: bytes, safe: Safekeeping) -> None:
    old = folder / VAULT_NAME
    with disk_errors():
        key_file = (folder / KEY_NAME).read_bytes() if (folder / KEY_NAME).exists() else b""
    if not old.exists() and not key_file:
        return
    if old.exists() and key_file and _is_backed_up(old, key, key_file, safe.backups(key)):
        # The file stays until the other one takes its place, so that there is a vault at every
        # moment. Its log goes before, since the engine would apply it to the other one.
        with disk_errors():
            for ending in _LOGS:
                old.with_name(old.name + ending).unlink(missing_ok=True)
            flush_folder(folder)
        return
    aside = safe.folder / f"{ASIDE}{secrets.token_hex(8)}"
    make_private_folder(aside)
    with disk_errors():
        for name in (KEY_NAME, *(VAULT_NAME + ending for ending in _ENDINGS)):
            if (folder / name).exists():
                (folder / name).rename(aside / name)
        flush_folder(aside)


def _is_backed_up(old: Path, key: bytes, key_file: bytes, backups: Backups) -> bool:
    try:
        with contextlib.closing(open_as_it_is(old, key, VAULT)) as file:
            file.check(Silent())
            backups.make(file, key_file)
    except DamagedError:  # or of another key
        return False
    return True
