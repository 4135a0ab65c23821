"""What becomes of a submission for each answer of the service, and after each kind of crash."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.store.drafts import DraftId, Drafts, DraftState
from app.store.keys import Cost
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.vault import Vault
from sync import uploader
from sync.network import Network
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from sync.protocol.receipt import Receipt, make_receipt

TENANT = "0" * 32
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
BODY = bytes(65_536)
KEY = SigningKey(b"k" * 32)
KEY_FILE = PublicKeyFile(TENANT, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", KEY.public_bytes())
WORDS = ("abacus", "abdomen", "abide", "ablaze", "able", "abnormal", "abrasion")


@dataclass
class Service:
    """A service whose answers the test chooses; it counts what it was sent."""

    url: str = ""
    answer: Callable[[bytes, bytes], tuple[int, bytes, dict[str, str]]] | None = None
    received: list[bytes] = field(default_factory=list)


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return make_receipt(WORDS, TENANT)


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.received.append(body)
            assert state.answer is not None
            status, content, headers = state.answer(bytes.fromhex(self.path[-32:]), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with Vault.create(tmp_path / "vault", "long enough", CHEAP) as vault:
        yield Drafts(vault)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Post.open_or_create(tmp_path / "post") as post:
        yield Outbox(post)


@pytest.fixture
def draft_id(drafts: Drafts) -> DraftId:
    return drafts.create("near-miss-report", 1, "a title")


def _acknowledged(report_id: bytes, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    signed = acknowledge(KEY, KEY_FILE, report_id, hashlib.sha256(body).digest())
    return 201, signed.to_bytes(), {}


def _approve(drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt) -> None:
    uploader.approve(draft_id, BODY, receipt, drafts=drafts, outbox=outbox, not_before_utc=NOW)


def _send(outbox: Outbox, service: Service, now: datetime = NOW) -> uploader.SendResult:
    return uploader.send_waiting(outbox, service.url, [KEY_FILE], now, Network())


def test_a_verified_acknowledgement_destroys_the_draft_and_its_trace(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = _acknowledged
    assert _send(outbox, service) == uploader.SendResult(1, 0, 0, 0, "")
    assert service.received == [BODY]
    settled = uploader.settle(drafts, outbox)
    assert settled.received == (draft_id,)
    assert drafts.summaries() == ()
    assert outbox.submissions() == ()


@pytest.mark.parametrize(
    "answer",
    [
        (201, b"{}", {}),
        (200, b"", {}),
        (500, b"", {}),
        (503, b"", {"Retry-After": "60"}),
        (429, b"", {}),
        (404, b"", {}),
    ],
    ids=lambda answer: str(answer[0]),
)
def test_anything_but_a_signed_word_means_later(
    drafts: Drafts,
    outbox: Outbox,
    draft_id: DraftId,
    receipt: Receipt,
    service: Service,
    answer: tuple[int, bytes, dict[str, str]],
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = lambda _report_id, _body: answer
    assert _send(outbox, service).left == 1
    (row,) = outbox.submissions()
    assert (row.state, row.tries, row.last_status) == (SubmissionState.QUEUED, 1, answer[0])
    assert row.not_before_utc >= NOW + timedelta(seconds=int(answer[2].get("Retry-After", 0)))
    assert uploader.settle(drafts, outbox) == uploader.Settled((), ())
    assert drafts.summary(draft_id).state is DraftState.QUEUED


def test_an_acknowledgement_for_other_bytes_is_none(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = lambda report_id, _body: _acknowledged(report_id, b"other bytes")
    assert _send(outbox, service).received == 0
    assert outbox.submissions()[0].state is SubmissionState.QUEUED


@pytest.mark.parametrize("status", [400, 409, 413, 415])
def test_what_is_never_accepted_is_offered_again_as_a_draft(
    drafts: Drafts,
    outbox: Outbox,
    draft_id: DraftId,
    receipt: Receipt,
    service: Service,
    status: int,
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = lambda _report_id, _body: (status, b"", {})
    assert _send(outbox, service).refused == 1
    assert uploader.settle(drafts, outbox).refused == (draft_id,)
    assert drafts.summary(draft_id).state is DraftState.WRITING
    assert outbox.submissions() == ()


def test_one_refusal_after_a_lost_answer_is_not_believed(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    uploader.send_waiting(outbox, "http://127.0.0.1:9", [KEY_FILE], NOW, Network())
    service.answer = lambda _report_id, _body: (400, b"", {})
    later = NOW + timedelta(days=1)
    assert _send(outbox, service, later).refused == 0
    assert outbox.submissions()[0].state is SubmissionState.QUEUED
    assert _send(outbox, service, later + timedelta(days=1)).refused == 1


@pytest.mark.parametrize("status", [401, 403])
def test_without_a_token_it_is_held_and_tried_again_with_the_same_bytes(
    drafts: Drafts,
    outbox: Outbox,
    draft_id: DraftId,
    receipt: Receipt,
    service: Service,
    status: int,
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = lambda _report_id, _body: (status, b"", {})
    assert _send(outbox, service).held == 1
    service.answer = _acknowledged
    assert _send(outbox, service, NOW + timedelta(hours=6)).received == 1
    assert service.received == [BODY, BODY]


def test_a_held_one_is_not_tried_in_every_round(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = lambda _report_id, _body: (401, b"", {"Retry-After": "600"})
    _send(outbox, service)
    _send(outbox, service, NOW + timedelta(seconds=599))
    assert len(service.received) == 1


def test_no_connection_puts_it_off_and_says_so(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    sent = uploader.send_waiting(outbox, "http://127.0.0.1:9", [KEY_FILE], NOW, Network())
    assert (sent.left, sent.received) == (1, 0)
    assert "cannot be reached" in sent.trouble
    assert outbox.submissions()[0].state is SubmissionState.QUEUED


def test_what_is_not_due_stays_unless_the_officer_says_now(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = _acknowledged
    early = NOW - timedelta(seconds=1)
    assert _send(outbox, service, early).received == 0
    assert service.received == []
    sent = uploader.send_waiting(outbox, service.url, [KEY_FILE], early, Network(), at_once=True)
    assert sent.received == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_a_time_drawn_by_a_clock_that_was_ahead_does_not_hold_it_for_years(
    outbox: Outbox, receipt: Receipt, service: Service, at_once: bool
) -> None:
    outbox.add(receipt.report_id, BODY, NOW + timedelta(days=9 * 365))
    service.answer = _acknowledged
    uploader.send_waiting(outbox, service.url, [KEY_FILE], NOW, Network(), at_once=at_once)
    assert len(service.received) == at_once
    later = _send(outbox, service, NOW + timedelta(hours=18))
    assert len(service.received) == 1, later


def test_one_that_is_taken_back_meanwhile_does_not_stop_the_others(
    outbox: Outbox, service: Service
) -> None:
    ids = [bytes([number]) * 16 for number in range(3)]
    for number, each in enumerate(ids):
        outbox.add(each, BODY, NOW - timedelta(seconds=9 - number))

    def take_back_the_second(report_id: bytes, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        if report_id == ids[0]:
            outbox.move(ids[1], SubmissionState.TAKEN_BACK)
        return _acknowledged(report_id, body)

    service.answer = take_back_the_second
    assert _send(outbox, service).received == 2


def test_a_post_is_not_used_for_two_services_at_once(tmp_path: Path, service: Service) -> None:
    with Post.open_or_create(tmp_path / "post") as post:
        outbox = Outbox(post)
        uploader.claim_post(post, TENANT)
        outbox.add(bytes(16), BODY, NOW)
        uploader.claim_post(post, TENANT)
        with pytest.raises(uploader.OtherServiceError):
            uploader.claim_post(post, "1" * 32)
        service.answer = _acknowledged
        _send(outbox, service)
        uploader.claim_post(post, "1" * 32)
        outbox.add(b"2" * 16, BODY, NOW)
        with pytest.raises(uploader.OtherServiceError):
            uploader.claim_post(post, TENANT)


def test_a_crash_before_copies_are_destroyed_is_made_good(
    drafts: Drafts,
    outbox: Outbox,
    draft_id: DraftId,
    receipt: Receipt,
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = _acknowledged
    _send(outbox, service)
    copy = tmp_path / "vault" / "vault.db.version-0"
    copy.write_bytes(b"an older copy with the draft")

    def die(_vault: Vault) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "forget_deleted", die)
        with pytest.raises(KeyboardInterrupt):
            uploader.settle(drafts, outbox)
    assert drafts.summaries() == ()
    uploader.settle(drafts, outbox)
    assert not copy.exists()
    assert outbox.submissions() == ()


def test_a_crash_before_the_post_has_the_bytes_gives_the_draft_back(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt
) -> None:
    drafts.begin_approval(draft_id, receipt.report_id, " ".join(receipt.words))
    uploader.settle(drafts, outbox)
    assert drafts.summary(draft_id).state is DraftState.WRITING
    _approve(drafts, outbox, draft_id, receipt)
    assert drafts.summary(draft_id).state is DraftState.QUEUED


def test_a_crash_after_the_post_has_the_bytes_is_repaired_by_the_id(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt
) -> None:
    drafts.begin_approval(draft_id, receipt.report_id, " ".join(receipt.words))
    outbox.add(receipt.report_id, BODY, NOW)
    uploader.settle(drafts, outbox)
    assert drafts.summary(draft_id).state is DraftState.QUEUED
    assert drafts.receipt_words(draft_id) == " ".join(WORDS)


def test_a_crash_while_sending_sends_the_same_bytes_again(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    outbox.move(receipt.report_id, SubmissionState.SENDING)
    service.answer = _acknowledged
    assert _send(outbox, service).received == 1
    assert service.received == [BODY]


def test_a_crash_between_destroying_and_forgetting_leaves_nothing_behind(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, service: Service
) -> None:
    _approve(drafts, outbox, draft_id, receipt)
    service.answer = _acknowledged
    _send(outbox, service)
    drafts.destroy(draft_id)
    uploader.settle(drafts, outbox)
    assert outbox.submissions() == ()
