"""My reports: what I am writing, and what became of what I approved."""

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.submission import SubmissionState
from app.use_cases.write_report import KEPT_FOR, DraftId, DraftState, DraftSummary
from sync.uploader import Settled
from ui.ages import describe_age
from ui.models.draft_title import name_draft
from ui.models.submission_rows import CHIPS
from ui.models.withdrawal_rows import CHIPS as WITHDRAWAL_CHIPS
from ui.pages.draft_menu import DraftMenu
from ui.pages.letters import OPEN_QUESTION, PUBLISHED
from ui.pages.letters_work import KeptMail, list_kept
from ui.pages.older_files import OlderFiles
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.heading import Caption, PlainLabel, Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row
from ui.widgets.states import Shape, StateChip

UNTITLED = "Untitled draft"
_MORE_WIDTH = 84
_DRAFT: tuple[str, Shape, BannerKind] = ("Draft", "ring", "stays")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list. state: of its submission; None while it is written."""

    summary: DraftSummary
    title: str
    state: SubmissionState | None


@dataclass(frozen=True, slots=True)
class Line:
    """What the list shows of a report: its state as a word and a shape, and the one thing to do:
    `action` leads to `place` with `argument`.
    """

    title: str
    caption: str
    chip: tuple[str, Shape, BannerKind]
    action: str
    place: str
    argument: object


class ReportsPage(Page):
    """One row for each report, with one thing to do."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        tell = PrimaryButton("Tell a near miss", "add")
        super().__init__("Reports", tell, content_width=None)
        self._session = session
        self._tell = tell
        tell.clicked.connect(self._begin)
        self._news = Banner("success", "", "")
        self._news.hide()
        self._first = tell  # what begins the first report, once that is offered
        self._rows = QWidget()
        self._rows.setProperty("role", "plain")
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self.older = OlderFiles(session)
        self.body.addWidget(self.older)
        self.body.addWidget(self._news)
        self.body.addWidget(self._rows)
        self.words = QuietButton("Read messages with my seven words", "key")
        self.words.clicked.connect(lambda: self.navigate.emit("mail", None))
        self.from_file = QuietButton("Take in a draft from a file", "description")
        self.from_file.clicked.connect(lambda: self.navigate.emit("draft-file", None))
        self.thrown_away = QuietButton("", "delete")
        self.thrown_away.clicked.connect(lambda: self.navigate.emit("discarded", None))
        self.thrown_away.hide()
        self.body.addWidget(in_a_row(self.words, self.from_file, self.thrown_away))
        for changed in (session.drafts_changed, session.outbox_changed, session.archive_changed):
            changed.connect(self._read)

    def open(self, argument: object) -> None:
        """argument: what became of reports that were sent, right after unlocking; else None."""
        news = describe_settled(argument) if isinstance(argument, Settled) else ""
        self._news.setVisible(bool(news))
        if isinstance(argument, Settled):
            kind: BannerKind = "warning" if argument.refused or argument.lost else "success"
            self._news.set_content(kind, news)
        self.older.show_all()
        self._read()

    def _begin(self) -> None:
        self.navigate.emit("wizard", None)

    def _read(self) -> None:
        session = self._session
        if session.is_unlocked:
            Task(self, lambda _progress: read_lines(session)).on_done(self._show).start()
            count = Task(self, lambda _progress: len(session.drafts.summaries(discarded=True)))
            count.on_done(self._show_discarded).start()

    def _show_discarded(self, count: int) -> None:
        self.thrown_away.set_text(f"Discarded ({count})")
        self.thrown_away.setVisible(count > 0)

    def _tell_discarded(self) -> None:
        days = KEPT_FOR.days
        text = f"For {days} days it can be brought back: see “Discarded” below."
        self._news.set_content("info", "The draft is discarded", text)
        self._news.show()
        self.setFocus()  # the row that had the focus goes away

    def _show(self, rows: tuple[Line, ...]) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is self._tell or (
            focused is not None and self._rows.isAncestorOf(focused)
        )
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if rows:
            card = Card()
            card.body.setContentsMargins(8, 4, 8, 4)
            card.body.setSpacing(0)
            with_menus = any(row.place == "wizard" for row in rows)
            for place, row in enumerate(rows):
                if place:
                    card.body.addWidget(_rule())
                card.body.addWidget(self._make_row(row, with_menus=with_menus))
            self._list.addWidget(card)
        else:
            self._list.addWidget(self._make_empty())
        if had_focus and focused is not self._tell:
            self.setFocus()
        elif had_focus:  # before it is hidden, or the focus would leave the page
            (self._tell if rows else self._first).setFocus()
        self._tell.setVisible(bool(rows))

    def _make_row(self, row: Line, *, with_menus: bool) -> QWidget:
        line = QWidget()
        line.setProperty("role", "plain")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(row.title, "label"))
        names.addWidget(Caption(row.caption))
        layout.addLayout(names, 1)
        layout.addWidget(StateChip(*row.chip), 0, Qt.AlignmentFlag.AlignVCenter)
        action = SecondaryButton(row.action)
        action.setFixedWidth(156)
        action.setAccessibleName(f"{action.text()}: {row.title}")
        action.clicked.connect(lambda: self.navigate.emit(row.place, row.argument))
        layout.addWidget(action)
        if row.place == "wizard":
            more = DraftMenu(self._session, DraftId(str(row.argument)), row.title)
            more.wanted.connect(self.navigate)
            more.discarded.connect(self._tell_discarded)
            more.setFixedWidth(_MORE_WIDTH)
            layout.addWidget(more)
        elif with_menus:  # the other buttons stand in one column
            layout.addSpacing(_MORE_WIDTH + layout.spacing())
        return line

    def _make_empty(self) -> QWidget:
        card = Card()
        card.setMaximumWidth(720)
        card.body.setContentsMargins(32, 28, 32, 28)
        card.body.setSpacing(16)
        card.body.addWidget(SectionTitle("Nothing here yet"))
        card.body.addWidget(
            Prose(
                "A near miss is an event in which an officer could have been seriously hurt or "
                "killed, and was not. If you tell of one, others can be spared what nearly "
                "happened to you."
            )
        )
        self._first = PrimaryButton("Tell one")
        self._first.clicked.connect(self._begin)
        card.body.addWidget(self._first)
        return card


def read_rows(session: Session) -> tuple[ReportRow, ...]:
    """The drafts with the state of what they became, the one changed last first (blocks)."""
    states = {row.report_id: row.state for row in session.outbox.submissions()}
    drafts = session.drafts
    by_draft = {each.draft_id: states.get(each.report_id) for each in drafts.approvals()}
    return tuple(
        ReportRow(
            summary,
            name_draft(session, summary),
            None
            if summary.state is DraftState.WRITING
            else by_draft.get(summary.draft_id) or SubmissionState.QUEUED,
        )
        for summary in drafts.summaries()
    )


def read_lines(session: Session) -> tuple[Line, ...]:
    """All that the list shows: open questions first, then drafts, then what is over (blocks)."""
    now_utc = datetime.now(UTC)
    kept = list_kept(session)
    is_asked = [bool(each.open_questions and each.withdrawal is None) for each in kept]
    asked = (_kept_line(each) for each, is_first in zip(kept, is_asked, strict=True) if is_first)
    over = (_kept_line(each) for each, is_first in zip(kept, is_asked, strict=True) if not is_first)
    return (*asked, *(_draft_line(row, now_utc) for row in read_rows(session)), *over)


def _draft_line(row: ReportRow, now_utc: datetime) -> Line:
    caption = f"Changed {describe_age(row.summary.changed_utc, now_utc)}"
    title = row.title or UNTITLED
    if row.state is None:
        return Line(title, caption, _DRAFT, "Continue", "wizard", row.summary.draft_id)
    return Line(title, caption, CHIPS[row.state], "Open outbox", "outbox", None)


def _kept_line(kept: KeptMail) -> Line:
    chip, caption = CHIPS[SubmissionState.RECEIVED], "Destroyed here; its words are kept"
    if kept.opened.published_as is not None:
        chip, caption = PUBLISHED, f"Number {kept.opened.published_as} in the archive"
    if kept.open_questions:
        chip, caption = OPEN_QUESTION, "From the research team"
    if kept.withdrawal is not None:
        chip, caption = WITHDRAWAL_CHIPS[kept.withdrawal], "You asked for it to be withdrawn"
    title = kept.receipt.title or "A report without a title"
    return Line(title, caption, chip, "Messages", "messages", kept.receipt.report_id)


def describe_settled(settled: Settled) -> str:
    """One or two sentences; empty if nothing became of anything."""
    received, refused = len(settled.received), len(settled.refused)
    parts = []
    if received:
        were = "report was" if received == 1 else "reports were"
        parts.append(f"{received} {were} received by the service and destroyed here.")
    if refused:
        were = "report was" if refused == 1 else "reports were"
        parts.append(f"{refused} {were} not accepted and can be written again below.")
    if settled.lost:
        were = "report was" if settled.lost == 1 else "reports were"
        parts.append(
            f"{settled.lost} {were} not accepted, and you had destroyed the draft before: nothing "
            "is left of it. Tell it again if you can."
        )
    return " ".join(parts)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
