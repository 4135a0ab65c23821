"""One section on the screen: its questions, and below them what goes deeper."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.form import FieldId, PrivateField, ReportField, Tier
from ui.theme.tokens import SPACES
from ui.widgets.buttons import QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import Prose, SectionTitle
from ui.wizard.question import Question

AnyField = ReportField | PrivateField


class SectionView(QWidget):
    """The questions of a section, built when they are first needed and then kept.

    fields: in the order of the form. Those of the short way come first, the others below
    "Tell more", so that opening it moves nothing that is already on the screen.
    opened: somebody wants to tell more.
    """

    opened = Signal()

    def __init__(
        self,
        title: str,
        help_text: str,
        fields: Sequence[AnyField],
        make_question: Callable[[AnyField], Question],
    ) -> None:
        super().__init__()
        self._fields = {field.id: field for field in fields}
        self._make_question = make_question
        self._questions: dict[FieldId, Question] = {}
        self._is_open = False
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACES[3])
        self.title = SectionTitle(title)
        self.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.addWidget(self.title)
        if help_text:
            whole.addWidget(Prose(help_text))
        self._head = QVBoxLayout()
        whole.addLayout(self._head)
        self._basic, basic_column = self._make_group()
        self._more_button = QuietButton("Tell more", "expand_more")
        self._more_button.clicked.connect(self.opened)
        self._more, more_column = self._make_group()
        self._columns = {True: basic_column, False: more_column}
        self._hidden = Banner("stays", "Kept, and does not leave", "")
        for part in (self._basic, self._more_button, self._more, self._hidden):
            whole.addWidget(part)
            part.hide()
        self.foot = QVBoxLayout()
        whole.addLayout(self.foot)
        whole.addStretch(1)

    def add_head(self, widget: QWidget) -> None:
        """Something to read between the title and the first question."""
        self._head.addWidget(widget)

    def show_fields(self, shown: Collection[FieldId], *, is_open: bool) -> None:
        """Show these questions and no others; those beyond the short way only if it is open."""
        self._is_open = is_open
        self._build(is_basic=True)
        if is_open:
            self._build(is_basic=False)
        counts = {True: 0, False: 0}
        for field in self._fields.values():
            is_basic = _is_basic(field)
            is_shown = field.id in shown
            counts[is_basic] += is_shown
            if field.id in self._questions:
                self._questions[field.id].setVisible(is_shown)
        self._basic.setVisible(counts[True] > 0)
        self._more.setVisible(is_open and counts[False] > 0)
        self._more_button.setVisible(not is_open and counts[False] > 0)
        questions = "question" if counts[False] == 1 else "questions"
        self._more_button.set_text(f"Tell more: {counts[False]} further {questions}, all optional")

    def say_hidden(self, labels: Sequence[str]) -> None:
        """Name answered questions that the other answers no longer lead to."""
        self._hidden.setVisible(bool(labels))
        if labels:
            self._hidden.set_content(
                "stays",
                "Kept, and does not leave",
                "Your other answers no longer lead to: " + " ".join(labels),
            )

    def question(self, field_id: FieldId) -> Question | None:
        """The question of a field if it was shown already."""
        return self._questions.get(field_id)

    def questions(self) -> tuple[Question, ...]:
        """All questions that were built, hidden ones included, from top to bottom."""
        return tuple(self._questions.values())

    def question_before(self, question: Question) -> Question | None:
        """The question that stands before this one."""
        built = list(self._questions.values())
        at = built.index(question)
        return built[at - 1] if at > 0 else None

    def first_question(self) -> Question | None:
        """The first question that is shown."""
        return next((each for each in self.questions() if not each.isHidden()), None)

    def first_of_more(self) -> Question | None:
        """The first question below "Tell more" that is shown."""
        deeper = (each for each in self.questions() if not _is_basic(each.field))
        return next((each for each in deeper if not each.isHidden()), None)

    def chain_tabs(self, buttons: Sequence[QWidget]) -> None:
        """Let the Tab key go from the questions to what goes deeper, then to these buttons.

        Only buttons are moved: questions stand in the order in which they were built.
        """
        foot = [each for part in self._foot_parts() for each in part.findChildren(QPushButton)]
        last: QWidget | None = None
        for is_basic, following in ((True, [self._more_button]), (False, [*foot, *buttons])):
            built = [each for each in self.questions() if _is_basic(each.field) == is_basic]
            controls = [each for question in built for each in question.controls()]
            last = controls[-1] if controls else last
            for each in following:
                if last is not None:
                    QWidget.setTabOrder(last, each)
                last = each

    def _foot_parts(self) -> list[QWidget]:
        items = (self.foot.itemAt(at) for at in range(self.foot.count()))
        parts = (item.widget() for item in items if item is not None)
        return [part for part in parts if part is not None]

    def is_depth(self, field_id: FieldId) -> bool:
        """Whether the question stands below "Tell more"."""
        return not _is_basic(self._fields[field_id])

    def _make_group(self) -> tuple[Card, QVBoxLayout]:
        card = Card()
        card.body.setSpacing(SPACES[5])
        return card, card.body

    def _build(self, *, is_basic: bool) -> None:
        """Build a group, conditional questions too: so the Tab key's order is the form's."""
        for field in self._fields.values():
            if _is_basic(field) == is_basic and field.id not in self._questions:
                question = self._make_question(field)
                self._columns[is_basic].addWidget(question)
                self._questions[field.id] = question


def _is_basic(field: AnyField) -> bool:
    return not isinstance(field, ReportField) or field.tier is Tier.BASIC
