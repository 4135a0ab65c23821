"""The line below every page. `ui.standing` finds out what it tells."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.widgets.heading import Caption


class StatusLine(QFrame):
    """One quiet line of words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._text = Caption("")
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 7, 32, 7)
        row.addWidget(self._text)

    def text(self) -> str:
        """What the line says."""
        return self._text.text()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text.setText(text)
