"""Check before it leaves: the last look at a report, word for word as it will leave."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.form import FieldId
from app.domain.report import Span
from app.use_cases.write_report import DraftId
from sync.decisions import Decisions, Place
from ui.pages.check_below import (
    AnswersTable,
    OpenerCard,
    SealBar,
    add_heading,
    make_column,
    make_doubt_banner,
    make_stays_banner,
)
from ui.pages.check_review import OpenReview, read_review, seal
from ui.pages.check_saver import DecisionsSaver, pack_decisions, unpack_decisions
from ui.pages.check_workspace import CheckWorkspace
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row
from ui.widgets.scroll_back import ScrollBack

_TITLE_FROM_PX = 520  # a page less high than this gives the room of its title to the texts
_PEEK_PX = 44  # what is seen of the part below, so that one scrolls


class CheckPage(Page):
    """Two columns, a list of findings, all answers, who can open it, and the seal."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self._back = SecondaryButton("Back to the form", "arrow_back")
        super().__init__("Check before it leaves", self._back, content_width=None)
        self._session = session
        self._draft_id: DraftId | None = None
        self._shown: OpenReview | None = None
        self._is_sealing = False
        self._back_to: dict[str, Any] | None = None
        self._saver = DecisionsSaver(self, session)
        self.strip = ProgressStrip()
        self.workspace = CheckWorkspace(session.labels)
        self._below: QWidget | None = None
        self.bar = SealBar()
        self._doubts = QVBoxLayout()
        self.body.addLayout(self._doubts)
        self.body.addWidget(self.strip)
        self.body.addWidget(self.workspace)
        whole = self.layout()
        if whole is not None:
            whole.addWidget(self.bar)
        self.title_row.setContentsMargins(32, 10, 32, 2)  # the texts need the room more
        middle = Qt.AlignmentFlag.AlignVCenter
        self.title_row.insertWidget(1, self.workspace.count, 0, middle)
        self.title_row.insertStretch(2)
        self._scroll.viewport().installEventFilter(self)
        self._back.clicked.connect(lambda: self._go("wizard"))
        self.bar.action_wanted.connect(self._go)
        self.bar.sealed.connect(self._seal)
        self.bar.read.connect(self.workspace.confirm_reading)
        self.workspace.decided.connect(self._on_decided)
        session.locked.connect(self.clear)
        self._show_bar()

    def open(self, argument: object) -> None:
        """Scrub a draft anew and show it with the decisions made so far."""
        draft_id = DraftId(str(argument))
        earlier = None
        if draft_id == self._draft_id:
            earlier = self.workspace.decisions
        else:
            self.clear()
        if self._back_to is not None:
            earlier = unpack_decisions(self._back_to["decisions"])
        self._draft_id = draft_id
        self._shown = None
        self._show_bar()
        task = Task(self, lambda _progress: read_review(self._session, draft_id, earlier))
        self.strip.follow(task, "Looking for names, numbers and places")
        task.on_done(self._show_review).start()

    def flush(self) -> None:
        """Keep the last decisions, before the page is left or the vault is closed."""
        if self._session.is_unlocked:
            self._saver.flush()

    def remember(self) -> object:
        """The draft, the decisions, the finding that is looked at, and how far it is scrolled."""
        now, place = self.workspace.decisions, self.workspace.panel.current()
        return {
            "draft": self._draft_id,
            "decisions": pack_decisions(now),
            "place": None if place is None else [place.field, place.span.start, place.span.end],
            "scroll": self._scroll.verticalScrollBar().value(),
        }

    def resume(self, memory: dict[str, Any]) -> None:
        """Show the draft again, with all decisions, also those that could not be saved."""
        self._back_to = memory
        if memory["draft"] is None:
            self._go("reports")
            return
        self.open(memory["draft"])

    def clear(self) -> None:
        """Forget everything that was shown."""
        self._draft_id = None
        self._shown = None
        self.workspace.clear()
        self._drop_below()
        self._show_bar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The workspace fills what is seen of the page, so that texts and list are together."""
        if watched is self._scroll.viewport() and event.type() == QEvent.Type.Resize:
            self._fit_workspace()
        return super().eventFilter(watched, event)

    def _fit_workspace(self) -> None:
        seen, banners = self._scroll.viewport(), self._doubts.sizeHint().height()
        self.title_label.setVisible(self.height() >= _TITLE_FROM_PX)
        above = banners + self.body.spacing() if banners else 0
        self.workspace.fit(seen.width(), seen.height() - _PEEK_PX - above)

    def _show_review(self, review: OpenReview) -> None:
        if review.draft_id != self._draft_id:
            return
        self._shown = review
        self._drop_below()
        self.workspace.show_review(review.reviewed, review.decisions)
        if review.decisions.doubts:
            self._doubts.addWidget(make_doubt_banner(review.decisions.doubts))
        self._show_below(review)
        self._show_bar()
        self._fit_workspace()
        self.workspace.panel.table.setFocus()
        self._go_back_to()

    def _go_back_to(self) -> None:
        memory, self._back_to = self._back_to, None
        if memory is None:
            return
        if self._shown is not None:
            self._on_decided(self._shown.decisions)
        if memory["place"] is not None:
            field, start, end = memory["place"]
            self.workspace.panel.choose(Place(FieldId(field), Span(start, end)))
        ScrollBack(self._scroll.verticalScrollBar(), memory["scroll"])

    def _show_below(self, review: OpenReview) -> None:
        part, layout = make_column()
        add_heading(
            layout,
            "All answers",
            "Exact answers that could point at you are made coarser.",
        )
        layout.addWidget(AnswersTable(review.rows, review.not_asked))
        if review.notes:
            layout.addWidget(make_stays_banner(review.notes))
        add_heading(
            layout, "Who alone can open it", "Not your agency, and not the service that carries it."
        )
        opener = OpenerCard()
        opener.show_opener(review.opener)
        layout.addWidget(opener)
        exactly = QuietButton("See exactly what would be sent", "visibility")
        exactly.clicked.connect(self._show_request)
        layout.addWidget(in_a_row(exactly))
        self.body.addWidget(part)
        self._below = part

    def _drop_below(self) -> None:
        while (item := self._doubts.takeAt(0)) is not None:
            banner = item.widget()
            if banner is not None:
                banner.hide()
                banner.deleteLater()
        if self._below is not None:
            self.body.removeWidget(self._below)
            self._below.hide()
            self._below.deleteLater()
            self._below = None

    def _show_bar(self) -> None:
        self.bar.show_state(
            self.workspace.decisions,
            self._shown.obstacle if self._shown else None,
            is_busy=self._shown is None or self._is_sealing,
        )

    def _on_decided(self, decisions: Decisions) -> None:
        is_sealed = self._shown is not None and self._shown.is_sealed
        if self._draft_id is not None and not is_sealed:
            self._saver.save(self._draft_id, decisions)
        self._show_bar()

    def _go(self, place: str) -> None:
        self.navigate.emit(place, self._draft_id if place == "wizard" else None)

    def _show_request(self) -> None:
        self._saver.flush()  # it is made from what the vault holds
        self.navigate.emit("leaves", self._draft_id)

    def _seal(self) -> None:
        shown, decisions = self._shown, self.workspace.decisions
        if shown is None or decisions is None or self._is_sealing:
            return
        self._saver.flush()
        self._is_sealing = True
        self.workspace.setEnabled(False)
        self._show_bar()
        task = Task(self, lambda _progress: seal(self._session, shown, decisions))
        self.strip.follow(task, "Sealing the report")
        task.on_end(self._end_sealing)
        task.on_done(lambda words: self._leave_for_receipt(shown.draft_id, words)).start()

    def _end_sealing(self) -> None:
        self._is_sealing = False
        self.workspace.setEnabled(True)
        self._show_bar()

    def _leave_for_receipt(self, draft_id: DraftId, words: tuple[str, ...]) -> None:
        self.clear()
        self._session.drafts_changed.emit()
        self._session.outbox_changed.emit()
        self.navigate.emit("receipt", (draft_id, words))
