"""The issuer of the tests. Its key is the one of RFC 9578's vectors, known to everyone."""

import functools
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from service.issuer.signing import IssuerSigner, generate_private_key, load_signer
from sync.protocol.issuer_key import IssuerKey, read_modulus
from sync.protocol.token_request import PendingToken, TokenResponse
from tests.golden.make_protocol import TENANT

RFC = Path(__file__).resolve().parents[1] / "golden" / "rfc"
QUARTER = "2026-Q3"


def read_vectors(name: str) -> dict[str, Any]:
    """A file of vectors as JSON."""
    found: dict[str, Any] = json.loads((RFC / name).read_bytes())
    return found


RFC_9578 = read_vectors("rfc9578-b2.json")
ISSUER = IssuerKey(TENANT, QUARTER, read_modulus(bytes.fromhex(RFC_9578["pkS"])))


@functools.cache
def stored_private_key() -> bytes:
    """The private half of ISSUER as a service stores it."""
    key = load_pem_private_key(bytes.fromhex(RFC_9578["skS"]), password=None)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@functools.cache
def signer() -> IssuerSigner:
    """The signing half of ISSUER."""
    return load_signer(stored_private_key())


@functools.cache
def other_signer() -> IssuerSigner:
    """An issuer that nobody asked."""
    return load_signer(generate_private_key())


def answer(pending: PendingToken) -> TokenResponse:
    """What an honest issuer answers."""
    return TokenResponse(signer().blind_sign(pending.request.blinded))
