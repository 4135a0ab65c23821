"""The cover submissions of a post: when each is to be made, and which wait to be sent.

A moment is drawn once and kept. The row that held it becomes the one that names the submission,
in the transaction that freezes the bytes; when it is over, the row stays without both, so that
its quarter gets no more covers. Nothing of it is shown as an officer's submission
(`Outbox.submissions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from app.store.outbox import freeze
from app.store.post import Post
from app.store.tables.post import COVERS, SUBMISSIONS
from app.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class PlannedCover:
    """One that is still to be made. quarter: "YYYY-Qn", of the tokens that it may take."""

    quarter: str
    number: int
    moment_utc: datetime


class Covers:
    """Those of one tenant in one post."""

    def __init__(self, post: Post, tenant: str) -> None:
        self._post = post
        self._file = post.file
        self._tenant = tenant

    def plan(self, quarter: str, moments: Sequence[datetime]) -> bool:
        """Keep the moments of a quarter; False, and nothing changes, if it has had some."""
        theirs = (COVERS.c.tenant == self._tenant) & (COVERS.c.quarter == quarter)
        known = select(func.count()).select_from(COVERS).where(theirs)
        rows = [
            {
                "tenant": self._tenant,
                "quarter": quarter,
                "number": number,
                "moment_utc": to_text(moment),
            }
            for number, moment in enumerate(moments)
        ]
        with self._file.writing() as connection:
            if connection.execute(known).scalar_one():
                return False
            connection.execute(insert(COVERS), rows)
        return True

    def is_planned(self, quarter: str) -> bool:
        """Whether this quarter has had its moments."""
        query = select(COVERS.c.number).where(
            COVERS.c.tenant == self._tenant, COVERS.c.quarter == quarter
        )
        with self._file.reading() as connection:
            return connection.execute(query).first() is not None

    def planned(self) -> tuple[PlannedCover, ...]:
        """Those that are still to be made, the next one first."""
        query = (
            select(COVERS.c.quarter, COVERS.c.number, COVERS.c.moment_utc)
            .where(COVERS.c.tenant == self._tenant, COVERS.c.moment_utc.is_not(None))
            .order_by(COVERS.c.moment_utc, COVERS.c.quarter, COVERS.c.number)
        )
        with self._file.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(PlannedCover(row[0], row[1], from_text(row[2])) for row in rows)

    def make(
        self, cover: PlannedCover, report_id: bytes, body: bytes, not_before_utc: datetime
    ) -> bool:
        """Freeze its bytes as a submission; False if another program has made it meanwhile.

        Raises ValueError as `Outbox.add`.
        """
        is_it = self._is(cover) & COVERS.c.moment_utc.is_not(None)
        with self._post.changing() as connection:
            if connection.execute(select(COVERS.c.number).where(is_it)).first() is None:
                return False
            freeze(connection, report_id, body, not_before_utc)
            values = {"moment_utc": None, "report_id": report_id}
            connection.execute(update(COVERS).where(is_it).values(values))
        return True

    def drop(self, report_id: bytes) -> None:
        """Destroy one that was made, whatever its state; only while nobody else sends.

        Without the rewriting that follows a report: what could be left of it in the file's free
        pages says nothing.
        """
        is_it = COVERS.c.report_id == report_id
        with self._post.changing() as connection:
            if connection.execute(update(COVERS).where(is_it).values(report_id=None)).rowcount:
                mine = SUBMISSIONS.c.report_id == report_id
                connection.execute(delete(SUBMISSIONS).where(mine))

    def made_for_others(self) -> tuple[bytes, ...]:
        """The ids of those that were sealed for another tenant, and can arrive no more."""
        query = select(COVERS.c.report_id).where(
            COVERS.c.tenant != self._tenant, COVERS.c.report_id.is_not(None)
        )
        with self._file.reading() as connection:
            return tuple(bytes(each) for each in connection.execute(query).scalars())

    def prune(self, oldest: str) -> None:
        """Forget the quarters before this one, but for what still waits to be sent."""
        is_past = (COVERS.c.quarter < oldest) & COVERS.c.report_id.is_(None)
        mine = COVERS.c.tenant == self._tenant
        with self._file.writing() as connection:
            connection.execute(delete(COVERS).where(mine & is_past))

    def _is(self, cover: PlannedCover) -> ColumnElement[bool]:
        return (
            (COVERS.c.tenant == self._tenant)
            & (COVERS.c.quarter == cover.quarter)
            & (COVERS.c.number == cover.number)
        )


def next_moment(post: Post) -> datetime | None:
    """When the next one is to be made, of whatever tenant; None for none."""
    with post.file.reading() as connection:
        found = connection.execute(select(func.min(COVERS.c.moment_utc))).scalar_one_or_none()
    return None if found is None else from_text(found)
