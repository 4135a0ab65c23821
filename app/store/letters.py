"""What the desk has written to reporters, and what they answered, in an open file of cases."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.case import CaseId, CaseState
from app.store.cases import CaseStore, NoSuchCaseError
from app.store.records import to_json
from app.store.tables.cases import CASES, LETTERS, REPLIES


class LetterId(NamedTuple):
    """turn: counts the letters of one case from 1."""

    case_id: CaseId
    turn: int


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """content: what is inside the seal. is_published: the released feed carries it, or did."""

    letter_id: LetterId
    content: Mapping[str, object]
    record: bytes = field(repr=False)
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class StoredReply:
    """An answer to the letter `turn`. month: of its arrival, "YYYY-MM"."""

    turn: int
    month: str
    text: str = field(repr=False)


class Letters:
    """The letters in an open file of cases, with their answers."""

    def __init__(self, cases: CaseStore) -> None:
        self._file = cases.file

    def add(
        self, case_id: CaseId, write: Callable[[int], tuple[Mapping[str, object], bytes]]
    ) -> LetterId:
        """Keep one more letter of the case for the next publication.

        write: makes content and sealed record of the letter with this turn. What it raises
        leaves everything as it was. Raises NoSuchCaseError.
        """
        known = select(CASES.c.case_id).where(CASES.c.case_id == case_id)
        last = select(func.max(LETTERS.c.turn)).where(LETTERS.c.case_id == case_id)
        with self._file.writing() as connection:
            if connection.execute(known).scalar_one_or_none() is None:
                raise NoSuchCaseError
            turn = (connection.execute(last).scalar_one() or 0) + 1
            content, record = write(turn)
            row = {
                "case_id": case_id,
                "turn": turn,
                "content": to_json(dict(content)),
                "record": record,
                "is_published": False,
            }
            connection.execute(insert(LETTERS).values(row))
        return LetterId(case_id, turn)

    def of_case(self, case_id: CaseId) -> tuple[StoredLetter, ...]:
        """The letters of a case, the first one first."""
        query = select(LETTERS).where(LETTERS.c.case_id == case_id).order_by(LETTERS.c.turn)
        with self._file.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(query))

    def waiting(self) -> tuple[StoredLetter, ...]:
        """What no released feed carried yet; nothing is said any more about a withdrawn report."""
        query = (
            select(LETTERS)
            .join_from(LETTERS, CASES)
            .where(LETTERS.c.is_published.is_(False), CASES.c.state != CaseState.WITHDRAWN)
            .order_by(LETTERS.c.case_id, LETTERS.c.turn)
        )
        with self._file.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(query))

    def mark_published(self, letters: Iterable[LetterId]) -> None:
        """Note that the released feed carries them."""
        statement = update(LETTERS).where(
            LETTERS.c.case_id == bindparam("of_case"), LETTERS.c.turn == bindparam("of_turn")
        )
        rows = [{"of_case": each.case_id, "of_turn": each.turn} for each in letters]
        if rows:
            with self._file.writing() as connection:
                connection.execute(statement.values(is_published=True), rows)

    def add_reply(self, submission_id: bytes, letter_id: LetterId, month: str, text: str) -> None:
        """Keep an answer. The same submission again changes nothing."""
        row = {
            "submission_id": submission_id,
            "case_id": letter_id.case_id,
            "turn": letter_id.turn,
            "month": month,
            "text": text,
        }
        with self._file.writing() as connection:
            connection.execute(insert_or_update(REPLIES).values(row).on_conflict_do_nothing())

    def replies(self, case_id: CaseId) -> tuple[StoredReply, ...]:
        """The answers of a case, by letter; several to one letter by month."""
        query = (
            select(REPLIES.c.turn, REPLIES.c.month, REPLIES.c.text)
            .where(REPLIES.c.case_id == case_id)
            .order_by(REPLIES.c.turn, REPLIES.c.month, REPLIES.c.submission_id)
        )
        with self._file.reading() as connection:
            return tuple(StoredReply(*row) for row in connection.execute(query))

    def reply_counts(self) -> dict[CaseId, int]:
        """How many answers each case has that has some."""
        query = select(REPLIES.c.case_id, func.count()).group_by(REPLIES.c.case_id)
        with self._file.reading() as connection:
            return {CaseId(row[0]): row[1] for row in connection.execute(query)}

    def find_case(self, report_id: bytes) -> CaseId | None:
        """The case of a report, None if there is none."""
        query = select(CASES.c.case_id).where(CASES.c.report_id == report_id)
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else CaseId(found)


def _letter(row: Row[tuple[object, ...]]) -> StoredLetter:
    return StoredLetter(
        LetterId(CaseId(row.case_id), row.turn),
        cast("dict[str, object]", json.loads(row.content)),
        row.record,
        row.is_published,
    )
