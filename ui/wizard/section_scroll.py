"""The middle of the form, which scrolls: what is amiss on top, then the section."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.errors import UserError
from ui.theme.tokens import SPACES
from ui.widgets.cards import Banner
from ui.wizard.error_summary import ErrorSummary


class SectionScroll(QScrollArea):
    """trouble: why something is not kept; summary: what is missing; sections: the views."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble = Banner("error", "")
        self.trouble.hide()
        self.summary = ErrorSummary()
        self.sections = QVBoxLayout()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        # Room at the left for the focus ring, and between the text and the scroll bar.
        column.setContentsMargins(2, 2, SPACES[3], SPACES[2])
        column.setSpacing(SPACES[3])
        column.addWidget(self.trouble)
        column.addWidget(self.summary)
        column.addLayout(self.sections)
        column.addStretch(1)
        self.setProperty("role", "page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Questions")
        self.setWidget(self._content)
        self.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)

    def show_top(self) -> None:
        """Scroll to the top."""
        self.verticalScrollBar().setValue(0)

    def show_question(self, question: QWidget) -> None:
        """Scroll until a question stands near the top."""
        top = question.mapTo(self._content, QPoint(0, 0)).y()
        self.verticalScrollBar().setValue(top - SPACES[4])

    def follow_caret(self, edit: QPlainTextEdit, foot: QWidget | None) -> None:
        """A text that is longer than the window scrolls the page along with it.

        foot: the line that tells what is found there; it is kept in sight if there is room.
        """
        if edit.hasFocus():
            if foot is not None and edit.height() + 2 * foot.height() < self.viewport().height():
                self.ensureWidgetVisible(foot, 0, SPACES[2])
            place = edit.viewport().mapTo(self._content, edit.cursorRect().center())
            self.ensureVisible(place.x(), place.y(), 0, SPACES[5])

    def focus_summary(self) -> None:
        """Go to the top, to the first line of the summary."""
        self.show_top()
        self.summary.focus_first()

    def show_trouble(self, error: UserError) -> None:
        """Say on top why something is not kept yet; it stays on the screen."""
        text = " ".join(part for part in (error.text, error.hint) if part)
        self.trouble.set_content(
            "error", error.title, f"{text} What you wrote stays on the screen; it is tried again."
        )
        self.trouble.show()
