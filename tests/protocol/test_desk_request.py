from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.desk_request import DeskProof, check_proof, prove
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from tests.golden import make_protocol as golden

KEY, FILE = golden.DESK, golden.DESK_FILE
NONCE = golden.NONCE
GOOD = prove(KEY, FILE, "POST", "/v1/desk/queue", b"body", NONCE)
_OTHER_TENANT = replace(FILE, tenant="f" * 32)
_OTHER_KEY = replace(FILE, public=SigningKey(bytes(32)).public_bytes())


def test_a_good_proof_is_accepted() -> None:
    check_proof(GOOD, FILE, "POST", "/v1/desk/queue", b"body")


@given(
    st.text("GETPOST", min_size=1),
    st.text(max_size=60),
    st.binary(),
    st.binary(min_size=16, max_size=16),
)
def test_any_request_is_proved_and_the_header_survives_the_trip(
    method: str, path: str, body: bytes, nonce: bytes
) -> None:
    proof = DeskProof.from_header(prove(KEY, FILE, method, path, body, nonce).to_header())
    check_proof(proof, FILE, method, path, body)
    assert proof.nonce == nonce


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/desk/queue", b"body"),
        ("post", "/v1/desk/queue", b"body"),
        ("POST", "/v1/desk/queue/", b"body"),
        ("POST", "/v1/desk/queue?x", b"body"),
        ("POST/", "v1/desk/queue", b"body"),
        ("POST", "/v1/desk/queue", b"body "),
        ("POST", "/v1/desk/queue", b""),
        ("P\u00d6ST", "/v1/desk/queue", b"body"),
        ("POST", "/v1/desk/\udcff", b"body"),
        ("POST", "/" + "x" * 70_000, b"body"),
    ],
)
def test_another_method_path_or_body_is_forged(method: str, path: str, body: bytes) -> None:
    with pytest.raises(ForgedError):
        check_proof(GOOD, FILE, method, path, body)


@pytest.mark.parametrize(
    ("proof", "file"),
    [
        (replace(GOOD, nonce=bytes(16)), FILE),
        (replace(GOOD, signature=bytes(64)), FILE),
        (replace(GOOD, key_id=bytes(8)), FILE),
        (GOOD, _OTHER_TENANT),
        (replace(GOOD, key_id=_OTHER_TENANT.key_id), _OTHER_TENANT),
        (replace(GOOD, key_id=_OTHER_KEY.key_id), _OTHER_KEY),
    ],
    ids=["nonce", "signature", "key id", "key file", "tenant", "key"],
)
def test_each_changed_part_is_forged(proof: DeskProof, file: PublicKeyFile) -> None:
    with pytest.raises(ForgedError):
        check_proof(proof, file, "POST", "/v1/desk/queue", b"body")


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.RESEARCH])
def test_a_key_for_another_purpose_never_proves_a_request(purpose: Purpose) -> None:
    file = replace(FILE, purpose=purpose)
    with pytest.raises(ForgedError, match="another key"):
        check_proof(prove(KEY, file, "GET", "/", b"", NONCE), file, "GET", "/", b"")


@given(st.text() | st.text("0123456789abcdefABCDEF. ", max_size=200))
def test_any_header_is_refused(value: str) -> None:
    with pytest.raises(MalformedError):
        DeskProof.from_header(value)


_HEADER = GOOD.to_header()


@pytest.mark.parametrize(
    "value",
    [_HEADER.upper(), _HEADER + " ", " " + _HEADER, _HEADER + ".", _HEADER[:-1], _HEADER + "\n"],
)
def test_a_header_in_another_writing_is_refused(value: str) -> None:
    with pytest.raises(MalformedError):
        DeskProof.from_header(value)


@given(st.integers(0, len(_HEADER) - 1), st.characters())
def test_any_other_character_in_the_header_is_refused(place: int, other: str) -> None:
    value = _HEADER[:place] + other + _HEADER[place + 1 :]
    if value == _HEADER:
        return
    with pytest.raises((MalformedError, ForgedError)):
        check_proof(DeskProof.from_header(value), FILE, "POST", "/v1/desk/queue", b"body")
