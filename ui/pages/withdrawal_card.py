"""A withdrawal in the outbox."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from ui.models.withdrawal_rows import WithdrawalRow
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.states import StateChip


class WithdrawalCard(Card):
    """Its title, where it is, and what can be done: send_wanted, removal_wanted with the row."""

    send_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, row: WithdrawalRow) -> None:
        super().__init__()
        self.row = row
        self.setAccessibleName(f"{row.title}, {row.word.lower()}")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(PlainLabel(row.title, "label"), 1)
        top.addWidget(StateChip(row.word, row.shape, row.kind))
        self.body.addLayout(top)
        self.body.addWidget(Prose(row.sentence))
        self.send = SecondaryButton("Send now", "send")
        self.remove = QuietButton("Remove from this list", "delete")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.send, self.remove):
            button.setAccessibleDescription(row.title)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.send.setVisible(row.can_send)
        self.remove.setVisible(row.is_over)
        self.send.clicked.connect(lambda: self.send_wanted.emit(self.row))
        self.remove.clicked.connect(lambda: self.removal_wanted.emit(self.row))

    def set_busy(self, is_busy: bool) -> None:
        """While something is sent, nothing else can be asked for."""
        self.send.setEnabled(not is_busy)
        self.remove.setEnabled(not is_busy)
