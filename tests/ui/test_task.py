import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import InputError
from app.progress import Progress
from ui import task as task_module
from ui.task import Task, wait_for_tasks
from ui.widgets.bars import ProgressStrip


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


class Told:
    """What the callbacks were called with."""

    def __init__(self) -> None:
        self.results: list[Any] = []

    def listen_to(self, task: Task[Any]) -> Task[Any]:
        return (
            task.on_done(lambda result: self.results.append(("done", result)))
            .on_failed(lambda error: self.results.append(("failed", error)))
            .on_end(lambda: self.results.append("end"))
        )


def work_until(event: threading.Event) -> Callable[[Progress], str]:
    def work(progress: Progress) -> str:
        for step in range(2000):
            progress.report(step, 2000)
            if event.wait(0.005):
                break
        return "result"

    return work


def settle(qtbot: QtBot) -> None:
    assert wait_for_tasks()
    qtbot.wait(20)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_result_comes_back_on_the_gui_thread(qtbot: QtBot, page: QWidget) -> None:
    threads: list[QThread] = []

    def work(progress: Progress) -> int:
        threads.append(QThread.currentThread())
        return 42

    results: list[int] = []
    task = Task(page, work).on_done(results.append)
    task.on_done(lambda _: threads.append(QThread.currentThread())).start()
    assert task.is_running
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert results == [42]
    assert threads[0] is not threads[1]
    assert threads[1] is page.thread()
    assert not task.is_running


def test_none_is_a_result_too(qtbot: QtBot, page: QWidget) -> None:
    told = Told()
    told.listen_to(Task(page, lambda progress: None)).start()
    qtbot.waitUntil(lambda: told.results == ["end", ("done", None)])


def test_a_failure_reaches_its_callback(qtbot: QtBot, page: QWidget) -> None:
    told = Told()
    error = InputError("No.")

    def work(progress: Progress) -> None:
        raise error

    told.listen_to(Task(page, work)).start()
    qtbot.waitUntil(lambda: told.results == ["end", ("failed", error)])


def test_without_a_callback_a_failure_is_shown(
    qtbot: QtBot, page: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[QWidget, Exception]] = []
    monkeypatch.setattr(
        task_module, "show_failure", lambda parent, error: shown.append((parent, error))
    )
    Task(page, lambda progress: 1 // 0).start()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert shown[0][0] is page
    assert isinstance(shown[0][1], ZeroDivisionError)


def test_cancelled_work_tells_nobody_but_the_end(qtbot: QtBot, page: QWidget) -> None:
    told = Told()
    task = told.listen_to(Task(page, work_until(threading.Event()))).start()
    task.cancel()
    qtbot.waitUntil(lambda: bool(told.results))
    settle(qtbot)
    assert told.results == ["end"]


def test_a_result_after_cancelling_is_dropped(qtbot: QtBot, page: QWidget) -> None:
    told, go = Told(), threading.Event()
    task = told.listen_to(Task(page, lambda progress: go.wait(5))).start()
    task.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(told.results))
    assert told.results == ["end"]


def test_nothing_is_told_when_the_page_has_gone(qtbot: QtBot) -> None:
    page, told, go = QWidget(), Told(), threading.Event()
    told.listen_to(Task(page, work_until(go))).on_progress(
        lambda done, total: told.results.append("progress")
    ).start()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.wait(30)
    go.set()
    settle(qtbot)
    assert told.results == []


def test_a_finished_task_holds_nothing_back(qtbot: QtBot) -> None:
    page = QWidget()
    gone = weakref.ref(page)
    Task(page, lambda progress: 1).start()
    settle(qtbot)
    del page
    gc.collect()
    assert gone() is None
    carriers = [each for each in QApplication.instance().children() if "Carrier" in repr(each)]  # type: ignore[union-attr]
    assert carriers == []


def test_progress_is_told_seldom_enough_and_at_the_end(qtbot: QtBot, page: QWidget) -> None:
    steps: list[int] = []
    ended: list[bool] = []

    def work(progress: Progress) -> None:
        for step in range(10_001):
            progress.report(step, 10_000)

    task = Task(page, work).on_progress(lambda done, total: steps.append(done))
    task.on_end(lambda: ended.append(True)).start()
    qtbot.waitUntil(lambda: bool(ended))
    assert steps[-1] == 10_000
    assert len(steps) < 100


def test_a_task_runs_once(qtbot: QtBot, page: QWidget) -> None:
    task = Task(page, lambda progress: 1).start()
    with pytest.raises(RuntimeError):
        task.start()
    qtbot.waitUntil(lambda: not task.is_running)
    with pytest.raises(RuntimeError):
        task.start()


def test_the_strip_appears_after_a_while_and_cancels(qtbot: QtBot, page: QWidget) -> None:
    strip = ProgressStrip(page)
    page.show()
    ended: list[bool] = []
    task = Task(page, work_until(threading.Event())).on_end(lambda: ended.append(True))
    strip.follow(task, "Reading the archive")
    task.start()
    qtbot.wait(100)
    assert not strip.isVisible()
    qtbot.waitUntil(strip.isVisible, timeout=2000)
    strip.cancel_button.click()
    qtbot.waitUntil(lambda: bool(ended))
    assert not strip.isVisible()


def test_the_strip_stays_away_from_quick_work(qtbot: QtBot, page: QWidget) -> None:
    strip = ProgressStrip(page)
    page.show()
    task = Task(page, lambda progress: 1)
    strip.follow(task, "Reading the archive")
    task.start()
    qtbot.wait(500)
    assert not strip.isVisible()
