"""Where fuzzing starts: the golden examples, read and not copied."""

import base64
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
REPORT_ID = bytes(range(16))


def golden(*names: str) -> list[bytes]:
    """The content of golden files, out of base64 or hexadecimal digits where they are in such."""
    return [_decode(GOLDEN / name) for name in names]


def expect_same(one: object, other: object) -> None:
    """Raises AssertionError unless writing and reading again gave the same message."""
    if one != other:
        raise AssertionError("read again it is another message")


def _decode(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.suffix == ".base64":
        return base64.b64decode(raw)
    if path.suffix == ".hex":
        return bytes.fromhex(raw.decode("ascii"))
    return raw
