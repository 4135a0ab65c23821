"""Every field of the form has an editor, and every answer comes out of it as it went in."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.answer_reading import read_answer
from app.domain.answers import Answer, Chosen, Number, Several, Special, Words
from app.domain.form import CODED_TYPES, FieldId, FieldType, PrivateField, ReportField
from ui.cli.parts import read_form
from ui.widgets.choices import RadioChoice, SearchableChoice, TickChoice
from ui.wizard.editors import make_editor
from ui.wizard.faults import explain_fault

FORM, LABELS = read_form()
FIELDS: list[ReportField | PrivateField] = [*FORM.report_fields(), *FORM.private]


def make_answers(field: ReportField | PrivateField) -> list[Answer]:
    """An answer of every kind that the field can have."""
    shape = field.shape
    if field.type in CODED_TYPES:
        specials = field.specials if isinstance(field, ReportField) else ()
        several = tuple(code for code in shape.options if code not in shape.alone)
        most = 1 if field.type is FieldType.CHOICE else shape.max_choices
        return [
            *(Chosen((code,)) for code in shape.options),
            Chosen(several[:most]),
            *(Special(each) for each in specials),
        ]
    answers: dict[FieldType, list[Answer]] = {
        FieldType.TEXT: [Words("Second knife found")],
        FieldType.LONGTEXT: [Words("First line.\n\nSecond & <b>third</b> line.")],
        FieldType.TEXTS: [Several(("Dana Whitlock", "Marcus Teller"))],
        FieldType.YEAR: [Number(2024)],
        FieldType.NUMBER: [Number(12)],
        FieldType.MONTH: [Words("2026-03")],
        FieldType.DATE_TIME: [Words("2026-03-09 14:30")],
    }
    return answers[field.type]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.id)
def test_every_answer_of_every_field_comes_out_of_its_editor_as_it_went_in(
    qtbot: QtBot, field: ReportField | PrivateField
) -> None:
    editor = make_editor(field, LABELS)
    qtbot.addWidget(editor.widget)
    assert read_answer(field, editor.read()) is None
    for answer in make_answers(field):
        editor.show(answer)
        assert read_answer(field, editor.read()) == answer
    editor.show(None)
    assert read_answer(field, editor.read()) is None


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.id)
def test_the_editor_fits_the_number_of_options(
    qtbot: QtBot, field: ReportField | PrivateField
) -> None:
    widget = make_editor(field, LABELS).widget
    qtbot.addWidget(widget)
    if field.type is FieldType.CHOICE:
        expected = RadioChoice if len(field.shape.options) <= 6 else SearchableChoice
        assert isinstance(widget, expected)
    elif field.type in CODED_TYPES:
        assert isinstance(widget, TickChoice)


def test_only_a_part_of_the_options_can_be_offered(qtbot: QtBot) -> None:
    field = FORM.report_field(FieldId("main_factor"))
    some = field.shape.options[:2]
    editor = make_editor(field, LABELS, some)
    qtbot.addWidget(editor.widget)
    editor.show(Chosen((field.shape.options[3],)))
    assert read_answer(field, editor.read()) is None
    editor.show(Chosen((some[1],)))
    assert read_answer(field, editor.read()) == Chosen((some[1],))


def test_every_field_has_a_sentence_for_what_cannot_be_kept() -> None:
    for field in FIELDS:
        sentence = explain_fault(field)
        assert sentence.endswith(".")
        assert "invalid" not in sentence.lower()
        assert field.id not in sentence


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.id)
def test_showing_an_answer_tells_of_no_change(
    qtbot: QtBot, field: ReportField | PrivateField
) -> None:
    editor = make_editor(field, LABELS)
    qtbot.addWidget(editor.widget)
    told: list[bool] = []
    editor.changed.connect(lambda *_: told.append(True))
    for answer in make_answers(field):
        editor.show(answer)
    assert not told
