"""The loop exchanges when it is time, and pauses after a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import SurroundingsError
from app.progress import Progress
from app.use_cases.keep_safe import Covers
from sync.exchange import Exchanged, Turn
from sync.schedule import Moment
from sync.uploader import SendResult
from tests.ui.pages.officer import TENANT, connect, open_session
from ui import sync_loop
from ui.session import Session
from ui.sync_loop import SyncLoop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clocks:
    """Both clocks, moved by the test."""

    def __init__(self) -> None:
        self.moment = Moment(START, 0.0)

    def __call__(self) -> Moment:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        """Both go on."""
        self.moment = Moment(
            self.moment.utc + timedelta(seconds=seconds), self.moment.steady_s + seconds
        )


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        connect(found)
        yield found


@pytest.fixture
def tries(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each exchange adds its end; the next one goes as `ends` says."""
    done: list[str] = []

    def sync(
        _progress: Progress, *, at_once: bool = False, turn: Turn = Turn.EVERYTHING
    ) -> Exchanged:
        assert turn is not Turn.EVERYTHING
        done.append("tried")
        if len(done) == 1:
            raise SurroundingsError("no network")
        return Exchanged(SendResult(0, 0, 0, 0, ""), "", "busy" if len(done) == 2 else "")

    monkeypatch.setattr(session, "sync", sync)
    return done


def test_it_goes_on_by_itself_after_failures_and_rests_after_a_success(
    session: Session, tries: list[str], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    clocks = Clocks()
    loop = SyncLoop(window, session, clocks, lambda: "192.168.1.5")
    for expected in (1, 2, 3):  # an error, trouble, a success
        while len(tries) < expected:
            loop.look()
            qtbot.waitUntil(lambda: not loop._is_running)
            clocks.pass_by(60)
            assert clocks.moment.steady_s < 3 * 3600
    assert loop._timetable.failures == 0


def test_without_a_connection_it_does_nothing(
    session: Session, tries: list[str], qtbot: QtBot
) -> None:
    session.home.connection_file.unlink()
    window = QWidget()
    qtbot.addWidget(window)
    SyncLoop(window, session, Clocks(), lambda: "").look()
    assert tries == []


def test_a_cover_is_sealed_at_its_own_moment_and_not_while_locked(
    session: Session, tries: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[str] = []
    monkeypatch.setattr(sync_loop, "seal_covers", lambda _home, name: sealed.append(name))
    window = QWidget()
    qtbot.addWidget(window)
    clocks = Clocks()
    loop = SyncLoop(window, session, clocks, lambda: "")
    Covers(session.post, TENANT).plan("2026-Q1", [START + timedelta(minutes=10)])
    loop.look()
    qtbot.waitUntil(lambda: not loop._is_running)
    clocks.pass_by(600)
    session.lock()
    loop.look()
    qtbot.waitUntil(lambda: not loop._is_running)
    assert sealed == []
    session.unlock("first", "long enough")
    loop.look()
    qtbot.waitUntil(lambda: sealed == ["first"])
    qtbot.waitUntil(lambda: not loop._is_running)


def test_a_cover_whose_time_has_come_is_sent_as_a_report_is(
    session: Session, tries: list[str], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    clocks = Clocks()
    loop = SyncLoop(window, session, clocks, lambda: "")
    while len(tries) < 3:  # until a success
        loop.look()
        qtbot.waitUntil(lambda: not loop._is_running)
        clocks.pass_by(60)
    covers = Covers(session.post, TENANT)
    covers.plan("2026-Q1", [START])
    covers.make(covers.planned()[0], b"c" * 16, bytes(65_536), clocks.moment.utc)
    session.synced_utc = lambda: clocks.moment.utc  # type: ignore[method-assign]
    loop.look()
    qtbot.waitUntil(lambda: not loop._is_running)
    assert len(tries) == 4
    assert session.outbox.submissions() == ()


def test_what_is_due_leaves_without_asking_what_is_new(
    session: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    turns: list[Turn] = []

    def sync(_progress: Progress, *, turn: Turn) -> Exchanged:
        turns.append(turn)
        return Exchanged(SendResult(0, 0, 0, 0, ""), "", "")

    monkeypatch.setattr(session, "sync", sync)
    monkeypatch.setattr(session, "synced_utc", lambda: START)
    session.outbox.add(bytes(16), bytes(65_536), START)
    window = QWidget()
    qtbot.addWidget(window)
    clocks = Clocks()
    loop = SyncLoop(window, session, clocks, lambda: "")
    for hours in (1, 29):
        clocks.moment = Moment(START + timedelta(hours=hours), hours * 3_600.0)
        loop.look()
        qtbot.waitUntil(lambda: not loop._is_running)
    assert turns == [Turn.SENDING, Turn.FETCHING]


def test_it_looks_at_times_by_chance(session: Session, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    loop = SyncLoop(window, session, Clocks(), lambda: "")
    pauses = set()
    for _ in range(20):
        loop._on_time()
        pauses.add(loop._timer.interval())
    assert len(pauses) > 10
    assert all(30_000 <= each < 90_000 for each in pauses)
