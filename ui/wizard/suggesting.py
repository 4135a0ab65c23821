"""Lets the story suggest answers, in the background, whenever its texts have changed."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from app.domain.form import FieldId
from app.domain.suggestions import Cues, Suggestion, suggest
from ui.messages import show_failure
from ui.task import Task
from ui.wizard.form_view import FormView


class Suggesting(QObject):
    """Follows the texts of one report. read_cues: may block once."""

    def __init__(
        self,
        form: FormView,
        read_cues: Callable[[], Cues],
        read_texts: Callable[[], Mapping[FieldId, str]],
    ) -> None:
        super().__init__(form)
        self._form = form
        self._read_cues = read_cues
        self._read_texts = read_texts
        self._heard = ""
        self._is_on = True
        self._task: Task[Mapping[FieldId, tuple[Suggestion, ...]]] | None = None

    def look(self) -> None:
        """Look at the texts again, if they have changed and nothing looks at them yet."""
        if not self._is_on or (self._task is not None and self._task.is_running):
            return
        text = "\n\n".join(self._read_texts().values())
        if text == self._heard:
            return
        self._heard = text
        read = self._read_cues
        self._task = Task(self._form, lambda _progress: suggest(text, read()))
        self._task.on_failed(self._give_up)
        self._task.on_done(self._take).start()

    def stop(self) -> None:
        """Forget the texts."""
        self._is_on = False
        self._heard = ""
        if self._task is not None:
            self._task.cancel()

    def _take(self, found: Mapping[FieldId, tuple[Suggestion, ...]]) -> None:
        if self._is_on:
            self._form.suggest(found)

    def _give_up(self, error: Exception) -> None:
        self.stop()
        show_failure(self._form, error)
