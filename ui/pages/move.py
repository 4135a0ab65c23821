"""A vault goes to another computer: a code is drawn there, a file written here."""

from PySide6.QtCore import Signal

from app.use_cases.move_vault import moved_names
from ui.pages.move_arrive import ArriveCard
from ui.pages.move_aside import AsideCard
from ui.pages.move_send import SendCard
from ui.session import Session
from ui.widgets.cards import Banner
from ui.widgets.page import Page


class MovePage(Page):
    """Three cards: this computer is the old one, it is the new one, and what was laid aside."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Move to another computer")
        self._session = session
        self.send = SendCard(session)
        self.arrive = ArriveCard(session)
        self.aside = AsideCard(session)
        self.body.addWidget(
            Banner(
                "stays",
                "Vault and outbox go together, and only one of the two computers has them",
                "The new computer draws a code. The old one writes a file that opens on that "
                "computer only, and once, with your passphrase. Before it does, it throws its "
                "own tokens away and lays the vault aside: a token that is shown from two "
                "computers would link two reports.",
            )
        )
        for card in (self.aside, self.send, self.arrive):
            self.body.addWidget(card)
        self.send.sent.connect(self._leave_vault)
        self.arrive.arrived.connect(lambda: self.navigate.emit("reports", None))
        self.aside.changed.connect(self._read)

    def open(self, argument: object) -> None:
        """Show what can be done here."""
        self._read()
        self.setFocus()
        self._scroll.verticalScrollBar().setValue(0)

    def _read(self) -> None:
        self.send.read()
        self.arrive.read()
        self.aside.show_names(moved_names(self._session.home))

    def _leave_vault(self) -> None:
        self._session.locked.emit()
        self._read()
        self.aside.say_written()
