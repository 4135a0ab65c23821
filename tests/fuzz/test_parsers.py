"""The fuzzed parsers take the golden examples, and refuse near misses in their own words only.

The fuzzing itself is `./run fuzz`; this is its short form, without coverage, in the ordinary tests.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutate
from tests.fuzz.parsers import PARSERS, Parser

QUICK = [PARSERS[name] for name in PARSERS if name != "metadata"]


def change_bytes(raw: bytes, longest: int, chance: random.Random) -> bytes:
    """A flipped bit, a cut, a doubled piece."""
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(3):
            case 0 if place < len(changed):
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place : place + chance.randrange(1, 40)]
            case _:
                changed[place:place] = changed[place : place + chance.randrange(1, 40)]
    return bytes(changed[:longest])


@pytest.mark.parametrize("parser", PARSERS.values(), ids=list(PARSERS))
def test_most_examples_are_taken_by_a_reader(parser: Parser) -> None:
    seeds = list(parser.seeds())
    assert all(len(seed) <= parser.longest for seed in seeds)
    taken = sum(bool(parser.read(seed)) for seed in seeds)
    assert taken * 2 > len(seeds)


@pytest.mark.parametrize("parser", QUICK, ids=[each.name for each in QUICK])
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), chosen=st.integers(0, 99), rounds=st.integers(1, 3))
def test_what_is_nearly_an_example_is_refused_in_the_parsers_own_words(
    parser: Parser, seed: int, chosen: int, rounds: int
) -> None:
    chance = random.Random(seed)
    seeds = list(parser.seeds())
    raw = seeds[chosen % len(seeds)]
    for _ in range(rounds):
        raw = mutate(
            raw,
            parser.longest,
            chance.getrandbits(32),
            lambda one, longest: change_bytes(one, longest, chance),
        )
    parser.read(raw)


def test_a_parser_that_raises_something_else_is_caught() -> None:
    def broken(_raw: bytes) -> None:
        raise KeyError("name")

    with pytest.raises(KeyError):
        Parser("broken", (broken,), list).read(b"")
