"""The issuer's public key, one for all agencies, for one quarter.

A key for each agency would print the agency on every report, so the key travels as a signed
target like the other keys, and names its tenant, purpose and quarter inside the signed bytes.
"""

import hashlib
import math
from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.blind_rsa import EXPONENT
from sync.protocol.errors import MalformedError
from sync.protocol.keys import TENANT_LENGTH
from sync.protocol.quarters import is_quarter

FORMAT = "nearmiss-issuer-key-1"
PURPOSE = "issuer"
MODULUS_LENGTH = 256
_MEMBERS = ("format", "tenant", "purpose", "quarter", "public")
# RFC 9578, section 6.5: a SubjectPublicKeyInfo with id-RSASSA-PSS, SHA-384, MGF1 of SHA-384
# and a salt of 48 bytes. With 2,048 bits and the exponent 65,537 all but the modulus is
# fixed, so that comparing bytes replaces a parser and there is one encoding of each key.
_BEFORE_MODULUS = bytes.fromhex(
    "30820152"  # SubjectPublicKeyInfo
    "303d06092a864886f70d01010a"  # id-RSASSA-PSS
    "3030a00d300b0609608648016503040202"  # hashAlgorithm: SHA-384
    "a11a301806092a864886f70d010108300b0609608648016503040202"  # MGF1 of SHA-384
    "a203020130"  # saltLength: 48
    "0382010f003082010a0282010100"  # the bits of RSAPublicKey, up to the modulus
)
_AFTER_MODULUS = bytes.fromhex("0203") + EXPONENT.to_bytes(3, "big")
_SMALL_LIMIT = 1_000
_SMALL_PRODUCT = math.prod(range(3, _SMALL_LIMIT, 2))


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """The public key of one tenant's issuer for one quarter.

    tenant: 32 hexadecimal digits. quarter: "YYYY-Qn". modulus: 2,048 bits.
    """

    tenant: str
    quarter: str
    modulus: int

    @property
    def public(self) -> bytes:
        """The key as RFC 9578, section 6.5, writes it: 342 bytes of DER."""
        modulus = self.modulus.to_bytes(MODULUS_LENGTH, "big")
        return _BEFORE_MODULUS + modulus + _AFTER_MODULUS

    @property
    def token_key_id(self) -> bytes:
        """32 bytes that name the key in every token: SHA-256 of `public`."""
        return hashlib.sha256(self.public).digest()

    @property
    def name(self) -> str:
        """File name under `keys/`."""
        return f"{PURPOSE}-{self.token_key_id[:8].hex()}.json"

    def to_bytes(self) -> bytes:
        """The signed bytes."""
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "purpose": PURPOSE,
                "quarter": self.quarter,
                "public": canonical.to_base64(self.public),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes, *, tenant: str, quarter: str) -> "IssuerKey":
        """Read this tenant's key for this quarter (some 20 ms). Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, *_MEMBERS)
        canonical.from_hex(message.get("tenant"), TENANT_LENGTH)
        if message.get("tenant") != tenant:
            raise MalformedError("the key belongs to another tenant")
        if message.get("purpose") != PURPOSE:
            raise MalformedError("the key is for another purpose")
        found = canonical.text_of(message, "quarter")
        if not is_quarter(found):
            raise MalformedError("'quarter' is not a quarter")
        if found != quarter:
            raise MalformedError("the key is for another quarter")
        return cls(tenant, quarter, read_modulus(canonical.from_base64(message.get("public"))))


def read_issuer_key(raw: bytes, tenant: str) -> IssuerKey:
    """This tenant's key, for whatever quarter it names itself. Raises MalformedError."""
    quarter = canonical.text_of(canonical.decode(raw), "quarter")
    return IssuerKey.from_bytes(raw, tenant=tenant, quarter=quarter)


def read_modulus(public: bytes) -> int:
    """The modulus in the 342 bytes of a key. Raises MalformedError for any other key.

    That it has exactly two prime factors cannot be seen from outside; what can be seen is
    refused: a prime, a square, a small divisor, another size or another exponent.
    """
    start, end = len(_BEFORE_MODULUS), len(_BEFORE_MODULUS) + MODULUS_LENGTH
    if public[:start] != _BEFORE_MODULUS or public[end:] != _AFTER_MODULUS:
        raise MalformedError("not an issuer key of 2,048 bits with the exponent 65,537")
    modulus = int.from_bytes(public[start:end], "big")
    if modulus.bit_length() != 8 * MODULUS_LENGTH:
        raise MalformedError("the issuer's modulus has not 2,048 bits")
    if modulus % 2 == 0 or math.gcd(modulus, _SMALL_PRODUCT) != 1:
        raise MalformedError("the issuer's modulus has a small divisor")
    if math.isqrt(modulus) ** 2 == modulus:
        raise MalformedError("the issuer's modulus is a square")
    if pow(2, modulus - 1, modulus) == 1:  # Fermat: a prime always gives 1
        raise MalformedError("the issuer's modulus is a prime")
    return modulus
