"""What holds for PostgreSQL alone: many workers, its row numbers, its log, its settings."""

import contextlib
import http.client
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, text, update

from service.database.commits import run_now
from service.database.engine import open_engine
from service.database.insert import insert_new
from service.database.intake import Intake, SealedReport
from service.database.schema import migrate
from service.database.tables import desk_nonce, report
from service.database.tidy import tidy
from service.main import main
from sync.protocol.desk_request import HEADER, prove
from tests.service.postgres import PostgresServer, find_programs, running_server
from tests.service.running import (
    SEALED,
    Desk,
    RunningService,
    ask_over,
    make_body,
    run_command,
    start_service,
    stored,
)

CLIENTS = 24


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of this module's own, whose log is read and whose settings are changed."""
    if find_programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running_server() as found:
        yield found


@pytest.fixture
def address(server: PostgresServer) -> str:
    """An empty database of a role that may do nothing else."""
    return server.new_database(server.new_role())


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    found = open_engine(address)
    migrate(found)
    yield found
    found.dispose()


@pytest.fixture
def folder(tmp_path: Path, address: str) -> Path:
    found = tmp_path / "service"
    made = run_command("init", found, "--database", address)
    assert made.returncode == 0, made.stderr
    return found


@pytest.fixture
def workers(folder: Path) -> Iterator[list[RunningService]]:
    """Three processes that serve the same database."""
    found = [start_service(folder, "--accept-unverified") for _ in range(3)]
    yield found
    for each in found:
        assert each.stop() == 0
        assert each.stderr_file.read_text() == ""


def fill(engine: Engine, count: int) -> list[bytes]:
    """Store reports, each in a transaction of its own. Returns how their bodies begin."""
    marks = [secrets.token_bytes(16) for _ in range(count)]
    for mark in marks:
        row = {"hash": bytes(32), "month": "2030-01", "body": mark + make_body()}
        with engine.begin() as connection:
            connection.execute(insert(report), {"id": secrets.token_bytes(16), **row})
    return marks


def read_traces(engine: Engine) -> tuple[list[int], list[tuple[int, int]], list[int], set[int]]:
    """By id: xmin, place, first number of the large value; and all xmin of large values."""
    with engine.connect() as connection:
        toast = connection.execute(
            text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'report'")
        ).scalar_one()
        rows = connection.execute(
            text("SELECT xmin::text, ctid::text, body FROM report ORDER BY id")
        ).all()
        # The numbers in the order of the ids, by way of what a large value begins with.
        chunks = {
            bytes(row.start): (int(row.chunk_id), int(row.xmin))
            for row in connection.execute(
                text(
                    "SELECT chunk_id::text, xmin::text, substr(chunk_data, 1, 200) AS start "  # noqa: S608
                    f"FROM {toast} WHERE chunk_seq = 0"
                )
            )
        }
    numbers = [chunks[bytes(row.body[:200])][0] for row in rows]
    places = [tuple(map(int, re.findall("[0-9]+", row.ctid))) for row in rows]
    return (
        [int(row.xmin) for row in rows],
        [(page, line) for page, line in places],
        numbers,
        {xmin for _, xmin in chunks.values()},
    )


def test_tidied_rows_tell_no_order(server: PostgresServer) -> None:
    # Only the server's own operator may look at where large values lie.
    engine = open_engine(server.new_database())
    migrate(engine)
    fill(engine, 40)
    versions, places, numbers, _ = read_traces(engine)
    # What they tell otherwise, or this test would prove nothing.
    assert len(set(versions)) == 40
    assert places != sorted(places)
    assert numbers != sorted(numbers)
    tidy(engine)
    versions, places, numbers, of_bodies = read_traces(engine)
    assert len(set(versions)) == 1
    assert of_bodies == set(versions)
    assert places == sorted(places)
    assert numbers == sorted(numbers)
    engine.dispose()


def test_confirmed_body_is_gone_from_the_tables_files(
    engine: Engine, server: PostgresServer
) -> None:
    marks = fill(engine, 10)
    run_now(engine, lambda c: c.execute(update(report).values(body=None)))
    tidy(engine)
    with server.connect() as connection:
        connection.execute("CHECKPOINT")
    files = [path for path in (server.data / "base").rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        content = path.read_bytes()
        assert not any(mark in content for mark in marks)


def test_nothing_is_lost_while_it_is_tidied(engine: Engine) -> None:
    end = threading.Event()

    def write() -> list[bytes]:
        ids: list[bytes] = []
        while not end.is_set():
            each = secrets.token_bytes(16)
            sealed = SealedReport(each, bytes(32), "2030-01", b"x" * 9_000)
            assert run_now(engine, sealed.store) is Intake.STORED
            ids.append(each)
        return ids

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write) for _ in range(4)]
        for _ in range(4):
            tidy(engine)
            time.sleep(0.1)
        end.set()
        written = {each for writer in writers for each in writer.result()}
    with engine.connect() as connection:
        rows = connection.execute(report.select()).all()
    assert {row.id for row in rows} == written
    assert len(rows) == len(written) > 20


def test_two_that_stand_in_each_others_way_both_arrive(engine: Engine) -> None:
    gate = threading.Barrier(2)
    keys = [secrets.token_bytes(16) for _ in range(2)]

    def spend(order: list[bytes]) -> int:
        tries = 0

        def job(connection: Connection) -> int:
            nonlocal tries
            tries += 1
            for each in order:
                insert_new(connection, desk_nonce, nonce=each)
                if tries == 1:
                    with contextlib.suppress(threading.BrokenBarrierError):
                        gate.wait(2)
            return tries

        return run_now(engine, job)

    with ThreadPoolExecutor(2) as pool:
        tries = list(pool.map(spend, [keys, keys[::-1]]))
    assert min(tries) == 1 < max(tries)


def test_one_of_many_same_reports_is_new_on_any_worker(workers: list[RunningService]) -> None:
    report_id, body = secrets.token_hex(16), make_body()
    gate = threading.Barrier(CLIENTS)

    def submit(number: int) -> int:
        gate.wait()
        return workers[number % len(workers)].put(report_id, body).status

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = Counter(pool.map(submit, range(CLIENTS)))
    assert statuses == {201: 1, 200: CLIENTS - 1}


def test_one_of_many_different_reports_wins_on_any_worker(
    workers: list[RunningService], server: PostgresServer
) -> None:
    before = len(server.log_file.read_text())
    ids = [secrets.token_hex(16) for _ in range(4)]
    gate = threading.Barrier(CLIENTS)

    def submit(number: int) -> list[int]:
        worker = workers[number % len(workers)]
        found = []
        for each in ids:
            gate.wait()
            found.append(worker.put(each, make_body()).status)
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(zip(*pool.map(submit, range(CLIENTS)), strict=True))
    for each in statuses:
        assert Counter(each) == {201: 1, 409: CLIENTS - 1}
    # A lost race is no error, so the server has nothing to write down.
    assert "ERROR" not in server.log_file.read_text()[before:]


def test_nonce_of_one_worker_is_good_once_at_another(workers: list[RunningService]) -> None:
    desk = Desk(workers[0])
    desk.register()
    queue = "/v1/desk/reports"
    proof = prove(desk.key, desk.public, "GET", queue, b"", desk.nonce())
    headers = {HEADER: proof.to_header()}
    gate = threading.Barrier(len(workers))

    def ask(worker: RunningService) -> int:
        gate.wait()
        return worker.ask("GET", queue, headers=headers).status

    with ThreadPoolExecutor(len(workers)) as pool:
        assert Counter(pool.map(ask, workers)) == {200: 1, 401: len(workers) - 1}


def test_database_that_is_away_means_later_and_comes_back(
    tmp_path: Path, start: Callable[..., RunningService]
) -> None:
    with running_server() as own:
        folder = tmp_path / "service"
        assert run_command("init", folder, "--database", own.new_database()).returncode == 0
        running = start(folder, "--accept-unverified")
        report_id, body = secrets.token_hex(16), make_body()
        assert running.put(report_id, body).status == 201
        own.stop()
        for _ in range(3):
            answer = running.put(report_id, body)
            assert answer.status == 503
            assert int(answer.headers["retry-after"]) > 0
        own.start()
        statuses = [running.put(report_id, body).status for _ in range(20)]
        # Connections of before may each fail once.
        assert set(statuses) <= {200, 503}
        assert statuses[-1] == 200
        assert running.stop() == 0
        assert running.stderr_file.read_text() == ""


def test_what_was_acknowledged_survives_a_kill_of_the_database(
    tmp_path: Path, start: Callable[..., RunningService]
) -> None:
    acknowledged: set[str] = set()

    def submit_until_it_dies(running: RunningService) -> None:
        connection = running.connect()
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                report_id = secrets.token_hex(16)
                path = f"/v1/reports/{report_id}"
                answer = ask_over(connection, "PUT", path, make_body(), SEALED)
                if answer.status == 503:
                    break
                assert answer.status == 201
                acknowledged.add(report_id)
        connection.close()

    with running_server() as own:
        folder = tmp_path / "service"
        assert run_command("init", folder, "--database", own.new_database()).returncode == 0
        for _ in range(2):
            workers = [start(folder, "--accept-unverified") for _ in range(2)]
            with ThreadPoolExecutor(4) as pool:
                ends = [pool.submit(submit_until_it_dies, workers[n % 2]) for n in range(4)]
                time.sleep(0.5)
                own.kill()
                for end in ends:
                    end.result()
            for each in workers:
                each.kill()
            own.start()
        assert len(acknowledged) > 10
        assert acknowledged <= stored(folder).keys()


@pytest.mark.parametrize(("set_to", "found"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_commit_waits_for_the_disk_whatever_the_role_is_set_to(
    server: PostgresServer, set_to: str, found: str
) -> None:
    role = server.new_role()
    address = server.new_database(role)
    with server.connect() as connection:
        connection.execute(f"ALTER ROLE {role} SET synchronous_commit = {set_to}".encode())
    engine = open_engine(address)
    with engine.connect() as connection:
        for _ in range(2):
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == found
            connection.rollback()
    engine.dispose()


def test_settings_that_tell_too_much_are_told(
    folder: Path, address: str, server: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--dir", str(folder)]) == 0
    assert "PostgreSQL has" not in capsys.readouterr().out
    name = open_engine(address).url.database
    with server.connect() as connection:
        connection.execute(f"ALTER DATABASE {name} SET log_statement = 'all'".encode())
    assert main(["status", "--dir", str(folder)]) == 0
    assert "PostgreSQL has log_statement = all: " in capsys.readouterr().out
    running = start_service(folder)
    assert running.stop() == 0
    assert "WARNING PostgreSQL has log_statement = all: " in running.stderr_file.read_text()


def test_database_that_can_lose_what_it_promised_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "service"
    with running_server(fsync="off") as own:
        assert run_command("init", folder, "--database", own.new_database()).returncode == 0
        ended = run_command("serve", folder, "--port", "0")
    assert ended.returncode == 1
    assert "fsync = off" in ended.stderr
    assert ended.stderr.count("\n") == 1
