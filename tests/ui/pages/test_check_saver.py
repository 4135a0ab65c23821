"""No decision is lost between the window and the thread that writes it."""

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.use_cases.write_report import DraftId, Drafts
from sync.decisions import Decisions
from tests.ui.pages.officer import open_session
from ui.pages import check_saver
from ui.pages.check_saver import DecisionsSaver

DRAFT = DraftId("0" * 16)
Job = tuple[DraftId, Decisions] | None


class WatchedSaver(DecisionsSaver):
    """Counts how often its lock was not held when what waits was read or written."""

    unlocked = 0
    kept: Job = None

    @property
    def _waiting(self) -> Job:
        self._count()
        return self.kept

    @_waiting.setter
    def _waiting(self, job: Job) -> None:
        self._count()
        self.kept = job

    def _count(self) -> None:
        self.unlocked += not self._handing.locked()


def test_what_waits_is_only_touched_under_its_lock_and_the_newest_is_written(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Decisions] = []
    may_write = threading.Event()

    def keep(_drafts: Drafts, _draft_id: DraftId, decisions: Decisions) -> None:
        may_write.wait(5)
        written.append(decisions)

    monkeypatch.setattr(check_saver, "keep_decisions", keep)
    steps = [Decisions({}, {}, read_in_full=bool(each)) for each in (0, 1, 0)]
    page = QWidget()
    qtbot.addWidget(page)
    with open_session(tmp_path) as session:
        saver = WatchedSaver(page, session)
        saver.unlocked = 0
        for step in steps:
            saver.save(DRAFT, step)
        may_write.set()
        qtbot.waitUntil(lambda: written[-1:] == [steps[-1]] and saver.kept is None)
        saver.flush()
    assert saver.unlocked == 0
