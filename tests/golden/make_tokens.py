"""Writes tests/golden/tokens anew: `python -m tests.golden.make_tokens`.

The issuer is the one of RFC 9578's vectors, and all that is drawn by chance otherwise is
invented and fixed, so a second run changes nothing.
"""

import hashlib
from pathlib import Path

from sync.protocol.blind_rsa import blind
from sync.protocol.keys import SigningKey
from sync.protocol.token import challenge_digest, token_input
from sync.protocol.token_proof import prove_possession
from sync.protocol.token_request import PendingToken, finalise
from tests.golden.make_protocol import TENANT
from tests.protocol.issuers import ISSUER, answer

FOLDER = Path(__file__).resolve().parent / "tokens"
KEY = SigningKey(hashlib.sha256(b"invented nonce key").digest())
SALT = hashlib.shake_256(b"invented salt").digest(48)
FACTOR = int.from_bytes(hashlib.shake_256(b"invented factor").digest(255), "big")
REPORT_ID = bytes(range(16))
BODY_HASH = hashlib.sha256(b"invented body").digest()


def make_files() -> dict[str, bytes]:
    """Every message that has to do with tokens, by file name."""
    signed = token_input(KEY.public_bytes(), challenge_digest(TENANT), ISSUER.token_key_id)
    blinded = blind(ISSUER.modulus, signed, SALT, FACTOR)
    pending = PendingToken(KEY, ISSUER.token_key_id, blinded.message, blinded.inverse)
    response = answer(pending)
    own = finalise(pending, response, ISSUER)
    proof = prove_possession(own.key, TENANT, REPORT_ID, BODY_HASH)
    return {
        "key-issuer.json": ISSUER.to_bytes(),
        "pending-token.json": pending.to_bytes(),
        "token-request.hex": pending.request.to_bytes().hex().encode(),
        "token-response.hex": response.to_bytes().hex().encode(),
        "authorization.txt": own.token.to_header().encode(),
        "proof.txt": proof.to_header().encode(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in make_files().items():
        (FOLDER / name).write_bytes(content)
