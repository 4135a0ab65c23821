"""A client process: goes from one station to the next until all of its reports have arrived.

It may be killed at any moment and started again. Two journals outlive it: the ids of the reports
that were frozen in a post, and of those whose acknowledgement the program has believed.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from app.paths import Home
from tests.torture.station import REPORTS_OF_AN_OFFICER, Officer, Station

OFFICERS_AT_A_STATION = 2
ID_LENGTH = 16
_DONE = "all-arrived"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one client process has to do. folder: its own. template: a home without vaults.

    cards: one for each officer. serials: first and last but one.
    """

    folder: str
    template: str
    cards: tuple[str, ...]
    serials: tuple[int, int]
    seed: int

    def to_text(self) -> str:
        """As a file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read it back."""
        raw = json.loads(text)
        return cls(
            raw["folder"], raw["template"], tuple(raw["cards"]), tuple(raw["serials"]), raw["seed"]
        )


class Journal:
    """Ids, each once, in the order in which they were noted. A kill loses none of them."""

    def __init__(self, file: Path) -> None:
        self._known = set(read_journal(file))
        self._handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def note(self, name: bytes) -> None:
        """Keep an id."""
        if name not in self._known:
            self._known.add(name)
            os.write(self._handle, name)


def read_journal(file: Path) -> list[bytes]:
    """The ids in it; none if there is no such file."""
    raw = file.read_bytes() if file.exists() else b""
    return [raw[start : start + ID_LENGTH] for start in range(0, len(raw), ID_LENGTH)]


def queued_file(folder: Path) -> Path:
    """The journal of what was frozen."""
    return folder / "queued"


def received_file(folder: Path) -> Path:
    """The journal of what was acknowledged."""
    return folder / "received"


def officers_for(reports: int) -> int:
    """How many it takes to send so many reports."""
    return -(-reports // REPORTS_OF_AN_OFFICER)


def main(words: Sequence[str]) -> int:
    """words: "work", the file of the plan."""
    plan = Plan.from_text(Path(words[1]).read_text())
    folder = Path(plan.folder)
    queued, received = Journal(queued_file(folder)), Journal(received_file(folder))
    # Not the plan's seed alone: after a kill something else should happen.
    chance = random.Random(f"{plan.seed}/{plan.serials}/{os.getpid()}")
    for number, officers in enumerate(_stations(plan)):
        home = folder / f"station-{number}"
        if (home / _DONE).exists():
            continue
        _furnish(home, Path(plan.template))
        Station(Home(home), officers, plan.seed, chance, queued.note, received.note).work()
        (home / _DONE).touch()
    return 0


def _stations(plan: Plan) -> list[list[Officer]]:
    first, end = plan.serials
    starts = range(first, end, REPORTS_OF_AN_OFFICER)
    officers = [
        Officer(f"desk-{number}", card, range(start, min(start + REPORTS_OF_AN_OFFICER, end)))
        for number, (start, card) in enumerate(zip(starts, plan.cards, strict=True))
    ]
    size = OFFICERS_AT_A_STATION
    return [officers[start : start + size] for start in range(0, len(officers), size)]


def _furnish(home: Path, template: Path) -> None:
    """Copy the template, whole or not at all."""
    if home.exists():
        return
    temporary = home.with_name(f"{home.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.copytree(template, temporary)
    temporary.rename(home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
