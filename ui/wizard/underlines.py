"""Underlines what identifies somebody while one writes: a hint, and no change of the text.

What was found is laid over the text as extra selections, so that the document and what can be
undone stay untouched. The search runs in the background, in short slices and one at a time, so
that it never has the processor for long while somebody types on.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QColor, QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from app.domain.form import FieldId, Leaves, ReportField
from app.domain.report import Certainty, Finding
from sync.scrub import Identities, Roster, Scrubber
from ui.messages import show_failure
from ui.models.kinds import KIND_WORDS
from ui.task import Task
from ui.theme.apply import current_tokens
from ui.widgets.text import PlainTextEdit
from ui.wizard.piecewise import Looked, PiecewiseLook
from ui.wizard.question import Question

PAUSE_MS = 60
_SLICE_S = 0.06
_LEGEND = "Underlined: replaced. Dotted: you decide. Wavy: spelling."
_LAYER = 1
_Underline = QTextCharFormat.UnderlineStyle


@dataclass(slots=True)
class _Watched:
    """A text on the screen. marks: what is underlined in it now, each with where it is."""

    question: Question
    edit: PlainTextEdit
    marks: list[tuple[QTextCursor, Finding]] = field(default_factory=list)


class Underlines(QObject):
    """Follows the long texts of one report that leave scrubbed.

    read_texts: all such texts, by field, also those that are not on the screen. read_known: what
    the private notes tell. read_roster: the agency's list of names, read in the background.
    """

    def __init__(
        self,
        form: QWidget,
        scrubber: Callable[[], Scrubber],
        read_texts: Callable[[], Mapping[FieldId, str]],
        read_known: Callable[[], Identities],
        read_roster: Callable[[], Roster],
    ) -> None:
        super().__init__(form)
        self._form = form
        self._read_texts = read_texts
        self._read_known = read_known
        self._read_roster = read_roster
        self._look: PiecewiseLook | None = PiecewiseLook(scrubber)
        self._watched: dict[FieldId, _Watched] = {}
        self._task: Task[Looked] | None = None
        self._explained: FieldId | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)

    def watch(self, question: Question) -> None:
        """Underline in this question too, if it is a long text that leaves scrubbed."""
        asked, edit = question.field, question.long_text()
        if edit is None or not isinstance(asked, ReportField):
            return
        if asked.leaves is Leaves.SCRUBBED and self._look is not None:
            watched = _Watched(question, edit)
            self._watched[asked.id] = watched
            edit.installEventFilter(self)
            edit.viewport().installEventFilter(self)
            edit.document().contentsChange.connect(
                lambda at, _removed, added: self._on_changed(watched, at, at + added)
            )
            edit.cursorPositionChanged.connect(lambda: self._say(watched))
            self._timer.start()

    def stop(self) -> None:
        """Forget everything that was found, and find nothing any more."""
        self._timer.stop()
        self._look = None
        if self._task is not None:
            self._task.cancel()
        for watched in self._watched.values():
            watched.edit.removeEventFilter(self)
            watched.edit.viewport().removeEventFilter(self)
            watched.marks = []
            watched.edit.show_layer(_LAYER, [])
            watched.question.show_remark("")
        self._watched = {}

    def findings(self, field_id: FieldId) -> tuple[Finding, ...]:
        """What is underlined in a text now, in its order."""
        watched = self._watched.get(field_id)
        return tuple(found for _, found in watched.marks) if watched else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Tell kind and reason of what the mouse rests on; take on other colours."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show_tip(watched, event)
        if event.type() == QEvent.Type.StyleChange:
            for each in self._watched.values():
                if each.edit is watched:
                    _draw(each)
        return False

    def _on_changed(self, watched: _Watched, start: int, end: int) -> None:
        """Nothing stays underlined that was changed; look again after a pause."""
        if self._look is None:
            return
        kept = [
            (place, found)
            for place, found in watched.marks
            if place.selectionStart() > end or place.selectionEnd() < start
        ]
        if len(kept) < len(watched.marks):
            watched.marks = kept
            _draw(watched)
        self._timer.start()

    def _start(self) -> None:
        look = self._look
        if look is None or (self._task is not None and self._task.is_running):
            return  # what is running starts the next one when it ends
        texts, known, caret = self._read_texts(), self._read_known(), self._find_caret()
        versions = {
            name: watched.edit.document().revision() for name, watched in self._watched.items()
        }

        def find() -> Looked:
            everyone = replace(known, roster=self._read_roster())
            return look.look(texts, everyone, caret, _SLICE_S)

        self._task = Task(self._form, lambda _progress: find())
        self._task.on_failed(self._give_up)
        self._task.on_done(lambda looked: self._take(looked, texts, versions)).start()

    def _give_up(self, error: Exception) -> None:
        """Say it once, and not after every pause."""
        self.stop()
        show_failure(self._form, error)

    def _take(
        self, looked: Looked, texts: Mapping[FieldId, str], versions: Mapping[FieldId, int]
    ) -> None:
        """Show what was found, except in a text that was changed meanwhile."""
        is_stale = False
        for name, version in versions.items():
            watched = self._watched.get(name)
            if watched is None or watched.edit.document().revision() != version:
                is_stale = True
                continue
            found = looked.findings[name]
            if found != self.findings(name):
                self._mark(watched, texts[name], found)
        if (is_stale or not looked.is_complete) and not self._timer.isActive():
            self._start()

    def _mark(self, watched: _Watched, text: str, found: Iterable[Finding]) -> None:
        document = watched.edit.document()
        place_of = count_units(text)
        watched.marks = []
        for each in found:
            cursor = QTextCursor(document)
            cursor.setPosition(place_of(each.span.start))
            cursor.setPosition(place_of(each.span.end), QTextCursor.MoveMode.KeepAnchor)
            watched.marks.append((cursor, each))
        _draw(watched)
        if self._explained is None and watched.marks:
            self._explained = watched.question.field.id
        self._say(watched)

    def _find_caret(self) -> tuple[FieldId, int] | None:
        for name, watched in self._watched.items():
            if watched.edit.hasFocus():
                return name, watched.edit.textCursor().position()
        return None

    def _say(self, watched: _Watched) -> None:
        """Below the text: what the caret stands in, or once for all what the lines mean."""
        found = _find_at(watched, watched.edit.textCursor().position())
        if found is not None:
            watched.question.show_remark(describe(found))
        else:
            is_here = self._explained == watched.question.field.id
            watched.question.show_remark(_LEGEND if is_here else "")

    def _show_tip(self, viewport: QObject, event: QHelpEvent) -> bool:
        for watched in self._watched.values():
            if watched.edit.viewport() is viewport:
                found = _find_under(watched, event.pos())
                if found is None:
                    QToolTip.hideText()
                else:
                    # Mark-up of our own, so that none in a reason is ever read as such.
                    tip = f"<p>{html.escape(describe(found))}</p>"
                    QToolTip.showText(event.globalPos(), tip, watched.edit.viewport())
                return True
        return False


def describe(found: Finding) -> str:
    """Kind and reason, and what becomes of it."""
    outcome = "It is replaced." if found.masked else "You decide at the end."
    return f"{KIND_WORDS[found.kind]}: {found.reason}. {outcome}"


def _draw(watched: _Watched) -> None:
    """A solid line for what is replaced, a dotted one of another colour for what may be."""
    tokens = current_tokens()
    formats = {}
    for is_open, colour, style in (
        (False, tokens.leaves_mark, _Underline.SingleUnderline),
        (True, tokens.warning_mark, _Underline.DotLine),
    ):
        formats[is_open] = QTextCharFormat()
        formats[is_open].setUnderlineStyle(style)
        formats[is_open].setUnderlineColor(QColor(colour))
    selections = []
    for cursor, found in watched.marks:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = cursor
        selection.format = formats[found.certainty is Certainty.POSSIBLE]
        selections.append(selection)
    watched.edit.show_layer(_LAYER, selections)


def _find_at(watched: _Watched, position: int) -> Finding | None:
    for place, found in watched.marks:
        if place.selectionStart() <= position <= place.selectionEnd():
            return found
    return None


def _find_under(watched: _Watched, point: QPoint) -> Finding | None:
    cursor = watched.edit.cursorForPosition(point)
    # Far right of a line or below the text the nearest letter is not what the mouse is on.
    near = watched.edit.cursorRect(cursor).adjusted(-16, 0, 16, 0).contains(point)
    return _find_at(watched, cursor.position()) if near else None


def count_units(text: str) -> Callable[[int], int]:
    """From code points of the text to the UTF-16 units that a document counts."""
    wide = [place for place, char in enumerate(text) if char > "\uffff"]
    if not wide:
        return lambda place: place

    def count(place: int) -> int:
        return place + sum(1 for each in wide if each < place)

    return count
