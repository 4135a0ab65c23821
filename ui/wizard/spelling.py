"""A wavy line below what may be a typing error, with suggestions in the text's own menu.

It comes after what identifies somebody: whatever is underlined as that is no spelling error. The
lists are read when somebody first types, in the background.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu, QTextEdit, QWidget

from app.domain.form import ReportField
from app.domain.report import Span
from app.domain.spelling import Speller
from ui.messages import show_failure
from ui.task import Task
from ui.theme.apply import current_tokens
from ui.widgets.text import PlainTextEdit
from ui.wizard.question import Question
from ui.wizard.underlines import count_units

PAUSE_MS = 500
_LAYER = 2


@dataclass(slots=True)
class _Watched:
    """A text on the screen. marks: where an error is; typed: the one that is being typed."""

    edit: PlainTextEdit
    marks: list[QTextCursor] = field(default_factory=list)
    typed: QTextCursor | None = None


class Learned(Protocol):
    """The words that the vault has learned."""

    def all(self) -> frozenset[str]: ...

    def learn(self, word: str) -> None: ...

    def forget(self, word: str) -> None: ...


class SpellingMarks(QObject):
    """Follows the texts of one report that leave.

    speller: reads the lists; blocks once. learned: what the vault has, while it is open.
    """

    def __init__(
        self, form: QWidget, speller: Callable[[], Speller], learned: Callable[[], Learned]
    ) -> None:
        super().__init__(form)
        self._form = form
        self._read_speller = speller
        self._vault_words = learned
        self._speller: Speller | None = None
        self._learned: frozenset[str] = frozenset()
        self._watched: list[_Watched] = []
        self._changed: list[_Watched] = []
        self._task: Task[list[tuple[Span, ...]]] | None = None
        self._is_on = True
        self.menu: QMenu | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)

    def watch(self, question: Question) -> None:
        """Look after this question too, if it is a text that leaves."""
        edit = question.long_text()
        if edit is None or not isinstance(question.field, ReportField):
            return
        watched = _Watched(edit)
        self._watched.append(watched)
        edit.installEventFilter(self)
        edit.viewport().installEventFilter(self)
        edit.document().contentsChange.connect(
            lambda at, _removed, added: self._on_changed(watched, at, at + added)
        )
        edit.cursorPositionChanged.connect(lambda: self._on_moved(watched))

    def stop(self) -> None:
        """Forget everything, the learned words too."""
        self._is_on = False
        self._timer.stop()
        self._learned = frozenset()
        if self._task is not None:
            self._task.cancel()
        for watched in self._watched:
            watched.edit.removeEventFilter(self)
            watched.edit.viewport().removeEventFilter(self)
            watched.marks = []
            watched.edit.show_layer(_LAYER, [])
        self._watched = []

    def words(self, edit: PlainTextEdit) -> list[str]:
        """What has a wavy line in a text now."""
        return [
            mark.selectedText()
            for each in self._watched
            if each.edit is edit
            for mark in each.marks
        ]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QContextMenuEvent) and self._is_on:
            for each in self._watched:
                if watched in (each.edit, each.edit.viewport()):
                    return self._open_menu(each, event)
        if event.type() == QEvent.Type.StyleChange:
            for each in self._watched:
                if each.edit is watched:
                    self._draw(each)
        return False

    def _on_changed(self, watched: _Watched, start: int, end: int) -> None:
        if not self._is_on:
            return
        kept = [
            mark
            for mark in watched.marks
            if mark.selectionStart() > end or mark.selectionEnd() < start
        ]
        if len(kept) < len(watched.marks):
            watched.marks = kept
            self._draw(watched)
        if watched.edit.hasFocus():  # what is put there unasked is looked at when it is edited
            if watched not in self._changed:
                self._changed.append(watched)
            self._timer.start()

    def _on_moved(self, watched: _Watched) -> None:
        if _find_typed(watched) is not watched.typed:
            self._draw(watched)

    def _start(self) -> None:
        if not self._is_on or (self._task is not None and self._task.is_running):
            return  # what is running starts the next one when it ends
        if self._speller is None:
            self._learned = self._vault_words().all()
        todo, self._changed = self._changed, []
        texts = [each.edit.value() for each in todo]
        versions = [each.edit.document().revision() for each in todo]
        read, learned = self._read_speller, self._learned

        def look() -> list[tuple[Span, ...]]:
            self._speller = read()
            return [self._speller.faults(text, learned) for text in texts]

        def take(found: list[tuple[Span, ...]]) -> None:
            for watched, text, version, spans in zip(todo, texts, versions, found, strict=True):
                if watched.edit.document().revision() == version:
                    self._mark(watched, text, spans)
            if self._changed:
                self._timer.start()

        self._task = Task(self._form, lambda _progress: look())
        self._task.on_failed(self._give_up)
        self._task.on_done(take).start()

    def _give_up(self, error: Exception) -> None:
        self.stop()
        show_failure(self._form, error)

    def _mark(self, watched: _Watched, text: str, spans: tuple[Span, ...]) -> None:
        if not self._is_on:
            return
        place_of = count_units(text)
        watched.marks = []
        for span in spans:
            cursor = QTextCursor(watched.edit.document())
            cursor.setPosition(place_of(span.start))
            cursor.setPosition(place_of(span.end), QTextCursor.MoveMode.KeepAnchor)
            watched.marks.append(cursor)
        self._draw(watched)

    def _draw(self, watched: _Watched) -> None:
        """Below every marked word but the one that is being typed."""
        line = QTextCharFormat()
        line.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        line.setUnderlineColor(QColor(current_tokens().error_mark))
        watched.typed = _find_typed(watched)
        selections = []
        for mark in watched.marks:
            if mark is not watched.typed:
                selection = QTextEdit.ExtraSelection()
                selection.cursor = mark
                selection.format = line
                selections.append(selection)
        watched.edit.show_layer(_LAYER, selections)

    def _open_menu(self, watched: _Watched, event: QContextMenuEvent) -> bool:
        """The text's own menu, below what can be done about the word."""
        edit = watched.edit
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        cursor = edit.textCursor() if is_by_key else edit.cursorForPosition(event.pos())
        at = edit.viewport().mapToGlobal(edit.cursorRect(cursor).bottomLeft())
        mark = next((each for each in watched.marks if _holds(each, cursor.position())), None)
        menu = edit.createStandardContextMenu(QPoint())
        actions = self._make_actions(watched, mark, menu) if mark else []
        actions += self._make_forgetting(cursor, menu)
        if not actions:
            menu.deleteLater()
            return False
        top = menu.actions()[0]
        menu.insertActions(top, actions)
        menu.insertSeparator(top)
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = menu
        menu.popup(at if is_by_key else event.globalPos())
        return True

    def _make_actions(self, watched: _Watched, mark: QTextCursor, menu: QMenu) -> list[QAction]:
        word = mark.selectedText()
        actions = []
        for each in self._speller.suggest(word) if self._speller else ():
            action = QAction(each, menu)
            action.triggered.connect(lambda _=False, to=each: QTextCursor(mark).insertText(to))
            actions.append(action)
        if not actions:
            nothing = QAction("No suggestion", menu)
            nothing.setEnabled(False)
            actions.append(nothing)
        learn = QAction(f"Learn “{word}”", menu)
        learn.triggered.connect(lambda: self._teach(self._vault_words().learn, word))
        return [*actions, learn]

    def _make_forgetting(self, cursor: QTextCursor, menu: QMenu) -> list[QAction]:
        around = QTextCursor(cursor)
        around.select(QTextCursor.SelectionType.WordUnderCursor)
        word = around.selectedText()
        if word.casefold() not in self._learned:
            return []
        forget = QAction(f"Forget “{word}”", menu)
        forget.triggered.connect(lambda: self._teach(self._vault_words().forget, word))
        return [forget]

    def _teach(self, lesson: Callable[[str], None], word: str) -> None:
        """Learn or forget a word, and look at every text again."""
        lesson(word.replace("\u2019", "'"))
        self._learned = self._vault_words().all()
        self._changed = list(self._watched)
        self._start()


def _find_typed(watched: _Watched) -> QTextCursor | None:
    """The marked word at whose end somebody is."""
    if not watched.edit.hasFocus():
        return None
    at = watched.edit.textCursor().position()
    return next((mark for mark in watched.marks if mark.selectionEnd() == at), None)


def _holds(mark: QTextCursor, position: int) -> bool:
    return mark.selectionStart() <= position <= mark.selectionEnd()
