"""Make, open, check and lock the files of one person; the one way the window gets at them."""

import contextlib
from collections.abc import Iterator

from app.paths import Home, disk_errors
from app.progress import Progress
from app.store import vault_keys
from app.store.backups import replace_keys
from app.store.chain import NO_HEAD
from app.store.covers import Covers, next_moment
from app.store.failures import MissingFileError
from app.store.kinds import VAULT
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.purse import Purse
from app.store.safekeeping import BackupFailedError, Safekeeping
from app.store.tries import Tries, describe_wait
from app.store.vault import KEY_NAME, Vault
from app.store.withdrawals import SignedWithdrawal, WithdrawalMovedError, Withdrawals
from app.store.witness import Witness

__all__ = [
    "BackupFailedError",
    "Covers",
    "Outbox",
    "Post",
    "Purse",
    "SignedWithdrawal",
    "Vault",
    "WithdrawalMovedError",
    "Withdrawals",
    "change_passphrase",
    "change_recovery_code",
    "check_vault",
    "create_vault",
    "describe_wait",
    "has_recovery_code",
    "next_moment",
    "open_post",
    "open_purse",
    "open_vault",
    "recover_vault",
    "safe_for",
    "wait_before_try",
]

# A vault whose own file is lost may still have something that waits to be sent.
_SIGNS_OF_A_VAULT = ("vault.key", "vault.db", "post.db")


def create_vault(home: Home, name: str, passphrase: str, code: bytes | None = None) -> Vault:
    """Make an empty vault and open it. code: the 16 bytes of a recovery code, or None.

    Raises UserError as `Vault.create`.
    """
    vault = Vault.create(home.vault_folder(name), passphrase, code=code, safe=safe_for(home, name))
    if not (home.vault_folder(name) / "post.db").exists():
        Witness(home.outbox_count_file(name)).note(NO_HEAD)  # of an outbox that is gone
    return vault


def open_vault(home: Home, name: str, passphrase: str) -> Vault:
    """Open a vault for this program alone.

    Raises TooSoonError after several wrong passphrases, UserError as `Vault.open`.
    """
    folder = home.vault_folder(name)
    with Tries(folder).counted():
        return Vault.open(folder, passphrase, safe_for(home, name))


def safe_for(home: Home, name: str) -> Safekeeping:
    """What makes the copies of a vault and counts its sessions."""
    return Safekeeping(home.backup_folder(name), Witness(home.vault_count_file(name)))


def wait_before_try(home: Home, name: str) -> int:
    """For how many seconds no passphrase is tried, because several wrong ones came before."""
    return Tries(home.vault_folder(name)).wait_s()


def open_post(home: Home, name: str) -> Post:
    """Open the post of a vault; that needs no passphrase, since nothing in it is readable.

    Raises MissingFileError if there is no such vault (an empty outbox in its place would say
    that nothing waits), UserError as `Post.open_or_create`.
    """
    folder = home.vault_folder(name)
    if not any((folder / each).exists() for each in _SIGNS_OF_A_VAULT):
        raise MissingFileError(VAULT)
    return Post.open_or_create(folder, Witness(home.outbox_count_file(name)))


def open_purse(home: Home, post: Post, tenant: str) -> Purse:
    """Account and tokens in an open post."""
    return Purse(post, tenant, home.counter_file(post.file.path.parent.name))


def change_passphrase(home: Home, name: str, old: str, new: str) -> None:
    """Put the vault's key under a new passphrase. Raises UserError as `open_vault`."""
    folder = home.vault_folder(name)
    with Tries(folder).counted(), _copies_follow(home, name):
        Vault.change_passphrase(folder, old, new)


def has_recovery_code(home: Home, name: str) -> bool:
    """Whether a recovery code opens the vault. Raises MissingFileError, DamagedKeyError."""
    return vault_keys.has_code(home.vault_folder(name))


def change_recovery_code(home: Home, name: str, passphrase: str, code: bytes | None) -> None:
    """From now on this code (16 bytes) opens the vault and no earlier one does; None for none.

    Raises UserError as `open_vault`.
    """
    folder = home.vault_folder(name)
    with Tries(folder).counted(), _copies_follow(home, name):
        vault_keys.change_code(folder, passphrase, code)


def recover_vault(home: Home, name: str, code: bytes, new: str) -> None:
    """Put the vault's key under a new passphrase by its recovery code; nothing can be guessed
    here, so it waits for nothing. Raises UserError as `vault_keys.recover`.
    """
    with _copies_follow(home, name):
        vault_keys.recover(home.vault_folder(name), code, new)
    Tries(home.vault_folder(name)).forget()


def check_vault(home: Home, name: str, passphrase: str, progress: Progress) -> None:
    """Verify every page of a vault and of its post. Raises DamagedError."""
    with open_vault(home, name, passphrase) as vault:
        vault.check(progress)
    with open_post(home, name) as post:
        post.check(progress)


@contextlib.contextmanager
def _copies_follow(home: Home, name: str) -> Iterator[None]:
    """What opened a vault's backups before the key file is changed opens none afterwards.

    A crash between is mended by the next backup. Copies at chosen places stay as they are.
    """
    key_file = home.vault_folder(name) / KEY_NAME
    with disk_errors():
        before = key_file.read_bytes() if key_file.exists() else b""
    yield
    with disk_errors():
        replace_keys(home.backup_folder(name), before, key_file.read_bytes())
