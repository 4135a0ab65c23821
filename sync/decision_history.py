"""The steps of the person's decisions, so that each can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.decisions import Decisions

_MOST_STEPS = 200


@dataclass(frozen=True, slots=True, repr=False)
class History:
    """The decisions now, those before, and those that were undone."""

    now: Decisions
    past: tuple[Decisions, ...] = ()
    undone: tuple[Decisions, ...] = ()

    def do(self, step: Callable[[Decisions], Decisions]) -> "History":
        """Take a step; one that changes nothing is not remembered."""
        after = step(self.now)
        if after == self.now:
            return self
        return History(after, (*self.past, self.now)[-_MOST_STEPS:])

    def undo(self) -> "History":
        """One step back; the same if there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.undone, self.now))

    def redo(self) -> "History":
        """The step that was undone last, again; the same if there is none."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.past, self.now), self.undone[:-1])
