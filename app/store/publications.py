"""What the desk has published or is about to: the archive as its authors keep it."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.archive import ArchiveNumber, Delete, Operation, Put, Record
from app.domain.case import CaseId
from app.errors import InputError
from app.store.cases import CaseStore
from app.store.records import record_from_json, record_to_json
from app.store.tables.cases import PUBLISHED, SETTINGS

_LAST_NUMBER = "last_archive_number"
_WIDEST_GAP = 16
_FIRST_NUMBER = 10_000
_CHUNK = 500
_SOURCE = func.json_extract(PUBLISHED.c.record, "$.texts.source")
_COLUMNS = (PUBLISHED.c.number, PUBLISHED.c.revision, PUBLISHED.c.record, PUBLISHED.c.is_retracted)


class NoSuchRecordError(InputError):
    """There is no published record with this number."""

    def __init__(self) -> None:
        super().__init__("There is no record of this number.", "", "Check the number.")


class Publications:
    """The records in an open file of cases, and which index carries each."""

    def __init__(self, cases: CaseStore) -> None:
        self._file = cases.file

    def next_numbers(self, count: int) -> list[ArchiveNumber]:
        """Take so many new numbers, in rising order, each given out only once.

        Between them are random gaps, so that they do not tell how many reports there are;
        they are made from nothing that a report holds.
        """
        query = select(SETTINGS.c.value).where(SETTINGS.c.name == _LAST_NUMBER)
        with self._file.writing() as connection:
            last = int(connection.execute(query).scalar_one_or_none() or _FIRST_NUMBER)
            numbers = []
            for _each in range(count):
                last += 1 + secrets.randbelow(_WIDEST_GAP)
                numbers.append(ArchiveNumber(last))
            statement = insert(SETTINGS).values(name=_LAST_NUMBER, value=str(last))
            connection.execute(statement.on_conflict_do_update(set_={"value": str(last)}))
        return numbers

    def put(self, records: Iterable[Record], case_id: CaseId | None = None) -> None:
        """Keep the records for the next index, all or none; a later revision takes the place.

        case_id: the case that the one record was made of. Raises ValueError for a revision
        that is not higher than the one that is there.
        """
        kept = list(records)
        rows = [_row(record, case_id) for record in kept]
        if not rows:
            return
        statement = insert(PUBLISHED)
        new = {name: statement.excluded[name] for name in rows[0] if name != "number"}
        revisions = {record.number: record.revision for record in kept}
        with self._file.writing() as connection:
            if any(
                revisions[ArchiveNumber(number)] <= revision
                for number, revision in _find_revisions(connection, list(revisions))
            ):
                raise ValueError("a revision is not higher than the one that is there")
            connection.execute(statement.on_conflict_do_update(set_=new), rows)

    def retract(self, number: ArchiveNumber) -> None:
        """Take the record out with the next index; its text is deleted here at once.

        Raises NoSuchRecordError.
        """
        statement = update(PUBLISHED).where(
            PUBLISHED.c.number == number, PUBLISHED.c.is_retracted.is_(False)
        )
        values = {
            "revision": PUBLISHED.c.revision + 1,
            "record": "",
            "is_retracted": True,
            "sequence": None,
        }
        with self._file.writing() as connection:
            if connection.execute(statement.values(values)).rowcount != 1:
                raise NoSuchRecordError

    def get(self, number: ArchiveNumber) -> Record:
        """The newest revision. Raises NoSuchRecordError."""
        query = select(PUBLISHED.c.record).where(
            PUBLISHED.c.number == number, PUBLISHED.c.is_retracted.is_(False)
        )
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise NoSuchRecordError
        return record_from_json(found)

    def of_case(self, case_id: CaseId) -> Record | None:
        """The record that was made of the case, None if there is none."""
        query = select(PUBLISHED.c.record).where(
            PUBLISHED.c.case_id == case_id, PUBLISHED.c.is_retracted.is_(False)
        )
        with self._file.reading() as connection:
            found = connection.execute(query).scalars().first()
        return None if found is None else record_from_json(found)

    def waiting(self) -> list[Operation]:
        """What no index carries yet, by number: the next delta."""
        query = select(*_COLUMNS).where(PUBLISHED.c.sequence.is_(None))
        with self._file.reading() as connection:
            rows = connection.execute(query.order_by(PUBLISHED.c.number)).all()
        return [_operation(*row) for row in rows]

    def mark_published(self, sequence: int, operations: Iterable[Operation]) -> None:
        """Note that the index of this sequence carries these operations.

        What was changed again meanwhile goes on waiting.
        """
        statement = update(PUBLISHED).where(
            PUBLISHED.c.sequence.is_(None),
            PUBLISHED.c.number == bindparam("of_number"),
            PUBLISHED.c.revision == bindparam("of_revision"),
        )
        rows = [
            {"of_number": each.number, "of_revision": each.revision}
            for each in (op.record if isinstance(op, Put) else op for op in operations)
        ]
        with self._file.writing() as connection:
            if rows:
                connection.execute(statement.values(sequence=sequence), rows)

    def records(self) -> list[Record]:
        """All that are published or wait, by number, without the retracted: the next base."""
        query = select(PUBLISHED.c.record).where(PUBLISHED.c.is_retracted.is_(False))
        with self._file.reading() as connection:
            rows = connection.execute(query.order_by(PUBLISHED.c.number)).scalars().all()
        return [record_from_json(row) for row in rows]

    def sources(self, shelf: str) -> set[str]:
        """Where the records of the shelf are from, in the words of their text `source`."""
        return set(self._read_shelf(shelf, _SOURCE, has_source=True))

    def without_source(self, shelf: str) -> list[Record]:
        """The records of the shelf that do not say where they are from."""
        rows = self._read_shelf(shelf, PUBLISHED.c.record, has_source=False)
        return [record_from_json(row) for row in rows]

    def _read_shelf(
        self, shelf: str, wanted: ColumnElement[str], *, has_source: bool
    ) -> Sequence[str]:
        query = select(wanted).where(
            PUBLISHED.c.shelf == shelf,
            PUBLISHED.c.is_retracted.is_(False),
            _SOURCE.is_not(None) if has_source else _SOURCE.is_(None),
        )
        with self._file.reading() as connection:
            return connection.execute(query).scalars().all()

    def counts(self) -> dict[str, int]:
        """How many records each shelf has."""
        query = select(PUBLISHED.c.shelf, func.count()).where(PUBLISHED.c.is_retracted.is_(False))
        with self._file.reading() as connection:
            rows = connection.execute(query.group_by(PUBLISHED.c.shelf)).all()
        return {row[0]: row[1] for row in rows}


def revised(record: Record) -> Record:
    """The same record with the next revision, for a correction."""
    return replace(record, revision=record.revision + 1)


def _row(record: Record, case_id: CaseId | None) -> dict[str, object]:
    return {
        "number": record.number,
        "revision": record.revision,
        "shelf": record.shelf,
        "record": record_to_json(record),
        "is_retracted": False,
        "sequence": None,
        "case_id": case_id,
    }


def _find_revisions(
    connection: Connection, numbers: Sequence[ArchiveNumber]
) -> Iterator[tuple[int, int]]:
    """Number and revision of those that are there. In parts: SQLite binds so many values only."""
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        query = select(PUBLISHED.c.number, PUBLISHED.c.revision)
        for row in connection.execute(query.where(PUBLISHED.c.number.in_(part))):
            yield row[0], row[1]


def _operation(number: int, revision: int, record: str, is_retracted: bool) -> Operation:
    if is_retracted:
        return Delete(ArchiveNumber(number), revision)
    return Put(record_from_json(record))
