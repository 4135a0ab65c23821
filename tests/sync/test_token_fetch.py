"""What a program makes of an issuer's answers: honest, lost, hostile; and when it asks."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.token import Account, TokenCounts
from app.store.post import Post
from app.store.purse import Purse
from sync import issuer_talk, token_times
from sync.client import HttpAnswer, NetworkError
from sync.enrolment import Enrolled, EnrolmentState, ask_to_enrol, begin_enrolment, read_card
from sync.issuer_talk import IssuerTalk
from sync.network import Network
from sync.protocol import enrolment, token_batch
from sync.protocol.card import Card
from sync.protocol.enrolment import Enrolment
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import SigningKey
from sync.protocol.token import verify_token
from sync.protocol.token_batch import TokenBatch, join_answers, verify_batch
from sync.protocol.token_request import TokenResponse, request_token
from sync.token_fetch import choose_key, fetch_tokens, read_own
from tests.golden.make_protocol import TENANT
from tests.protocol.issuers import ISSUER, QUARTER, other_signer, signer
from tests.sync.test_client import RawServer

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
ACCOUNT = Account(b"s" * 32, None)
QUARTERS = {QUARTER}
Reply = Callable[[bytes], HttpAnswer]


class Wire:
    """What is asked over the network, and the answers that the test chooses."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.reply: Reply = honest

    def ask(
        self, method: str, url: str, _network: Network, headers: Mapping[str, str], body: bytes
    ) -> HttpAnswer:
        self.asked.append((method, url, dict(headers), body))
        return self.reply(body)


def _sign(body: bytes) -> list[TokenResponse]:
    batch = TokenBatch.from_bytes(body)
    verify_batch(batch, TENANT)
    return [TokenResponse(signer().blind_sign(each.blinded)) for each in batch.requests]


def honest(body: bytes) -> HttpAnswer:
    return HttpAnswer(200, join_answers(_sign(body)), None)


def silent(_body: bytes) -> HttpAnswer:
    raise NetworkError("Nobody answers.")


def with_another_key(body: bytes) -> HttpAnswer:
    """One signature of it, repeated."""
    asked = int.from_bytes(TokenBatch.from_bytes(body).requests[0].blinded, "big")
    fitting = (asked % other_signer().modulus).to_bytes(256, "big")
    return HttpAnswer(
        200, join_answers([TokenResponse(other_signer().blind_sign(fitting))] * 12), None
    )


def with_the_key_of_another_quarter(body: bytes) -> HttpAnswer:
    """All twelve, each properly signed: only the key is not the one that was asked for."""
    other = other_signer()
    asked = [int.from_bytes(each.blinded, "big") for each in TokenBatch.from_bytes(body).requests]
    fitting = [(number % other.modulus).to_bytes(256, "big") for number in asked]
    signed = [TokenResponse(other.blind_sign(each)) for each in fitting]
    return HttpAnswer(200, join_answers(signed), None)


def with_the_signatures_of_an_earlier_batch(_body: bytes) -> HttpAnswer:
    earlier = [request_token(ISSUER).request for _ in range(12)]
    signed = [TokenResponse(signer().blind_sign(each.blinded)) for each in earlier]
    return HttpAnswer(200, join_answers(signed), None)


def with_a_true_root_of_another_exponent(body: bytes) -> HttpAnswer:
    """As an issuer would that has changed its key's exponent and kept the modulus."""
    own = signer()
    root = pow(65_539, -1, (own.p - 1) * (own.q - 1))
    requests = TokenBatch.from_bytes(body).requests
    numbers = [pow(int.from_bytes(each.blinded, "big"), root, own.modulus) for each in requests]
    responses = [TokenResponse(number.to_bytes(256, "big")) for number in numbers]
    return HttpAnswer(200, join_answers(responses), None)


def with_one_bad_among_twelve(body: bytes) -> HttpAnswer:
    """So as to know a program by the one token that it cannot use."""
    found = _sign(body)
    return HttpAnswer(200, join_answers([*found[:11], TokenResponse(bytes(256))]), None)


def with_one_signature_repeated(body: bytes) -> HttpAnswer:
    return HttpAnswer(200, join_answers(_sign(body)[:1] * 12), None)


def with_two_exchanged(body: bytes) -> HttpAnswer:
    found = _sign(body)
    return HttpAnswer(200, join_answers([found[1], found[0], *found[2:]]), None)


def with_another_exponent(body: bytes) -> HttpAnswer:
    # A signature for the exponent 3 is a root that the exponent 65,537 does not undo.
    requests = TokenBatch.from_bytes(body).requests
    numbers = [pow(int.from_bytes(each.blinded, "big"), 3, ISSUER.modulus) for each in requests]
    responses = [TokenResponse(number.to_bytes(256, "big")) for number in numbers]
    return HttpAnswer(200, join_answers(responses), None)


def with_the_question(body: bytes) -> HttpAnswer:
    requests = TokenBatch.from_bytes(body).requests
    return HttpAnswer(200, join_answers([TokenResponse(each.blinded) for each in requests]), None)


def with_a_page(_body: bytes) -> HttpAnswer:
    return HttpAnswer(200, b"<html>Please sign in</html>", None)


HOSTILE = [
    with_another_key,
    with_one_signature_repeated,
    with_two_exchanged,
    with_another_exponent,
    with_the_question,
    with_a_page,
    with_the_key_of_another_quarter,
    with_the_signatures_of_an_earlier_batch,
    with_a_true_root_of_another_exponent,
    with_one_bad_among_twelve,
]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    found = Wire()
    monkeypatch.setattr(issuer_talk, "ask", found.ask)
    return found


@pytest.fixture
def talk(tmp_path: Path, wire: Wire) -> Iterator[IssuerTalk]:
    with Post.open_or_create(tmp_path / "vault") as post:
        purse = Purse(post, TENANT, tmp_path / "counter")
        yield IssuerTalk(post, purse, "http://127.0.0.1:9", Network(), NOW, random.Random(3))


def _fetch(talk: IssuerTalk, now: datetime = NOW) -> str | None:
    return fetch_tokens(talk, ACCOUNT, (ISSUER,), now)


def test_an_honest_answer_gives_twelve_good_tokens(talk: IssuerTalk, wire: Wire) -> None:
    assert _fetch(talk) == ""
    assert talk.purse.counts(QUARTERS) == TokenCounts(12, 12)
    kept = talk.purse.take(bytes(16), QUARTERS)
    assert kept is not None
    own = read_own(kept.secret)
    assert own.token.nonce == kept.nonce == own.key.public_bytes()
    verify_token(own.token, {ISSUER.token_key_id: ISSUER}, TENANT)
    ((method, url, headers, body),) = wire.asked
    assert (method, url) == ("POST", "http://127.0.0.1:9/v1/issuer/tokens")
    assert headers == {"Content-Type": token_batch.REQUEST_MEDIA_TYPE}
    assert len(body) == token_batch.BATCH_LENGTH
    assert own.token.nonce not in body
    assert _fetch(talk) is None  # not twice for a quarter
    assert len(wire.asked) == 1


def test_a_lost_answer_is_asked_for_with_the_very_same_batch(talk: IssuerTalk, wire: Wire) -> None:
    wire.reply = silent
    assert _fetch(talk)
    assert talk.purse.counts(QUARTERS) == TokenCounts(0, 0)
    wire.reply = honest
    assert _fetch(talk) == ""
    first, second = (body for _, _, _, body in wire.asked)
    assert first == second


@pytest.mark.parametrize("reply", HOSTILE, ids=lambda reply: reply.__name__)
def test_of_a_hostile_answer_nothing_is_kept_and_an_honest_one_still_counts(
    talk: IssuerTalk, wire: Wire, reply: Reply
) -> None:
    wire.reply = reply
    told = str(_fetch(talk))
    assert "does not fit its signed key. Nothing of it was kept" in told
    assert "tell your agency" in told
    assert talk.purse.counts(QUARTERS) == TokenCounts(0, 0)
    assert talk.purse.take(bytes(16), QUARTERS) is None
    wire.reply = honest
    assert _fetch(talk) == ""
    assert talk.purse.counts(QUARTERS) == TokenCounts(12, 12)


def test_the_key_of_another_quarter_is_not_asked(talk: IssuerTalk, wire: Wire) -> None:
    for quarter in ("2026-Q1", "2026-Q4"):
        key = IssuerKey(TENANT, quarter, ISSUER.modulus)
        assert fetch_tokens(talk, ACCOUNT, (key,), NOW) is None
    assert wire.asked == []


def test_a_batch_under_a_key_that_is_signed_no_more_is_made_anew(
    talk: IssuerTalk, wire: Wire
) -> None:
    wire.reply = silent
    other = IssuerKey(TENANT, QUARTER, other_signer().modulus)
    fetch_tokens(talk, ACCOUNT, (other,), NOW)
    wire.reply = honest
    assert _fetch(talk) == ""
    assert wire.asked[0][3] != wire.asked[1][3]


def test_a_refused_quarter_is_not_asked_again(talk: IssuerTalk, wire: Wire) -> None:
    wire.reply = lambda _body: HttpAnswer(403, b"{}", None)
    assert "no tokens" in str(_fetch(talk))
    assert talk.purse.asked() is None
    assert _fetch(talk) is None
    assert len(wire.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 413, 429, 500, 503])
def test_any_other_answer_means_later(talk: IssuerTalk, wire: Wire, status: int) -> None:
    wire.reply = lambda _body: HttpAnswer(status, b"", None)
    assert _fetch(talk)
    batch = talk.purse.asked()
    assert batch is not None
    moment = token_times.moment_of(talk.post, token_times.FETCH, NOW)
    assert moment is not None
    assert timedelta(hours=3, minutes=59) <= moment - NOW <= timedelta(hours=12)


def test_the_next_window_the_first_report_and_intake_wait_their_time(
    talk: IssuerTalk, wire: Wire
) -> None:
    _fetch(talk)
    fetch, first, intake = (
        token_times.moment_of(talk.post, name, NOW)
        for name in (token_times.FETCH, token_times.FIRST_REPORT, token_times.INTAKE)
    )
    assert fetch is not None
    assert first is not None
    assert intake is not None
    assert datetime(2026, 10, 1, tzinfo=UTC) <= fetch <= datetime(2026, 10, 29, tzinfo=UTC)
    assert timedelta(days=3) - timedelta(minutes=1) <= first - NOW <= timedelta(days=31)
    assert timedelta(minutes=59) <= intake - NOW <= timedelta(hours=3)


def test_a_moment_that_only_a_wrong_clock_can_give_counts_as_none(talk: IssuerTalk) -> None:
    token_times.put_moment(talk.post, token_times.INTAKE, NOW + timedelta(days=900))
    assert token_times.may_happen(talk.post, token_times.INTAKE, NOW)


def test_the_newest_fitting_key_is_chosen() -> None:
    keys = [IssuerKey(TENANT, quarter, 3) for quarter in ("2026-Q1", "2026-Q2", "2026-Q3")]
    assert choose_key(keys, "", NOW) == keys[2]
    assert choose_key(keys, "2026-Q3", NOW) is None
    assert choose_key(keys[:2], "", NOW) == keys[1]
    assert choose_key(keys[:2], "2026-Q2", NOW) is None
    assert choose_key(keys, "", NOW.replace(year=2031)) is None


def _enrolled(body: bytes) -> HttpAnswer:
    return HttpAnswer(200, enrolment.write_answer(Enrolment.from_bytes(body).account), None)


def test_a_card_makes_an_account_and_is_forgotten(talk: IssuerTalk, wire: Wire) -> None:
    card = Card.generate()
    begin_enrolment(talk.purse, card)
    wire.reply = _enrolled
    assert ask_to_enrol(talk) == Enrolled(EnrolmentState.ENROLLED)
    account = talk.purse.account()
    assert account is not None
    assert account.is_enrolled
    assert account.card is None
    ((_, _, _, body),) = wire.asked
    asked = Enrolment.from_bytes(body)
    assert asked == Enrolment(card, SigningKey(account.seed).public_bytes())
    assert ask_to_enrol(talk).state is EnrolmentState.ENROLLED
    assert len(wire.asked) == 1


@pytest.mark.parametrize("reply", [silent, with_a_page, lambda _body: HttpAnswer(503, b"", 30)])
def test_without_a_yes_the_same_question_is_asked_again(
    talk: IssuerTalk, wire: Wire, reply: Reply
) -> None:
    begin_enrolment(talk.purse, Card.generate())
    wire.reply = reply
    assert ask_to_enrol(talk).state is EnrolmentState.WAITING
    wire.reply = _enrolled
    assert ask_to_enrol(talk).state is EnrolmentState.ENROLLED
    assert wire.asked[0] == wire.asked[1]


def test_another_card_keeps_the_key_whose_question_may_have_been_answered(
    talk: IssuerTalk, wire: Wire
) -> None:
    wire.reply = silent
    for _ in range(2):
        begin_enrolment(talk.purse, Card.generate())
        ask_to_enrol(talk)
    one, other = (Enrolment.from_bytes(body) for _, _, _, body in wire.asked)
    assert one.account == other.account
    assert one.card != other.card


def test_what_is_typed_wrong_is_said() -> None:
    with pytest.raises(Exception, match="mistyped"):
        read_card("ABCD")


def test_a_question_to_the_issuer_carries_exactly_the_listed_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login officer password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = RawServer([b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\n\r\n"] * 2)
    try:
        with Post.open_or_create(tmp_path / "vault") as post:
            purse = Purse(post, TENANT, tmp_path / "counter")
            talk = IssuerTalk(post, purse, server.url, Network(), NOW, random.Random(3))
            _fetch(talk)
            begin_enrolment(purse, Card.generate())
            ask_to_enrol(talk)
    finally:
        server.close()
    assert len(server.requests) == 2  # each over a connection of its own
    for request, path in zip(server.requests, (token_batch.PATH, enrolment.PATH), strict=True):
        lines = request.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
        assert lines[0] == f"POST {path} HTTP/1.1"
        names = sorted(line.split(":")[0] for line in lines[1:])
        assert names == [
            *("Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host"),
            "User-Agent",
        ]
