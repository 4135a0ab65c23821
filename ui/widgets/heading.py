"""Texts of the window: titles, captions and prose. None of them reads markup."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

_HINT_WIDTH = 640


class PlainLabel(QLabel):
    """A label whose text is shown as it is, never as markup; wraps where it has to.

    role: "title", "section", "label", "strong", "body", "reading", "help", "caption" or "error".
    """

    def __init__(self, text: str = "", role: str = "body", *, wrap: bool = True) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        self.setText(text)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    # Qt's own hints for wrapped text suppose some narrow width, which leaves pages with empty
    # room at their end, and ask for heights of widths that the label never gets.

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        if not self.wordWrap():
            return super().sizeHint()
        lines = self.text().split("\n")
        natural = max(self.fontMetrics().horizontalAdvance(line) for line in lines) + 2
        width = min(natural, self.maximumWidth(), _HINT_WIDTH)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        if not self.wordWrap():
            return super().minimumSizeHint()
        return QSize(min(self.sizeHint().width(), 80), self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return super().heightForWidth(min(width, self.maximumWidth()))


class PageTitle(PlainLabel):
    """The title of a page, 32 px."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "title")


class SectionTitle(PlainLabel):
    """The title of a part of a page, 22 px."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "section")


class Caption(PlainLabel):
    """A small remark, 13 px."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, "caption")


class Prose(PlainLabel):
    """Running text, kept to a readable length of line; it can be selected with the mouse.

    max_chars: the longest line, in characters of average width.
    """

    def __init__(self, text: str, max_chars: int = 72, role: str = "body") -> None:
        super().__init__(text, role)
        self._max_chars = max_chars
        self._limit()

    def _limit(self) -> None:
        self.ensurePolished()
        self.setMaximumWidth(self._max_chars * self.fontMetrics().averageCharWidth())
