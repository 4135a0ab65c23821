"""A text that can be read and selected but not changed, with marks for what was found in it."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from sync.decisions import Place
from ui.models.marked_text import Piece, PieceMap, PieceRole
from ui.theme.apply import current_tokens
from ui.theme.tokens import BODY, LABEL, READING
from ui.widgets.content import plain_content

LINE_PX = 27
_Underline = QTextCharFormat.UnderlineStyle


class MarkedTextView(QTextEdit):
    """Shows pieces of text. Content comes in as plain insertions, never as markup.

    chosen: the place of a finding or leftover that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("role", "marked")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(12)
        self._map = PieceMap(())
        self._current: Place | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(lambda: self.show_current(self._current))

    def show_pieces(self, pieces: Iterable[Piece]) -> None:
        """Show another text, at the same height as before."""
        height = self.verticalScrollBar().value()
        self._map = PieceMap(pieces)
        self._fill()
        self.show_current(self._current, scroll=False)
        self.document().size()  # lays it all out, so that there is a height to go back to
        self.verticalScrollBar().setValue(height)

    def show_current(self, place: Place | None, *, scroll: bool = True) -> None:
        """Bring one finding out, and into sight."""
        self._current = place
        where = self._map.range_of(place) if place is not None else None
        if where is None:
            self.setExtraSelections([])
            return
        tokens = current_tokens()
        cursor = QTextCursor(self.document())
        cursor.setPosition(where[0])
        if scroll:
            self._bring_into_sight(cursor)
        cursor.setPosition(where[1], QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        selection.cursor = cursor
        selection.format = QTextCharFormat()
        selection.format.setBackground(QColor(tokens.primary))
        selection.format.setForeground(QColor(tokens.on_primary))
        self.setExtraSelections([selection])

    def select_place(self, place: Place) -> None:
        """Select what stands at a place, as a person would before adding it."""
        where = self._map.range_of(place)
        if where is not None:
            cursor = QTextCursor(self.document())
            cursor.setPosition(where[0])
            cursor.setPosition(where[1], QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
            self._bring_into_sight(cursor)

    def selected(self) -> tuple[str, int, int] | None:
        """The field and the code points that are selected; None if nothing of a field is."""
        cursor = self.textCursor()
        return self._map.selected(cursor.selectionStart(), cursor.selectionEnd())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.show_pieces(self._map.pieces)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the current finding in sight, also when the page gets its size after it."""
        super().resizeEvent(event)
        self._settle.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        if not self.textCursor().hasSelection():
            at = self.cursorForPosition(event.position().toPoint()).position()
            piece = self._map.piece_at(at)
            if piece is not None and piece.finding is not None:
                self.chosen.emit(piece.place)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """Plain text only, marked as content."""
        return plain_content(self.textCursor().selection().toPlainText())

    def _fill(self) -> None:
        document = self.document()
        document.clear()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        body, head = _block(10), _block(14)
        cursor.setBlockFormat(head)
        formats: dict[PieceRole, QTextCharFormat] = {}
        for piece in self._map.pieces:
            if piece.role not in formats:
                formats[piece.role] = _format(piece.role)
            if piece.role == "heading":
                cursor.setBlockFormat(head)
            cursor.insertText(piece.text, formats[piece.role])
            if piece.role == "space":
                cursor.setBlockFormat(body)
        cursor.endEditBlock()

    def _bring_into_sight(self, cursor: QTextCursor) -> None:
        """Scroll so that the cursor stands in the upper half."""
        self.document().size()  # until it is laid out, the bar's range is too short
        line = self.cursorRect(cursor)
        if line.top() < 0 or line.bottom() > self.viewport().height() - 24:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + line.top() - self.viewport().height() // 3)


def _block(above: int) -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setTopMargin(above)
    # Fixed, so that a raised letter does not push its line down.
    made.setLineHeight(LINE_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return made


def _format(role: PieceRole) -> QTextCharFormat:
    """Colour and underline of a role; the letter of the kind stands beside, so that nobody
    depends on the colour.
    """
    tokens = current_tokens()
    made = QTextCharFormat()
    made.setForeground(QColor(tokens.ink))
    made.setProperty(QTextCharFormat.Property.FontPixelSize, BODY)
    marks: dict[PieceRole, tuple[str, str, QTextCharFormat.UnderlineStyle]] = {
        "masked": (tokens.leaves_tint, tokens.leaves_mark, _Underline.SingleUnderline),
        "open": (tokens.warning_tint, tokens.warning_mark, _Underline.DotLine),
        "left": (tokens.stays_tint, tokens.stays_mark, _Underline.DashUnderline),
        "look": ("", tokens.stays_mark, _Underline.DotLine),
    }
    if role in marks:
        tint, line, style = marks[role]
        if tint:
            made.setBackground(QColor(tint))
        made.setUnderlineStyle(style)
        made.setUnderlineColor(QColor(line))
    elif role == "heading":
        made.setProperty(QTextCharFormat.Property.FontPixelSize, LABEL)
        made.setFontWeight(QFont.Weight.DemiBold)
    elif role == "letter":
        made.setForeground(QColor(tokens.secondary))
        made.setProperty(
            QTextCharFormat.Property.FontPixelSize, READING
        )  # two thirds of it are shown
        made.setFontWeight(QFont.Weight.Bold)
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    return made
