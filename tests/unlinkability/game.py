"""`./run game`: can issuer and intake together tell whose report is whose?

The program's own client code enrols, fetches tokens and submits against real servers, by a clock
that runs ahead. A distinguisher sees everything that a malicious operator of issuer, intake and
feed could write down, is trained with rounds whose truth it is told, and then has to say which of
two reports belongs to which of two accounts. Without a leak it should be right half of the time; on
each of six planted leaks it has to win, or the game proves nothing.
"""

import argparse
import math
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.forks import Forks
from tests.unlinkability.distinguisher import Distinguisher, Heard, Score, count, hear
from tests.unlinkability.field import prepare
from tests.unlinkability.leaks import LEAKS
from tests.unlinkability.play import play

HURRY = "report ready when enrolling"
ALLOWED = 0.04
"""How far from one half the distinguisher may be without a leak."""
CERTAIN = 0.6
"""What it has to reach on each planted leak; half of the pairs share an agency, and so a key."""
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Block:
    """Officers of one time line. leak: one of LEAKS, HURRY, or none. for_training: or for test."""

    leak: str
    for_training: bool
    number: int
    officers: int
    rounds: int


def play_blocks(blocks: Sequence[Block], seed: int) -> list[tuple[Block, list[Heard]]]:
    """One after the other, at one service."""
    # The system's own list of authorities is long, and nobody here is on it.
    os.environ["SSL_CERT_FILE"] = os.environ["SSL_CERT_DIR"] = os.devnull
    found = []
    with (
        tempfile.TemporaryDirectory(prefix="nearmiss-game-") as folder,
        Forks() as forks,
        prepare(Path(folder) / "field", forks) as field,
    ):
        for block in blocks:
            began = time.monotonic()
            name = f"{seed}/{block}"
            leak = "" if block.leak == HURRY else block.leak
            is_hurry = block.leak == HURRY
            rounds = play(field, block.officers, block.rounds, name, leak, in_a_hurry=is_hurry)
            found.append((block, [hear(each) for each in rounds]))
            took = time.monotonic() - began
            print(f"  {block.leak or 'no leak'} {block.number}: {took:.0f} s", file=sys.stderr)
    return found


def plan(rounds: int, officers: int, share: int) -> list[Block]:
    """share: how many rounds an officer is in. Training has four tenths as many rounds as the
    test; each leak two small blocks.
    """
    each = officers * share // 2
    found = [
        Block("", training, number, officers, each)
        for training, total in ((True, rounds * 2 // 5), (False, rounds))
        for number in range(math.ceil(total / each))
    ]
    few = max(officers // 2, 4)
    pairs = few * (few - 1) // 2
    for leak in (*LEAKS, HURRY):
        found += [Block(leak, training, 0, few, pairs) for training in (True, False)]
    return found


def judge(heard: Iterable[tuple[Block, list[Heard]]], seed: int) -> dict[str, tuple[Score, str]]:
    """Leak → how often the distinguisher was right, and which attack alone was right most often."""
    sides: dict[tuple[str, bool], list[Heard]] = {}
    for block, found in heard:
        sides.setdefault((block.leak, block.for_training), []).extend(found)
    told = {}
    for leak in ("", *LEAKS, HURRY):
        trained = Distinguisher.train(sides[leak, True])
        test = sides[leak, False]
        name, best = max(count(test).items(), key=lambda each: abs(each[1].share - 0.5))
        told[leak] = (trained.score(test, str(seed)), f"{name} {best.share:.0%}")
    return told


def find_faults(told: dict[str, tuple[Score, str]]) -> list[str]:
    """Why the game counts as lost; empty if it does not."""
    found = []
    if abs(told[""][0].share - 0.5) > ALLOWED:
        found.append(f"without a leak it is right in {told[''][0].share:.1%}")
    for leak in LEAKS:
        if told[leak][0].share < CERTAIN:
            found.append(f"the leak '{leak}' is not found: the game proves nothing")
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Returns 1 if the distinguisher wins without a leak, or does not with one."""
    parser = argparse.ArgumentParser(prog="./run game", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--officers", type=int, default=16, help="in one time line")
    parser.add_argument("--share", type=int, default=5, help="rounds that an officer is in")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(words)
    began = time.monotonic()
    blocks = plan(options.rounds, options.officers, options.share)
    lots = [blocks[start :: options.processes] for start in range(options.processes)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=context) as pool:
        found = pool.map(play_blocks, lots, [options.seed] * len(lots))
        heard = [each for lot in found for each in lot]
    told = judge(heard, options.seed)
    officers = sum(block.officers for block in blocks)
    print(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), f"seed {options.seed}")
    print(f"{officers:,} officers, {time.monotonic() - began:,.0f} s")
    for leak, (score, best) in told.items():
        print(f"{leak or 'no leak':<28}{score.share:>7.1%} of {score.rounds:>5,}   best: {best}")
    faults = find_faults(told)
    print("; ".join(faults) or "whose report is whose cannot be told")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
