"""The last look before a report leaves, by keyboard, and what is sealed of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTextEdit
from pytestqt.qtbot import QtBot

from app.domain.answers import Words
from app.domain.form import FieldId
from app.domain.report import Kind
from app.use_cases import write_report
from app.use_cases.write_report import DraftState
from sync.decisions import YOU, Decisions, is_open
from sync.protocol.envelope import Envelope
from sync.protocol.seal import unseal
from sync.scrub import Doubt
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages.officer import KEY, PUBLIC, connect, open_session, use_rules, write_draft
from ui.pages.check import CheckPage
from ui.session import Session
from ui.widgets.cards import Banner

STORY = FieldId("what_happened")
ADDED = " It was a Tuesday as always. Zuni was there; zuni ran."


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        use_rules(found)
        yield found


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> CheckPage:
    made = CheckPage(session)
    qtbot.addWidget(made)
    made.resize(980, 640)
    made.show()
    return made


def open_page(page: CheckPage, qtbot: QtBot, draft_id: object) -> Decisions:
    page.open(draft_id)
    qtbot.waitUntil(lambda: page._shown is not None, timeout=20_000)
    # Qt shows what was added to a layout one turn later, the part below last.
    qtbot.waitUntil(lambda: page._below is not None and page._below.isVisible())
    return decisions(page)


def decisions(page: CheckPage) -> Decisions:
    found = page.workspace.decisions
    assert found is not None
    return found


def press(page: CheckPage, qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    page.activateWindow()
    page.workspace.panel.table.setFocus()
    qtbot.waitUntil(page.workspace.panel.table.hasFocus)
    modifier = modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(page.workspace.panel.table, key, modifier)


def select(view: QTextEdit, words: str) -> None:
    start = view.toPlainText().index(words)
    cursor = view.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start + len(words), QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)


def test_the_right_side_is_word_for_word_what_leaves(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session, ADDED))
    shown = page.workspace.leaving.toPlainText()
    for word in ("Whitlock", "Teller", "4-Adam-12", "KTR-4471", "Bellweather", "2217"):
        assert word not in shown, word
    assert "[NAME-1]" in shown
    assert "Tuesday" in shown
    assert page.workspace.count.text().startswith("1 to decide, ")


def test_markup_in_a_story_is_shown_as_it_is_written(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session, " <b>bold</b> &amp; <img src=x>"))
    for view in (page.workspace.written, page.workspace.leaving):
        assert "<b>bold</b> &amp; <img src=x>" in view.toPlainText()


def test_everything_is_decided_and_undone_by_keyboard_and_kept_in_the_vault(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    connect(session)
    draft_id = write_draft(session, ADDED)
    open_page(page, qtbot, draft_id)
    assert not page.bar.button.isEnabled()
    assert "1 finding is still to decide" in page.bar.reason.text()
    press(page, qtbot, Qt.Key.Key_M)
    assert decisions(page).to_decide == 0
    assert "Tuesday" not in page.workspace.leaving.toPlainText()
    assert page.bar.button.isEnabled()
    press(page, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert decisions(page).to_decide == 1
    press(page, qtbot, Qt.Key.Key_L)
    assert decisions(page).to_decide == 0
    assert "Tuesday" in page.workspace.leaving.toPlainText()
    page.flush()
    kept = session.drafts.decisions(draft_id)["what_happened"]
    (left,) = [each for each in kept if each.source == YOU]
    assert (left.kind, left.masked) == (Kind.DATE, False)
    assert session.drafts.scrub_map(draft_id)["[NAME-1]"].startswith('["')


def test_leaving_a_name_in_asks_for_a_reason_that_stays_in_the_vault(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session))
    page.workspace.panel.go_to(0)
    press(page, qtbot, Qt.Key.Key_L)
    menu = page.workspace.panel.menu
    assert menu is not None
    assert decisions(page).removed == open_count(page)
    QTest.keyClick(menu, Qt.Key.Key_1)
    assert decisions(page).removed == open_count(page) - 1
    _, found = next(decisions(page).places())
    assert found.reason == "you left it: it is not an identifier"


def test_leaving_a_possible_name_in_asks_for_a_reason_too(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session, " Brown was up."))
    (place,) = [
        place
        for place, found in decisions(page).places()
        if is_open(found) and found.kind is Kind.NAME
    ]
    page.workspace.panel.choose(place)
    press(page, qtbot, Qt.Key.Key_L)
    menu = page.workspace.panel.menu
    assert menu is not None
    assert decisions(page).to_decide == 1
    QTest.keyClick(menu, Qt.Key.Key_2)
    assert decisions(page).to_decide == 0
    assert decisions(page).find(place).reason == "you left it: it is public and widely known"


def open_count(page: CheckPage) -> int:
    return page.workspace.panel.model.rowCount()


def test_a_selection_is_marked_and_then_all_its_mentions(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session, " \U0001f694 Then xyzzyq ran, and XYZZYQ fell."))
    before = decisions(page).removed
    view = page.workspace.written
    cursor = view.document().find("xyzzyq", 0, view.document().FindFlag.FindCaseSensitively)
    view.setTextCursor(cursor)
    page.workspace.mark_selection(Kind.NAME)
    assert decisions(page).removed in {before, before + 1}
    (place,) = [
        place for place, _ in decisions(page).places() if decisions(page).text_at(place) == "xyzzyq"
    ]
    page.workspace.panel.choose(place)
    press(page, qtbot, Qt.Key.Key_A)
    assert "xyzzyq" not in page.workspace.leaving.toPlainText().lower()


def test_the_kind_is_changed_by_its_letter(page: CheckPage, session: Session, qtbot: QtBot) -> None:
    open_page(page, qtbot, write_draft(session))
    page.workspace.panel.go_to(0)
    press(page, qtbot, Qt.Key.Key_K)
    menu = page.workspace.panel.menu
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_H)
    place, found = next(decisions(page).places())
    assert (found.kind, found.replacement) == (Kind.HANDLE, "[HANDLE-1]")
    assert page.workspace.panel.current() == place


@pytest.mark.parametrize("letter", [Qt.Key.Key_L, Qt.Key.Key_A])
def test_the_letters_of_an_open_menu_are_not_the_keys_of_the_page(
    page: CheckPage, session: Session, qtbot: QtBot, letter: Qt.Key
) -> None:
    open_page(page, qtbot, write_draft(session))
    page.workspace.panel.go_to(0)
    press(page, qtbot, Qt.Key.Key_K)
    menu = page.workspace.panel.menu
    assert menu is not None
    before = decisions(page)
    press(page, qtbot, letter)
    assert decisions(page) == before
    assert page.workspace.panel.menu is menu
    menu.close()
    assert all(key.isEnabled() for key in page.workspace.findChildren(QShortcut))


def test_without_a_connection_the_reason_stands_beside_the_button(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session))
    assert not page.bar.button.isEnabled()
    assert "not connected" in page.bar.reason.text()
    with qtbot.waitSignal(page.navigate) as going:
        page.bar.action_wanted.emit(page.bar._place)
    assert going.args == ["settings", None]


def test_without_the_key_one_is_sent_to_fetch_it(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    connect(session, with_key=False)
    open_page(page, qtbot, write_draft(session))
    assert "key to seal reports with is not on this computer" in page.bar.reason.text()


def test_what_is_missing_leads_back_to_the_form(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    connect(session)
    open_page(page, qtbot, write_draft(session, lessons=None))
    assert "not complete" in page.bar.reason.text()
    assert not page.bar.button.isEnabled()


def test_exactly_what_was_shown_is_sealed_and_only_the_key_opens_it(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    connect(session)
    draft_id = write_draft(session, ADDED)
    open_page(page, qtbot, draft_id)
    press(page, qtbot, Qt.Key.Key_M)
    shown = page.workspace.leaving.toPlainText()
    with qtbot.waitSignal(page.navigate, timeout=20_000) as going:
        page.bar.button.click()
    assert going.args is not None
    place, (sealed_id, words) = going.args
    assert (place, sealed_id, len(words)) == ("receipt", draft_id, 7)
    assert session.drafts.summary(draft_id).state is DraftState.QUEUED
    (row,) = session.outbox.submissions()
    opened = unseal(session.outbox.body(row.report_id), KEY, PUBLIC, row.report_id)
    envelope = Envelope.from_bytes(opened)
    for text in envelope.texts.values():
        assert text in shown
    assert b"you left it" not in opened
    assert page.workspace.written.toPlainText() == ""


def test_decisions_come_back_when_the_page_is_opened_again(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    draft_id = write_draft(session, ADDED)
    open_page(page, qtbot, draft_id)
    press(page, qtbot, Qt.Key.Key_L)
    page.flush()
    page.clear()
    assert open_page(page, qtbot, draft_id).to_decide == 0


def test_a_mask_outlives_a_change_of_its_text_while_the_window_is_open(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    draft_id = write_draft(session, " Then the xyzzyq ran.")
    open_page(page, qtbot, draft_id)
    select(page.workspace.written, "xyzzyq")
    page.workspace.mark_selection(Kind.NAME)
    page.flush()
    story = write_report.load(session.drafts, session.form, draft_id).answers[STORY]
    assert isinstance(story, Words)
    changed = Words(f"Once more: {story.text} The xyzzyq came back.")
    write_report.save(session.drafts, session.form, draft_id, STORY, changed)
    page._shown = None
    open_page(page, qtbot, draft_id)
    assert "Then the xyzzyq" not in page.workspace.leaving.toPlainText()


def test_nothing_is_shown_any_more_once_the_vault_is_locked(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session))
    page.flush()
    session.lock()
    session.locked.emit()
    assert page.workspace.written.toPlainText() == ""
    assert page.workspace.leaving.toPlainText() == ""
    assert page.workspace.panel.model.rowCount() == 0


def test_every_control_has_a_name_and_can_be_reached(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    connect(session)
    open_page(page, qtbot, write_draft(session))
    assert unnamed(page) == []
    check_keyboard(page)


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        (Doubt.MODEL, "The part that finds names is missing or damaged."),
        (Doubt.LANGUAGE, "This text does not seem to be in English."),
    ],
)
def test_a_doubt_is_said_on_top_and_nothing_is_sealed_before_every_word_was_read(
    page: CheckPage, session: Session, qtbot: QtBot, doubt: Doubt, said: str
) -> None:
    connect(session)
    use_rules(session, doubt)
    open_page(page, qtbot, write_draft(session))
    assert said in [each.accessibleName() for each in shown_banners(page)]
    assert not page.bar.button.isEnabled()
    assert "tick the box" in page.bar.button.accessibleDescription()
    page.bar.box.setFocus()
    QTest.keyClick(page.bar.box, Qt.Key.Key_Space)
    assert page.bar.button.isEnabled()
    press(page, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not page.bar.box.isChecked()
    assert not page.bar.button.isEnabled()


def test_two_doubts_are_both_said(page: CheckPage, session: Session, qtbot: QtBot) -> None:
    use_rules(session, Doubt.MODEL, Doubt.LANGUAGE)
    open_page(page, qtbot, write_draft(session))
    said = " ".join(each.accessibleDescription() for each in shown_banners(page))
    assert "names is missing" in said
    assert "be in English" in said
    check_keyboard(page)


def test_without_a_doubt_there_is_no_box_to_tick(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session))
    assert not page.bar.box.isVisible()
    assert [each for each in shown_banners(page) if each.property("kind") == "warning"] == []


def test_a_changed_text_has_to_be_read_again(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    use_rules(session, Doubt.MODEL)
    draft_id = write_draft(session)
    open_page(page, qtbot, draft_id)
    page.bar.box.click()
    page._shown = None
    assert open_page(page, qtbot, draft_id).read_in_full
    write_report.save(session.drafts, session.form, draft_id, STORY, Words("Another story."))
    page._shown = None
    assert not open_page(page, qtbot, draft_id).read_in_full
    assert not page.bar.box.isChecked()


@pytest.mark.parametrize("size", [(819, 441), (990, 560), (1282, 737)])
def test_the_texts_have_eight_lines_and_the_buttons_44_pixels_on_every_screen(
    page: CheckPage, session: Session, qtbot: QtBot, size: tuple[int, int]
) -> None:
    page.resize(*size)
    open_page(page, qtbot, write_draft(session, ADDED))
    qtbot.wait(20)
    for view in (page.workspace.written, page.workspace.leaving):
        lines = view.viewport().height() // 27
        assert lines >= 8
    for button in page.workspace.panel.findChildren(QPushButton):
        assert button.height() >= 44, button.text()
    table = page.workspace.panel.table
    assert table.rowHeight(0) >= 44
    row = table.visualRect(table.currentIndex())
    assert table.viewport().rect().contains(row.center())


def test_kind_and_reason_of_the_current_finding_are_said_above_the_texts(
    page: CheckPage, session: Session, qtbot: QtBot
) -> None:
    open_page(page, qtbot, write_draft(session, ADDED))
    assert page.workspace._about.whole().startswith("\u201cTuesday\u201d  Date: ")


def shown_banners(page: CheckPage) -> list[Banner]:
    return [each for each in page.findChildren(Banner) if each.isVisible()]
