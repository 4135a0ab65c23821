"""Settings: colours, the agency's names, whom this program trusts, the vault, where things lie."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer, Signal

from app.settings import Theme
from sync.connect import show_fingerprint
from ui.pages.settings_backups import BackupsCard
from ui.pages.settings_guard import GuardCard
from ui.pages.settings_leave import LeaveCard
from ui.pages.settings_names import NamesCard
from ui.pages.settings_network import NetworkCard
from ui.pages.settings_officer import OfficerCard
from ui.pages.settings_recovery import RecoveryCard
from ui.pages.settings_vault import VaultCard
from ui.session import Session
from ui.theme.wish import ThemeWish
from ui.unlock.connect import ConnectForm
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.choices import RadioChoice
from ui.widgets.dangers import DangerBanners
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel, Prose, SectionTitle
from ui.widgets.page import Page

_THEMES = (
    (Theme.SYSTEM.value, "As this computer has it"),
    (Theme.LIGHT.value, "Light"),
    (Theme.DARK.value, "Dark"),
)


class SettingsPage(Page):
    """One card for each subject. The vault's card is there only while a vault is open."""

    navigate = Signal(str, object)

    def __init__(self, session: Session, wish: ThemeWish) -> None:
        super().__init__("Settings")
        self._wish = wish
        self._theme = RadioChoice(_THEMES)
        self._theme.changed.connect(self._choose_theme)
        wish.changed.connect(self._show_theme)
        self._underlines = TickRow(
            "underlines", "Underline what may identify somebody while I write"
        )
        self._underlines.toggled.connect(self._choose_underlines)
        self._spelling = TickRow("spelling", "Underline what may be a spelling error")
        self._spelling.toggled.connect(self._choose_spelling)
        self._guard = GuardCard(wish)
        self._connection = ConnectionCard(session)
        self._names = NamesCard(session)
        self._vault = VaultCard(session)
        self._backups = BackupsCard(session)
        self._recovery = RecoveryCard(session)
        self._recovery.made.connect(lambda code: self.navigate.emit("recovery-code", code))
        self._recovery.lost_wanted.connect(lambda: self.navigate.emit("help", "lost"))
        self._leave = LeaveCard()
        self._leave.wanted.connect(lambda name: self.navigate.emit(name, None))
        self._place = _PlaceCard(session)
        self._network = NetworkCard(session)
        self._officer = OfficerCard(session)
        trust = (
            self._connection,
            self._officer,
            self._network,
            self._vault,
            self._recovery,
            self._backups,
        )
        wishes = (*self._make_wish_cards(), self._guard)
        for card in (*wishes, self._names, *trust, self._leave, self._place):
            self.body.addWidget(card)
        for part in trust:
            # Once it has its new height.
            part.grown.connect(
                lambda part=part: QTimer.singleShot(0, part, partial(self.show_widget, part))
            )

    def _make_wish_cards(self) -> tuple[Card, Card]:
        colours, writing = Card(), Card()
        colours.body.addWidget(Field("Colours", self._theme))
        writing.body.addWidget(SectionTitle("Writing"))
        writing.body.addWidget(self._underlines)
        writing.body.addWidget(self._spelling)
        return colours, writing

    def open(self, argument: object) -> None:
        """Show everything as it is now."""
        self._show_theme()
        with QSignalBlocker(self._underlines):
            self._underlines.setChecked(self._wish.settings.underlines)
        with QSignalBlocker(self._spelling):
            self._spelling.setChecked(self._wish.settings.spelling)
        self._guard.read()
        self._names.read()
        self._connection.read()
        self._officer.read()
        self._network.read()
        self._vault.read()
        self._recovery.read()
        self._backups.read()
        self._place.dangers.look()
        self._theme.setFocus()

    def _show_theme(self) -> None:
        self._theme.set_value((self._wish.theme.value,))

    def _choose_theme(self) -> None:
        code = next(iter(self._theme.value()), Theme.SYSTEM.value)
        self._wish.choose(Theme(code))

    def _choose_underlines(self, are_wanted: bool) -> None:
        self._wish.choose_underlines(are_wanted=are_wanted)

    def _choose_spelling(self, is_wanted: bool) -> None:
        self._wish.choose_spelling(is_wanted=is_wanted)


class ConnectionCard(Card):
    """Name and seven words of whom this program trusts, and the way to change it.

    grown: a form is shown that may lie out of sight.
    """

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._title = SectionTitle("Connection")
        self._name = PlainLabel("", "label")
        self._words = Prose("", role="reading")
        self._hint = Prose("", role="help")
        self._news = Banner("success", "", "")
        self._news.hide()
        self._change = SecondaryButton("Use another connection file")
        self._change.clicked.connect(self._show_form)
        leave = QuietButton("Leave it as it is")
        leave.clicked.connect(self.read)
        self._form = ConnectForm(session, leave)
        self._form.connected.connect(self._tell)
        for part in (
            *(self._title, self._news, self._name, self._words, self._hint),
            *(self._change, self._form),
        ):
            self.body.addWidget(part)

    def read(self) -> None:
        """Show what is pinned."""
        connection = self._session.connection()
        self._form.clear()
        self._form.setVisible(False)
        self._news.hide()
        if connection is None:
            self._name.setText("Not connected yet")
            self._words.hide()
            self._hint.setText(
                "Without a connection you can write, and not seal, send or read the archive."
            )
            self._change.set_text("Use a connection file")
        else:
            self._name.setText(connection.name)
            self._words.setText(show_fingerprint(connection, self._session.words))
            self._words.show()
            self._hint.setText(
                "These seven words stand for the research team's keys. They have to be the same "
                "as those that it publishes."
            )
            self._change.set_text("Use another connection file")
        self._change.show()

    def _show_form(self) -> None:
        self._change.hide()
        self._form.show()
        self._form.setFocus()
        self.grown.emit()

    def _tell(self) -> None:
        self.read()
        self._news.set_content("success", "Connected", "Compare the seven words before you send.")
        self._news.show()


class _PlaceCard(Card):
    """The folder of the program's files, shown only when asked: it can hold a person's name."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._folder = str(session.home.folder)
        self._path = Prose("", role="reading")
        self._path.setMaximumWidth(16_777_215)
        self._path.hide()
        self._show = SecondaryButton("Show the folder")
        self._show.clicked.connect(self._toggle)
        self.body.addWidget(SectionTitle("Where everything lies"))
        self.body.addWidget(
            Prose(
                "All files are in one folder of your account on this computer. The vault, the "
                "sealed reports and the archive in it are encrypted."
            )
        )
        self.dangers = DangerBanners(session.home)
        self.body.addWidget(self.dangers)
        self.body.addWidget(self._path)
        self.body.addWidget(self._show)

    def _toggle(self) -> None:
        is_shown = not self._path.isVisibleTo(self)
        self._path.setText(self._folder if is_shown else "")
        self._path.setVisible(is_shown)
        self._show.set_text("Hide the folder" if is_shown else "Show the folder")
