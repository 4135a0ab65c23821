"""The part of the settings about going away from this computer."""

from PySide6.QtCore import Signal

from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row


class LeaveCard(Card):
    """wanted: the name of the page that somebody asks for."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._move = SecondaryButton("Move to another computer")
        self._move.clicked.connect(lambda: self.wanted.emit("move"))
        self._erase = SecondaryButton("Erase everything of mine")
        self._erase.clicked.connect(lambda: self.wanted.emit("erase"))
        self.body.addWidget(SectionTitle("Leaving this computer"))
        self.body.addWidget(
            Prose(
                "A vault moves as one encrypted file. Before you hand a computer back, erase "
                "what is yours on it."
            )
        )
        self.body.addWidget(in_a_row(self._move, self._erase))
