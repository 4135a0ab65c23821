"""The withdrawals that wait in the post, and their states."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, delete, insert, select, update

from app.domain.submission import (
    WITHDRAWAL_TRANSITIONS,
    PendingWithdrawal,
    WithdrawalState,
)
from app.errors import SurroundingsError
from app.store.post import Post
from app.store.tables.post import WITHDRAWALS
from app.store.times import from_text, to_text

_FINAL = frozenset(state for state in WithdrawalState if state.is_final)
_EMPTY = {"public": b"", "signature": b""}


class SignedWithdrawal(NamedTuple):
    """What was signed with the withdrawal key: its public half and the signature."""

    public: bytes
    signature: bytes


class WithdrawalMovedError(SurroundingsError):
    """The withdrawal is not, or no longer, in a state from which it can go there."""

    def __init__(self) -> None:
        super().__init__(
            "This withdrawal is not in the state for that.",
            "Another window or program may have sent it meanwhile; nothing was changed.",
            "Look where it is: nearmiss outbox list",
        )


class Withdrawals:
    """The table of withdrawals. Report ids have 16 bytes."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._file = post.file

    def add(
        self, report_id: bytes, tenant: str, signed: SignedWithdrawal, not_before_utc: datetime
    ) -> None:
        """Freeze it as `waiting`. When this returns, the disk has it.

        One that waits or is done stays as it is; one that found nothing is asked for again.
        """
        row = {
            "report_id": report_id,
            "tenant": tenant,
            "public": signed.public,
            "signature": signed.signature,
            "state": WithdrawalState.WAITING,
            "not_before_utc": to_text(not_before_utc),
            "tries": 0,
            "last_status": None,
            "absences": 0,
        }
        here = WITHDRAWALS.c.report_id == report_id
        with self._post.changing() as connection:
            found = connection.execute(select(WITHDRAWALS.c.state).where(here)).scalar()
            if found is None:
                connection.execute(insert(WITHDRAWALS).values(row))
            elif found == WithdrawalState.ABSENT:
                connection.execute(update(WITHDRAWALS).where(here).values(row))

    def all(self) -> tuple[PendingWithdrawal, ...]:
        """All of them, the one that may leave first at the beginning."""
        query = select(WITHDRAWALS).order_by(WITHDRAWALS.c.not_before_utc, WITHDRAWALS.c.report_id)
        with self._file.reading() as connection:
            return tuple(_pending(row) for row in connection.execute(query))

    def waiting(self) -> tuple[PendingWithdrawal, ...]:
        """Those to which something more happens."""
        return tuple(each for each in self.all() if not each.state.is_final)

    def due(self, now_utc: datetime, tenant: str) -> tuple[PendingWithdrawal, ...]:
        """Those for this tenant that are `waiting` and whose time has come."""
        mine = select(WITHDRAWALS.c.report_id).where(WITHDRAWALS.c.tenant == tenant)
        with self._file.reading() as connection:
            ids = set(connection.execute(mine).scalars())
        return tuple(
            each
            for each in self.all()
            if each.state is WithdrawalState.WAITING
            and each.not_before_utc <= now_utc
            and each.report_id in ids
        )

    def signed(self, report_id: bytes) -> SignedWithdrawal:
        """What was frozen. Raises WithdrawalMovedError if it is over or was never there."""
        query = select(WITHDRAWALS.c.public, WITHDRAWALS.c.signature).where(
            WITHDRAWALS.c.report_id == report_id, WITHDRAWALS.c.state.not_in(_FINAL)
        )
        with self._file.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise WithdrawalMovedError
        return SignedWithdrawal(row.public, row.signature)

    def move(
        self,
        report_id: bytes,
        to: WithdrawalState,
        status: int | None = None,
        not_before_utc: datetime | None = None,
        *,
        is_absent: bool = False,
    ) -> None:
        """Take it to another state; going to `sending` counts as a try.

        status: the HTTP status that led there. is_absent: the service has signed that it has no
        such report. Raises WithdrawalMovedError if there is no such way from where it is.
        """
        sources = [state for state, ways in WITHDRAWAL_TRANSITIONS.items() if to in ways]
        values: dict[str, object] = {"state": to}
        if to is WithdrawalState.SENDING:
            values["tries"] = WITHDRAWALS.c.tries + 1
        else:
            values["last_status"] = status
        if not_before_utc is not None:
            values["not_before_utc"] = to_text(not_before_utc)
        if is_absent:
            values["absences"] = WITHDRAWALS.c.absences + 1
        if to.is_final:
            values |= _EMPTY
        self._update(report_id, sources, values)

    def reschedule(self, report_id: bytes, not_before_utc: datetime) -> None:
        """Change the earliest time of one that waits. Raises WithdrawalMovedError."""
        values: dict[str, object] = {"not_before_utc": to_text(not_before_utc)}
        self._update(report_id, [WithdrawalState.WAITING], values)

    def recover(self) -> None:
        """After a crash: every `sending` is `waiting` again."""
        was_sending = WITHDRAWALS.c.state == WithdrawalState.SENDING
        with self._file.writing() as connection:
            connection.execute(
                update(WITHDRAWALS).where(was_sending).values(state=WithdrawalState.WAITING)
            )

    def forget(self, report_id: bytes) -> None:
        """Destroy the trace of one that is over. Raises WithdrawalMovedError for another."""
        statement = delete(WITHDRAWALS).where(
            WITHDRAWALS.c.report_id == report_id, WITHDRAWALS.c.state.in_(_FINAL)
        )
        with self._post.changing() as connection:
            if connection.execute(statement).rowcount != 1:
                raise WithdrawalMovedError
        self._file.rewrite()

    def _update(
        self, report_id: bytes, sources: list[WithdrawalState], values: dict[str, object]
    ) -> None:
        statement = update(WITHDRAWALS).where(
            WITHDRAWALS.c.report_id == report_id, WITHDRAWALS.c.state.in_(sources)
        )
        with self._file.writing() as connection:
            if connection.execute(statement.values(values)).rowcount != 1:
                raise WithdrawalMovedError


def _pending(row: Row[tuple[object, ...]]) -> PendingWithdrawal:
    return PendingWithdrawal(
        row.report_id,
        WithdrawalState(row.state),
        from_text(row.not_before_utc),
        row.tries,
        row.last_status,
        row.absences,
    )
