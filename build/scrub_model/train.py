"""Fine-tunes the classifier on swapped and roughened narratives; stops by the hand-written set."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from marks import Narrative
from network import Network
from samples import IGNORED, Cutter, Sample
from swap_lists import Lists

_BATCH_PIECES = 2600
_RATE, _RATE_NEW = 1e-4, 1e-3
_HIDDEN_PIECES, _HIDDEN_FEATURES, _UNKNOWN = 0.03, 0.1, 100


def make_batches(samples: Sequence[Sample], random_: random.Random) -> Iterator[list[Sample]]:
    """Samples of about the same length together, the batches in random order."""
    order = sorted(samples, key=lambda each: (len(each.ids), random_.random()))
    batches: list[list[Sample]] = []
    batch: list[Sample] = []
    for sample in order:
        if batch and (len(batch) + 1) * len(sample.ids) > _BATCH_PIECES:
            batches.append(batch)
            batch = []
        batch.append(sample)
    batches.append(batch)
    random_.shuffle(batches)
    yield from batches


def stack(batch: Sequence[Sample]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """ids, features, labels and mask of a batch, padded to its longest."""
    longest = max(len(sample.ids) for sample in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    features = torch.zeros(len(batch), longest, batch[0].features.shape[1])
    labels = torch.full((len(batch), longest), IGNORED)
    mask = torch.zeros(len(batch), 1, 1, longest, dtype=torch.bool)
    for row, sample in enumerate(batch):
        size = len(sample.ids)
        ids[row, :size] = torch.from_numpy(sample.ids)
        features[row, :size] = torch.from_numpy(sample.features)
        labels[row, :size] = torch.from_numpy(sample.labels)
        mask[row, 0, 0, :size] = True
    return ids, features, labels, mask


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train.

    repeats: of all texts in an epoch, each time swapped anew. rounding: the last epochs that
    compute as the int8 export will. half: products in bfloat16.
    """

    epochs: int
    repeats: int
    rounding: int
    half: bool


def train(
    network: Network,
    cutter: Cutter,
    texts: Sequence[Narrative],
    hand: Sequence[Narrative],
    lists: Lists,
    plan: Plan,
    random_: random.Random,
) -> None:
    """Train in place. `hand` is only looked at: it leaves the network of the best epoch."""
    epochs = [
        [sample for _ in range(plan.repeats) for sample in cutter.make_epoch(texts, lists, random_)]
        for _ in range(plan.epochs)
    ]
    held = [sample for narrative in hand for sample in cutter.cut(narrative)]
    batches = [list(make_batches(samples, random_)) for samples in epochs]
    steps = sum(len(each) for each in batches)
    optimizer, schedule = _make_optimizer(network, steps)
    best, best_weights = 0.0, network.state_dict()
    for epoch, batched in enumerate(batches):
        begun = time.monotonic()
        network.set_rounding(epoch >= plan.epochs - plan.rounding)
        network.train()
        losses = [_step(network, batch, optimizer, plan.half) for batch in _tick(batched, schedule)]
        network.eval()
        recall, precision = look(network, held)
        print(
            f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.4f}, hand-written set:"
            f" recall {recall:.4f} precision {precision:.4f}, {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        # Only epochs that rounded as the export will can be exported without loss.
        if epoch >= plan.epochs - max(plan.rounding, 1) and recall + precision > best:
            best = recall + precision
            best_weights = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(best_weights)


def _make_optimizer(
    network: Network, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    new = [*network.feature.parameters(), *network.out.parameters()]
    known = {id(each) for each in new}
    old = [each for each in network.parameters() if id(each) not in known]
    groups = [{"params": old, "lr": _RATE}, {"params": new, "lr": _RATE_NEW}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 100) * max(0.02, 1 - step / steps)
    )
    return optimizer, schedule


def _tick(
    batches: Sequence[list[Sample]], schedule: torch.optim.lr_scheduler.LRScheduler
) -> Iterator[list[Sample]]:
    for batch in batches:
        yield batch
        schedule.step()


def _step(
    network: Network, batch: Sequence[Sample], optimizer: torch.optim.Optimizer, half: bool
) -> float:
    ids, features, labels, mask = stack(batch)
    # Now and then a word's letters or all features must do alone.
    hidden = (torch.rand(ids.shape) < _HIDDEN_PIECES) & (labels != IGNORED)
    kept = (torch.rand(len(batch), 1, 1) > _HIDDEN_FEATURES).float()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        scores = network(ids.masked_fill(hidden, _UNKNOWN), features * kept, mask)
    loss = functional.cross_entropy(
        scores.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED
    )
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.item())


def look(network: Network, samples: Sequence[Sample]) -> tuple[float, float]:
    """Recall and precision by piece, whatever the kind."""
    hit = missed = wrong = 0
    with torch.no_grad():
        for batch in make_batches(samples, random.Random(0)):
            ids, features, labels, mask = stack(batch)
            found = network(ids, features, mask).argmax(-1) > 0
            wanted = labels > 0
            counted = labels != IGNORED
            hit += int((found & wanted).sum())
            missed += int((~found & wanted).sum())
            wrong += int((found & ~wanted & counted).sum())
    return hit / (hit + missed), hit / max(1, hit + wrong)
