"""One operation on the archive as one line of JSON, and strictly back."""

from typing import TypeGuard

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Operation, Put, Record
from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError

LINE_LIMIT = 1024 * 1024
"""Bytes of one line: some ten times the longest record that was ever seen."""
_RECORD_KEYS = {"number", "revision", "shelf", "codes", "texts", "marks"}


def write_operation(operation: Operation) -> bytes:
    """The line, with its end. Raises ValueError for what `read_operation` would refuse."""
    if isinstance(operation, Put):
        record = operation.record
        message: dict[str, object] = {
            "put": {
                "number": record.number,
                "revision": record.revision,
                "shelf": record.shelf,
                "codes": dict(record.codes),
                "texts": dict(record.texts),
                "marks": list(record.marks),
            }
        }
    else:
        message = {"delete": {"number": operation.number, "revision": operation.revision}}
    line = canonical.encode(message) + b"\n"
    try:
        read_operation(line)
    except MalformedError as error:
        raise ValueError(f"an operation that nobody could read: {error}") from error
    return line


def read_operation(line: bytes) -> Operation:
    """The operation on a line. Raises MalformedError for anything that is not exactly one."""
    if len(line) > LINE_LIMIT:
        raise MalformedError("the line is too long")
    message = canonical.decode(line)
    if canonical.encode(message) + b"\n" != line:
        raise MalformedError("the line is not canonical")
    if set(message) == {"put"}:
        return Put(_read_record(canonical.object_of(message, "put")))
    if set(message) == {"delete"}:
        deletion = canonical.object_of(message, "delete")
        if set(deletion) != {"number", "revision"}:
            raise MalformedError("a deletion has a number and a revision")
        return Delete(ArchiveNumber(_counted(deletion, "number")), _counted(deletion, "revision"))
    raise MalformedError("neither a put nor a delete")


def _read_record(message: dict[str, Json]) -> Record:
    if set(message) != _RECORD_KEYS:
        raise MalformedError("a record has other fields")
    shelf = canonical.text_of(message, "shelf")
    if not shelf:
        raise MalformedError("a record without a shelf")
    codes: dict[str, CodeValue] = {}
    for field, value in canonical.object_of(message, "codes").items():
        if not _is_code_value(value):
            raise MalformedError("a code of an unknown kind")
        codes[field] = value
    return Record(
        number=ArchiveNumber(_counted(message, "number")),
        revision=_counted(message, "revision"),
        shelf=shelf,
        codes=codes,
        texts=_read_texts(message),
        marks=_read_marks(message),
    )


def _read_texts(message: dict[str, Json]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field, text in canonical.object_of(message, "texts").items():
        if not isinstance(text, str):
            raise MalformedError("a text is not a text")
        texts[field] = text
    return texts


def _read_marks(message: dict[str, Json]) -> tuple[str, ...]:
    marks = message["marks"]
    if not isinstance(marks, list):
        raise MalformedError("marks are not a list")
    found = tuple(mark for mark in marks if isinstance(mark, str))
    if len(found) != len(marks):
        raise MalformedError("a mark is not a text")
    return found


def _counted(message: dict[str, Json], key: str) -> int:
    number = canonical.number_of(message, key)
    if number == 0:
        raise MalformedError(f"'{key}' counts from 1")
    return number


def _is_code_value(value: Json) -> TypeGuard[CodeValue]:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    if isinstance(value, dict):
        return all(isinstance(each, str) for each in value.values())
    return True
