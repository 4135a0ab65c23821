"""Whether an answer fits its field, and what the field accepts, in words."""

import re
from datetime import datetime

from app.domain.answer_values import Answer, Chosen, Number, Several, Special, Words
from app.domain.form import (
    CODED_TYPES,
    TEXT_TYPES,
    Code,
    Field,
    FieldType,
    ReportField,
    SpecialValue,
)
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import InputError

_LATEST_YEAR = 2199
_LARGEST_NUMBER = 2**53 - 1  # what every reader of JSON holds exactly
_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.ASCII)
# Given by the program and the desk, so they need not be offered to the reporter.
_GIVEN_BY_OTHERS = frozenset({SpecialValue.NOT_ASKED, SpecialValue.DEIDENTIFIED})


def find_fault(field: Field, answer: Answer) -> str | None:
    """What is wrong with the answer, as a part of a sentence; None if it fits.

    Only what holds for the answer alone: whether it is long enough, or contained in another
    answer, is a question of completeness. The fault never quotes a text.
    """
    if isinstance(answer, Special):
        return _find_special_fault(field, answer.value)
    if isinstance(answer, Chosen):
        return _find_choice_fault(field, answer.codes)
    if isinstance(answer, Number):
        return _find_number_fault(field, answer.value)
    if isinstance(answer, Several):
        return _find_several_fault(field, answer.texts)
    return _find_words_fault(field, answer)


def describe_accepted(field: Field) -> str:
    """What the field accepts, as a part of a sentence that starts with "It accepts"."""
    shape = field.shape
    codes = ", ".join(shape.options)
    most = f"up to {shape.max_choices} of" if shape.max_choices else "some of"
    accepted = {
        FieldType.CHOICE: f"one of: {codes}",
        FieldType.MULTI: f"a list with {most}: {codes}",
        FieldType.CHECKLIST: f"a list with some of: {codes}",
        FieldType.TEXT: f"one line of text, at most {shape.max_chars} characters",
        FieldType.LONGTEXT: f"a text, at most {shape.max_chars} characters",
        FieldType.TEXTS: (
            f"a list of at most {shape.max_items} texts of one line, "
            f"at most {shape.max_chars} characters each"
        ),
        FieldType.YEAR: f"a year as a number, from {shape.min_value or 1900} on",
        FieldType.NUMBER: "a whole number, 0 or more",
        FieldType.MONTH: "a month such as 2026-03",
        FieldType.DATE_TIME: "a date and time such as 2026-03-09 14:30",
    }[field.type]
    if shape.alone:
        accepted += f" ({', '.join(shape.alone)} only alone)"
    if isinstance(field, ReportField):
        accepted += "".join(f', or {{"special": "{each}"}}' for each in field.specials)
    return accepted


def refuse(field: Field, fault: str) -> InputError:
    """The error that names the field, what is wrong and what is accepted."""
    return InputError(
        f'The answer to {field.id} ("{field.label}") cannot be used: {fault}.',
        "Nothing was changed.",
        f"It accepts {describe_accepted(field)}.",
    )


def _find_special_fault(field: Field, value: SpecialValue) -> str | None:
    if not isinstance(field, ReportField):
        return "this field takes no special value"
    if value in field.specials or value in _GIVEN_BY_OTHERS:
        return None
    return f'"{value}" is not offered here'


def _find_choice_fault(field: Field, codes: tuple[Code, ...]) -> str | None:
    if field.type not in CODED_TYPES:
        return "it is not a choice"
    unknown = [code for code in codes if code not in field.shape.options]
    if unknown:
        return f"the form has no option {_quote_code(unknown[0])}"
    if not codes or len(set(codes)) != len(codes):
        return "each option is chosen once, and at least one is"
    return _find_crowding(field, codes)


def _find_crowding(field: Field, codes: tuple[Code, ...]) -> str | None:
    """What is wrong with codes that are fine one by one."""
    most = 1 if field.type is FieldType.CHOICE else field.shape.max_choices
    if most is not None and len(codes) > most:
        return f"at most {most} can be chosen"
    alone = [code for code in codes if code in field.shape.alone]
    if alone and len(codes) > 1:
        return f"{alone[0]} cannot be combined with another"
    return None


def _find_number_fault(field: Field, value: int) -> str | None:
    if field.type is FieldType.YEAR:
        lowest = field.shape.min_value or 1900
        return None if lowest <= value <= _LATEST_YEAR else "it is out of range"
    if field.type is FieldType.NUMBER:
        return None if 0 <= value <= _LARGEST_NUMBER else "it is out of range"
    return "it was written as a number; write a code or text in quotes"


def _find_several_fault(field: Field, texts: tuple[str, ...]) -> str | None:
    shape = field.shape
    if field.type is not FieldType.TEXTS:
        return "it is not a list of texts"
    if shape.max_items is not None and len(texts) > shape.max_items:
        return f"it has {len(texts)} entries"
    if not texts:
        return "the list is empty"
    faults = (_find_text_fault(text, shape.max_chars, one_line=True) for text in texts)
    return next((fault for fault in faults if fault), None)


def _find_words_fault(field: Field, words: Words) -> str | None:
    if field.type is FieldType.MONTH:
        return None if _MONTH.fullmatch(words.text) else "it is not a month"
    if field.type is FieldType.DATE_TIME:
        return None if _is_date_time(words.text) else "it is not a date and time"
    if field.type in {FieldType.YEAR, FieldType.NUMBER}:
        return "it was written as a text; write the number without quotes"
    if field.type not in TEXT_TYPES:
        return "it is not a text"
    one_line = field.type is FieldType.TEXT
    return _find_text_fault(words.text, field.shape.max_chars, one_line=one_line)


def _find_text_fault(text: str, max_chars: int | None, *, one_line: bool) -> str | None:
    try:
        cleaned = clean_text(text, one_line=one_line)
    except UnfitTextError as fault:
        return str(fault)
    if not text:
        return "the text is empty"
    if max_chars is not None and len(text) > max_chars:
        return f"it has {len(text)} characters"
    return None if cleaned == text else "it was not cleaned"


def _is_date_time(text: str) -> bool:
    if not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _quote_code(code: str) -> str:
    """The code if it looks like one; a text in its place could be part of a story."""
    looks_like_code = len(code) <= 40 and code.isascii() and code.replace("_", "").isalnum()
    return f'"{code}"' if looks_like_code else "like this"
