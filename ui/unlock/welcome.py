"""The first of three steps at the first start: what this is, and who can see it."""

from PySide6.QtCore import Signal

from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner
from ui.widgets.heading import Caption, Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row


class WelcomePage(Page):
    """Says what the program does with what is written. Its one button leads on."""

    navigate = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Tell what nearly happened")
        self.body.addWidget(Caption("Step 1 of 3: what this is, and who can see it"))
        self.body.addWidget(
            Prose(
                "Here you tell of a close call: an event in which an officer could have been "
                "seriously hurt or killed, and was not. Others learn from it before it happens "
                "again. It takes about ten minutes."
            )
        )
        self.body.addWidget(
            Banner(
                "stays",
                "What stays on this computer",
                "Your drafts and private notes lie in an encrypted vault that only your "
                "passphrase opens. Your agency cannot read them.",
            )
        )
        self.body.addWidget(
            Banner(
                "leaves",
                "What leaves, and who reads it",
                "Only what you have checked and approved. Names, numbers and places that "
                "are found are replaced, dates and other answers are made coarse. It is sealed "
                "here, so that only the analysts of the research team can open it.",
            )
        )
        self.body.addWidget(
            Banner(
                "warning",
                "What it cannot do",
                "It does not protect against somebody who looks over your shoulder, or against "
                "software on this computer that records the keys you press.",
            )
        )
        self._next = PrimaryButton("Next")
        self._next.clicked.connect(lambda: self.navigate.emit("first-connect", None))
        words = QuietButton("I have seven words already")
        words.clicked.connect(lambda: self.navigate.emit("mail", None))
        backup = QuietButton("I have a backup")
        backup.clicked.connect(lambda: self.navigate.emit("restore", None))
        self.body.addSpacing(8)
        self.body.addWidget(in_a_row(self._next, words, backup))

    def open(self, argument: object) -> None:
        """Show it; there is nothing to choose."""
        self._next.setFocus()
