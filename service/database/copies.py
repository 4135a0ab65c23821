"""Copying everything from one database to another, which may be of the other kind."""

from sqlalchemy import Connection, Engine, Table, insert, select
from sqlalchemy.exc import DBAPIError

from service.database.engine import WRITES, is_sqlite
from service.database.schema import INTAKE, Schema, upgrade
from service.errors import UnavailableError

_ROWS_AT_A_TIME = 64
# What is forgotten on purpose: a desk asks for another.
_NOT_COPIED = frozenset({"desk_nonce"})


def copy_all(source: Engine, target: Engine, whose: Schema = INTAKE) -> None:
    """Make the tables in an empty target and fill them, in the order of their keys.

    What is copied is what the source held at one moment. All or nothing arrives. Raises
    UnavailableError.
    """
    try:
        with (
            _snapshot(source).connect() as reading,
            target.execution_options(**{WRITES: True}).begin() as writing,
        ):
            upgrade(writing, whose)
            for table in whose.metadata.sorted_tables:
                if table.name not in _NOT_COPIED:
                    _copy(table, reading, writing)
    except DBAPIError as error:
        raise UnavailableError(type(error).__name__) from error


def _snapshot(engine: Engine) -> Engine:
    # A transaction of SQLite sees one moment anyway.
    if is_sqlite(engine):
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _copy(table: Table, reading: Connection, writing: Connection) -> None:
    in_order = select(table).order_by(*table.primary_key.columns)
    rows = reading.execution_options(yield_per=_ROWS_AT_A_TIME).execute(in_order)
    for some in rows.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in some])
