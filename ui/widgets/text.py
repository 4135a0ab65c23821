"""A field for long plain text that stays quick, and that the Tab key leaves."""

from bisect import bisect_left

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextDocumentFragment
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.domain.plain_text import UnfitTextError, clean_text
from ui.widgets.content import CONTENT_HINTS, plain_content

_TELL_AFTER_MS = 300


class PlainTextEdit(QPlainTextEdit):
    """Paragraphs of plain text; what is pasted loses every format.

    max_chars: the most that typing and pasting lead to; `set_value` may exceed it.
    changed: emitted at most every 300 ms while somebody types, and when the focus leaves.
    refused: a sentence that says why something was not taken in. entered: the focus came.
    """

    changed = Signal()
    entered = Signal()
    refused = Signal(str)

    def __init__(self, max_chars: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._max_chars = max_chars
        self._layers: dict[int, list[QTextEdit.ExtraSelection]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TELL_AFTER_MS)
        self._timer.timeout.connect(self.changed)
        self.setTabChangesFocus(True)
        self.setInputMethodHints(CONTENT_HINTS)
        self.setMinimumHeight(132)
        self.textChanged.connect(self._note_change)

    def value(self) -> str:
        """The text as it stands."""
        return self.toPlainText()

    def set_value(self, text: str) -> None:
        """Put another text in place, without telling of a change and without undo."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self._timer.stop()

    def count(self) -> int:
        """How many characters stand here, without building the text."""
        return max(self.document().characterCount() - 1, 0)

    def tell_now(self) -> None:
        """Emit `changed` at once if it is still waiting."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def show_layer(self, layer: int, marks: list[QTextEdit.ExtraSelection]) -> None:
        """Lay marks over the text, which stays as it is. One that would overlap a mark of a lower
        layer is left out.
        """
        self._layers[layer] = marks
        shown: list[QTextEdit.ExtraSelection] = []
        for number in sorted(self._layers):
            taken = sorted(map(_ends, shown))
            shown += [each for each in self._layers[number] if not _overlaps(_ends(each), taken)]
        self.setExtraSelections(shown)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """What is copied or dragged: plain text, marked as content."""
        return plain_content(self.textCursor().selection().toPlainText())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        return source.hasText() or source.hasHtml()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste or drop: plain text, and only if all of it has room."""
        room = self._room()
        raw = source.text() or self._read_html(source.html())
        # Cleaning shortens text by little; a megabyte is not even looked at.
        if len(raw) > 2 * self._max_chars or len(raw) > room + 1000:
            self._refuse_size(len(raw), room)
            return
        try:
            text = _clean_pasted(raw)
        except UnfitTextError as error:
            self.refused.emit(f"The text was not pasted: {error}. Type it instead.")
            return
        if len(text) > room:
            self._refuse_size(len(text), room)
            return
        self.textCursor().insertText(text)
        self.ensureCursorVisible()

    def _read_html(self, html: str) -> str:
        """What a reader sees of it. A page that is far too long is taken as it is, and refused."""
        if len(html) > 20 * self._max_chars:
            return html
        return QTextDocumentFragment.fromHtml(html).toPlainText()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        typed = event.text()
        if typed and (typed.isprintable() or typed in "\r\n") and self._room() < len(typed):
            self._refuse_more()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802
        if event.commitString() and self._room() < len(event.commitString()):
            self._refuse_more()
            return
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.tell_now()

    def _room(self) -> int:
        cursor = self.textCursor()
        return self._max_chars - self.count() + cursor.selectionEnd() - cursor.selectionStart()

    def _note_change(self) -> None:
        # Not restarted: somebody who never pauses is kept safe too.
        if not self._timer.isActive():
            self._timer.start()

    def _refuse_size(self, length: int, room: int) -> None:
        self.refused.emit(
            f"The text has {length:,} characters and there is room for {max(room, 0):,}. "
            "Nothing was pasted. Paste a shorter part."
        )

    def _refuse_more(self) -> None:
        self.refused.emit(
            f"The text has reached {self._max_chars:,} characters, which is all that fits. "
            "Shorten it to write more."
        )


def _ends(mark: QTextEdit.ExtraSelection) -> tuple[int, int]:
    return mark.cursor.selectionStart(), mark.cursor.selectionEnd()


def _overlaps(ends: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether it overlaps one of these, which are in order and do not overlap each other."""
    before = bisect_left(taken, (ends[1], 0))
    return before > 0 and taken[before - 1][1] > ends[0]


def _clean_pasted(raw: str) -> str:
    # The white space at both ends is the person's: they paste into the middle of a sentence.
    kept = raw.replace("\x00", "")
    body = clean_text(f"|{kept}|", one_line=False)
    return body[1:-1]
