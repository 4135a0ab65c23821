"""Following each program by its daily fetch of the feed, from the fetch that came with a batch.

A fetch comes 20 to 28 hours after the one before of the same program, or sooner where something
else was due. So two lines of fetches can be told apart for some days, and if a report's exchange
fetches the feed too, a line that began at an account ends at a report.
"""

import math
from dataclasses import dataclass

from sync.schedule import LONGEST_DAY_S, SHORTEST_DAY_S
from tests.unlinkability.sight import FEED, Sight

_SLOT_S = 300.0
_SECONDS_S = 5.0
_SLACK_S = 180.0
_NEVER = -1e9
# How likely a fetch out of its time is, where nothing shows why.
_ODD = -14.0


@dataclass(frozen=True, slots=True)
class _Event:
    """owner: 0 or 1 for an account's, None where it is not known. report: 0 or 1, or None."""

    at_s: float
    owner: int | None
    report: int | None


def follow_feed(sight: Sight) -> float:
    """How much likelier the fetches are if the first report is the first account's."""
    events = _list_events(sight)
    return _weigh(events, (0, 1)) - _weigh(events, (1, 0))


def _list_events(sight: Sight) -> list[_Event]:
    times: list[float] = []
    for each in sight.contacts:
        if each.part == FEED and (not times or each.at_s - times[-1] > _SECONDS_S):
            times.append(each.at_s)
    batches = [sight.batch_of(each).at_s for each in sight.accounts]
    reports = [sight.of_report(each)[0].at_s for each in sight.reports]
    return [_Event(at, _which(batches, at), _which(reports, at)) for at in times]


def _which(times: list[float], at_s: float) -> int | None:
    near = [place for place, each in enumerate(times) if abs(at_s - each) < _SECONDS_S]
    return near[0] if near else None


def _weigh(events: list[_Event], owners: tuple[int, int]) -> float:
    """Logarithm of the likelihood, over all ways of sharing out the fetches that are no one's.

    owners: whose each report is. A state is the last fetch of both; one of them is the newest.
    """
    states: dict[tuple[float, float], float] = {(-1.0, -1.0): 0.0}
    for event in events:
        owner = event.owner if event.report is None else owners[event.report]
        following: dict[tuple[float, float], float] = {}
        for state, weight in states.items():
            for mine in (0, 1) if owner is None else (owner,):
                last = state[mine]
                step = _step(event, last)
                moved = (event.at_s, state[1]) if mine == 0 else (state[0], event.at_s)
                late = _overdue(state[1 - mine], event.at_s)
                new = weight + step + late
                old = following.get(moved, _NEVER)
                following[moved] = _add(old, new)
        best = max(following.values())
        states = {state: w for state, w in following.items() if w > best - 60}
    ends = list(states.values())
    top = max(ends)
    return top + math.log(sum(math.exp(each - top) for each in ends))


def _step(event: _Event, last_s: float) -> float:
    if last_s < 0:
        return -math.log(SHORTEST_DAY_S)
    gap_s = event.at_s - last_s
    if SHORTEST_DAY_S <= gap_s <= LONGEST_DAY_S + _SLACK_S:
        return -math.log(LONGEST_DAY_S - SHORTEST_DAY_S)
    if event.report is not None and gap_s < SHORTEST_DAY_S:
        return -math.log(SHORTEST_DAY_S)
    return _ODD - math.log(SHORTEST_DAY_S)


def _overdue(last_s: float, now_s: float) -> float:
    """The other program ought to have come again by now."""
    return _ODD if 0 <= last_s < now_s - LONGEST_DAY_S - _SLACK_S else 0.0


def _add(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return high if high - low > 50 else high + math.log1p(math.exp(low - high))
