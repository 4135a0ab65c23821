"""An officer made of numbers: how long reading, thinking and typing take at a window.

Times are counted, not waited for: what the officer reads is what stands on the screen then.
"""

import re
from dataclasses import dataclass, field

from PySide6.QtCore import QModelIndex, Qt, QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from ui.widgets.choice_rows import RadioRow, TickRow
from ui.widgets.short_line import ShortLine

READ_WPM, TYPE_WPM = 250, 40
CHOICE_S, FINDING_S, RECEIPT_S = 2.0, 4.0, 60.0
KEYS_PER_WORD = 6  # five letters and a blank
_TOP = QModelIndex()


@dataclass(slots=True)
class Tally:
    """Seconds by what they went on, and what the hands did."""

    seconds: dict[str, float] = field(default_factory=dict)
    words: int = 0
    beside: int = 0
    keys: int = 0
    clicks: int = 0
    choices: int = 0

    @property
    def total_s(self) -> float:
        return sum(self.seconds.values())

    def spend(self, what: str, seconds: float) -> None:
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds


class Officer:
    """Reads, thinks, clicks and types. part: under which name what is done now is counted."""

    def __init__(self) -> None:
        self.parts: dict[str, Tally] = {}
        self.tally = Tally()
        self._seen: set[tuple[QWidget, str]] = set()
        self._known: set[str] = set()

    def begin(self, part: str) -> None:
        """From now on count for this part."""
        self.tally = self.parts.setdefault(part, Tally())

    def read(self, root: QWidget, *, whole: bool = False) -> None:
        """Read every label and list inside that was not read before.

        whole: everything else too. Otherwise that is counted apart, as what a slow reader reads
        beside, and a label that stood on an earlier page ("Not known") is not read again.
        """
        for each in [root, *root.findChildren(QWidget)]:
            if each.isVisible():
                self._read_texts(each, whole=whole)

    def skip(self, widget: QWidget) -> None:
        """Pass over what stands there now."""
        self._seen |= {(widget, text) for text in _texts_of(widget)}

    def choose(self, row: QAbstractButton) -> None:
        """Think, and click."""
        self.think()
        self.click(row)

    def think(self) -> None:
        """Make up one's mind about a choice."""
        self.tally.choices += 1
        self.tally.spend("choosing", CHOICE_S)

    def click(self, target: QWidget) -> None:
        """One click. Raises RuntimeError if nothing is there to be clicked."""
        if not (target.isVisible() and target.isEnabled()):
            raise RuntimeError(f"{target.accessibleName()!r} cannot be clicked")
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        self.tally.clicks += 1
        settle()

    def press(self, target: QWidget, key: Qt.Key) -> None:
        """One key that is no letter."""
        QTest.keyClick(target, key)
        self.tally.keys += 1
        self.tally.spend("typing", 60 / (TYPE_WPM * KEYS_PER_WORD))

    def type(self, target: QWidget, text: str) -> None:
        """Letters, at so many words a minute."""
        QTest.keyClicks(target, text)
        self.tally.keys += len(text)
        self.tally.spend("typing", len(text) * 60 / (TYPE_WPM * KEYS_PER_WORD))

    def write(self, target: QWidget, text: str) -> None:
        """A text, whose words are counted as they are."""
        QTest.keyClicks(target, text)
        self.tally.keys += len(text)
        self.tally.spend("typing", len(text.split()) * 60 / TYPE_WPM)

    def _read_texts(self, widget: QWidget, *, whole: bool) -> None:
        for text in _texts_of(widget):
            if not text or (widget, text) in self._seen:
                continue
            self._seen.add((widget, text))
            words = len(re.findall(r"\w\S*", text))
            if whole or (_is_label(widget) and text not in self._known):
                self._known.add(text)
                self.tally.words += words
                self.tally.spend("reading", words * 60 / READ_WPM)
            else:
                self.tally.beside += words


def _is_label(widget: QWidget) -> bool:
    """Whether it is a question or one of its answers."""
    if isinstance(widget, RadioRow | TickRow | QListWidget):
        return True
    if widget.property("role") == "suggested":
        return True
    return isinstance(widget, QLabel) and widget.property("role") == "label"


def settle() -> None:
    """Wait until no task runs and what it brought is shown."""
    for _ in range(3):
        while QThreadPool.globalInstance().activeThreadCount():
            QTest.qWait(5)
        QApplication.processEvents()
        QTest.qWait(5)


def _texts_of(widget: QWidget) -> list[str]:
    """What is written on it; of a list that is searched by typing the rows that are in sight."""
    if isinstance(widget, ShortLine):
        return [widget.whole()]
    if isinstance(widget, QLabel | QAbstractButton):
        return [widget.text()]
    if isinstance(widget, QTextEdit):
        return [widget.toPlainText()]
    if isinstance(widget, QListWidget):
        items = [widget.item(row) for row in range(widget.count())]
        seen = widget.viewport().rect()
        return [
            item.text()
            for item in items
            if not item.isHidden() and seen.intersects(widget.visualItemRect(item))
        ]
    if isinstance(widget, QTableView):
        model = widget.model()
        return [
            str(model.index(row, column, _TOP).data() or "")
            for row in range(model.rowCount(_TOP))
            for column in range(model.columnCount(_TOP))
            if not widget.isColumnHidden(column)
        ]
    return [widget.placeholderText()] if isinstance(widget, QPlainTextEdit) else []
