"""A line of text that is shortened where there is no room; whoever listens has it whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from ui.widgets.heading import PlainLabel


class ShortLine(PlainLabel):
    """One line, as wide as its place. role: as for every label."""

    def __init__(self, role: str) -> None:
        super().__init__("", role, wrap=False)
        self._whole = ""

    def say(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def whole(self) -> str:
        """All of the text, whatever is seen of it."""
        return self._whole

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width()
        )
        self.setText(shown)
