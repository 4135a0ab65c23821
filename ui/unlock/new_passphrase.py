"""Two fields for a passphrase that is new, with a plain hint of its strength."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.unlock.passphrase import PassphraseEdit
from ui.unlock.strength import judge_passphrase
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel


class NewPassphrase(QWidget):
    """entered: Enter was pressed in the second field."""

    entered = Signal()

    def __init__(self, label: str = "Passphrase") -> None:
        super().__init__()
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._first_field)
        column.addWidget(self._hint)
        column.addSpacing(8)
        column.addWidget(self._second_field)
        self.setFocusProxy(self._first)
        self._first.changed.connect(self._judge)
        self._first.entered.connect(self._second.setFocus)
        self._second.entered.connect(self.entered)

    def hint(self) -> str:
        """What the hint says."""
        return self._hint.text()

    def value(self) -> str | None:
        """The passphrase, or None after saying at the field what is amiss."""
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
        """Take the letters and the sentences away."""
        for edit, field in (
            (self._first, self._first_field),
            (self._second, self._second_field),
        ):
            edit.clear()
            field.show_error(None)
        self._judge()

    def _judge(self) -> None:
        self._hint.show()
        self._hint.setText(judge_passphrase(self._first.text()).words)
