"""My reports: what I am writing, and what became of what I approved."""

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.submission import SubmissionState
from app.use_cases.write_report import DraftId, DraftState, DraftSummary
from sync.uploader import Settled
from ui.ages import describe_age
from ui.models.draft_title import name_draft
from ui.models.submission_rows import CHIPS
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.heading import Caption, PlainLabel, Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.states import Shape, StateChip

UNTITLED = "Untitled draft"
_DRAFT: tuple[str, Shape, BannerKind] = ("Draft", "ring", "stays")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list. state: of its submission; None while it is written."""

    summary: DraftSummary
    title: str
    state: SubmissionState | None


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
        self.body.addWidget(self._news)
        self.body.addWidget(self._rows)
        for changed in (session.drafts_changed, session.outbox_changed):
            changed.connect(self._read)

    def open(self, argument: object) -> None:
        """argument: what became of reports that were sent, right after unlocking; else None."""
        news = describe_settled(argument) if isinstance(argument, Settled) else ""
        self._news.setVisible(bool(news))
        if isinstance(argument, Settled):
            kind: BannerKind = "warning" if argument.refused else "success"
            self._news.set_content(kind, news)
        self._read()

    def _begin(self) -> None:
        self.navigate.emit("wizard", None)

    def _read(self) -> None:
        session = self._session
        if session.is_unlocked:
            Task(self, lambda _progress: read_rows(session)).on_done(self._show).start()

    def _show(self, rows: tuple[ReportRow, ...]) -> None:
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
            now_utc = datetime.now(UTC)
            card = Card()
            card.body.setContentsMargins(8, 4, 8, 4)
            card.body.setSpacing(0)
            for place, row in enumerate(rows):
                if place:
                    card.body.addWidget(_rule())
                card.body.addWidget(self._make_row(row, now_utc))
            self._list.addWidget(card)
        else:
            self._list.addWidget(self._make_empty())
        if had_focus and focused is not self._tell:
            self.setFocus()
        elif had_focus:  # before it is hidden, or the focus would leave the page
            (self._tell if rows else self._first).setFocus()
        self._tell.setVisible(bool(rows))

    def _make_row(self, row: ReportRow, now_utc: datetime) -> QWidget:
        line = QWidget()
        line.setProperty("role", "plain")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(16)
        title = row.title or UNTITLED
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(title, "label"))
        names.addWidget(Caption(f"Changed {describe_age(row.summary.changed_utc, now_utc)}"))
        layout.addLayout(names, 1)
        layout.addWidget(
            StateChip(*(CHIPS[row.state] if row.state else _DRAFT)),
            0,
            Qt.AlignmentFlag.AlignVCenter,
        )
        action = SecondaryButton("Continue" if row.state is None else "Open outbox")
        action.setFixedWidth(156)
        action.setAccessibleName(f"{action.text()}: {title}")
        draft_id = row.summary.draft_id
        if row.state is None:
            action.clicked.connect(lambda: self._continue(draft_id))
        else:
            action.clicked.connect(lambda: self.navigate.emit("outbox", None))
        layout.addWidget(action)
        return line

    def _continue(self, draft_id: DraftId) -> None:
        self.navigate.emit("wizard", draft_id)

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
    return " ".join(parts)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
