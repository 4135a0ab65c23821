"""Reads encrypted files as they are without encryption, free pages and write-ahead log too.

It decrypts the pages itself, so that what it finds, or does not, is no word of the engine's.
SQLCipher 4: at the end of each page 16 bytes of IV and 64 of HMAC; page 1 begins with 16 of salt
(https://www.zetetic.net/sqlcipher/design/).
"""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.store import keys
from app.store.copies import MAGIC

PAGE = 4_096  # of vault and post; the archive's are larger
_WAL_HEADER, _FRAME_HEADER = 32, 24
_RESERVED, _SALT = 80, 16


def vault_key(folder: Path, passphrase: str) -> bytes:
    """The key of the vault whose `vault.key` is in the folder."""
    return keys.open_secret((folder / "vault.key").read_bytes(), passphrase, label="vault")


def post_key(folder: Path) -> bytes:
    """The key of the post in the folder."""
    return bytes.fromhex((folder / "post.key").read_text("ascii").strip())


def decrypt_file(path: Path, key: bytes, page: int = PAGE) -> bytes:
    """All pages of a database, of its log if the name ends so, or of a copy at a chosen place."""
    raw = path.read_bytes()
    if path.name.endswith("-wal"):
        return b"".join(_frames(raw, key, page))
    if raw.startswith(MAGIC):
        length = int.from_bytes(raw[len(MAGIC) :][:4], "big")
        raw = raw[len(MAGIC) + 4 + length :]
    pages = (raw[at : at + page] for at in range(0, len(raw) - page + 1, page))
    return b"".join(_decrypt(each, key, is_first=number == 0) for number, each in enumerate(pages))


def decrypt_all(root: Path, key: bytes) -> bytes:
    """Every file below the folder: as it is, and its pages decrypted with the key."""
    paths = [each for each in root.rglob("*") if each.is_file()]
    return b"".join(each.read_bytes() + decrypt_file(each, key) for each in paths)


def _frames(raw: bytes, key: bytes, page: int) -> Iterator[bytes]:
    step = _FRAME_HEADER + page
    for at in range(_WAL_HEADER, len(raw), step):
        number = int.from_bytes(raw[at : at + 4], "big")
        yield _decrypt(raw[at + _FRAME_HEADER : at + step], key, is_first=number == 1)


def _decrypt(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    start, end = _SALT if is_first else 0, len(page) - _RESERVED
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + 16])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()
