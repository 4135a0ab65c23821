"""The wizard as a person uses it."""

import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.answers import Chosen, Special, Words
from app.domain.form import Code, FieldId, SectionId, SpecialValue
from app.paths import DiskFullError
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from ui.session import Session
from ui.widgets.choices import RadioChoice, SearchableChoice, TickChoice
from ui.widgets.text import PlainTextEdit
from ui.wizard.lines import LineEditor, YearEditor
from ui.wizard.page import WizardPage
from ui.wizard.question import Question
from ui.wizard.writing import Writing

STORY = FieldId("what_happened")


def find_question(page: WizardPage, field_id: str) -> Question:
    """A question of the section on the screen."""
    form = page.editor.form
    found = form.view(form.current).question(FieldId(field_id))
    assert found is not None
    return found


def find_text(page: WizardPage, field_id: str) -> PlainTextEdit:
    return find_question(page, field_id).findChildren(PlainTextEdit)[0]


def stored(session: Session, draft_id: DraftId) -> write_report.StoredReport:
    return write_report.load(session.drafts, session.form, draft_id)


def press(page: WizardPage, text: str) -> None:
    """Press the button with this text that can be seen."""
    QApplication.processEvents()  # a layout shows what was just added when it comes to it
    (button,) = [
        each for each in page.findChildren(QPushButton) if each.text() == text and each.isVisible()
    ]
    button.click()


def choose(page: WizardPage, field_id: str, code: str) -> None:
    """Choose one code as a person would, so that the change is told."""
    widget = find_question(page, field_id).findChildren(RadioChoice)[0]
    (row,) = [row for row in widget._rows() if row.code == code]
    row.click()


def test_nothing_is_kept_before_the_gate_is_passed(page: WizardPage, session: Session) -> None:
    page.open(None)
    for field_id, code in (("report_kind", "near_miss"), ("gate_serious", "no")):
        choose(page, field_id, code)
    page.flush()
    press(page, "Next")
    assert page.editor.form.current == "gate"
    assert find_question(page, "gate_open_case").error() == "Please answer this."
    assert session.drafts.summaries() == ()
    choose(page, "gate_open_case", "no")
    assert find_question(page, "gate_open_case").error() == ""
    choose(page, "reporter_role", "involved")
    press(page, "Next")
    assert page.editor.form.current == "story"
    (summary,) = session.drafts.summaries()
    assert stored(session, summary.draft_id).answers[FieldId("gate_serious")] == Chosen(
        (Code("no"),)
    )


def test_a_stopping_answer_at_the_gate_ends_the_report_and_keeps_nothing(
    page: WizardPage, session: Session, qtbot: QtBot
) -> None:
    page.open(None)
    choose(page, "gate_serious", "yes")
    press(page, "Next")
    assert not page.editor.form.isVisible()
    press(page, "Change the answer")
    assert page.editor.form.isVisible()
    press(page, "Next")
    with qtbot.waitSignal(page.navigate) as told:
        press(page, "Leave")
    assert told.args == ["reports", None]
    assert session.drafts.summaries() == ()


def test_a_later_stopping_answer_reaches_no_vault_and_cannot_be_finished(
    page: WizardPage, session: Session, sample_draft: DraftId, qtbot: QtBot
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("outcome"))
    choose(page, "actual_harm", "3")
    page.flush()
    assert "actual_harm" not in stored(session, sample_draft).answers
    page.editor.choose_section(SectionId("finish"))
    assert not page.editor.form.isVisible()
    press(page, "Change the answer")
    assert page.editor.form.current == "outcome"
    choose(page, "actual_harm", "1")
    assert stored(session, sample_draft).answers[FieldId("actual_harm")] == Chosen((Code("1"),))
    choose(page, "actual_harm", "4")
    press(page, "Next")
    with qtbot.waitSignal(page.navigate) as told:
        press(page, "Remove this draft")
    assert told.args == ["reports", None]
    assert session.drafts.summaries() == ()


def test_every_section_shows_the_answers_of_a_draft_and_changes_none(
    page: WizardPage, session: Session, sample_draft: DraftId
) -> None:
    before = stored(session, sample_draft)
    page.open(sample_draft)
    for section in [*(each.id for each in session.form.sections), SectionId("local")]:
        page.editor.choose_section(section)
        assert page.editor.form.current == section
        for question in page.editor.form.view(section).questions():
            page.writing.put(question.field.id, question.read())
    page.flush()
    after = stored(session, sample_draft)
    assert (after.answers, after.notes) == (before.answers, before.notes)
    shown = {
        question.field.id
        for section in session.form.sections
        for question in page.editor.form.view(section.id).questions()
    }
    assert set(before.answers) <= shown


def test_a_choice_is_in_the_vault_at_once(
    page: WizardPage, session: Session, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    page.editor.choose_section(SectionId("when"))
    choose(page, "time_block", "unknown")
    answers = stored(session, gate_draft).answers
    assert answers[FieldId("time_block")] == Special(SpecialValue.UNKNOWN)


def test_typed_text_is_in_the_vault_within_two_seconds_though_nobody_pauses(
    page: WizardPage, session: Session, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    text = find_text(page, "what_happened")
    start = time.monotonic()
    while STORY not in stored(session, gate_draft).answers:
        assert time.monotonic() - start < 2
        QTest.keyClick(text, Qt.Key.Key_A)
        QTest.qWait(40)


def test_typed_text_is_in_the_vault_at_once_on_flush(
    page: WizardPage, session: Session, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    QTest.keyClicks(find_text(page, "what_happened"), "We stopped")
    page.flush()
    assert stored(session, gate_draft).answers[STORY] == Words("We stopped")


def test_a_full_disk_is_said_the_text_stays_and_is_saved_when_there_is_room(
    page: WizardPage, session: Session, gate_draft: DraftId, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open(gate_draft)
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise DiskFullError

        patch.setattr(write_report, "save", fail)
        QTest.keyClicks(find_text(page, "what_happened"), "We stopped")
        press(page, "Save and leave")
        assert page.editor.form.middle.trouble.isVisible()
        assert find_text(page, "what_happened").value() == "We stopped"
    page.flush()
    assert not page.editor.form.middle.trouble.isVisible()
    assert stored(session, gate_draft).answers[STORY] == Words("We stopped")


def test_a_conditional_question_comes_and_goes_and_nothing_else_moves(
    page: WizardPage, session: Session, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    page.editor.choose_section(SectionId("threat"))
    press_more(page)
    view = page.editor.form.view(SectionId("threat"))
    weapon = find_question(page, "weapon")
    row = weapon.findChildren(TickChoice)[0]._options[0]
    row.setFocus()
    QTest.qWait(30)
    scrolled = page.editor.form.middle.verticalScrollBar()
    place = scrolled.value()
    where = view.question(FieldId("weapon_where"))
    assert where is not None
    assert not where.isVisible()
    QTest.keyClick(row, Qt.Key.Key_Space)
    QTest.qWait(30)
    assert where.isVisible()
    assert QApplication.focusWidget() is row
    assert scrolled.value() == place
    page.writing.put(FieldId("weapon_where"), "in_hand")
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert not where.isVisible()
    assert "Where was the weapon?" in view._hidden.accessibleDescription()
    page.flush()
    assert FieldId("weapon_where") in stored(session, gate_draft).answers


def press_more(page: WizardPage) -> None:
    """Open what goes deeper in the section on the screen."""
    QApplication.processEvents()
    (button,) = [
        each
        for each in page.findChildren(QPushButton)
        if each.text().startswith("Tell more") and each.isVisible()
    ]
    button.click()


def test_tell_more_opens_the_optional_questions_of_its_section_and_goes_there(
    page: WizardPage, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    page.editor.choose_section(SectionId("when"))
    view = page.editor.form.view(SectionId("when"))
    assert view.question(FieldId("shift")) is None
    press_more(page)
    assert find_question(page, "shift").isVisible()
    first = find_question(page, "day_kind")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert first.isAncestorOf(focused)


def test_the_summary_names_what_is_missing_and_jumps_to_it(
    page: WizardPage, session: Session, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    page.editor.choose_section(SectionId("finish"))
    press(page, "Check before it leaves")
    lines = [
        each
        for each in page.editor.form.middle.summary.findChildren(QPushButton)
        if each.isVisible() and each.text().startswith("When:")
    ]
    assert QApplication.focusWidget() in page.editor.form.middle.summary.findChildren(QPushButton)
    lines[0].click()
    assert page.editor.form.current == "when"
    year = find_question(page, "event_year")
    assert year.error() == "Please answer this."
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert year.isAncestorOf(line)
    QTest.keyClicks(line, "2024")
    page.flush()
    assert year.error() == ""
    assert not any(
        "Which year" in each.question for each in page.editor.form.middle.summary.missing
    )


def test_a_complete_report_goes_to_the_check(
    page: WizardPage, sample_draft: DraftId, qtbot: QtBot
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("finish"))
    with qtbot.waitSignal(page.navigate) as told:
        press(page, "Check before it leaves")
    assert told.args == ["check", sample_draft]


def test_a_faulty_line_is_told_when_it_is_left_and_the_vault_keeps_the_last_good_one(
    page: WizardPage, session: Session, sample_draft: DraftId
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("when"))
    year = find_question(page, "event_year")
    line = year.findChildren(QLineEdit)[0]
    line.selectAll()
    QTest.keyClicks(line, "1801")
    page.flush()
    assert year.error() == ""
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert year.error().startswith("Write a year from 1970")
    assert stored(session, sample_draft).answers[FieldId("event_year")] == page.writing.answer(
        FieldId("event_year")
    )


def test_what_this_becomes_follows_the_choice(page: WizardPage, gate_draft: DraftId) -> None:
    page.open(gate_draft)
    page.editor.choose_section(SectionId("where"))
    state = find_question(page, "state")
    search = state.findChildren(SearchableChoice)[0].findChildren(QLineEdit)[0]
    QTest.keyClicks(search, "monta")
    QTest.keyClick(search, Qt.Key.Key_Return)
    note = state._note
    assert note is not None
    assert note.accessibleDescription() == "Mountain"


def test_the_part_can_only_be_chosen_among_the_whole(
    page: WizardPage, sample_draft: DraftId
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("factors"))
    main = find_question(page, "main_factor")
    assert read_codes(main) == page.writing.codes(FieldId("contributing"))


def read_codes(question: Question) -> tuple[str, ...]:
    """The codes that a question with few options offers."""
    return tuple(row.code for row in question.findChildren(RadioChoice)[0]._options)


def test_a_megabyte_is_refused_with_a_sentence_and_without_a_freeze(
    page: WizardPage, gate_draft: DraftId
) -> None:
    page.open(gate_draft)
    text = find_text(page, "what_happened")
    pasted = QMimeData()
    pasted.setText("word " * 200_000)
    start = time.perf_counter()
    text.insertFromMimeData(pasted)
    assert time.perf_counter() - start < 0.1
    assert "Nothing was pasted" in find_question(page, "what_happened").error()
    assert text.value() == ""


def test_the_page_follows_the_caret_of_a_long_text(page: WizardPage, gate_draft: DraftId) -> None:
    page.open(gate_draft)
    page.editor.choose_field(STORY)
    QTest.qWait(30)
    text = find_text(page, "what_happened")
    for _ in range(40):
        QTest.keyClick(text, Qt.Key.Key_Return)
        QTest.keyClick(text, Qt.Key.Key_A)
    caret = text.viewport().mapTo(page, text.cursorRect().center())
    scroll = page.editor.form.middle
    area = scroll.mapTo(page, scroll.rect().topLeft()).y()
    assert area <= caret.y() <= area + scroll.height()


def test_locking_takes_everything_off_the_screen_and_unlocking_goes_back_there(
    page: WizardPage, session: Session, sample_draft: DraftId
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("outcome"))
    page.flush()
    session.lock()
    session.locked.emit()
    with pytest.raises(RuntimeError):
        _ = page.editor
    assert page.writing.answers == Writing(session).answers
    session.unlock("first", "words")
    page.open(sample_draft)
    assert page.editor.form.current == "outcome"


def test_a_draft_that_is_gone_is_said_in_place_of_the_form(page: WizardPage, qtbot: QtBot) -> None:
    page.open("0123456789abcdef")
    with qtbot.waitSignal(page.navigate):
        press(page, "Back to the reports")


def test_opening_a_draft_is_quick(page: WizardPage, sample_draft: DraftId) -> None:
    page.open(sample_draft)
    times_s = []
    for _ in range(3):
        start = time.perf_counter()
        page.open(sample_draft)
        times_s.append(time.perf_counter() - start)
    assert min(times_s) < 0.15


def test_the_part_keeps_its_place_for_the_tab_key_when_the_whole_changes(
    page: WizardPage, sample_draft: DraftId
) -> None:
    page.open(sample_draft)
    page.editor.choose_section(SectionId("factors"))
    first_row = find_question(page, "contributing").findChildren(TickChoice)[0]._options[0]
    first_row.click()
    walked = walk_by_tab(page)
    view = page.editor.form.view(SectionId("factors"))
    met = [
        question.field.id
        for each in walked
        for question in view.questions()
        if question.isAncestorOf(each)
    ]
    assert list(dict.fromkeys(met)) == [question.field.id for question in view.questions()]


def test_no_control_is_without_a_name_and_tab_walks_through_a_section(
    page: WizardPage, sample_draft: DraftId
) -> None:
    page.open(sample_draft)
    for section in ("gate", "story", "where", "factors", "local"):
        page.editor.choose_section(SectionId(section))
        walked = walk_by_tab(page)
        assert all(each.accessibleName() for each in walked), section
        for question in page.editor.form.view(SectionId(section)).questions():
            if question.isVisible():
                assert any(question.isAncestorOf(each) for each in walked), question.field.id


def walk_by_tab(page: WizardPage) -> list[QWidget]:
    """Every control that the Tab key reaches, until it comes back to the first one."""
    first = QApplication.focusWidget()
    assert first is not None
    walked = [first]
    for _ in range(400):
        QTest.keyClick(walked[-1], Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert reached is not None
        if reached is first:
            return walked
        walked.append(reached)
    raise AssertionError(f"Tab does not come back from {type(walked[-1]).__name__}")


def test_the_short_way_can_be_gone_by_keyboard_alone(
    page: WizardPage, session: Session, qtbot: QtBot
) -> None:
    page.open(None)
    asked: list[FieldId] = []
    with qtbot.waitSignal(page.navigate, timeout=0) as told:
        for section in session.form.sections:
            if page.editor.form.current == section.id:
                asked += answer_by_keyboard(page)
                QTest.keyClick(focused(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
                QApplication.processEvents()
    assert told.args == ["check", page.writing.draft_id]
    required = [field.id for field in session.form.report_fields() if field.required]
    assert set(required) <= set(asked)
    assert page.writing.draft_id is not None
    assert set(required) <= set(stored(session, page.writing.draft_id).answers)


def answer_by_keyboard(page: WizardPage) -> list[FieldId]:
    """Tab through the section on the screen and answer each question once; which they were."""
    answered: list[FieldId] = []
    view = page.editor.form.view(page.editor.form.current)
    for _ in range(200):
        control = focused()
        inside = [each for each in view.questions() if each.isAncestorOf(control)]
        if not inside:
            return answered
        if inside[0].field.id not in answered:
            answered.append(inside[0].field.id)
            type_answer(control)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    raise AssertionError("the section has no end for the Tab key")


def type_answer(control: QWidget) -> None:
    """The first answer that the control takes; at the gate it is the harmless one."""
    if isinstance(control, PlainTextEdit):
        QTest.keyClicks(control, "He reached under the seat. " * 6)
    elif isinstance(control, YearEditor):
        QTest.keyClick(control, Qt.Key.Key_Up)
    elif isinstance(control, LineEditor):
        QTest.keyClicks(control, "A pistol under the seat")
    elif isinstance(control, QLineEdit):
        QTest.keyClick(control, Qt.Key.Key_Down)
        QTest.keyClick(control, Qt.Key.Key_Return)
        if isinstance(control.parentWidget(), TickChoice):
            QTest.keyClick(control, Qt.Key.Key_Tab)
            QTest.keyClick(focused(), Qt.Key.Key_Space)
    else:
        QTest.keyClick(control, Qt.Key.Key_Space)


def focused() -> QWidget:
    """The control that has the keyboard."""
    control = QApplication.focusWidget()
    assert control is not None
    return control
