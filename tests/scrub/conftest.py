"""The scrubber as it ships, and its rules alone. Both are built once: they keep nothing."""

from importlib import resources

import pytest

from sync.scrub import RESOURCES, Scrubber
from sync.scrub.lexicon import LISTS, read_lexicon

FOLDER = resources.files("resources") / "scrub"


@pytest.fixture(scope="session")
def scrubber() -> Scrubber:
    return Scrubber.from_resources({name: (FOLDER / name).read_bytes() for name in RESOURCES})


@pytest.fixture(scope="session")
def rules_only() -> Scrubber:
    return Scrubber(read_lexicon({name: (FOLDER / name).read_bytes() for name in LISTS}))
