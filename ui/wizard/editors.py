"""The editor of a field, chosen by its type and the number of its options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from app.domain.answers import Answer, Chosen, Number, Several, Special, Words
from app.domain.form import CODED_TYPES, Code, Field, FieldType, Leaves, ReportField
from app.domain.labels import Labels
from ui.widgets.choices import Option, RadioChoice, SearchableChoice, TickChoice, choose_one
from ui.widgets.one_line import OneLineText
from ui.widgets.text import PlainTextEdit
from ui.wizard.lines import LineEditor, YearEditor

_STORY_CHARS = 10_000  # from here on a text is a story and gets more room
_STORY_HEIGHT, _TEXT_HEIGHT = 300, 144


@dataclass(frozen=True, slots=True)
class Editor:
    """What all editors have in common.

    read: what stands there, as `answer_reading.read_answer` takes it. show: put an answer in
    place without telling of a change. is_typed: it changes with every key.
    left: emitted when somebody has finished a line; refused: a sentence, if it can refuse.
    """

    widget: QWidget
    read: Callable[[], object]
    show: Callable[[Answer | None], None]
    changed: SignalInstance
    is_typed: bool
    left: SignalInstance | None = None
    refused: SignalInstance | None = None


def make_editor(field: Field, labels: Labels, among: Sequence[Code] | None = None) -> Editor:
    """The editor of a field. among: only these of its options are offered; None for all.

    Raises ValueError for a special value that no editor of this type can offer.
    """
    if field.type in CODED_TYPES:
        return _make_choice(field, labels, field.shape.options if among is None else among)
    if isinstance(field, ReportField) and field.specials:
        raise ValueError(f"{field.id}: special values stand beside options only")
    if field.type in {FieldType.LONGTEXT, FieldType.TEXTS}:
        return _make_text(field)
    if isinstance(field, ReportField) and field.leaves is Leaves.SCRUBBED:
        return _make_scrubbed_line(field)
    return _make_line(field)


def _make_choice(field: Field, labels: Labels, among: Sequence[Code]) -> Editor:
    options = [(str(code), labels.option(field.id, code)) for code in among]
    specials: list[Option] = []
    if isinstance(field, ReportField):
        specials = [(str(each), labels.special(each)) for each in field.specials]
    choice: RadioChoice | SearchableChoice | TickChoice
    if field.type is FieldType.CHOICE:
        choice = choose_one(options, specials)
    else:
        shape = field.shape
        choice = TickChoice(
            options, specials, alone=list(shape.alone), max_choices=shape.max_choices
        )

    def read() -> object:
        special = choice.special()
        return list(choice.value()) if special is None else {"special": special}

    def show(answer: Answer | None) -> None:
        codes = answer.codes if isinstance(answer, Chosen) else ()
        choice.set_value(codes, str(answer.value) if isinstance(answer, Special) else None)

    return Editor(choice, read, show, choice.changed, is_typed=False)


def _make_text(field: Field) -> Editor:
    """Paragraphs, or a list with one entry on each line."""
    is_list = field.type is FieldType.TEXTS
    most = field.shape.max_chars or 0
    edit = PlainTextEdit((most + 1) * (field.shape.max_items or 1) if is_list else most)
    edit.setMinimumHeight(_STORY_HEIGHT if most >= _STORY_CHARS else _TEXT_HEIGHT)

    def read() -> object:
        text = edit.value()
        return [line for line in text.splitlines() if line.strip()] if is_list else text

    def show(answer: Answer | None) -> None:
        edit.set_value(_to_text(answer))

    return Editor(edit, read, show, edit.changed, is_typed=True, refused=edit.refused)


def _make_scrubbed_line(field: Field) -> Editor:
    """A line in which what identifies somebody is underlined."""
    line = OneLineText(field.shape.max_chars or 200)
    return Editor(
        line,
        line.value,
        lambda answer: line.set_value(_to_text(answer)),
        line.changed,
        is_typed=True,
        left=line.left,
        refused=line.refused,
    )


def _make_line(field: Field) -> Editor:
    line = YearEditor(field) if field.type is FieldType.YEAR else LineEditor(field)
    is_number = field.type in {FieldType.YEAR, FieldType.NUMBER}

    def read() -> object:
        text = line.text().strip()
        return int(text) if is_number and text.isascii() and text.isdecimal() else text

    return Editor(
        line,
        read,
        lambda answer: line.setText(_to_text(answer)),
        line.textEdited,
        is_typed=True,
        left=line.editingFinished,
        refused=line.refused,
    )


def _to_text(answer: Answer | None) -> str:
    if isinstance(answer, Words):
        return answer.text
    if isinstance(answer, Number):
        return str(answer.value)
    return "\n".join(answer.texts) if isinstance(answer, Several) else ""
