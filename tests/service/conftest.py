"""A service for the tests of one module, and one for a single test, on either database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.database.engine import open_engine
from tests.service.postgres import PostgresServer, find_programs, running_server
from tests.service.running import Desk, RunningService, run_command, start_service

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that says `ON_BOTH_DATABASES = True` is a contract: its tests run on each."""
    is_contract = getattr(metafunc.module, "ON_BOTH_DATABASES", False)
    if is_contract and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", [SQLITE, POSTGRESQL], scope="module")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL for all tests of this run."""
    if find_programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running_server() as server:
        yield server


@pytest.fixture(scope="module")
def database_kind() -> str:
    """Where the services of a module keep their reports, unless it is a contract."""
    return SQLITE


@pytest.fixture(scope="module")
def new_address(
    database_kind: str, request: pytest.FixtureRequest
) -> Callable[[], tuple[str, ...]]:
    """new_address(): what init is told of the database, which is empty."""
    if database_kind == SQLITE:
        return lambda: ()
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return lambda: ("--database", server.new_database())


@pytest.fixture
def new_engine(
    new_address: Callable[[], tuple[str, ...]], tmp_path: Path
) -> Iterator[Callable[[], Engine]]:
    """new_engine(): an empty database of its own, without tables."""
    engines: list[Engine] = []

    def make() -> Engine:
        file = tmp_path / f"database-{len(engines)}.sqlite"
        _, address = new_address() or ("", f"sqlite:///{file}")
        engines.append(open_engine(address))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="module")
def running_service(
    tmp_path_factory: pytest.TempPathFactory, new_address: Callable[[], tuple[str, ...]]
) -> Iterator[RunningService]:
    """A service with its unverified lane open, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("service") / "service"
    made = run_command("init", folder, *new_address())
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
def service_folder(tmp_path: Path, new_address: Callable[[], tuple[str, ...]]) -> Path:
    """A service that does not run yet."""
    folder = tmp_path / "service"
    made = run_command("init", folder, *new_address())
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
