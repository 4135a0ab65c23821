"""The stored body opens by the drafts' own steps, done here apart from the library's HPKE.

That pins the suite: draft-ietf-hpke-pq (MLKEM768-X25519, KEM 0x647a; SHAKE256, KDF 0x0011) and
draft-ietf-hpke-hpke (one-stage key schedule, base mode), AEAD 0x0003 of RFC 9180. An upgrade
of the library that followed another draft would fail here before a report became unreadable.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sync.protocol.receipt import Receipt
from tests.golden import make_protocol as golden

_SUITE = b"HPKE" + bytes.fromhex("647a 0011 0003")
_HEADER, _MLKEM, _X25519 = 44, 1_088, 32


def prefixed(part: bytes) -> bytes:
    return len(part).to_bytes(2, "big") + part


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    share = enc[_MLKEM:]
    private = X25519PrivateKey.from_private_bytes(seed[64:])
    return hashlib.sha3_256(
        MLKEM768PrivateKey.from_seed_bytes(seed[:64]).decapsulate(enc[:_MLKEM])
        + private.exchange(X25519PublicKey.from_public_bytes(share))
        + share
        + private.public_key().public_bytes_raw()
        + rb"\.//^"
        + b"\\"
    ).digest()


def derive_key_and_nonce(secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    length = 32 + 12 + 64
    derived = hashlib.shake_256(
        prefixed(b"")
        + prefixed(secret)
        + b"HPKE-v1"
        + _SUITE
        + prefixed(b"secret")
        + length.to_bytes(2, "big")
        + b"\0"
        + prefixed(b"")
        + prefixed(info)
    ).digest(length)
    return derived[:32], derived[32:44]


def test_the_stored_body_opens_by_the_steps_of_the_drafts(
    receipt: Receipt, stored_body: bytes
) -> None:
    enc_end = _HEADER + _MLKEM + _X25519
    info = b"".join(
        prefixed(part)
        for part in (
            b"application/vnd.nearmiss.sealed-report.v1",
            golden.TENANT.encode(),
            b"report",
            stored_body[4:12],
            receipt.report_id,
            stored_body[12:_HEADER],
        )
    )
    secret = decapsulate(golden.RESEARCH.seed, stored_body[_HEADER:enc_end])
    key, nonce = derive_key_and_nonce(secret, info)
    padded = ChaCha20Poly1305(key).decrypt(nonce, stored_body[enc_end:], b"")
    content = golden.make_envelope(receipt).to_bytes()
    assert padded == (len(content).to_bytes(4, "big") + content).ljust(64_356, b"\0")
