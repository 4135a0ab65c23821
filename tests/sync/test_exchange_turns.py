"""What a program does by itself: it sends, or it asks what is new, never both in one slot."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.domain.token import Account
from app.errors import SurroundingsError
from app.paths import Home
from app.progress import Silent
from app.store.outbox import Outbox
from app.store.post import Post
from app.use_cases.keep_safe import open_purse
from sync import exchange as exchange_module
from sync import token_times
from sync.exchange import Exchanged, Turn, exchange
from sync.protocol.connection import Connection
from sync.uploader import SendResult
from sync.withdrawing import WithdrawResult
from tests.golden.make_protocol import TENANT

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
CONNECTION = Connection(TENANT, "A test", "http://127.0.0.1:9", "http://127.0.0.1:9", b"r", b"s")
REPORT = bytes(16)


class Line:
    """What is said over the network, by whom it is heard."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.feed_is_away = False

    def speak_to_issuer(self, *_words: object, **_options: object) -> str:
        self.said.append("issuer")
        return ""

    def update_archive(self, *_words: object) -> "Line":
        self.said.append("feed")
        if self.feed_is_away:
            raise SurroundingsError("no feed")
        return self

    def sentence(self) -> str:
        return "fetched"

    def send_waiting(
        self, outbox: Outbox, _url: str, _keys: object, now: datetime, *_: object, **__: object
    ) -> SendResult:
        due = outbox.due(now)
        self.said += ["intake"] * len(due)
        for row in due:
            outbox.move(row.report_id, SubmissionState.SENDING)
            outbox.move(row.report_id, SubmissionState.RECEIVED)
        return SendResult(len(due), 0, 0, 0, "")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    found = Line()
    for name in ("speak_to_issuer", "update_archive", "send_waiting"):
        monkeypatch.setattr(exchange_module, name, getattr(found, name))
    for name in ("verified_keys", "tidy_covers", "prepare_covers", "find_proofs"):
        monkeypatch.setattr(exchange_module, name, lambda *_words: None)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def post(home: Home) -> Iterator[Post]:
    with Post.open_or_create(home.vault_folder("first")) as found:
        open_purse(home, found, TENANT).keep_account(Account(b"s" * 32, None))
        Outbox(found).add(REPORT, bytes(65_536), NOW)
        yield found


def _go(home: Home, post: Post, turn: Turn, now: datetime = NOW) -> Exchanged:
    return exchange(home, CONNECTION, [post], now, Silent(), turn=turn, chance=random.Random(1))


def test_who_sends_asks_nothing_else(home: Home, post: Post, line: Line) -> None:
    done = _go(home, post, Turn.SENDING)
    assert line.said == ["intake"]
    assert (done.sent.received, done.archive) == (1, "")


def test_who_fetches_sends_nothing_for_an_hour_at_least(home: Home, post: Post, line: Line) -> None:
    assert _go(home, post, Turn.FETCHING).archive == "fetched"
    assert line.said == ["issuer", "feed"]
    (row,) = Outbox(post).submissions()
    assert timedelta(minutes=59) <= row.not_before_utc - NOW <= timedelta(hours=3)
    _go(home, post, Turn.SENDING, NOW + timedelta(minutes=58))
    assert line.said == ["issuer", "feed"]
    _go(home, post, Turn.SENDING, NOW + timedelta(hours=3))
    assert line.said == ["issuer", "feed", "intake"]


def test_a_feed_that_is_away_does_not_keep_reports_from_leaving(
    home: Home, post: Post, line: Line
) -> None:
    line.feed_is_away = True
    done = _go(home, post, Turn.FETCHING)
    assert line.said == ["issuer", "feed", "intake"]
    assert (done.sent.received, "no feed" in done.trouble) == (1, True)
    assert token_times.may_happen(post, token_times.INTAKE, NOW)


def test_a_person_who_asks_gets_everything(home: Home, post: Post, line: Line) -> None:
    done = _go(home, post, Turn.EVERYTHING)
    assert line.said == ["issuer", "intake", "feed"]
    assert done.archive == "fetched"


def test_a_report_that_a_crash_left_as_being_sent_takes_the_slot_from_withdrawals(
    home: Home, post: Post, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def withdraw(*_words: object, is_taken: bool, at_once: bool) -> WithdrawResult:
        taken.append(is_taken)
        return WithdrawResult()

    monkeypatch.setattr(exchange_module, "withdraw_in_slot", withdraw)
    Outbox(post).move(REPORT, SubmissionState.SENDING)
    _go(home, post, Turn.SENDING)
    _go(home, post, Turn.SENDING)
    assert taken == [True, False]
