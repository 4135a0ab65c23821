"""Only a signed answer ends a withdrawal, and it leaves as a report does."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState, WithdrawalState
from app.store.drafts import Drafts
from app.store.keys import Cost
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.vault import Vault
from app.store.withdrawals import Withdrawals
from sync import client, uploader, withdrawing
from sync.client import NetworkError
from sync.network import Network
from sync.protocol.acknowledgement import Acknowledgement, acknowledge
from sync.protocol.connection import Connection
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.withdrawal import (
    Withdrawal,
    check_withdrawal,
    confirm_absent,
    confirm_withdrawn,
)
from sync.withdrawing import WithdrawResult, queue_withdrawal, send_withdrawals, withdraw_with
from tests.sync.servers import Server, read_request

TENANT = "a" * 32
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=18)
WORDS = ("abacus", "abdomen", "abide", "ablaze", "able", "abnormal", "abrasion")
KEY = SigningKey(bytes(32))
PUBLIC = PublicKeyFile(TENANT, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", KEY.public_bytes())
BODY = bytes(65_536)
Say = Callable[[bytes, bytes], Acknowledgement]


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return make_receipt(WORDS, TENANT)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "post") as found:
        yield found


@dataclass
class Service:
    """Answers as it is told to, and keeps what it was sent."""

    status: int = 200
    body: bytes = b""
    requests: list[bytes] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        self.requests.append(read_request(connection))
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.body)}\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode() + self.body)

    def say(self, status: int, word: Acknowledgement) -> None:
        self.status, self.body = status, word.to_bytes()


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def connection(service: Service, start: Callable[..., Server]) -> Connection:
    url = f"http://127.0.0.1:{start(service.serve).port}"
    return Connection(TENANT, "A team", url, url, b"{}", bytes(32))


@pytest.fixture
def send(post: Post, connection: Connection) -> Callable[..., WithdrawResult]:
    def run(now: datetime = LATER, **options: bool) -> WithdrawResult:
        return send_withdrawals(post, connection, [PUBLIC], now, Network(), **options)

    return run


def _words(receipt: Receipt) -> tuple[SigningKey, PublicKeyFile, bytes, bytes]:
    return KEY, PUBLIC, receipt.report_id, receipt.withdrawal_hash


def test_a_signed_word_ends_it(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    service.say(200, confirm_withdrawn(*_words(receipt)))
    assert send() == WithdrawResult(withdrawn=1)
    assert Withdrawals(post).all()[0].state is WithdrawalState.WITHDRAWN
    (request,) = service.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"DELETE /v1/reports/" + receipt.report_id.hex().encode())
    asked = Withdrawal.from_bytes(body)
    check_withdrawal(asked, TENANT, receipt.report_id)
    assert send() == WithdrawResult()
    assert len(service.requests) == 1


def test_it_has_the_headers_and_the_length_of_a_report(
    post: Post, service: Service, connection: Connection, receipt: Receipt
) -> None:
    folder = Path(__file__).parents[1] / "golden" / "tokens"
    token, proof = (
        (folder / f"{name}.txt").read_text().strip() for name in ("authorization", "proof")
    )
    client.submit(
        connection.service_url, receipt.report_id, BODY, Network(), authorization=token, proof=proof
    )
    queue_withdrawal(post, receipt, TENANT, NOW)
    send_withdrawals(post, connection, [PUBLIC], LATER, Network())
    report, withdrawal = service.requests
    assert len(report) == len(withdrawal)
    names = [
        {line.split(b":")[0] for line in each.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
        for each in (report, withdrawal)
    ]
    assert names[0] - names[1] == {b"Authorization", b"NearMiss-Proof"}
    assert names[1] < names[0]


@pytest.mark.parametrize("status", [200, 400, 403, 404, 405, 410, 500])
def test_nothing_unsigned_is_believed(
    post: Post,
    service: Service,
    send: Callable[..., WithdrawResult],
    receipt: Receipt,
    status: int,
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    service.status, service.body = status, b"{}"
    for days in range(1, 5):
        found = send(LATER + timedelta(days=days))
        assert (found.withdrawn, found.absent, found.left) == (0, 0, 1)
        assert "did not sign" in found.trouble
    assert len(service.requests) == 4
    assert len(set(service.requests)) == 1  # the same bytes each time


@pytest.mark.parametrize("forged", ["other key", "other report", "a report's acknowledgement"])
def test_a_word_about_something_else_is_not_believed(
    post: Post,
    service: Service,
    send: Callable[..., WithdrawResult],
    receipt: Receipt,
    forged: str,
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    key, public, report_id, key_hash = _words(receipt)
    word = {
        "other key": confirm_withdrawn(SigningKey.generate(), public, report_id, key_hash),
        "other report": confirm_withdrawn(key, public, bytes(16), key_hash),
        "a report's acknowledgement": acknowledge(key, public, report_id, key_hash),
    }[forged]
    service.say(200, word)
    assert send().withdrawn == 0


def test_an_absence_counts_the_second_time_days_later(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    service.say(404, confirm_absent(*_words(receipt)))
    assert send() == WithdrawResult(left=1)
    (row,) = Withdrawals(post).all()
    assert timedelta(days=2) <= row.not_before_utc - LATER <= timedelta(days=4)
    assert send(LATER + timedelta(days=1)).left == 1
    assert len(service.requests) == 1
    assert send(LATER + timedelta(days=4)) == WithdrawResult(absent=1)


def test_a_copy_that_arrives_meanwhile_is_withdrawn(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    service.say(404, confirm_absent(*_words(receipt)))
    send()
    service.say(200, confirm_withdrawn(*_words(receipt)))
    assert send(LATER + timedelta(days=4)) == WithdrawResult(withdrawn=1)


def test_it_waits_for_a_random_time_unless_a_person_wants_it_now(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    (row,) = Withdrawals(post).all()
    assert NOW <= row.not_before_utc <= LATER
    service.say(200, confirm_withdrawn(*_words(receipt)))
    early = NOW - timedelta(seconds=1)
    assert send(early) == WithdrawResult(left=1)
    assert send(early, at_once=True).withdrawn == 1


def test_without_a_network_it_is_put_off_and_tried_again(
    post: Post, connection: Connection, receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    away = Connection(TENANT, "A team", "http://127.0.0.1:9", "http://x.example", b"{}", bytes(32))
    found = send_withdrawals(post, away, [PUBLIC], LATER, Network())
    assert (found.left, "cannot be reached" in found.trouble) == (1, True)
    (row,) = Withdrawals(post).all()
    assert (row.state, row.tries) == (WithdrawalState.WAITING, 1)


def test_after_a_crash_while_sending_the_same_goes_up_again(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW)
    Withdrawals(post).move(receipt.report_id, WithdrawalState.SENDING)
    service.say(200, confirm_withdrawn(*_words(receipt)))
    assert send().withdrawn == 1


def test_one_for_another_service_stays(
    post: Post, service: Service, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, "b" * 32, NOW)
    assert send(at_once=True) == WithdrawResult(left=1)
    assert service.requests == []


def test_a_time_drawn_by_a_clock_that_was_ahead_does_not_hold_it_for_years(
    post: Post, send: Callable[..., WithdrawResult], receipt: Receipt
) -> None:
    queue_withdrawal(post, receipt, TENANT, NOW + timedelta(days=3_000))
    send(NOW)
    (row,) = Withdrawals(post).all()
    assert row.not_before_utc <= LATER


def test_without_a_post_it_is_sent_at_once_and_told(
    service: Service, connection: Connection, receipt: Receipt
) -> None:
    service.say(200, confirm_withdrawn(*_words(receipt)))
    at_once = (connection, receipt, [PUBLIC], Network())
    assert withdrawing.withdraw_at_once(*at_once)
    service.say(404, confirm_absent(*_words(receipt)))
    assert not withdrawing.withdraw_at_once(*at_once)
    service.say(200, confirm_absent(*_words(receipt)))
    assert not withdrawing.withdraw_at_once(*at_once)
    service.body = b"<html>"
    with pytest.raises(NetworkError) as caught:
        withdrawing.withdraw_at_once(*at_once)
    assert "did not sign" in caught.value.sentence()


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    cheap = Cost(memory_kib=8_192, passes=1, lanes=1)
    with Vault.create(tmp_path / "vault", "long enough", cheap) as vault:
        yield Drafts(vault)


@pytest.mark.parametrize("was_tried", [False, True])
def test_what_is_taken_back_after_a_try_is_withdrawn_where_it_may_have_arrived(
    drafts: Drafts, post: Post, receipt: Receipt, was_tried: bool
) -> None:
    outbox = Outbox(post)
    draft_id = drafts.create("near-miss-report", 1, "a title")
    uploader.approve(draft_id, BODY, receipt, drafts=drafts, outbox=outbox, not_before_utc=NOW)
    if was_tried:
        outbox.move(receipt.report_id, SubmissionState.SENDING)
        outbox.move(receipt.report_id, SubmissionState.QUEUED)
    old = withdraw_with(post, TENANT, lambda: NOW)
    assert uploader.take_back(drafts, outbox, receipt.report_id, old) == draft_id
    waiting = [each.report_id for each in Withdrawals(post).waiting()]
    assert waiting == ([receipt.report_id] if was_tried else [])
    assert outbox.submissions() == ()


def test_words_of_another_service_withdraw_nothing(post: Post, receipt: Receipt) -> None:
    withdraw_with(post, "b" * 32, lambda: NOW)(receipt.report_id, " ".join(WORDS))
    assert Withdrawals(post).all() == ()
