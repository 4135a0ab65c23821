"""Issuer and intake are never spoken to shortly after one another; reports wait their days."""

import random
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.domain.token import Account
from app.paths import Home
from app.progress import Silent
from app.store.outbox import Outbox
from app.store.post import Post
from app.use_cases.keep_safe import open_purse
from sync import exchange as exchange_module
from sync import issuer_talk, token_times, uploader, verified_officer
from sync.client import HttpAnswer, NetworkError
from sync.exchange import exchange
from sync.feed import Update
from sync.network import Network
from sync.protocol.connection import Connection
from sync.protocol.token_batch import TokenBatch, join_answers
from sync.protocol.token_request import TokenResponse
from sync.verified_officer import (
    Moment,
    describe_officer,
    find_proofs,
    note_sending,
    put_off_reports,
    speak_to_issuer,
)
from tests.golden.make_protocol import TENANT
from tests.protocol.issuers import ISSUER, signer

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
CONNECTION = Connection(TENANT, "A test", "http://127.0.0.1:9", "http://127.0.0.1:9", b"r", b"s")
REPORT = bytes(16)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def answer(
        _method: str, url: str, _network: Network, _headers: Mapping[str, str], body: bytes
    ) -> HttpAnswer:
        found.append(url)
        requests = TokenBatch.from_bytes(body).requests
        signed = [TokenResponse(signer().blind_sign(each.blinded)) for each in requests]
        return HttpAnswer(200, join_answers(signed), None)

    monkeypatch.setattr(issuer_talk, "ask", answer)
    monkeypatch.setattr(verified_officer, "issuer_keys", lambda _home, _connection: (ISSUER,))
    monkeypatch.setattr(verified_officer, "trusted_clock", lambda _home, _connection, now: now)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def post(home: Home, asked: list[str]) -> Iterator[Post]:
    with Post.open_or_create(home.vault_folder("first")) as found:
        purse = open_purse(home, found, TENANT)
        purse.keep_account(Account(b"s" * 32, None))
        yield found


def _speak(home: Home, post: Post, now: datetime = NOW, *, at_once: bool = False) -> str:
    moment = Moment(now, random.Random(1))
    return speak_to_issuer(home, CONNECTION, [post], moment, at_once=at_once)


def test_after_the_issuer_no_report_leaves_for_an_hour_and_the_first_for_three_days(
    home: Home, post: Post
) -> None:
    outbox = Outbox(post)
    outbox.add(REPORT, bytes(65_536), NOW)
    assert _speak(home, post) == ""
    post.put_setting(token_times.FIRST_REPORT, (NOW - timedelta(days=1)).isoformat())
    put_off_reports([post], post, NOW)
    (row,) = outbox.submissions()
    assert timedelta(minutes=59) <= row.not_before_utc - NOW <= timedelta(hours=3)
    token_times.put_moment(post, token_times.FIRST_REPORT, NOW + timedelta(days=3))
    put_off_reports([post], post, NOW)
    (row,) = outbox.submissions()
    assert row.not_before_utc == NOW + timedelta(days=3)


def test_what_its_officer_sends_now_is_put_off_by_nothing(home: Home, post: Post) -> None:
    outbox = Outbox(post)
    for each in (REPORT, b"o" * 16):
        outbox.add(each, bytes(65_536), NOW)
    _speak(home, post)
    token_times.put_moment(post, token_times.FIRST_REPORT, NOW + timedelta(days=9))
    put_off_reports([post], post, NOW, [REPORT])
    assert [row.report_id for row in outbox.due(NOW)] == [REPORT]
    assert [row.report_id for row in outbox.due(NOW + timedelta(days=9))] == [REPORT, b"o" * 16]


def test_after_intake_the_issuer_waits_an_hour(home: Home, post: Post, asked: list[str]) -> None:
    note_sending(post, Moment(NOW, random.Random(1)))
    _speak(home, post, NOW + timedelta(minutes=58))
    assert asked == []
    _speak(home, post, NOW + timedelta(hours=3))
    assert len(asked) == 1


def test_what_a_crash_left_as_being_sent_waits_as_well(home: Home, post: Post) -> None:
    outbox = Outbox(post)
    outbox.add(REPORT, bytes(65_536), NOW)
    outbox.move(REPORT, SubmissionState.SENDING)
    _speak(home, post)
    put_off_reports([post], post, NOW)
    assert outbox.due(NOW) == ()
    (row,) = outbox.submissions()
    assert (row.state, row.not_before_utc > NOW) == (SubmissionState.QUEUED, True)


def test_a_report_that_waits_for_tokens_does_not_keep_them_away(
    home: Home, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str | None] = []

    def submit(*_words: object, **headers: str) -> HttpAnswer:
        shown.append(headers.get("authorization"))
        return HttpAnswer(503, b"", None)

    monkeypatch.setattr(uploader, "submit", submit)
    monkeypatch.setattr(exchange_module, "verified_keys", lambda *_words: ())
    monkeypatch.setattr(exchange_module, "tidy_covers", lambda *_words: None)
    monkeypatch.setattr(exchange_module, "prepare_covers", lambda *_words: None)
    monkeypatch.setattr(exchange_module, "update_archive", update_nothing)
    purse, outbox = open_purse(home, post, TENANT), Outbox(post)
    purse.keep_account(Account(b"s" * 32, "CARD-OF-SOMEBODY"))
    token_times.put_moment(post, token_times.FETCH, NOW + timedelta(days=1))
    for number in range(20):
        outbox.add(bytes([number]) * 16, bytes(65_536), NOW)
    for hour in range(23):
        now = NOW + timedelta(hours=hour)
        exchange(home, CONNECTION, [post], now, Silent(), chance=random.Random(hour))
        assert token_times.may_happen(post, token_times.ISSUER, now)
    assert shown == []
    # With a token in hand they leave, and then the issuer has to wait.
    purse.keep_account(Account(b"s" * 32, None))
    _speak(home, post, NOW + timedelta(days=1))
    now = NOW + timedelta(days=33)
    exchange(home, CONNECTION, [post], now, Silent(), chance=random.Random(1))
    assert shown
    assert None not in shown
    assert not token_times.may_happen(post, token_times.ISSUER, now)


def update_nothing(*_words: object) -> Update:
    raise NetworkError("No connection.")


def test_what_another_vault_of_this_machine_did_counts_too(
    home: Home, post: Post, asked: list[str]
) -> None:
    with Post.open_or_create(home.vault_folder("second")) as other:
        note_sending(other, Moment(NOW, random.Random(1)))
        speak_to_issuer(
            home, CONNECTION, [post, other], Moment(NOW, random.Random(1)), at_once=False
        )
    assert asked == []


def test_tokens_are_fetched_once_a_quarter_whether_or_not_anything_waits(
    home: Home, post: Post, asked: list[str]
) -> None:
    days = [NOW + timedelta(days=each) for each in range(50)]
    for day in days:
        _speak(home, post, day)
    assert len(asked) == 1


def test_at_once_does_not_ask_twice_either(home: Home, post: Post, asked: list[str]) -> None:
    _speak(home, post, at_once=True)
    _speak(home, post, at_once=True)
    assert len(asked) == 1


def test_what_is_told(home: Home, post: Post) -> None:
    assert describe_officer(home, CONNECTION, post, NOW) == "verified, tokens come within days"
    _speak(home, post)
    assert describe_officer(home, CONNECTION, post, NOW) == "verified, 12 of 12 left"
    proofs = find_proofs(home, CONNECTION, post, NOW)
    assert proofs is not None
    assert proofs.draw(REPORT, bytes(65_536)) is not None
    assert describe_officer(home, CONNECTION, post, NOW) == "verified, 11 of 12 left"
    purse = open_purse(home, post, TENANT)
    purse.keep_account(Account(b"s" * 32, "CARD"))
    assert describe_officer(home, CONNECTION, post, NOW) == "enrolment not confirmed yet"
    purse.forget_account()
    assert find_proofs(home, CONNECTION, post, NOW) is None
    assert describe_officer(home, CONNECTION, post, NOW) == ""


def test_a_clock_that_is_years_ahead_costs_no_token(home: Home, post: Post) -> None:
    _speak(home, post)
    later = NOW.replace(year=2031)
    proofs = find_proofs(home, CONNECTION, post, later)
    assert proofs is not None
    assert proofs.draw(REPORT, bytes(65_536)) is None
    proofs.settle([])
    assert describe_officer(home, CONNECTION, post, NOW) == "verified, 12 of 12 left"


def test_after_a_restore_no_token_goes_onto_a_stick_that_was_shown_before(
    home: Home, post: Post, tmp_path: Path
) -> None:
    _speak(home, post)
    backup = tmp_path / "backup"
    shutil.copytree(post.file.path.parent, backup)
    shown = find_proofs(home, CONNECTION, post, NOW)
    assert shown is not None
    assert shown.draw(REPORT, bytes(65_536)) is not None
    post.close()
    shutil.copytree(backup, home.vault_folder("first"), dirs_exist_ok=True)
    with Post.open_or_create(home.vault_folder("first")) as restored:
        proofs = find_proofs(home, CONNECTION, restored, NOW)
        assert proofs is not None
        assert proofs.draw(b"x" * 16, bytes(65_536)) is None


def test_an_issuer_that_never_answers_does_not_keep_reports_from_leaving(
    home: Home, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_talk, "ask", lambda *_words: HttpAnswer(500, b"", None))
    free = 0
    for hour in range(48):  # as from a timer
        now = NOW + timedelta(hours=hour)
        _speak(home, post, now)
        free += token_times.may_happen(post, token_times.INTAKE, now)
    assert free > 12
