"""What goes wrong with a connection, how often, and for how long."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

SHARE = 0.35


class Fault(StrEnum):
    """One way in which a connection breaks.

    `REFUSED`: reset before a byte was read. `REQUEST_CUT`: a part of it reaches the service.
    `ANSWER_LOST`: the service has done its work, and nobody hears of it. `SLOW`: in small
    pieces with pauses. `SWALLOWED`: nothing reaches the service, nothing comes back.
    """

    REFUSED = "refused"
    REQUEST_CUT = "request cut"
    ANSWER_LOST = "answer lost"
    ANSWER_CUT = "answer cut"
    SLOW = "slow"
    SWALLOWED = "swallowed"


@dataclass(frozen=True, slots=True)
class Patience:
    """swallow_s: how long at most a swallowed connection hangs before it is reset. endless: the
    share of those that are never reset, so that only the client's own limit ends them. pause_s:
    the longest pause of a slow one between two of its twelve pieces.
    """

    swallow_s: float = 1.5
    endless: float = 0.02
    pause_s: float = 0.15


@dataclass
class Weather:
    """Draws the faults, and counts what happened. chance: with a fixed seed.

    connections: all that came. seen: by what broke them.
    """

    chance: random.Random
    patience: Patience
    share: float = SHARE
    connections: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def draw(self) -> Fault | None:
        """What breaks the next connection; None lets it be."""
        self.connections += 1
        if self.chance.random() >= self.share:
            return None
        fault = self.chance.choice(list(Fault))
        self.seen[fault] += 1
        return fault

    def draw_hold(self) -> float | None:
        """For how many seconds a swallowed connection hangs; None: until the client gives up."""
        if self.chance.random() < self.patience.endless:
            return None
        return self.chance.uniform(0, self.patience.swallow_s)

    def draw_pause(self) -> float:
        """Seconds between two pieces of a slow connection."""
        return self.chance.uniform(0, self.patience.pause_s)

    def draw_cut(self, length: int) -> int:
        """After how many bytes of so many a message is cut: at least one is there and one not."""
        return self.chance.randint(1, max(1, length - 1))
