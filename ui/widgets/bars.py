"""The bar that appears when something takes longer than a moment."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.task import Task
from ui.widgets.buttons import SecondaryButton
from ui.widgets.heading import PlainLabel

_APPEARS_AFTER_MS = 400
_STEPS = 1000


class ProgressStrip(QFrame):
    """Follows one task at a time: a sentence, a bar, and Cancel. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(16)
        column = QVBoxLayout()
        column.setSpacing(6)
        self._text = PlainLabel("", "body")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        self.cancel_button = SecondaryButton("Cancel")
        self.cancel_button.clicked.connect(self._stop)
        row.addWidget(self.cancel_button)
        self._task: Task[Any] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_APPEARS_AFTER_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def follow(self, task: Task[Any], text: str) -> None:
        """Show how a task goes on; call it before `task.start()`.

        text: what is being done, such as "Reading the archive". It appears after 400 ms, and
        not at all if the task ends before. The task before is no longer shown.
        """
        self._task = task
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        self._timer.start()
        task.on_progress(lambda done, total: self._advance(task, done, total))
        task.on_end(lambda: self._finish(task))

    def _advance(self, task: Task[Any], done: int, total: int) -> None:
        if isValid(self) and task is self._task and total > 0:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(min(done, total) * _STEPS // total)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.cancel_button.setEnabled(False)
            self._text.setText("Stopping")

    def _finish(self, task: Task[Any]) -> None:
        if isValid(self) and task is self._task:
            self._task = None
            self._timer.stop()
            self.hide()
