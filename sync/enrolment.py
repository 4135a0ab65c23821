"""A card becomes an account at the issuer, exactly once, whatever breaks on the way.

Key and card are in the post before the first byte leaves; the same question may be asked
again until it is answered. Which card it was is forgotten then, on both sides.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.token import Account
from app.errors import InputError
from app.use_cases.keep_safe import Purse
from sync import token_times
from sync.issuer_talk import IssuerTalk
from sync.network_errors import NetworkError
from sync.protocol import enrolment
from sync.protocol.card import Card
from sync.protocol.enrolment import Enrolment
from sync.protocol.errors import MalformedError
from sync.protocol.keys import SigningKey

_REFUSED = 403


class EnrolmentState(StrEnum):
    """What became of it. `WAITING`: nobody answered; it is asked again by itself."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """trouble: why it waits, in words, or empty."""

    state: EnrolmentState
    trouble: str = ""


def read_card(text: str) -> Card:
    """The card that a person typed. Raises InputError."""
    try:
        return Card.from_text(text)
    except MalformedError as error:
        raise InputError(
            f"This is not a card, or it was mistyped: {error}.",
            "Nothing was sent.",
            "Type the six groups as they are printed; a zero is read as the letter O.",
        ) from error


def begin_enrolment(purse: Purse, card: Card) -> None:
    """Keep the card with a key for the account. Raises InputError if one is enrolled already.

    A key that was made for another card is kept, since its question may have been answered.
    """
    account = purse.account()
    if account is not None and account.is_enrolled:
        raise InputError(
            "This vault is enrolled already.", "The card was not used.", "Give it to a colleague."
        )
    seed = account.seed if account is not None else SigningKey.generate().seed
    purse.keep_account(Account(seed, card.text))


def ask_to_enrol(talk: IssuerTalk) -> Enrolled:
    """Ask the issuer about the card that was kept. Nothing happens without one."""
    account = talk.purse.account()
    if account is None or account.card is None:
        return Enrolled(EnrolmentState.ENROLLED)
    key = SigningKey(account.seed)
    question = Enrolment(Card.from_text(account.card), key.public_bytes())
    try:
        answer = talk.ask(enrolment.PATH, enrolment.MEDIA_TYPE, question.to_bytes())
    except NetworkError as error:
        return Enrolled(EnrolmentState.WAITING, error.sentence())
    if answer.status == _REFUSED:
        return Enrolled(EnrolmentState.REFUSED)
    if answer.status != 200 or not _says_yes(answer.body, question.account):
        return Enrolled(EnrolmentState.WAITING, "The service did not answer the enrolment.")
    talk.purse.keep_account(Account(account.seed, None))
    talk.plan_fetch(token_times.after_enrolment(talk.now_utc, talk.chance))
    return Enrolled(EnrolmentState.ENROLLED)


def enrol(talk: IssuerTalk, card: Card) -> Enrolled:
    """Use a card now; one that is refused is forgotten. Raises InputError as `begin_enrolment`.

    Nobody answering is no failure of the card: it is kept, and asked again by every exchange.
    """
    begin_enrolment(talk.purse, card)
    found = ask_to_enrol(talk)
    if found.state is EnrolmentState.REFUSED:
        talk.purse.forget_account()
    return found


def _says_yes(raw: bytes, account: bytes) -> bool:
    try:
        enrolment.check_answer(raw, account)
    except MalformedError:
        return False
    return True
