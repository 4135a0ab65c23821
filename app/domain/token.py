"""The states of a token at the officer's program.

    asked → ready → shown → spent

A token that was shown with one report is never shown with another: that would link the two.
"""

from dataclasses import dataclass
from enum import StrEnum


class TokenState(StrEnum):
    """Where a token is. `asked`: the issuer's answer is awaited."""

    ASKED = "asked"
    READY = "ready"
    SHOWN = "shown"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Account:
    """seed: of the key that signs the account's batches. card: until the issuer has said yes."""

    seed: bytes
    card: str | None

    def __repr__(self) -> str:
        return f"Account({'asked for' if self.card else 'enrolled'})"

    @property
    def is_enrolled(self) -> bool:
        """Whether the issuer knows it."""
        return self.card is None


@dataclass(frozen=True, slots=True)
class KeptToken:
    """nonce: names it. secret: what the state needs: the request, or the token with its key."""

    nonce: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "KeptToken(secret)"


@dataclass(frozen=True, slots=True)
class AskedBatch:
    """Tokens that were asked for together, in the order in which they were."""

    quarter: str
    tokens: tuple[KeptToken, ...]


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """left: that can be used. total: that were had in the quarters that still count."""

    left: int
    total: int
