"""Where the program's files are, and how one is replaced without ever being half written."""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from app.errors import InputError, SurroundingsError

PRIVATE_FOLDER_MODE = 0o700
PRIVATE_FILE_MODE = 0o600
_HOME_VARIABLE = "NEARMISS_HOME"
# Texts, not compiled: the window is painted before the first name is looked at.
_VAULT_NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,31}"
# Names that Windows keeps for devices; a folder of that name cannot be opened there.
_DEVICE_NAME = r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class DiskFullError(SurroundingsError):
    """There is no room for what was to be written."""

    def __init__(self) -> None:
        super().__init__(
            "The disk is full, or a size limit was reached.",
            "What was saved before is still there; the last change was not saved.",
            "Make room on the disk, then try again.",
        )


class NotWritableError(SurroundingsError):
    """The folder or file may be read, not changed."""

    def __init__(self) -> None:
        super().__init__(
            "The program may not write to its folder.",
            "What was saved before is still there; the last change was not saved.",
            "Ask for the right to write there, or set NEARMISS_HOME to another folder.",
        )


class DiskFailedError(SurroundingsError):
    """Reading or writing failed for a reason that lies in the disk or the system."""

    def __init__(self) -> None:
        super().__init__(
            "The disk did not read or write as asked.",
            "What was saved before is kept; the last change may not be.",
            "Check the disk and its free space, then start the program again.",
        )


# A tuple, as are the settings: data classes would take 1 ms of the time to the first paint.
class Home(NamedTuple):
    """The folder of one system user that holds everything the program keeps."""

    folder: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Home":
        """NEARMISS_HOME if set, else where this system keeps a user's program files."""
        chosen = environ.get(_HOME_VARIABLE, "")
        if chosen:
            return cls(Path(chosen).expanduser().absolute())
        # Here: its import takes 2 ms, and who has set the variable needs none of it.
        import platformdirs  # noqa: PLC0415

        # Not the roaming profile: the WAL is unsafe on a network share.
        return cls(Path(platformdirs.user_data_dir("leo-near-miss", appauthor=False)))

    def vault_folder(self, name: str) -> Path:
        """The folder of the vault called so. Raises InputError for a name that is not allowed."""
        if not re.fullmatch(_VAULT_NAME, name) or re.fullmatch(_DEVICE_NAME, name):
            raise InputError(
                "This name cannot be the name of a vault.",
                "",
                "Use up to 32 letters, digits and dashes, for example desk-2.",
            )
        return self._vaults / name

    def vault_names(self) -> tuple[str, ...]:
        """The names of the vaults that there are, sorted."""
        if not self._vaults.is_dir():
            return ()
        return tuple(sorted(each.name for each in self._vaults.iterdir() if each.is_dir()))

    @property
    def archive_folder(self) -> Path:
        """The offline archive."""
        return self.folder / "archive"

    @property
    def feed_cache_folder(self) -> Path:
        """Verified metadata and targets of the feed."""
        return self.folder / "feed"

    @property
    def connection_file(self) -> Path:
        """Whom this program trusts."""
        return self.folder / "connection.json"

    @property
    def roster_file(self) -> Path:
        """The names of the agency's people; it tells nothing about who writes."""
        return self.folder / "roster.txt"

    def counter_file(self, vault: str) -> Path:
        """How many tokens a vault's post has ever shown: apart from the post, so that a post
        from a backup is noticed.
        """
        return self.folder / "counters" / vault

    def outbox_count_file(self, vault: str) -> Path:
        """How far the chain over a vault's outbox has counted; apart from it, as the tokens."""
        return self.folder / "counters" / f"{vault}.outbox"

    def vault_count_file(self, vault: str) -> Path:
        """How many sessions a vault has counted; apart from it, as the tokens."""
        return self.folder / "counters" / f"{vault}.vault"

    def backup_folder(self, vault: str) -> Path:
        """The copies of a vault that are made by themselves; outside of its folder."""
        return self.folder / "backups" / self.vault_folder(vault).name

    def backup_names(self) -> tuple[str, ...]:
        """The names of the vaults that there are copies of, sorted."""
        folder = self.folder / "backups"
        if not folder.is_dir():
            return ()
        return tuple(sorted(each.name for each in folder.iterdir() if each.is_dir()))

    @property
    def desk_folder(self) -> Path:
        """The analyst's part."""
        return self.folder / "desk"

    @property
    def _vaults(self) -> Path:
        return self.folder / "vaults"


def make_private_folder(folder: Path) -> None:
    """Make the folder, and those above it that are missing, for their owner only.

    When it returns the disk has their names, so that what is flushed inside is found again.
    Raises SurroundingsError if that cannot be done.
    """
    missing = [folder, *folder.parents]
    missing = [each for each in missing if not each.exists()]
    with disk_errors():
        for each in reversed(missing):
            each.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
            with contextlib.suppress(PermissionError):  # may be changed, not listed
                flush_folder(each.parent)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder")


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read; one that is there stays as it is.

    Raises SurroundingsError if that cannot be done.
    """
    with disk_errors():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE_MODE))


def replace_file(path: Path, content: bytes, mode: int = PRIVATE_FILE_MODE) -> None:
    """Put content at path so that a crash leaves the old file or the new one, never a part.

    A temporary file in the same folder gets its permissions first, is written and flushed to
    the disk, and takes the old one's place; then the folder's entry is flushed.
    Raises SurroundingsError; the old file is then unchanged.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    with disk_errors():
        try:
            _write_flushed(temporary, content, mode)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the folder's entries to the disk, where the system knows of that (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn the system's errors of reading and writing into sentences (SurroundingsError)."""
    try:
        yield
    except OSError as error:
        # `from None`: the system's text holds the path, and a path can hold a person's name.
        raise explain(error) from None


def explain(error: OSError) -> SurroundingsError:
    """The sentence for an error of the system."""
    if error.errno in _FULL:
        return DiskFullError()
    if error.errno in _CLOSED:
        return NotWritableError()
    return DiskFailedError()


def _write_flushed(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode & PRIVATE_FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        if stat.S_IMODE(mode) != PRIVATE_FILE_MODE and os.name != "nt":
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
