import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.exc import IntegrityError

from service.database import desk
from service.database.commits import Database, run_now
from service.database.engine import open_engine
from service.database.intake import Intake, SealedReport
from service.database.schema import expect_current, migrate, refuse_used
from service.database.tables import desk_nonce, metadata, report
from service.errors import ServiceError, UnavailableError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_engine(f"sqlite:///{tmp_path / 'intake.sqlite'}")
    migrate(found)
    yield found
    found.dispose()


def new_report(report_id: bytes | None = None) -> SealedReport:
    return SealedReport(
        report_id or secrets.token_bytes(16), secrets.token_bytes(32), "2030-01", b"body"
    )


def test_models_equal_the_migrated_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_no_table_counts_its_rows_up(engine: Engine) -> None:
    with engine.connect() as connection:
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
        )
        statements = made.scalars().all()
        assert len(statements) == len(metadata.tables)
        assert all(each.rstrip().endswith("WITHOUT ROWID") for each in statements)
        columns = connection.execute(text("SELECT name FROM pragma_table_info('report')"))
        assert set(columns.scalars()) == {"id", "hash", "month", "body"}


def test_every_connection_is_durable(engine: Engine) -> None:
    with engine.connect() as connection:
        for name, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)):
            assert connection.execute(text(f"PRAGMA {name}")).scalar() == value


def test_migrating_again_changes_nothing_and_old_schema_is_told(engine: Engine) -> None:
    migrate(engine)
    expect_current(engine)
    with pytest.raises(ServiceError, match="already in use"):
        refuse_used(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(ServiceError, match="another version"):
        expect_current(engine)


def test_exception_texts_hold_no_report(engine: Engine) -> None:
    sealed = new_report()

    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(insert(report).values(id=sealed.id, hash=b"canary", month="m"))

    with pytest.raises(IntegrityError) as caught:
        run_now(engine, twice)
    assert "canary" not in str(caught.value)


def test_many_writes_share_commits(engine: Engine) -> None:
    commits = 0

    def count_commit(_connection: Connection) -> None:
        nonlocal commits
        commits += 1

    async def write_many() -> list[Intake]:
        database = Database(engine)
        found = await asyncio.gather(*(database.write(new_report().store) for _ in range(100)))
        database.close()
        return found

    event.listen(engine, "commit", count_commit)
    assert asyncio.run(write_many()) == [Intake.STORED] * 100
    assert 1 <= commits < 10


def test_one_failing_write_does_not_take_the_others_along(engine: Engine) -> None:
    def fail(_connection: Connection) -> None:
        raise ArithmeticError

    async def write_some() -> list[object]:
        database = Database(engine)
        jobs = [new_report().store, fail, new_report().store]
        found: list[object] = await asyncio.gather(
            *map(database.write, jobs), return_exceptions=True
        )
        database.close()
        return found

    first, failed, last = asyncio.run(write_some())
    assert first is last is Intake.STORED
    assert isinstance(failed, ArithmeticError)
    with engine.connect() as connection:
        assert len(connection.execute(select(report.c.id)).all()) == 2


def test_lost_race_is_read_again(engine: Engine) -> None:
    ours = new_report()
    rival = new_report(ours.id)
    tries = 0

    def lose_first(connection: Connection) -> Intake:
        # As if another process had stored the id between our look and our insert.
        nonlocal tries
        tries += 1
        if tries == 1:
            raise IntegrityError("insert", None, Exception())
        if tries == 2:
            rival.store(connection)
        return ours.store(connection)

    async def write() -> Intake:
        database = Database(engine)
        found = await database.write(lose_first)
        database.close()
        return found

    assert asyncio.run(write()) is Intake.DIFFERENT


def test_full_database_means_later_and_keeps_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'intake.sqlite'}")
    migrate(engine)

    async def write() -> None:
        database = Database(engine)
        large = SealedReport(secrets.token_bytes(16), b"hash", "2030-01", b"x" * 10_000_000)
        with pytest.raises(UnavailableError):
            await database.write(large.store)
        assert await database.write(new_report().store) is Intake.STORED
        database.close()

    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100")
    asyncio.run(write())
    with engine.connect() as connection:
        assert len(connection.execute(select(report.c.id)).all()) == 1
    engine.dispose()


def test_nonces_are_limited_and_the_newest_is_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "NONCE_LIMIT", 5)
    for _ in range(23):
        nonce = secrets.token_bytes(16)
        run_now(engine, desk.keep_nonce(nonce))
        with engine.connect() as connection:
            assert 1 <= len(connection.execute(select(desk_nonce.c.nonce)).all()) <= 5
        assert run_now(engine, desk.spend_nonce(nonce))
        assert not run_now(engine, desk.spend_nonce(nonce))
        run_now(engine, desk.keep_nonce(nonce))
