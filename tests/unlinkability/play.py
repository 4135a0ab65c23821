"""Blocks of the game: officers who enrol, fetch tokens and later submit, all in one time line.

A round is two of them, of whom the operator sees what they would leave behind alone. Two officers
share nothing but the service, so some officers make many rounds.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import combinations

from tests.unlinkability.field import Field
from tests.unlinkability.leaks import plant
from tests.unlinkability.machine import Day, Machine
from tests.unlinkability.rows import find_rows
from tests.unlinkability.sight import Round, Rows, Sight

_ENROLLING = timedelta(days=1)
_FIRST_WRITING, _LAST_WRITING = timedelta(days=10), timedelta(days=23)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def play(
    game: Field,
    officers: int,
    rounds: int,
    seed: str,
    leak: str = "",
    *,
    in_a_hurry: bool = False,
) -> list[Round]:
    """leak: one of LEAKS, or none. in_a_hurry: a report is ready when its officer enrols."""
    chance = random.Random(f"{seed}/{leak}/{in_a_hurry}")
    planted = plant(leak, game, chance)
    begin = datetime.now(UTC)
    with planted.planted(), ExitStack() as stack:
        machines = []
        for _ in range(officers):
            machine = Machine(
                game,
                stack.enter_context(game.new_home()),
                _draw_day(begin, chance, in_a_hurry=in_a_hurry),
                chance,
                planted.before,
                in_one_slot=planted.in_one_slot,
            )
            stack.callback(machine.close)
            machines.append(machine)
        _live(machines)
    names = [name for each in machines for name in (each.account, each.report)]
    rows = find_rows(game.stage.service_folder, names)
    return [_show(pair, rows, chance) for pair in _draw_pairs(machines, rounds, chance)]


def _draw_pairs(
    machines: Sequence[Machine], rounds: int, chance: random.Random
) -> Iterator[tuple[Machine, Machine]]:
    """Each officer about as often as another, and no pair twice."""
    pairs = list(combinations(machines, 2))
    assert rounds <= len(pairs)
    used = dict.fromkeys(machines, 0)
    for _ in range(rounds):
        chance.shuffle(pairs)
        pair = min(pairs, key=lambda each: used[each[0]] + used[each[1]])
        pairs.remove(pair)
        for each in pair:
            used[each] += 1
        yield pair


def _show(pair: tuple[Machine, Machine], rows: Rows, chance: random.Random) -> Round:
    one, other = chance.sample(pair, 2)
    is_straight = chance.random() < 0.5
    reports = (one.report, other.report) if is_straight else (other.report, one.report)
    contacts = sorted(one.contacts + other.contacts, key=lambda each: each.connection)
    contacts.sort(key=lambda each: each.at_s)
    return Round(Sight((one.account, other.account), reports, tuple(contacts), rows), is_straight)


def _draw_day(begin: datetime, chance: random.Random, *, in_a_hurry: bool) -> Day:
    """Reports are written on days that have nothing to do with the day of enrolling."""
    enrols = begin + chance.random() * _ENROLLING
    writes = begin + _FIRST_WRITING + chance.random() * (_LAST_WRITING - _FIRST_WRITING)
    return Day(enrols, enrols if in_a_hurry else writes)


def _live(machines: Sequence[Machine]) -> None:
    """Whoever is next acts, until all reports have arrived."""
    looks = {each: each.next_look(_LONG_AGO) for each in machines}
    while not all(each.is_done for each in machines):
        machine = min(looks, key=lambda each: looks[each])
        now = looks[machine]
        machine.look(now)
        looks[machine] = machine.next_look(now)
