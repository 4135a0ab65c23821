"""What the frame knows of a page: how to open it, and what to do before it is left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget


class Openable(Protocol):
    """A page that can be shown with an argument, and that can ask for another place."""

    @property
    def navigate(self) -> SignalInstance: ...

    def open(self, argument: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the frame. flush: keeps what is unsaved; called before the page is left."""

    widget: QWidget
    open: Callable[[object], None]
    flush: Callable[[], None]
    navigate: SignalInstance


def make_place(widget: QWidget, page: Openable) -> Place:
    """A page twice, as a widget and as what can be opened."""
    return Place(widget, page.open, getattr(page, "flush", _keep_nothing), page.navigate)


def _keep_nothing() -> None:
    """For a page on which nothing is ever unsaved."""
