"""Put reports that are already public, or invented, into the archive without a case."""

import json
from collections.abc import Iterable, Iterator

from app.domain.answer_reading import answers_to_json, parse_answers, parse_coding
from app.domain.answers import Words
from app.domain.archive import CodeValue, Record
from app.domain.form import FieldId, Form, Leaves, publishable
from app.domain.navigation import complete_with_not_asked
from app.errors import InputError
from app.use_cases.import_reports import ImportedReport
from app.use_cases.review_case import Publications
from sync.generalise import generalise

_FIRST_REVISION = 1


def shelve(
    publications: Publications,
    reports: Iterable[ImportedReport],
    shelf: str,
    marks: tuple[str, ...] = (),
) -> int:
    """Give every report a number and keep it for the next publication; returns how many.

    Raises InputError, and keeps nothing, if one of them cannot be read or the name of the
    shelf cannot be used.
    """
    if not shelf.replace("-", "").isalnum() or not shelf.isascii() or len(shelf) > 40:
        raise InputError(
            "This cannot be the name of a shelf.", hint="Use letters, digits and dashes."
        )
    found = list(reports)
    numbers = publications.next_numbers(len(found))
    publications.put(
        Record(number, _FIRST_REVISION, shelf, report.codes, report.texts, marks)
        for number, report in zip(numbers, found, strict=True)
    )
    return len(found)


def read_sample(form: Form, raw: bytes) -> Iterator[ImportedReport]:
    """The packaged sample: answers and coding of invented reports, made coarse as real ones.

    Raises InputError for an answer that the form does not have.
    """
    for report in json.loads(raw)["reports"]:
        answers, _notes = parse_answers(form, report["answers"])
        coarse = generalise(form, complete_with_not_asked(form, answers))
        coding = parse_coding(form, report["coding"])
        codes: dict[str, CodeValue] = {**answers_to_json(form, coarse)}
        texts = {
            field.id: answer.text
            for field in form.report_fields()
            if field.leaves is Leaves.SCRUBBED
            and isinstance(answer := answers.get(field.id), Words)
        }
        for field_id, value in answers_to_json(form, coding).items():
            is_text = isinstance(coding[FieldId(field_id)], Words)
            if is_text and isinstance(value, str):
                texts[FieldId(field_id)] = value
            else:
                codes[field_id] = value
        yield ImportedReport(
            {field: value for field, value in codes.items() if publishable(form, FieldId(field))},
            {field: text for field, text in texts.items() if publishable(form, field)},
        )
