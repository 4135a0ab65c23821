"""Stages for tests over real processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.forks import Forks
from tests.e2e.journey import Stage, first_answers
from tests.e2e.refusals import KEPT, SEALED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here drive processes."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The process that starts all commands of these tests."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    with Forks() as found:
        yield found


@pytest.fixture(scope="module")
def empty_stage(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A stage of the module's own, on which nothing happened yet."""
    return Stage.build(tmp_path_factory.mktemp("stage") / "stage", forks)


@pytest.fixture(scope="module")
def prepared_stage(empty_stage: Stage) -> Stage:
    """The same with a service, a desk, and an officer who has keys and a vault."""
    empty_stage.found_service_and_desk()
    empty_stage.connect("officer")
    empty_stage.import_feed("officer")
    empty_stage.client("officer", "vault", "create")
    return empty_stage


@pytest.fixture(scope="module")
def stage(prepared_stage: Stage) -> Stage:
    """The prepared stage as it is. A module of many commands takes the quick one instead."""
    return prepared_stage


@pytest.fixture(scope="module")
def quick_stage(prepared_stage: Stage) -> Stage:
    """The prepared stage, on which passphrases are checked quickly."""
    prepared_stage.make_passphrases_cheap()
    return prepared_stage


@pytest.fixture(scope="module")
def ready(quick_stage: Stage) -> Stage:
    """The quick stage with one draft in the vault and one sealed report in the outbox."""
    for title in (KEPT, SEALED):
        answers = quick_stage.give("answers.json", first_answers(local_title=title))
        done = quick_stage.client("officer", "report", "new", "--answers", answers, "--json")
    quick_stage.client("officer", "report", "approve", done.row()["id"], "--mask-findings")
    return quick_stage
