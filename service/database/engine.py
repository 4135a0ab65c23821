"""Opening the database by its address, and what SQLite has to be told."""

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import ServiceError

WRITES = "nearmiss_writes"
"""Execution option of a connection that will write."""

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # The answer to a report is a promise, so every commit reaches the disk first.
    "PRAGMA synchronous = FULL",
    # What a desk has confirmed is overwritten, not merely marked as free.
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 2000",
)


def open_engine(address: str) -> Engine:
    """An engine for any SQLAlchemy address. Raises ServiceError if it cannot be understood.

    Parameters never appear in exception texts: they are sealed reports and ids.
    """
    try:
        engine = create_engine(make_url(address), hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ServiceError(
            "The database's address cannot be used; write it as SQLAlchemy does "
            "and install the driver that it names."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def sweep(engine: Engine) -> None:
    """Make sure that deleted bytes do not stay in SQLite's log; nothing elsewhere."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transactions would leave DDL outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in _SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that turns writer half-way is refused
    # without waiting if another process wrote meanwhile.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
