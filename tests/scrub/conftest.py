"""The scrubber with the packaged lists, built once: it keeps nothing."""

from importlib import resources

import pytest

from sync.scrub import RESOURCES, Scrubber


@pytest.fixture(scope="session")
def scrubber() -> Scrubber:
    folder = resources.files("resources") / "scrub"
    return Scrubber.from_resources({name: (folder / name).read_bytes() for name in RESOURCES})
