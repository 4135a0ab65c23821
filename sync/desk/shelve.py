"""Put reports that are already public, or invented, into the archive without a case."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
_PARTS = ("answers", "coding")
_SHELF_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Shelved:
    """How many wait for the next publication, and how many the shelf had already."""

    added: int
    skipped: int


def shelve(
    publications: Publications,
    reports: Iterable[ImportedReport],
    shelf: str,
    marks: tuple[str, ...] = (),
) -> Shelved:
    """Give every report a number and keep it for the next publication.

    One that is on the shelf already, by where it is from or else by all it holds, is skipped.
    Raises InputError, and keeps nothing, if one of them cannot be read or the name of the
    shelf cannot be used.
    """
    if not _SHELF_NAME.fullmatch(shelf):
        raise InputError(
            "This cannot be the name of a shelf.",
            hint="Use small letters, digits and dashes, a letter first; 40 of them at most.",
        )
    found = list(reports)
    fresh = _leave_out_known(publications, found, shelf)
    numbers = publications.next_numbers(len(fresh))
    publications.put(
        Record(number, _FIRST_REVISION, shelf, report.codes, report.texts, marks)
        for number, report in zip(numbers, fresh, strict=True)
    )
    return Shelved(len(fresh), len(found) - len(fresh))


def _leave_out_known(
    publications: Publications, found: Sequence[ImportedReport], shelf: str
) -> list[ImportedReport]:
    known = publications.sources(shelf)
    if any("source" not in report.texts for report in found):
        known |= {_identify(record) for record in publications.without_source(shelf)}
    fresh = []
    for report in found:
        identity = _identify(report)
        if identity not in known:
            known.add(identity)
            fresh.append(report)
    return fresh


def _identify(report: ImportedReport | Record) -> str:
    """Where it is from; of one that does not say, its whole content."""
    content = json.dumps([dict(report.codes), dict(report.texts)], sort_keys=True)
    return report.texts.get("source", content)


def read_sample(form: Form, raw: bytes) -> Iterator[ImportedReport]:
    """The packaged sample: answers and coding of invented reports, made coarse as real ones.

    Raises InputError for a file that is no such sample, and for an answer that the form does
    not have.
    """
    for given_answers, given_coding in _read_pairs(raw):
        answers, _notes = parse_answers(form, given_answers)
        coarse = generalise(form, complete_with_not_asked(form, answers))
        coding = parse_coding(form, given_coding)
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


def _read_pairs(raw: bytes) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """The answers and the coding of each report, unread."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise _no_sample("it is not JSON in UTF-8") from None
    reports = message.get("reports") if isinstance(message, dict) else None
    if not isinstance(reports, list):
        raise _no_sample('it has no list of "reports"')
    for place, report in enumerate(reports, start=1):
        pair = [report.get(name) if isinstance(report, dict) else None for name in _PARTS]
        answers, coding = pair
        if not isinstance(answers, dict) or not isinstance(coding, dict):
            raise _no_sample(f'report {place} lacks its "answers" or its "coding"')
        yield answers, coding


def _no_sample(reason: str) -> InputError:
    return InputError(
        f"The file is not a sample of reports: {reason}.",
        "Nothing was imported.",
        "Files of other systems are imported with --format jsonl.",
    )
