"""Packs: operations on the archive as one compressed, encrypted file.

    pack = "NMP1" | nonce (12) | AES-256-GCM-SIV of a zstd frame of JSON lines

The key comes from the connection's archive secret, and names tenant and kind of pack. The
nonce is a keyed hash of what is encrypted, so the same operations always give the same file;
with GCM-SIV (RFC 8452) that gives away no more than that two packs are equal.

Nothing is unpacked beyond what the signed figures say: a pack is checked by length and hash
first, then unpacked piece by piece.
"""

import hashlib
import hmac
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.archive import Operation
from app.errors import DamagedError, InputError
from sync.pack_lines import LINE_LIMIT, read_operation, write_operation
from sync.protocol import canonical
from sync.protocol.errors import MalformedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LENGTH_LIMIT = 64 * 1024 * 1024
UNPACKED_LIMIT = 16 * LENGTH_LIMIT
OPERATIONS_LIMIT = 1_000_000
"""Sanity, not policy: 64 MiB is also what the service takes as one file."""
_MAGIC = b"NMP1"
_NONCE_LENGTH = 12
_KEY_LENGTH = 32
_LEVEL = 9
_WINDOW_LOG = 23  # 8 MiB: what unpacking needs in memory, at most
_CHUNK = 256 * 1024


class PackKind(StrEnum):
    """`BASE` holds the whole archive as puts, `DELTA` what changed since."""

    BASE = "base"
    DELTA = "delta"


class DamagedPackError(DamagedError):
    """A pack is not what the signed index says, or cannot be opened with this connection."""

    def __init__(self) -> None:
        super().__init__(
            "A part of the archive is damaged or was made for another connection.",
            "It was not used. The archive on this computer is as it was before.",
            "Update again; if it stays so, tell the research team.",
        )


class OversizedPackError(InputError):
    """More than one pack may hold."""

    def __init__(self) -> None:
        super().__init__(
            "This is more than one publication can hold.",
            f"A pack has at most {LENGTH_LIMIT // 2**20} MiB and {OPERATIONS_LIMIT:,} records.",
            "Publish it in several parts.",
        )


@dataclass(frozen=True, slots=True)
class PackFigures:
    """What is signed of a pack before anyone opens it.

    sha256: of the file, hexadecimal. length, unpacked_length: bytes. operations: how many.
    """

    sha256: str
    length: int
    unpacked_length: int
    operations: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A finished pack and its figures."""

    content: bytes
    figures: PackFigures


@dataclass(frozen=True, slots=True)
class PackKey:
    """Opens the packs of one kind of one tenant."""

    encryption: bytes
    nonce: bytes

    def __repr__(self) -> str:
        return "PackKey(secret)"

    @classmethod
    def derive(cls, archive_secret: bytes, tenant: str, kind: PackKind) -> "PackKey":
        """HKDF (RFC 5869) over the connection's 32 secret bytes."""
        info = canonical.framed(b"nearmiss archive pack v1", tenant.encode(), kind.encode())
        both = HKDF(hashes.SHA256(), 2 * _KEY_LENGTH, salt=None, info=info).derive(archive_secret)
        return cls(both[:_KEY_LENGTH], both[_KEY_LENGTH:])


def write_pack(operations: Iterable[Operation], key: PackKey) -> Pack:
    """Pack the operations in the given order. The same ones give the same bytes.

    Raises ValueError for a record that could not be read back, OversizedPackError.
    """
    packer = zstd.ZstdCompressor(
        options={
            zstd.CompressionParameter.compression_level: _LEVEL,
            zstd.CompressionParameter.window_log: _WINDOW_LOG,
        }
    )
    count = unpacked_length = 0
    pieces = []
    for operation in operations:
        line = write_operation(operation)
        count += 1
        unpacked_length += len(line)
        pieces.append(packer.compress(line))
    pieces.append(packer.flush())
    frame = b"".join(pieces)
    nonce = hmac.digest(key.nonce, frame, "sha256")[:_NONCE_LENGTH]
    content = _MAGIC + nonce + AESGCMSIV(key.encryption).encrypt(nonce, frame, _MAGIC)
    if len(content) > LENGTH_LIMIT or unpacked_length > UNPACKED_LIMIT or count > OPERATIONS_LIMIT:
        raise OversizedPackError
    sha256 = hashlib.sha256(content).hexdigest()
    return Pack(content, PackFigures(sha256, len(content), unpacked_length, count))


def read_pack(content: bytes, figures: PackFigures, key: PackKey) -> Iterator[Operation]:
    """The operations, one by one while it is unpacked.

    The caller keeps nothing of it until the end is reached: what is wrong may show late.
    Raises DamagedPackError.
    """
    if len(content) != figures.length or hashlib.sha256(content).hexdigest() != figures.sha256:
        raise DamagedPackError
    count = 0
    try:
        for line in _unpack(_decrypt(content, key), figures.unpacked_length):
            count += 1
            if count > figures.operations:
                raise DamagedPackError
            yield read_operation(line)
    except (MalformedError, zstd.ZstdError) as error:
        raise DamagedPackError from error
    if count != figures.operations:
        raise DamagedPackError


def _decrypt(content: bytes, key: PackKey) -> bytes:
    start = len(_MAGIC) + _NONCE_LENGTH
    if not content.startswith(_MAGIC):
        raise DamagedPackError
    try:
        return AESGCMSIV(key.encryption).decrypt(
            content[len(_MAGIC) : start], content[start:], _MAGIC
        )
    except (InvalidTag, ValueError) as error:
        raise DamagedPackError from error


def _unpack(frame: bytes, unpacked_length: int) -> Iterator[bytes]:
    """The lines, each with its end. Never holds more than one piece and one line."""
    unpacker = zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    )
    total = 0
    rest = b""
    fed = frame
    while not unpacker.eof:
        piece = unpacker.decompress(fed, _CHUNK)
        fed = b""
        total += len(piece)
        cut_short = not piece and unpacker.needs_input and not unpacker.eof
        if total > unpacked_length or cut_short:
            raise DamagedPackError
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > LINE_LIMIT:
            raise DamagedPackError
        yield from (line + b"\n" for line in lines)
    if total != unpacked_length or rest or unpacker.unused_data:
        raise DamagedPackError
