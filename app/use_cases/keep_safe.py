"""Make, open, check and lock the files of one person; the one way the window gets at them."""

from app.paths import Home
from app.progress import Progress
from app.store.failures import MissingFileError
from app.store.kinds import VAULT
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.purse import Purse
from app.store.vault import Vault

__all__ = [
    "Outbox",
    "Post",
    "Purse",
    "Vault",
    "change_passphrase",
    "check_vault",
    "create_vault",
    "open_post",
    "open_purse",
    "open_vault",
]

# A vault whose own file is lost may still have something that waits to be sent.
_SIGNS_OF_A_VAULT = ("vault.key", "vault.db", "post.db")


def create_vault(home: Home, name: str, passphrase: str) -> Vault:
    """Make an empty vault and open it. Raises UserError as `Vault.create`."""
    return Vault.create(home.vault_folder(name), passphrase)


def open_vault(home: Home, name: str, passphrase: str) -> Vault:
    """Open a vault for this program alone. Raises UserError as `Vault.open`."""
    return Vault.open(home.vault_folder(name), passphrase)


def open_post(home: Home, name: str) -> Post:
    """Open the post of a vault; that needs no passphrase, since nothing in it is readable.

    Raises MissingFileError if there is no such vault (an empty outbox in its place would say
    that nothing waits), UserError as `Post.open_or_create`.
    """
    folder = home.vault_folder(name)
    if not any((folder / each).exists() for each in _SIGNS_OF_A_VAULT):
        raise MissingFileError(VAULT)
    return Post.open_or_create(folder)


def open_purse(home: Home, post: Post, tenant: str) -> Purse:
    """Account and tokens in an open post."""
    return Purse(post, tenant, home.counter_file(post.file.path.parent.name))


def change_passphrase(home: Home, name: str, old: str, new: str) -> None:
    """Put the vault's key under a new passphrase. Raises UserError as `Vault.open`."""
    Vault.change_passphrase(home.vault_folder(name), old, new)


def check_vault(home: Home, name: str, passphrase: str, progress: Progress) -> None:
    """Verify every page of a vault and of its post. Raises DamagedError."""
    with open_vault(home, name, passphrase) as vault:
        vault.check(progress)
    with open_post(home, name) as post:
        post.check(progress)
