"""The list of weak points is made again here, by arithmetic on the curve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import MalformedError
from sync.protocol.keys import SigningKey
from sync.protocol.token_nonce import check_nonce

P = 2**255 - 19
D = -121_665 * pow(121_666, -1, P) % P
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """RFC 8032, section 5.1.4, in affine coordinates."""
    (x1, y1), (x2, y2) = a, b
    shared = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + shared, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - shared, -1, P)
    return x % P, y % P


def times(factor: int, point: Point) -> Point:
    result = NEUTRAL
    for bit in bin(factor)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def decode(raw: bytes) -> Point | None:
    """The point of an encoding, canonical or not; None if there is none."""
    number = int.from_bytes(raw, "little")
    y, sign = number % 2**255 % P, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (x if x % 2 == sign else -x % P), y


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


# The order of the subgroup that keys come from (RFC 8032, section 5.1).
ORDER = 2**252 + 27742317777372353535851937790883648493


def torsion() -> list[Point]:
    """The eight points whose order divides 8."""
    for y in range(2, 100):
        point = decode(y.to_bytes(32, "little"))
        if point is not None:
            root = times(ORDER, point)
            if times(4, root) != NEUTRAL:
                return [times(factor, root) for factor in range(8)]
    raise AssertionError


def test_all_eight_points_of_small_order_are_refused() -> None:
    points = torsion()
    assert len(set(points)) == 8
    assert all(times(8, point) == NEUTRAL for point in points)
    for point in points:
        with pytest.raises(MalformedError, match="small order"):
            check_nonce(encode(point))


def test_every_encoding_beyond_the_prime_is_refused() -> None:
    for sign in (0, 1 << 255):
        for y in range(P, 2**255):
            with pytest.raises(MalformedError, match="one encoding"):
                check_nonce((y | sign).to_bytes(32, "little"))


def test_the_neutral_point_with_a_sign_is_refused() -> None:
    for y in (1, P - 1):
        with pytest.raises(MalformedError, match="small order"):
            check_nonce((y | 1 << 255).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32))
def test_any_other_bytes_are_accepted_exactly_if_a_point_has_them(raw: bytes) -> None:
    point = decode(raw)
    good = point is not None and encode(point) == raw and times(8, point) != NEUTRAL
    try:
        check_nonce(raw)
    except MalformedError:
        assert not good
    else:
        assert good


@given(st.binary(min_size=32, max_size=32))
def test_the_public_half_of_any_key_is_accepted(seed: bytes) -> None:
    check_nonce(SigningKey(seed).public_bytes())


@given(st.binary(max_size=70).filter(lambda raw: len(raw) != 32))
def test_any_other_length_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError, match="32 bytes"):
        check_nonce(raw)
