"""Ways in which a message can arrive otherwise than it was sent."""

import json
from collections.abc import Callable
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from sync.protocol.errors import ProtocolError


class Message(Protocol):
    """What can be written as bytes."""

    def to_bytes(self) -> bytes: ...


M = TypeVar("M", bound=Message)

# Everything that json.loads takes, and more than canonical JSON allows: fractions, numbers
# without end, lone surrogates.
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**301)
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.sampled_from(["\ud800", "é", "", "0" * 32, "2026-13", "AA==", "A" * 44]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """good with one to three pieces cut, repeated, or replaced by any bytes."""
    raw = good
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 60)))
        piece = draw(st.binary(max_size=6) | st.just(raw[start:end] * 2))
        raw = raw[:start] + piece + raw[end:]
    return raw


@st.composite
def with_other_members(draw: st.DrawFn, good: bytes) -> bytes:
    """good, a JSON object, with one or two members dropped, added, or given another value."""
    message = json.loads(good)
    for _ in range(draw(st.integers(1, 2))):
        member = draw(st.sampled_from([*message, "unknown"]))
        if draw(st.booleans()):
            message[member] = draw(any_json)
        else:
            message.pop(member, None)
    return json.dumps(message).encode()


def any_form(good: bytes) -> st.SearchStrategy[bytes]:
    """Arbitrary bytes, and good ones damaged in every way known here."""
    return st.binary(max_size=200) | damaged(good) | with_other_members(good)


def assert_reads_or_refuses(read: Callable[[bytes], M], raw: bytes) -> None:
    """read returns something that survives a second trip, or raises a ProtocolError."""
    try:
        message = read(raw)
    except ProtocolError:
        return
    assert read(message.to_bytes()) == message
