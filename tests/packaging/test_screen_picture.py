"""Xvfb's screen becomes a picture of the same colours."""

import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from build_steps import BuildError
from screen_picture import count_colours, write_png

_WIDTH, _HEIGHT = 3, 2
_PIXELS = [0xFF0000, 0x00FF00, 0x0000FF, 0x102030, 0xFFFFFF, 0x000000]


def _write_dump(path: Path, bits: int = 32) -> None:
    """An X window dump with two colours in its map and four bytes more on each line."""
    header = [0] * 25
    header[0], header[4], header[5], header[11], header[12] = 104, _WIDTH, _HEIGHT, bits, 16
    header[19] = 2
    lines = b"".join(
        struct.pack("<4I", *_PIXELS[line * _WIDTH : (line + 1) * _WIDTH], 0)
        for line in range(_HEIGHT)
    )
    path.write_bytes(struct.pack(">25I", *header) + b"name" + bytes(24) + lines)


def test_each_pixel_has_its_colour(tmp_path: Path) -> None:
    _write_dump(tmp_path / "dump")
    write_png(tmp_path / "dump", tmp_path / "picture.png")
    image = QImage(str(tmp_path / "picture.png"))
    found = [image.pixel(x, y) & 0xFFFFFF for y in range(_HEIGHT) for x in range(_WIDTH)]
    assert found == _PIXELS


def test_colours_are_counted(tmp_path: Path) -> None:
    _write_dump(tmp_path / "dump")
    assert count_colours(tmp_path / "dump") == len(_PIXELS)


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_screen_that_is_not_written_yet_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dump").write_bytes(content)
    with pytest.raises(BuildError):
        count_colours(tmp_path / "dump")


def test_another_depth_is_refused(tmp_path: Path) -> None:
    _write_dump(tmp_path / "dump", bits=8)
    with pytest.raises(BuildError):
        count_colours(tmp_path / "dump")
