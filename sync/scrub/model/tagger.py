"""Runs the classifier: for each word of a text how likely it is part of an identifier."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from app.domain.report import Kind
from app.errors import DamagedError
from sync.scrub.lexicon import Lexicon
from sync.scrub.model import CARD, MODEL_FILES
from sync.scrub.model.encode import encode
from sync.scrub.model.opinion import Opinion, Thresholds, form_opinion
from sync.scrub.model.tags import LABELS, Tags
from sync.scrub.model.wordpiece import WordPiece
from sync.scrub.normalise import Plain
from sync.scrub.tokens import Words

_LIMITS = ("ask", "join", "edge", "trust")


@dataclass(frozen=True, slots=True, repr=False)
class Tagger:
    """The classifier, loaded. One thread: it shares a workstation with people.

    embeddings: int8, shape [pieces, size]. scales: float32, shape [pieces, 1].
    """

    session: onnxruntime.InferenceSession
    embeddings: NDArray[np.int8]
    scales: NDArray[np.float32]
    wordpiece: WordPiece
    lexicon: Lexicon
    thresholds: Thresholds

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], lexicon: Lexicon) -> "Tagger":
        """Load the files of MODEL_FILES after comparing them with the hashes in the card.

        Raises DamagedError if a file is missing, is not the one that was released, or cannot be
        loaded.
        """
        thresholds = _read_card(files)
        wordpiece = WordPiece.from_bytes(files["pieces.txt"])
        count, table = len(wordpiece.ids), files["embeddings.bin"]
        if len(table) <= count * 4 or len(table) % count:
            raise _damaged("has embeddings for other words")
        size = (len(table) - count * 4) // count
        embeddings = np.frombuffer(table, dtype=np.int8, count=count * size)
        scales = np.frombuffer(table, dtype="<f4", offset=count * size)
        return cls(
            session=_load_session(files["model.onnx"]),
            embeddings=embeddings.reshape(count, size),
            scales=scales.reshape(count, 1),
            wordpiece=wordpiece,
            lexicon=lexicon,
            thresholds=thresholds,
        )

    def form_opinion(self, plain: Plain, words: Words, length: int) -> Opinion:
        """What the model thinks of a text of `length` code points, cut into `words`."""
        return form_opinion(plain, words, self.tag(words), length, self.thresholds)

    def tag(self, words: Words) -> Tags:
        """What the model says of every word and sign of the text.

        Raises DamagedError if the model cannot be run.
        """
        tags = np.zeros((len(words.tokens), len(LABELS)), dtype=np.float32)
        counts = np.zeros(len(words.tokens), dtype=np.float32)
        signs: dict[int, NDArray[np.float32]] = {}
        for window in encode(words, self.lexicon, self.wordpiece):
            pieces = self.embeddings[window.ids] * self.scales[window.ids]
            rows = self._run(pieces, window.features)
            for piece, row in zip(window.pieces, rows[1:-1], strict=True):
                if piece.token < 0:
                    signs[piece.at] = row
                else:
                    tags[piece.token] += row
                    counts[piece.token] += 1
        tags[counts == 0, 0] = 1
        tags /= np.maximum(counts, 1)[:, None]
        return Tags(tags, signs)

    def _run(
        self, pieces: NDArray[np.float32], features: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        try:
            (rows,) = self.session.run(None, {"pieces": pieces, "features": features})
        except Exception as error:  # its errors have no common base
            raise _damaged("cannot be run") from error
        return np.asarray(rows, dtype=np.float32)


def _load_session(model: bytes) -> onnxruntime.InferenceSession:
    # Builds for Windows count events for the system's telemetry; decision 8 tells of others.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common base
        raise _damaged("cannot be loaded") from error


def _read_card(files: Mapping[str, bytes]) -> Thresholds:
    """The thresholds, if the files (word lists too: the model is fed with them) are the card's."""
    try:
        card = json.loads(files[CARD])
        hashes = {name: str(wanted) for name, wanted in card["sha256"].items()}
        chosen = card["thresholds"]
        thresholds = Thresholds(
            mask={kind: float(chosen["mask"][kind]) for kind in Kind},
            **{name: float(chosen[name]) for name in _LIMITS},
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged("has no card that can be read") from None
    limits = (*thresholds.mask.values(), *(getattr(thresholds, name) for name in _LIMITS))
    if not all(0 <= limit <= 1 for limit in limits):
        raise _damaged("has a card with impossible thresholds")
    if not hashes.keys() >= set(MODEL_FILES) - {CARD}:
        raise _damaged("has a card that does not tell all hashes")
    for name, wanted in hashes.items():
        if name not in files:
            raise _damaged("is missing")
        if hashlib.sha256(files[name]).hexdigest() != wanted:
            raise _damaged("is not the one that was released")
    return thresholds


def _damaged(what: str) -> DamagedError:
    return DamagedError(
        f"The part that finds names {what}.",
        "Texts can be checked by rules only, which find less.",
        "Install the program again. Until then, read every text yourself, word by word.",
    )
