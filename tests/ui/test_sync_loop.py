"""The loop exchanges when it is time, and pauses after a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import SurroundingsError
from app.progress import Progress
from sync.exchange import Exchanged
from sync.schedule import Moment
from sync.uploader import SendResult
from tests.ui.pages.officer import connect, open_session
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

    def sync(_progress: Progress, *, at_once: bool = False) -> Exchanged:
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
