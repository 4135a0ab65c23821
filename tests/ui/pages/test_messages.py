"""Messages in the window: read with kept words or typed ones, answered, and gone when left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.submission import SubmissionState
from app.paths import Home
from sync.protocol.envelope import Reply
from sync.protocol.mail import seal_mail
from sync.protocol.receipt import Receipt
from sync.scrub import Doubt
from tests.ui.every_page import press
from tests.ui.keyboard import Keyboard
from tests.ui.opened import Opened, make_vault, opened
from tests.ui.pages import mail_bag
from tests.ui.pages.mail_bag import QUESTION, TITLE, WORDS, deliver, keep
from tests.ui.pages.officer import use_rules
from ui.pages import messages, outbox
from ui.pages.answer_box import AnswerBox
from ui.pages.mail_words import MailWordsPage
from ui.pages.messages import MessagesPage
from ui.pages.outbox import OutboxPage, SubmissionCard
from ui.pages.reports import read_lines
from ui.widgets.heading import PlainLabel
from ui.widgets.states import StateChip

TYPED = " ".join(WORDS)


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window with an open, empty vault."""
    home = Home(tmp_path / "home")
    make_vault(home)
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        use_rules(it.session)
        yield it


def texts(it: Opened, place: str) -> str:
    """All that a page says, of what can be seen."""
    labels = it.window.page(place).findChildren(PlainLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def chips(it: Opened, place: str) -> list[str]:
    found = it.window.page(place).findChildren(StateChip)
    return [chip.word() for chip in found if chip.isVisible()]


def show_messages(it: Opened, receipt: Receipt) -> MessagesPage:
    it.window.show_place("messages", receipt.report_id)
    it.settle()
    page = it.window.page("messages")
    assert isinstance(page, MessagesPage)
    return page


def show_kept(it: Opened) -> MessagesPage:
    receipt = deliver(it.session)
    keep(it.session, receipt)
    return show_messages(it, receipt)


def read_words(it: Opened, typed: str = TYPED) -> MailWordsPage:
    it.window.show_place("mail")
    page = it.window.page("mail")
    assert isinstance(page, MailWordsPage)
    page.line.setText(typed)
    press(it, "Read")
    return page


def box_of(page: MessagesPage | MailWordsPage) -> AnswerBox:
    (box,) = page.letters.boxes
    return box


def waiting(it: Opened) -> list[SubmissionState]:
    return [row.state for row in it.session.outbox.submissions()]


def test_a_question_is_answered_by_keyboard_alone(it: Opened) -> None:
    keep(it.session, deliver(it.session))
    it.window.show_place("reports")
    it.settle()
    keys = Keyboard(it)
    keys.push(f"Messages: {TITLE}")
    keys.tab_to("Your answer")
    keys.type("About ten steps. Officer Whitlock saw it.")
    keys.push("See what leaves")
    assert "Officer [NAME-1] saw it." in texts(it, "messages")
    keys.push("Seal and queue the answer")
    assert waiting(it) == [SubmissionState.QUEUED]
    assert chips(it, "messages")[0] == "Answer waits"
    assert "Your answer is sealed." in texts(it, "messages")


def test_all_messages_are_shown_in_their_order(it: Opened) -> None:
    show_kept(it)
    shown = texts(it, "messages")
    parts = ("Ladder at", QUESTION.text, "was read", "published as number 10017", "roll-call sheet")
    assert sorted(parts, key=shown.index) == list(parts)
    assert chips(it, "messages") == ["Question for you", "Published"]
    assert "Written in March 2026" in shown


def test_what_is_written_is_in_the_vault_when_the_page_is_left(it: Opened) -> None:
    page = show_kept(it)
    box_of(page).editor.insertPlainText("About ten")
    it.window.show_place("archive")
    (kept,) = it.session.receipts.kept()
    assert it.session.receipts.replies(kept.report_id) == {1: ("About ten", None)}
    it.window.show_place("messages", kept.report_id)
    it.settle()
    assert box_of(page).editor.value() == "About ten"


def test_what_leaves_is_looked_at_again_after_every_change(it: Opened) -> None:
    box = box_of(show_kept(it))
    box.editor.set_value("About ten steps.")
    press(it, "See what leaves")
    assert box.panel.isVisible()
    box.editor.insertPlainText("Officer Whitlock. ")
    assert not box.panel.isVisible()
    assert box.look.isVisible()
    press(it, "See what leaves")
    press(it, "Go on writing")
    assert not box.panel.isVisible()


def test_what_is_only_possible_is_masked_unless_somebody_unticks_it(it: Opened) -> None:
    box = box_of(show_kept(it))
    box.editor.set_value("It was a Tuesday as always.")
    press(it, "See what leaves")
    leaving = box.panel.leaving()
    assert leaving is not None
    assert "Tuesday" not in leaving.leaves
    assert "\u201cTuesday\u201d" in texts(it, "messages")
    box.panel._mask.click()
    leaving = box.panel.leaving()
    assert leaving is not None
    assert "Tuesday" in leaving.leaves


def test_where_the_finder_is_in_doubt_somebody_has_to_read_first(it: Opened) -> None:
    use_rules(it.session, *Doubt)
    box = box_of(show_kept(it))
    box.editor.set_value("About ten steps.")
    press(it, "See what leaves")
    assert not box.panel.seal.isEnabled()
    box.panel._read.click()
    assert box.panel.seal.isEnabled()


def test_an_empty_answer_is_said_at_its_field(it: Opened) -> None:
    box = box_of(show_kept(it))
    press(it, "See what leaves")
    assert "The answer is empty." in texts(it, "messages")
    assert not box.panel.isVisible()


def test_an_answer_is_taken_back_in_the_outbox_and_written_again(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ask", lambda *_texts: True)
    box = box_of(show_kept(it))
    box.editor.set_value("About ten steps.")
    press(it, "See what leaves")
    press(it, "Seal and queue the answer")
    it.window.show_place("outbox")
    it.settle()
    page = it.window.page("outbox")
    assert isinstance(page, OutboxPage)
    (card,) = page.cards
    assert isinstance(card, SubmissionCard)
    assert card.row.title == "An answer to a question"
    card.take_back.click()
    it.settle()
    assert waiting(it) == []
    (kept,) = it.session.receipts.kept()
    assert it.session.receipts.replies(kept.report_id) == {1: ("About ten steps.", None)}


def test_words_that_are_destroyed_here_show_nothing_any_more(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "ask", lambda *_texts, **_more: True)
    page = show_kept(it)
    page.forget.click()
    it.settle()
    assert it.window.shown == "reports"
    assert it.session.receipts.kept() == ()
    it.window.show_place("messages", bytes(16))
    it.settle()
    assert "not kept in this vault" in texts(it, "messages")


def test_a_record_that_does_not_open_is_told_and_not_shown(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal_wrongly(content: bytes, to: Reply, _tenant: str) -> bytes:
        return seal_mail(content, to, "f" * 32)

    monkeypatch.setattr(mail_bag, "seal_mail", seal_wrongly)
    show_kept(it)
    shown = texts(it, "messages")
    assert "cannot be opened" in shown
    assert QUESTION.text not in shown


# Reports.


def test_an_open_question_stands_first_in_the_list(it: Opened) -> None:
    session = it.session
    session.drafts.create(session.form.id, session.form.version, "A draft")
    receipt = deliver(session)
    keep(session, receipt)
    first, second = read_lines(session)
    assert (first.title, first.chip[0], first.action) == (TITLE, "Question for you", "Messages")
    assert second.title == "A draft"
    session.receipts.mark_sealed(receipt.report_id, 1, "Ten.", b"s" * 16)
    lines = read_lines(session)
    assert [line.title for line in lines] == ["A draft", TITLE]
    assert (lines[1].chip[0], lines[1].caption) == ("Published", "Number 10017 in the archive")


def test_a_kept_receipt_is_in_the_list_without_mail_and_without_an_archive(it: Opened) -> None:
    receipt = deliver(it.session, ())
    keep(it.session, receipt)
    (line,) = read_lines(it.session)
    assert line.chip[0] == "Received"
    it.session.home.connection_file.write_bytes(b"damaged")
    it.session.forget_archive()
    assert [each.title for each in read_lines(it.session)] == [TITLE]


def test_the_list_leads_to_the_page_for_typed_words(it: Opened) -> None:
    it.window.show_place("reports")
    press(it, "Read messages with my seven words")
    assert it.window.shown == "mail"


# Words that are typed.


def test_typed_words_open_the_messages_and_are_taken_away(it: Opened) -> None:
    deliver(it.session)
    page = read_words(it, f"  {TYPED.upper()}  ")
    assert QUESTION.text in texts(it, "mail")
    assert page.line.text() == ""
    press(it, "Take it away")
    assert QUESTION.text not in texts(it, "mail")


def test_an_answer_by_typed_words_leaves_no_trace_in_the_vault(it: Opened) -> None:
    receipt = deliver(it.session)
    box = box_of(read_words(it))
    assert "Nothing on this page is kept" in texts(it, "mail")
    box.editor.insertPlainText("About ten steps.")
    box.flush()
    assert it.session.receipts.replies(receipt.report_id) == {}
    press(it, "See what leaves")
    press(it, "Seal and queue the answer")
    assert waiting(it) == [SubmissionState.QUEUED]
    assert it.session.receipts.replies(receipt.report_id) == {}
    assert QUESTION.text not in texts(it, "mail")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "7 words, not 0"),
        ("abacus", "not 1"),
        (f"{TYPED} more", "not 8"),
        ("z " * 7, "word 1"),
    ],
)
def test_words_that_are_none_are_said_at_the_field(it: Opened, typed: str, said: str) -> None:
    deliver(it.session)
    page = read_words(it, typed)
    assert said in page.field.error()
    assert page.line.text() == typed


def test_words_without_messages_stay_to_be_compared(it: Opened) -> None:
    deliver(it.session)
    other = " ".join(reversed(WORDS))
    page = read_words(it, other)
    assert "compare each word with your paper" in texts(it, "mail")
    assert page.line.text() == other


@pytest.mark.parametrize("leave", ["page", "lock"])
def test_nothing_stays_when_the_page_is_left_or_the_window_locked(it: Opened, leave: str) -> None:
    deliver(it.session)
    page = read_words(it)
    if leave == "lock":
        it.window.lock()
        it.settle()
        assert it.window.place("mail") is None
        return
    it.window.show_place("archive")
    it.settle()
    assert page.line.text() == ""
    assert page.letters.boxes == []
    labels = [label.text() for label in page.findChildren(PlainLabel)]
    assert QUESTION.text not in labels


def test_while_locked_messages_are_read_and_not_answered(it: Opened) -> None:
    deliver(it.session)
    it.window.lock()
    it.settle()
    press(it, "Read messages with seven words")
    page = read_words(it)
    assert QUESTION.text in texts(it, "mail")
    assert page.letters.boxes == []
    assert "open your vault or make one" in texts(it, "mail")


def test_without_a_connection_that_is_said(it: Opened) -> None:
    page = read_words(it)
    assert "not connected" in page.field.error()


def test_enter_reads_too(it: Opened) -> None:
    deliver(it.session)
    it.window.show_place("mail")
    keys = Keyboard(it)
    keys.type(TYPED)
    keys.press(Qt.Key.Key_Return)
    it.settle()
    assert QUESTION.text in texts(it, "mail")
