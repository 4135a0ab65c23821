"""Drafts that were thrown away: for a while each can be brought back."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.progress import Progress
from app.use_cases import write_report
from app.use_cases.write_report import DraftId, DraftSummary
from ui.messages import ask
from ui.models.draft_title import name_draft
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.heading import Caption, PlainLabel, Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

_UNTITLED = "Untitled draft"


class DiscardedPage(Page):
    """A row for each, with the days that are left."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Discarded", content_width=None)
        self._session = session
        self.body.addWidget(
            Prose(
                f"For {write_report.KEPT_FOR.days} days a draft that you discarded can be brought "
                "back. Then it is destroyed here, in the backups too that this program makes by "
                "itself."
            )
        )
        self._card = Card()
        self._card.body.setContentsMargins(8, 4, 8, 4)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._card.body.addLayout(self._rows)
        self.body.addWidget(self._card)
        self._back = QuietButton("Back to the reports", "arrow_back")
        self._back.clicked.connect(lambda: self.navigate.emit("reports", None))
        self.body.addWidget(in_a_row(self._back))
        session.drafts_changed.connect(self._read)
        session.locked.connect(lambda: self._show(()))

    def open(self, argument: object) -> None:
        """Show those that there are."""
        self._read()

    def _read(self) -> None:
        session = self._session
        if session.is_unlocked:
            Task(self, lambda _progress: read_discarded(session)).on_done(self._show).start()

    def _show(self, found: tuple[tuple[DraftSummary, str], ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (summary, title) in enumerate(found):
            if place:
                self._rows.addWidget(_rule())
            self._rows.addWidget(self._make_row(summary, title or _UNTITLED))
        if not found:
            nothing = PlainLabel("Nothing was discarded.", "body")
            nothing.setContentsMargins(16, 16, 16, 16)
            self._rows.addWidget(nothing)

    def _make_row(self, summary: DraftSummary, title: str) -> QWidget:
        line = QWidget()
        line.setProperty("role", "plain")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(title, "label"))
        names.addWidget(Caption(describe_rest(summary.changed_utc, datetime.now(UTC))))
        layout.addLayout(names, 1)
        back = SecondaryButton("Bring it back")
        back.setAccessibleName(f"Bring it back: {title}")
        back.clicked.connect(partial(self._bring_back, summary.draft_id))
        destroy = QuietButton("Destroy it now")
        destroy.setAccessibleName(f"Destroy it now: {title}")
        destroy.clicked.connect(partial(self._destroy, summary.draft_id))
        for button in (back, destroy):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _bring_back(self, draft_id: DraftId) -> None:
        session = self._session

        def work(_progress: Progress) -> None:
            session.drafts.bring_back(draft_id)

        self._do(work)

    def _destroy(self, draft_id: DraftId) -> None:
        session = self._session
        if not ask(
            self,
            "Destroy it now?",
            "Nobody can bring it back. Copies of your vault at places that you chose may still "
            "hold it.",
            "Destroy it now",
            "Leave it",
            danger=True,
        ):
            return

        def work(_progress: Progress) -> None:
            write_report.delete(session.drafts, draft_id)

        self._do(work)

    def _do(self, work: Callable[[Progress], None]) -> None:
        self.setFocus()  # the button that was pressed goes away
        Task(self, work).on_done(lambda _nothing: self._session.drafts_changed.emit()).start()


def read_discarded(session: Session) -> tuple[tuple[DraftSummary, str], ...]:
    """Each with its title (blocks)."""
    found = session.drafts.summaries(discarded=True)
    return tuple((each, name_draft(session, each)) for each in found)


def describe_rest(since_utc: datetime, now_utc: datetime) -> str:
    """How long it can still be brought back."""
    left = since_utc + write_report.KEPT_FOR - now_utc
    days = math.ceil(left / timedelta(days=1))
    return f"Gone for good in {days} days" if days > 1 else "Gone for good within a day"


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
