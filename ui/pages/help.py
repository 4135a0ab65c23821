"""Pages of plain words: is this a near miss, how am I protected, and what if something is lost."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QTabBar, QVBoxLayout, QWidget

from app.policy import read_policy
from ui.pages.help_lost import LOST
from ui.pages.help_texts import NEAR_MISS, PROTECTION, HelpText
from ui.widgets.agency_words import PeerSupportCard
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import PlainLabel, Prose, SectionTitle
from ui.widgets.page import Page

_TOPICS = {"near-miss": NEAR_MISS, "protection": PROTECTION, "lost": LOST}


class HelpPage(Page):
    """A tab for each topic. open("protection") goes to the second one."""

    navigate = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Help", reading=True)
        self._tabs = QTabBar()
        self._tabs.setProperty("role", "tabs")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setMinimumHeight(50)
        self._tabs.setAccessibleName("Topics of the help")
        self._shown: dict[str, QWidget] = {}
        self.body.addWidget(self._tabs)
        for name, topic in _TOPICS.items():
            self._tabs.addTab(topic.title)
            widget = _make_topic(topic)
            self._shown[name] = widget
            self.body.addWidget(widget)
        self.body.addWidget(PeerSupportCard(read_policy()))
        self._tabs.currentChanged.connect(self._show)
        self._show(0)

    def open(self, argument: object) -> None:
        """argument: "near-miss", "protection", "lost", or None for the one shown last."""
        names = list(_TOPICS)
        if argument in names:
            self._tabs.setCurrentIndex(names.index(str(argument)))
        self._tabs.setFocus()

    def _show(self, index: int) -> None:
        for place, widget in enumerate(self._shown.values()):
            widget.setVisible(place == index)


def _make_topic(topic: HelpText) -> QWidget:
    widget = QFrame()
    widget.setProperty("role", "plain")
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    column.addWidget(Prose(topic.opening))
    for title, paragraphs in topic.parts:
        card = Card()
        card.body.setSpacing(14)
        card.body.addWidget(SectionTitle(title))
        for term, text in paragraphs:
            pair = QVBoxLayout()
            pair.setSpacing(2)
            if term:
                pair.addWidget(PlainLabel(term, "label"))
            pair.addWidget(Prose(text))
            card.body.addLayout(pair)
        column.addWidget(card)
    column.addWidget(Banner(topic.closing_kind, topic.closing_title, topic.closing_text))
    return widget
