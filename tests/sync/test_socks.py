"""A SOCKS proxy may say anything: it is understood, or refused in one way."""

import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.socks import SocksError, ask_for_connection

YES = b"\x05\x00\x05\x00\x00"


def _ask(said: bytes, host: str = "service.example", port: int = 443) -> bytes:
    """What the proxy was told, after it has said so much and gone away."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        ask_for_connection(ours, host, port)
        return theirs.recv(1_024)


@pytest.mark.parametrize(
    "address",
    [b"\x01" + bytes(4), b"\x04" + bytes(16), b"\x03\x02ab"],
    ids=["IPv4", "IPv6", "name"],
)
def test_every_kind_of_address_in_its_answer_is_read_over(address: bytes) -> None:
    assert (
        _ask(YES + address + bytes(2)) == b"\x05\x01\x00\x05\x01\x00\x03\x0fservice.example\x01\xbb"
    )


@given(st.binary(max_size=600))
def test_any_answer_is_understood_or_refused(said: bytes) -> None:
    with suppress(SocksError):
        _ask(said)
        assert said.startswith(YES)


@pytest.mark.parametrize("host", ["", "a" * 256])
def test_a_name_that_does_not_fit_is_refused(host: str) -> None:
    with pytest.raises(SocksError, match="name"):
        _ask(YES, host)
