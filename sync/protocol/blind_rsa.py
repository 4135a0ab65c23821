"""The half of blind RSA that needs no private key (RFC 9474, sections 4.1, 4.2 and 4.4).

The variant is RSABSSA-SHA384-PSS-Deterministic: the message is signed as it is, with a salt
of 48 bytes. That is safe here because every message holds a nonce that nobody can guess. The
exponent is always 65,537.
"""

import hashlib
import math
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from sync.protocol.errors import ForgedError, MalformedError

EXPONENT = 65_537
SALT_LENGTH = 48
_HASH_LENGTH = 48
_TRAILER = b"\xbc"


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the issuer is shown, and the secret number that undoes the blinding."""

    message: bytes
    inverse: int

    def __repr__(self) -> str:
        return "Blinded(secret)"


def modulus_length(modulus: int) -> int:
    """Bytes of every number that belongs to this modulus."""
    return (modulus.bit_length() + 7) // 8


def draw_factor(modulus: int) -> int:
    """A blinding factor: from 1 to modulus - 1 by chance, all equally likely, invertible."""
    while True:
        factor = secrets.randbelow(modulus - 1) + 1
        if math.gcd(factor, modulus) == 1:
            return factor


def blind(modulus: int, message: bytes, salt: bytes, factor: int) -> Blinded:
    """Encode the message with the salt and hide it behind the factor.

    Raises MalformedError if modulus and message or factor share a divisor, as no modulus of
    an honest issuer ever will.
    """
    encoded = encode_pss(message, salt, modulus.bit_length() - 1)
    number = int.from_bytes(encoded, "big")
    if math.gcd(number, modulus) != 1 or math.gcd(factor, modulus) != 1:
        raise MalformedError("the issuer's modulus has a divisor that it must not have")
    blinded = number * pow(factor, EXPONENT, modulus) % modulus
    return Blinded(blinded.to_bytes(modulus_length(modulus), "big"), pow(factor, -1, modulus))


def unblind(modulus: int, blind_signature: bytes, inverse: int) -> bytes:
    """The signature under the blind one. Raises MalformedError for one out of range.

    Whether it signs anything is seen in verify_pss only.
    """
    length = modulus_length(modulus)
    number = int.from_bytes(blind_signature, "big")
    if len(blind_signature) != length or not 0 < number < modulus:
        raise MalformedError("the blind signature is out of range")
    return (number * inverse % modulus).to_bytes(length, "big")


def verify_pss(
    modulus: int, message: bytes, signature: bytes, salt_length: int = SALT_LENGTH
) -> None:
    """Raises ForgedError unless it is the key's signature, by the library's own judgement."""
    padding = PSS(MGF1(hashes.SHA384()), salt_length)
    try:
        key = RSAPublicNumbers(EXPONENT, modulus).public_key()
        key.verify(signature, message, padding, hashes.SHA384())
    except (InvalidSignature, ValueError) as error:
        raise ForgedError("the token's signature does not fit") from error


def encode_pss(message: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, with SHA-384 and MGF1 of SHA-384.

    bits: one less than the modulus has. Raises ValueError if that is too few.
    """
    length = (bits + 7) // 8
    if length < _HASH_LENGTH + len(salt) + 2:
        raise ValueError("the modulus is too small for this encoding")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = b"\x01" + salt
    block = block.rjust(length - _HASH_LENGTH - 1, b"\0")
    mask = _mask(digest, len(block))
    masked = int.from_bytes(block, "big") ^ int.from_bytes(mask, "big")
    masked &= (1 << (bits - 8 * (_HASH_LENGTH + 1))) - 1
    return masked.to_bytes(len(block), "big") + digest + _TRAILER


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 of RFC 8017, appendix B.2.1."""
    blocks = range(-(-length // _HASH_LENGTH))
    mask = b"".join(hashlib.sha384(seed + i.to_bytes(4, "big")).digest() for i in blocks)
    return mask[:length]
