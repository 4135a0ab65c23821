"""Suggestions stand above their list, are marked as such, and nothing is chosen unasked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.form import FieldId, SectionId
from app.use_cases.write_report import DraftId
from tests.ui.pages.officer import use_rules
from tests.ui.wizard.conftest import GATE, keep_draft
from ui.session import Session
from ui.widgets.choices import TickChoice
from ui.wizard.page import WizardPage
from ui.wizard.question import Question

STORY = (
    "We stopped a car. He reached for a knife in the rain, and he had not been searched. My "
    "partner shouted, and I stepped back behind the engine block."
)


@pytest.fixture
def draft(session: Session) -> DraftId:
    """With a story and nothing chosen."""
    use_rules(session)
    return keep_draft(session, {**GATE, "what_happened": STORY})


def shown(page: WizardPage, section: str, name: str, qtbot: QtBot) -> Question:
    """A question once its suggestions are there."""
    page.editor.choose_section(SectionId(section))
    question = page.editor.form.view(SectionId(section)).question(FieldId(name))
    assert question is not None
    qtbot.waitUntil(lambda: bool(question.suggested()), timeout=10_000)
    return question


def chips(question: Question) -> dict[str, QPushButton]:
    return {
        each.accessibleName(): each
        for each in question.findChildren(QPushButton)
        if each.property("role") == "suggested" and each.isVisible()
    }


def test_nothing_is_chosen_until_somebody_agrees(
    page: WizardPage, draft: DraftId, qtbot: QtBot
) -> None:
    page.open(draft)
    hazard = shown(page, "threat", "hazard", qtbot)
    assert page.writing.codes(FieldId("hazard")) == ()
    chips(hazard)["Suggested: Edged weapon"].click()
    assert page.writing.codes(FieldId("hazard")) == ("edged_weapon",)
    assert chips(hazard) == {}


def test_of_several_the_others_stay_suggested(
    page: WizardPage, draft: DraftId, qtbot: QtBot
) -> None:
    page.open(draft)
    factors = shown(page, "factors", "contributing", qtbot)
    count = len(chips(factors))
    chips(factors)["Suggested: Search not complete"].click()
    assert page.writing.codes(FieldId("contributing")) == ("search_incomplete",)
    assert len(chips(factors)) == count - 1


def test_a_long_list_waits_folded_and_opens_for_a_key(
    page: WizardPage, draft: DraftId, qtbot: QtBot
) -> None:
    page.open(draft)
    factors = shown(page, "factors", "contributing", qtbot)
    tick = factors.findChildren(TickChoice)[0]
    search = tick.findChildren(QLineEdit)[0]
    assert not any(row.isVisible() for row in tick._options)
    assert "30 answers" in search.placeholderText()
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert all(row.isVisible() for row in tick._options)


def test_an_answered_question_is_neither_folded_nor_asked_again(
    page: WizardPage, session: Session, sample_draft: DraftId, qtbot: QtBot
) -> None:
    use_rules(session)
    page.open(sample_draft)
    page.editor.choose_section(SectionId("threat"))
    qtbot.wait(300)
    hazard = page.editor.form.view(SectionId("threat")).question(FieldId("hazard"))
    assert hazard is not None
    assert hazard.suggested() == ()


def test_tab_comes_to_the_suggestions_before_the_list(
    page: WizardPage, draft: DraftId, qtbot: QtBot
) -> None:
    page.open(draft)
    hazard = shown(page, "threat", "hazard", qtbot)
    search = hazard.findChildren(QLineEdit)[0]
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() in chips(hazard).values()


def test_tab_goes_from_the_last_story_field_to_what_goes_deeper_and_to_the_buttons(
    page: WizardPage, draft: DraftId, qtbot: QtBot
) -> None:
    page.open(draft)
    page.editor.show_answer_of(FieldId("lessons"))
    lessons = page.editor.form.long_text(FieldId("lessons"))
    assert lessons is not None
    lessons.setFocus()
    qtbot.waitUntil(lessons.hasFocus)
    met = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert reached is not None
        met.append(reached.accessibleName().split(":")[0])
    assert met == ["Tell more", "Back", "Save and leave", "Next"]


def test_enter_presses_the_button_that_has_the_focus(page: WizardPage, draft: DraftId) -> None:
    page.open(draft)
    page.editor.choose_section(SectionId("story"))
    more = next(
        each
        for each in page.findChildren(QPushButton)
        if each.isVisible() and each.text().startswith("Tell more")
    )
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Return)
    assert SectionId("story") in page.editor.form.opened
