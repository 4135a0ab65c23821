"""What the desk's commands share: finding the desk, opening its cases, asking."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.progress import Silent
from app.use_cases.review_case import CaseStore
from sync.desk.home import DeskHome
from sync.desk.release import settle_release
from ui.cli.parts import find_home
from ui.cli.passphrase import read_passphrase


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """The desk with its cases open. key: the cases' own, which a copy of them needs."""

    home: DeskHome
    passphrase: str
    cases: CaseStore
    key: bytes

    def back_up(self) -> None:
        """Copy the cases and their key. Raises UserError; what was done before is done."""
        self.home.back_up(self.cases, self.key, Silent())

    def settle(self) -> None:
        """Mark as published what was released since. Raises UserError."""
        settle_release(self.home.feed, self.home.connection(), self.cases)


@contextmanager
def open_desk() -> Iterator[OpenDesk]:
    """The desk of this user, until the end of the block. Raises UserError."""
    home = DeskHome.of(find_home())
    home.connection()  # says at once if there is no desk here
    passphrase = read_passphrase()
    cases, key = home.open_cases(passphrase)
    with cases:
        yield OpenDesk(home, passphrase, cases, key)


def agrees(question: str) -> bool:
    """Whether a person at a terminal says yes; the question goes where it disturbs no pipe."""
    if not sys.stdin.isatty():
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
