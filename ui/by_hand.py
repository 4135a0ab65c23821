"""One report's whole way by the buttons of the window, with pictures, without a screen.

    python -m ui.by_hand HOME FOLDER STEP [CARD]

HOME is that of a demonstration's officer: connected, with a vault and one draft. What service and
desk do between the steps is done by who calls this. Its passphrase comes from the file that
NEARMISS_PASSPHRASE_FILE names.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.errors import InputError, SurroundingsError
from app.paths import Home, make_private_folder
from app.use_cases.write_report import DraftState
from ui.album import Album, opened, settle
from ui.cli.parts import DEFAULT_VAULT
from ui.cli.passphrase import read_passphrase
from ui.main import Program
from ui.pages.letters import LettersView
from ui.pages.receipt import ReceiptPage
from ui.pages.settings import SettingsPage
from ui.pages.settings_officer import OfficerCard
from ui.session import Session
from ui.theme.apply import make_application
from ui.widgets.content import ContentLine

SIZE = (1280, 800)
ANSWER = "About ten steps, and I could not see his hands."
_FIRST_NUMBER = 20
_EACH = 10
_MOST_FINDINGS = 60
W = TypeVar("W", bound=QWidget)


class Hand:
    """Does with the open window what a person does, and takes pictures."""

    def __init__(self, program: Program, album: Album) -> None:
        self.program, self._album = program, album
        self._error: Exception | None = None

    @property
    def session(self) -> Session:
        """What is open. Raises SurroundingsError if the window is not ready."""
        if self.program.session is None:
            raise SurroundingsError("The window did not get ready in time.")
        return self.program.session

    def go(self, place: str, argument: object = None) -> None:
        """Show a page."""
        self.program.window.show_place(place, argument)
        settle()

    def take(self, name: str) -> None:
        """A picture in both schemes."""
        self._album.take(self.program, name)

    def find(self, kind: type[W]) -> W:
        """The part of this kind that can be seen. Raises SurroundingsError if there is none."""
        for part in self.program.window.findChildren(kind):
            if part.isVisible():
                return part
        raise SurroundingsError("The window does not show what it should.", kind.__name__)

    def button(self, text: str, within: QWidget | None = None) -> QPushButton:
        """The button with this text. Raises SurroundingsError."""
        place = self.program.window if within is None else within
        for each in place.findChildren(QPushButton):
            if each.text() == text and each.isVisible():
                return each
        raise SurroundingsError("The window does not show a button.", text)

    def push(self, text: str) -> None:
        """Press a button and wait for what it does."""
        self.button(text).click()
        settle()

    def push_and_agree(self, text: str, yes: str, picture: str) -> None:
        """Press a button that asks, take a picture of the question, and agree."""
        self._error = None
        QTimer.singleShot(300, lambda: self._answer(yes, picture))
        self.push(text)
        if self._error is not None:
            raise self._error

    def _answer(self, yes: str, picture: str) -> None:
        box = QApplication.activeModalWidget()
        if box is None:
            self._error = SurroundingsError("The window did not ask.", yes)
            return
        try:
            self.take(picture)
            self.button(yes, box).click()
        except Exception as error:  # noqa: BLE001  (raised again where the question was asked)
            self._error = error
            box.close()


def enrol(hand: Hand, card: str) -> None:
    """Use the card under Settings."""
    hand.go("settings")
    page, officer = hand.find(SettingsPage), hand.find(OfficerCard)
    page.show_widget(officer)
    officer.findChildren(ContentLine)[0].setText(card)
    settle()
    hand.take("enrol")
    hand.push("Use this card")
    page.show_widget(officer)
    hand.take("enrolled")


def report(hand: Hand, _card: str) -> None:
    """Check the draft, seal it, keep the words, send it."""
    (draft,) = [
        each.draft_id
        for each in hand.session.drafts.summaries()
        if each.state is DraftState.WRITING
    ]
    hand.go("check", draft)
    for _ in range(_MOST_FINDINGS):
        if hand.button("Seal and queue").isEnabled():
            break
        hand.push("Mask (M)")
    hand.take("check")
    hand.push("Seal and queue")
    page = hand.find(ReceiptPage)
    words = page.card.accessibleDescription().split()
    page.keep.setChecked(True)
    settle()
    hand.take("receipt")
    for field, place in zip(page.fields, (2, 5), strict=True):
        field.findChildren(ContentLine)[0].setText(words[place - 1])
    hand.push("I have written them down")
    hand.take("sealed")
    hand.push_and_agree("Send now", "Send it now", "send-now")
    hand.take("sent")


def question(hand: Hand, _card: str) -> None:
    """Read what the research team asks, and answer."""
    hand.go("reports")
    hand.take("reports-question")
    _open_messages(hand)
    letters = hand.find(LettersView)
    letters.boxes[0].editor.set_value(ANSWER)
    settle()
    hand.take("question")
    hand.push("See what leaves")
    hand.take("answer")
    hand.push("Seal and queue the answer")
    hand.take("answered")
    hand.go("outbox")
    hand.take("answer-waits")


def news(hand: Hand, _card: str) -> None:
    """Read what became of it, and withdraw it."""
    hand.go("reports")
    hand.take("reports-published")
    _open_messages(hand)
    hand.take("news")
    hand.push_and_agree("Withdraw this report", "Withdraw it", "withdraw")
    hand.go("outbox")
    hand.take("withdrawal-waits")


def withdrawn(hand: Hand, _card: str) -> None:
    """See that the withdrawal has arrived."""
    hand.go("outbox")
    hand.take("withdrawn")


STEPS: Mapping[str, Callable[[Hand, str], None]] = {
    "enrol": enrol,
    "report": report,
    "question": question,
    "news": news,
    "withdrawn": withdrawn,
}


def _open_messages(hand: Hand) -> None:
    (kept,) = hand.session.receipts.kept()
    hand.go("messages", kept.report_id)


def take_step(folder: Path, home: Home, passphrase: str, step: str, card: str) -> list[Path]:
    """Do one of STEPS. A QApplication is there. Raises UserError."""
    make_private_folder(folder)
    album = Album(folder, _FIRST_NUMBER + _EACH * list(STEPS).index(step))
    with opened(home, SIZE) as program:
        hand = Hand(program, album)
        settle()
        hand.session.unlock(DEFAULT_VAULT, passphrase)
        hand.session.unlocked.emit()
        settle()
        STEPS[step](hand, card)
    return album.taken


def main(arguments: Sequence[str]) -> int:
    """Do the step; prints nothing. Raises UserError, or SystemExit for wrong usage."""
    if len(arguments) not in {3, 4} or arguments[2] not in STEPS:
        raise SystemExit(f"usage: python -m ui.by_hand HOME FOLDER {'|'.join(STEPS)} [CARD]")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_application("pictures")
    home, folder = (Path(each).absolute() for each in arguments[:2])
    card = ""
    if len(arguments) > 3:
        card = Path(arguments[3]).read_text("utf-8").split("\n")[0]
    if arguments[2] == "enrol" and not card:
        raise InputError("This step needs a file with a card.")
    take_step(folder, Home(home), read_passphrase(), arguments[2], card)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
