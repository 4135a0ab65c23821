"""The outbox: where every sealed report is, when it leaves, and the way back until it has."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.progress import Progress
from sync.exchange import Exchanged, Turn
from sync.uploader import take_back
from sync.verified_officer import first_report_utc
from ui.messages import ask
from ui.models.draft_title import name_draft
from ui.models.submission_rows import SubmissionRow, describe_submission
from ui.models.withdrawal_rows import WithdrawalRow
from ui.pages.outbox_reach import ReachView, read_reach
from ui.pages.stick_card import StickCard
from ui.pages.withdraw_work import read_withdrawals
from ui.pages.withdrawal_card import WithdrawalCard
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row
from ui.widgets.states import StateChip

_OF_FIRST = (
    " And whoever runs the service can guess that it comes from a program which got its first "
    "tokens in these days."
)


class OutboxPage(Page):
    """One card a sealed report, in the order in which they leave."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self.sync_button = PrimaryButton("Sync now", "sync")
        super().__init__("Outbox", self.sync_button)
        self._session = session
        self.strip = ProgressStrip()
        self.result = Banner("info", "")
        self.result.hide()
        self.body.addWidget(
            Prose(
                "Sealed reports wait here for a random time, so that nobody who watches the "
                "network can match a report with who sat at this computer. Each leaves with the "
                "first sync after its time.",
                role="help",
            )
        )
        self.reach = ReachView()
        self.body.addWidget(self.reach)
        self.leaves = QuietButton("See exactly what leaves", "visibility")
        self.leaves.clicked.connect(lambda: self.navigate.emit("leaves", None))
        self.body.addWidget(in_a_row(self.leaves))
        self.body.addWidget(self.strip)
        self.body.addWidget(self.result)
        self.stick = StickCard(session)
        self.stick.grown.connect(lambda: self.show_widget(self.stick))
        self.body.addWidget(self.stick)
        self.cards: list[QWidget] = []
        self._is_busy = False
        self.sync_button.clicked.connect(lambda: self._sync(lambda: None))
        session.outbox_changed.connect(self.refresh)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """Show where everything is now."""
        self.result.hide()
        self.refresh()

    def refresh(self) -> None:
        """Read the outbox again; while the vault is locked it shows nothing."""
        if self._session.is_unlocked:
            task = Task(self, lambda _progress: _read_all(self._session))
            task.on_done(self._show).start()
        reading = Task(self, lambda _progress: read_reach(self._session))
        reading.on_done(self.reach.show_reach).start()

    def clear(self) -> None:
        """Show nothing."""
        for card in self.cards:
            self.body.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []

    def _show(self, found: tuple[tuple[SubmissionRow, ...], tuple[WithdrawalRow, ...]]) -> None:
        self.clear()
        if not self._session.is_unlocked:
            return
        rows, withdrawals = found
        for row in rows:
            card = SubmissionCard(row)
            card.send_wanted.connect(self._ask_send)
            card.return_wanted.connect(self._ask_return)
            card.words_wanted.connect(
                lambda draft_id: self.navigate.emit("receipt", (draft_id, None))
            )
            card.destroy_wanted.connect(lambda draft_id: self.navigate.emit("destroy", draft_id))
            card.set_busy(self._is_busy)
            self.cards.append(card)
        for each in withdrawals:
            self.cards.append(self._make_withdrawal(each))
        if not self.cards:
            self.cards.append(_make_empty())
        for made in self.cards:
            self.body.insertWidget(self.body.indexOf(self.stick), made)
        self.stick.setVisible(self._session.is_connected)
        self.stick.offer(is_waiting=any(row.can_move for row in rows))

    def _make_withdrawal(self, row: WithdrawalRow) -> WithdrawalCard:
        card = WithdrawalCard(row)
        card.send_wanted.connect(self._ask_send_withdrawal)
        card.removal_wanted.connect(self._remove)
        card.set_busy(self._is_busy)
        return card

    def _ask_send(self, row: SubmissionRow) -> None:
        if not self._agrees_to_send(_OF_FIRST if row.is_first else ""):
            return
        session = self._session

        def send(progress: Progress) -> Exchanged:
            session.outbox.reschedule(row.report_id, datetime.now(UTC))
            return session.sync(progress, turn=Turn.SENDING, wanted=[row.report_id])

        self._exchange(send, "Sending")

    def _ask_send_withdrawal(self, row: WithdrawalRow) -> None:
        if self._agrees_to_send():
            withdrawals = self._session.withdrawals
            self._sync(lambda: withdrawals.reschedule(row.report_id, datetime.now(UTC)))

    def _agrees_to_send(self, more: str = "") -> bool:
        return ask(
            self,
            "Send it now?",
            "Whoever watches the network learns that somebody at this computer reports just now. "
            f"The random time hides that.{more} What you wrote stays sealed either way.",
            "Send it now",
            "Let it wait",
        )

    def _remove(self, row: WithdrawalRow) -> None:
        withdrawals = self._session.withdrawals
        task = Task(self, lambda _progress: withdrawals.forget(row.report_id))
        task.on_done(lambda _nothing: self._session.outbox_changed.emit()).start()

    def _ask_return(self, row: SubmissionRow) -> None:
        if row.is_destroyed:
            if _agrees_to_stop(self, row):
                self._return(row)
            return
        if not row.draft_id:
            self._ask_return_answer(row)
            return
        tried = (
            " It was tried before without an answer, so a copy may have arrived all the same. If "
            "one has, it is withdrawn there: that waits here and leaves at a random time."
            if row.was_tried
            else " Its seven words are then worth nothing; a new approval has new ones."
        )
        if not ask(
            self,
            "Take it back?",
            "It does not leave, and you can edit the draft again." + tried,
            "Take it back",
            "Let it wait",
        ):
            return
        self._return(row)

    def _ask_return_answer(self, row: SubmissionRow) -> None:
        if ask(
            self,
            "Take the answer back?",
            "It does not leave. You can write it again with the question, where your vault keeps "
            "the words of the receipt.",
            "Take it back",
            "Let it wait",
        ):
            self._return(row)

    def _return(self, row: SubmissionRow) -> None:
        session = self._session
        task = Task(
            self,
            lambda _progress: take_back(
                session.drafts, session.outbox, row.report_id, session.withdraw_old()
            ),
        )
        self._start(task, "Taking it back")
        task.on_done(self._on_taken_back).start()

    def _on_taken_back(self, draft_id: object) -> None:
        text = "The draft is among your reports and can be edited." if draft_id else ""
        self.result.set_content("success", "It is taken back.", text)
        self.result.show()
        self._session.outbox_changed.emit()
        self._session.drafts_changed.emit()
        if draft_id is not None:
            self.navigate.emit("wizard", draft_id)

    def _sync(self, before: Callable[[], None]) -> None:
        session = self._session

        def exchange(progress: Progress) -> Exchanged:
            before()
            return session.sync(progress)

        self._exchange(exchange, "Sending what is due, fetching what is new")

    def _exchange(self, work: Callable[[Progress], Exchanged], text: str) -> None:
        task = Task(self, work)
        self._start(task, text)
        task.on_done(self._on_synced).start()

    def _on_synced(self, synced: Exchanged) -> None:
        if synced.trouble:
            self.result.set_content("warning", "Not everything went through.", synced.trouble)
        else:
            self.result.set_content("success", _say_sent(synced), synced.archive)
        self.result.show()
        self.show_widget(self.result)
        self._session.drafts_changed.emit()
        self._session.archive_changed.emit()
        self._session.outbox_changed.emit()

    def _start(self, task: Task[Any], text: str) -> None:
        self._set_busy(True)
        self.result.hide()
        self.strip.follow(task, text)
        task.on_end(self._end)

    def _end(self) -> None:
        self._set_busy(False)
        self.refresh()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.sync_button.setEnabled(not is_busy)
        for card in self.cards:
            if isinstance(card, SubmissionCard | WithdrawalCard):
                card.set_busy(is_busy)


class SubmissionCard(Card):
    """One sealed report: its title, state, time, trouble, and what can be done.

    send_wanted, return_wanted: with the SubmissionRow. words_wanted, destroy_wanted: with the
    draft's id.
    """

    send_wanted = Signal(object)
    return_wanted = Signal(object)
    words_wanted = Signal(object)
    destroy_wanted = Signal(object)

    def __init__(self, row: SubmissionRow) -> None:
        super().__init__()
        self.row = row
        self.setAccessibleName(f"{row.title}, {row.word.lower()}")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(PlainLabel(row.title, "label"), 1)
        top.addWidget(StateChip(row.word, row.shape, row.kind))
        self.body.addLayout(top)
        self.body.addWidget(Prose(row.sentence))
        if row.trouble:
            self.body.addWidget(Prose(row.trouble, role="help"))
        self.send = SecondaryButton("Send now", "send")
        self.take_back = SecondaryButton(
            "Stop it" if row.is_destroyed else "Take back and edit", "undo"
        )
        self.words = QuietButton("Show the seven words", "key")
        self.destroy_now = QuietButton("Destroy the draft now")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.send, self.take_back, self.words, self.destroy_now):
            button.setAccessibleDescription(row.title)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.send.clicked.connect(lambda: self.send_wanted.emit(self.row))
        self.take_back.clicked.connect(lambda: self.return_wanted.emit(self.row))
        self.words.clicked.connect(lambda: self.words_wanted.emit(self.row.draft_id))
        self.destroy_now.clicked.connect(lambda: self.destroy_wanted.emit(self.row.draft_id))
        self.set_busy(False)

    def set_busy(self, is_busy: bool) -> None:
        """While something is sent or taken back, nothing else can be asked for."""
        for button in (self.send, self.take_back):
            button.setVisible(self.row.can_move)
            button.setEnabled(not is_busy)
        for of_draft in (self.words, self.destroy_now):
            of_draft.setVisible(bool(self.row.draft_id))


def _agrees_to_stop(page: QWidget, row: SubmissionRow) -> bool:
    """Of one whose draft was destroyed."""
    tried = (
        " It was tried before without an answer, so a copy may have arrived all the same; the "
        "seven words on your paper withdraw that."
        if row.was_tried
        else ""
    )
    return ask(
        page,
        "Stop it?",
        "It does not leave. Its draft is destroyed, so nothing of it is left to be written "
        "again." + tried,
        "Stop it",
        "Let it wait",
        danger=True,
    )


def _read_all(
    session: Session,
) -> tuple[tuple[SubmissionRow, ...], tuple[WithdrawalRow, ...]]:
    return read_rows(session), read_withdrawals(session)


def read_rows(session: Session) -> tuple[SubmissionRow, ...]:
    """What is in the outbox, each with the title of its draft (blocks)."""
    drafts = session.drafts
    titles = {each.draft_id: name_draft(session, each) for each in drafts.summaries()}
    named = {each.report_id: each.draft_id for each in drafts.approvals()}
    now_utc = datetime.now(UTC)
    rows = []
    replies = drafts.receipts.sealed_replies()
    first_utc = first_report_utc(session.post, now_utc)
    for row in session.outbox.submissions():
        draft_id = named.get(row.report_id)
        is_destroyed = draft_id is None and row.report_id not in replies
        title = titles.get(draft_id, "") if draft_id else "An answer to a question"
        if is_destroyed:
            title = "A report whose draft is destroyed here"
        described = describe_submission(row, draft_id or "", title, now_utc, first_utc=first_utc)
        rows.append(replace(described, is_destroyed=is_destroyed))
    return tuple(rows)


def _make_empty() -> Card:
    card = Card()
    card.body.addWidget(PlainLabel("Nothing waits", "label"))
    card.body.addWidget(
        Prose(
            "A report comes here when you have checked and sealed it. Until the service has "
            "signed for it, you can take it back.",
            role="help",
        )
    )
    return card


def _say_sent(synced: Exchanged) -> str:
    sent = synced.sent
    parts = [
        f"{count} {word}"
        for count, word in (
            (sent.received, "received by the service"),
            (sent.held, "held"),
            (sent.refused, "refused"),
            (sent.left, "still waiting"),
            (synced.withdrawals.withdrawn, "withdrawn"),
            (synced.withdrawals.absent, "not there to be withdrawn"),
        )
        if count
    ]
    return (", ".join(parts) or "Nothing was due") + "."
