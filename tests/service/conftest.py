"""A service for the tests of one module, and one for a single test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.running import Desk, RunningService, run_command, start_service


@pytest.fixture(scope="module")
def running_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service with its unverified lane open, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("service") / "service"
    made = run_command("init", folder)
    assert made.returncode == 0, made.stderr
    running = start_service(folder, "--accept-unverified")
    yield running
    assert running.stop() == 0
    assert running.stderr_file.read_text() == ""


@pytest.fixture(scope="module")
def desk(running_service: RunningService) -> Desk:
    """A desk that the operator has let in."""
    found = Desk(running_service)
    found.register()
    return found


@pytest.fixture
def service_folder(tmp_path: Path) -> Path:
    """A service that does not run yet."""
    folder = tmp_path / "service"
    made = run_command("init", folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def start() -> Iterator[Callable[..., RunningService]]:
    """start(folder, *options): as often as needed; what still runs at the end is killed."""
    started: list[RunningService] = []

    def begin(folder: Path, *options: str) -> RunningService:
        started.append(start_service(folder, *options))
        return started[-1]

    yield begin
    for running in started:
        running.kill()
