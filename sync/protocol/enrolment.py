"""How a card becomes an account without a name: an Ed25519 key that the program made.

The issuer keeps the public half and forgets the card, so that nothing leads from one to the
other. The same question may be asked again, and has the same answer.
"""

from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.card import Card
from sync.protocol.errors import MalformedError
from sync.protocol.keys import SEED_LENGTH

PATH = "/v1/issuer/accounts"
FORMAT = "nearmiss-enrolment-1"
ANSWER_FORMAT = "nearmiss-enrolled-1"
MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """account: 32 bytes, the public key that signs this account's batches."""

    card: Card
    account: bytes

    def to_bytes(self) -> bytes:
        """The question, always of the same length."""
        return canonical.encode(
            {
                "format": FORMAT,
                "card": self.card.text,
                "account": canonical.to_base64(self.account),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Enrolment":
        """Read it. Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "card", "account")
        card = Card.from_text(canonical.text_of(message, "card"))
        return cls(card, canonical.from_base64(message.get("account"), SEED_LENGTH))


def write_answer(account: bytes) -> bytes:
    """What the issuer says once the account is there: the account, so that no page fits."""
    return canonical.encode({"format": ANSWER_FORMAT, "account": canonical.to_base64(account)})


def check_answer(raw: bytes, account: bytes) -> None:
    """Raises MalformedError unless it says that this account is there."""
    message = canonical.decode(raw)
    canonical.expect_format(message, ANSWER_FORMAT)
    if message.get("account") != canonical.to_base64(account):
        raise MalformedError("an answer about another account")
