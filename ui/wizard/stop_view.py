"""The calm page that is shown in place of the form when an answer ends the report."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.labels import StopText
from ui.theme.icons import IconPicture
from ui.theme.tokens import SPACES
from ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.heading import PlainLabel, Prose

_REMOVE_HINT = (
    "This answer was not kept. What you wrote before it is still a draft in your vault: remove "
    "it, or change the answer if it was a slip."
)


class StopView(QWidget):
    """A title, what it means and what to do, and one or two buttons.

    changing: the answer was a slip. removing: the draft goes. leaving: to the reports.
    """

    changing = Signal()
    removing = Signal()
    leaving = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, SPACES[4], 0, 0)
        card = Card()
        card.setMaximumWidth(720)
        card.body.setContentsMargins(SPACES[6], SPACES[5], SPACES[6], SPACES[5])
        card.body.setSpacing(SPACES[3])
        card.body.addWidget(IconPicture("info", "info_mark", 40))
        self._title = PlainLabel("", "section")
        self._text = Prose("")
        self._hint = Prose("")
        self._more = Prose("")
        for part in (self._title, self._text, self._hint, self._more):
            card.body.addWidget(part)
        card.body.addSpacing(SPACES[1])
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACES[2])
        card.body.addLayout(self._row)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
        whole.addStretch(1)

    def say_stop(self, words: StopText, *, has_draft: bool) -> None:
        """An answer ends the report; what was written before is removed on request."""
        change = PrimaryButton("Change the answer")
        change.clicked.connect(self.changing)
        other: QPushButton
        if has_draft:
            other = DangerButton("Remove this draft", "delete")
            other.clicked.connect(self.removing)
        else:
            other = SecondaryButton("Leave")
            other.clicked.connect(self.leaving)
        self._say(words, _REMOVE_HINT if has_draft else "", change, other)

    def say_refusal(self, words: StopText) -> None:
        """The report cannot be written on."""
        back = PrimaryButton("Back to the reports")
        back.clicked.connect(self.leaving)
        self._say(words, "", back)

    def _say(self, words: StopText, more: str, *buttons: QPushButton) -> None:
        for label, text in (
            (self._title, words.title),
            (self._text, words.text),
            (self._hint, words.hint),
            (self._more, more),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(" ".join((words.text, words.hint, more)))
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for button in buttons:
            self._row.addWidget(button)
            button.show()  # at once, so that it can have the focus
        self._row.addStretch(1)
        buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
