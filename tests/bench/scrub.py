"""`./run bench scrub`: what the scrubber finds, spares and costs, beside Presidio and spaCy.

The narratives are tests/scrub/hand (six writers; the scrubber was developed by them) and
tests/scrub/held_out (two other writers; only measured by). Every scrubber runs in a process of
its own, on one processor; the peers in an environment of their own, which --with-peers makes in
out/peers (or NEARMISS_PEERS_PYTHON names its interpreter). Figures of docs/scrub.md come from here.
"""

import argparse
import json
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build" / "scrub_model"))

from marks import Narrative, read_narratives
from score import Judged, Score, count_words, find_masked_words, sum_up
from tests.bench.scrub_runs import (
    ROOT,
    NotRunError,
    Process,
    Speed,
    find_peers,
    judge_all,
    make_peers,
    measure_speed,
    start,
)
from tests.bench.scrub_table import QUALITY, write_kinds, write_quality, write_speed

_SETS = {"hand": "Development set", "held_out": "Held-out set"}
_CORPUS = ROOT.parent / "shared" / "corpus" / "real_near_misses.jsonl"
_ASRS_GOAL = 0.02
_LABELS = {"ours": "this program", "rules": "rules alone", "presidio": "Presidio", "spacy": "spaCy"}
_CENSUS = ("census_first_names.txt", "census_surnames.txt", "census_rare_surnames.txt")


@dataclass(slots=True)
class Figures:
    """What was measured: by set and scrubber, by scrubber; and our judged development set."""

    scores: dict[str, dict[str, Score]] = field(default_factory=lambda: {key: {} for key in _SETS})
    speeds: dict[str, Speed] = field(default_factory=dict)
    ours: list[Judged] = field(default_factory=list)


def main() -> int:
    """Print the tables; 1 if this program misses a goal of quality on the held-out set."""
    options = _parse()
    python = make_peers() if options.with_peers else find_peers()
    sets = {name: read_set(ROOT / "tests" / "scrub" / name) for name in _SETS}
    names = read_names(ROOT / "resources" / "scrub")
    figures = Figures()
    asrs: list[str] = []
    for name, interpreter in choose_scrubbers(python):
        label = _LABELS[name]
        try:
            with start(name, interpreter) as process:
                print(f"{label}: {process.about}{process.note and f' ({process.note})'}")
                measure(label, process, sets, names, figures, options.passes)
                if name == "ours":
                    asrs = measure_asrs(process, options.asrs_every)
        except NotRunError as error:
            print(f"{label} was not measured: {error}")
    if python is None:
        print("Presidio and spaCy were not measured: ./run bench scrub --with-peers installs them.")
    print_tables(figures, sets)
    print("\n".join(["", *asrs]))
    if options.misses:
        print_misses(figures.ours)
    ours = figures.scores["held_out"].get(_LABELS["ours"])
    return int(ours is None or any(row.misses(ours) for row in QUALITY))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run bench scrub", description=__doc__)
    parser.add_argument("--with-peers", action="store_true", help="install the peers in out/peers")
    parser.add_argument("--passes", type=int, default=3, help="timed passes (default: 3)")
    parser.add_argument("--asrs-every", type=int, default=1, help="take every Nth ASRS narrative")
    parser.add_argument("--misses", action="store_true", help="list what the development set shows")
    return parser.parse_args()


def read_set(folder: Path) -> list[Narrative]:
    """All narratives of a folder's files."""
    return [each for path in sorted(folder.glob("?.txt")) for each in read_narratives(path)]


def read_names(folder: Path) -> frozenset[str]:
    """First names and surnames by the census, lower case."""
    lines = (line for name in _CENSUS for line in (folder / name).read_text("utf-8").splitlines())
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def choose_scrubbers(peers: str | None) -> list[tuple[str, str]]:
    """Names and interpreters; the rules alone are another scrubber only if there is a model."""
    has_model = any((ROOT / "resources" / "scrub").glob("*.onnx"))
    own = ["ours", "rules"] if has_model else ["ours"]
    others = [(name, peers) for name in ("presidio", "spacy") if peers]
    return [*((name, sys.executable) for name in own), *others]


def measure(
    label: str,
    process: Process,
    sets: dict[str, list[Narrative]],
    names: frozenset[str],
    figures: Figures,
    passes: int,
) -> None:
    """All of one scrubber."""
    for name, narratives in sets.items():
        judged = judge_all(process, narratives, names)
        figures.scores[name][label] = sum_up(judged, random.Random(1))
        if label == _LABELS["ours"] and name == "hand":
            figures.ours = judged
    texts = [narrative.text for narrative in sets["hand"]]
    figures.speeds[label] = measure_speed(process, texts, passes)


def measure_asrs(process: Process, every: int) -> list[str]:
    """The share of words masked in prose that its owner has already de-identified."""
    if not _CORPUS.exists():
        return ["The ASRS test was skipped: ../shared/corpus is not beside this checkout."]
    rows = (json.loads(line) for line in _CORPUS.read_text("utf-8").splitlines())
    texts = [row["text"] for row in rows if row["source"] == "asrs" and row["text"]][::every]
    counts = [
        (len(find_masked_words(text, process.scrub(text).masked)), count_words(text))
        for text in texts
    ]
    share = sum(masked for masked, _ in counts) / sum(words for _, words in counts)
    middle = statistics.median(masked / words for masked, words in counts if words)
    size = f"{len(texts):,} narratives, {sum(words for _, words in counts):,} words"
    told = f"masked {share:.2%} of all words, median of narratives {middle:.2%}"
    return [f"ASRS, {size}, this program: {told}; goal: under {_ASRS_GOAL:.0%}"]


def print_tables(figures: Figures, sets: dict[str, list[Narrative]]) -> None:
    """Quality by set, kinds, speed."""
    for name, title in _SETS.items():
        if scores := figures.scores[name]:
            head = f"{title}, {len(sets[name])} narratives"
            print("\n".join(["", head, "", *write_quality(scores)]))
            print("\n".join(["", f"{head}: fully masked by kind", "", *write_kinds(scores)]))
    if figures.speeds:
        print("\n".join(["", "Cost, on one processor", "", *write_speed(figures.speeds)]))


def print_misses(judged: Sequence[Judged]) -> None:
    """What this program left and what it took wrongly; never of the held-out set."""
    for each in judged:
        left = [f"{mark.kind} {mark.text}" for mark in each.marks if not mark.masked]
        if left or each.wrong:
            print(f"\n{each.name}\n  left: {'; '.join(left)}\n  wrong: {'; '.join(each.wrong)}")


if __name__ == "__main__":
    raise SystemExit(main())
