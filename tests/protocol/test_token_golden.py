"""The stored messages are what is written today, and are still understood."""

from sync.protocol.issuer_key import IssuerKey
from sync.protocol.token import Token, verify_token
from sync.protocol.token_proof import TokenProof, verify_proof
from sync.protocol.token_request import PendingToken, TokenResponse, finalise
from tests.golden.make_protocol import TENANT
from tests.golden.make_tokens import BODY_HASH, FOLDER, REPORT_ID, make_files
from tests.protocol.issuers import QUARTER


def test_every_stored_message_is_what_is_written_today() -> None:
    assert {file.name: file.read_bytes() for file in FOLDER.iterdir()} == make_files()


def test_the_stored_messages_are_understood() -> None:
    issuer = IssuerKey.from_bytes(
        (FOLDER / "key-issuer.json").read_bytes(), tenant=TENANT, quarter=QUARTER
    )
    pending = PendingToken.from_bytes((FOLDER / "pending-token.json").read_bytes())
    assert (FOLDER / "token-request.hex").read_text() == pending.request.to_bytes().hex()
    answer = bytes.fromhex((FOLDER / "token-response.hex").read_text())
    token = Token.from_header((FOLDER / "authorization.txt").read_text())
    assert finalise(pending, TokenResponse.from_bytes(answer), issuer).token == token
    verify_token(token, {issuer.token_key_id: issuer}, TENANT)
    proof = TokenProof.from_header((FOLDER / "proof.txt").read_text())
    verify_proof(proof, token, TENANT, REPORT_ID, BODY_HASH)
