"""What the frame knows of a page: how to open it, and what to do before it is left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QScrollArea, QWidget


class Openable(Protocol):
    """A page that can be shown with an argument, and that can ask for another place."""

    @property
    def navigate(self) -> SignalInstance: ...

    def open(self, argument: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the frame.

    flush: keeps what is unsaved; called before the page is left; False if something could not be
    kept. remember: where somebody is on the page, and what is not kept elsewhere, as JSON values;
    called before the vault is closed. resume: opens the page as it was then.
    """

    widget: QWidget
    open: Callable[[object], None]
    flush: Callable[[], bool]
    navigate: SignalInstance
    remember: Callable[[], object]
    resume: Callable[[Any], None]


def make_place(widget: QWidget, page: Openable) -> Place:
    """A page twice, as a widget and as what can be opened."""
    keep = getattr(page, "flush", None)
    bars = widget.findChildren(QScrollArea)[:1]

    def flush() -> bool:
        return keep is None or keep() is not False

    def remember() -> object:
        return [each.verticalScrollBar().value() for each in bars]

    def resume(memory: Any) -> None:
        # Here: the window is painted without it.
        from ui.widgets.scroll_back import ScrollBack  # noqa: PLC0415

        page.open(None)
        for each, value in zip(bars, memory, strict=True):
            ScrollBack(each.verticalScrollBar(), value)

    return Place(
        widget,
        page.open,
        flush,
        page.navigate,
        getattr(page, "remember", remember),
        getattr(page, "resume", resume),
    )
