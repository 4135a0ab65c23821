"""Answers that the story suggests, above the list that they are taken from. None is chosen yet."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.form import Code
from app.domain.suggestions import Suggestion
from ui.widgets.buttons import press_by_enter
from ui.widgets.flow import FlowLayout
from ui.widgets.heading import Caption


class _Chip(QPushButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter chooses, as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)


class SuggestionRow(QWidget):
    """picked: with the code, when somebody agrees. Hidden while nothing is suggested."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(Caption("Suggested by your own words; choose what is right:"))
        self._flow = FlowLayout(spacing=4)
        column.addLayout(self._flow)
        self._shown: tuple[Suggestion, ...] = ()
        self.hide()

    def offer(self, suggestions: Sequence[Suggestion], labels: Mapping[Code, str]) -> bool:
        """Show these, each as a button with its label; False if they are shown already."""
        if tuple(suggestions) == self._shown:
            return False
        self._shown = tuple(suggestions)
        self._flow.clear()
        for each in suggestions:
            chip = _Chip(labels[each.code].replace("&", "&&"))
            chip.setProperty("role", "suggested")
            chip.setAccessibleName(f"Suggested: {labels[each.code]}")
            chip.setAccessibleDescription(f"Because of “{each.because}”")
            chip.setToolTip(f"Because you wrote “{each.because}”")
            chip.setAutoDefault(False)
            chip.clicked.connect(lambda _=False, code=each.code: self.picked.emit(str(code)))
            self._flow.addWidget(chip)
            chip.show()
        self.setVisible(bool(suggestions))
        self.updateGeometry()
        return True

    def chain_before(self, control: QWidget) -> None:
        """Let the Tab key come to the buttons before it comes to this control."""
        before = control.previousInFocusChain()
        while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        for chip in self.findChildren(QPushButton):
            if not chip.isHidden() and before is not None:
                QWidget.setTabOrder(before, chip)
                before = chip

    def codes(self) -> tuple[Code, ...]:
        """What is suggested now."""
        return tuple(each.code for each in self._shown)
