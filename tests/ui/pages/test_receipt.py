"""The seven words are shown once, asked back, and never copied anywhere by themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.use_cases.write_report import DraftId
from sync.protocol.receipt import make_receipt
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages.officer import TENANT, connect, open_session, write_draft
from ui.models.draft_title import name_draft
from ui.pages import receipt
from ui.pages.receipt import ReceiptPage, is_same_word
from ui.session import Session

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        yield found


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ReceiptPage:
    made = ReceiptPage(session)
    qtbot.addWidget(made)
    made.resize(980, 640)
    made.show()
    made.open(("0" * 16, WORDS))
    return made


def type_words(page: ReceiptPage, qtbot: QtBot, *words: str) -> None:
    for field, word in zip(page.fields, words, strict=True):
        assert isinstance(field.editor, QLineEdit)
        field.editor.clear()
        QTest.keyClicks(field.editor, word)


def shown(page: ReceiptPage) -> list[str]:
    return [label.text() for label in page.card.findChildren(QLabel) if label.isVisible()]


def test_all_seven_words_are_shown_with_their_numbers(page: ReceiptPage) -> None:
    found = shown(page)
    assert all(word in found for word in WORDS)
    assert all(str(number) in found for number in range(1, 8))


def test_the_right_words_lead_on_whatever_their_case_and_blanks(
    page: ReceiptPage, qtbot: QtBot
) -> None:
    type_words(page, qtbot, " Constrict ", "UNWELCOME")
    with qtbot.waitSignal(page.navigate) as going:
        QTest.keyClick(page.fields[1].editor, Qt.Key.Key_Return)
    assert going.args == ["outbox", None]
    assert shown(page) == []


@pytest.mark.parametrize("typed", ["", "skittle"])
def test_a_wrong_or_missing_word_is_said_at_its_field(
    page: ReceiptPage, qtbot: QtBot, typed: str
) -> None:
    type_words(page, qtbot, "constrict", typed)
    with qtbot.assertNotEmitted(page.navigate):
        page.done.click()
    assert page.fields[0].error() == ""
    assert "5th word" in page.fields[1].error()


@pytest.mark.parametrize("goes_on", [False, True])
def test_going_on_without_the_words_is_asked_about(
    page: ReceiptPage, monkeypatch: pytest.MonkeyPatch, goes_on: bool
) -> None:
    monkeypatch.setattr(receipt, "ask", lambda *_texts: goes_on)
    went: list[str] = []
    page.navigate.connect(lambda place, _argument: went.append(place))
    page.skip.click()
    assert went == (["outbox"] if goes_on else [])


def test_the_words_never_reach_the_clipboard(page: ReceiptPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("before")
    for widget in (page, page.card):
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"


def test_the_words_are_read_from_the_vault_until_the_report_has_arrived(
    page: ReceiptPage, session: Session, qtbot: QtBot
) -> None:
    draft_id = write_draft(session)
    session.drafts.begin_approval(draft_id, bytes(16), " ".join(reversed(WORDS)))
    page.open((draft_id, None))
    qtbot.waitUntil(lambda: shown(page)[1:2] == ["flatten"])


def test_words_that_are_gone_are_said_to_be_gone(page: ReceiptPage, qtbot: QtBot) -> None:
    page.open(("0" * 16, None))
    qtbot.waitUntil(lambda: "no such report" in page.banner.accessibleName())
    assert shown(page) == []


def test_nothing_is_shown_any_more_once_the_vault_is_locked(
    page: ReceiptPage, session: Session
) -> None:
    session.locked.emit()
    assert shown(page) == []


def test_every_control_has_a_name_and_can_be_reached(page: ReceiptPage) -> None:
    assert unnamed(page) == []
    check_keyboard(page)


def test_a_word_is_the_same_in_any_case() -> None:
    assert is_same_word(" Yo-Yo ", "yo-yo")
    assert not is_same_word("yoyo", "yo-yo")


def approve(page: ReceiptPage, session: Session, qtbot: QtBot) -> DraftId:
    """Show the receipt of an approved draft."""
    connect(session)
    draft_id = write_draft(session)
    receipt = make_receipt(WORDS, TENANT)
    session.drafts.begin_approval(draft_id, receipt.report_id, " ".join(WORDS))
    session.drafts.mark_queued(draft_id)
    page.open((draft_id, WORDS))
    qtbot.waitUntil(page.keep.isEnabled)
    return draft_id


def test_the_vault_keeps_the_words_only_if_somebody_ticks_that(
    page: ReceiptPage, session: Session, qtbot: QtBot
) -> None:
    draft_id = approve(page, session, qtbot)
    assert not page.keep.isChecked()
    assert session.receipts.kept() == ()
    page.keep.click()
    qtbot.waitUntil(lambda: bool(session.receipts.kept()) and page.keep.isEnabled())
    (kept,) = session.receipts.kept()
    receipt = make_receipt(WORDS, TENANT)
    assert (kept.words, kept.tenant) == (" ".join(WORDS), TENANT)
    assert (kept.report_id, kept.mail_tag) == (receipt.report_id, receipt.mail_tag)
    assert kept.reply_seed == receipt.reply.seed
    assert kept.title == name_draft(session, session.drafts.summary(draft_id))
    page.open((draft_id, None))  # from the outbox
    qtbot.waitUntil(page.keep.isChecked)


def test_words_that_are_kept_are_destroyed_when_the_tick_goes(
    page: ReceiptPage, session: Session, qtbot: QtBot
) -> None:
    approve(page, session, qtbot)
    for _tick_and_untick in range(2):
        page.keep.click()
        qtbot.waitUntil(page.keep.isEnabled)
    assert session.receipts.kept() == ()


def test_without_words_there_is_nothing_to_keep(page: ReceiptPage, session: Session) -> None:
    page.clear()
    assert not page.keep.isEnabled()
    assert not page.keep.isChecked()
    assert session.receipts.kept() == ()
