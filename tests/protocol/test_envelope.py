import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import canonical
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.errors import MalformedError
from tests.golden import make_protocol as golden
from tests.protocol.damage import any_form, assert_reads_or_refuses

REPLY = Reply(bytes(range(16)), golden.RESEARCH.public_bytes())
GOOD = Envelope("form", 1, {"year": 2026, "hazards": ["a", "b"]}, {"story": "A near miss."}, REPLY)
_CODE = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)


@given(
    st.text(max_size=9),
    st.integers(0, 2**53 - 1),
    st.dictionaries(st.text(max_size=9), _CODE | st.lists(_CODE, max_size=4), max_size=4),
    st.dictionaries(st.text(max_size=9), st.text(), max_size=4),
    st.none() | st.just(REPLY),
)
def test_any_report_survives_the_trip(
    form: str,
    version: int,
    codes: dict[str, canonical.Json],
    texts: dict[str, str],
    reply: Reply | None,
) -> None:
    envelope = Envelope(form, version, codes, texts, reply)
    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


@given(any_form(GOOD.to_bytes()))
def test_any_bytes_are_an_envelope_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(Envelope.from_bytes, raw)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", "nearmiss-report-2"),
        ("form", 1),
        ("form_version", -1),
        ("form_version", True),
        ("form_version", 2**60),
        ("codes", []),
        ("codes", None),
        ("texts", {"story": 1}),
        ("texts", {"story": None}),
        ("texts", {"story": "\ud800"}),
        ("reply", False),
        ("reply", ""),
        ("reply", {}),
        ("reply", {"mail_tag": "AA==", "public": "AA=="}),
        ("unknown", 1),
    ],
)
def test_a_bad_member_is_refused(member: str, value: object) -> None:
    message = json.loads(GOOD.to_bytes()) | {member: value}
    with pytest.raises(MalformedError):
        Envelope.from_bytes(json.dumps(message).encode())


@pytest.mark.parametrize(
    "reply",
    [
        replace(REPLY, mail_tag=bytes(15)),
        replace(REPLY, public=REPLY.public[:-1]),
        replace(REPLY, public=REPLY.public[:-32] + bytes(32)),
        replace(REPLY, public=b"\xff" * 1216),
    ],
    ids=["tag", "length", "low order", "no key"],
)
def test_a_reply_key_that_nothing_can_be_sealed_to_is_refused(reply: Reply) -> None:
    with pytest.raises(MalformedError):
        Envelope.from_bytes(replace(GOOD, reply=reply).to_bytes())


def test_what_is_printed_of_an_envelope_holds_no_answer() -> None:
    shown = f"{GOOD!r} {REPLY!r}"
    assert shown == "Envelope(form='form', form_version=1) Reply()"
