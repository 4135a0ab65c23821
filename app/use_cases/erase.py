"""Leave nothing of one person on this computer, as far as a program can.

The keys go first: from then on no file of the vault can be read, whatever the disk keeps of it.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.errors import InputError
from app.paths import Home, disk_errors, flush_folder
from app.store.failures import MissingFileError
from app.store.kinds import VAULT
from app.store.post import require_not_sending
from app.store.vault import require_closed

# Of everybody at this computer, of the analyst, or a vault that was laid aside after a move.
_NOT_OF_A_VAULT = frozenset({"vaults", "archive", "feed", "desk", "moved", "arriving"})
_OF_THE_PROGRAM = (
    "connection.json",
    "roster.txt",
    "window.json",
    "network.json",
    "last-update",
    "private-issuer",
    "move-code",
    "archive",
    "feed",
    "counters",
    "backups",
    "arriving",
)


class OthersHereError(InputError):
    """Something of others, or of the desk, is in the same folder."""

    def __init__(self) -> None:
        super().__init__(
            "Other vaults, or a desk, are on this computer.",
            "They were not touched, nor was what they need.",
            "Erase your own vault only.",
        )


def erase_vault(home: Home, name: str) -> None:
    """Destroy a vault with its post, its keys, its backups in the data folder and its counters.

    It has to be closed. Cut off in between, it is repeated. Raises MissingFileError,
    VaultInUseError, SendingError, SurroundingsError.
    """
    folder = home.vault_folder(name)
    if folder.is_dir():
        require_closed(folder)
        require_not_sending(folder)  # it would make counters again
        erase_folder(folder)
    elif not any(traces(home, name)):
        raise MissingFileError(VAULT)
    erase_traces(home, name)


def erase_traces(home: Home, name: str) -> None:
    """Destroy what lies about a vault outside of its folder: counters, automatic backups."""
    with disk_errors():
        for path in list(traces(home, name)):
            if path.is_dir():
                erase_folder(path)
            else:
                path.unlink(missing_ok=True)


def traces(home: Home, name: str) -> Iterator[Path]:
    """What is kept about a vault outside of its folder: all that bears its name."""
    if not home.folder.is_dir():
        return
    for room in sorted(home.folder.iterdir()):
        if room.is_dir() and room.name not in _NOT_OF_A_VAULT:
            for path in sorted(room.iterdir()):
                # With a dot before it: left by a write that was cut off.
                if path.name == name or path.name.startswith((f"{name}.", f".{name}.")):
                    yield path


def is_alone(home: Home) -> bool:
    """Whether nothing here belongs to another vault or to a desk."""
    moved = home.folder / "moved"
    is_other_there = home.desk_folder.exists() or (moved.is_dir() and any(moved.iterdir()))
    # Copies of a vault that is lost may be somebody's last hope.
    names = {*home.vault_names(), *home.backup_names()}
    return not is_other_there and len(names) <= 1


def erase_rest(home: Home) -> None:
    """After the last vault: settings, archive, feed, and whom this program trusts.

    Nothing else in the folder is touched, since it may be a folder that holds other things.
    Raises OthersHereError, SurroundingsError.
    """
    if home.vault_names() or home.backup_names() or not is_alone(home):
        raise OthersHereError
    with disk_errors():
        known = [home.folder / each for each in (*_OF_THE_PROGRAM, "moved", "vaults")]
        cut_off = [found for each in known for found in home.folder.glob(f".{each.name}.*")]
        for path in (*known, *cut_off):
            if path.is_dir():
                erase_folder(path)
            else:
                path.unlink(missing_ok=True)
        if home.folder.is_dir() and not any(home.folder.iterdir()):
            home.folder.rmdir()


def erase_folder(folder: Path) -> None:
    """Destroy a folder, its keys first. Raises SurroundingsError."""
    with disk_errors():
        for key in sorted(folder.rglob("*.key")):
            _overwrite(key)
            key.unlink()
            flush_folder(key.parent)
        shutil.rmtree(folder)
        flush_folder(folder.parent)


def _overwrite(path: Path) -> None:
    """Once, with chance. A disk that writes elsewhere keeps the old bytes; that is said."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
