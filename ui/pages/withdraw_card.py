"""Below the messages of a report: the way to take it back, or how that stands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from ui.messages import ask, show_failure
from ui.models.withdrawal_rows import CONSEQUENCES
from ui.pages.letters_work import ShownMail
from ui.pages.withdraw_work import Standing, ask_withdrawal, read_standing
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.states import StateChip

_OFFER = (
    "You can take the report back, also after it is published. The research team cannot read it "
    "any more then."
)
_WAITS = (
    "It still waits in the outbox of this vault. Take it back there: then nothing of it leaves "
    "this computer."
)
_LOCKED = (
    "To withdraw the report, open your vault or make one: the withdrawal waits in its outbox. "
    "Then read the messages again."
)


class WithdrawCard(Card):
    """asked: a withdrawal was put into the outbox."""

    asked = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: ShownMail | None = None
        self._title = PlainLabel("Withdraw this report", "label")
        self._chip = StateChip("")
        self._text = Prose("", role="help")
        self.button = SecondaryButton("Withdraw this report", "undo")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._title, 1)
        top.addWidget(self._chip)
        self.body.addLayout(top)
        self.body.addWidget(self._text)
        self.body.addWidget(self.button)
        self.button.clicked.connect(self._ask)
        session.outbox_changed.connect(self._read)
        self.clear()

    def show_for(self, mail: ShownMail) -> None:
        """Show how the report of this mail stands."""
        self._shown = mail
        self._read()

    def clear(self) -> None:
        """Show nothing, and forget whose report it was."""
        self._shown = None
        self.hide()

    def _read(self) -> None:
        mail, session = self._shown, self._session
        if mail is None:
            return
        task = Task(self, lambda _progress: read_standing(session, mail.addressee.report_id))
        task.on_done(lambda standing: self._show(mail, standing)).start()

    def _show(self, mail: ShownMail, standing: Standing) -> None:
        if mail is not self._shown:
            return
        row = standing.row
        self._chip.setVisible(row is not None)
        can_ask = standing.is_unlocked and not standing.waits
        if row is not None:
            self._chip.set_state(row.word, row.shape, row.kind)
            self._text.setText(row.sentence)
            can_ask = can_ask and row.kind == "warning"
            self.button.set_text("Ask again")
            self._title.setText("The withdrawal of this report")
        else:
            self._text.setText(
                _LOCKED if not standing.is_unlocked else _WAITS if standing.waits else _OFFER
            )
            self.button.set_text("Withdraw this report")
            self._title.setText("Withdraw this report")
        self.button.setVisible(can_ask)
        self.show()

    def _ask(self) -> None:
        mail, session = self._shown, self._session
        if mail is None or not ask(
            self,
            "Withdraw this report?",
            CONSEQUENCES,
            "Withdraw it",
            "Leave it there",
            danger=True,
        ):
            return
        self.button.setEnabled(False)
        task = Task(self, lambda _progress: ask_withdrawal(session, mail))
        task.on_end(lambda: self.button.setEnabled(True))
        task.on_done(lambda _nothing: self._end()).on_failed(self._say).start()

    def _end(self) -> None:
        self._session.outbox_changed.emit()
        self.asked.emit()

    def _say(self, error: Exception) -> None:
        show_failure(self, error)
