"""One way to write each message as bytes, so that both sides sign and hash the same."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from sync.protocol.errors import MalformedError

_HEX_DIGITS = "0123456789abcdef"
_MONTH = re.compile("[1-9][0-9]{3}-(0[1-9]|1[0-2])")
# Whole numbers that every reader of JSON keeps exactly (RFC 8259, section 6).
_NUMBER_LIMIT = 2**53 - 1
_DEPTH_LIMIT = 16

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def encode(message: Mapping[str, object]) -> bytes:
    """JSON with keys sorted by code point, no spaces, UTF-8, no floats.

    Raises ValueError for what has no canonical form: a float, a number beyond 2^53, a lone
    surrogate, a key that is no text, more than 16 levels.
    """
    _check_form(dict(message))
    return json.dumps(
        dict(message), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")


def decode(raw: bytes) -> dict[str, Json]:
    """The JSON object in raw: whatever is returned, encode can write.

    Raises MalformedError for anything else, repeated keys included.
    """
    try:
        message = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        _check_form(message)
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
    """The bytes, of exactly `length` if given. Raises MalformedError otherwise.

    Only the one text that to_base64 writes is accepted: RFC 4648, section 3.5, leaves bits
    in the last digit that a lenient reader ignores.
    """
    if not isinstance(text, str):
        raise MalformedError("base64 text is missing")
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64") from error
    if to_base64(raw) != text:
        raise MalformedError("not the one way to write these bytes as base64")
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


def month_of(message: Mapping[str, object], key: str) -> str:
    """The month under key, "YYYY-MM". Raises MalformedError if there is none."""
    value = text_of(message, key)
    if not _MONTH.fullmatch(value):
        raise MalformedError(f"'{key}' is not a month")
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


def expect_only(message: Mapping[str, object], *members: str) -> None:
    """Raises MalformedError for a member that the format does not know.

    It would be dropped in reading, so that what was read says less than what was signed.
    """
    if not message.keys() <= set(members):
        raise MalformedError("a member is unknown to this format")


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a key is repeated")
    return found


def _no_float(_text: str) -> Json:
    raise MalformedError("a fraction is not allowed")


def _check_form(value: object, depth: int = 0) -> None:
    """Raises ValueError for what has no canonical form."""
    if depth > _DEPTH_LIMIT:
        raise ValueError(f"more than {_DEPTH_LIMIT} levels have no canonical form")
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError
    elif isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise ValueError("a key that is no text has no canonical form")
            key.encode("utf-8")
            _check_form(each, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_form(each, depth + 1)
    elif isinstance(value, int):
        if abs(value) > _NUMBER_LIMIT:
            raise ValueError("a number beyond 2^53 has no canonical form")
    elif value is not None:
        raise ValueError(f"a {type(value).__name__} has no canonical form")
