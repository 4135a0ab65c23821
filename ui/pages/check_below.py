"""Below the texts: all answers beside what leaves, who alone can open it, and the way out."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sync.decisions import Decisions
from sync.outgoing import explain_doubt
from sync.scrub import Doubt
from ui.models.answer_rows import AnswerRow
from ui.pages.check_review import Obstacle, Opener
from ui.theme.icons import IconPicture
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.heading import Caption, PlainLabel, Prose, SectionTitle

_SECTION_GAP_PX = 10
_READ = "I have read every word of every text, and nothing in it tells who, where or when"


class AnswersTable(Card):
    """Question, your answer, what leaves; where that is coarser, it says so in words.

    Those that leave as they were chosen are folded: a button shows them.
    """

    def __init__(self, rows: Sequence[AnswerRow], not_asked: int) -> None:
        super().__init__()
        coarser = [row for row in rows if row.is_coarser]
        same = [row for row in rows if not row.is_coarser]
        if coarser:
            self.body.addLayout(_make_grid(coarser))
        self.same = QWidget()
        self.same.setProperty("role", "plain")
        column = QVBoxLayout(self.same)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(_make_grid(same))
        self.same.hide()
        self.unfold = QuietButton("", "expand_more")
        self.unfold.set_text(_count_same(len(same)))
        self.unfold.clicked.connect(self._show_same)
        self.body.addWidget(self.unfold)
        self.body.addWidget(self.same)
        if not same:  # only now: shown without a parent it would flash up as a window
            self.unfold.hide()
        rest = "A question without an answer leaves nothing."
        if not_asked:
            rest += f" Those that were not shown to you ({not_asked}) leave as “not asked”."
        column.addWidget(Caption(rest))

    def _show_same(self) -> None:
        self.unfold.hide()
        self.same.show()


def _count_same(count: int) -> str:
    return (
        "Show the answer that leaves unchanged"
        if count == 1
        else f"Show {count} answers that leave unchanged"
    )


def _make_grid(rows: Sequence[AnswerRow]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(6)
    for column, (title, share) in enumerate(
        (("Question", 5), ("Your answer", 4), ("What leaves", 5))
    ):
        grid.setColumnStretch(column, share)
        grid.addWidget(PlainLabel(title, "caption"), 0, column)
    line = 1
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            grid.setRowMinimumHeight(line, _SECTION_GAP_PX)
            grid.addWidget(PlainLabel(section, "strong"), line + 1, 0, 1, 3)
            line += 2
        line = _add_row(grid, line, row)
    return grid


class OpenerCard(Card):
    """The name that the connection gives itself, and apart from it the words that prove it."""

    def __init__(self) -> None:
        super().__init__()
        top = QHBoxLayout()
        top.setSpacing(32)
        self._name = PlainLabel("", "strong")
        self._words = PlainLabel("", "strong")
        for caption, label, share in (
            ("The name it gives itself", self._name, 2),
            ("Its seven words, which prove it", self._words, 5),
        ):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Caption(caption))
            column.addWidget(label)
            column.addStretch(1)
            top.addLayout(column, share)
        self.body.addLayout(top)
        self._advice = Prose("", role="help")
        self.body.addWidget(self._advice)

    def show_opener(self, opener: Opener | None) -> None:
        """Show who it is; None before the program is connected."""
        self._name.setText(opener.name if opener else "Nobody yet")
        self._words.setText(opener.words if opener else "–")  # noqa: RUF001
        self._advice.setText(
            "A name can be copied: compare the words with those that you were told."
            if opener
            else "This program is not connected to a service yet."
        )


def make_stays_banner(count: int) -> Banner:
    """What does not leave: the private notes."""
    notes = "Your private note stays" if count == 1 else f"Your {count} private notes stay"
    text = "They only helped to find what identifies somebody."
    return Banner("stays", f"{notes} on this computer", text)


class SealBar(QFrame):
    """The button that seals, and beside it why it cannot be pressed yet.

    Where every word has to be read, a box above says that it was. sealed: the button was
    pressed. action_wanted: the place where the obstacle is dealt with. read: the box is ticked,
    or not any more.
    """

    sealed = Signal()
    action_wanted = Signal(str)
    read = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(32, 8, 32, 8)
        whole.setSpacing(4)
        self.box = TickRow("read", _READ)
        self.box.hide()
        self.box.toggled.connect(self.read)
        whole.addWidget(self.box)
        row = QHBoxLayout()
        row.setSpacing(12)
        whole.addLayout(row)
        self._icon = IconPicture("info", "info_mark", 20)
        self.reason = PlainLabel("", "body")
        self._action = SecondaryButton("")
        self.button = PrimaryButton("Seal and queue", "lock")
        row.addWidget(self._icon)
        row.addWidget(self.reason, 1)
        row.addWidget(self._action)
        row.addWidget(self.button)
        self._place = ""
        self._action.clicked.connect(lambda: self.action_wanted.emit(self._place))
        self.button.clicked.connect(self.sealed)

    def show_state(
        self, decisions: Decisions | None, obstacle: Obstacle | None, *, is_busy: bool
    ) -> None:
        """Say why it cannot be sealed yet, or what sealing does."""
        to_decide = decisions.to_decide if decisions else 0
        is_unread = decisions is not None and decisions.is_unread
        self._show_box(decisions)
        self._action.setVisible(obstacle is not None and bool(obstacle.action))
        self._place = obstacle.place if obstacle else ""
        if obstacle is not None:
            self._action.set_text(obstacle.action)
        reason = (
            "What stands under “As it will leave” and the answers below leave, and nothing else."
        )
        if is_busy:
            reason = "One moment."
        elif obstacle is not None:
            reason = " ".join(part for part in (obstacle.reason, obstacle.advice) if part)
        elif to_decide:
            some = "1 finding is" if to_decide == 1 else f"{to_decide} findings are"
            reason = f"{some} still to decide: mask each, or leave it in."
        elif is_unread:
            reason = "Read every word first, then tick the box above."
        can_seal = not (is_busy or obstacle or to_decide or is_unread) and decisions is not None
        self._icon.set_icon("check_circle" if can_seal else "info", _mark(can_seal))
        self.reason.setText(reason)
        self.button.setEnabled(can_seal)
        self.button.setAccessibleDescription("" if can_seal else reason)

    def _show_box(self, decisions: Decisions | None) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(decisions is not None and decisions.read_in_full)
        self.box.setVisible(decisions is not None and bool(decisions.doubts))


def make_doubt_banner(doubts: Sequence[Doubt]) -> Banner:
    """Why every word has to be read. Raises ValueError without a doubt."""
    if not doubts:
        raise ValueError("there is no doubt")
    first, *others = (explain_doubt(each) for each in doubts)
    banner = Banner("warning", *first)
    for title, text in others:
        banner.body.addWidget(PlainLabel(title, "strong"))
        banner.body.addWidget(Prose(text))
    said = (sentence for each in doubts for sentence in explain_doubt(each))
    banner.setAccessibleDescription(" ".join(said))
    return banner


def add_heading(layout: QVBoxLayout, title: str, text: str) -> None:
    """A title with a line below, above a part of the page."""
    box = QVBoxLayout()
    box.setSpacing(2)
    box.addWidget(SectionTitle(title))
    box.addWidget(Prose(text, role="help"))
    layout.addLayout(box)


def make_column() -> tuple[QWidget, QVBoxLayout]:
    """An empty part of a page that is filled anew for each draft."""
    part = QWidget()
    part.setProperty("role", "plain")
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(16)
    return part, layout


def _add_row(grid: QGridLayout, line: int, row: AnswerRow) -> int:
    rule = QFrame()
    rule.setProperty("role", "rule")
    grid.addWidget(rule, line, 0, 1, 3)
    top = Qt.AlignmentFlag.AlignTop
    leaves_role = "strong" if row.is_coarser else "body"
    grid.addWidget(PlainLabel(row.question, "help"), line + 1, 0, top)
    grid.addWidget(PlainLabel(row.yours), line + 1, 1, top)
    grid.addWidget(PlainLabel(row.leaves, leaves_role), line + 1, 2, top)
    return line + 2


def _mark(can_seal: bool) -> str:
    return "success_mark" if can_seal else "info_mark"
