"""A code in large letters, group by group, to be written down."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from ui.widgets.cards import Card
from ui.widgets.heading import PlainLabel

_COLUMNS = 4


class CodeCard(Card):
    """Groups of four that can be read, not selected and not copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(28)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(_COLUMNS, 1)
        self.body.addLayout(self._grid)
        self._labels: list[QLabel] = []
        self.setAccessibleName(name)

    def show_code(self, code: str) -> None:
        """Show the code as it is written, or none."""
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        self.setAccessibleDescription(code.replace("-", " "))
        for number, group in enumerate(code.split("-") if code else ()):
            label = PlainLabel(group, "title", wrap=False)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            label.setAccessibleName(f"Group {number + 1}: {' '.join(group)}")
            self._grid.addWidget(label, number // _COLUMNS, number % _COLUMNS)
            self._labels.append(label)
