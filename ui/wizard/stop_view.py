"""The calm page that is shown in place of the form when an answer ends the report."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.labels import StopText
from ui.theme.icons import IconPicture
from ui.theme.tokens import SPACES
from ui.widgets.cards import Card
from ui.widgets.heading import PlainLabel, Prose


class StopView(QWidget):
    """A title, what it means and what to do, and one or two buttons."""

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

    def say(self, words: StopText, more: str, buttons: Sequence[QPushButton]) -> None:
        """Show these words; the first button has the focus.

        more: what becomes of what was written before, or an empty text.
        """
        self._title.setText(words.title)
        self._text.setText(words.text)
        self._hint.setText(words.hint)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(" ".join((words.text, words.hint, more)))
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for button in buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
