"""What holds for every test: the same examples each time, and no unexpected noise."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("ci")


@pytest.fixture
def allowed_logs() -> list[str]:
    """Parts of the warnings that a test expects: `allowed_logs.append("is full")`."""
    return []


@pytest.fixture(autouse=True)
def _quiet_logs(caplog: pytest.LogCaptureFixture, allowed_logs: list[str]) -> Iterator[None]:
    """Any record of WARNING or higher fails the test, unless the test allowed it."""
    yield
    records = caplog.get_records("setup") + caplog.get_records("call")
    unexpected = [
        f"{record.name}: {record.getMessage()}"
        for record in records
        if record.levelno >= logging.WARNING
        and not any(part in record.getMessage() for part in allowed_logs)
    ]
    if unexpected:
        pytest.fail("unexpected log records: " + "; ".join(unexpected))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real near misses. It lies beside the checkout, and is no part of it."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real near misses is not beside this checkout (../shared/corpus)")
    return folder
