"""Two fields for a passphrase that is new: its strength as it is typed, and a maker of words."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.protocol.words import WordList
from ui.cli.vault_trust import draw_passphrase
from ui.unlock.passphrase import PassphraseEdit
from ui.unlock.strength import judge_passphrase
from ui.widgets.buttons import QuietButton
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.rows import in_a_row

_PAUSE_MS = 120  # judging a long passphrase takes up to 0.1 s


class NewPassphrase(QWidget):
    """entered: Enter was pressed in the second field.

    known: what somebody who guesses would try first, such as the vault's name.
    """

    entered = Signal()

    def __init__(
        self,
        words: WordList,
        label: str = "Passphrase",
        known: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        super().__init__()
        self._list = words
        self._known = known
        self._first = PassphraseEdit()
        self._second = PassphraseEdit()
        self._first_field = Field(
            label,
            self._first,
            "Four or five words in a row are long and easy to remember.",
        )
        self._second_field = Field("The same again", self._second)
        self._hint = PlainLabel(judge_passphrase("").words, "help")
        self._hint.setAccessibleName("Strength")
        self._draw = QuietButton("Make one from words", "key")
        self._draw.clicked.connect(self._draw_words)
        self._drawn = PlainLabel("", "reading")
        self._drawn.setAccessibleName("Drawn passphrase")
        self._drawn_help = Prose(
            "Nobody else has these words. Type them into both fields, with a blank between. Keep "
            "them on paper until you know them, then destroy the paper.",
            role="help",
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        self._lay_out()
        self.setFocusProxy(self._first)
        self._first.changed.connect(self._pause.start)
        self._first.entered.connect(self._second.setFocus)
        self._second.entered.connect(self.entered)

    def hint(self) -> str:
        """What the hint says."""
        return self._hint.text()

    def drawn(self) -> str:
        """The words that were drawn and are shown."""
        return self._drawn.text()

    def value(self) -> str | None:
        """The passphrase, or None after saying at the field what is amiss."""
        self._pause.stop()
        self._judge()
        chosen = self._first.text()
        strength = judge_passphrase(chosen)
        is_same = chosen == self._second.text()
        self._first_field.show_error(None if strength.is_allowed else strength.words)
        self._second_field.show_error(
            "The two are not the same. Type it again."
            if strength.is_allowed and not is_same
            else None
        )
        self._hint.setVisible(strength.is_allowed)  # the field says it already
        if not strength.is_allowed:
            self._first_field.focus_editor()
            return None
        if not is_same:
            self._second.clear()
            self._second_field.focus_editor()
            return None
        return chosen

    def clear(self) -> None:
        """Take the letters, the drawn words and the sentences away."""
        for edit, field in (
            (self._first, self._first_field),
            (self._second, self._second_field),
        ):
            edit.clear()
            field.show_error(None)
        self._show_drawn("")
        self._pause.stop()
        self._judge()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (
            *(self._first_field, self._hint, in_a_row(self._draw)),
            *(self._drawn, self._drawn_help),
        ):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self._second_field)
        self._show_drawn("")

    def _draw_words(self) -> None:
        self._show_drawn(draw_passphrase(self._list.words))
        self._first.setFocus()

    def _show_drawn(self, text: str) -> None:
        self._drawn.setText(text)
        self._drawn.setVisible(bool(text))
        self._drawn_help.setVisible(bool(text))
        self._draw.set_text("Other words" if text else "Make one from words")

    def _judge(self) -> None:
        self._hint.show()
        self._hint.setText(judge_passphrase(self._first.text(), self._known()).words)
