"""How a set of operations is written into the archive, inside one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, bindparam, delete, insert, select, text
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.archive import ArchiveNumber, Delete, Operation, Put, Record, in_reading_order
from app.errors import UntrustedError
from app.progress import Progress
from app.store.mail_changes import MailChange, write_mail
from app.store.records import code_words, split_texts, to_json
from app.store.tables.archive import MARKS, RECORD_CODES, RECORDS, RETRACTIONS, SIGNED_KEYS

CHUNK = 500
SEQUENCE = "sequence"
SIGNED_ON = "signed_on"
_INTO_INDEX = text(
    "INSERT INTO record_index (rowid, title, body)"
    " SELECT number, title, body FROM records WHERE number = :number"
)
_OUT_OF_INDEX = text(
    "INSERT INTO record_index (record_index, rowid, title, body)"
    " SELECT 'delete', number, title, body FROM records WHERE number = :number"
)


@dataclass(frozen=True, slots=True)
class SignedKey:
    """The bytes of a key file as they were signed. purpose: such as "research"."""

    purpose: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Edition:
    """What a set of operations brings the archive to.

    sequence: of the signed index. signed_on: "YYYY-MM-DD". keys: all that hold now, in place
    of those before; None leaves them. marks: versions of metadata and the like, by name.
    mail: what came with it; None leaves what is there.
    """

    sequence: int
    signed_on: str
    keys: Sequence[SignedKey] | None = None
    marks: Mapping[str, str] | None = None
    mail: MailChange | None = None


def write_operations(
    connection: Connection,
    operations: Iterable[Operation],
    progress: Progress,
    total: int,
    *,
    is_indexed: bool,
) -> None:
    """Write them in parts. is_indexed: whether the full-text index is kept in step."""
    done = 0
    for chunk in _chunks(operations):
        _apply_chunk(connection, chunk, is_indexed=is_indexed)
        done += len(chunk)
        progress.report(done, max(total, done))


def empty(connection: Connection) -> None:
    """Take everything out, the index included."""
    connection.execute(delete(RECORD_CODES))
    connection.execute(delete(RECORDS))
    connection.execute(delete(RETRACTIONS))
    command_index(connection, "delete-all")


def advance(connection: Connection, edition: Edition) -> None:
    """Note the edition, and take in its mail. Raises UntrustedError if the archive is newer."""
    if edition.sequence < int(read_marks(connection).get(SEQUENCE, "0")):
        raise UntrustedError(
            "What was fetched is older than the archive on this computer.",
            "Nothing was changed.",
            "Update from another place; if it happens again, tell those who run the service.",
        )
    marks = {
        **(edition.marks or {}),
        SEQUENCE: str(edition.sequence),
        SIGNED_ON: edition.signed_on,
    }
    statement = insert_or_update(MARKS)
    connection.execute(
        statement.on_conflict_do_update(set_={"value": statement.excluded.value}),
        [{"name": name, "value": value} for name, value in marks.items()],
    )
    if edition.keys is not None:
        connection.execute(delete(SIGNED_KEYS))
        rows = [
            {"purpose": key.purpose, "name": key.name, "content": key.content}
            for key in edition.keys
        ]
        if rows:
            connection.execute(insert(SIGNED_KEYS), rows)
    if edition.mail is not None:
        write_mail(connection, edition.mail)


def read_marks(connection: Connection) -> dict[str, str]:
    """What was noted, by name."""
    return {row.name: row.value for row in connection.execute(select(MARKS))}


def command_index(connection: Connection, command: str) -> None:
    """Give the full-text index one of its commands (https://www.sqlite.org/fts5.html, 6)."""
    connection.execute(
        text("INSERT INTO record_index (record_index) VALUES (:command)"), {"command": command}
    )


def _chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Parts in which no number occurs twice, so that each can be written at one go."""
    waiting: dict[ArchiveNumber, Operation] = {}
    for operation in operations:
        number = _number(operation)
        if number in waiting or len(waiting) == CHUNK:
            yield list(waiting.values())
            waiting = {}
        waiting[number] = operation
    if waiting:
        yield list(waiting.values())


def _number(operation: Operation) -> ArchiveNumber:
    return operation.record.number if isinstance(operation, Put) else operation.number


def _apply_chunk(
    connection: Connection, chunk: list[Operation], *, is_indexed: bool = True
) -> None:
    numbers = [_number(each) for each in chunk]
    here = _revisions(connection, RECORDS.c.number, RECORDS.c.revision, numbers)
    gone = _revisions(connection, RETRACTIONS.c.number, RETRACTIONS.c.revision, numbers)
    puts = [
        each.record
        for each in chunk
        if isinstance(each, Put)
        and each.record.revision > here.get(each.record.number, -1)
        and each.record.revision > gone.get(each.record.number, -1)
    ]
    deletes = [
        each
        for each in chunk
        if isinstance(each, Delete)
        and each.revision >= here.get(each.number, -1)
        and each.revision > gone.get(each.number, -1)
    ]
    replaced = [record.number for record in puts if record.number in here]
    retracted = [each.number for each in deletes if each.number in here]
    _take_out(connection, [*replaced, *retracted], is_indexed=is_indexed)
    _note_retractions(connection, deletes)
    _put_in(connection, puts, is_indexed=is_indexed)


def _revisions(
    connection: Connection,
    number: Column[int],
    revision: Column[int],
    numbers: list[ArchiveNumber],
) -> dict[int, int]:
    query = select(number, revision).where(number.in_(numbers))
    return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def _take_out(connection: Connection, numbers: list[ArchiveNumber], *, is_indexed: bool) -> None:
    if not numbers:
        return
    if is_indexed:  # before the rows go: the index needs the old words to find their entries
        connection.execute(_OUT_OF_INDEX, [{"number": number} for number in numbers])
    statement = delete(RECORDS).where(RECORDS.c.number == bindparam("gone"))
    connection.execute(statement, [{"gone": number} for number in numbers])


def _note_retractions(connection: Connection, deletes: list[Delete]) -> None:
    if deletes:
        statement = insert_or_update(RETRACTIONS)
        connection.execute(
            statement.on_conflict_do_update(set_={"revision": statement.excluded.revision}),
            [{"number": each.number, "revision": each.revision} for each in deletes],
        )


def _put_in(connection: Connection, records: list[Record], *, is_indexed: bool) -> None:
    if not records:
        return
    connection.execute(insert(RECORDS), [_row(record) for record in records])
    codes = [
        {"field": field, "code": code, "number": record.number}
        for record in records
        for field, value in record.codes.items()
        for code in code_words(value)
    ]
    if codes:
        connection.execute(insert(RECORD_CODES), codes)
    if is_indexed:
        connection.execute(_INTO_INDEX, [{"number": record.number} for record in records])


def _row(record: Record) -> dict[str, object]:
    title, body, layout = split_texts(in_reading_order(record.texts))
    return {
        "number": record.number,
        "revision": record.revision,
        "shelf": record.shelf,
        "codes": to_json(dict(record.codes)),
        "title": title,
        "body": body,
        "layout": layout,
        "marks": to_json(list(record.marks)),
    }
