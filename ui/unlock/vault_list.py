"""The vaults of this computer by their neutral names, if there are several."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QListWidget

_ROW_PX, _ROWS_SHOWN = 44, 4
_BORDER_PX = 8


class VaultList(QListWidget):
    """One is always chosen; the arrow keys move."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "options")
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMaximumWidth(480)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_names(self, names: tuple[str, ...]) -> None:
        """Show these, and keep the one that is chosen, if it is among them."""
        before = self.chosen()
        self.clear()
        self.addItems(names)
        self.setCurrentRow(names.index(before) if before in names else 0)
        self.setFixedHeight(_ROW_PX * min(len(names), _ROWS_SHOWN) + _BORDER_PX)

    def chosen(self) -> str:
        """The name, empty while the list is."""
        found = self.selectedItems()
        return found[0].text() if found else ""
