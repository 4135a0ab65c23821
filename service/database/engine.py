"""Opening the database by its address: SQLite for one process, PostgreSQL for any number."""

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import ServiceError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
WRITES = "nearmiss_writes"
"""Execution option of a connection that will write."""

_SQLITE_SETTINGS = (
    "PRAGMA busy_timeout = 2000",
    # Of a new file. A sealed report fills four such pages; with 4 KiB a commit took longer.
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    # The answer to a report is a promise, so every commit reaches the disk first.
    "PRAGMA synchronous = FULL",
    # What a desk has confirmed is overwritten, not merely marked as free.
    "PRAGMA secure_delete = ON",
)
_POSTGRESQL_DRIVER = "postgresql+psycopg"
_POSTGRESQL_POOL = {
    "pool_size": 16,
    "max_overflow": 0,
    "pool_timeout": 5,
    # What follows relies on it: after a lost race the next statement sees the winner.
    "isolation_level": "READ COMMITTED",
}
# A database that has gone without a word is given up after half a minute (libpq's names).
_POSTGRESQL_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# Weaker is a role's or a server's choice that would break our promise; stronger stays.
_PROMISE = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)


def open_engine(address: str) -> Engine:
    """An engine for an address as SQLAlchemy writes it, of SQLite or PostgreSQL.

    Raises ServiceError if it cannot be understood. Parameters never appear in exception texts:
    they are sealed reports and ids.
    """
    try:
        url = _read_address(address)
        if url.get_backend_name() == POSTGRESQL:
            return _open_postgresql(url)
        engine = create_engine(url, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ServiceError(
            "The database's address cannot be used; write sqlite:///FILE or "
            "postgresql://USER@HOST/NAME, and install the extra 'postgresql' for the latter."
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file, which one process serves alone."""
    return engine.dialect.name == SQLITE


def sweep(engine: Engine) -> bool:
    """Make sure that deleted bytes do not stay in SQLite's log; nothing elsewhere.

    False if a reader was in the way, so that the log is as it was.
    """
    if not is_sqlite(engine):
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (was_busy, *_) = cursor.fetchone() or (1,)
        cursor.close()
    finally:
        connection.close()
    return not was_busy


def _read_address(address: str) -> URL:
    url = make_url(address)
    if url.get_backend_name() == "postgres":
        url = url.set(drivername=POSTGRESQL)
    if url.get_backend_name() not in {SQLITE, POSTGRESQL}:
        raise ArgumentError("neither SQLite nor PostgreSQL")
    return url


def _open_postgresql(url: URL) -> Engine:
    url = url.set(drivername=_POSTGRESQL_DRIVER)
    patience = {name: s for name, s in _POSTGRESQL_PATIENCE.items() if name not in url.query}
    options: dict[str, Any] = {"hide_parameters": True, **_POSTGRESQL_POOL}
    engine = create_engine(url.update_query_dict(patience), **options)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _entry: ConnectionPoolEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PROMISE)
    connection.commit()


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
