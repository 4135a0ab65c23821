"""Keys and tokens of some quarters, made once: as an issuer gives them, without its hours."""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from service.issuer.signing import IssuerSigner, generate_private_key, load_signer
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.quarters import quarter_of, quarter_start, quarters_later
from sync.protocol.token_request import OwnToken, TokenResponse, finalise, request_token

START = datetime(2026, 7, 10, 12, tzinfo=UTC)
LAST_QUARTER = 3
"""The one that is kept for the end, when all that waits has to arrive."""
_TOKENS, _LAST_TOKENS = 4, 16


def quarter_name(number: int) -> str:
    """Such as "2026-Q4"; they are counted from the one in which it all begins."""
    return quarters_later(quarter_of(START), number)


def true_time(number: int) -> datetime:
    """Some days into the quarter: what was last signed."""
    return quarter_start(quarter_name(number)) + timedelta(days=9)


@functools.cache
def issuer(number: int, tenant: str) -> tuple[IssuerKey, IssuerSigner]:
    """Of the quarter with this number."""
    signer = load_signer(generate_private_key())
    return IssuerKey(tenant, quarter_name(number), signer.modulus), signer


@functools.cache
def batch(number: int, tenant: str) -> Sequence[OwnToken]:
    """The tokens of a quarter: unused at the beginning of each example."""
    key, signer = issuer(number, tenant)
    count = _LAST_TOKENS if number == LAST_QUARTER else _TOKENS
    pending = [request_token(key) for _ in range(count)]
    answers = [TokenResponse(signer.blind_sign(each.request.blinded)) for each in pending]
    return [finalise(one, other, key) for one, other in zip(pending, answers, strict=True)]
