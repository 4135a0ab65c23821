"""The word list, the recipe's receipt (slow to derive by design) and its stored body."""

import base64
from pathlib import Path

import pytest

from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.words import WordList
from tests.golden import make_protocol as golden

_LIST = Path(__file__).resolve().parents[2] / "resources" / "wire" / "eff_long_words.txt"


@pytest.fixture(scope="session")
def word_list() -> WordList:
    return WordList.from_bytes(_LIST.read_bytes())


@pytest.fixture(scope="session")
def receipt() -> Receipt:
    return make_receipt(golden.WORDS, golden.TENANT)


@pytest.fixture(scope="session")
def stored_body() -> bytes:
    return base64.b64decode((golden.FOLDER / golden.BODY_FILE).read_bytes())
