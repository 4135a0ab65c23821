"""What holds for SQLite alone: its file, its log, its one writer."""

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text, update

from service.database.commits import Database, run_now
from service.database.engine import open_engine, sweep
from service.database.intake import Intake, SealedReport
from service.database.schema import migrate
from service.database.tables import metadata, report
from service.database.tidy import tidy
from service.errors import UnavailableError
from tests.service.running import RunningService, make_body

MARK = b"a mark in the middle"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "intake.sqlite"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    found = open_engine(f"sqlite:///{file}")
    migrate(found)
    yield found
    found.dispose()


def fill(engine: Engine, count: int) -> list[bytes]:
    """Store reports, each in a transaction of its own. Returns their ids as they came."""
    ids = [secrets.token_bytes(16) for _ in range(count)]
    for each in ids:
        body = os.urandom(40_000) + MARK + each + os.urandom(20_000)
        row = {"id": each, "hash": bytes(32), "month": "2030-01", "body": body}
        with engine.begin() as connection:
            connection.execute(insert(report), row)
    return ids


def order_in(file: Path, ids: list[bytes]) -> list[bytes]:
    """The ids in the order in which their bodies lie in the file."""
    raw = file.read_bytes()
    places = {each: raw.index(MARK + each) for each in ids}
    return sorted(ids, key=places.__getitem__)


def test_no_table_counts_its_rows_up(engine: Engine) -> None:
    with engine.connect() as connection:
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
        )
        statements = made.scalars().all()
        assert len(statements) == len(metadata.tables)
        assert all(each.rstrip().endswith("WITHOUT ROWID") for each in statements)
        columns = connection.execute(text("SELECT name FROM pragma_table_info('report')"))
        # The last is a part of the body, which it outlives.
        assert set(columns.scalars()) == {"id", "hash", "month", "body", "withdrawal"}


def test_every_connection_is_durable(engine: Engine) -> None:
    with engine.connect() as connection:
        for name, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)):
            assert connection.execute(text(f"PRAGMA {name}")).scalar() == value


def test_full_database_means_later_and_keeps_nothing(engine: Engine) -> None:
    async def write() -> None:
        database = Database(engine)
        large = SealedReport(secrets.token_bytes(16), b"hash", "2030-01", b"x" * 10_000_000)
        with pytest.raises(UnavailableError):
            await database.write(large.store)
        small = SealedReport(secrets.token_bytes(16), b"hash", "2030-01", b"body")
        assert await database.write(small.store) is Intake.STORED
        database.close()

    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100")
    asyncio.run(write())
    with engine.connect() as connection:
        assert len(connection.execute(select(report.c.id)).all()) == 1


def test_locked_database_means_later(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder, "--accept-unverified")
    report_id, body = secrets.token_hex(16), make_body()
    lock = sqlite3.connect(service_folder / "intake.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answer = running.put(report_id, body)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    lock.execute("ROLLBACK")
    lock.close()
    assert running.put(report_id, body).status == 201


def test_tidied_file_lies_in_the_order_of_the_ids_and_its_log_is_empty(
    engine: Engine, file: Path
) -> None:
    ids = fill(engine, 40)
    sweep(engine)
    # What the file tells otherwise, or this test would prove nothing.
    assert order_in(file, ids) == ids
    tidy(engine)
    assert order_in(file, ids) == sorted(ids)
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    assert run_now(engine, lambda c: len(c.execute(select(report.c.id)).all())) == 40


def test_confirmed_body_is_gone_and_its_place_too(engine: Engine, file: Path) -> None:
    ids = fill(engine, 20)
    run_now(engine, lambda c: c.execute(update(report).values(body=None)))
    tidy(engine)
    raw = file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    assert MARK not in raw
    assert len(raw) < 20 * 40_000
    assert all(each in raw for each in ids)


def test_reader_that_holds_the_log_is_waited_for_and_then_told(engine: Engine) -> None:
    fill(engine, 3)
    reader = engine.connect()
    reader.execute(select(report.c.id)).all()
    with pytest.raises(UnavailableError):
        tidy(engine, wait_s=0.3)
    reader.close()
    tidy(engine, wait_s=0.3)


def test_tidying_while_another_writes_waits_and_is_then_told(engine: Engine, file: Path) -> None:
    ids = fill(engine, 3)
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError):
        tidy(engine, wait_s=0.3)
    writer.execute("ROLLBACK")
    writer.close()
    tidy(engine, wait_s=0.3)
    assert order_in(file, ids) == sorted(ids)
