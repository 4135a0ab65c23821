import asyncio
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from service.database import desk
from service.database.commits import Database, run_now
from service.database.engine import open_engine
from service.database.insert import insert_new
from service.database.intake import Intake, SealedReport
from service.database.schema import expect_current, migrate, refuse_used
from service.database.tables import desk_nonce, metadata, report
from service.errors import ServiceError, UnavailableError
from tests.service.running import ROOT

ON_BOTH_DATABASES = True


@pytest.fixture
def engine(new_engine: Callable[[], Engine]) -> Engine:
    found = new_engine()
    migrate(found)
    return found


def new_report(report_id: bytes | None = None) -> SealedReport:
    return SealedReport(
        report_id or secrets.token_bytes(16), secrets.token_bytes(32), "2030-01", b"body"
    )


def test_models_equal_the_migrated_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


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
    assert 1 <= commits < 30


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


def address_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_key_that_is_taken_is_no_error_and_changes_nothing(engine: Engine) -> None:
    first, second = new_report(), new_report()

    def insert_twice(connection: Connection) -> list[bool]:
        row = {"id": first.id, "month": "2030-01", "body": b"body"}
        return [insert_new(connection, report, hash=x.hash, **row) for x in (first, second)]

    assert run_now(engine, insert_twice) == [True, False]
    with engine.connect() as connection:
        assert connection.execute(select(report.c.hash)).scalars().all() == [first.hash]


@pytest.mark.parametrize("same_hash", [True, False])
def test_of_many_workers_with_one_id_exactly_one_stores(engine: Engine, same_hash: bool) -> None:
    workers, rounds = 6, 8
    engines = [open_engine(address_of(engine)) for _ in range(workers)]
    gate = threading.Barrier(workers)

    def store(number: int) -> list[Intake]:
        found = []
        for turn in range(rounds):
            body_hash = bytes([0 if same_hash else number]) * 32
            sealed = SealedReport(bytes([turn]) * 16, body_hash, "2030-01", b"body")
            gate.wait()
            found.append(run_now(engines[number], sealed.store))
        return found

    with ThreadPoolExecutor(workers) as pool:
        outcomes = Counter(each for found in pool.map(store, range(workers)) for each in found)
    other = Intake.REPEATED if same_hash else Intake.DIFFERENT
    assert outcomes == {Intake.STORED: rounds, other: rounds * (workers - 1)}
    with engine.connect() as connection:
        rows = connection.execute(select(func.count()).select_from(report)).scalar_one()
    assert rows == rounds
    for each in engines:
        each.dispose()


def test_workers_that_start_at_once_migrate_once(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    code = (
        "import sys\n"
        "from service.database.engine import open_engine\n"
        "from service.database.schema import migrate\n"
        "sys.stdin.read()\n"
        "migrate(open_engine(sys.argv[1]))\n"
    )
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", code, address_of(engine)], cwd=ROOT, stdin=subprocess.PIPE
        )
        for _ in range(4)
    ]
    time.sleep(1)
    for each in workers:
        assert each.stdin is not None
        each.stdin.close()
    assert [each.wait(60) for each in workers] == [0] * len(workers)
    expect_current(engine)


def test_write_that_takes_too_long_is_refused_and_may_come_true_later(engine: Engine) -> None:
    release = threading.Event()
    first, second = new_report(), new_report()

    def slow(connection: Connection) -> Intake:
        release.wait(10)
        return first.store(connection)

    async def write() -> tuple[float, Intake]:
        database = Database(engine, patience_s=0.2)
        begun = time.monotonic()
        with pytest.raises(UnavailableError):
            await database.write(slow)
        took_s = time.monotonic() - begun
        release.set()
        outcome = await database.write(second.store)
        database.close()
        return took_s, outcome

    took_s, outcome = asyncio.run(write())
    assert took_s < 5
    assert outcome is Intake.STORED
    assert run_now(engine, first.store) is Intake.REPEATED


def test_read_that_takes_too_long_is_refused(engine: Engine) -> None:
    release = threading.Event()
    database = Database(engine, patience_s=0.1)

    async def read() -> None:
        with pytest.raises(UnavailableError):
            await database.read(lambda _connection: release.wait(10))
        release.set()

    asyncio.run(read())
    database.close()


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
