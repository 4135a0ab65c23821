"""The search box, and the filters that are chosen as chips below it."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.use_cases.read_archive import Question
from ui.models.code_labels import CodeLabels
from ui.theme.icons import icon
from ui.widgets.buttons import QuietButton
from ui.widgets.content import ContentLine
from ui.widgets.flow import FlowLayout

_ASK_AFTER_MS = 150
_LONGEST = 200


class SearchBox(ContentLine):
    """Words to look for. asked: somebody paused while typing; left_down: arrow down, or Enter."""

    asked = Signal()
    left_down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(_LONGEST)
        self.setPlaceholderText('Search all reports, for example: search "back seat"')
        self.setAccessibleName("Search the archive")
        self._lens = QAction(self)
        self._clear = QAction("Clear the search", self)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.triggered.connect(self.empty)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_AFTER_MS)
        self._timer.timeout.connect(self.asked)
        self.textChanged.connect(self._note_change)
        self._tint()
        self._note_change("")
        self._timer.stop()

    def empty(self) -> None:
        """Take the words away and ask at once."""
        self.clear()
        self._ask_now()

    def show_words(self, words: str) -> None:
        """Show these words without asking again."""
        if words != self.text():
            self.setText(words)
            self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self._ask_now()
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_clear"):
            self._tint()

    def _ask_now(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.asked.emit()

    def _note_change(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _tint(self) -> None:
        self._lens.setIcon(icon("search", "secondary", 20))
        self._clear.setIcon(icon("close", "secondary", 20))


class _ChosenChip(QPushButton):
    """One filter that is on; pressing it takes it away."""

    def __init__(self, text: str) -> None:
        super().__init__(text.replace("&", "&&"))
        self.setProperty("role", "chosen")
        self.setAccessibleName(f"Remove the filter {text}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross follows the text
        self.setIconSize(QSize(18, 18))
        self._tint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icon("close", "secondary", 18))


class ChosenFilters(QWidget):
    """The chips of all chosen filters and "Clear all"; hidden while there are none.

    removed: the field whose filter goes, or an empty text for all.
    """

    removed = Signal(str)

    def __init__(self, names: CodeLabels) -> None:
        super().__init__()
        self._names = names
        self._where: dict[str, str] = {}
        self._buttons: list[QPushButton] = []
        self._flow = FlowLayout(self, spacing=6)
        self.setProperty("role", "plain")
        self.hide()

    def buttons(self) -> tuple[QPushButton, ...]:
        """The chips and "Clear all", from left to right."""
        return tuple(self._buttons)

    def show_question(self, question: Question) -> None:
        """Show what is chosen in this question."""
        if self._where == dict(question.where):
            return
        self._where = dict(question.where)
        self._flow.clear()
        self._buttons.clear()
        for field, code in self._where.items():
            chip = _ChosenChip(f"{self._names.name(field)}: {self._names.label(field, code)}")
            chip.clicked.connect(lambda _checked=False, field=field: self.removed.emit(field))
            self._flow.addWidget(chip)
            self._buttons.append(chip)
        if self._where:
            everything = QuietButton("Clear all")
            everything.clicked.connect(lambda: self.removed.emit(""))
            self._flow.addWidget(everything)
            self._buttons.append(everything)
        self.setVisible(bool(self._where))
        self.updateGeometry()
