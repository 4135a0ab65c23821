"""Where each sealed report is, in words, and the way back while it waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.submission import Submission, SubmissionState
from app.use_cases.write_report import DraftId, DraftState
from sync import token_times, uploader
from sync.protocol.receipt import make_receipt
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages.officer import TENANT, connect, open_session, write_draft
from ui.models.submission_rows import describe_submission, say_time
from ui.pages import outbox
from ui.pages.outbox import OutboxPage, SubmissionCard
from ui.session import Session

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")
NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        yield found


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> OutboxPage:
    made = OutboxPage(session)
    qtbot.addWidget(made)
    made.resize(980, 640)
    made.show()
    return made


@pytest.fixture
def draft_id(session: Session) -> DraftId:
    """A report that waits until tomorrow."""
    made = write_draft(session)
    uploader.approve(
        made,
        bytes(65_536),
        make_receipt(WORDS, TENANT),
        drafts=session.drafts,
        outbox=session.outbox,
        not_before_utc=datetime.now(UTC) + timedelta(hours=30),
    )
    return made


def open_card(page: OutboxPage, qtbot: QtBot) -> SubmissionCard:
    page.open(None)
    qtbot.waitUntil(lambda: len(page.cards) == 1)
    (card,) = page.cards
    assert isinstance(card, SubmissionCard)
    return card


def test_an_empty_outbox_says_what_comes_here(page: OutboxPage, qtbot: QtBot) -> None:
    page.open(None)
    qtbot.waitUntil(lambda: len(page.cards) == 1)
    assert not isinstance(page.cards[0], SubmissionCard)


def test_what_waits_is_shown_by_its_own_title_with_its_state(
    page: OutboxPage, draft_id: DraftId, qtbot: QtBot
) -> None:
    card = open_card(page, qtbot)
    assert card.accessibleName() == "Stop on Harlow, Friday night, waiting"
    assert card.row.sentence.startswith("Waits until ")
    assert unnamed(page) == []
    check_keyboard(page)


@pytest.mark.parametrize("agrees", [False, True])
def test_taking_back_asks_and_opens_the_draft_again(
    page: OutboxPage,
    session: Session,
    draft_id: DraftId,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    agrees: bool,
) -> None:
    monkeypatch.setattr(outbox, "ask", lambda *_texts: agrees)
    card = open_card(page, qtbot)
    if not agrees:
        card.take_back.click()
        assert session.drafts.summary(draft_id).state is DraftState.QUEUED
        return
    with qtbot.waitSignals([page.navigate, session.drafts_changed, session.outbox_changed]):
        card.take_back.click()
    assert session.drafts.summary(draft_id).state is DraftState.WRITING
    qtbot.waitUntil(lambda: not isinstance(page.cards[0], SubmissionCard))


def test_sending_now_says_what_it_gives_away_and_makes_it_due(
    page: OutboxPage,
    session: Session,
    draft_id: DraftId,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(session)
    asked: list[str] = []

    def agree(_parent: object, *texts: str) -> bool:
        asked.append(" ".join(texts))
        return True

    monkeypatch.setattr(outbox, "ask", agree)
    card = open_card(page, qtbot)
    with qtbot.waitSignal(session.outbox_changed, timeout=20_000):
        card.send.click()
    assert "somebody at this computer reports just now" in asked[0]
    (row,) = session.outbox.submissions()
    assert (row.tries, row.state) == (1, SubmissionState.QUEUED)
    assert page.result.accessibleName() == "Not everything went through."
    assert page.sync_button.isEnabled()


def test_the_words_can_be_shown_again_while_it_waits(
    page: OutboxPage, draft_id: DraftId, qtbot: QtBot
) -> None:
    card = open_card(page, qtbot)
    with qtbot.waitSignal(page.navigate) as going:
        card.words.click()
    assert going.args == ["receipt", (draft_id, None)]


def test_nothing_is_shown_any_more_once_the_vault_is_locked(
    page: OutboxPage, session: Session, draft_id: DraftId, qtbot: QtBot
) -> None:
    open_card(page, qtbot)
    session.lock()
    session.locked.emit()
    assert page.cards == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.5, "today 17:30"),
        (6, "tonight 23:00"),
        (8, "tomorrow 01:00"),
        (72, "Mon 9 Mar 17:00"),
    ],
)
def test_times_are_said_as_one_says_them(hours: float, words: str) -> None:
    assert say_time(NOW + timedelta(hours=hours), NOW, UTC) == words


@pytest.mark.parametrize(
    ("state", "tries", "status", "trouble"),
    [
        (SubmissionState.QUEUED, 0, None, ""),
        (SubmissionState.QUEUED, 1, None, "No answer has come back yet."),
        (SubmissionState.QUEUED, 1, 503, "Tried once; the last time the service asked"),
        (SubmissionState.QUEUED, 2, 200, "did not sign"),
        (SubmissionState.QUEUED, 2, 503, "come back later"),
        (SubmissionState.QUEUED, 2, 500, "trouble of its own"),
        (SubmissionState.HELD, 1, 401, "proof of a verified officer"),
    ],
)
def test_the_last_trouble_is_said_in_words(
    state: SubmissionState, tries: int, status: int | None, trouble: str
) -> None:
    row = describe_submission(Submission(bytes(16), state, NOW, tries, status), "", "", NOW, UTC)
    assert trouble in row.trouble
    assert row.can_move
    assert row.was_tried == bool(tries)


@pytest.mark.parametrize("state", SubmissionState)
def test_every_state_has_a_word_a_shape_and_a_sentence(state: SubmissionState) -> None:
    row = describe_submission(Submission(bytes(16), state, NOW, 0, None), "", "", NOW, UTC)
    assert row.word
    assert row.shape
    assert row.sentence
    assert row.can_move == (state in {SubmissionState.QUEUED, SubmissionState.HELD})


def test_a_first_report_waits_for_its_days_and_send_now_says_what_it_gives_away(
    page: OutboxPage,
    session: Session,
    draft_id: DraftId,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(session)
    first = datetime.now(UTC) + timedelta(days=9)
    token_times.put_moment(session.post, token_times.FIRST_REPORT, first)
    asked: list[str] = []

    def agree(_parent: object, *texts: str) -> bool:
        asked.append(" ".join(texts))
        return True

    monkeypatch.setattr(outbox, "ask", agree)
    card = open_card(page, qtbot)
    assert "for 3 to 31 days after" in card.row.sentence
    assert say_time(first, datetime.now(UTC)) in card.row.sentence
    with qtbot.waitSignal(session.outbox_changed, timeout=20_000):
        card.send.click()
    assert "first tokens" in asked[0]
    (row,) = session.outbox.submissions()
    assert row.tries == 1
