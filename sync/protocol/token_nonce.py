"""Which 32 bytes may be a token's nonce: an Ed25519 public key that one person can hold.

For a point of small order, signatures exist that fit many messages without any private key;
of a point in two encodings, one token could look like two. The library decodes a key at its
first use and accepts both.
"""

from sync.protocol.errors import MalformedError

NONCE_LENGTH = 32
# RFC 8032, section 5.1: the field's prime and the curve's constant.
_PRIME = 2**255 - 19
_CURVE = -121_665 * pow(121_666, -1, _PRIME) % _PRIME
_SIGN_BIT = 1 << 255
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The y of all eight points whose order divides the cofactor 8: orders 4, 1, 2, and 8 twice.
_SMALL_ORDER = frozenset(
    (
        0,
        1,
        _PRIME - 1,
        _ORDER_8,
        _PRIME - _ORDER_8,
    )
)


def check_nonce(nonce: bytes) -> None:
    """Raises MalformedError unless it is the canonical encoding of a point of large order."""
    if len(nonce) != NONCE_LENGTH:
        raise MalformedError("a nonce has 32 bytes")
    y = int.from_bytes(nonce, "little") & ~_SIGN_BIT
    if y >= _PRIME:
        raise MalformedError("the nonce is not in its one encoding")
    if y in _SMALL_ORDER:
        raise MalformedError("the nonce is a point of small order")
    # On the curve, x^2 is (y^2 - 1) / (d y^2 + 1), which has to be a square; a product is
    # one whenever the quotient is, and Euler's criterion tells.
    square = (y * y - 1) * (_CURVE * y * y + 1) % _PRIME
    if pow(square, (_PRIME - 1) // 2, _PRIME) != 1:
        raise MalformedError("the nonce is not on the curve")
