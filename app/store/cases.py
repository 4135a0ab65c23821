"""The desk's cases: what analysts have unsealed, and how far each has come."""

import json
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from sqlalchemy import Column, Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.archive import CodeValue
from app.domain.case import CASE_TRANSITIONS, CaseId, CaseState, CaseSummary
from app.errors import InputError
from app.paths import disk_errors, flush_folder, make_private_folder
from app.progress import Progress
from app.store.engine import create_file, flush_file, open_file
from app.store.kinds import CASES as CASES_KIND
from app.store.open_store import OpenStore
from app.store.records import codes_from_json, texts_from_json, to_json
from app.store.tables.cases import CASES, SETTINGS

_UNREADABLE = "unreadable/"
_EDITABLE = frozenset({CaseState.RECEIVED, CaseState.CODED})


@dataclass(frozen=True, slots=True)
class Case:
    """A report at the desk.

    report_id: 16 bytes. month: of arrival, "YYYY-MM". envelope: what was inside the seal,
    unchanged. codes, texts: what the desk has set, by field.
    """

    case_id: CaseId
    report_id: bytes
    month: str
    state: CaseState
    envelope: Mapping[str, object]
    codes: Mapping[str, CodeValue]
    texts: Mapping[str, str]


class NoSuchCaseError(InputError):
    """There is no case with this id."""

    def __init__(self) -> None:
        super().__init__("There is no such case.", "", "List the cases and choose one of them.")


class CaseMovedError(InputError):
    """What was asked does not fit the case's state."""

    def __init__(self, state: CaseState) -> None:
        super().__init__(
            f"This case is '{state}'; that cannot be done with it.",
            "Nothing was changed.",
            "List the cases to see their states.",
        )


class CaseStore(OpenStore):
    """The open file of cases."""

    @classmethod
    def open_or_create(cls, path: Path, key: bytes) -> Self:
        """Open the file, or make an empty one. key: 32 bytes.

        Raises DamagedFileError, NewerFileError, SurroundingsError.
        """
        if not path.exists():
            make_private_folder(path.parent)
            create_file(path, key, CASES_KIND)
        return cls(open_file(path, key, CASES_KIND))

    def add(
        self,
        report_id: bytes,
        month: str,
        envelope: Mapping[str, object],
        withdrawal_hash: bytes | None = None,
    ) -> CaseId:
        """Make a case of an unsealed report; the id of the case that is there, if there is one.

        withdrawal_hash: of the key that may withdraw it, 32 bytes.
        """
        row = {
            "case_id": secrets.token_hex(8),
            "report_id": report_id,
            "month": month,
            "state": CaseState.RECEIVED,
            "envelope": to_json(dict(envelope)),
            "codes": "{}",
            "texts": "{}",
            "withdrawal_hash": withdrawal_hash,
        }
        with self.file.writing() as connection:
            connection.execute(insert_or_update(CASES).values(row).on_conflict_do_nothing())
            query = select(CASES.c.case_id).where(CASES.c.report_id == report_id)
            return CaseId(connection.execute(query).scalar_one())

    def summaries(self, state: CaseState | None = None) -> tuple[CaseSummary, ...]:
        """All cases, or those in one state, by month, then by their random ids."""
        query = select(CASES.c.case_id, CASES.c.month, CASES.c.state)
        if state is not None:
            query = query.where(CASES.c.state == state)
        with self.file.reading() as connection:
            rows = connection.execute(query.order_by(CASES.c.month, CASES.c.case_id)).all()
        return tuple(CaseSummary(CaseId(row[0]), row[1], CaseState(row[2])) for row in rows)

    def get(self, case_id: CaseId) -> Case:
        """The whole case. Raises NoSuchCaseError."""
        with self.file.reading() as connection:
            return _get(connection, case_id)

    def set_code(self, case_id: CaseId, field: str, value: "CodeValue | None") -> None:
        """Set the desk's code for a field; None takes it away.

        Raises NoSuchCaseError; CaseMovedError unless the case is received or coded.
        """
        with self.file.writing() as connection:
            case = _editable(connection, case_id)
            _set(connection, case_id, CASES.c.codes, {**case.codes, field: value})

    def set_text(self, case_id: CaseId, field: str, value: str | None) -> None:
        """Set the desk's text for a field; None takes it away. Raises as `set_code` does."""
        with self.file.writing() as connection:
            case = _editable(connection, case_id)
            _set(connection, case_id, CASES.c.texts, {**case.texts, field: value})

    def move(self, case_id: CaseId, to: CaseState) -> None:
        """Take the case to another state. Raises NoSuchCaseError, CaseMovedError."""
        sources = [state for state, ways in CASE_TRANSITIONS.items() if to in ways]
        statement = update(CASES).where(CASES.c.case_id == case_id, CASES.c.state.in_(sources))
        with self.file.writing() as connection:
            if connection.execute(statement.values(state=to)).rowcount != 1:
                raise CaseMovedError(_get(connection, case_id).state)

    def setting(self, name: str) -> str | None:
        """What was kept under the name."""
        query = select(SETTINGS.c.value).where(SETTINGS.c.name == name)
        with self.file.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def put_setting(self, name: str, value: str) -> None:
        """Keep the value under the name."""
        statement = insert_or_update(SETTINGS).values(name=name, value=value)
        with self.file.writing() as connection:
            connection.execute(statement.on_conflict_do_update(set_={"value": value}))

    def unreadable(self) -> dict[bytes, str]:
        """The reports that wait at the service and could not be opened: id, and its note."""
        query = select(SETTINGS).where(SETTINGS.c.name.startswith(_UNREADABLE, autoescape=True))
        with self.file.reading() as connection:
            rows = connection.execute(query).all()
        return {bytes.fromhex(row.name.removeprefix(_UNREADABLE)): row.value for row in rows}

    def note_unreadable(self, report_id: bytes, note: str) -> None:
        """Remember that the report could not be opened. note: what was tried."""
        self.put_setting(_UNREADABLE + report_id.hex(), note)

    def forget_unreadable(self, report_ids: Iterable[bytes]) -> None:
        """They were opened after all, or do not wait any more."""
        gone = [{"gone": _UNREADABLE + each.hex()} for each in report_ids]
        if gone:
            statement = delete(SETTINGS).where(SETTINGS.c.name == bindparam("gone"))
            with self.file.writing() as connection:
                connection.execute(statement, gone)

    def backup(self, target: Path, key: bytes, progress: Progress) -> None:
        """Write a consistent copy under the same key and verify it; then, and only then, it
        takes the place of the former one.

        key: the file's own. Raises DamagedFileError if the copy is not whole, SurroundingsError;
        the former copy is then as before.
        """
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            self.file.copy_to(fresh)
            copy = open_file(fresh, key, CASES_KIND)
            try:
                copy.check(progress)
            finally:
                copy.close()
            with disk_errors():
                flush_file(fresh)
                fresh.replace(target)
                flush_folder(target.parent)
        finally:
            with suppress(OSError):
                for ending in ("", "-wal", "-shm"):
                    fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def _get(connection: Connection, case_id: CaseId) -> Case:
    row = connection.execute(select(CASES).where(CASES.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NoSuchCaseError
    return Case(
        CaseId(row.case_id),
        row.report_id,
        row.month,
        CaseState(row.state),
        cast("dict[str, object]", json.loads(row.envelope)),
        codes_from_json(row.codes),
        texts_from_json(row.texts),
    )


def _editable(connection: Connection, case_id: CaseId) -> Case:
    case = _get(connection, case_id)
    if case.state not in _EDITABLE:
        raise CaseMovedError(case.state)
    return case


def _set(
    connection: Connection, case_id: CaseId, column: Column[str], values: Mapping[str, object]
) -> None:
    kept = {field: value for field, value in values.items() if value is not None}
    statement = update(CASES).where(CASES.c.case_id == case_id)
    connection.execute(statement.values({column: to_json(kept)}))
