"""Review a report at the desk: read it, code it, clean its texts, release it.

What the reporter sent is never changed; the desk's codes and texts lie beside it and win when
the record is made.
"""

import random
from collections.abc import Mapping

from app.domain.answer_reading import answer_from_json, answer_to_json, read_answer
from app.domain.answers import CoarseAnswers, CodingAnswers
from app.domain.archive import NEAR_MISS_SHELF, ArchiveNumber, CodeValue, Record
from app.domain.case import CaseId, CaseState, CaseSummary
from app.domain.form import (
    TEXT_TYPES,
    CodingField,
    FieldId,
    FieldType,
    Form,
    ReportField,
    SpecialValue,
    publishable,
)
from app.domain.navigation import check_coding_complete
from app.errors import InputError
from app.store.cases import Case, CaseStore
from app.store.publications import Publications
from app.store.withdrawn_cases import CaseLeft, WithdrawnCases

__all__ = [
    "Case",
    "CaseId",
    "CaseLeft",
    "CaseState",
    "CaseStore",
    "CaseSummary",
    "Publications",
    "WithdrawnCases",
    "approve_case",
    "code_case",
    "make_record",
    "number_approved",
]
_CONSENT = FieldId("consent_publish")
_YES = "yes"
# What the screening and the second reader have to say before a case goes out.
_RELEASING: Mapping[FieldId, str] = {
    FieldId("screen1"): "in_scope",
    FieldId("deid_second"): "agreed",
}
_WITHHELD: CodeValue = {"special": SpecialValue.DEIDENTIFIED.value}


def code_case(
    cases: CaseStore,
    form: Form,
    case_id: CaseId,
    codes: Mapping[str, object],
    texts: Mapping[str, str],
) -> None:
    """Set the desk's codes and texts. A value of None or "" takes one away.

    An empty text in place of one of the reporter's means that theirs is not published: it gets
    the code {"special": "deidentified"}, and taking that away brings it back.
    Raises InputError that names the field for the first value that does not fit; then nothing
    was changed.
    """
    read_codes = {field: _read_code(form, field, value) for field, value in codes.items()}
    read_texts = {field: _read_text(form, field, text) for field, text in texts.items()}
    for field, text in read_texts.items():
        if isinstance(form.by_id[FieldId(field)], ReportField):
            read_codes[field] = _WITHHELD if text is None else None
    for field, code in read_codes.items():
        cases.set_code(case_id, field, code)
    for field, text in read_texts.items():
        cases.set_text(case_id, field, text)
    if cases.get(case_id).state is CaseState.RECEIVED:
        cases.move(case_id, CaseState.CODED)


def approve_case(cases: CaseStore, form: Form, case_id: CaseId) -> CaseState:
    """Release a coded case for the next publication, or for counting only, as its author said.

    Raises InputError that names what is not coded yet.
    """
    case = cases.get(case_id)
    # The desk may be stricter than the reporter wished, never laxer; silence is no consent.
    if (_sent_codes(case).get(_CONSENT), case.codes.get(_CONSENT, _YES)) != (_YES, _YES):
        cases.move(case_id, CaseState.STATISTICS_ONLY)
        return CaseState.STATISTICS_ONLY
    problems = check_coding_complete(form, _coding_of(case, form))
    if problems:
        raise InputError(
            "The case is not coded completely.",
            " ".join(f'{each.field} ("{each.label}"): {each.text}' for each in problems),
            "Code what is missing, then approve it.",
        )
    for field_id, wanted in _RELEASING.items():
        if case.codes.get(field_id) != wanted:
            raise InputError(
                f'The case cannot be released: {field_id} ("{form.field(field_id).label}") '
                f'is not "{wanted}".',
                "It stays as it is.",
                "Let the second reader agree first, or set the case aside.",
            )
    cases.move(case_id, CaseState.APPROVED)
    return CaseState.APPROVED


def make_record(form: Form, case: Case, number: ArchiveNumber, revision: int = 1) -> Record:
    """The record that everyone may read: publishable fields only, the desk's words first."""
    codes: dict[str, CodeValue] = {**_sent_codes(case), **case.codes}
    kept = {name: text for name, text in _sent_texts(case).items() if name not in case.codes}
    texts = {**kept, **case.texts}
    return Record(
        number=number,
        revision=revision,
        shelf=NEAR_MISS_SHELF,
        codes={field: value for field, value in codes.items() if publishable(form, FieldId(field))},
        texts={field: text for field, text in texts.items() if publishable(form, FieldId(field))},
    )


def number_approved(
    cases: CaseStore, publications: Publications, form: Form, chance: random.Random
) -> int:
    """Make records of the approved cases that have none yet; returns how many. One that was
    changed and approved again gets a new revision under its number.

    They are shuffled first, so that the numbers do not tell the order in which they came.
    chance: random.SystemRandom() outside of tests.
    """
    waiting = []
    for summary in cases.summaries(CaseState.APPROVED):
        former = publications.of_case(summary.case_id)
        if former is None:
            waiting.append(summary.case_id)
            continue
        case = cases.get(summary.case_id)
        if make_record(form, case, former.number, former.revision) != former:
            revision = former.revision + 1
            publications.put([make_record(form, case, former.number, revision)], case.case_id)
    chance.shuffle(waiting)
    numbers = publications.next_numbers(len(waiting))
    for case_id, number in zip(waiting, numbers, strict=True):
        publications.put([make_record(form, cases.get(case_id), number)], case_id)
    return len(waiting)


def _read_code(form: Form, name: str, value: object) -> CodeValue | None:
    field = _find(form, name)
    if field.type in TEXT_TYPES and not _is_about_a_sent_text(field, value):
        raise InputError(f"{name} is a text, not a code.", hint=f"Set it with --text {name}=-")
    if value in (None, ""):
        return None
    if isinstance(field, CodingField):
        answer = read_answer(field, value)
        return None if answer is None else answer_to_json(field, answer)
    found = answer_from_json(field, _in_form_order(field, value))
    CoarseAnswers(form, {field.id: found})  # refuses what is too exact to be kept
    return answer_to_json(field, found)


def _is_about_a_sent_text(field: ReportField | CodingField, value: object) -> bool:
    """Withholding a text of the reporter's, or giving it back."""
    return isinstance(field, ReportField) and (value in (None, "") or value == _WITHHELD)


def _in_form_order(field: ReportField, value: object) -> object:
    """Codes as the form writes them: a list for a field that takes several, in its order."""
    if field.type is FieldType.YEAR and isinstance(value, str) and value.isdecimal():
        return int(value)
    if field.type is not FieldType.MULTI or isinstance(value, dict):
        return value
    given = value if isinstance(value, list) else [value]
    order = {str(code): place for place, code in enumerate(field.coarse_options)}
    return sorted(given, key=lambda code: order.get(str(code), len(order)))


def _read_text(form: Form, name: str, text: str) -> str | None:
    field = _find(form, name)
    if field.type not in TEXT_TYPES:
        raise InputError(f"{name} is a code, not a text.", hint=f"Set it with --set {name}=CODE")
    answer = read_answer(field, text)
    value = None if answer is None else answer_to_json(field, answer)
    return value if isinstance(value, str) else None


def _find(form: Form, name: str) -> ReportField | CodingField:
    field = form.by_id.get(FieldId(name))
    is_settable = isinstance(field, ReportField) or (
        isinstance(field, CodingField) and not field.by_program
    )
    if not is_settable or not isinstance(field, ReportField | CodingField):
        raise InputError(
            f'There is no field "{name}" that the desk can set.',
            hint="The fields are in the form: report fields and coding fields.",
        )
    return field


def _coding_of(case: Case, form: Form) -> CodingAnswers:
    """The desk's codes and texts, as answers to the coding questions."""
    given: dict[str, object] = {**case.codes, **case.texts}
    answers = {
        field.id: answer_from_json(field, given[field.id])
        for field in form.coding
        if field.id in given
    }
    return CodingAnswers(form, answers)


def _sent_codes(case: Case) -> dict[str, CodeValue]:
    codes = case.envelope.get("codes")
    return dict(codes) if isinstance(codes, dict) else {}


def _sent_texts(case: Case) -> dict[str, str]:
    texts = case.envelope.get("texts")
    return dict(texts) if isinstance(texts, dict) else {}
