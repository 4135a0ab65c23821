"""Twelve tokens for a quarter: blinded, kept, asked for, unblinded, and each verified.

The secrets are in the post before the request leaves, so that a lost answer is asked for
again with the very same batch. Of an answer that is not good in all its parts nothing is kept.
"""

from collections.abc import Iterable
from datetime import datetime

from app.domain.token import Account, AskedBatch, KeptToken
from app.use_cases.keep_safe import Post
from sync import token_times
from sync.issuer_talk import IssuerTalk
from sync.network_errors import NetworkError
from sync.protocol import token_batch
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import SEED_LENGTH, SigningKey
from sync.protocol.quarters import accepted_quarters, quarter_of, quarters_later
from sync.protocol.token import Token
from sync.protocol.token_batch import TOKENS_IN_BATCH
from sync.protocol.token_request import OwnToken, PendingToken, finalise, request_token

_LAST_QUARTER = "tokens/quarter"
_REFUSED = 403
_BAD_ANSWER = (
    "The issuer's answer does not fit its signed key. Nothing of it was kept. "
    "If it stays so, tell your agency."
)
_NO_TOKENS = (
    "The issuer gives this account no tokens for this quarter. After a restore from a backup "
    "that is so until the next quarter; otherwise ask for a new card."
)
_STRANGE = "The issuer did not answer; the tokens are asked for again later."


def write_own(token: OwnToken) -> bytes:
    """A token with its key, for the post and never for the wire."""
    return token.key.seed + token.token.to_bytes()


def read_own(raw: bytes) -> OwnToken:
    """Read it back. Raises MalformedError."""
    return OwnToken(Token.from_bytes(raw[SEED_LENGTH:]), SigningKey(raw[:SEED_LENGTH]))


def choose_key(keys: Iterable[IssuerKey], last: str, clock_utc: datetime) -> IssuerKey | None:
    """The newest key that signs now, of a quarter for which nothing was had; None for none.

    last: the quarter of the last batch, or empty.
    """
    wanted = {each for each in accepted_quarters(quarter_of(clock_utc)) if each > last}
    fitting = [key for key in keys if key.quarter in wanted]
    return max(fitting, key=lambda key: (key.quarter, key.name), default=None)


def last_quarter(post: Post) -> str:
    """The quarter of the newest batch, or empty before the first."""
    return post.setting(_LAST_QUARTER) or ""


def is_fetch_due(post: Post, now_utc: datetime) -> bool:
    """Whether the drawn moment has come."""
    return token_times.may_happen(post, token_times.FETCH, now_utc)


def fetch_tokens(
    talk: IssuerTalk, account: Account, keys: tuple[IssuerKey, ...], clock_utc: datetime
) -> str | None:
    """Ask for a batch, or again for the one that was not answered. clock_utc: the trusted time.

    Returns what stood in the way, in words, or an empty text; None if nobody was asked, since
    no key is there for a quarter without tokens.
    """
    batch = talk.purse.asked()
    key = _key_of(batch, keys) if batch is not None else None
    if key is None:
        talk.purse.drop_asked()  # under a key that is signed no more
        key = choose_key(keys, last_quarter(talk.post), clock_utc)
        if key is None:
            return None
        talk.purse.ask(_make_batch(key))
        batch = talk.purse.asked()
    if batch is None:
        return None
    talk.plan_fetch(token_times.after_failure(talk.now_utc, talk.chance))
    pending = [PendingToken.from_bytes(each.secret) for each in batch.tokens]
    requests = [each.request for each in pending]
    signed = token_batch.sign_batch(SigningKey(account.seed), key.tenant, requests)
    try:
        answer = talk.ask(token_batch.PATH, token_batch.REQUEST_MEDIA_TYPE, signed.to_bytes())
    except NetworkError as error:
        return error.sentence()
    if answer.status == _REFUSED:
        talk.purse.drop_asked()
        _end_quarter(talk, key.quarter, clock_utc)
        return _NO_TOKENS
    if answer.status != 200:
        return _STRANGE
    trouble = _take_answer(talk, key, pending, answer.body)
    if not trouble:
        _end_quarter(talk, key.quarter, clock_utc)
    return trouble


def _take_answer(
    talk: IssuerTalk, key: IssuerKey, pending: list[PendingToken], answer: bytes
) -> str:
    try:
        responses = token_batch.split_answers(answer)
        own = [finalise(each, of, key) for each, of in zip(pending, responses, strict=True)]
    except ProtocolError:
        return _BAD_ANSWER
    if talk.post.setting(token_times.FIRST_REPORT) is None:
        moment = token_times.after_first_batch(talk.now_utc, talk.chance)
        token_times.put_moment(talk.post, token_times.FIRST_REPORT, moment)
    secrets = {each.token.nonce: write_own(each) for each in own}
    talk.purse.fill(secrets, quarters_later(key.quarter, -1))
    return ""


def _make_batch(key: IssuerKey) -> AskedBatch:
    pending = [request_token(key) for _ in range(TOKENS_IN_BATCH)]
    tokens = tuple(KeptToken(each.key.public_bytes(), each.to_bytes()) for each in pending)
    return AskedBatch(key.quarter, tokens)


def _key_of(batch: AskedBatch, keys: Iterable[IssuerKey]) -> IssuerKey | None:
    """The signed key that the batch was made for."""
    try:
        wanted = {PendingToken.from_bytes(each.secret).token_key_id for each in batch.tokens}
    except MalformedError:
        return None
    for key in keys:
        if wanted == {key.token_key_id}:
            return key
    return None


def _end_quarter(talk: IssuerTalk, quarter: str, clock_utc: datetime) -> None:
    """Nothing more is asked of this quarter; the next window is drawn."""
    talk.post.put_setting(_LAST_QUARTER, quarter)
    if quarter < quarter_of(clock_utc):  # the present one is still open
        talk.plan_fetch(token_times.after_enrolment(talk.now_utc, talk.chance))
    else:
        talk.plan_fetch(token_times.in_next_window(quarter, talk.chance))
