"""The frame of every page: a title with one main action, and a body that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.theme.tokens import RING, TARGET
from ui.widgets.heading import PageTitle

FORM_WIDTH = 880


class Page(QWidget):
    """A page of the window.

    content_width: the widest that the body becomes, in logical pixels; None for no limit.
    reading: the body can have the focus, so that arrow keys scroll it; for pages on which
    nothing else can be focused. scrolling: False if the page's own parts scroll.
    """

    def __init__(
        self,
        title: str,
        primary: QPushButton | None = None,
        *,
        content_width: int | None = FORM_WIDTH,
        reading: bool = False,
        scrolling: bool = True,
    ) -> None:
        super().__init__()
        self.content_width = content_width
        self.title_label = PageTitle(title)
        self.setAccessibleName(title)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.title_row = QHBoxLayout()
        self.title_row.setContentsMargins(32, 20, 32, 8)
        self.title_row.setSpacing(12)
        self.title_label.setMinimumHeight(TARGET + 2 * RING)  # as high as with a button beside it
        self.title_row.addWidget(self.title_label, 1)
        if primary is not None:
            self.title_row.addWidget(primary, 0, Qt.AlignmentFlag.AlignVCenter)
        whole.addLayout(self.title_row)
        content, self.body = self._make_content(scrolling=scrolling)
        if not scrolling:
            whole.addWidget(content, 1)
            return
        self._scroll = QScrollArea(self)
        self._scroll.setProperty("role", "page")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(title)
        focus = Qt.FocusPolicy.StrongFocus if reading else Qt.FocusPolicy.NoFocus
        self._scroll.setFocusPolicy(focus)
        # A viewport of our own: asking Qt for its own one costs 7 ms at the start of the program.
        self._scroll.setViewport(QWidget())
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)
        whole.addWidget(self._scroll, 1)

    def refresh(self) -> None:
        """Called each time the page is shown; a page overrides it to read its content again."""

    def set_title(self, title: str) -> None:
        """Another title."""
        self.title_label.setText(title)
        self.setAccessibleName(title)

    def show_widget(self, widget: QWidget) -> None:
        """Scroll until a part of the body can be seen."""
        self._scroll.ensureWidgetVisible(widget, 0, 48)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Page up and page down scroll, whatever has the focus, unless that needs them."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps and hasattr(self, "_scroll"):
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + steps[Qt.Key(event.key())] * bar.pageStep())
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_content(self, *, scrolling: bool) -> tuple[QWidget, QVBoxLayout]:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(29, 8, 29, 24)
        column = QWidget()
        if self.content_width is not None:
            column.setMaximumWidth(self.content_width)
        whole = QVBoxLayout(column)
        whole.setContentsMargins(0, 0, 0, 0)
        body = QVBoxLayout()
        body.setSpacing(16)
        whole.addLayout(body)
        if scrolling:
            whole.addStretch(1)
        row.addWidget(column, 1)
        if self.content_width is not None:
            row.addStretch(0)
        return content, body
