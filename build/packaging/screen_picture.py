"""A picture of Xvfb's screen, from the file in which it keeps it (`-fbdir`).

The file is an X window dump: 25 big-endian words, the colour map, then the pixels. Source:
X11/XWDFile.h. Only what Xvfb writes with 24 bits a pixel is read.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from build_steps import BuildError

_HEADER = struct.Struct(">25I")
_COLOUR_LENGTH = 12
_BITS = 32


def count_colours(dump: Path) -> int:
    """How many different colours there are; a screen with nothing on it has one or two."""
    return len({pixel for row in _rows(dump) for pixel in struct.iter_unpack("3s", row)})


def write_png(dump: Path, picture: Path) -> None:
    """Write the screen as a PNG. Raises BuildError for another kind of file."""
    rows = list(_rows(dump))
    size = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = (_chunk(b"IHDR", size), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _rows(dump: Path) -> Iterator[bytes]:
    """Each line of the screen, three bytes a pixel: red, green, blue."""
    raw = dump.read_bytes()
    if len(raw) < _HEADER.size:
        raise BuildError("Xvfb has not written its screen.")
    words = _HEADER.unpack_from(raw)
    width, height, bits, line_length = words[4], words[5], words[11], words[12]
    if bits != _BITS:
        raise BuildError(f"Xvfb's screen has {bits} bits a pixel, not {_BITS}.")
    first = words[0] + words[19] * _COLOUR_LENGTH
    for line in range(height):
        start = first + line * line_length
        blue_first = raw[start : start + width * 4]
        row = bytearray(width * 3)
        row[0::3], row[1::3], row[2::3] = blue_first[2::4], blue_first[1::4], blue_first[0::4]
        yield bytes(row)


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
