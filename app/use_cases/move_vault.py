"""Take a vault with its post to another computer, so that only one of the two is ever live.

The new computer draws a code; the old one writes one file, for that code only; the new one opens
it once and forgets the code. What prevents that a token is shown twice: before the file has its
name, the old computer has thrown its unused tokens away and laid the vault aside; the file opens
on no computer but the one that drew the code, and there only once. A vault that was laid aside
can be used again if the file is lost, without its tokens.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

from app.domain.typed_code import SECRET_LENGTH, CodeKind, draw_secret, write_code
from app.errors import InputError, SurroundingsError
from app.paths import Home, disk_errors, flush_folder, make_private_folder, replace_file
from app.progress import Progress
from app.store import vault_keys
from app.store.move_file import DamagedMoveFileError, read_move_file, write_move_file
from app.store.post import Post
from app.store.purse import (
    discard_unused,
    keep_counter,
    outdate_copies,
    read_counter,
    start_counter,
)
from app.store.safekeeping import BackupFailedError
from app.store.vault import MOVING, Vault
from app.use_cases.erase import erase_folder, erase_traces

_CODE = "move-code"
_ARRIVING = "arriving"
_MOVED = "moved"
_KEY = "vault.key"
_CARRIED = frozenset({"vault.db", "post.db", "post.key"})


class NotPreparedError(InputError):
    """This computer has drawn no code, or has used it already."""

    def __init__(self) -> None:
        super().__init__(
            "This computer expects no vault.",
            "A file that carries a vault opens once, on the computer whose code was typed when "
            "it was written.",
            "Draw a code here first, then write the file on the old computer.",
        )


class NameTakenError(InputError):
    """There is a vault of this name, or copies of one that is lost."""

    def __init__(self) -> None:
        super().__init__(
            "There is a vault of this name on this computer, or a backup of one.",
            hint="Choose another name.",
        )


class TargetThereError(InputError):
    """Something lies where the file is to be written."""

    def __init__(self) -> None:
        super().__init__(
            "There is a file of this name already.",
            "It was not changed.",
            "Choose another name.",
        )


def expected_code(home: Home) -> str:
    """The code that this computer waits for, as it is shown; empty if it has drawn none."""
    secret = _read_code(home)
    return "" if secret is None else write_code(secret, CodeKind.MOVE)


def expect_vault(home: Home) -> str:
    """Draw a code, unless one is waited for, and return it as it is shown."""
    if _read_code(home) is None:
        make_private_folder(home.folder)
        replace_file(home.folder / _CODE, draw_secret().hex().encode("ascii"))
    return expected_code(home)


def send_off(
    home: Home,
    vault: Vault,
    post: Post,
    passphrase: str,
    code: bytes,
    target: Path,
    close: Callable[[], None],
    progress: Progress,
) -> None:
    """Write the file for the computer that drew the code, read it back, lay the vault aside.

    code: its 16 bytes. close: closes vault and post. Raises WrongPassphraseError,
    TargetThereError, SendingError, SurroundingsError, Cancelled; the vault is then as before, but
    perhaps without its unused tokens.
    """
    folder = post.file.path.parent
    with disk_errors():
        if target.exists():
            raise TargetThereError
        key_file = (folder / _KEY).read_bytes()
    key = vault_keys.open_key(key_file, passphrase)
    unnamed = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    copies = {name: folder / f"{MOVING}{name}" for name in ("vault.db", "post.db")}
    try:
        with post.only_sender():
            vault.file.copy_to(copies["vault.db"])
            post.file.copy_to(copies["post.db"])
            carried = {**copies, "post.key": folder / "post.key"}
            write_move_file(unnamed, key_file, key, code, carried, progress)
            read_move_file(unnamed, lambda _raw: key, code, None, progress)
            discard_unused(post)
            count = outdate_copies(post)
        _remove(*copies.values())
        with contextlib.suppress(BackupFailedError):  # of what goes away just now
            close()
        aside = _lay_aside(home, folder, count)
        try:
            with disk_errors():
                unnamed.rename(target)
                flush_folder(target.parent)
        except BaseException:
            aside.rename(folder)  # the stick was pulled out: there is no file to be the live one
            raise
    finally:
        _remove(unnamed, *copies.values())


def take_in(home: Home, source: Path, passphrase: str, name: str, progress: Progress) -> None:
    """Open the file here, once, as the vault of this name, after every page was checked.

    Raises NotPreparedError, NameTakenError, WrongPassphraseError, NotAMoveFileError,
    DamagedMoveFileError, DamagedFileError, SurroundingsError; nothing is then changed.
    """
    folder, code = home.vault_folder(name), _read_code(home)
    if code is None:
        raise NotPreparedError
    if folder.exists() or name in home.backup_names():
        raise NameTakenError
    arriving = home.folder / _ARRIVING
    if arriving.exists():
        erase_folder(arriving)
    make_private_folder(arriving)
    try:
        key_file = read_move_file(
            source, lambda raw: vault_keys.open_key(raw, passphrase), code, arriving, progress
        )
        if {each.name for each in arriving.iterdir()} != _CARRIED:
            raise DamagedMoveFileError
        replace_file(arriving / _KEY, key_file)
        with Vault.open(arriving, passphrase) as vault:
            vault.check(progress)
        with Post.open_or_create(arriving) as post:
            post.check(progress)
            erase_traces(home, name)
            start_counter(post, home.counter_file(name))
        make_private_folder(folder.parent)
        with disk_errors():
            # The code first: after a crash in between the file opens nowhere, and the old
            # computer still has the vault; the other way round it would open twice.
            (home.folder / _CODE).unlink()
            flush_folder(home.folder)
            _put_in_place(home, arriving, folder, code)
    finally:
        if arriving.exists():
            erase_folder(arriving)


def _put_in_place(home: Home, arriving: Path, folder: Path, code: bytes) -> None:
    try:
        arriving.rename(folder)
    except OSError:  # on Windows something may look at the new files just now
        erase_folder(arriving)
        replace_file(home.folder / _CODE, code.hex().encode("ascii"))
        raise
    flush_folder(folder.parent)


def moved_names(home: Home) -> tuple[str, ...]:
    """The vaults that were laid aside here, sorted."""
    room = home.folder / _MOVED
    return tuple(sorted(each.name for each in room.iterdir())) if room.is_dir() else ()


def use_again(home: Home, name: str) -> str:
    """Put a vault that was laid aside back, as its file was lost; returns its name from now on.

    Its tokens are gone: the file has them.
    """
    free = _first_free(home.folder / "vaults", name, home.backup_names())
    count = read_counter(home.counter_file(name))
    erase_traces(home, free)
    if count:  # as the post that comes back; older copies of it stay outdated
        keep_counter(home.counter_file(free), count)
    make_private_folder(home.vault_folder(free).parent)
    with disk_errors():
        (home.folder / _MOVED / name).rename(home.vault_folder(free))
        flush_folder(home.vault_folder(free).parent)
    return free


def erase_moved(home: Home, name: str) -> None:
    """Destroy what was laid aside, once the vault has arrived. Raises SurroundingsError."""
    erase_folder(home.folder / _MOVED / name)
    if not home.vault_folder(name).exists():
        _remove(home.counter_file(name))


def _lay_aside(home: Home, folder: Path, count: int) -> Path:
    """count: how far the post has counted, left where a copy of the folder may be put back."""
    room = home.folder / _MOVED
    make_private_folder(room)
    erase_traces(home, folder.name)
    keep_counter(home.counter_file(folder.name), count)
    with disk_errors():
        aside = room / _first_free(room, folder.name)
        folder.rename(aside)
        flush_folder(room)
        flush_folder(folder.parent)
    return aside


def _first_free(room: Path, name: str, taken: Collection[str] = ()) -> str:
    """taken: names that are free in the room, and mean something elsewhere."""
    names = (name, *(f"{name[:28]}-{number}" for number in range(2, 1000)))
    free = (each for each in names if each not in taken and not (room / each).exists())
    found = next(free, None)
    if found is None:
        raise SurroundingsError("There are too many vaults of this name.")
    return found


def _read_code(home: Home) -> bytes | None:
    with disk_errors():
        try:
            raw = (home.folder / _CODE).read_text("ascii", "replace")
        except FileNotFoundError:
            return None
    try:
        secret = bytes.fromhex(raw.strip())
    except ValueError:
        return None
    return secret if len(secret) == SECRET_LENGTH else None


def _remove(*paths: Path) -> None:
    with disk_errors():
        for path in paths:
            if os.path.lexists(path):
                path.unlink()
