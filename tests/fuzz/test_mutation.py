"""Proposals stay within the length, stay JSON where they say so, and follow from the seed."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutation import mutate, mutate_json

MESSAGE = b'{"deltas":[{"from":3,"to":4},{"from":4,"to":5}],"format":"x","tenant":"00"}'


@given(st.integers(0, 2**32))
def test_a_changed_message_is_json_and_the_same_for_the_same_seed(seed: int) -> None:
    changed = mutate_json(MESSAGE, random.Random(seed))
    assert changed is not None
    json.loads(changed.decode("utf-8", "surrogatepass"))
    assert changed == mutate_json(MESSAGE, random.Random(seed))


@given(st.integers(0, 2**32), st.integers(1, 200))
def test_no_proposal_is_longer_than_allowed(seed: int, longest: int) -> None:
    assert len(mutate(MESSAGE, longest, seed, lambda raw, most: raw[:most])) <= longest


def test_what_is_no_json_is_left_to_the_fuzzer() -> None:
    assert mutate_json(b"NMR1\xff", random.Random(1)) is None


def test_every_member_is_reached() -> None:
    changed = {mutate_json(MESSAGE, random.Random(seed)) for seed in range(500)}
    assert len(changed) > 150
