"""The page about what leaves shows what then leaves, and writes it for counsel when asked."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.progress import Silent
from app.use_cases import keep_safe
from app.use_cases.write_report import DraftId
from sync import uploader
from sync.client import HttpAnswer
from sync.covers import seal_cover
from sync.leaving import NextRequest, list_next
from sync.network import Network
from sync.protocol.envelope import Envelope
from sync.protocol.receipt import make_receipt
from sync.protocol.seal import unseal
from sync.withdrawing import queue_withdrawal
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages import officer
from tests.ui.pages.enrolled import enrol, purse_of
from tests.ui.pages.officer import (
    KEY,
    PUBLIC,
    TENANT,
    connect,
    open_session,
    use_rules,
    write_draft,
)
from ui.pages import leaves
from ui.pages.check_review import read_review, seal
from ui.pages.leaves import LeavesPage, RequestCard
from ui.session import Session

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")
TITLE = "Stop on Harlow, Friday night"


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        connect(found)
        use_rules(found)
        yield found


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> LeavesPage:
    made = LeavesPage(session)
    qtbot.addWidget(made)
    made.resize(980, 640)
    made.show()
    return made


@pytest.fixture
def sealed(session: Session) -> DraftId:
    """A report that the officer has checked and sealed as the check page does it."""
    draft_id = write_draft(session)
    review = read_review(session, draft_id, None)
    seal(session, review, review.decisions)
    return draft_id


def _next(session: Session) -> tuple[NextRequest, ...]:
    connection = session.connection()
    assert connection is not None
    return list_next(session.home, connection, session.post, datetime.now(UTC))


def _cards(page: LeavesPage, qtbot: QtBot, argument: object = None) -> list[RequestCard]:
    page.open(argument)
    qtbot.waitUntil(lambda: bool(page.cards), timeout=20_000)
    return [each for each in page.cards if isinstance(each, RequestCard)]


def test_what_is_listed_is_what_is_sent(
    session: Session, sealed: DraftId, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = _next(session)
    sent: list[tuple[str, bytes, bytes]] = []

    def submit(url: str, report_id: bytes, body: bytes, _network: Network) -> HttpAnswer:
        sent.append((url, report_id, body))
        return HttpAnswer(503, b"", None)

    monkeypatch.setattr(uploader, "submit", submit)
    session.sync(Silent(), at_once=True)
    assert sent == [(officer.URL, shown.report_id, shown.body)]
    assert shown.head[0] == f"PUT /v1/reports/{shown.report_id.hex()} HTTP/1.1"
    assert shown.host == "127.0.0.1:9"
    assert not shown.is_encrypted


def test_looking_changes_nothing_and_spends_no_token(session: Session, sealed: DraftId) -> None:
    enrol(session)
    before = (session.outbox.submissions(), purse_of(session).ready())
    (shown,) = _next(session)
    assert (session.outbox.submissions(), purse_of(session).ready()) == before
    assert not purse_of(session).has_shown(shown.report_id)


def test_no_token_is_shown_but_its_length_and_place(session: Session, sealed: DraftId) -> None:
    enrol(session)
    (shown,) = _next(session)
    lines = dict(line.split(": ", 1) for line in shown.head[1:])
    assert re.match(r"\(493 characters: one of your tokens", lines["Authorization"])
    assert re.match(r"\(128 digits", lines["NearMiss-Proof"])
    assert lines["Content-Length"] == "65536"
    assert shown.obstacle == ""


def test_without_a_token_that_counts_it_says_that_it_does_not_leave(
    session: Session, sealed: DraftId
) -> None:
    enrol(session, "2020-1")
    (shown,) = _next(session)
    assert "token" in shown.obstacle


def test_it_never_says_an_earlier_time_than_the_exchange_would_allow(
    session: Session, sealed: DraftId
) -> None:
    later = (datetime.now(UTC) + timedelta(days=4)).replace(second=0, microsecond=0)
    session.post.put_setting("reports/not_before", later.isoformat())
    (shown,) = _next(session)
    assert shown.not_before_utc == later
    session.sync(Silent())
    (row,) = session.outbox.submissions()
    assert row.not_before_utc == later


def test_covers_are_not_listed_and_withdrawals_are(session: Session) -> None:
    report_id, body = seal_cover(PUBLIC)
    covers = keep_safe.Covers(session.post, TENANT)
    now = datetime.now(UTC)
    covers.plan("2026-4", [now])
    covers.make(covers.planned()[0], report_id, body, now)
    queue_withdrawal(session.post, make_receipt(WORDS, TENANT), TENANT, now)
    (shown,) = _next(session)
    assert shown.is_withdrawal
    assert shown.head[0].startswith("DELETE /v1/reports/")
    assert len(shown.body) == 66_192


def test_the_plaintext_that_is_shown_is_what_the_desk_reads(
    session: Session, sealed: DraftId, page: LeavesPage, qtbot: QtBot
) -> None:
    card = _cards(page, qtbot)[0]
    card.content.click()
    qtbot.waitUntil(lambda: not card.seal.isHidden())
    (shown,) = _next(session)
    opened = unseal(shown.body, KEY, PUBLIC, shown.report_id)
    assert json.loads(card.seal.value()) == json.loads(opened)
    assert Envelope.from_bytes(opened).texts["what_happened"]


def test_every_waiting_thing_has_a_card_and_the_page_can_be_used_by_keyboard(
    session: Session, sealed: DraftId, page: LeavesPage, qtbot: QtBot
) -> None:
    cards = _cards(page, qtbot)
    assert [each.accessibleName() for each in cards] == [TITLE, "One file of the archive"]
    assert cards[0].lines.value().startswith("PUT /v1/reports/")
    assert "GET /feed/metadata/timestamp.json HTTP/1.1" in cards[1].lines.value()
    assert unnamed(page) == []
    check_keyboard(page)


@pytest.mark.parametrize("agrees", [False, True])
def test_a_file_for_counsel_is_written_only_after_it_was_said_what_it_is(
    session: Session,
    sealed: DraftId,
    page: LeavesPage,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    agrees: bool,
) -> None:
    path = tmp_path / "dry-run.txt"
    monkeypatch.setattr(leaves, "ask", lambda *_texts: agrees)
    monkeypatch.setattr(leaves, "choose_new_file", lambda *_texts: str(path))
    card = _cards(page, qtbot)[0]
    card.file.click()
    if not agrees:
        qtbot.wait(50)
        assert not path.exists()
        return
    qtbot.waitUntil(lambda: not page.result.isHidden())
    text = path.read_text("utf-8")
    (shown,) = _next(session)
    opened = unseal(shown.body, KEY, PUBLIC, shown.report_id)
    assert opened.decode() in text
    assert hashlib.sha256(opened).hexdigest() in text
    assert hashlib.sha256(shown.body).hexdigest() in text
    assert all(line in text for line in shown.head)
    assert "65,536 bytes" in text
    assert "not encrypted" in text


def test_a_draft_is_shown_as_it_would_leave_and_nothing_of_the_trial_is_kept(
    session: Session, page: LeavesPage, qtbot: QtBot
) -> None:
    draft_id = write_draft(session)
    card = _cards(page, qtbot, draft_id)[0]
    assert card.lines.value().startswith("PUT /v1/reports/")
    card.content.click()
    qtbot.waitUntil(lambda: not card.seal.isHidden())
    texts = json.loads(card.seal.value())["texts"]
    assert "Whitlock" not in texts["what_happened"]
    assert session.outbox.submissions() == ()
    assert session.drafts.approvals() == ()


def test_what_was_sealed_goes_with_the_approval(session: Session, sealed: DraftId) -> None:
    (approval,) = session.drafts.approvals()
    uploader.take_back(session.drafts, session.outbox, approval.report_id)
    with session.vault.file.reading() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM sealed_contents").scalar_one()
    assert left == 0


def test_nothing_is_shown_any_more_once_the_vault_is_locked(
    session: Session, sealed: DraftId, page: LeavesPage, qtbot: QtBot
) -> None:
    _cards(page, qtbot)
    session.lock()
    session.locked.emit()
    assert page.cards == []
