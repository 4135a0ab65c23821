"""The issuer's private key: signing what it cannot read (RFC 9474, section 4.3).

A number is signed by way of the two primes, which is four times faster, and dangerous twice
over: the time it takes may tell of the key, and one wrong bit in one half gives away a prime
to whoever sees the result (Boneh, DeMillo and Lipton, 1997). So base and exponents are hidden
behind fresh random numbers, and nothing leaves before it has been checked with the public key.
"""

import importlib
import importlib.util
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sync.protocol.blind_rsa import EXPONENT, draw_factor, modulus_length

Power: TypeAlias = Callable[[int, int, int], int]

KEY_BITS = 2_048
# Added to each exponent as a multiple of its period; 64 bits are usual, twice that is cheap.
_EXPONENT_BLINDING_BITS = 128


class SigningError(Exception):
    """Not signed. The text is always the same, since a reason could tell of the key."""

    def __init__(self) -> None:
        super().__init__("the request was not signed")


@dataclass(frozen=True, slots=True)
class IssuerSigner:
    """A private RSA key with the exponent 65,537, by its two primes."""

    p: int
    q: int
    power: Power = pow

    def __repr__(self) -> str:
        return "IssuerSigner(secret)"

    @property
    def modulus(self) -> int:
        """The public half."""
        return self.p * self.q

    def blind_sign(self, blinded: bytes) -> bytes:
        """The signature of a blinded message, both as long as the modulus.

        Raises SigningError for a number out of range, and if anything went wrong on the way.
        """
        modulus = self.modulus
        length = modulus_length(modulus)
        number = int.from_bytes(blinded, "big")
        if len(blinded) != length or not 1 < number < modulus - 1:
            raise SigningError
        if math.gcd(number, modulus) != 1:
            raise SigningError
        factor = draw_factor(modulus)
        hidden = number * pow(factor, EXPONENT, modulus) % modulus
        signature = self._root(hidden) * pow(factor, -1, modulus) % modulus
        if pow(signature, EXPONENT, modulus) != number:
            raise SigningError
        return signature.to_bytes(length, "big")

    def _root(self, number: int) -> int:
        """The root by way of both primes (Garner's formula, RFC 8017, section 5.1.2)."""
        by_p, by_q = self._root_by(number, self.p), self._root_by(number, self.q)
        lift = (by_p - by_q) * pow(self.q, -1, self.p) % self.p
        return by_q + lift * self.q

    def _root_by(self, number: int, prime: int) -> int:
        exponent = pow(EXPONENT, -1, prime - 1)
        exponent += (secrets.randbits(_EXPONENT_BLINDING_BITS) + 1) * (prime - 1)
        return self.power(number % prime, exponent, prime)


def fastest_power() -> Power:
    """gmpy2's exponentiation, whose steps do not depend on the exponent; else Python's own."""
    if importlib.util.find_spec("gmpy2") is None:
        return pow
    powmod = importlib.import_module("gmpy2").powmod_sec

    def power(base: int, exponent: int, modulus: int) -> int:
        return int(powmod(base, exponent, modulus))

    return power


def generate_private_key() -> bytes:
    """A new key of 2,048 bits as PKCS#8 in DER, not encrypted: for a file of the issuer's own."""
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def load_signer(stored: bytes) -> IssuerSigner:
    """The signer of a stored key. Raises SigningError unless it is one that was generated here."""
    try:
        key = serialization.load_der_private_key(stored, password=None)
    except (ValueError, TypeError) as error:
        raise SigningError from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != KEY_BITS:
        raise SigningError
    numbers = key.private_numbers()
    if numbers.public_numbers.e != EXPONENT:
        raise SigningError
    return IssuerSigner(numbers.p, numbers.q, fastest_power())
