"""The wizard: tell a near miss, section by section, and nothing that was typed is lost."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from app.domain.form import FieldId, SectionId
from app.domain.labels import StopText
from app.errors import UserError
from app.use_cases.write_report import DraftId, DraftState
from ui.session import Session
from ui.task import Task
from ui.widgets.heading import PlainLabel
from ui.widgets.page import Page
from ui.wizard.report_editor import ReportEditor
from ui.wizard.spot import Spot, go_to_spot, note_spot, section_of
from ui.wizard.steps import first_section, resume_at
from ui.wizard.stop_view import StopView
from ui.wizard.writing import Writing

_ALREADY_APPROVED = StopText(
    "This report is sealed and waits to be sent.",
    "It cannot be changed while it waits.",
    "Take it back in the outbox, then change it here.",
)


class WizardPage(Page):
    """Writes one draft at a time, or a new one.

    navigate: where to go next, with its argument: "reports" None, or "check" with the draft.
    """

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__(session.labels.title, content_width=None, scrolling=False)
        self._session = session
        self._writing = Writing(session)
        self._editor: ReportEditor | None = None
        self._last: tuple[DraftId, SectionId] | None = None
        self._carried: dict[str, object] = {}
        self._state = PlainLabel("", "caption", wrap=False)
        self.title_row.addWidget(self._state, 0, Qt.AlignmentFlag.AlignBottom)
        self._stop = StopView()
        self._stop.hide()
        self._stop.changing.connect(self._change_answer)
        self._stop.leaving.connect(self._go_to_reports)
        self._stop.removing.connect(self._remove)
        self.body.addWidget(self._stop, 1)
        session.locked.connect(self._forget)
        for keys, step in (("Alt+Left", "go_back"), ("Alt+Right", "go_on")):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self._walk(step))

    @property
    def editor(self) -> ReportEditor:
        """What leads through the report on the screen. Raises RuntimeError if there is none."""
        if self._editor is None:
            raise RuntimeError("no report is open")
        return self._editor

    @property
    def writing(self) -> Writing:
        """The report on the screen."""
        return self._writing

    def open(self, argument: object) -> None:
        """Show the draft with this id where it was left, or a new report for None."""
        section = self._load(argument)
        if section is None:
            return
        self._make_editor()
        self.editor.show_section(section)
        if self._writing.stop() is not None:
            self._show_stop()

    def flush(self) -> bool:
        """Keep what is on the screen at once; called before the page is left, locked or closed.

        False if the vault could not take it.
        """
        if self._editor is None or not self._session.is_unlocked:
            return True
        self._note_place()
        return self._editor.keep()

    def remember(self) -> object:
        """The draft, the spot on it, and everything that stands in its editors."""
        if self._editor is None:
            return None
        unsaved = self._writing.unsaved()
        spot = note_spot(self._editor.form, self.window().focusWidget(), unsaved)
        # What was brought back before and could still not be saved, in sections not shown since.
        before = {name: raw for name, raw in self._carried.items() if FieldId(name) in unsaved}
        spot["typed"] = before | spot["typed"]
        return [self._writing.draft_id, spot, not self._stop.isHidden()]

    def resume(self, memory: tuple[str | None, Spot, bool] | None) -> None:
        """Open the draft, or what was begun before there was one, as it was left."""
        if memory is None:
            self._go_to_reports()
            return
        draft_id, spot, is_stopped = memory
        if self._load(draft_id) is None:
            return
        self._carried = spot["typed"]
        for field_id, raw in self._carried.items():
            self._writing.put(FieldId(field_id), raw)
        self._make_editor()
        self.editor.form.open_sections(map(SectionId, spot["opened"]))
        for section in self.editor.faulty_sections():
            self.editor.form.show_section(section)  # what is amiss there stands in its editor
        self.editor.show_section(section_of(spot))
        go_to_spot(self.editor.form, spot)
        self.editor.keep()
        if is_stopped:
            self._show_stop()

    def _load(self, argument: object) -> SectionId | None:
        """Read the draft, and say at which section to begin; None if it cannot be changed now."""
        self.flush()
        self._drop_editor()
        self._stop.hide()
        self._carried = {}
        self._writing = Writing(self._session)
        if argument is None:
            return first_section(self._writing)
        draft_id = DraftId(str(argument))
        try:
            state = self._writing.load(draft_id)
        except UserError as error:
            self._refuse(StopText(error.title, error.text, error.hint))
            return None
        if state is not DraftState.WRITING:
            self._refuse(_ALREADY_APPROVED)
            return None
        is_known = self._last is not None and self._last[0] == draft_id
        return self._last[1] if self._last and is_known else resume_at(self._writing)

    def _make_editor(self) -> None:
        self._editor = ReportEditor(self._session, self._writing)
        self._editor.begun.connect(self._session.drafts_changed)
        self._editor.stopped.connect(self._show_stop)
        self._editor.finished.connect(self._go_to_check)
        self._editor.left.connect(self._go_to_reports)
        self._editor.said.connect(self._state.setText)
        self.body.addWidget(self._editor.form, 1)
        self._editor.form.show()  # at once, so that a question can have the focus

    def _drop_editor(self) -> None:
        if self._editor is not None:
            self._editor.stop()
            self._editor.form.hide()
            self._editor.form.deleteLater()
            self._editor = None

    def _forget(self) -> None:
        """Take what was written off the screen and out of memory."""
        self._drop_editor()
        self._stop.hide()
        self._writing = Writing(self._session)
        self._state.setText("")

    def _note_place(self) -> None:
        if self._editor is not None and self._writing.draft_id is not None:
            self._last = (self._writing.draft_id, self._editor.form.current)

    def _walk(self, step: str) -> None:
        if self._editor is not None and not self._editor.form.isHidden():
            (self._editor.go_on if step == "go_on" else self._editor.go_back)()

    def _show_stop(self) -> None:
        key = self._writing.stop()
        if key is not None:
            self.editor.form.hide()
            self._stop.show()
            has_draft = self._writing.draft_id is not None
            self._stop.say_stop(self._writing.labels.stop(key), has_draft=has_draft)

    def _refuse(self, words: StopText) -> None:
        self._state.setText("")
        self._stop.show()
        self._stop.say_refusal(words)

    def _change_answer(self) -> None:
        field_id = self._writing.stopping_field()
        self._stop.hide()
        self.editor.form.show()
        if field_id is not None:
            self.editor.show_answer_of(field_id)

    def _remove(self) -> None:
        draft_id = self._writing.draft_id
        if draft_id is None:
            return
        self._stop.setEnabled(False)
        drafts = self._session.drafts
        # It writes the whole file anew, so that nothing is left in free pages.
        task = Task(self, lambda _progress: drafts.destroy(draft_id))
        task.on_end(lambda: self._stop.setEnabled(True))
        task.on_done(lambda _: self._go_to_reports())
        task.start()

    def _go_to_check(self) -> None:
        self._note_place()
        self._session.drafts_changed.emit()
        self.navigate.emit("check", self._writing.draft_id)

    def _go_to_reports(self) -> None:
        self._note_place()
        self._forget()
        self._session.drafts_changed.emit()
        self.navigate.emit("reports", None)
