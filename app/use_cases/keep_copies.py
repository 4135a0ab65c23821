"""Copies of a vault: which there are, putting one back, and noticing that an old file was."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from app.paths import Home
from app.progress import Progress
from app.store import copies
from app.store.backups import Backup, list_backups
from app.store.copies import Copies, Copy
from app.store.post import Post
from app.store.restoring import restore
from app.store.safekeeping import counted, note_count
from app.store.tries import Tries
from app.store.vault import Vault
from app.use_cases import keep_safe

__all__ = ["Backup", "Checked", "Copies", "Copy", "Notice", "OwnBackup"]
_OUTBOX = "outbox"
_UNITS = 100
COPY_ENDING = copies.ENDING


@dataclass(frozen=True, slots=True)
class OwnBackup:
    """A backup in the data folder. vault: the name of its vault."""

    vault: str
    backup: Backup


class Notice(NamedTuple):
    """What was noticed about a file, in words for its owner."""

    title: str
    text: str
    hint: str


class Checked(NamedTuple):
    """What a check has found that does not stop it. damaged: backups that cannot be read."""

    damaged: tuple[Backup, ...]
    notices: tuple[Notice, ...]


OLDER_VAULT = Notice(
    "This vault is older than it was.",
    "An earlier copy of its file was put back: by you, by somebody else, or by a backup of the "
    "computer. What you wrote after that copy was made is not in it. Nobody could read anything "
    "by it, and what was destroyed since may be here again.",
    "Look through your reports. A report that is written here may have been sent already: do not "
    "send it again. The newest copies are offered where a backup is put back.",
)
OLDER_OUTBOX = Notice(
    "The outbox is older than it was, or it is another one.",
    "An earlier copy of its file was put back, or it was removed: by you, by somebody else, or "
    "by a backup of the computer. Nobody could read anything by it. What you approved after that "
    "copy was made does not wait here any more, and is offered again as a draft, although it may "
    "have arrived. Verification tokens that may have been used are thrown away by themselves.",
    "Before you approve such a draft again, withdraw the first one with its seven words, or leave "
    "it: otherwise it may arrive twice.",
)


def list_own(home: Home) -> tuple[OwnBackup, ...]:
    """All backups in the data folder, by vault, the newest first. Raises SurroundingsError."""
    return tuple(
        OwnBackup(name, backup)
        for name in home.backup_names()
        for backup in list_backups(home.folder / "backups" / name)
    )


def put_back(home: Home, name: str, source: Path, passphrase: str, progress: Progress) -> None:
    """Put a backup, or a copy from a chosen place, where the vault of this name is.

    It is checked whole before anything is changed, and what was there is kept as a backup, or
    put aside if it is damaged. Raises TooSoonError, UserError as `restore`.
    """
    folder = home.vault_folder(name)
    with Tries(folder).counted():
        restore(source, passphrase, folder, keep_safe.safe_for(home, name), progress)


def look_back(vault: Vault, post: Post) -> tuple[Notice, ...]:
    """What is older than it was when the vault was open last. Raises UserError."""
    notices = [OLDER_VAULT] if vault.is_older_than_noted() else []
    known = counted(vault.file, _OUTBOX)
    if post.is_older_than_noted() or post.is_older_than(known):
        notices.append(OLDER_OUTBOX)
    elif post.head() != known:
        note_count(vault.file, _OUTBOX, post.head())
        post.forget_links(post.head().number)
    return tuple(notices)


def accept_older(vault: Vault, post: Post) -> None:
    """From now on the files that are there are the right ones; nothing is said of them again."""
    vault.accept()
    post.accept()
    note_count(vault.file, _OUTBOX, post.head())


def check(vault: Vault, post: Post, progress: Progress) -> Checked:
    """Verify every page of vault, post and backups, and the chain over the outbox.

    Raises DamagedFileError, BrokenChainError for vault and post.
    """
    steps: tuple[Callable[[Progress], None], ...] = (vault.check, post.check)
    backups = len(vault.backups())
    total = (len(steps) + backups) * _UNITS
    for number, step in enumerate(steps):
        step(_Part(progress, number * _UNITS, _UNITS, total))
    part = _Part(progress, len(steps) * _UNITS, backups * _UNITS, total)
    return Checked(vault.check_backups(part), look_back(vault, post))


class _Part:
    """A part of a longer work: from `start`, `length` units of `total`."""

    def __init__(self, whole: Progress, start: int, length: int, total: int) -> None:
        self._whole = whole
        self._start, self._length, self._total = start, length, total

    def report(self, done: int, total: int) -> None:
        """Raises Cancelled."""
        self._whole.report(self._start + self._length * done // max(total, 1), self._total)
