"""What the line below every page tells: the last exchange, the archive's date, what waits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from PySide6.QtCore import QObject, QTimer

from app.errors import UserError
from sync.silence import CHECK_DATE, connected_utc, count_quiet_days, is_date_doubtful
from sync.verified_officer import describe_officer
from ui.ages import describe_age
from ui.session import Session
from ui.status_line import StatusLine
from ui.task import Task

_AGAIN_AFTER_MS = 60_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What the line tells. signed_on: "YYYY-MM-DD" or empty. waiting: None while locked.
    connected_utc: when this program was connected, None if not known. officer: such as
    "verified, 9 of 12 left", or empty.
    """

    is_connected: bool
    synced_utc: datetime | None
    signed_on: str
    waiting: int | None
    connected_utc: datetime | None = None
    officer: str = ""


class StatusReader(QObject):
    """Keeps the line true: reads anew when something changed, and once a minute."""

    def __init__(self, line: StatusLine, session: Session) -> None:
        super().__init__(line)
        self._line = line
        self._session = session
        self._is_reading = False
        self._is_stale = False
        timer = QTimer(self)
        timer.setInterval(_AGAIN_AFTER_MS)
        timer.timeout.connect(self.read)
        timer.start()
        for changed in (
            session.unlocked,
            session.locked,
            session.outbox_changed,
            session.archive_changed,
            session.connection_changed,
        ):
            changed.connect(self.read)
        self.read()

    def read(self) -> None:
        """Find out how things stand, in the background."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading, self._is_stale = True, False
        session = self._session
        task = Task(self._line, lambda _progress: read_standing(session))
        task.on_end(self._end).on_done(self._show).on_failed(self._show_trouble).start()

    def _end(self) -> None:
        self._is_reading = False
        if self._is_stale:
            self.read()

    def _show(self, standing: Standing) -> None:
        self._line.set_text(describe_standing(standing, datetime.now(UTC)))

    def _show_trouble(self, error: Exception) -> None:
        """The page that needs the file says more; a status line does not interrupt."""
        title = error.title if isinstance(error, UserError) else "Look into Settings."
        self._line.set_text(f"The state cannot be read. {title}")


def read_standing(session: Session) -> Standing:
    """How things stand (blocks for reading). Raises UserError."""
    archive = session.archive()
    waiting, officer = None, ""
    if session.is_unlocked:
        connection = session.connection()
        if connection is not None:
            now = datetime.now(UTC)
            officer = describe_officer(session.home, connection, session.post, now)
        waiting = sum(not row.state.is_final for row in session.outbox.submissions())
        waiting += len(session.withdrawals.waiting())
    return Standing(
        is_connected=archive is not None,
        synced_utc=session.synced_utc(),
        signed_on=archive.status().signed_on if archive is not None else "",
        waiting=waiting,
        connected_utc=connected_utc(session.home),
        officer=officer,
    )


def describe_standing(standing: Standing, now_utc: datetime) -> str:
    """Such as "last sync 3 h ago · archive as of 14 Nov 2026 · 1 waits"."""
    if not standing.is_connected:
        parts = ["not connected to a research team"]
    elif standing.synced_utc is None:
        parts = ["no sync yet"]
    else:
        parts = [f"last sync {describe_age(standing.synced_utc, now_utc)}"]
    if is_date_doubtful(standing.synced_utc, standing.signed_on, now_utc):
        parts = [CHECK_DATE]  # by such a clock no age is known
    elif days := count_quiet_days(standing.synced_utc, standing.connected_utc, now_utc):
        parts = [f"no sync has worked for {days} days: see Outbox"]
    if standing.signed_on:
        day = date.fromisoformat(standing.signed_on)
        parts.append(f"archive as of {day.day} {day:%b %Y}")
    if standing.waiting is not None:
        parts.append(f"{standing.waiting} waits" if standing.waiting == 1 else _many(standing))
    if standing.officer:
        parts.append(standing.officer)
    return " · ".join(parts)


def _many(standing: Standing) -> str:
    return f"{standing.waiting} wait" if standing.waiting else "nothing waits"
