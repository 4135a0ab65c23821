"""How a long piece of work says how far it is, without knowing who listens."""

from typing import Protocol


class Cancelled(Exception):  # noqa: N818  (nobody is shown this; it only unwinds)
    """Raised by `Progress.report` when the person asked to stop."""


class Progress(Protocol):
    """Receiver of progress; `report` raises `Cancelled` when asked to stop."""

    def report(self, done: int, total: int) -> None: ...


class Silent:
    """Listens to nothing and never cancels."""

    def report(self, done: int, total: int) -> None:
        """Do nothing."""
