"""One published report in the shape in which such reports are read, as plain text only."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.domain.archive import Record, SearchHit, in_reading_order
from app.use_cases.read_archive import code_words, lesson_points
from ui.models.code_labels import CodeLabels, is_special, shelf_label
from ui.models.shown_text import shown_line
from ui.pages.archive_empty import NOTHING_CHOSEN, EmptyState
from ui.pages.reading_parts import SimilarReport, make_chips, make_table
from ui.pages.reading_text import ReadingText, reading_width
from ui.widgets.buttons import QuietButton
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel

_LESSONS = ("lessons_edit", "lessons")
# Told before the lessons; every other text follows them.
_STORY = ("synopsis", "what_happened", "decisions", "went_well")
_IN_TABLE = ("source", "source_codes")
_FACTORS = "contributing"
_WARNING = "content_warning"
_WARNED = "yes"
_NOT_ASKED = "special:not_asked"


class ReadingView(QFrame):
    """The pane or page with one report.

    back: the person wants the results again. opened: another report is to be read.
    """

    back = Signal()
    opened = Signal(object)

    def __init__(self, names: CodeLabels) -> None:
        super().__init__()
        self._names = names
        self._record: Record | None = None
        self._column: QVBoxLayout | None = None
        self.setProperty("role", "pane")
        self._stack = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._back = QuietButton("Back to results", "arrow_back")
        self._back.clicked.connect(self.back)
        whole.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(self._stack, 1)
        empty = EmptyState()
        empty.show_emptiness(NOTHING_CHOSEN)
        self._stack.addWidget(empty)
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "page")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName("Report")
        self._scroll.viewport().setAutoFillBackground(False)
        self._stack.addWidget(self._scroll)

    @property
    def record(self) -> Record | None:
        """What is shown."""
        return self._record

    def set_over(self, is_over: bool) -> None:
        """Whether the view lies over the results, so that it needs a way back."""
        self._back.setVisible(is_over)

    def close_record(self) -> None:
        """Show no report."""
        self._record = None
        self._stack.setCurrentIndex(0)

    def show_record(self, record: Record) -> None:
        """Show this report from its beginning."""
        self._record = record
        content, column = QWidget(), QWidget()
        for widget in (content, column):
            widget.setProperty("role", "plain")
        column.setMaximumWidth(reading_width() + 48)
        # Else the smallest height is that of wrapped labels in a column far too narrow.
        content.setMinimumHeight(1)
        centred = QHBoxLayout(content)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(0)
        centred.addWidget(column, 1)
        centred.addStretch(0)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(24, 16, 24, 32)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._add_head(record)
        texts = in_reading_order(record.texts)
        lessons = next((name for name in _LESSONS if texts.get(name)), None)
        for name in _STORY:
            self._add_text(name, texts.get(name, ""))
        self._add_factors(record)
        if lessons is not None:
            self._add_lessons(lessons, texts[lessons])
        told = {"title", *_STORY, *_IN_TABLE, *([lessons] if lessons else ())}
        for name, text in texts.items():
            if name not in told:
                self._add_text(name, text)
        self._add_codes(record)
        self._scroll.setWidget(content)
        self._scroll.setAccessibleName(shown_line(record.texts.get("title", "Report")))
        self._scroll.verticalScrollBar().setValue(0)
        self._stack.setCurrentIndex(1)

    def show_similar(self, hits: Sequence[SearchHit]) -> None:
        """Add the way to these reports below the one that is shown."""
        if not hits or self._column is None:
            return
        self._add_heading("More like this")
        for hit in hits:
            button = SimilarReport(hit, self._names)
            button.setMaximumWidth(reading_width())
            button.clicked.connect(
                lambda _checked=False, number=hit.number: self.opened.emit(number)
            )
            self._column.addWidget(button)

    def enter(self) -> None:
        """Put the keyboard here, so that arrows scroll."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_head(self, record: Record) -> None:
        title = shown_line(record.texts.get("title", "")) or f"Report {record.number}"
        self._add(PlainLabel(title, "section"))
        quiet = [f"Report {record.number}", shelf_label(record.shelf)]
        quiet += self._names.labels("event_year", record.codes.get("event_year", []))
        quiet += [shown_line(mark, 40) for mark in record.marks if mark != "invented"]
        self._add(PlainLabel(" · ".join(quiet), "help"))
        if "invented" in record.marks:
            self._add(make_chips(["Invented, for demonstration"], "ring", "info"))
        if record.codes.get(_WARNING) == _WARNED:
            self._add(Banner("warning", "This may distress you", "Whoever told it says so."))

    def _add_text(self, name: str, text: str) -> None:
        if text.strip():
            heading = self._names.heading(name)
            self._add_heading(heading)
            self._add(ReadingText(heading, text))

    def _add_lessons(self, name: str, text: str) -> None:
        points = lesson_points(text)
        if points:
            heading = self._names.heading(name)
            self._add_heading(heading)
            self._add(ReadingText(heading, "\n".join(points), points=len(points) > 1))

    def _add_factors(self, record: Record) -> None:
        words = code_words(record.codes[_FACTORS]) if _FACTORS in record.codes else ()
        labels = [self._names.label(_FACTORS, code) for code in words if not is_special(code)]
        if labels:
            self._add_heading(self._names.name(_FACTORS))
            self._add(make_chips(labels))

    def _add_codes(self, record: Record) -> None:
        rows = [
            (self._names.name(field), "; ".join(self._names.labels(field, record.codes[field])))
            for field in self._names.in_order(record.codes)
            if field not in {_FACTORS, _WARNING}
            and _NOT_ASKED not in code_words(record.codes[field])
        ]
        for name in _IN_TABLE:
            text = record.texts.get(name, "")
            rows += [(self._names.heading(name), text)] if text else []
        if rows:
            self._add_heading("Codes")
            self._add(make_table([(name, _shown_cell(value)) for name, value in rows]))

    def _add_heading(self, text: str) -> None:
        if self._column is not None:
            self._column.addSpacing(12)
        self._add(PlainLabel(text, "label"))

    def _add(self, widget: QWidget) -> None:
        widget.setMaximumWidth(min(widget.maximumWidth(), reading_width()))
        if self._column is not None:
            self._column.addWidget(widget)


def _shown_cell(text: str) -> str:
    return "\n".join(shown_line(line, 400) for line in text.splitlines()[:40])
