"""Looking for words in files, in every form in which a program might leave them behind."""

import base64
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def forms_of(word: str) -> frozenset[bytes]:
    """The word as bytes: UTF-8, UTF-16, in lower and upper case, hexadecimal, and base64.

    In base64 a word looks in three ways, by where it begins; its first and last characters
    depend on the neighbours and are left out.
    """
    plain = {each.encode(code) for each in cases(word) for code in ("utf-8", "utf-16-le")}
    coded = {each.hex().encode() for each in plain}
    for each in plain:
        for shift in range(3):
            text = base64.b64encode(b"\0" * shift + each).rstrip(b"=")
            first = -(-shift * 8 // 6)
            coded.add(text[first : (shift + len(each)) * 8 // 6])
    return frozenset(plain | coded)


def cases(word: str) -> set[str]:
    """As written, small and large."""
    return {word, word.lower(), word.upper()}


def find_words(folders: Iterable[Path], words: Iterable[str]) -> dict[str, list[str]]:
    """Word → the files, in their content or name, that have it. Also inside of zlib streams."""
    wanted = {word: forms_of(word) for word in words}
    hits: dict[str, list[str]] = {}
    for path in files_in(folders):
        content = path.read_bytes()
        texts = [content, path.name.encode(), *_unpacked(content)]
        for word, forms in wanted.items():
            if any(form in text for form in forms for text in texts):
                hits.setdefault(word, []).append(str(path))
    return hits


def files_in(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file, hidden ones included."""
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What a file that begins as gzip or zlib holds."""
    if content[:2] in {b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01"}:
        try:
            yield zlib.decompressobj(wbits=47).decompress(content)
        except zlib.error:
            return
