"""When somebody has gone away, by the clocks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.schedule import Moment
from ui.guard.idle import LOOK_EVERY_S, IdleWatch, Reason

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
LIMIT_S = 120


def at(steady_s: float, wall_s: float | None = None) -> Moment:
    """What both clocks show so long after the start."""
    return Moment(START + timedelta(seconds=steady_s if wall_s is None else wall_s), steady_s)


@given(st.lists(st.tuples(st.floats(0.1, LOOK_EVERY_S), st.booleans()), max_size=200))
def test_it_is_locked_at_the_limit_and_not_before(steps: list[tuple[float, bool]]) -> None:
    watch, now_s, active_s = IdleWatch(at(0)), 0.0, 0.0
    for step_s, is_active in steps:
        now_s += step_s
        found = watch.note(at(now_s), LIMIT_S) if is_active else watch.look(at(now_s), LIMIT_S)
        # Nanoseconds are lost where a clock counts in microseconds.
        if now_s - active_s > LIMIT_S + 0.01:
            assert found is Reason.IDLE
            return
        if now_s - active_s < LIMIT_S - 0.01:
            assert found is None
        if is_active:
            active_s = now_s


def test_who_comes_back_too_late_finds_it_locked() -> None:
    watch = IdleWatch(at(0))
    for second in range(2, 120, 2):
        assert watch.look(at(second), LIMIT_S) is None
    assert watch.note(at(121), LIMIT_S) is Reason.IDLE


def test_a_computer_that_slept_is_noticed_by_either_clock() -> None:
    # Linux and macOS: the steady clock stood still. Windows: both went on.
    assert IdleWatch(at(0)).look(at(2, 1000), LIMIT_S) is Reason.GAP
    assert IdleWatch(at(0)).look(at(1000, 1000), LIMIT_S) is Reason.GAP


def test_the_first_key_after_sleep_locks_and_does_not_count_as_presence() -> None:
    assert IdleWatch(at(0)).note(at(1, 500), LIMIT_S) is Reason.GAP


def test_a_clock_that_was_set_locks_too() -> None:
    assert IdleWatch(at(0)).look(at(2, -3600), LIMIT_S) is Reason.GAP


def test_a_clock_that_is_being_corrected_does_not() -> None:
    watch = IdleWatch(at(0))
    for second in range(2, 100, 2):
        assert watch.look(at(second, second * 1.001), LIMIT_S) is None


def test_a_shorter_limit_holds_from_the_next_look_on() -> None:
    watch = IdleWatch(at(0))
    for second in range(2, 90, 2):
        assert watch.look(at(second), LIMIT_S) is None
    assert watch.look(at(90), 60) is Reason.IDLE
