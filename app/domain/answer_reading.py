"""Answers to and from JSON values: what people write, and the one canonical way they are kept.

A choice is a text, some choices are a list in the order of the form, texts and months are
texts, years are numbers, a special value is {"special": "declined"}. Vault, envelope, archive
and exports all use this.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias, TypeVar

from app.domain.answer_check import find_fault, refuse
from app.domain.answer_values import Answer, Chosen, Number, Several, Special, Words
from app.domain.answers import CoarseAnswers, CodingAnswers, PrivateNotes, ReportAnswers
from app.domain.form import (
    CODED_TYPES,
    Code,
    CodingField,
    Field,
    FieldId,
    FieldType,
    Form,
    PrivateField,
    SpecialValue,
)
from app.domain.labels import Labels
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import InputError

AnswerJson: TypeAlias = str | int | list[str] | dict[str, str]
_Collection = TypeVar("_Collection", ReportAnswers, PrivateNotes, CodingAnswers, CoarseAnswers)
_OFFERED = (SpecialValue.UNKNOWN, SpecialValue.DECLINED)


def parse_answers(
    form: Form, raw: Mapping[str, object], *, this_year: int | None = None
) -> tuple[ReportAnswers, PrivateNotes]:
    """What a person wrote as {"field": value, …}, split into what may leave and what may not.

    None, an empty text and an empty list are no answer. this_year: later years are refused.
    Raises InputError naming the field, its label and what it accepts, for the first value that
    does not fit, and for a field that is not the reporter's.
    """
    report: dict[FieldId, Answer] = {}
    private: dict[FieldId, Answer] = {}
    for name, value in raw.items():
        field = form.by_id.get(FieldId(name))
        if field is None or isinstance(field, CodingField):
            raise _refuse_field(name, [*form.report_fields(), *form.private])
        answer = read_answer(field, value, this_year=this_year)
        if answer is not None:
            (private if isinstance(field, PrivateField) else report)[field.id] = answer
    return ReportAnswers(form, report), PrivateNotes(form, private)


def parse_coding(form: Form, raw: Mapping[str, object]) -> CodingAnswers:
    """The analysts' answers as {"field": value, …}. Raises InputError as `parse_answers`.

    Fields that the program fills are refused.
    """
    answers: dict[FieldId, Answer] = {}
    open_fields = [field for field in form.coding if not field.by_program]
    for name, value in raw.items():
        field = form.by_id.get(FieldId(name))
        if not isinstance(field, CodingField) or field.by_program:
            raise _refuse_field(name, open_fields)
        answer = read_answer(field, value)
        if answer is not None:
            answers[field.id] = answer
    return CodingAnswers(form, answers)


def read_answer(field: Field, value: object, *, this_year: int | None = None) -> Answer | None:
    """One answer as a person gives it, cleaned and in canonical order; None if left blank.

    A single code or text is taken for a list of one. Raises InputError if it does not fit.
    """
    if value is None or value in ("", []):
        return None
    try:
        answer = _build_answer(field, value)
    except UnfitTextError as fault:
        raise refuse(field, str(fault)) from None
    if answer is None:
        return None
    if isinstance(answer, Special) and answer.value not in _OFFERED:
        raise refuse(field, f'"{answer.value}" is not for you to choose')
    fault_found = find_fault(field, answer)
    if fault_found is not None:
        raise refuse(field, fault_found)
    is_late = isinstance(answer, Number) and this_year is not None and answer.value > this_year
    if is_late and field.type is FieldType.YEAR:
        raise refuse(field, "that year is still to come")
    return answer


def answer_to_json(field: Field, answer: Answer) -> AnswerJson:
    """The canonical JSON value of an answer."""
    if isinstance(answer, Special):
        return {"special": answer.value.value}
    if isinstance(answer, Number):
        return answer.value
    if isinstance(answer, Words):
        return answer.text
    if isinstance(answer, Several):
        return list(answer.texts)
    return answer.codes[0] if field.type is FieldType.CHOICE else list(answer.codes)


def answer_from_json(field: Field, value: object) -> Answer:
    """The answer that `answer_to_json` wrote, coarse codes and all special values included.

    The collection that it is put into checks it. Raises InputError for a value that cannot
    have been written for this field.
    """
    try:
        answer = _build_answer(field, value)
    except UnfitTextError as fault:
        raise refuse(field, str(fault)) from None
    if answer is None or answer_to_json(field, answer) != value:
        raise refuse(field, "it is not as this program writes it")
    return answer


def answers_to_json(
    form: Form, answers: ReportAnswers | PrivateNotes | CodingAnswers | CoarseAnswers
) -> dict[str, AnswerJson]:
    """All answers of a collection by field id, in the order of the form."""
    return {
        str(field_id): answer_to_json(form.by_id[field_id], answer)
        for field_id, answer in answers.items()
    }


def answers_from_json(
    kind: type[_Collection], form: Form, raw: Mapping[str, object]
) -> _Collection:
    """The collection that `answers_to_json` wrote. Raises InputError for anything else."""
    answers: dict[FieldId, Answer] = {}
    for name, value in raw.items():
        field = form.by_id.get(FieldId(name))
        if field is None:
            raise _refuse_field(name, list(kind.fields_of(form)))
        answers[field.id] = answer_from_json(field, value)
    return kind(form, answers)


def describe_answer(labels: Labels, field: Field, answer: Answer) -> str:
    """An answer in the words of a person: labels, joined by semicolons, or the text itself."""
    if isinstance(answer, Special):
        return labels.special(answer.value)
    if isinstance(answer, Number):
        return str(answer.value)
    if isinstance(answer, Words):
        return answer.text
    if isinstance(answer, Several):
        return "; ".join(answer.texts)
    return "; ".join(labels.option(field.id, code) for code in answer.codes)


def _build_answer(field: Field, value: object) -> Answer | None:
    """The answer without checks of its codes and lengths; None if nothing is left of a text."""
    if isinstance(value, dict):
        special = value.get("special")
        if set(value) != {"special"} or special not in [str(each) for each in SpecialValue]:
            raise refuse(field, "it is no special value")
        return Special(SpecialValue(special))
    if isinstance(value, int) and not isinstance(value, bool):
        return Number(value)
    if isinstance(value, str):
        return _build_from_text(field, value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        if field.type is FieldType.TEXTS:
            texts = [clean_text(each, one_line=True) for each in value]
            return Several(tuple(text for text in texts if text)) if any(texts) else None
        return _choose(field, value)
    raise refuse(field, "it is neither text nor number nor list of texts")


def _build_from_text(field: Field, value: str) -> Answer | None:
    if field.type in CODED_TYPES:
        return _choose(field, [value])
    text = clean_text(value, one_line=field.type is not FieldType.LONGTEXT)
    if not text:
        return None
    return Several((text,)) if field.type is FieldType.TEXTS else Words(text)


def _choose(field: Field, codes: list[str]) -> Chosen:
    """The codes once each, in the order of the form; strange ones last, to be found fault with."""
    order = {code: place for place, code in enumerate(field.shape.options)}
    chosen = dict.fromkeys(Code(code) for code in codes)
    return Chosen(tuple(sorted(chosen, key=lambda code: order.get(code, len(order)))))


def _refuse_field(name: str, fields: Sequence[Field]) -> InputError:
    known = [str(field.id) for field in fields]
    near = get_close_matches(name[:80], known, n=3, cutoff=0.7)
    shown = f'"{name}"' if name.isidentifier() and len(name) <= 40 else "with this name"
    return InputError(
        f"The form has no field {shown} that can be answered here.",
        "Nothing was changed.",
        f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(known)}.",
    )
