"""What a record may hold: only what the form lets everyone read, and nothing unseen."""

import re
from collections.abc import Mapping

from app.domain.answer_reading import answers_from_json
from app.domain.answers import CoarseAnswers, CodingAnswers
from app.domain.archive import NEAR_MISS_SHELF, CodeValue, Record
from app.domain.form import TEXT_TYPES, CodingField, FieldId, FieldType, Form, publishable
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import InputError

_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def find_unfit(form: Form, record: Record) -> str | None:
    """What of the record may not be published, in words that are safe to print; None if nothing.

    A shelf of a sister system may hold texts that the form does not have, such as where the
    report is from; a near miss of ours may not.
    """
    names = (record.shelf, *record.marks, *record.codes, *record.texts)
    if not all(_PLAIN_NAME.fullmatch(name) for name in names):
        return "a name that is none"
    for name in record.codes:
        if not publishable(form, FieldId(name)):
            return f'the code "{name}", which the form does not publish'
    if not _are_answers(form, record.codes):
        return "a code that the form does not have"
    for name, text in record.texts.items():
        if not _may_hold(form, record.shelf, name):
            return f'the text "{name}", which the form does not publish'
        if not _is_plain(form, record.shelf, name, text):
            return f'unseen characters in the text "{name}"'
    return None


def _are_answers(form: Form, codes: Mapping[str, CodeValue]) -> bool:
    coding = {
        name: value
        for name, value in codes.items()
        if isinstance(form.by_id[FieldId(name)], CodingField)
    }
    try:
        answers_from_json(CodingAnswers, form, coding)
        answers_from_json(
            CoarseAnswers, form, {name: codes[name] for name in codes.keys() - coding.keys()}
        )
    except InputError:
        return False
    return not any(_is_words(form, name, value) for name, value in codes.items())


def _is_words(form: Form, name: str, value: CodeValue) -> bool:
    """A text among the codes, where nobody would look for one."""
    return form.by_id[FieldId(name)].type in TEXT_TYPES and not isinstance(value, dict)


def _may_hold(form: Form, shelf: str, name: str) -> bool:
    field = form.by_id.get(FieldId(name))
    if field is None:
        return shelf != NEAR_MISS_SHELF
    return field.type in TEXT_TYPES and publishable(form, field.id)


def _is_plain(form: Form, shelf: str, name: str, text: str) -> bool:
    field = form.by_id.get(FieldId(name))
    is_ours = shelf == NEAR_MISS_SHELF  # others have paragraphs where our form has a line
    one_line = is_ours and field is not None and field.type is FieldType.TEXT
    try:
        return clean_text(text, one_line=one_line) == text.strip()
    except UnfitTextError:
        return False
