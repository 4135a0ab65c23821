"""Which token goes with which try of a report: never one with two, never none in its place."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.domain.token import AskedBatch, KeptToken, TokenCounts
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.purse import MOST_FOR_A_REPORT, Purse
from sync import uploader
from sync.client import HttpAnswer, NetworkError
from sync.network import Network
from sync.protocol.errors import ProtocolError
from sync.protocol.token import Token, verify_token
from sync.protocol.token_proof import TokenProof, verify_proof
from sync.protocol.token_request import finalise, request_token
from sync.report_proof import STAND_IN, ReportProofs
from sync.token_fetch import write_own
from tests.golden.make_protocol import TENANT
from tests.protocol.issuers import ISSUER, QUARTER, answer

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
BODY = bytes(65_536)
ONE, OTHER = bytes(16), b"x" * 16


class Service:
    """Answers with the next of its statuses, None for no answer; keeps what it was shown."""

    def __init__(self) -> None:
        self.statuses: list[int | None] = []
        self.shown: list[tuple[bytes, bytes, bytes]] = []

    def submit(
        self,
        _url: str,
        report_id: bytes,
        body: bytes,
        _network: Network,
        *,
        authorization: str | None = None,
        proof: str | None = None,
    ) -> HttpAnswer:
        assert authorization is not None
        assert proof is not None
        token = Token.from_header(authorization)
        body_hash = hashlib.sha256(body).digest()
        verify_proof(TokenProof.from_header(proof), token, TENANT, report_id, body_hash)
        self.shown.append((report_id, body, token.nonce))
        status = self.statuses.pop(0)
        if status is None:
            raise NetworkError("Nobody answers.")
        return HttpAnswer(status, b"", None)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    found = Service()
    monkeypatch.setattr(uploader, "submit", found.submit)
    return found


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "vault") as found:
        yield found


@pytest.fixture
def proofs(post: Post, tmp_path: Path) -> ReportProofs:
    """Four tokens."""
    purse = Purse(post, TENANT, tmp_path / "counter")
    pending = [request_token(ISSUER) for _ in range(4)]
    asked = tuple(KeptToken(each.key.public_bytes(), each.to_bytes()) for each in pending)
    purse.ask(AskedBatch(QUARTER, asked))
    own = [finalise(each, answer(each), ISSUER) for each in pending]
    purse.fill({each.token.nonce: write_own(each) for each in own}, QUARTER)
    return ReportProofs(purse, TENANT, NOW)


def _send(post: Post, proofs: ReportProofs, day: int = 0) -> uploader.SendResult:
    now = NOW + timedelta(days=day)
    return uploader.send_waiting(Outbox(post), "http://x", (), now, Network(), proofs=proofs)


def _state(post: Post) -> SubmissionState:
    (row,) = Outbox(post).submissions()
    return row.state


@pytest.mark.parametrize("status", [401, 403])
def test_after_a_refusal_the_next_token_goes_with_the_same_id_and_bytes(
    post: Post, proofs: ReportProofs, service: Service, status: int
) -> None:
    Outbox(post).add(ONE, BODY, NOW)
    service.statuses = [status, 503]
    _send(post, proofs)
    (first, second) = service.shown
    assert first[:2] == second[:2] == (ONE, BODY)
    assert first[2] != second[2]
    assert _state(post) is SubmissionState.QUEUED


def test_after_a_lost_answer_the_same_token_comes_again(
    post: Post, proofs: ReportProofs, service: Service
) -> None:
    Outbox(post).add(ONE, BODY, NOW)
    service.statuses = [None, 500]
    _send(post, proofs)
    _send(post, proofs, 1)
    assert service.shown[0] == service.shown[1]


def test_whoever_refuses_everything_cannot_empty_the_purse(
    post: Post, proofs: ReportProofs, service: Service
) -> None:
    Outbox(post).add(ONE, BODY, NOW)
    service.statuses = [403] * 20
    for day in range(10):
        assert _send(post, proofs, day).held == 1
    assert len({nonce for _, _, nonce in service.shown}) == MOST_FOR_A_REPORT
    assert proofs.purse.counts({QUARTER}) == TokenCounts(4 - MOST_FOR_A_REPORT, 4)


def test_two_reports_never_share_a_token(
    post: Post, proofs: ReportProofs, service: Service
) -> None:
    for report_id in (ONE, OTHER):
        Outbox(post).add(report_id, BODY, NOW)
    service.statuses = [403, 500, 403, 500]
    _send(post, proofs)
    by_token = {nonce: report_id for report_id, _, nonce in service.shown}
    assert len(by_token) == 4
    assert sorted(by_token.values()) == [ONE, ONE, OTHER, OTHER]


def test_without_a_token_nobody_is_asked_and_the_report_is_held(
    post: Post, proofs: ReportProofs, service: Service, tmp_path: Path
) -> None:
    Outbox(post).add(ONE, BODY, NOW)
    empty = ReportProofs(Purse(post, "f" * 32, tmp_path / "counter"), "f" * 32, NOW)
    assert _send(post, empty).held == 1
    assert service.shown == []
    assert _state(post) is SubmissionState.HELD


def test_a_report_that_is_over_keeps_no_token(
    post: Post, proofs: ReportProofs, service: Service
) -> None:
    Outbox(post).add(ONE, BODY, NOW)
    service.statuses = [415]
    assert _send(post, proofs).refused == 1
    taken = proofs.purse.take(OTHER, {QUARTER})
    assert taken is not None
    assert taken.nonce != service.shown[0][2]
    assert proofs.purse.counts({QUARTER}) == TokenCounts(2, 4)


def test_what_stands_in_for_a_token_is_as_long_and_worth_nothing(proofs: ReportProofs) -> None:
    real = proofs.draw(ONE, BODY)
    assert real is not None
    assert len(STAND_IN.authorization) == len(real.authorization)
    assert len(STAND_IN.proof) == len(real.proof)
    with pytest.raises(ProtocolError):
        verify_token(
            Token.from_header(STAND_IN.authorization), {ISSUER.token_key_id: ISSUER}, TENANT
        )
