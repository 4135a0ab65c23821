"""Bring published reports of a sister system onto a shelf of their own.

Each line of the file is a JSON object with `source`, `id`, `date`, `text` and the codes that
its owner gave it. What surely means the same as an answer of our form becomes that answer;
everything else is kept as text, in the owner's words. A blank of ASRS means unknown, ZZZ means
removed by its analysts.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from app.domain.answer_reading import answer_to_json, read_answer
from app.domain.archive import CodeValue
from app.domain.form import FieldId, Form, SpecialValue, publishable
from app.domain.plain_text import clean_text
from app.errors import InputError

_LONGEST_LINE = 1_000_000
_TITLE_LENGTH = 110
_TIME_BLOCKS = {
    "0001-0600": "0001_0600",
    "0601-1200": "0601_1200",
    "1201-1800": "1201_1800",
    "1801-2400": "1801_2400",
}
# MMUCC, first harmful light condition: night alone does not say whether there were lamps.
_LIGHTS = {"Daylight": "1", "Night": "6", "Dawn": "4", "Dusk": "5"}
_FACTORS = {
    "Decision Making": "decision_making",
    "Distraction": "distraction",
    "Fatigue": "fatigue",
    "Situational Awareness": "situational_awareness",
    "Time Pressure": "time_pressure",
}
_TEXT_FIELDS = {"text": "what_happened", "action": "action_taken", "synopsis": "synopsis"}
_KEPT_AS_TEXT = {
    "date": "Date",
    "time_block": "Time of day",
    "light": "Light",
    "state": "State or region",
    "agency_type": "Agency",
    "incident_type": "Kind of incident",
    "position": "Position",
    "anomaly": "Anomaly",
    "primary_problem": "Primary problem",
    "contributing": "Contributing factors",
    "human_factors": "Human factors",
    "hazard": "Hazard",
    "result": "Result",
}
_REMOVED = "ZZZ"
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
# Control characters other than line ends and tabs, those that reorder text, halves of letters.
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_YEAR_FIRST = re.compile(r"(\d{4})\d{2}")
_YEAR_LAST = re.compile(r"\d{2}/\d{2}/(\d{4})")


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """A report ready for a shelf; it has no number yet."""

    codes: Mapping[str, CodeValue]
    texts: Mapping[str, str]


def read_imported(form: Form, lines: BinaryIO) -> Iterator[ImportedReport]:
    """The reports of a file of JSON lines, one by one.

    Raises InputError that names the line which is not such a report.
    """
    number = 0
    while raw := lines.readline(_LONGEST_LINE):
        number += 1
        if raw.strip():
            yield _map_report(form, _read_line(raw, number), number)


def _read_line(raw: bytes, number: int) -> dict[str, str]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise _refuse(number, "it is not one JSON object in UTF-8") from None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise _refuse(number, "it is not an object that holds texts only")
    return found


def _map_report(form: Form, line: Mapping[str, str], number: int) -> ImportedReport:
    missing = [name for name in ("source", "id", "text") if not line.get(name)]
    if missing:
        raise _refuse(number, f"'{missing[0]}' is missing")
    texts = {
        ours: _plain(line[theirs]) for theirs, ours in _TEXT_FIELDS.items() if line.get(theirs)
    }
    texts["title"] = _title(texts.get("synopsis") or texts["what_happened"])
    texts["source"] = _plain(f"{line['source'].upper()} {line['id']}")
    texts["source_codes"] = "\n".join(
        f"{label}: {_plain(line[name])}" for name, label in _KEPT_AS_TEXT.items() if line.get(name)
    )
    try:
        codes = {
            name: _canonical(form, name, value)
            for name, value in _map_codes(line).items()
            if publishable(form, FieldId(name))
        }
    except InputError as error:
        raise _refuse(number, error.title.rstrip(".")) from None
    return ImportedReport(codes, texts)


def _canonical(form: Form, name: str, value: CodeValue) -> CodeValue:
    """The value as the form writes it; a special value stays as it is."""
    field = form.report_field(FieldId(name))
    answer = None if isinstance(value, dict) else read_answer(field, value)
    return value if answer is None else answer_to_json(field, answer)


def _map_codes(line: Mapping[str, str]) -> dict[str, CodeValue]:
    codes: dict[str, CodeValue] = {}
    year = _YEAR_FIRST.fullmatch(line.get("date", "")) or _YEAR_LAST.match(line.get("date", ""))
    if year:
        codes["event_year"] = int(year[1])
    is_asrs = line["source"] == "asrs"
    for name, field, known in (
        ("time_block", "time_block", _TIME_BLOCKS),
        ("light", "light", _LIGHTS),
    ):
        value = line.get(name, "")
        if value in known:
            codes[field] = known[value]
        elif is_asrs and value == _REMOVED:
            codes[field] = {"special": SpecialValue.DEIDENTIFIED.value}
        elif is_asrs and not value:
            codes[field] = {"special": SpecialValue.UNKNOWN.value}
    named = [part.strip() for part in line.get("human_factors", "").split(";")]
    factors = {_FACTORS[part] for part in named if part in _FACTORS}
    if factors:
        codes["contributing"] = list(factors)
    return codes


def _plain(text: str) -> str:
    """The text without the little markup that some sources have, and without what cannot be
    shown: a real file holds control characters, and one could steer a terminal.
    """
    shown = _NOT_SHOWN.sub(" ", html.unescape(_BREAK.sub("\n", text)))
    return clean_text(shown, one_line=False)


def _title(text: str) -> str:
    """The first sentence, or as many whole words of it as fit a line."""
    line = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?]) ", line, maxsplit=1)[0].rstrip(".")
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " ..."


def _refuse(number: int, reason: str) -> InputError:
    return InputError(
        f"Line {number} of the file is not a report: {reason}.",
        "Nothing was imported.",
        "Mend or remove the line, then import the file again.",
    )
