"""The offline archive: verified records, changed in one transaction, searched at once."""

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock
from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.archive import (
    ArchiveNumber,
    ArchiveStatus,
    Delete,
    Operation,
    Put,
    Record,
    SearchHit,
)
from app.errors import UntrustedError
from app.paths import disk_errors, make_private_folder
from app.progress import Progress
from app.store.engine import StoreFile, create_file, open_file
from app.store.kinds import ARCHIVE
from app.store.records import code_words, codes_from_json, texts_from_json, to_json
from app.store.search import find_records
from app.store.tables.archive import MARKS, RECORD_CODES, RECORDS, RETRACTIONS, SIGNED_KEYS

_CHUNK = 500
_SEQUENCE = "sequence"
_SIGNED_ON = "signed_on"
_INTO_INDEX = text(
    "INSERT INTO record_index (rowid, title, body)"
    " SELECT number, title, body FROM record_words WHERE number = :number"
)
_OUT_OF_INDEX = text(
    "INSERT INTO record_index (record_index, rowid, title, body)"
    " SELECT 'delete', number, title, body FROM record_words WHERE number = :number"
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
    """

    sequence: int
    signed_on: str
    keys: Sequence[SignedKey] | None = None
    marks: Mapping[str, str] | None = None


class ArchiveStore:
    """The open archive."""

    def __init__(self, file: StoreFile) -> None:
        self.file = file

    @classmethod
    def open_or_create(cls, path: Path, key: bytes) -> Self:
        """Open the archive, or make an empty one. key: 32 bytes, from the connection.

        Raises DamagedFileError (then `discard` it and update), NewerFileError,
        SurroundingsError.
        """
        if not path.exists():
            make_private_folder(path.parent)
            with disk_errors(), FileLock(path.with_suffix(".lock"), mode=0o600):
                if not path.exists():
                    create_file(path, key, ARCHIVE)
        return cls(open_file(path, key, ARCHIVE))

    @staticmethod
    def discard(path: Path) -> None:
        """Delete the file of a damaged archive, which must be closed; it can be fetched anew."""
        with disk_errors():
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)

    def apply(
        self,
        operations: Iterable[Operation],
        edition: Edition,
        progress: Progress,
        total: int = 0,
    ) -> None:
        """Apply a delta: all of it and the edition's marks, or nothing.

        A record is put only over a lower revision. total: of operations, for the progress.
        Raises UntrustedError if the archive is newer than the edition; SurroundingsError;
        Cancelled.
        """
        with self.file.writing() as connection:
            _advance(connection, edition)
            done = 0
            for chunk in _chunks(operations):
                _apply_chunk(connection, chunk)
                done += len(chunk)
                progress.report(done, max(total, done))

    def replace_all(
        self,
        operations: Iterable[Operation],
        edition: Edition,
        progress: Progress,
        total: int = 0,
    ) -> None:
        """Apply a base: what was there before is gone. Raises as `apply` does."""
        with self.file.writing() as connection:
            _advance(connection, edition)
            connection.execute(text("DELETE FROM record_codes"))
            connection.execute(text("DELETE FROM records"))
            connection.execute(delete(RETRACTIONS))
            _index(connection, "delete-all")
            done = 0
            for chunk in _chunks(operations):
                _apply_chunk(connection, chunk, is_indexed=False)
                done += len(chunk)
                progress.report(done, max(total, done))
            _index(connection, "rebuild")

    def search(
        self,
        words: str,
        where: Mapping[str, str] | None = None,
        shelf: str | None = None,
        limit: int = 20,
    ) -> tuple[SearchHit, ...]:
        """Records with these words and codes; any text is a valid question.

        where: code by field, "special:unknown" for a special value; all must fit. No words:
        the newest records.
        """
        with self.file.reading() as connection:
            return find_records(connection, words, where or {}, shelf, limit)

    def get(self, number: ArchiveNumber) -> Record | None:
        """The record of this number, None if there is none."""
        with self.file.reading() as connection:
            row = connection.execute(select(RECORDS).where(RECORDS.c.number == number)).first()
        return None if row is None else _record(*row)

    def records(self, shelf: str | None = None) -> Iterator[Record]:
        """All records by number, of one shelf if it is named."""
        query = select(RECORDS).order_by(RECORDS.c.number)
        if shelf is not None:
            query = query.where(RECORDS.c.shelf == shelf)
        with self.file.reading() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query):
                yield _record(*row)

    def status(self) -> ArchiveStatus:
        """What the offline copy is."""
        with self.file.reading() as connection:
            marks = _marks(connection)
            records = connection.execute(select(func.count()).select_from(RECORDS)).scalar_one()
        return ArchiveStatus(
            sequence=int(marks.get(_SEQUENCE, "0")),
            signed_on=marks.get(_SIGNED_ON, ""),
            records=records,
        )

    def high_water(self) -> int:
        """The sequence below which nothing is accepted."""
        return self.status().sequence

    def marks(self) -> dict[str, str]:
        """What was noted with the newest edition, by name."""
        with self.file.reading() as connection:
            return _marks(connection)

    def signed_keys(self, purpose: str) -> tuple[SignedKey, ...]:
        """The keys for this purpose, by name."""
        query = select(SIGNED_KEYS).where(SIGNED_KEYS.c.purpose == purpose)
        with self.file.reading() as connection:
            rows = connection.execute(query.order_by(SIGNED_KEYS.c.name)).all()
        return tuple(SignedKey(*row) for row in rows)

    def check(self, progress: Progress) -> None:
        """Verify the whole file and that the index fits the texts. Raises DamagedFileError."""
        self.file.check(progress)
        with self.file.writing() as connection:
            connection.execute(
                text("INSERT INTO record_index (record_index, rank) VALUES ('integrity-check', 1)")
            )

    def close(self) -> None:
        """Give the file back."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _advance(connection: Connection, edition: Edition) -> None:
    if edition.sequence < int(_marks(connection).get(_SEQUENCE, "0")):
        raise UntrustedError(
            "What was fetched is older than the archive on this computer.",
            "Nothing was changed.",
            "Update from another place; if it happens again, tell those who run the service.",
        )
    marks = {
        **(edition.marks or {}),
        _SEQUENCE: str(edition.sequence),
        _SIGNED_ON: edition.signed_on,
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


def _marks(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(MARKS))}


def _index(connection: Connection, command: str) -> None:
    connection.execute(
        text("INSERT INTO record_index (record_index) VALUES (:command)"), {"command": command}
    )


def _chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Parts in which no number occurs twice, so that each can be written at one go."""
    waiting: dict[ArchiveNumber, Operation] = {}
    for operation in operations:
        number = _number(operation)
        if number in waiting or len(waiting) == _CHUNK:
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
        and each.record.revision > max(here.get(each.record.number, -1), gone.get(each.record.number, -1))
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
