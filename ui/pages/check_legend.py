"""What the marks in the texts mean: the lines, the raised letters, and "please look"."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.decisions import Decisions
from ui.models.kinds import KIND_LETTERS, KIND_WORDS
from ui.models.marked_text import PieceRole, role_of
from ui.widgets.short_line import ShortLine

LOOK = "Words that no list knows. Look at each: is it a name?"
_LINES: dict[PieceRole, str] = {
    "masked": "Solid line: replaced.",
    "open": "Yellow, dotted: you decide.",
    "left": "Dashed: left in.",
}
_DOTS = "Thin dots: no list knows the word; press J."


class CheckLegend(QWidget):
    """Two small lines below the texts. Only the letters that occur are explained."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._lines = ShortLine("caption")
        self._letters = ShortLine("caption")
        column.addWidget(self._lines)
        column.addWidget(self._letters)

    def explain(self, decisions: Decisions | None, leftovers: int) -> None:
        """Explain what is marked now, and no more; None for nothing."""
        kinds = {found.kind for _, found in decisions.places()} if decisions else set()
        letters = sorted(f"{KIND_LETTERS[kind]} {KIND_WORDS[kind].lower()}" for kind in kinds)
        roles = {role_of(found) for _, found in decisions.places()} if decisions else set()
        lines = [text for role, text in _LINES.items() if role in roles]
        self._lines.say(" ".join([*lines, *([_DOTS] if leftovers else [])]))
        self._letters.say(f"Letters: {', '.join(letters)}." if letters else "")
        for line in (self._lines, self._letters):
            line.setToolTip(line.whole())
