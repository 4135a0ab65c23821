"""The exact spot on a form: question, cursor and how far it is scrolled, as JSON values."""

from collections.abc import Collection, Mapping
from typing import TypedDict

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.domain.form import FieldId, SectionId
from ui.widgets.scroll_back import ScrollBack
from ui.wizard.form_view import FormView
from ui.wizard.question import Question


class Spot(TypedDict):
    """field: the question with the focus, empty for none; control: which of its controls.

    typed: what stands in the editors that are typed into, also what cannot be kept as an answer,
    and in all of which the vault has something else.
    """

    section: str
    opened: list[str]
    field: str
    control: int
    cursor: tuple[int, int]
    scroll: tuple[int, int]
    typed: dict[str, object]


def note_spot(form: FormView, focused: QWidget | None, unsaved: Collection[FieldId]) -> Spot:
    """Where somebody is. focused: what has the focus in the window."""
    question = _question_around(form, focused)
    return Spot(
        section=form.current,
        opened=sorted(form.opened),
        field=question.field.id if question is not None else "",
        control=_place_of(question, focused),
        cursor=_cursor(focused),
        scroll=(
            form.middle.verticalScrollBar().value(),
            focused.verticalScrollBar().value() if isinstance(focused, QPlainTextEdit) else 0,
        ),
        typed={
            each.field.id: each.read()
            for each in form.questions()
            if each.is_typed or each.field.id in unsaved
        },
    )


def go_to_spot(form: FormView, spot: Spot) -> None:
    """Be there again. The section is shown already."""
    _put_back(form, spot["typed"])
    question = form.view(form.current).question(FieldId(spot["field"]))
    if question is None:
        return
    controls = question.controls()
    if not controls:
        question.focus_editor()
        return
    control = controls[min(spot["control"], len(controls) - 1)]
    control.setFocus(Qt.FocusReason.OtherFocusReason)
    start, end = spot["cursor"]
    if isinstance(control, QPlainTextEdit):
        cursor = control.textCursor()
        last = control.document().characterCount() - 1
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), cursor.MoveMode.KeepAnchor)
        control.setTextCursor(cursor)
        ScrollBack(control.verticalScrollBar(), spot["scroll"][1])
    elif isinstance(control, QLineEdit):
        control.setSelection(start, end - start)
        if start == end:
            control.setCursorPosition(end)
    ScrollBack(form.middle.verticalScrollBar(), spot["scroll"][0])


def section_of(spot: Spot) -> SectionId:
    """The section that was shown."""
    return SectionId(spot["section"])


def _put_back(form: FormView, typed: Mapping[str, object]) -> None:
    """Exactly what stood there: blanks at the end too, and what is no answer yet."""
    for question in form.questions():
        if question.is_typed and question.field.id in typed:
            question.show_typed(typed[question.field.id])


def _question_around(form: FormView, focused: QWidget | None) -> Question | None:
    if focused is None:
        return None
    return next(
        (each for each in form.view(form.current).questions() if each.isAncestorOf(focused)), None
    )


def _place_of(question: Question | None, focused: QWidget | None) -> int:
    controls = question.controls() if question is not None else []
    return next((at for at, each in enumerate(controls) if each is focused), 0)


def _cursor(focused: QWidget | None) -> tuple[int, int]:
    """Anchor and position, in characters."""
    if isinstance(focused, QPlainTextEdit):
        return focused.textCursor().anchor(), focused.textCursor().position()
    if isinstance(focused, QLineEdit):
        at = focused.cursorPosition()
        start = focused.selectionStart()
        if start < 0:
            return at, at
        return (focused.selectionEnd(), at) if at == start else (start, at)
    return 0, 0
