"""Carried submissions and their replies: read as written, and nothing else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.acknowledgement import Acknowledgement
from sync.protocol.carry import SIZE_LIMIT, Carried, CarryReply
from sync.protocol.errors import MalformedError
from sync.protocol.token import TOKEN_LENGTH, TOKEN_TYPE, Token
from sync.protocol.token_proof import TokenProof

TENANT = "0" * 32
CARRIED = Carried(TENANT, "https://service.example", bytes(range(16)), bytes(65_536))
TOKEN = Token.from_bytes(TOKEN_TYPE + bytes(TOKEN_LENGTH - len(TOKEN_TYPE)))
WITH_TOKEN = Carried(
    TENANT, "https://service.example", bytes(16), bytes(65_536), TOKEN, TokenProof(bytes(64))
)
REPLY = CarryReply(TENANT, bytes(16), Acknowledgement(bytes(8), bytes(64)))


@pytest.mark.parametrize("carried", [CARRIED, WITH_TOKEN], ids=["without", "with a token"])
def test_what_is_written_is_read_again_and_fits(carried: Carried) -> None:
    assert Carried.from_bytes(carried.to_bytes()) == carried
    assert len(carried.to_bytes()) < SIZE_LIMIT


def test_a_reply_is_read_again() -> None:
    assert CarryReply.from_bytes(REPLY.to_bytes()) == REPLY


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", "nearmiss-carry-2"),
        ("tenant", "0"),
        ("service_url", "http://service.example"),
        ("service_url", "file:///etc/passwd"),
        ("id", "00"),
        ("body", "AAAA"),
        ("token", "AAAA"),
        ("proof", "00" * 64),
        ("proof", 7),
        ("sent_by", "somebody"),
    ],
)
def test_a_changed_member_is_refused(member: str, value: object) -> None:
    message = json.loads(CARRIED.to_bytes()) | {member: value}
    with pytest.raises(MalformedError):
        Carried.from_bytes(json.dumps(message).encode())


@pytest.mark.parametrize("member", ["tenant", "service_url", "id", "body"])
def test_a_missing_member_is_refused(member: str) -> None:
    message = json.loads(CARRIED.to_bytes())
    del message[member]
    with pytest.raises(MalformedError):
        Carried.from_bytes(json.dumps(message).encode())


@pytest.mark.parametrize(
    ("member", "value"), [("acknowledgement", None), ("id", 5), ("date", "2026-01-01")]
)
def test_a_changed_reply_is_refused(member: str, value: object) -> None:
    message = json.loads(REPLY.to_bytes()) | {member: value}
    with pytest.raises(MalformedError):
        CarryReply.from_bytes(json.dumps(message).encode())


def test_a_file_beyond_the_limit_is_not_parsed() -> None:
    for read in (Carried.from_bytes, CarryReply.from_bytes):
        with pytest.raises(MalformedError, match="too long"):
            read(b" " * (SIZE_LIMIT + 1))


@given(st.binary())
def test_any_other_file_is_refused_in_one_way(raw: bytes) -> None:
    for read in (Carried.from_bytes, CarryReply.from_bytes):
        with pytest.raises(MalformedError):
            read(raw)


def test_a_carried_report_does_not_show_itself_in_words() -> None:
    assert CARRIED.report_id.hex() not in repr(CARRIED)
