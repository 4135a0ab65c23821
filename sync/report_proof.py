"""The headers by which a report shows that a verified officer sent it, and no more."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.use_cases.keep_safe import Purse
from sync.protocol.issuer_key import MODULUS_LENGTH
from sync.protocol.quarters import accepted_quarters, quarter_of
from sync.protocol.token import FIELD_LENGTH, Token
from sync.protocol.token_proof import TokenProof, prove_possession
from sync.token_fetch import read_own


@dataclass(frozen=True, slots=True)
class ShownToken:
    """nonce: names it in the purse. authorization, proof: values of the two headers."""

    nonce: bytes
    authorization: str
    proof: str

    def __repr__(self) -> str:
        return "ShownToken(secret)"


def _make_stand_in() -> ShownToken:
    nothing = bytes(FIELD_LENGTH)
    token = Token(nothing, nothing, nothing, bytes(MODULUS_LENGTH))
    return ShownToken(nothing, token.to_header(), TokenProof(bytes(64)).to_header())


STAND_IN = _make_stand_in()
"""As long as a token and its proof, and worth nothing: for what is shown and not sent."""


@dataclass(frozen=True, slots=True)
class ReportProofs:
    """Draws tokens for the reports of an enrolled officer. clock_utc: the trusted time."""

    purse: Purse
    tenant: str
    clock_utc: datetime

    def draw(self, report_id: bytes, body: bytes) -> ShownToken | None:
        """A token bound to this report, None if there is none that counts now."""
        kept = self.purse.take(report_id, self._quarters())
        if kept is None:
            return None
        own = read_own(kept.secret)
        proof = prove_possession(own.key, self.tenant, report_id, hashlib.sha256(body).digest())
        return ShownToken(kept.nonce, own.token.to_header(), proof.to_header())

    def can_show(self, report_ids: Iterable[bytes]) -> bool:
        """Whether there is a token for one of these reports; without any, nobody is asked."""
        return self.purse.can_take(report_ids, self._quarters())

    def note_refusal(self, shown: ShownToken) -> None:
        """The service did not take it: the next one is for the same report."""
        self.purse.note_refusal(shown.nonce)

    def settle(self, waiting: Iterable[bytes]) -> None:
        """Empty the tokens of reports that wait no more."""
        self.purse.settle(waiting)

    def _quarters(self) -> frozenset[str]:
        return accepted_quarters(quarter_of(self.clock_utc))
