"""A field for a passphrase, with an eye that shows it."""

from PySide6.QtCore import QDynamicPropertyChangeEvent, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from ui.theme.icons import icon

LONGEST = 1024


class PassphraseEdit(QWidget):
    """Hidden letters; the eye beside the field shows them until it is pressed again.

    entered: Enter was pressed. changed: at every letter.
    """

    entered = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._line = QLineEdit()
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setMaxLength(LONGEST)
        self._line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._line.returnPressed.connect(self.entered)
        self._line.textChanged.connect(self.changed)
        row.addWidget(self._line, 1)
        self._eye = QToolButton()
        self._eye.setProperty("role", "eye")
        self._eye.setCheckable(True)
        self._eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._eye.setIconSize(QSize(24, 24))
        self._eye.toggled.connect(self._show_letters)
        row.addWidget(self._eye)
        self.setFocusProxy(self._line)
        self.setMaximumWidth(480)
        self._show_letters(False)

    def text(self) -> str:
        """What was typed."""
        return self._line.text()

    def clear(self) -> None:
        """Take the letters away, and hide them again."""
        self._line.clear()
        self._eye.setChecked(False)

    def select_all(self) -> None:
        """Select it all, so that typing replaces it."""
        self._line.selectAll()

    def describe(self, label: str, text: str) -> None:
        """Name the controls after the question."""
        self._line.setAccessibleName(label)
        self._line.setAccessibleDescription(text)

    def event(self, event: QEvent) -> bool:
        """The field's border shows a fault that the question is told of."""
        if isinstance(event, QDynamicPropertyChangeEvent) and event.propertyName() == b"fault":
            self._line.setProperty("fault", self.property("fault"))
            self._line.style().unpolish(self._line)
            self._line.style().polish(self._line)
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()

    def _show_letters(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self._line.setEchoMode(mode)
        name = "Hide the passphrase" if is_shown else "Show the passphrase"
        self._eye.setAccessibleName(name)
        self._eye.setToolTip(name)
        self._tint()

    def _tint(self) -> None:
        name = "visibility_off" if self._eye.isChecked() else "visibility"
        self._eye.setIcon(icon(name, "secondary"))
