"""The notice before the story, and whom to call afterwards."""

from PySide6.QtWidgets import QGridLayout

from app.agency_words import NOTICE_TITLE, PEER_TEXT, PEER_TITLE, notice_text, peer_support
from app.policy import Policy
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import PlainLabel, Prose


def make_notice(policy: Policy) -> Banner:
    """To be read before the first word of a story."""
    return Banner("warning", NOTICE_TITLE, notice_text(policy))


class PeerSupportCard(Card):
    """Names and numbers."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.body.setSpacing(8)
        self.setAccessibleName(PEER_TITLE)
        self.body.addWidget(PlainLabel(PEER_TITLE, "label"))
        self.body.addWidget(Prose(PEER_TEXT))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for row, each in enumerate(peer_support(policy)):
            grid.addWidget(PlainLabel(each.name), row, 0)
            grid.addWidget(PlainLabel(each.number, "strong"), row, 1)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
