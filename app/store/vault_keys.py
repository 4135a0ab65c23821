"""The ways to open a vault besides its passphrase: only `vault.key` is written, never the file."""

from pathlib import Path

from app.paths import replace_file
from app.store import keys
from app.store.keys import RFC9106_SECOND, Cost
from app.store.vault import KEY_NAME, LABEL, read_key, require_there


def open_key(key_file: bytes, passphrase: str) -> bytes:
    """The vault's key, from the content of a `vault.key`. Raises as `keys.open_secret`."""
    return keys.open_secret(key_file, passphrase, label=LABEL)


def change_code(folder: Path, passphrase: str, code: bytes | None) -> None:
    """Put a recovery code of 16 bytes in the place of an earlier one; None for none.

    Raises as `Vault.open` does.
    """
    require_there(folder)
    replace_file(folder / KEY_NAME, keys.put_code(read_key(folder), passphrase, code, label=LABEL))


def recover(folder: Path, code: bytes, new: str, cost: Cost = RFC9106_SECOND) -> None:
    """Put the vault's key under a new passphrase by the recovery code, which stays.

    Raises WrongCodeError, NoCodeError, otherwise as `Vault.open` does.
    """
    require_there(folder)
    changed = keys.relock_with_code(read_key(folder), code, new, label=LABEL, cost=cost)
    replace_file(folder / KEY_NAME, changed)


def has_code(folder: Path) -> bool:
    """Whether it has a recovery code. Raises MissingFileError, DamagedKeyError."""
    require_there(folder)
    return keys.has_code(read_key(folder), label=LABEL)
