"""What the model gives: for each word and sign a share of certainty for each label."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.report import Kind

# The model's columns. The first is "no identifier".
LABELS = ("", *(kind.value for kind in Kind))


@dataclass(frozen=True, slots=True)
class Tags:
    """What the model says of a text.

    words: float32, shape [tokens, LABELS], each row sums to 1.
    signs: where a sign stands between words → its row of the same kind.
    """

    words: NDArray[np.float32]
    signs: Mapping[int, NDArray[np.float32]]
