"""The way to take a report back, where its messages are read, and how that stands."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.submission import PendingWithdrawal, WithdrawalState
from sync.withdrawing import queue_withdrawal
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages.mail_bag import NEWS, TITLE, WORDS, deliver, keep
from tests.ui.pages.officer import TENANT, open_session
from ui.models.withdrawal_rows import describe_withdrawal
from ui.pages import withdraw_card
from ui.pages.mail_words import MailWordsPage
from ui.pages.messages import MessagesPage
from ui.pages.outbox import OutboxPage
from ui.pages.reports import read_lines
from ui.pages.withdrawal_card import WithdrawalCard
from ui.session import Session

NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        yield found


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], list[str]]:
    """What the person answers; returns what was asked."""
    asked: list[str] = []

    def decide(agrees: bool) -> list[str]:
        def answer(_parent: object, *texts: str, **_more: object) -> bool:
            asked.append(" ".join(texts))
            return agrees

        monkeypatch.setattr(withdraw_card, "ask", answer)
        return asked

    return decide


def _open_words(session: Session, qtbot: QtBot) -> MailWordsPage:
    deliver(session, NEWS)
    page = MailWordsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.open(None)
    page.line.setText(" ".join(WORDS))
    page.read.click()
    qtbot.waitUntil(page.withdraw.isVisible, timeout=20_000)
    return page


@pytest.mark.parametrize("agrees", [False, True])
def test_by_words_it_is_asked_once_and_waits_in_the_outbox(
    session: Session, qtbot: QtBot, say: Callable[[bool], list[str]], agrees: bool
) -> None:
    page = _open_words(session, qtbot)
    asked = say(agrees)
    page.withdraw.button.click()
    assert len(asked) == 1
    assert "cannot be undone" in asked[0]
    assert "stays known" in asked[0]
    if not agrees:
        assert session.withdrawals.all() == ()
        return
    qtbot.waitUntil(lambda: len(session.withdrawals.all()) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not page.withdraw.button.isVisible(), timeout=20_000)
    assert unnamed(page) == []
    check_keyboard(page)
    page.flush()
    assert not page.withdraw.isVisible()


def test_while_locked_it_says_where_it_could_wait(session: Session, qtbot: QtBot) -> None:
    session.lock()
    page = _open_words(session, qtbot)
    assert not page.withdraw.button.isVisible()


def test_kept_words_withdraw_without_being_typed(
    session: Session, qtbot: QtBot, say: Callable[[bool], list[str]]
) -> None:
    receipt = deliver(session, NEWS)
    keep(session, receipt)
    page = MessagesPage(session)
    qtbot.addWidget(page)
    page.show()
    page.open(receipt.report_id)
    qtbot.waitUntil(page.withdraw.isVisible, timeout=20_000)
    say(True)
    page.withdraw.button.click()
    qtbot.waitUntil(lambda: len(session.withdrawals.all()) == 1, timeout=20_000)
    (line,) = read_lines(session)
    assert line.chip[0] == "Withdrawal waits"


def test_what_still_waits_here_is_taken_back_instead(session: Session, qtbot: QtBot) -> None:
    receipt = deliver(session, NEWS)
    session.outbox.add(receipt.report_id, bytes(65_536), NOW)
    page = _open_words_again(session, qtbot)
    assert not page.withdraw.button.isVisible()


def _open_words_again(session: Session, qtbot: QtBot) -> MailWordsPage:
    page = MailWordsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.open(None)
    page.line.setText(" ".join(WORDS))
    page.read.click()
    qtbot.waitUntil(page.withdraw.isVisible, timeout=20_000)
    return page


def test_in_the_outbox_it_has_its_title_and_can_be_removed_when_it_is_over(
    session: Session, qtbot: QtBot
) -> None:
    receipt = deliver(session, NEWS)
    keep(session, receipt)
    queue_withdrawal(session.post, receipt, TENANT, NOW)
    page = OutboxPage(session)
    qtbot.addWidget(page)
    page.show()
    page.open(None)
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=20_000)
    (card,) = page.cards
    assert isinstance(card, WithdrawalCard)
    assert card.row.title == TITLE
    qtbot.waitUntil(card.send.isVisible, timeout=20_000)
    assert (card.send.isVisible(), card.remove.isVisible()) == (True, False)
    for state in (WithdrawalState.SENDING, WithdrawalState.WITHDRAWN):
        session.withdrawals.move(receipt.report_id, state)
    page.refresh()
    qtbot.waitUntil(lambda: page.cards != [card] and len(page.cards) == 1, timeout=20_000)
    (over,) = page.cards
    assert isinstance(over, WithdrawalCard)
    over.remove.click()
    qtbot.waitUntil(lambda: session.withdrawals.all() == (), timeout=20_000)


@pytest.mark.parametrize("state", WithdrawalState)
def test_every_state_has_a_word_a_shape_and_a_sentence(state: WithdrawalState) -> None:
    pending = PendingWithdrawal(bytes(16), state, NOW, 0, None)
    row = describe_withdrawal(pending, "", NOW, UTC)
    assert row.word
    assert row.shape
    assert row.sentence
    assert row.is_over == state.is_final
    assert row.can_send == (state is WithdrawalState.WAITING)


@pytest.mark.parametrize(
    ("tries", "absences", "words"),
    [(0, 0, "It is signed."), (2, 0, "Tried 2 times"), (3, 1, "no such report so far")],
)
def test_what_came_of_it_so_far_is_said(tries: int, absences: int, words: str) -> None:
    pending = PendingWithdrawal(bytes(16), WithdrawalState.WAITING, NOW, tries, 200, absences)
    assert words in describe_withdrawal(pending, "", NOW, UTC).sentence
