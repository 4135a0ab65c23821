"""The part of the settings about being a verified officer: the card, and how it stands."""

from functools import partial

from PySide6.QtCore import Signal

from app.errors import InputError, UserError
from sync.connect import show_fingerprint
from sync.enrolment import Enrolled, EnrolmentState, read_card
from sync.officer_standing import (
    OfficerStanding,
    OfficerState,
    describe_crowd,
    describe_tokens,
    is_small_crowd,
)
from sync.verified_officer import CARD_REFUSED
from ui.messages import show_failure
from ui.officer_work import read_own_standing, use_card
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.content import ContentLine
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row

_ROOM_FOR_A_CARD = 40
_WITHOUT = (
    "The service takes reports from verified officers. A one-time card from your agency or union "
    "shows that you are one; nobody knows who has which card. You can write and seal without one: "
    "what you seal waits in the outbox until there are tokens, unless the service takes reports "
    "without them."
)
_ASKED = (
    "The card is kept here, and the service has not confirmed it yet. It is asked again by itself "
    "with each sync, or with Sync now in the outbox."
)
_VERIFIED = (
    "A report shows one token, which proves that a verified officer sends it and cannot be linked "
    "to anyone. Of each twelve, two are kept for cover submissions: empty ones that the program "
    "sends by itself at random times, so that an upload does not show that somebody reports. If "
    "you need them for reports, reports go first."
)

_TAKEN = (
    "Tokens come within days. Your first report leaves 3 to 31 days after them, on a day by "
    "chance, so that the two are hard to match. In the outbox you can send it sooner."
)


class OfficerCard(Card):
    """Hidden while no vault is open or nobody is trusted. grown: it may lie out of sight."""

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._news = Banner("info", "")
        self._text = Prose("")
        self._tokens = Prose("", role="reading")
        self._crowd = Banner("info", "")
        self._line = ContentLine()
        self._line.setMaximumWidth(420)
        self._line.setMaxLength(4 * _ROOM_FOR_A_CARD)
        self._line.setPlaceholderText("ABCD-EFGH-IJKL-MNOP-QRST-UVWX")
        self._line.returnPressed.connect(self._use)
        self._field = Field(
            "Card",
            self._line,
            "The six groups as they are printed. Capitals, spaces and dashes do not matter; "
            "a zero is read as the letter O, a one as the letter I.",
        )
        self._words = Prose("", role="reading")
        self._words_hint = Prose(
            "If seven words are printed on the card, they have to be these. If they differ, do not "
            "use it here, and tell who gave it to you.",
            role="help",
        )
        self._button = SecondaryButton("Use this card")
        self._button.clicked.connect(self._use)
        self._buttons = in_a_row(self._button)
        self._strip = ProgressStrip()
        self.body.addWidget(SectionTitle("Verified officer"))
        for part in (
            *(self._news, self._text, self._tokens, self._crowd),
            *(self._words_hint, self._words, self._field, self._buttons, self._strip),
        ):
            self.body.addWidget(part)
        for changed in (session.unlocked, session.locked, session.connection_changed):
            changed.connect(self.read)
        session.outbox_changed.connect(self._read_again)
        self.read()

    def read(self) -> None:
        """Show how it stands, without what was typed or said before."""
        self._news.hide()
        self._line.clear()
        self._field.show_error(None)
        self._read_again()

    def _read_again(self) -> None:
        session = self._session
        if not session.is_unlocked or not session.is_connected:
            self.hide()
            return
        home, name = session.home, session.vault_name
        task = Task(self, lambda _progress: read_own_standing(home, name))
        task.on_done(partial(self._show, name)).on_failed(self._tell_failure).start()

    def _show(self, name: str, standing: OfficerStanding | None) -> None:
        session = self._session
        connection = session.connection()
        if standing is None or connection is None or session.vault_name != name:
            return
        is_without = standing.state is OfficerState.WITHOUT_CARD
        for part in (self._field, self._words, self._words_hint, self._buttons):
            part.setVisible(is_without)
        self._words.setText(show_fingerprint(connection, session.words))
        texts = {
            OfficerState.WITHOUT_CARD: _WITHOUT,
            OfficerState.ASKED: _ASKED,
            OfficerState.ENROLLED: _VERIFIED,
        }
        self._text.setText(texts[standing.state])
        is_enrolled = standing.state is OfficerState.ENROLLED
        self._tokens.setText(f"Verified. {describe_tokens(standing)}" if is_enrolled else "")
        self._tokens.setVisible(is_enrolled)
        kind: BannerKind = "warning" if is_small_crowd(standing.officers) else "info"
        self._crowd.set_content(kind, describe_crowd(standing.officers))
        self._crowd.setVisible(standing.officers is not None)
        self.show()

    def _use(self) -> None:
        try:
            card = read_card(self._line.text())
        except InputError as error:
            self._field.show_error(f"{error.title} {error.hint}")
            self.grown.emit()
            return
        self._field.show_error(None)
        self._news.hide()
        self._set_busy(True)
        home, name = self._session.home, self._session.vault_name
        task = Task(self, lambda _progress: use_card(home, name, card))
        task.on_end(lambda: self._set_busy(False))
        task.on_done(self._tell).on_failed(self._tell_failure)
        self._strip.follow(task, "Asking the service about the card")
        task.start()

    def _set_busy(self, is_busy: bool) -> None:
        self._button.setEnabled(not is_busy)
        self._line.setReadOnly(is_busy)

    def _tell(self, found: Enrolled) -> None:
        self._line.clear()
        if found.state is EnrolmentState.ENROLLED:
            self._say("success", "You are a verified officer", _TAKEN)
        elif found.state is EnrolmentState.WAITING:
            self._say("warning", "Not confirmed yet", f"{found.trouble} It is asked again.")
        else:
            self._say("error", "The card was not taken", CARD_REFUSED)
        self._session.outbox_changed.emit()
        self.grown.emit()

    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._say("error", error.title, f"{error.text} {error.hint}".strip())
            self.show()
        else:
            show_failure(self, error)

    def _say(self, kind: BannerKind, title: str, text: str) -> None:
        self._news.set_content(kind, title, text)
        self._news.show()
