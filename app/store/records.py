"""A record and its parts as JSON texts, the way the files keep them."""

import json
from collections.abc import Mapping
from typing import cast

from app.domain.archive import ArchiveNumber, CodeValue, Record

TITLE = "title"
SPECIAL = "special:"
"""What stands before a special value among the codes, so that it is never taken for a code."""


def to_json(value: object) -> str:
    """Compact JSON with sorted keys, in which the same value always looks the same."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def record_to_json(record: Record) -> str:
    """The whole record as one JSON text."""
    return to_json(
        {
            "number": record.number,
            "revision": record.revision,
            "shelf": record.shelf,
            "codes": dict(record.codes),
            "texts": dict(record.texts),
            "marks": list(record.marks),
        }
    )


def record_from_json(text: str) -> Record:
    """The record that `record_to_json` wrote."""
    message = json.loads(text)
    return Record(
        ArchiveNumber(message["number"]),
        message["revision"],
        message["shelf"],
        message["codes"],
        message["texts"],
        tuple(message["marks"]),
    )


def code_words(value: CodeValue) -> tuple[str, ...]:
    """What a filter can ask for: the code, each of several, or "special:unknown"."""
    if isinstance(value, Mapping):
        return tuple(SPECIAL + each for each in value.values())
    if isinstance(value, list):
        return tuple(dict.fromkeys(value))
    return (str(value),)


def codes_from_json(text: str) -> dict[str, CodeValue]:
    """Codes by field."""
    return cast("dict[str, CodeValue]", json.loads(text))


def texts_from_json(text: str) -> dict[str, str]:
    """Texts by field."""
    return cast("dict[str, str]", json.loads(text))


def split_texts(texts: Mapping[str, str]) -> tuple[str, str, str]:
    """Title, body and layout: each text once, in the columns that the full-text index reads.

    layout: JSON list of [field, length in code points], the title's too, in the order of the
    fields. Between the texts of the body stands one line break.
    """
    others = {field: text for field, text in texts.items() if field != TITLE}
    layout = [[field, len(text)] for field, text in texts.items()]
    return texts.get(TITLE, ""), "\n".join(others.values()), to_json(layout)


def join_texts(title: str, body: str, layout: str) -> dict[str, str]:
    """The texts by field that `split_texts` took apart."""
    texts: dict[str, str] = {}
    position = 0
    for field, length in json.loads(layout):
        if field == TITLE:
            texts[field] = title
            continue
        texts[field] = body[position : position + length]
        position += length + 1
    return texts
