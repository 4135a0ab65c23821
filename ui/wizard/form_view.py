"""The form on the screen: sections at the side, one of them in the middle, buttons below."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.form import FieldId, FieldType, Leaves, PrivateField, ReportField, SectionId, Tier
from app.domain.navigation import hidden_answers, visible_fields
from app.domain.suggestions import Suggestion
from app.policy import read_policy
from ui.theme.tokens import SPACES
from ui.widgets.agency_words import make_notice
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.text import PlainTextEdit
from ui.wizard.error_summary import Missing
from ui.wizard.question import Question
from ui.wizard.section_list import SectionList
from ui.wizard.section_scroll import SectionScroll
from ui.wizard.section_view import AnyField, SectionView
from ui.wizard.side_note import SideNote
from ui.wizard.steps import (
    PRIVATE,
    fields_of,
    first_section,
    list_steps,
    step_after,
    step_before,
)
from ui.wizard.submission_size import ALMOST_FULL, describe_fill, measure_fill
from ui.wizard.writing import Writing


class FormView(QWidget):
    """Shows a `Writing`; it changes nothing in it.

    edited, left: with the question. section_chosen: with the section. field_chosen: with the
    field, from the summary. back, onward, leave: the three buttons. built: a question was made.
    """

    edited = Signal(object)
    left = Signal(object)
    section_chosen = Signal(object)
    field_chosen = Signal(object)
    back = Signal()
    onward = Signal()
    leave = Signal()
    built = Signal(object)

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self._writing = writing
        self.current = first_section(writing)
        self._views: dict[SectionId, SectionView] = {}
        self._opened: set[SectionId] = set()
        self._suggestions: Mapping[FieldId, Sequence[Suggestion]] = {}
        self._list = SectionList()
        self._list.chosen.connect(self.section_chosen)
        self.middle = SectionScroll()
        self.middle.summary.chosen.connect(self.field_chosen)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACES[2])
        middle = QHBoxLayout()
        middle.setSpacing(SPACES[4])
        middle.addWidget(self._list)
        middle.addWidget(self.middle, 1)
        whole.addLayout(middle, 1)
        whole.addLayout(self._make_buttons())

    def show_section(self, section: SectionId) -> None:
        """Show a section from its top."""
        self.current = section
        shown = self.view(section)
        for view in self._views.values():
            view.setVisible(view is shown)
        self.refresh()
        self.middle.show_top()

    def focus_first(self) -> None:
        """Put the keyboard's focus into the first question."""
        view = self.view(self.current)
        first = view.first_question()
        if first is not None:
            first.focus_editor()

    def show_field(self, field_id: FieldId) -> None:
        """Scroll to a question of the current section, open it if need be, and go into it."""
        view = self.view(self.current)
        if view.is_depth(field_id):
            self._opened.add(self.current)
            self.refresh()
        question = view.question(field_id)
        if question is not None:
            question.focus_editor()
            # After the layout has settled: a page just shown has no heights yet.
            QTimer.singleShot(0, question, lambda: self.middle.show_question(question))

    def refresh(self) -> None:
        """Show what the answers lead to now; focus and place on the page stay as they are."""
        view = self.view(self.current)
        view.show_fields(self._shown(self.current), is_open=self._is_open(self.current))
        for question in view.questions():
            self._follow(question)
        view.say_hidden(self._list_hidden())
        view.chain_tabs([self._back, self._leave, self._onward])
        self.show_progress()

    def suggest(self, suggestions: Mapping[FieldId, Sequence[Suggestion]]) -> None:
        """From now on show these above the lists that they are taken from."""
        self._suggestions = suggestions
        self.refresh()

    def show_progress(self) -> None:
        """Bring the list at the side, the buttons and the sizes up to date."""
        writing = self._writing
        self._list.show_steps(list_steps(writing), self.current)
        is_last = step_after(writing, self.current) is None
        self._onward.set_text("Check before it leaves" if is_last else "Next")
        self._back.setEnabled(step_before(writing, self.current) is not None)
        self._leave.set_text("Leave" if writing.draft_id is None else "Save and leave")
        texts = [
            each
            for each in self.view(self.current).questions()
            if each.field.type is FieldType.LONGTEXT
        ]
        if texts:
            fill = measure_fill(writing.form, writing.answers)
            for each in texts:
                line = describe_fill(each.length(), each.field.shape.max_chars or 0, fill)
                each.show_size(line, is_warning=fill >= ALMOST_FULL)

    def show_errors(self, errors: Mapping[FieldId, str], missing: Sequence[Missing]) -> None:
        """Say at the questions what is amiss, and on top which they are."""
        for view in self._views.values():
            for question in view.questions():
                question.show_error(errors.get(question.field.id))
        self.middle.summary.show_missing(missing)

    def typed_questions(self) -> tuple[Question, ...]:
        """Every question on the screen or behind it that is typed into."""
        return tuple(
            question
            for view in self._views.values()
            for question in view.questions()
            if question.is_typed
        )

    @property
    def opened(self) -> frozenset[SectionId]:
        """The sections of which somebody wanted to tell more."""
        return frozenset(self._opened)

    def open_sections(self, sections: Iterable[SectionId]) -> None:
        """Show all questions of these sections from now on."""
        self._opened.update(sections)

    def questions(self) -> tuple[Question, ...]:
        """Every question on the screen or behind it."""
        return tuple(each for view in self._views.values() for each in view.questions())

    def long_text(self, field_id: FieldId) -> PlainTextEdit | None:
        """The editor of a long text that is on the screen or behind it."""
        questions = (view.question(field_id) for view in self._views.values())
        found = next((each for each in questions if each is not None), None)
        return found.long_text() if found is not None else None

    def view(self, section: SectionId) -> SectionView:
        """The view of a section, built when it is first asked for."""
        if section not in self._views:
            self._views[section] = self._make_view(section)
            self._views[section].hide()
            self.middle.sections.addWidget(self._views[section])
        return self._views[section]

    def _make_view(self, section: SectionId) -> SectionView:
        writing, labels = self._writing, self._writing.labels
        help_text = labels.section_help(section)
        fields = fields_of(writing, section)
        scrubbed = (each for each in fields if _leaves_as(each) is Leaves.SCRUBBED)
        first_scrubbed = next(scrubbed, None)

        def make_question(field: AnyField) -> Question:
            is_noted = _leaves_as(field) is Leaves.GENERALISED or field is first_scrubbed
            note = SideNote(field, labels) if is_noted and isinstance(field, ReportField) else None
            whole = field.shape.subset_of
            among = None if whole is None else writing.codes(whole)
            question = Question(field, labels, note=note, among=among)
            question.show_answer(writing.answer(field.id))
            question.changed.connect(self.edited)
            question.left.connect(self.left)
            question.caret_moved.connect(self.middle.follow_caret)
            self.built.emit(question)
            return question

        is_private = section == PRIVATE
        view = SectionView(
            labels.section(section), "" if is_private else help_text, fields, make_question
        )
        view.opened.connect(self._open_depth)
        if is_private:
            view.add_head(Banner("stays", "Stays on this computer", help_text))
        elif section == _story_of(writing):
            view.add_head(make_notice(read_policy()))
        elif section == writing.form.sections[-1].id:
            view.foot.addWidget(self._make_pointer())
        return view

    def _make_pointer(self) -> Banner:
        """Points to the private notes from the last section."""
        title = self._writing.labels.section(PRIVATE)
        pointer = Banner(
            "stays",
            title,
            "Names and numbers that you list there are looked for in your text. "
            "The list itself stays on this computer.",
        )
        button = QuietButton("Open the private notes")
        button.clicked.connect(lambda: self.section_chosen.emit(PRIVATE))
        # Aligned, or the banner would be no wider than its button.
        pointer.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return pointer

    def _make_buttons(self) -> QHBoxLayout:
        self._back = SecondaryButton("Back", "arrow_back")
        self._leave = QuietButton("Leave")
        self._onward = PrimaryButton("Next")
        self._back.clicked.connect(self.back)
        self._leave.clicked.connect(self.leave)
        self._onward.clicked.connect(self.onward)
        row = QHBoxLayout()
        row.setSpacing(SPACES[2])
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._leave)
        row.addWidget(self._onward)
        return row

    def _open_depth(self) -> None:
        self._opened.add(self.current)
        self.refresh()
        first = self.view(self.current).first_of_more()
        if first is not None:
            first.focus_editor()

    def _shown(self, section: SectionId) -> set[FieldId]:
        writing = self._writing
        if section == PRIVATE:
            return {field.id for field in writing.form.private}
        return {field.id for field in visible_fields(writing.form, writing.answers, section)}

    def _is_open(self, section: SectionId) -> bool:
        """Also where something beyond the short way is answered, or nothing else is asked."""
        if section in self._opened or section == PRIVATE:
            return True
        fields = self._writing.form.section(section).fields
        deeper = [field for field in fields if field.tier is not Tier.BASIC]
        return len(deeper) == len(fields) or any(
            each.id in self._writing.answers for each in deeper
        )

    def _follow(self, question: Question) -> None:
        field = question.field
        answer = self._writing.answer(field.id)
        question.follow(answer)
        question.suggest(self._suggestions.get(field.id, ()), answer)
        if field.shape.subset_of is not None:
            before = self.view(self.current).question_before(question)
            question.offer(self._writing.codes(field.shape.subset_of), answer, before)

    def _list_hidden(self) -> list[str]:
        """Questions of this section, in the last one those of all sections."""
        writing = self._writing
        is_last = self.current == writing.form.sections[-1].id
        return [
            writing.labels.field(each)
            for each in hidden_answers(writing.form, writing.answers)
            if is_last or writing.form.report_field(each).section == self.current
        ]


def _leaves_as(field: AnyField) -> Leaves | None:
    return None if isinstance(field, PrivateField) else field.leaves


def _story_of(writing: Writing) -> SectionId | None:
    """The first section with a long text."""
    fields = (field for section in writing.form.sections for field in section.fields)
    return next((each.section for each in fields if each.type is FieldType.LONGTEXT), None)
