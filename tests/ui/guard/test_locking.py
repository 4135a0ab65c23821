"""Locking over the real window: cleared at once, nothing lost, nothing left, back where one was."""

import gc
import time
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.form import SectionId
from app.paths import DiskFullError, Home
from app.store.drafts import Drafts
from app.use_cases import write_report
from sync.schedule import Moment
from tests.ui.every_page import _fill_archive, _wait_in_outbox
from tests.ui.guard.locked import (
    STORY,
    Seen,
    editor,
    enter,
    held_strings,
    press,
    press_lock_key,
    shown_texts,
    wizard,
)
from tests.ui.opened import Opened, make_vault, opened
from tests.ui.pages.mail_bag import deliver, keep
from tests.ui.pages.officer import connect, use_rules, write_draft
from ui.guard.guard import Guard
from ui.guard.idle import Reason
from ui.locking import Cover
from ui.messages import Message, ask
from ui.pages.archive import ArchivePage
from ui.pages.check import CheckPage
from ui.pages.messages import MessagesPage
from ui.pages.receipt import ReceiptPage
from ui.unlock.page import UnlockPage
from ui.widgets.cards import Banner

CANARY = "xylotomous quagga"


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window whose home has two vaults, the first of them open."""
    home = Home(tmp_path / "home")
    make_vault(home)
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        yield it


def write(it: Opened) -> str:
    """A draft, open at its story, with a canary typed into the middle of it."""
    draft_id = write_draft(it.session)
    it.window.show_place("wizard", draft_id)
    it.settle()
    wizard(it).editor.choose_field(STORY)
    it.settle()
    edit = editor(it)
    edit.setFocus()
    cursor = edit.textCursor()
    cursor.setPosition(40)
    edit.setTextCursor(cursor)
    QTest.keyClicks(edit, CANARY)
    return str(draft_id)


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing more can be written."""

    def refuse(*_: object, **__: object) -> None:
        raise DiskFullError

    for name in ("save_answers", "create", "save_decisions"):
        monkeypatch.setattr(Drafts, name, refuse)


def test_the_key_locks_and_unlocking_leads_to_the_same_letter(it: Opened) -> None:
    write(it)
    before = editor(it).toPlainText()
    press_lock_key(it.window)
    assert it.window.shown == "door"
    assert not it.session.is_unlocked
    enter(it)
    assert it.window.shown == "wizard"
    edit = editor(it)
    assert edit.toPlainText() == before
    assert edit.hasFocus()
    assert edit.textCursor().position() == 40 + len(CANARY)
    QTest.keyClicks(edit, "!")
    assert f"{CANARY}!" in edit.toPlainText()


def test_section_selection_and_scroll_are_the_same_again(it: Opened) -> None:
    write(it)
    wizard(it).editor.choose_section(SectionId("factors"))
    it.settle()
    form = wizard(it).editor.form
    bar = form.middle.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    section, height = form.current, bar.value()
    assert height > 0
    it.window.lock()
    it.settle()
    enter(it)
    form = wizard(it).editor.form
    assert form.current == section
    it.qtbot.waitUntil(lambda: form.middle.verticalScrollBar().value() == height)


def test_a_selection_in_the_story_is_there_again(it: Opened) -> None:
    write(it)
    edit = editor(it)
    cursor = edit.textCursor()
    cursor.setPosition(30)
    cursor.setPosition(10, cursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    it.window.lock()
    it.settle()
    enter(it)
    assert (editor(it).textCursor().anchor(), editor(it).textCursor().position()) == (30, 10)


def test_what_is_begun_before_there_is_a_draft_is_there_again(it: Opened) -> None:
    it.window.show_place("wizard")
    it.settle()
    gate = wizard(it).editor.form.view(SectionId("gate"))
    (role,) = (each for each in gate.questions() if each.field.id == "reporter_role")
    role.controls()[1].click()  # type: ignore[attr-defined]
    chosen = role.read()
    assert chosen
    it.window.lock()
    it.settle()
    assert it.session.vault_name == ""
    enter(it)
    assert it.session.drafts.summaries() == ()
    gate = wizard(it).editor.form.view(SectionId("gate"))
    assert [each.read() for each in gate.questions() if each.field.id == "reporter_role"] == [
        chosen
    ]


def test_what_cannot_be_an_answer_yet_is_there_again(it: Opened) -> None:
    it.window.show_place("wizard", write_draft(it.session))
    it.settle()
    page = wizard(it)
    section = SectionId("when")
    page.editor.choose_section(section)
    lines = [
        each
        for each in page.editor.form.view(section).questions()
        if isinstance(each.controls()[0], QLineEdit) and each.is_typed
    ]
    line = lines[0].controls()[0]
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.setText("20")
    it.window.lock()
    it.settle()
    enter(it)
    again = wizard(it).editor.form.view(section).question(lines[0].field.id)
    assert again is not None
    assert str(again.read()) == "20"


def test_the_window_is_clear_before_anything_else_happens(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(it)
    seen = Seen(it.window)
    save, close = write_report.save, it.session.lock
    monkeypatch.setattr(write_report, "save", seen.noting("saved", save))
    monkeypatch.setattr(it.session, "lock", seen.noting("closed", close))
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(seen)
    try:
        press_lock_key(it.window)
    finally:
        app.removeEventFilter(seen)
    assert seen.said[0] == "covered"
    assert seen.said.index("covered") < seen.said.index("saved") < seen.said.index("closed")


def test_clearing_the_window_takes_no_time_that_one_could_see(it: Opened) -> None:
    write(it)
    cover = Cover(it.window)
    begin_s = time.perf_counter()
    cover.put_on()
    took_s = time.perf_counter() - begin_s
    colours = {
        it.window.grab().toImage().pixel(x, y)
        for x in range(0, it.window.width(), 37)
        for y in range(0, it.window.height(), 29)
    }
    cover.deleteLater()
    assert len(colours) == 1
    assert took_s < 0.25  # 3 ms where nothing else runs


def test_nothing_of_it_is_left_in_any_widget_or_object(it: Opened) -> None:
    before = held_strings(CANARY)  # of this module and what pytest knows of it
    write(it)
    wizard(it).flush()
    vault = weakref.ref(it.session._vault)
    assert CANARY in shown_texts()
    assert held_strings(CANARY) > before
    it.window.lock()
    it.settle()
    gc.collect()
    assert vault() is None  # and with it the keys
    assert CANARY not in shown_texts()
    assert held_strings(CANARY) == before


def test_on_a_full_disk_the_window_is_cleared_all_the_same_and_nothing_is_lost(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = write(it)
    with monkeypatch.context() as full:
        fill_disk(full)
        it.window.lock()
        it.settle()
        assert it.window.shown == "door"
        assert not it.session.is_unlocked
        assert CANARY not in shown_texts()
        said = [
            each.accessibleName() for each in it.window.findChildren(Banner) if each.isVisible()
        ]
        assert "Locked, and the last words are not on the disk yet" in said
        enter(it)
        assert CANARY in editor(it).toPlainText()
        # Another section, and locked once more: it is still not on the disk.
        wizard(it).editor.form.show_section(SectionId("factors"))
        it.window.lock()
        it.settle()
        enter(it)
    wizard(it).flush()
    answers = it.session.drafts.answers(write_report.DraftId(draft_id))
    assert CANARY in answers[STORY]


def test_who_closes_a_window_with_unsaved_words_is_asked(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(it)
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Message)
        asked.append(box.accessibleName())
        box.reject()

    with monkeypatch.context() as full:
        fill_disk(full)
        for _ in range(2):  # while it is open, and while it is locked
            QTimer.singleShot(50, answer)
            assert not it.window.close()
            assert it.window.isVisible()
            it.window.lock()
            it.settle()
        enter(it)
    assert asked == ["Close without the last words?"] * 2
    assert it.window.close()


def test_a_dialog_goes_too_and_counts_as_refused(it: Opened) -> None:
    write(it)
    answers: list[bool] = []
    hidden: list[bool] = []

    def lock() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        press_lock_key(box)
        hidden.append(box.isHidden())

    QTimer.singleShot(50, lock)
    answers.append(ask(wizard(it), f"Remove {CANARY}?", "It is gone then.", "Remove", "Keep"))
    it.settle()
    assert (answers, hidden) == ([False], [True])
    assert it.window.shown == "door"
    assert not it.session.is_unlocked
    enter(it)
    assert CANARY in editor(it).toPlainText()


def test_the_check_comes_back_with_its_decisions_and_its_finding(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(it.session)
    use_rules(it.session)
    it.window.show_place("check", write_draft(it.session, " Zuni was there; zuni ran."))
    it.settle()
    page = it.window.page("check")
    assert isinstance(page, CheckPage)
    now = page.workspace.decisions
    assert now is not None
    places = [place for place, _found in now.places()]
    with monkeypatch.context() as full:
        fill_disk(full)
        page.workspace.panel.choose(places[3])
        QTimer.singleShot(1000, it.window.lock)  # over the box that tells of the full disk
        page.workspace.panel.left.emit(places[3], "It is not an identifier")
        at, decided = page.workspace.panel.current(), page.workspace.decisions
        it.qtbot.waitUntil(lambda: not it.session.is_unlocked)
        it.settle()
    enter(it)
    again = it.window.page("check")
    assert isinstance(again, CheckPage)
    assert again.workspace.decisions == decided
    assert again.workspace.panel.current() == at


def test_words_archive_and_messages_come_back(it: Opened) -> None:
    draft_id = _wait_in_outbox(it)
    words = tuple(it.session.drafts.receipt_words(draft_id).split())
    it.window.show_place("receipt", (draft_id, words))
    it.window.lock()
    it.settle()
    assert words[3] not in shown_texts()
    enter(it)
    receipt = it.window.page("receipt")
    assert isinstance(receipt, ReceiptPage)
    assert receipt.card.accessibleDescription() == " ".join(words)


def test_the_archive_comes_back_with_its_search(it: Opened) -> None:
    _fill_archive(it)
    it.window.show_place("archive", 7)
    it.settle()
    page = it.window.page("archive")
    assert isinstance(page, ArchivePage)
    page._parts.box.setText("road")
    it.settle()
    it.window.lock()
    it.settle()
    with pytest.raises(KeyError):
        it.window.page("archive")  # what somebody looked for is theirs
    enter(it)
    again = it.window.page("archive")
    assert isinstance(again, ArchivePage)
    assert again._parts.box.text() == "road"
    assert again._parts.reading.record is not None
    assert again._parts.reading.record.number == 7


def test_an_answer_that_is_being_written_comes_back(it: Opened) -> None:
    receipt = deliver(it.session)
    keep(it.session, receipt)
    it.window.show_place("messages", receipt.report_id)
    it.settle()
    page = it.window.page("messages")
    assert isinstance(page, MessagesPage)
    QTest.keyClicks(page.letters.boxes[0].editor, CANARY)
    it.window.lock()
    it.settle()
    enter(it)
    again = it.window.page("messages")
    assert isinstance(again, MessagesPage)
    assert again.letters.boxes[0].editor.value() == CANARY


def test_an_answer_read_with_words_alone_comes_back_too(it: Opened) -> None:
    from tests.ui.every_page import WORDS
    from ui.pages.mail_words import MailWordsPage

    deliver(it.session)
    it.window.show_place("mail")
    it.settle()
    page = it.window.page("mail")
    assert isinstance(page, MailWordsPage)
    page.line.setText(" ".join(WORDS))
    press(it.window, "Read")
    it.settle()
    QTest.keyClicks(page.letters.boxes[0].editor, CANARY)
    it.window.lock()
    it.settle()
    enter(it)
    again = it.window.page("mail")
    assert isinstance(again, MailWordsPage)
    assert again.letters.boxes[0].editor.value() == CANARY


def test_the_place_of_one_vault_is_not_shown_to_another(it: Opened) -> None:
    make_vault(it.session.home, "second")
    write(it)
    it.window.lock()
    it.settle()
    it.unlock("second")
    assert it.window.shown == "reports"
    assert CANARY not in shown_texts()
    it.window.lock()
    it.settle()
    enter(it)  # the door chooses the first
    assert it.window.shown == "wizard"
    assert CANARY in editor(it).toPlainText()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_locks_an_open_vault(it: Opened, reason: Reason) -> None:
    guard = it.window.findChildren(Guard)[0]
    guard.left.emit(reason)
    it.settle()
    assert not it.session.is_unlocked


def test_without_an_open_vault_only_what_was_typed_goes(it: Opened) -> None:
    it.window.lock()
    it.settle()
    guard = it.window.findChildren(Guard)[0]
    line = it.window.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "half a passphr")
    guard.left.emit(Reason.IDLE)
    assert line.text() == ""
    it.window.show_place("archive")
    guard.left.emit(Reason.IDLE)
    assert it.window.shown == "archive"  # it is no secret, and nobody is locked out of reading
    guard.left.emit(Reason.KEY)
    assert it.window.shown == "door"


class _Clock:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> Moment:
        start = datetime(2026, 11, 22, 3, tzinfo=UTC)
        return Moment(start + timedelta(seconds=self.now_s), self.now_s)


def test_idle_counts_from_the_last_key_or_move_of_the_pointer(it: Opened) -> None:
    clock, said = _Clock(), list[object]()
    other = QWidget()
    it.qtbot.addWidget(other)
    other.show()
    line = QLineEdit(other)
    line.setFocus()
    guard = Guard(other, it.program.wish, clock)
    guard.left.connect(said.append)
    handle = other.windowHandle()
    assert handle is not None

    def pass_time(seconds: int) -> None:
        for _ in range(seconds // 2):
            clock.now_s += 2
            guard.look()

    pass_time(118)
    QTest.keyClick(handle, Qt.Key.Key_A)
    pass_time(118)
    no = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(7, 9), QPointF(7, 9), no, no, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(handle, moved)
    pass_time(118)
    assert said == []
    pass_time(2)
    assert said == [Reason.IDLE]
    it.program.wish.keep(it.program.wish.settings._replace(lock_minutes=1))
    said.clear()
    pass_time(58)
    assert said == []
    pass_time(4)
    assert said == [Reason.IDLE]


def test_another_key_can_be_chosen(it: Opened) -> None:
    it.program.wish.keep(it.program.wish.settings._replace(lock_key="F12"))
    press_lock_key(it.window)
    assert it.session.is_unlocked
    handle = it.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F12)
    assert not it.session.is_unlocked


def test_wrong_passphrases_make_the_door_wait_and_say_what_that_is(it: Opened) -> None:
    it.window.lock()
    it.settle()
    for _ in range(3):
        enter(it, "not it")
    door = it.window.place("door")
    assert door is not None
    assert isinstance(door.widget, UnlockPage)
    text = shown_texts()
    assert "The next try is possible in 5 seconds." in text
    assert "This wait is a courtesy" in text
    enter(it)
    assert not it.session.is_unlocked  # not even the right one
    it.qtbot.wait(5500)
    focused = it.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)  # it stands there still
    it.qtbot.waitUntil(lambda: it.session.is_unlocked)
    assert not (it.session.home.vault_folder("first") / "tries").exists()


def test_every_window_has_the_same_neutral_title(it: Opened) -> None:
    write(it)
    assert it.window.windowTitle() == "Reports"
    titles: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QDialog)
        titles.append(box.windowTitle())
        box.reject()

    QTimer.singleShot(50, look)
    ask(wizard(it), CANARY, CANARY, "Yes", "No")
    assert titles == ["Reports"]
