"""Tokens, the connection, and the small messages between program, service, issuer and desk."""

import functools
import hashlib
from collections.abc import Callable

from resources.read import read_bytes
from sync.connect import describe_connection, read_connection
from sync.protocol import canonical, enrolment
from sync.protocol.acknowledgement import Acknowledgement
from sync.protocol.card import Card
from sync.protocol.connection import Connection, ServiceCard
from sync.protocol.desk_request import DeskProof, check_proof
from sync.protocol.enrolment import Enrolment
from sync.protocol.errors import MalformedError
from sync.protocol.issuer_key import MODULUS_LENGTH, read_issuer_key
from sync.protocol.keys import PublicKeyFile, Purpose
from sync.protocol.officer_count import OfficerCount
from sync.protocol.token import Token, challenge_digest, verify_token
from sync.protocol.token_batch import TokenBatch, split_answers, verify_batch
from sync.protocol.token_proof import TokenProof, verify_proof
from sync.protocol.token_request import PendingToken, TokenRequest, TokenResponse, finalise
from sync.protocol.words import WordList
from tests.fuzz.examples import REPORT_ID, expect_same, golden
from tests.golden.make_protocol import DESK_FILE, TENANT
from tests.protocol.issuers import ISSUER

_KEYS = {ISSUER.token_key_id: ISSUER}
_DIGEST = hashlib.sha256(b"a body").digest()


@functools.cache
def words() -> WordList:
    """What stands for a root."""
    return WordList.from_bytes(read_bytes("wire/eff_long_words.txt"))


def text_of(raw: bytes) -> str:
    """As a server hands on a header's value (RFC 9110, section 5.5)."""
    return raw.decode("latin-1")


def read_token(raw: bytes) -> None:
    """Its bytes, as in a carried file."""
    found = Token.from_bytes(raw)
    expect_same(found, Token.from_bytes(found.to_bytes()))
    expect_same(found, Token.from_header(found.to_header()))
    verify_token(found, _KEYS, TENANT)


def read_token_header(raw: bytes) -> None:
    """The header of a request."""
    verify_token(Token.from_header(text_of(raw)), _KEYS, TENANT)


def verify_own_token(raw: bytes) -> None:
    """A token that names the right key and the right service, with any nonce and signature."""
    filled = raw[: 32 + MODULUS_LENGTH].ljust(32 + MODULUS_LENGTH, b"\0")
    token = Token(filled[:32], challenge_digest(TENANT), ISSUER.token_key_id, filled[32:])
    verify_token(token, _KEYS, TENANT)
    verify_proof(TokenProof(bytes(64)), token, TENANT, REPORT_ID, _DIGEST)


def read_proof(raw: bytes) -> None:
    """The other header, beside a token with any nonce."""
    proof = TokenProof.from_header(text_of(raw))
    expect_same(proof, TokenProof.from_header(proof.to_header()))
    nonce = raw[:32].ljust(32, b"\0")
    verify_proof(proof, Token(nonce, bytes(32), bytes(32), bytes(256)), TENANT, REPORT_ID, _DIGEST)


def finish_token(raw: bytes) -> None:
    """The issuer's answer, where the program waits for one."""
    (pending,) = golden("tokens/pending-token.json")
    finalise(PendingToken.from_bytes(pending), TokenResponse.from_bytes(raw), ISSUER)


def read_pending(raw: bytes) -> None:
    """What the post keeps."""
    found = PendingToken.from_bytes(raw)
    expect_same(found.to_bytes(), PendingToken.from_bytes(found.to_bytes()).to_bytes())


def read_batch(raw: bytes) -> None:
    """What the issuer is asked."""
    found = TokenBatch.from_bytes(raw)
    expect_same(found.to_bytes(), TokenBatch.from_bytes(found.to_bytes()).to_bytes())
    verify_batch(found, TENANT)


TOKEN: tuple[Callable[[bytes], object], ...] = (
    read_token,
    read_token_header,
    verify_own_token,
    read_proof,
    TokenRequest.from_bytes,
    finish_token,
    read_pending,
    read_batch,
    split_answers,
)


def token_seeds() -> list[bytes]:
    """Each form of a token, and what becomes one."""
    header, proof = golden("tokens/authorization.txt", "tokens/proof.txt")
    token = Token.from_header(text_of(header))
    names = ("tokens/token-request.hex", "tokens/token-response.hex", "tokens/pending-token.json")
    more = golden(*names, "issuing/token-batch.hex", "issuing/token-answers.hex")
    return [token.to_bytes(), header, proof, token.nonce + token.authenticator, *more]


def read_connection_file(raw: bytes) -> None:
    """A file that somebody handed over, as far as the question whether to trust it."""
    found = read_connection(raw)
    expect_same(found, Connection.from_bytes(found.to_bytes()))
    describe_connection(found, words())


def read_service_card(raw: bytes) -> None:
    """What a desk is given."""
    found = ServiceCard.from_bytes(raw)
    expect_same(found, ServiceCard.from_bytes(found.to_bytes()))


CONNECTION: tuple[Callable[[bytes], object], ...] = (read_connection_file, read_service_card)


def read_public_key(raw: bytes) -> None:
    """A key, for the purpose that it names."""
    named = canonical.decode(raw).get("purpose")
    if named not in tuple(Purpose):
        raise MalformedError("for no purpose")
    purpose = Purpose(named)
    found = PublicKeyFile.from_bytes(raw, tenant=TENANT, purpose=purpose)
    written = found.to_bytes()
    expect_same(found, PublicKeyFile.from_bytes(written, tenant=TENANT, purpose=purpose))


def read_issuer_file(raw: bytes) -> None:
    """The issuer's key."""
    found = read_issuer_key(raw, TENANT)
    expect_same(found, read_issuer_key(found.to_bytes(), TENANT))


def read_officers(raw: bytes) -> None:
    """How many there are."""
    found = OfficerCount.from_bytes(raw, tenant=TENANT)
    expect_same(found, OfficerCount.from_bytes(found.to_bytes(), tenant=TENANT))


def read_enrolment(raw: bytes) -> None:
    """What the issuer is told once."""
    found = Enrolment.from_bytes(raw)
    expect_same(found.to_bytes(), Enrolment.from_bytes(found.to_bytes()).to_bytes())


def read_enrolled(raw: bytes) -> None:
    """What it answers."""
    enrolment.check_answer(raw, bytes(32))


def read_acknowledgement(raw: bytes) -> None:
    """What intake answers."""
    found = Acknowledgement.from_bytes(raw)
    expect_same(found, Acknowledgement.from_bytes(found.to_bytes()))


def read_card(raw: bytes) -> None:
    """What a person types."""
    found = Card.from_text(raw.decode("utf-8", "replace"))
    expect_same(found, Card.from_text(found.grouped()))


def read_desk_proof(raw: bytes) -> None:
    """What a desk shows."""
    found = DeskProof.from_header(text_of(raw))
    expect_same(found, DeskProof.from_header(found.to_header()))
    check_proof(found, DESK_FILE, "GET", "/", b"")


MESSAGES: tuple[Callable[[bytes], object], ...] = (
    read_public_key,
    read_issuer_file,
    read_officers,
    read_enrolment,
    read_enrolled,
    read_acknowledgement,
    read_card,
    read_desk_proof,
)


def message_seeds() -> list[bytes]:
    """One of each."""
    keys = [f"protocol/key-{purpose}.json" for purpose in Purpose]
    small = ["issuing/officers.json", "issuing/enrolment.json", "issuing/enrolled.json"]
    more = golden(*keys, *small, "tokens/key-issuer.json", "protocol/acknowledgement.json")
    return [*more, b"INVE-NTED-CARD-TOSH-OWIT-22KK", f"{'0' * 16}.{'0' * 32}.{'0' * 128}".encode()]
