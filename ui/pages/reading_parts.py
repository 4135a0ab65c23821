"""Parts of the reading view: chips, the quiet table of codes, one of the similar reports."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QSizePolicy, QWidget

from app.domain.archive import SearchHit
from ui.models.code_labels import CodeLabels
from ui.models.shown_text import shown_line
from ui.pages.archive_paint import SEMIBOLD, draw_lines, draw_ring, wrap_lines
from ui.theme.apply import current_tokens
from ui.theme.fonts import font
from ui.theme.tokens import BODY, CAPTION, CORNER
from ui.widgets.cards import BannerKind
from ui.widgets.flow import FlowLayout
from ui.widgets.heading import PlainLabel
from ui.widgets.states import Shape, StateChip

_TITLE_LINES = 3
_PADDING = 14


def make_chips(
    labels: Sequence[str], shape: Shape = "diamond", kind: BannerKind = "stays"
) -> QWidget:
    """Labels on tints, in as many lines as they need."""
    row = QWidget()
    row.setProperty("role", "plain")
    flow = FlowLayout(row, spacing=8)
    for label in labels:
        flow.addWidget(StateChip(label, shape, kind))
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    row.setSizePolicy(policy)
    return row


def make_table(rows: Sequence[tuple[str, str]]) -> QWidget:
    """Names on the left, values on the right, thin lines between them."""
    table = QWidget()
    table.setProperty("role", "plain")
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 5)
    grid.setColumnStretch(1, 6)
    for place, (name, value) in enumerate(rows):
        if place:
            rule = QFrame()
            rule.setProperty("role", "rule")
            grid.addWidget(rule, 2 * place - 1, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(PlainLabel(name, "help"), 2 * place, 0, top)
        grid.addWidget(PlainLabel(value, "body"), 2 * place, 1, top)
    return table


class SimilarReport(QAbstractButton):
    """A report to go on with: its title over as many lines as it needs, and its year."""

    def __init__(self, hit: SearchHit, names: CodeLabels) -> None:
        super().__init__()
        self._title = shown_line(hit.title) or f"Report {hit.number}"
        year = names.first_label(hit.codes, "event_year")
        shelf = names.label("shelf", hit.shelf)
        self._remark = " · ".join(each for each in (f"Report {hit.number}", shelf, year) if each)
        self.setAccessibleName(f"Read {self._title}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's names, here and below)
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, 44)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        title = len(self._lines(width)) * QFontMetricsF(font(BODY, SEMIBOLD)).lineSpacing()
        return round(title + QFontMetricsF(font(CAPTION)).lineSpacing() + 2 * _PADDING)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        tokens = current_tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(QRect(0, 0, self.width(), self.height()))
        is_lit = self.underMouse() or self.isDown()
        painter.setPen(QColor(tokens.line))
        painter.setBrush(QColor(tokens.hover if is_lit else tokens.card))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.setPen(QColor(tokens.primary))
        corner = QPointF(_PADDING, _PADDING - 2)
        height = draw_lines(painter, corner, self._lines(self.width()), font(BODY, SEMIBOLD))
        painter.setPen(QColor(tokens.secondary))
        draw_lines(painter, corner + QPointF(0, height + 2), [self._remark], font(CAPTION))
        if self.hasFocus():
            draw_ring(painter, box, tokens)

    def _lines(self, width: int) -> list[str]:
        return wrap_lines(self._title, font(BODY, SEMIBOLD), width - 2 * _PADDING, _TITLE_LINES)
