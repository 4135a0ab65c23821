"""A line for a code that somebody reads from paper."""

from PySide6.QtCore import Qt

from ui.widgets.content import ContentLine

_LONGEST = 80


class CodeLine(ContentLine):
    """Letters and digits in groups; no input method learns them."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(_LONGEST)
        self.setMaximumWidth(480)
        self.setPlaceholderText("ABCD-EFGH-…")
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhPreferUppercase
        )
