"""The offline archive: verified records, changed in one transaction, searched at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from filelock import FileLock
from sqlalchemy import Row, func, select, text

from app.domain.archive import ArchiveNumber, ArchiveStatus, Operation, Record, SearchHit
from app.paths import disk_errors, make_private_folder
from app.progress import Progress
from app.store.archive_changes import (
    CHUNK,
    SEQUENCE,
    SIGNED_ON,
    Edition,
    SignedKey,
    advance,
    command_index,
    empty,
    read_marks,
    write_operations,
)
from app.store.engine import StoreFile, create_file, open_file
from app.store.facets import Columns, Facets, count_facets, find_similar, read_columns
from app.store.kinds import ARCHIVE
from app.store.open_store import OpenStore
from app.store.records import codes_from_json, join_texts
from app.store.search import find_records
from app.store.tables.archive import RECORDS, SIGNED_KEYS


class ArchiveStore(OpenStore):
    """The open archive."""

    def __init__(self, file: StoreFile) -> None:
        super().__init__(file)
        self._columns: Columns | None = None

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
            advance(connection, edition)
            write_operations(connection, operations, progress, total, is_indexed=True)
        self._columns = None

    def replace_all(
        self,
        operations: Iterable[Operation],
        edition: Edition,
        progress: Progress,
        total: int = 0,
    ) -> None:
        """Apply a base: what was there before is gone. Raises as `apply` does."""
        with self.file.writing() as connection:
            advance(connection, edition)
            empty(connection)
            write_operations(connection, operations, progress, total, is_indexed=False)
            command_index(connection, "rebuild")
        self._columns = None

    def search(
        self,
        words: str,
        where: Mapping[str, str] | None = None,
        shelf: str | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> tuple[SearchHit, ...]:
        """Records with these words and codes; any text is a valid question.

        where: code by field, "special:unknown" for a special value; all must fit. No words:
        the newest records. offset: how many results are passed over.
        """
        with self.file.reading() as connection:
            return find_records(connection, words, where or {}, shelf, limit, offset)

    def facets(
        self, words: str, where: Mapping[str, str], shelf: str | None, fields: Sequence[str]
    ) -> Facets:
        """How many of these records have each code of the fields; see `count_facets`.

        The first call after a change reads the columns anew, some 0.5 s at 100,000 records.
        """
        with self.file.reading() as connection:
            # Threads may both read them anew; either result is whole and right.
            self._columns = columns = read_columns(connection, self._columns)
            return count_facets(connection, columns, words, where, shelf, fields)

    def similar(self, record: Record, fields: Sequence[str], limit: int) -> tuple[SearchHit, ...]:
        """Other records that share most of the codes in these fields, the nearest first."""
        codes = {name: record.codes[name] for name in fields if name in record.codes}
        with self.file.reading() as connection:
            return find_similar(connection, record.number, codes, limit)

    def get(self, number: ArchiveNumber) -> Record | None:
        """The record of this number, None if there is none."""
        with self.file.reading() as connection:
            row = connection.execute(select(RECORDS).where(RECORDS.c.number == number)).first()
        return None if row is None else _record(row)

    def records(self, shelf: str | None = None) -> Iterator[Record]:
        """All records by number, of one shelf if it is named."""
        query = select(RECORDS).order_by(RECORDS.c.number)
        if shelf is not None:
            query = query.where(RECORDS.c.shelf == shelf)
        with self.file.reading() as connection:
            for row in connection.execution_options(yield_per=CHUNK).execute(query):
                yield _record(row)

    def status(self) -> ArchiveStatus:
        """What the offline copy is."""
        with self.file.reading() as connection:
            marks = read_marks(connection)
            records = connection.execute(select(func.count()).select_from(RECORDS)).scalar_one()
        return ArchiveStatus(
            sequence=int(marks.get(SEQUENCE, "0")),
            signed_on=marks.get(SIGNED_ON, ""),
            records=records,
        )

    def high_water(self) -> int:
        """The sequence below which nothing is accepted."""
        return self.status().sequence

    def marks(self) -> dict[str, str]:
        """What was noted with the newest edition, by name."""
        with self.file.reading() as connection:
            return read_marks(connection)

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


def _record(row: Row[Any]) -> Record:
    return Record(
        ArchiveNumber(row.number),
        row.revision,
        row.shelf,
        codes_from_json(row.codes),
        join_texts(row.title, row.body, row.layout),
        tuple(json.loads(row.marks)),
    )
