"""A small game: without a leak nothing is equal on both sides, each planted leak is seen at once.

Times and orders need many rounds: `./run game`.
"""

import os
import random
from collections.abc import Iterator

import pytest

from sync.protocol import enrolment, token_batch
from sync.protocol.seal import BODY_LENGTH
from tests.e2e.forks import Forks
from tests.unlinkability.attacks import ATTACKS
from tests.unlinkability.distinguisher import Distinguisher, Heard, count, hear
from tests.unlinkability.field import Field, prepare
from tests.unlinkability.leaks import LEAKS
from tests.unlinkability.play import play
from tests.unlinkability.sight import Contact, Round

pytestmark = pytest.mark.e2e

CERTAIN = (
    "equal values",
    "the issuer's key",
    "one connection",
    "TLS's first words",
    "sizes",
    "order of sizes",
    "header order",
    "one slot",
    "files of the feed",
)
"""Attacks that say nothing, unless something is there that must not be."""
FINDS = {
    "key per agency": "the issuer's key",
    "one slot": "one slot",
    "kept connection": "one connection",
    "reused nonce": "equal values",
    "varying size": "sizes",
    "mail by tag": "files of the feed",
}
COMMON = ("Host", "User-Agent", "Accept", "Accept-Encoding")


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    with Forks() as forks, prepare(tmp_path_factory.mktemp("game") / "field", forks) as found:
        yield found


@pytest.fixture(scope="module")
def rounds(field: Field) -> list[Round]:
    return play(field, 3, 3, "small")


def _contacts(rounds: list[Round]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    for each in rounds:
        for contact in each.sight.contacts:
            kind = f"{contact.method} {contact.path}" if contact.part == "issuer" else contact.part
            found.setdefault(kind, []).append(contact)
    return found


def test_without_a_leak_nothing_is_equal_on_both_sides(rounds: list[Round]) -> None:
    for each in rounds:
        votes = hear(each).votes
        assert {name: votes[name] for name in CERTAIN} == dict.fromkeys(CERTAIN, 0.0)


def test_a_whole_life_has_four_kinds_of_request_each_of_one_size_and_form(
    rounds: list[Round],
) -> None:
    kinds = _contacts(rounds)
    told = {
        f"POST {enrolment.PATH}": {len(each.body) for each in kinds[f"POST {enrolment.PATH}"]},
        f"POST {token_batch.PATH}": {token_batch.BATCH_LENGTH},
        "intake": {BODY_LENGTH},
        "feed": {0},
    }
    assert kinds.keys() == told.keys()
    more = {"intake": ("Authorization", "NearMiss-Proof"), "feed": ()}
    for kind, contacts in kinds.items():
        assert {len(each.body) for each in contacts} == told[kind]
        assert len(told[kind]) == 1
        forms = {tuple(name for name, _ in each.headers) for each in contacts}
        assert len(forms) == 1
        extra = () if kind == "feed" else ("Content-Type", "Content-Length", *more.get(kind, ()))
        assert sorted(forms.pop()) == sorted(COMMON + extra)
        heads = {len(each.head) for each in contacts}
        assert len(heads) == (1 if kind != "feed" else len({each.path for each in contacts}))
        assert not any(each.resumed for each in contacts)


def test_no_connection_is_used_for_two_conversations(rounds: list[Round]) -> None:
    for kind, contacts in _contacts(rounds).items():
        if kind != "feed":
            numbers = {each.connection: each.at_s for each in contacts}
            assert len(numbers) == len({(each.at_s, each.body) for each in contacts})


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_seen(leak: str, field: Field) -> None:
    officers = 3 if leak == "reused nonce" else 2  # a cover may have shown the nonce before
    found = play(field, officers, officers * (officers - 1) // 2, "small", leak)
    score = count([hear(each) for each in found])[FINDS[leak]]
    assert score.share > 0.5


def test_the_distinguisher_learns_what_is_right_and_what_is_wrong_more_often() -> None:
    chance = random.Random(1)
    heard = []
    for _ in range(300):
        is_straight = chance.random() < 0.5
        votes = {name: chance.choice((-1.0, 0.0, 1.0)) for name in ATTACKS}
        if chance.random() < 0.7:
            votes["hour of the day"] = -1.0 if is_straight else 1.0
        heard.append(Heard(votes, is_straight))
    trained = Distinguisher.train(heard[:150])
    assert trained.weights["hour of the day"] < -1
    assert trained.score(heard[150:], "seed").share > 0.75


def test_it_is_a_coin_where_nothing_is_to_be_known() -> None:
    chance = random.Random(2)
    heard = [
        Heard({name: chance.choice((-1.0, 1.0)) for name in ATTACKS}, chance.random() < 0.5)
        for _ in range(3_000)
    ]
    trained = Distinguisher.train(heard[:1_000])
    assert abs(trained.score(heard[1_000:], "seed").share - 0.5) < 0.04
