"""One way to write each message as bytes, so that both sides sign and hash the same."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import TypeAlias

from sync.protocol.errors import MalformedError

_HEX_DIGITS = "0123456789abcdef"

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def encode(message: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, no floats.

    Raises ValueError for what has no canonical form (a float, a lone surrogate).
    """
    _refuse_floats(message)
    return json.dumps(
        message, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def decode(raw: bytes) -> dict[str, Json]:
    """The JSON object in raw. Raises MalformedError for anything else, repeated keys included."""
    try:
        message = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError("not a JSON object in UTF-8") from error
    if not isinstance(message, dict):
        raise MalformedError("not a JSON object")
    return message


def framed(*parts: bytes) -> bytes:
    """The parts, each with its length before it in two bytes: what is signed or bound.

    Raises ValueError for a part of 64 KiB or more.
    """
    if any(len(part) > 0xFFFF for part in parts):
        raise ValueError("a framed part is at most 65,535 bytes")
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def to_base64(raw: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: object, length: int | None = None) -> bytes:
    """The bytes, of exactly `length` if given. Raises MalformedError otherwise."""
    if not isinstance(text, str):
        raise MalformedError("base64 text is missing")
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64") from error
    if length is not None and len(raw) != length:
        raise MalformedError(f"{length} bytes expected, {len(raw)} found")
    return raw


def from_hex(text: object, length: int) -> bytes:
    """Exactly `length` bytes from lower-case hexadecimal digits. Raises MalformedError."""
    if not isinstance(text, str) or len(text) != 2 * length or set(text) - set(_HEX_DIGITS):
        raise MalformedError(f"not {2 * length} hexadecimal digits")
    return bytes.fromhex(text)


def text_of(message: Mapping[str, object], key: str) -> str:
    """The text under key. Raises MalformedError if there is none."""
    value = message.get(key)
    if not isinstance(value, str):
        raise MalformedError(f"'{key}' is missing or not a text")
    return value


def number_of(message: Mapping[str, object], key: str) -> int:
    """The whole number of 0 or more under key. Raises MalformedError if there is none."""
    value = message.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedError(f"'{key}' is missing or not a number")
    return value


def object_of(message: Mapping[str, object], key: str) -> dict[str, Json]:
    """The JSON object under key. Raises MalformedError if there is none."""
    value = message.get(key)
    if not isinstance(value, dict):
        raise MalformedError(f"'{key}' is missing or not an object")
    return value


def expect_format(message: Mapping[str, object], name: str) -> None:
    """Raises MalformedError unless the message says that it is of this format."""
    if message.get("format") != name:
        raise MalformedError(f"not a '{name}'")


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a key is repeated")
    return found


def _no_float(_text: str) -> Json:
    raise MalformedError("a fraction is not allowed")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("a float has no canonical form")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)
