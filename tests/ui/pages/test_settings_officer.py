"""The card about being a verified officer: enrolling, and how it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.token import Account
from sync import officer_standing
from sync.client import HttpAnswer
from sync.issuer_talk import IssuerTalk
from sync.network_errors import NetworkError
from sync.protocol.card import Card
from sync.protocol.enrolment import Enrolment, write_answer
from tests.ui.accessibility import unnamed
from tests.ui.pages.enrolled import enrol, purse_of
from tests.ui.pages.officer import connect, open_session
from ui.pages.settings_officer import OfficerCard
from ui.session import Session

CARD = Card.generate()


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path / "home") as found:
        connect(found)
        yield found


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(860, 700)
    made.show()
    return made


def _show(session: Session, window: QWidget, qtbot: QtBot) -> OfficerCard:
    card = OfficerCard(session)
    card.setParent(window)
    _settle(qtbot)
    return card


def _settle(qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: QThreadPool.globalInstance().activeThreadCount() == 0)
        qtbot.wait(5)


def _answer(monkeypatch: pytest.MonkeyPatch, status: int | None) -> None:
    """The issuer's answer to the next questions; None for nobody."""

    def ask(talk: IssuerTalk, _path: str, _media_type: str, body: bytes) -> HttpAnswer:
        if status is None:
            raise NetworkError("The service cannot be reached.")
        account = talk.purse.account()
        assert account is not None
        question = Enrolment.from_bytes(body)
        return HttpAnswer(status, write_answer(question.account), None)

    monkeypatch.setattr(IssuerTalk, "ask", ask)


def test_without_a_card_it_asks_for_one_beside_the_words_to_compare(
    session: Session, window: QWidget, qtbot: QtBot
) -> None:
    card = _show(session, window, qtbot)
    connection = session.connection()
    assert connection is not None
    assert card._line.isVisible()
    assert card._words.text() == " ".join(session.words.fingerprint(connection.root))
    assert "waits in the outbox" in card._text.text()
    assert not card._tokens.isVisible()
    assert unnamed(card) == []


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH", CARD.text[:-1] + "A7"], ids=["nothing", "short", "changed"]
)
def test_what_is_no_card_is_said_at_the_line_and_not_sent(
    session: Session, window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(IssuerTalk, "ask", lambda *_words: pytest.fail("it was sent"))
    card = _show(session, window, qtbot)
    card._line.setText(typed)
    card._button.click()
    _settle(qtbot)
    assert "not a card" in card._field.error()
    assert purse_of(session).account() is None


def test_a_card_is_used_however_it_is_typed(
    session: Session, window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, 200)
    card = _show(session, window, qtbot)
    card._line.setText("  " + CARD.grouped().lower().replace("-", " \N{EN DASH} "))
    card._line.returnPressed.emit()
    _settle(qtbot)
    account = purse_of(session).account()
    assert account is not None
    assert account.is_enrolled
    assert card._news.accessibleName() == "You are a verified officer"
    assert card._line.text() == ""
    assert not card._line.isVisible()
    assert "Verified. No tokens are here yet." in card._tokens.text()


def test_a_card_that_was_used_before_can_be_replaced_by_another(
    session: Session, window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, 403)
    card = _show(session, window, qtbot)
    card._line.setText(CARD.text)
    card._button.click()
    _settle(qtbot)
    assert "used before" in card._news.accessibleDescription()
    assert "nearmiss" not in card._news.accessibleDescription()
    assert purse_of(session).account() is None
    assert card._line.isVisible()


def test_when_nobody_answers_the_card_is_kept_and_that_is_said(
    session: Session, window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, None)
    card = _show(session, window, qtbot)
    card._line.setText(CARD.text)
    card._button.click()
    _settle(qtbot)
    account = purse_of(session).account()
    assert account is not None
    assert account.card == CARD.text
    assert "asked again by itself" in card._text.text()
    assert not card._line.isVisible()


def test_it_tells_the_tokens_without_an_exact_moment(
    session: Session, window: QWidget, qtbot: QtBot
) -> None:
    enrol(session, spent=3)
    card = _show(session, window, qtbot)
    told = card._tokens.text()
    assert told.startswith("Verified. 9 of 12 tokens left. They count until ")
    assert "in the days after 1 " in told
    assert "cover submissions" in card._text.text()
    assert ":" not in told


@pytest.mark.parametrize(("officers", "is_warned"), [(None, False), (150, True), (250, False)])
def test_a_small_crowd_is_a_warning(
    session: Session,
    window: QWidget,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    officers: int | None,
    is_warned: bool,
) -> None:
    monkeypatch.setattr(officer_standing, "read_crowd", lambda _home, _connection: officers)
    enrol(session)
    card = _show(session, window, qtbot)
    assert card._crowd.isVisible() == (officers is not None)
    if officers is not None:
        assert str(officers) in card._crowd.accessibleName()
        assert ("guess who wrote" in card._crowd.accessibleName()) == is_warned
        assert card._crowd.property("kind") == ("warning" if is_warned else "info")


def test_tokens_that_a_wrong_date_hides_are_named(
    session: Session, window: QWidget, qtbot: QtBot
) -> None:
    enrol(session, "2020-Q1")
    card = _show(session, window, qtbot)
    assert "12 tokens are here that do not count by this computer's date" in card._tokens.text()
    assert "check this computer's date" in card._tokens.text()


def test_while_locked_nothing_of_it_is_seen(
    session: Session, window: QWidget, qtbot: QtBot
) -> None:
    enrol(session)
    card = _show(session, window, qtbot)
    assert card.isVisible()
    session.lock()
    session.locked.emit()
    _settle(qtbot)
    assert not card.isVisible()


def test_after_another_persons_vault_was_opened_no_card_is_left_in_the_line(
    session: Session, window: QWidget, qtbot: QtBot
) -> None:
    card = _show(session, window, qtbot)
    card._line.setText(CARD.text)
    session.lock()
    session.locked.emit()
    assert card._line.text() == ""
    purse = Account(b"s" * 32, CARD.text)
    assert CARD.text not in repr(purse)
