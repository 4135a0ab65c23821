"""The distinguisher: all attacks together, weighed by how often each was right in training."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from tests.unlinkability.attacks import ATTACKS
from tests.unlinkability.sight import Round

_LEAST_EDGE = 1.5
"""In standard deviations: what is weaker in training is as likely noise."""


@dataclass(frozen=True, slots=True)
class Score:
    """right: of rounds. Where an attack had nothing to say half counts as right."""

    right: float
    rounds: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.right / self.rounds


Votes: TypeAlias = Mapping[str, float]
"""Attack → above zero, zero or below."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A round of which only the votes are kept."""

    votes: Votes
    is_straight: bool


def hear(played: Round) -> Heard:
    """What every attack says of a round."""
    return Heard(
        {name: attack(played.sight) for name, attack in ATTACKS.items()}, played.is_straight
    )


def count(heard: Sequence[Heard]) -> dict[str, Score]:
    """How often each attack alone is right."""
    return {
        name: Score(
            sum(_is_right(each.votes[name], each.is_straight) for each in heard), len(heard)
        )
        for name in ATTACKS
    }


@dataclass(frozen=True, slots=True)
class Distinguisher:
    """weights: attack → what its vote counts; below zero where it is wrong more often."""

    weights: Mapping[str, float]

    @classmethod
    def train(cls, heard: Sequence[Heard]) -> Self:
        """Learn from rounds whose truth is known."""
        weights = {}
        for name, score in count(heard).items():
            said = sum(each.votes[name] != 0 for each in heard)
            right = score.right - (len(heard) - said) / 2
            edge = abs(right - said / 2) / max(math.sqrt(said) / 2, 0.5)
            share = (right + 1) / (said + 2)
            weights[name] = math.log(share / (1 - share)) if edge >= _LEAST_EDGE else 0.0
        if not any(weights.values()):
            best = max(count(heard).items(), key=lambda each: abs(each[1].share - 0.5))
            weights[best[0]] = 1.0 if best[1].share >= 0.5 else -1.0
        return cls(weights)

    def guess(self, votes: Votes, chance: random.Random) -> bool:
        """Whether the first report is the first account's."""
        total = sum(self.weights[name] * _sign(vote) for name, vote in votes.items())
        return total > 0 if total else chance.random() < 0.5

    def score(self, heard: Sequence[Heard], seed: str) -> Score:
        """How often it is right about rounds that it was not trained with."""
        chance = random.Random(seed)
        right = [self.guess(each.votes, chance) == each.is_straight for each in heard]
        return Score(sum(right), len(heard))


def _sign(vote: float) -> int:
    return (vote > 0) - (vote < 0)


def _is_right(vote: float, is_straight: bool) -> float:
    if vote == 0:
        return 0.5
    return float((vote > 0) == is_straight)
