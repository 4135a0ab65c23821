"""One encrypted file that carries a vault and its post to another computer.

A line of magic, the length of a header (4 bytes), the header, then pieces of 1 MiB. The header
is JSON: the vault's key file, which the passphrase opens, and a salt. The pieces are sealed with
AES-256-GCM under a key from three things: the vault's own key, a code of 128 bits that only the
computer holds for which the file is made, and the salt. So it opens there and nowhere else, and
there only with the passphrase. Number and end of a piece are its nonce, the header's hash is
bound to each: none can be left out, exchanged, repeated or added (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Inside: a list of names, sizes and SHA-256, then
the files one after the other.
"""

import base64
import binascii
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import DamagedError, InputError
from app.paths import PRIVATE_FILE_MODE, disk_errors
from app.progress import Progress

MAGIC = b"nearmiss-move-1\n"
_ANY_MAGIC = b"nearmiss-move-"
_PIECE = 1 << 20
_TAG = 16
_SALT = 16
_LONGEST_HEADER = 131_072
_LONGEST_LIST = 65_536
_LARGEST_FILE = 4 << 30
_LENGTH = 4
_NAME = re.compile(r"[a-z]{1,16}\.[a-z]{1,8}")


class NotAMoveFileError(InputError):
    """It is something else."""

    def __init__(self) -> None:
        super().__init__(
            "This is not a file that carries a vault.",
            "Nothing was changed.",
            "Choose the file that the other computer has written.",
        )


class NewerMoveFileError(InputError):
    """A later version of the program has written it."""

    def __init__(self) -> None:
        super().__init__(
            "A later version of the program has written this file.",
            "Nothing was changed.",
            "Install that version here, then try again.",
        )


class DamagedMoveFileError(DamagedError):
    """It is cut short or changed, or it was made for another computer."""

    def __init__(self) -> None:
        super().__init__(
            "This file was made for another computer, or it is damaged.",
            "Nothing was changed here.",
            "It opens only on the computer whose code was typed when it was written. Copy it "
            "again, or write it anew for this computer.",
        )


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    size: int
    sha256: str


def write_move_file(
    target: Path,
    key_file: bytes,
    key: bytes,
    code: bytes,
    files: Mapping[str, Path],
    progress: Progress,
) -> None:
    """Write the file and flush it to the disk. key: what `key_file` locks; files: by name.

    Raises SurroundingsError, Cancelled; a part of a file may then be left at target.
    """
    salt = secrets.token_bytes(_SALT)
    fields = {"key": _to_base64(key_file), "salt": _to_base64(salt)}
    header = json.dumps(fields).encode("ascii")
    seal, bound = AESGCM(_derive(key, code, salt)), _bind(header)
    with disk_errors():
        entries = [_Entry(name, path.stat().st_size, _hash(path)) for name, path in files.items()]
        listed = json.dumps([[each.name, each.size, each.sha256] for each in entries]).encode()
        whole = _LENGTH + len(listed) + sum(each.size for each in entries)
        last = (whole - 1) // _PIECE
        plain = _Joined(listed, tuple(files.values()))
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE_MODE)
        with os.fdopen(handle, "wb") as out, plain:
            out.write(MAGIC + len(header).to_bytes(_LENGTH, "big") + header)
            for number in range(last + 1):
                progress.report(number, last + 1)
                piece = plain.read(_PIECE)
                out.write(seal.encrypt(_nonce(number, is_last=number == last), piece, bound))
            out.flush()
            os.fsync(out.fileno())


def read_move_file(
    source: Path,
    open_key: Callable[[bytes], bytes],
    code: bytes,
    folder: Path | None,
    progress: Progress,
) -> bytes:
    """Open the file, compare every hash, and write the files into the folder; None for nowhere.

    open_key: from the key file to what it locks. Returns the key file.
    Raises NotAMoveFileError, NewerMoveFileError, DamagedMoveFileError, what open_key raises,
    SurroundingsError, Cancelled; files may then be left in the folder.
    """
    with disk_errors(), source.open("rb") as raw:
        header = _read_header(raw)
        key_file, salt = _read_fields(header)
        opened = AESGCM(_derive(open_key(key_file), code, salt))
        size = os.fstat(raw.fileno()).st_size
        pieces = -(-max(size - raw.tell(), 1) // (_PIECE + _TAG))
        plain = _Opened(_open_pieces(raw, opened, _bind(header), pieces, progress))
        for entry in _read_list(plain):
            out = None if folder is None else folder / entry.name
            if _copy(plain, entry, out) != entry.sha256:
                raise DamagedMoveFileError
        if plain.read(1):
            raise DamagedMoveFileError
        return key_file


class _Joined:
    """What is to be carried, as one stream: the list with its length, then each file."""

    def __init__(self, listed: bytes, paths: tuple[Path, ...]) -> None:
        self._rest = len(listed).to_bytes(_LENGTH, "big") + listed
        self._paths = iter(paths)
        self._file: BinaryIO | None = None

    def read(self, length: int) -> bytes:
        """So many bytes, fewer only at the end."""
        while len(self._rest) < length:
            if self._file is None:
                path = next(self._paths, None)
                if path is None:
                    break
                self._file = path.open("rb")
            found = self._file.read(length - len(self._rest))
            if not found:
                self._file.close()
                self._file = None
            self._rest += found
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def __enter__(self) -> "_Joined":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


class _Opened:
    """The same stream on the other side."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, length: int) -> bytes:
        """At most so many bytes; none only at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def read_exactly(self, length: int) -> bytes:
        """So many bytes. Raises DamagedMoveFileError."""
        found = b""
        while len(found) < length:
            part = self.read(length - len(found))
            if not part:
                raise DamagedMoveFileError
            found += part
        return found


def _open_pieces(
    raw: BinaryIO, opened: AESGCM, bound: bytes, pieces: int, progress: Progress
) -> Iterator[bytes]:
    for number in range(pieces):
        progress.report(number, pieces)
        nonce = _nonce(number, is_last=number == pieces - 1)
        try:
            yield opened.decrypt(nonce, raw.read(_PIECE + _TAG), bound)
        except InvalidTag:
            raise DamagedMoveFileError from None


def _read_header(raw: BinaryIO) -> bytes:
    magic = raw.read(len(MAGIC))
    if magic != MAGIC:
        raise NewerMoveFileError if magic.startswith(_ANY_MAGIC) else NotAMoveFileError
    length = int.from_bytes(raw.read(_LENGTH), "big")
    header = raw.read(length) if length <= _LONGEST_HEADER else b""
    if len(header) != length:
        raise NotAMoveFileError
    return header


def _read_fields(header: bytes) -> tuple[bytes, bytes]:
    try:
        fields = json.loads(header)
        key_file = base64.b64decode(fields["key"], validate=True)
        salt = base64.b64decode(fields["salt"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise NotAMoveFileError from None
    return key_file, salt


def _read_list(plain: _Opened) -> tuple[_Entry, ...]:
    length = int.from_bytes(plain.read_exactly(_LENGTH), "big")
    if length > _LONGEST_LIST:
        raise DamagedMoveFileError
    try:
        entries = [_read_entry(*each) for each in json.loads(plain.read_exactly(length))]
    except (ValueError, TypeError, RecursionError):
        raise DamagedMoveFileError from None
    return tuple(entries)


def _read_entry(name: object, size: object, sha256: object) -> _Entry:
    """Whoever made the file knew the passphrase; it must not write elsewhere all the same."""
    if not isinstance(name, str) or not isinstance(size, int) or not isinstance(sha256, str):
        raise DamagedMoveFileError
    if not _NAME.fullmatch(name) or not 0 <= size <= _LARGEST_FILE:
        raise DamagedMoveFileError
    return _Entry(name, size, sha256)


def _copy(plain: _Opened, entry: _Entry, target: Path | None) -> str:
    """Write it there, or only read it; returns its SHA-256."""
    if target is None:
        return _pour(plain, entry.size, lambda _part: None)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE_MODE)
    with os.fdopen(handle, "wb") as out:
        found = _pour(plain, entry.size, out.write)
        out.flush()
        os.fsync(out.fileno())
    return found


def _pour(plain: _Opened, size: int, write: Callable[[bytes], object]) -> str:
    digest, left = hashlib.sha256(), size
    while left:
        part = plain.read(left)
        if not part:
            raise DamagedMoveFileError
        digest.update(part)
        write(part)
        left -= len(part)
    return digest.hexdigest()


def _derive(key: bytes, code: bytes, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, b"nearmiss move v1").derive(key + code)


def _bind(header: bytes) -> bytes:
    return hashlib.sha256(MAGIC + header).digest()


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
