"""The model as it ships: loaded only if it is the released one, and never quietly missing."""

import json
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from sync.scrub import RESOURCES, Doubt, Scrubber
from sync.scrub.model.tags import LABELS
from sync.scrub.normalise import make_plain
from sync.scrub.tokens import cut_words

FOLDER = resources.files("resources") / "scrub"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: (FOLDER / name).read_bytes() for name in RESOURCES}


def doubts(files: dict[str, bytes]) -> tuple[Doubt, ...]:
    return Scrubber.from_resources(files).scrub({"story": "Ofc. Renner fell."}).doubts


def test_with_the_model_there_is_no_doubt(files: dict[str, bytes]) -> None:
    assert doubts(files) == ()


@pytest.mark.parametrize("name", ["model.onnx", "embeddings.bin", "pieces.txt", "model.json"])
def test_a_missing_file_of_the_model_is_a_doubt(files: dict[str, bytes], name: str) -> None:
    assert doubts({key: value for key, value in files.items() if key != name}) == (Doubt.MODEL,)


@pytest.mark.parametrize("name", ["model.onnx", "embeddings.bin", "pieces.txt"])
def test_a_changed_byte_is_a_doubt(files: dict[str, bytes], name: str) -> None:
    changed = bytearray(files[name])
    changed[len(changed) // 2] ^= 1
    assert doubts({**files, name: bytes(changed)}) == (Doubt.MODEL,)


@pytest.mark.parametrize("card", [b"", b"{}", b"[]", b"\xff", b'{"sha256": {"model": 3}}'])
def test_a_broken_card_is_a_doubt(files: dict[str, bytes], card: bytes) -> None:
    assert doubts({**files, "model.json": card}) == (Doubt.MODEL,)


def test_a_file_that_is_no_model_is_a_doubt_even_with_its_hash(files: dict[str, bytes]) -> None:
    card = json.loads(files["model.json"])
    card["sha256"]["model.onnx"] = (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of b"abc"
    )
    changed = {**files, "model.onnx": b"abc", "model.json": json.dumps(card).encode()}
    assert doubts(changed) == (Doubt.MODEL,)


@pytest.mark.parametrize("value", [-0.1, 8.3, float("nan")])
def test_an_impossible_threshold_is_a_doubt(files: dict[str, bytes], value: float) -> None:
    card = json.loads(files["model.json"])
    card["thresholds"]["trust"] = value
    assert doubts({**files, "model.json": json.dumps(card).encode()}) == (Doubt.MODEL,)


def test_a_changed_word_list_is_a_doubt(files: dict[str, bytes]) -> None:
    assert doubts({**files, "words.txt": files["words.txt"][:-5]}) == (Doubt.MODEL,)


def test_a_model_that_fails_at_work_is_a_doubt(files: dict[str, bytes]) -> None:
    whole = Scrubber.from_resources(files)
    assert whole.tagger is not None
    narrow = replace(whole.tagger, embeddings=whole.tagger.embeddings[:, :7])
    result = replace(whole, tagger=narrow).scrub({"story": "Ofc. Renner fell."})
    assert result.doubts == (Doubt.MODEL,)
    assert [each.source for each in result.findings["story"]] == ["rule"]


def test_rules_alone_still_find(files: dict[str, bytes]) -> None:
    lists = {name: content for name, content in files.items() if not name.startswith("model")}
    found = Scrubber.from_resources(lists).scrub_text("Ofc. Renner fell.")
    assert [each.source for each in found] == ["rule"]


def test_a_row_for_every_word_that_sums_to_one(scrubber: Scrubber) -> None:
    assert scrubber.tagger is not None
    words = cut_words(make_plain("Renner told Okafor to hold. " * 60).text, scrubber.lexicon)
    tags = scrubber.tagger.tag(words)
    assert tags.words.shape == (len(words.tokens), len(LABELS))
    np.testing.assert_allclose(tags.words.sum(1), 1, atol=1e-3)


def test_an_empty_text_has_no_rows(scrubber: Scrubber) -> None:
    assert scrubber.tagger is not None
    assert scrubber.tagger.tag(cut_words("", scrubber.lexicon)).words.shape == (0, len(LABELS))
