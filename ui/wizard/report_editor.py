"""Leads through the form of one report and keeps every answer."""

from PySide6.QtCore import QObject, Signal

from app.domain.answers import Words
from app.domain.form import FieldId, Leaves, SectionId
from app.errors import UserError
from app.settings import read_settings
from app.use_cases import write_report
from sync.outgoing import list_watched
from ui.session import Session
from ui.wizard.autosave import Autosave
from ui.wizard.form_view import FormView
from ui.wizard.pointer import Pointer
from ui.wizard.question import Question
from ui.wizard.spelling import SpellingMarks
from ui.wizard.steps import step_after, step_before
from ui.wizard.suggesting import Suggesting
from ui.wizard.underlines import Underlines
from ui.wizard.writing import Writing


class ReportEditor(QObject):
    """Connects a form on the screen with the draft behind it.

    begun: the gate is passed, there is a draft now. stopped: an answer ends the report, and
    somebody wanted to go on. finished: nothing is missing and everything is kept. left: to the
    list of reports. said: whether everything is saved, in words.
    """

    begun = Signal()
    stopped = Signal()
    finished = Signal()
    left = Signal()
    said = Signal(str)

    def __init__(self, session: Session, writing: Writing) -> None:
        self.form = FormView(writing)
        super().__init__(self.form)
        self._session = session
        self._writing = writing
        self._pointer = Pointer(writing)
        self._autosave = Autosave(self, self._save)
        self._autosave.saved.connect(self._on_saved)
        self._autosave.failed.connect(self._on_failed)
        form = self.form
        form.edited.connect(self._on_edited)
        form.left.connect(self._on_left)
        form.section_chosen.connect(self.choose_section)
        form.field_chosen.connect(self.choose_field)
        form.back.connect(self.go_back)
        form.onward.connect(self.go_on)
        form.leave.connect(self.leave)
        self.underlines: Underlines | None = None
        if read_settings(session.home).underlines:
            self.underlines = Underlines(
                form,
                session.scrubber,
                self._read_texts,
                lambda: list_watched(writing.form, writing.notes),
                session.roster.read,
            )
            form.built.connect(self.underlines.watch)
        self._suggesting = Suggesting(form, session.cues, self._read_texts)
        self.spelling: SpellingMarks | None = None
        if read_settings(session.home).spelling:
            self.spelling = SpellingMarks(form, session.speller, lambda: session.drafts.learned)
            form.built.connect(self.spelling.watch)

    def show_section(self, section: SectionId) -> None:
        """Show a section, with the focus in its first question."""
        self.form.show_section(section)
        self._suggesting.look()
        self._point_out()
        self._say_state()
        self.form.focus_first()

    def keep(self) -> bool:
        """Keep all that is on the screen at once; False if the vault could not take it."""
        return self._autosave.flush()

    def stop(self) -> None:
        """Keep nothing any more: the report is gone, or the vault is locked."""
        self._autosave.stop()
        if self.underlines is not None:
            self.underlines.stop()
        self._suggesting.stop()
        if self.spelling is not None:
            self.spelling.stop()
        # A line that loses the focus while it is destroyed still says that it was left.
        self.form.blockSignals(True)

    def faulty_sections(self) -> list[SectionId]:
        """Where something stands that cannot be kept as an answer."""
        return [self._pointer.section_of(each) for each in self._writing.faults]

    def choose_section(self, section: SectionId) -> None:
        """Go to a section, in any order once the gate is passed."""
        if section == self.form.current or self._may_leave():
            self.show_section(section)

    def choose_field(self, field_id: FieldId) -> None:
        """Go to a question, in whichever section it stands."""
        section = self._pointer.section_of(field_id)
        if section == self.form.current or self._may_leave():
            self.show_answer_of(field_id)

    def show_answer_of(self, field_id: FieldId) -> None:
        """Show a question without asking whether the present section may be left."""
        self.show_section(self._pointer.section_of(field_id))
        self.form.show_field(field_id)

    def go_on(self) -> None:
        """To the next section; after the last, to the check."""
        if not self._may_leave():
            return
        section = step_after(self._writing, self.form.current)
        if section is None:
            self._finish()
        else:
            self.show_section(section)

    def go_back(self) -> None:
        """To the section before."""
        section = step_before(self._writing, self.form.current)
        if section is not None and self._may_leave():
            self.show_section(section)

    def leave(self) -> None:
        """To the list of reports. Before the gate is passed nothing is kept."""
        is_kept = self.keep()
        if self._writing.stop() is not None:
            self.stopped.emit()
        elif is_kept:
            self.left.emit()

    def _read_texts(self) -> dict[FieldId, str]:
        """The texts that leave scrubbed: as they stand on the screen, or as they were kept."""
        writing = self._writing
        texts: dict[FieldId, str] = {}
        for asked in writing.form.report_fields():
            if asked.leaves is Leaves.SCRUBBED:
                answer = writing.answer(asked.id)
                edit = self.form.long_text(asked.id)
                if edit is not None:
                    texts[asked.id] = edit.value()
                elif isinstance(answer, Words):
                    texts[asked.id] = answer.text
        return texts

    def _may_leave(self) -> bool:
        """Whether another section may be shown; passes the gate the first time."""
        is_kept = self.keep()
        if self._writing.stop() is not None:
            self.stopped.emit()
            return False
        return is_kept and (self._writing.draft_id is not None or self._begin())

    def _begin(self) -> bool:
        self._pointer.check([self.form.current])
        self._point_out()
        if self._pointer.missing():
            self.form.middle.focus_summary()
            return False
        try:
            self._writing.begin()
        except UserError as error:
            self._on_failed(error)
            return False
        self._pointer.check([])
        self._say_state()
        self.begun.emit()
        return True

    def _finish(self) -> None:
        self._pointer.check(section.id for section in self._writing.form.sections)
        self._point_out()
        if self._pointer.missing():
            self.form.middle.focus_summary()
            return
        writing = self._writing
        write_report.pass_gate(writing.form, writing.labels, writing.answers)
        write_report.finish(writing.form, writing.answers)
        self.finished.emit()

    def _save(self) -> None:
        """Read what was typed and put what waits into the vault. Raises UserError."""
        for question in self.form.typed_questions():
            self._writing.put(question.field.id, question.read())
        self._writing.save()

    def _on_saved(self) -> None:
        self.form.middle.trouble.hide()
        self.form.show_progress()
        self._suggesting.look()
        self._point_out()
        self._say_state()

    def _on_failed(self, error: UserError) -> None:
        self.form.middle.show_trouble(error)
        self.said.emit("Not saved yet")

    def _on_edited(self, question: Question) -> None:
        if question.is_typed:
            self._autosave.note_typed()
            return
        self._writing.put(question.field.id, question.read())
        self.form.refresh()
        self._autosave.flush()

    def _on_left(self, question: Question) -> None:
        self._pointer.leave(question.field.id)
        self._autosave.flush()

    def _point_out(self) -> None:
        self.form.show_errors(self._pointer.errors(), self._pointer.missing())

    def _say_state(self) -> None:
        is_kept = self._writing.draft_id is not None
        self.said.emit("Saved in your vault" if is_kept else "Nothing is kept yet")
