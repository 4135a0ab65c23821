"""What stands where results would be, while there are none: why, and what to do."""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.use_cases.read_archive import Question
from ui.theme.icons import IconPicture
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.heading import Prose, SectionTitle


class Action(Enum):
    """What can be done about it."""

    CONNECT = auto()
    UPDATE = auto()
    CLEAR_FILTERS = auto()
    CLEAR_WORDS = auto()


@dataclass(frozen=True, slots=True)
class Emptiness:
    """symbol: name of an icon."""

    symbol: str
    title: str
    text: str
    button: str = ""
    action: Action | None = None


NOT_CONNECTED = Emptiness(
    "cloud_off",
    "No archive yet",
    "Published reports come from the research team that your agency works with. Open Settings "
    "and choose the connection file that your agency gave you. Nothing is sent by that.",
    "Open Settings",
    Action.CONNECT,
)
NOTHING_FETCHED = Emptiness(
    "menu_book",
    "The archive on this computer is empty",
    "Fetch the published reports once. After that you can search and read them without a "
    "connection.",
    "Update now",
    Action.UPDATE,
)
NOTHING_CHOSEN = Emptiness(
    "article", "Choose a report", "Click one in the list, or press Enter on it, to read it here."
)


def nothing_found(question: Question) -> Emptiness:
    """Nothing fits this question, and how to ask for less."""
    title = "No report fits"
    if question.where and question.words.strip():
        text = (
            "No report has all of these words together with the filters that are on. "
            "Remove a filter, or use fewer words."
        )
        return Emptiness("search", title, text, "Clear all filters", Action.CLEAR_FILTERS)
    if question.where:
        text = "No report has all of these filters at once. Remove one of them."
        return Emptiness("filter_list", title, text, "Clear all filters", Action.CLEAR_FILTERS)
    text = (
        "Every word has to occur in a report. Use fewer or shorter words, such as "
        '"search" instead of "searched the vehicle".'
    )
    return Emptiness("search", title, text, "Clear the search", Action.CLEAR_WORDS)


class EmptyState(QWidget):
    """An icon, a sentence and at most one button. chosen: the `Action` of the button."""

    chosen = Signal(object)

    def __init__(self, *, is_primary: bool = True) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(12)
        column.addStretch(1)
        self._picture = IconPicture("article", "secondary", 40)
        self._title = SectionTitle("")
        self._text = Prose("", 52, role="help")
        button = PrimaryButton("Continue") if is_primary else SecondaryButton("Continue")
        self._button = button
        self._button.clicked.connect(self._choose)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._picture, 0, centre)
        for label in (self._title, self._text):
            label.setAlignment(centre)
            # Without the stretches a label that is limited in width stays on the left.
            row = QHBoxLayout()
            row.addStretch(0)
            row.addWidget(label, 1)
            row.addStretch(0)
            column.addLayout(row)
        column.addWidget(self._button, 0, centre)
        column.addStretch(2)
        self._action: Action | None = None

    def show_emptiness(self, emptiness: Emptiness) -> None:
        """Say this."""
        self._action = emptiness.action
        self._picture.set_icon(emptiness.symbol, "secondary")
        self._title.setText(emptiness.title)
        self._text.setText(emptiness.text)
        self._button.set_text(emptiness.button)
        self._button.setVisible(bool(emptiness.button))

    def title(self) -> str:
        """What it says."""
        return self._title.text()

    def _choose(self) -> None:
        if self._action is not None:
            self.chosen.emit(self._action)
