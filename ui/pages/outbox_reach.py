"""The part of the outbox about the way out: the last success, and what stands in the way."""

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.inspection import describe_issuer, read_issuer
from sync.silence import (
    connected_utc,
    count_quiet_days,
    describe_doubt,
    describe_silence,
    is_date_doubtful,
)
from ui.ages import describe_age
from ui.session import Session
from ui.widgets.cards import Banner, BannerKind
from ui.widgets.heading import Prose


@dataclass(frozen=True, slots=True)
class Reach:
    """last: about the last success. kind, title, text: of a banner; title is empty for none."""

    last: str
    kind: BannerKind = "info"
    title: str = ""
    text: str = ""


class ReachView(QWidget):
    """One line and, if there is something to say, a banner; it never asks for anything."""

    def __init__(self) -> None:
        super().__init__()
        self.last = Prose("", role="help")
        self.banner = Banner("info", "")
        self.banner.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.last)
        column.addWidget(self.banner)

    def show_reach(self, reach: Reach) -> None:
        """Say how things stand."""
        self.last.setText(reach.last)
        self.banner.set_content(reach.kind, reach.title, reach.text)
        self.banner.setVisible(bool(reach.title))


def read_reach(session: Session) -> Reach:
    """How the way out stands (blocks for reading). Raises UserError."""
    archive = session.archive()
    signed_on = archive.status().signed_on if archive is not None else ""
    return describe_reach(
        session.synced_utc(),
        connected_utc(session.home),
        signed_on,
        read_issuer(session.home),
        datetime.now(UTC),
    )


def describe_reach(
    synced_utc: datetime | None,
    connected: datetime | None,
    signed_on: str,
    issuer: str,
    now_utc: datetime,
) -> Reach:
    """issuer: an authority that is not public, of the last connection, or empty."""
    if is_date_doubtful(synced_utc, signed_on, now_utc):
        return Reach(
            "When the last sync was cannot be told by this computer's date.",
            "warning",
            "Is the date right?",
            describe_doubt(signed_on),
        )
    last = "No sync has worked yet."
    if synced_utc is not None:
        last = f"Last sync that worked: {describe_age(synced_utc, now_utc)}."
    days = count_quiet_days(synced_utc, connected, now_utc)
    if days:
        return Reach(last, "warning", "Nothing has come through", describe_silence(days))
    if issuer:
        return Reach(last, "info", "Who vouches for the connection", describe_issuer(issuer))
    return Reach(last)
