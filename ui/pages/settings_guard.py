"""The part of the settings about stepping away: when the vault is locked, and by which key."""

from PySide6.QtCore import QSignalBlocker

from app.policy import lock_minutes, read_policy
from app.settings import LOCK_KEYS
from ui.guard.pictures import can_hide_pictures
from ui.theme.wish import ThemeWish
from ui.widgets.cards import Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.choices import RadioChoice
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle

_MINUTES = (1, 2, 5, 15, 30)
_NO_PICTURES = (
    "This system has no way to leave a window out of pictures of the screen: other programs "
    "that you run can take one."
)
_NOT_YOURS = (
    "On a computer that is not your own, whoever looks after it can watch the screen, record the "
    "keys and read the memory while your vault is open. No lock helps against that. What is "
    "locked stays unreadable to them as long as your passphrase has not been typed there."
)


class GuardCard(Card):
    """Minutes, a key, and pictures of the screen. What the administrator has fixed is said."""

    def __init__(self, wish: ThemeWish) -> None:
        super().__init__()
        self._wish = wish
        self._policy = read_policy()
        longest = self._policy.lock_minutes
        offered = [each for each in _MINUTES if longest is None or each <= longest]
        if longest is not None and longest not in offered:
            offered.append(longest)
        self.minutes = RadioChoice([(str(each), _name_minutes(each)) for each in offered])
        self.key = RadioChoice([(each, each) for each in LOCK_KEYS])
        self.pictures = TickRow("pictures", "Leave this window out of pictures of the screen")
        fixed = "" if longest is None else f" Here it is {_name_minutes(longest)} at the most."
        self.body.addWidget(SectionTitle("When you step away"))
        self.body.addWidget(
            Prose(
                "The window is cleared and your vault locked when the screen is locked, when the "
                "computer goes to sleep, and when nobody has pressed a key or moved the pointer "
                "for a while. What you wrote is saved first, and you come back to where you were."
            )
        )
        self.body.addWidget(Field("Lock after", self.minutes, fixed.strip()))
        self.body.addWidget(
            Field("Lock at once with", self.key, "It clears the window before anything else.")
        )
        self.body.addWidget(self.pictures)
        self.pictures.setVisible(can_hide_pictures())
        if not can_hide_pictures():
            self.body.addWidget(Prose(_NO_PICTURES, role="help"))
        self.body.addWidget(
            Prose(
                "What you copy from your texts leaves the clipboard after 30 seconds, and when the "
                "vault is locked.",
                role="help",
            )
        )
        self.body.addWidget(Prose(_NOT_YOURS, role="help"))
        self.minutes.changed.connect(self._choose)
        self.key.changed.connect(self._choose)
        self.pictures.toggled.connect(self._choose)

    def read(self) -> None:
        """Show what holds now."""
        settings = self._wish.settings
        self.minutes.set_value((str(_nearest(lock_minutes(settings, self._policy), self.minutes)),))
        self.key.set_value((settings.lock_key,))
        with QSignalBlocker(self.pictures):
            self.pictures.setChecked(settings.hides_pictures)

    def _choose(self) -> None:
        before = self._wish.settings
        self._wish.keep(
            before._replace(
                lock_minutes=int(next(iter(self.minutes.value()), before.lock_minutes)),
                lock_key=next(iter(self.key.value()), before.lock_key),
                hides_pictures=self.pictures.isChecked(),
            )
        )


def _nearest(minutes: int, choice: RadioChoice) -> int:
    """The longest that is offered and not longer: a file may hold any number of minutes."""
    offered = [int(code) for code in choice.codes()]
    return max((each for each in offered if each <= minutes), default=min(offered))


def _name_minutes(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
