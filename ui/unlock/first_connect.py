"""The second of three steps at the first start: connect, or leave it for later."""

from PySide6.QtCore import Signal

from sync.connect import show_fingerprint
from ui.session import Session
from ui.unlock.connect import ConnectForm
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import Caption, Prose
from ui.widgets.page import Page


class FirstConnectPage(Page):
    """Takes a connection file; afterwards shows the seven words to compare."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Connect to the research team")
        self._session = session
        self.body.addWidget(Caption("Step 2 of 3: whom this program trusts"))
        self.body.addWidget(
            Prose(
                "With a connection file this program can seal reports for the research team, "
                "send them, and fetch the archive of published reports. You can write without "
                "it and connect later in Settings."
            )
        )
        later = QuietButton("Later")
        later.clicked.connect(self._go_on)
        self._form = ConnectForm(session, later)
        self._form.connected.connect(self._show_words)
        self._words = Banner("success", "", "")
        self._next = PrimaryButton("Next")
        self._next.clicked.connect(self._go_on)
        self._card = Card()
        self._card.body.addWidget(self._form)
        self.body.addWidget(self._card)
        self.body.addWidget(self._words)
        self.body.addWidget(self._next)

    def open(self, argument: object) -> None:
        """An empty field, or the words if it is connected already."""
        self._form.clear()
        self._show_words()

    def _show_words(self) -> None:
        connection = self._session.connection()
        is_connected = connection is not None
        self._card.setVisible(not is_connected)
        self._words.setVisible(is_connected)
        self._next.setVisible(is_connected)
        if connection is not None:
            self._words.set_content(
                "success",
                f"Connected to {connection.name}",
                f"Its words: {show_fingerprint(connection, self._session.words)}. "
                "Compare them with the words that the research team publishes.",
            )
            self._next.setFocus()
        else:
            self._form.setFocus()

    def _go_on(self) -> None:
        self.navigate.emit("new-vault", None)
