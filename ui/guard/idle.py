"""When somebody has gone away, by the clocks alone. Without Qt and without a system's help."""

from enum import StrEnum

from sync.schedule import Moment

LOOK_EVERY_S = 2
_HUNG_S = 30  # nobody looked for so long: the computer slept, or the program stood still
_CLOCKS_APART_S = 10  # one clock goes on while a computer sleeps, the other stands still


class Reason(StrEnum):
    """Why the vault is locked."""

    KEY = "key"
    IDLE = "idle"
    SLEEP = "sleep"
    SCREEN = "screen"
    GAP = "gap"


class IdleWatch:
    """Counts how long no key was pressed and no pointer moved.

    Time counts by whichever clock has gone further, so that neither sleep nor a clock that was
    set makes it wait longer.
    """

    def __init__(self, now: Moment) -> None:
        self._seen = now
        self._idle_s = 0.0

    def look(self, now: Moment, limit_s: float) -> Reason | None:
        """Called every LOOK_EVERY_S seconds: why to lock now, or None."""
        steady_s = now.steady_s - self._seen.steady_s
        wall_s = (now.utc - self._seen.utc).total_seconds()
        self._seen = now
        self._idle_s += max(steady_s, wall_s, 0.0)
        if abs(wall_s - steady_s) > _CLOCKS_APART_S or steady_s > _HUNG_S:
            return Reason.GAP
        return Reason.IDLE if self._idle_s >= limit_s else None

    def note(self, now: Moment, limit_s: float) -> Reason | None:
        """A key or the pointer. Who comes after the time was up finds it locked all the same."""
        reason = self.look(now, limit_s)
        if reason is None:
            self._idle_s = 0.0
        return reason
