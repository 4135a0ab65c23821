"""Surfaces: a card for what belongs together, a banner for what has to be noticed."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.icons import IconPicture, top_of
from ui.widgets.heading import PlainLabel, Prose

BannerKind = Literal["info", "success", "warning", "error", "leaves", "stays"]
_ICONS: dict[BannerKind, str] = {
    "info": "info",
    "success": "check_circle",
    "warning": "warning",
    "error": "error",
    "leaves": "send",
    "stays": "lock",
}


class Card(QFrame):
    """A white surface with a thin line around it; its content goes into `body`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(16)


class Banner(QFrame):
    """A coloured strip, an icon and words. "leaves" and "stays" say who can see something.

    More can be added to `body`, below the text.
    """

    def __init__(
        self, kind: BannerKind, title: str, text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 16, 12)
        row.setSpacing(12)
        self._picture = IconPicture("info", "info_mark")
        row.addLayout(top_of(self._picture))
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        row.addLayout(self.body, 1)
        row.addStretch(0)
        self._title = PlainLabel("", "strong")
        self._text = Prose("")
        self.body.addWidget(self._title)
        self.body.addWidget(self._text)
        self.set_content(kind, title, text)

    def set_content(self, kind: BannerKind, title: str, text: str = "") -> None:
        """Say something else; a screen reader is told as well."""
        self.setProperty("kind", kind)
        self._picture.set_icon(_ICONS[kind], f"{kind}_mark")
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(title or text)
        self.setAccessibleDescription(text if title else "")
        if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            self.style().unpolish(self)
            self.style().polish(self)
