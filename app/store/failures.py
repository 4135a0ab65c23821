"""What can go wrong with an encrypted file, each with its own sentence.

The engine's errors are told apart by their number, never by their text: texts change, and
one could hold what was being written.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from app.errors import DamagedError, InputError, SurroundingsError, UserError
from app.paths import DiskFailedError, DiskFullError, NotWritableError
from app.store.kinds import FileKind

# https://www.sqlite.org/rescode.html; an extended code holds the primary one in its low byte.
_PERM, _BUSY, _LOCKED, _NOMEM, _READONLY, _IOERR = 3, 5, 6, 7, 8, 10
_CORRUPT, _FULL, _CANTOPEN, _NOTADB = 11, 13, 14, 26
_READONLY_DBMOVED = 1032


class MissingFileError(SurroundingsError):
    """There is no such file."""

    def __init__(self, kind: FileKind) -> None:
        super().__init__(
            f"There is no {kind.noun} here.",
            "",
            "Check the name and NEARMISS_HOME; if the file was moved, put it back. "
            "A new vault is made with: nearmiss vault create",
        )


class DamagedFileError(DamagedError):
    """The file cannot be decrypted, or what is in it does not fit together.

    A wrong key and a damaged first page look the same to the engine.
    """

    def __init__(self, kind: FileKind) -> None:
        super().__init__(
            f"The {kind.noun} is damaged, or its key belongs to another file.",
            "It was not changed.",
            kind.if_damaged,
        )


class NewerFileError(SurroundingsError):
    """A newer version of the program has written the file."""

    def __init__(self, kind: FileKind) -> None:
        super().__init__(
            f"The {kind.noun} was written by a newer version of this program.",
            "It was not changed.",
            "Install the newer version.",
        )


class FileBusyError(SurroundingsError):
    """Another window or program is writing, and did not finish in time."""

    def __init__(self, kind: FileKind) -> None:
        super().__init__(
            f"The {kind.noun} is in use by another program.",
            "What was saved before is still there; the last change was not saved.",
            "Close the other window or program, then try again.",
        )


class AlreadyThereError(InputError):
    """A file of this kind is there already."""

    def __init__(self, kind: FileKind) -> None:
        super().__init__(
            f"There is already a {kind.noun} of this name.",
            "It was not changed.",
            "Open it, or choose another name.",
        )


class NoMemoryError(SurroundingsError):
    """The computer has no memory left."""

    def __init__(self) -> None:
        super().__init__(
            "There is not enough memory.",
            "What was saved before is still there; the last change was not saved.",
            "Close other programs, then try again.",
        )


@contextlib.contextmanager
def told_plainly(kind: FileKind, path: Path) -> Iterator[None]:
    """Turn the engine's errors about the file and the computer into sentences.

    Anything else (a broken constraint, a wrong statement) is a defect and passes through.
    """
    try:
        yield
    except DBAPIError as error:
        _raise_plainly(error.orig, kind, path)
        raise
    except sqlcipher.Error as error:
        _raise_plainly(error, kind, path)
        raise


def _raise_plainly(error: BaseException | None, kind: FileKind, path: Path) -> None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        told = _sentence(code, kind, path)
        if told is not None:
            raise told from error


def _sentence(code: int, kind: FileKind, path: Path) -> UserError | None:
    primary = code & 0xFF
    if code == _READONLY_DBMOVED or (primary in (_CANTOPEN, _READONLY) and not path.exists()):
        return MissingFileError(kind)
    if primary in (_NOTADB, _CORRUPT):
        return DamagedFileError(kind)
    if primary in (_BUSY, _LOCKED):
        return FileBusyError(kind)
    if primary in (_READONLY, _PERM, _CANTOPEN):
        return NotWritableError()
    return {_FULL: DiskFullError, _IOERR: DiskFailedError, _NOMEM: NoMemoryError}.get(
        primary, lambda: None
    )()
