"""The nightly rewrite: afterwards nothing in the database tells in which order reports came.

Where a row lies in the file, and in PostgreSQL the number of the transaction that wrote it
(xmin), its place (ctid) and the numbers of its large values, otherwise give it away. The write
ahead log is emptied in SQLite; in PostgreSQL it is the operator's (docs/for-operators.md).
"""

import time

from sqlalchemy import Connection, Engine, MetaData, Table, insert, select, text

from service.database.commits import run_now
from service.database.engine import is_sqlite, open_engine, sweep
from service.database.schema import INTAKE, Schema, expect_current
from service.errors import UnavailableError

_WAIT_S = 30.0
_PAUSE_S = 0.2


def tidy(engine: Engine, whose: Schema = INTAKE, wait_s: float = _WAIT_S) -> None:
    """Rewrite all tables in the order of their keys; requests wait or are told to come later.

    wait_s: how long to wait for others to let go. Raises UnavailableError; then everything is
    as it was, or the write-ahead log could not be emptied: do it again.
    """
    if is_sqlite(engine):
        _tidy_file(engine, wait_s)
    else:
        run_now(engine, lambda connection: _rewrite_all(connection, whose.metadata))


def tidy_at(address: str, whose: Schema) -> None:
    """The same for the database at an address. Raises ServiceError too."""
    engine = open_engine(address)
    try:
        expect_current(engine, whose)
        tidy(engine, whose)
    finally:
        engine.dispose()


def _tidy_file(engine: Engine, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(wait_s * 1000)}")
        # Writes each table anew along its key, since none has a row number (tables.py), in one
        # transaction, and leaves no free page.
        cursor.execute("VACUUM")
        cursor.close()
    except engine.dialect.loaded_dbapi.Error as error:
        raise UnavailableError(type(error).__name__) from error
    finally:
        # Not back to the pool with another patience than the others have.
        connection.invalidate()
        connection.close()
    while not sweep(engine):
        if time.monotonic() > deadline:
            raise UnavailableError("a reader holds the log")
        time.sleep(_PAUSE_S)


def _rewrite_all(connection: Connection, metadata: MetaData) -> None:
    tables = metadata.sorted_tables
    names = ", ".join(table.name for table in tables)
    connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    for table in tables:
        _rewrite(connection, table)


def _rewrite(connection: Connection, table: Table) -> None:
    copy = table.to_metadata(MetaData(), name="in_order")
    columns = [column.name for column in table.columns]
    like = f"CREATE TEMPORARY TABLE {copy.name} (LIKE {table.name}) ON COMMIT DROP"
    connection.execute(text(like))
    connection.execute(insert(copy).from_select(columns, select(table)))
    # Frees the old files as a whole, dead rows and all.
    connection.execute(text(f"TRUNCATE {table.name}"))
    in_order = select(copy).order_by(*copy.primary_key.columns)
    connection.execute(insert(table).from_select(columns, in_order))
    connection.execute(text(f"DROP TABLE {copy.name}"))
