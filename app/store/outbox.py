"""The submissions that wait in the post, and their states."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.submission import TRANSITIONS, Submission, SubmissionState
from app.errors import SurroundingsError
from app.store.post import Post
from app.store.tables.post import BODIES, COVERS, SUBMISSIONS
from app.store.times import from_text, to_text

BODY_LENGTH = 65_536
REPORT_ID_LENGTH = 16
_FINAL = frozenset(state for state in SubmissionState if state.is_final)
_DUE = frozenset({SubmissionState.QUEUED, SubmissionState.HELD})
_COLUMNS = (
    SUBMISSIONS.c.report_id,
    SUBMISSIONS.c.state,
    SUBMISSIONS.c.not_before_utc,
    SUBMISSIONS.c.tries,
    SUBMISSIONS.c.last_status,
    SUBMISSIONS.c.report_id.in_(
        select(COVERS.c.report_id).where(COVERS.c.report_id.is_not(None))
    ).label("is_cover"),
)


class SubmissionMovedError(SurroundingsError):
    """The submission is not, or no longer, in a state from which it can go there."""

    def __init__(self) -> None:
        super().__init__(
            "This submission is not in the state for that.",
            "Another window or program may have sent it meanwhile; nothing was changed.",
            "List the outbox to see where it is.",
        )


class Outbox:
    """The table of submissions. Report ids have 16 bytes."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._file = post.file

    def add(self, report_id: bytes, body: bytes, not_before_utc: datetime) -> None:
        """Freeze the bytes under the id as `queued`. When this returns, the disk has them.

        Adding the same bytes again changes nothing. Raises ValueError for other bytes under
        an id that is there, and for bytes or ids of another length.
        """
        with self._post.changing() as connection:
            freeze(connection, report_id, body, not_before_utc)

    def body(self, report_id: bytes) -> bytes:
        """The frozen bytes. Raises SubmissionMovedError if there are none."""
        query = select(BODIES.c.body).where(BODIES.c.report_id == report_id)
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise SubmissionMovedError
        return bytes(found)

    def submissions(self) -> tuple[Submission, ...]:
        """The officer's, the one that may leave first at the beginning.

        Without the covers: whatever shows or counts submissions shows and counts these.
        """
        return tuple(each for each in self._all() if not each.is_cover)

    def waiting(self) -> tuple[Submission, ...]:
        """All to which something more happens, covers too: for what sends, never for a page."""
        return tuple(each for each in self._all() if not each.state.is_final)

    def covers(self) -> tuple[Submission, ...]:
        """The cover submissions, whatever their state."""
        return tuple(each for each in self._all() if each.is_cover)

    def _all(self) -> tuple[Submission, ...]:
        query = select(*_COLUMNS).order_by(SUBMISSIONS.c.not_before_utc, SUBMISSIONS.c.report_id)
        with self._file.reading() as connection:
            return tuple(_submission(*row) for row in connection.execute(query))

    def due(self, now_utc: datetime) -> tuple[Submission, ...]:
        """Those that are `queued` or `held` and whose time has come, covers too."""
        return tuple(
            each for each in self._all() if each.state in _DUE and each.not_before_utc <= now_utc
        )

    def move(
        self,
        report_id: bytes,
        to: SubmissionState,
        status: int | None = None,
        not_before_utc: datetime | None = None,
    ) -> None:
        """Take it to another state; going to `sending` counts as a try.

        status: the HTTP status that led there, None for none. not_before_utc: the new
        earliest time; None leaves it. Only one of two programs that try the same succeeds.
        Raises SubmissionMovedError if there is no such way from where it is.
        """
        sources = [state for state, ways in TRANSITIONS.items() if to in ways]
        values: dict[str, object] = {"state": to}
        if to is SubmissionState.SENDING:
            values["tries"] = SUBMISSIONS.c.tries + 1
        else:
            values["last_status"] = status
        if not_before_utc is not None:
            values["not_before_utc"] = to_text(not_before_utc)
        statement = update(SUBMISSIONS).where(
            SUBMISSIONS.c.report_id == report_id, SUBMISSIONS.c.state.in_(sources)
        )
        writing = self._post.changing if to.is_final else self._file.writing
        with writing() as connection:
            if connection.execute(statement.values(values)).rowcount != 1:
                raise SubmissionMovedError

    def reschedule(self, report_id: bytes, not_before_utc: datetime) -> None:
        """Change the earliest time of one that waits ("send now"). Raises SubmissionMovedError."""
        statement = update(SUBMISSIONS).where(
            SUBMISSIONS.c.report_id == report_id, SUBMISSIONS.c.state.in_(_DUE)
        )
        with self._file.writing() as connection:
            values = {"not_before_utc": to_text(not_before_utc)}
            if connection.execute(statement.values(values)).rowcount != 1:
                raise SubmissionMovedError

    def recover(self) -> int:
        """After a crash: every `sending` is `queued` again. Returns how many there were."""
        statement = update(SUBMISSIONS).where(SUBMISSIONS.c.state == SubmissionState.SENDING)
        with self._file.writing() as connection:
            return connection.execute(statement.values(state=SubmissionState.QUEUED)).rowcount

    def forget(self, report_id: bytes) -> None:
        """Destroy one to which nothing more happens. Raises SubmissionMovedError for another."""
        statement = delete(SUBMISSIONS).where(
            SUBMISSIONS.c.report_id == report_id, SUBMISSIONS.c.state.in_(_FINAL)
        )
        with self._post.changing() as connection:
            if connection.execute(statement).rowcount != 1:
                raise SubmissionMovedError
        self._file.rewrite()


def freeze(connection: Connection, report_id: bytes, body: bytes, not_before_utc: datetime) -> None:
    """What `Outbox.add` does, within a transaction."""
    if len(body) != BODY_LENGTH or len(report_id) != REPORT_ID_LENGTH:
        raise ValueError("a submission has 65,536 bytes and an id of 16")
    body_hash = hashlib.sha256(body).digest()
    known = select(SUBMISSIONS.c.body_hash).where(SUBMISSIONS.c.report_id == report_id)
    found = connection.execute(known).scalar_one_or_none()
    if found is None:
        row = {
            "report_id": report_id,
            "body_hash": body_hash,
            "state": SubmissionState.QUEUED,
            "not_before_utc": to_text(not_before_utc),
            "tries": 0,
        }
        connection.execute(insert(SUBMISSIONS).values(row))
        connection.execute(insert(BODIES).values(report_id=report_id, body=body))
    elif found != body_hash:
        raise ValueError("other bytes are frozen under this id")


def _submission(
    report_id: bytes,
    state: str,
    not_before: str,
    tries: int,
    last_status: int | None,
    is_cover: bool,
) -> Submission:
    return Submission(
        report_id,
        SubmissionState(state),
        from_text(not_before),
        tries,
        last_status,
        bool(is_cover),
    )
