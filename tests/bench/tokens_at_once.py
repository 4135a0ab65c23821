"""Good tokens by the thousand, for measuring: signed with the private key, not asked for blindly.

The bytes are those that a client would get; only nobody was kept from seeing them.
"""

import hashlib
import secrets
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from service.accepted_keys import read_key_file
from service.folder import open_service
from sync.protocol.keys import SigningKey
from sync.protocol.token import Token, challenge_digest, token_input
from sync.protocol.token_proof import prove_possession

_SALT_LENGTH = 48


def token_headers(folder: Path, bodies: list[bytes]) -> Iterator[tuple[str, bytes, str, str]]:
    """Without end, for the service in this folder: id, body, Authorization, NearMiss-Proof."""
    tenant = open_service(folder).tenant
    (public,) = [read_key_file(path, tenant) for path in (folder / "issuer-keys").iterdir()]
    stored = (folder / "issuer" / f"{public.quarter}.key").read_bytes()
    private = serialization.load_der_private_key(stored, None)
    assert isinstance(private, RSAPrivateKey)
    padding = PSS(MGF1(hashes.SHA384()), _SALT_LENGTH)
    digest = challenge_digest(tenant)
    for body, body_hash in cycle([(each, hashlib.sha256(each).digest()) for each in bodies]):
        key, report_id = SigningKey.generate(), secrets.token_bytes(16)
        signed = token_input(key.public_bytes(), digest, public.token_key_id)
        signature = private.sign(signed, padding, hashes.SHA384())
        token = Token(key.public_bytes(), digest, public.token_key_id, signature)
        proof = prove_possession(key, tenant, report_id, body_hash)
        yield report_id.hex(), body, token.to_header(), proof.to_header()
