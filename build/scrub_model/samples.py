"""Windows with labels: what the model is trained with, cut as the program cuts them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marks import Narrative
from noise import roughen
from swap import Swapper
from swap_lists import Lists
from sync.scrub.lexicon import Lexicon
from sync.scrub.model.encode import encode
from sync.scrub.model.tags import LABELS
from sync.scrub.model.wordpiece import WordPiece
from sync.scrub.normalise import make_plain
from sync.scrub.tokens import cut_words

IGNORED = -100
_NUMBER = {label: number for number, label in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Sample:
    """ids: int64 [n]. features: float32 [n, FEATURES]. labels: int64 [n], IGNORED at the ends."""

    ids: NDArray[np.int64]
    features: NDArray[np.float32]
    labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cutter:
    """Makes samples of marked narratives."""

    lexicon: Lexicon
    wordpiece: WordPiece

    def cut(self, narrative: Narrative) -> Iterator[Sample]:
        """The windows of one narrative, labelled by its marks."""
        plain = make_plain(narrative.text)
        kinds: list[str] = []
        for part in narrative.parts:
            kinds += [part.kind] * len(part.text)
        words = cut_words(plain.text, self.lexicon)
        for window in encode(words, self.lexicon, self.wordpiece):
            labels = [_NUMBER[kinds[plain.starts[piece.at]]] for piece in window.pieces]
            yield Sample(
                window.ids,
                window.features,
                np.array([IGNORED, *labels, IGNORED], dtype=np.int64),
            )

    def make_epoch(
        self, narratives: Sequence[Narrative], lists: Lists, random_: random.Random
    ) -> list[Sample]:
        """Every narrative once, swapped and roughened anew, some joined to longer texts."""
        order = list(narratives)
        random_.shuffle(order)
        samples: list[Sample] = []
        while order:
            parts: list[Narrative] = []
            for _ in range(random_.choice((1, 1, 1, 2, 3))):
                if order:
                    swapped = Swapper(lists, random_).swap(order.pop())
                    parts.append(roughen(swapped, random_))
            joined = parts[0].parts
            for each in parts[1:]:
                gap = type(joined[0])(random_.choice((" ", "\n", "\n\n")))
                joined = (*joined, gap, *each.parts)
            samples += self.cut(Narrative(parts[0].name, joined))
        return samples
