"""Reports that their writers have taken back: nothing readable of them stays at the desk."""

from enum import Enum, auto

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.case import CaseState
from app.store.cases import CaseStore
from app.store.tables.cases import CASES, LETTERS, PUBLISHED, REPLIES, WITHDRAWN


class CaseLeft(Enum):
    """What a withdrawal changed here."""

    NO_CASE = auto()
    """The report never came, or not yet; it is remembered."""
    NOTHING_NEW = auto()
    DESTROYED = auto()
    """It was not published."""
    RETRACTED = auto()
    """It was: the next publication takes it out of the archive."""


class WithdrawnCases:
    """The withdrawals in an open file of cases. Report ids have 16 bytes, hashes 32."""

    def __init__(self, cases: CaseStore) -> None:
        self._file = cases.file

    def has_case(self, report_id: bytes) -> bool:
        """Whether there is a case that still says something."""
        query = select(CASES.c.state).where(CASES.c.report_id == report_id)
        with self._file.reading() as connection:
            state = connection.execute(query).scalar_one_or_none()
        return state is not None and state != CaseState.WITHDRAWN

    def may_withdraw(self, report_id: bytes, key_hash: bytes) -> bool:
        """Whether the key with this hash is that of the case; True where there is no case."""
        query = select(CASES.c.withdrawal_hash).where(CASES.c.report_id == report_id)
        with self._file.reading() as connection:
            row = connection.execute(query).one_or_none()
        return row is None or row.withdrawal_hash == key_hash

    def was_withdrawn(self, report_id: bytes, key_hash: bytes) -> bool:
        """Whether the key with this hash has withdrawn the report."""
        query = select(WITHDRAWN.c.report_id).where(
            WITHDRAWN.c.report_id == report_id, WITHDRAWN.c.withdrawal_hash == key_hash
        )
        with self._file.reading() as connection:
            return connection.execute(query).first() is not None

    def is_remembered(self, report_id: bytes) -> bool:
        """Whether some key has withdrawn the report; whose it was, only a case could tell."""
        query = select(WITHDRAWN.c.report_id).where(WITHDRAWN.c.report_id == report_id)
        with self._file.reading() as connection:
            return connection.execute(query).first() is not None

    def withdraw(self, report_id: bytes, key_hash: bytes) -> CaseLeft:
        """Destroy what was sent, coded, written and answered, and take out what is published.

        What no index has carried yet goes without a trace. The caller has looked whether the key
        is the report's, and that nothing unreleased is prepared which holds it. Repeating it
        does no harm.
        """
        query = select(CASES.c.case_id, CASES.c.state).where(CASES.c.report_id == report_id)
        with self._file.writing() as connection:
            row = {"report_id": report_id, "withdrawal_hash": key_hash}
            connection.execute(insert(WITHDRAWN).values(row).on_conflict_do_nothing())
            found = connection.execute(query).one_or_none()
            if found is None:
                return CaseLeft.NO_CASE
            if found.state == CaseState.WITHDRAWN:
                return CaseLeft.NOTHING_NEW
            is_retracted = _empty(connection, found.case_id)
        return CaseLeft.RETRACTED if is_retracted else CaseLeft.DESTROYED

    def rewrite(self) -> None:
        """Leave nothing of what was destroyed in free pages and the log."""
        self._file.rewrite()


def _empty(connection: Connection, case_id: str) -> bool:
    """Destroy all that belongs to the case; whether a record has to be taken out."""
    for table in (REPLIES, LETTERS):
        connection.execute(delete(table).where(table.c.case_id == case_id))
    emptied = {"state": CaseState.WITHDRAWN, "envelope": "{}", "codes": "{}", "texts": "{}"}
    connection.execute(update(CASES).where(CASES.c.case_id == case_id).values(emptied))
    here = (PUBLISHED.c.case_id == case_id) & PUBLISHED.c.is_retracted.is_(False)
    # A first revision that waits: no archive holds its number.
    never_out = here & PUBLISHED.c.sequence.is_(None) & (PUBLISHED.c.revision == 1)
    connection.execute(delete(PUBLISHED).where(never_out))
    retracted = {
        "revision": PUBLISHED.c.revision + 1,
        "record": "",
        "is_retracted": True,
        "sequence": None,
    }
    return connection.execute(update(PUBLISHED).where(here).values(retracted)).rowcount > 0
