"""What a service of before there were withdrawals holds can be withdrawn as far as that can be."""

import secrets
from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import Engine, insert, select

from service.database.commits import run_now
from service.database.engine import POSTGRESQL, WRITES
from service.database.schema import INTAKE, _configure, expect_current, migrate
from service.database.tables import report
from service.database.withdrawing import Withdrawn, may_withdraw

ON_BOTH_DATABASES = True


def _build_old(engine: Engine) -> None:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config = _configure(INTAKE)
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")


def test_the_key_is_read_out_of_the_bodies_that_wait(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    _build_old(engine)
    key_hash = secrets.token_bytes(32)
    body = b"NMR1research" + key_hash + secrets.token_bytes(60_000)
    old = [each for each in report.c if each.name != "withdrawal"]
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        for number, content in enumerate((body, None)):
            row = {"id": bytes([number]) * 16, "hash": bytes(32), "month": "2030-01"}
            connection.execute(insert(report).values({**row, "body": content}))
        assert [row.body for row in connection.execute(select(*old))] == [body, None]
    migrate(engine)
    expect_current(engine)
    assert run_now(engine, may_withdraw(bytes(16), key_hash))
    assert not run_now(engine, may_withdraw(bytes([1]) * 16, key_hash))
    asked = Withdrawn(bytes(16), bytes(32), bytes(64))
    assert [run_now(engine, asked.store) for _ in range(2)] == [True, False]
    assert engine.dialect.name in {"sqlite", POSTGRESQL}


@pytest.mark.parametrize("known", [False, True])
def test_a_report_without_a_key_is_nobodys(new_engine: Callable[[], Engine], known: bool) -> None:
    engine = new_engine()
    migrate(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if known:
            row = {"id": bytes(16), "hash": bytes(32), "month": "2030-01"}
            connection.execute(insert(report).values(row))
    assert not run_now(engine, may_withdraw(bytes(16), bytes(32)))
